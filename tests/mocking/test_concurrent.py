"""Branches and iterations that call the same states in another order than the history: each gets its own answers."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

import states
from states.histories.recording import recording_of
from states.mocking.cases import bench_of, play
from states.mocking.taken import taken_from
from states.tasks.mocks import Answer, MockError, around, chain_of, error, never_given, result
from states.testing import Bench
from tests.histories.disguised import shuffled
from tests.histories.shop import SHOP, declined, silent, slow, sold
from tests.mocking.machines import CONCURRENT, EACH, FAILING, NESTED, ran

ORDERS: list[int | None] = [None, 0, 1, 2, 3]


def events(execution: Any) -> list[dict[str, Any]]:
    return [dict(event) for event in execution.history]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("name", CONCURRENT)
def test_any_order_of_a_history_comes_to_the_same_in_any_order(name: str, order: int | None) -> None:
    execution = ran(name, order)
    made = states.mocks_of(execution.history, machine=CONCURRENT[name][0])
    assert made.differences == []
    [case] = made.cases
    for other in ORDERS:
        run = bench_of(made.machine, case.mocks).start(case.input, **case.options, order=other).finish()
        assert (run.status, run.output, list(run.path)) == (execution.status, execution.output, case.expect["path"])


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", ["each", "nested"])
def test_a_history_without_times_in_another_order_comes_to_the_same(name: str, seed: int) -> None:
    execution = ran(name)
    made = states.mocks_of(shuffled(execution.history, seed), machine=CONCURRENT[name][0])
    assert made.differences == []
    assert play(made.machine, made.cases[0]).output == execution.output


@pytest.mark.parametrize("name", ["each", "nested"])
def test_times_do_not_matter_to_which_answer_is_whose(name: str) -> None:
    execution = ran(name)
    [case] = states.mocks_of(execution.history, machine=CONCURRENT[name][0]).cases
    timeless = {state: [replace(answer, after=0.0) for answer in answers] for state, answers in case.mocks.items()}
    assert play(execution.machine, case, timeless).output == execution.output
    mixed = {state: [replace(answer, within=None) for answer in reversed(answers)] for state, answers in timeless.items()}
    with pytest.raises((MockError, AssertionError)):
        assert play(execution.machine, case, mixed).output == execution.output


@pytest.mark.parametrize("name", ["each", "nested"])
def test_a_mock_config_has_them_in_the_order_they_are_asked_for(name: str) -> None:
    execution = ran(name, 2)
    made = states.mocks_of(execution.history, machine=CONCURRENT[name][0], names=["it"])
    config, notes = made.mock_config("M")
    assert notes == []
    run = Bench(made.machine, []).mock_config(config, "it").run(made.cases[0].input)
    assert run.output == execution.output


@pytest.mark.parametrize(
    ("name", "state", "within"),
    [
        ("each", "First", [f"Each[{n}]" for n in (0, 1, 2, 3, 4)]),
        ("nested", "In left", [f"Twice[0]/Left[{n}]" for n in (0, 1, 2)] * 2),
        ("nested", "In right", [f"Twice[1]/Right[{n}]" for n in (0, 1, 2)] * 2),
        ("nested", "Again", [None, None]),
        ("failing", "Slow", [None]),
    ],
)
def test_only_what_was_called_in_several_chains_is_of_one(name: str, state: str, within: list[str | None]) -> None:
    found = taken_from(states.loads(CONCURRENT[name][0]), recording_of(ran(name).history)).answers[state]
    told = [one.within for one in found]
    assert sorted({each or "" for each in told}) == sorted({each or "" for each in within})
    assert len(told) >= len(within)
    assert all(one != replace(other, times=one.times) for one, other in pairwise(found))


def test_what_the_slow_branch_would_have_said_is_not_asked_for() -> None:
    [case] = states.mocks_of(ran("failing").history, machine=FAILING).cases
    assert [answer.kind for answer in case.mocks["Slow"]] == ["never"]
    assert case.mocks["Quick"] == [error("Broken", '{"reason":"no paper","at":[1,2]}', after=1)]
    assert case.to_json()["mocks"]["Quick"] == [{"error": "Broken", "cause": {"reason": "no paper", "at": [1, 2]}, "after": 1.0}]


@pytest.mark.parametrize(
    ("given", "status", "kinds"),
    [
        ({}, "SUCCEEDED", {"Charge": ["error", "result"], "Print": ["result"], "Wrap": ["result"] * 3}),
        ({"input": {"order": "A-7", "total": 4900, "items": []}}, "SUCCEEDED", {"Wrap": None}),
        ({"input": {"order": "A-7", "total": 4900, "items": ["pen"]}}, "SUCCEEDED", {"Wrap": ["result"]}),
        ({"tasks": {"charge": declined}}, "FAILED", {"Charge": ["error"], "Wrap": None}),
        ({"tasks": {"charge": slow}}, "SUCCEEDED", {"Charge": ["never", "result"]}),
        ({"input": {"order": "A-7", "total": 5000, "items": ["pen"]}}, "SUCCEEDED", {"Ask": ["result"]}),
        ({"input": {"order": "A-7", "total": 5000, "items": []}, "tasks": {"Ask": silent}}, "FAILED", {"Ask": ["never"]}),
        ({"input": {"order": "A-7", "total": 0, "items": []}}, "FAILED", {"Charge": None}),
    ],
)
def test_a_shop_comes_to_the_same(given: dict[str, Any], status: str, kinds: dict[str, list[str] | None]) -> None:
    execution = sold(**given)
    made = states.mocks_of(execution.history, machine=SHOP)
    assert made.differences == []
    [case] = made.cases
    assert case.expect["status"] == status == execution.status
    found = {name: [one.kind for one in case.mocks[name]] if name in case.mocks else None for name in kinds}
    assert found == kinds
    run = play(made.machine, case)
    assert run.seconds == pytest.approx(execution.stopped_at - execution.started_at, abs=1.1)


# ---------------------------------------------------------------- mocks within


@pytest.mark.parametrize(
    ("place", "chain"),
    [
        ("Charge#1", ""),
        ("Charge#4.2", ""),
        ("Each#1[3]/First#1", "Each[3]"),
        ("Each#2.3[3]/First#1.2", "Each[3]"),
        ("Fan out#2[0]/Each#1[13]/A/B#7", "Fan out[0]/Each[13]"),
        ("No #1#2[0]/A#1", "No #1[0]"),
    ],
)
def test_the_chain_of_a_place(place: str, chain: str) -> None:
    assert chain_of(place) == chain


def test_what_is_around_a_chain() -> None:
    assert list(around("")) == [None]
    assert list(around("A[0]/B[1]/C[2]")) == [None, "A[0]", "A[0]/B[1]", "A[0]/B[1]/C[2]"]


@pytest.mark.parametrize(
    ("answers", "unheard"),
    [
        ([result(1), result(2)], None),
        ([result(1, times=None), result(2)], 1),
        ([result(1, times=None), result(2, within="A[0]")], 1),
        ([result(1, times=None, within="A[0]"), result(2)], None),
        ([result(1, times=None, within="A[0]"), result(2, within="A[1]")], None),
        ([result(1, times=None, within="A[0]"), result(2), result(2, within="A[0]/B[1]")], 2),
        ([result(1, times=None, within="A[1]"), result(2, within="A[10]")], None),
    ],
)
def test_an_answer_that_is_never_given_is_found(answers: list[Answer], unheard: int | None) -> None:
    assert never_given(answers) == unheard


def busy(*answers: Answer) -> Any:
    return Bench(EACH, []).mock("First", *answers).mock("Second", result("s", times=None)).run([0, 1, 2])


def test_answers_within_an_iteration_come_before_later_ones_for_all() -> None:
    run = busy(result({"n": "one"}, within="Each[1]"), result({"n": "any"}, times=None))
    assert [each["n"] for each in run.output] == ["any", "one", "any"]


def test_an_earlier_answer_for_all_comes_first() -> None:
    run = busy(result({"n": "any"}), result({"n": "one"}, within="Each[1]"), result({"n": "rest"}, times=None))
    assert [each["n"] for each in run.output] == ["any", "one", "rest"]


def test_one_within_a_container_is_for_all_inside_it() -> None:
    run = (
        Bench(NESTED, [])
        .mock("In left", result("left", within="Twice[0]", times=None))
        .mock("In right", result("right", times=None))
        .mock("Again", 2)
        .run({"items": [1, 2]})
    )
    assert run.output["got"] == [["left", "left"], ["right", "right"]]


def test_no_answer_left_for_an_iteration_says_which() -> None:
    with pytest.raises(MockError, match=r"asked once more within Each\[1\], in attempt 1"):
        busy(result({"n": 1}, within="Each[0]"), result({"n": 1}, within="Each[2]"))


def test_an_answer_within_what_is_not_there_is_left() -> None:
    with pytest.raises(MockError, match="1 of its answers was not given"):
        busy(result({"n": 1}, times=3), result({"n": 1}, within="Each[7]"))


def test_within_is_a_text() -> None:
    with pytest.raises(ValueError, match="within is a text or None, not 3"):
        result(1, within=3)  # type: ignore[arg-type]
