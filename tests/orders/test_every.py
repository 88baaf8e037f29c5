"""Every order: that none is missing, none comes twice, the simple ones come first, and what is left out is a repetition."""

from __future__ import annotations

from math import factorial
from typing import Any

import pytest
from hypothesis import given, settings

import states
from states.orders import every
from states.orders.every import NotRepeatable, Orders, factory_of
from tests.drivers.test_ordered import TWO, Log, both, exits, task
from tests.interpreter.test_properties import machines, quick, work


def wide(count: int, length: int = 1) -> dict[str, Any]:
    """So many branches of so many tasks."""
    return both(
        *(
            {f"{name}{n}": task("", **({"Next": f"{name}{n + 1}"} if n < length else {})) for n in range(1, length + 1)}
            for name in "ABCDEF"[:count]
        )
    )


def seen(orders: Orders) -> list[tuple[Any, ...]]:
    """What a run is to an observer: who was called in which order, and the history."""
    return [(tuple(run.calls), str(run.execution.history.recorded)) for run in orders]


# ---------------------------------------------------------------- how many there are


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_branches_of_one_task_are_called_and_answer_in_every_order(count: int) -> None:
    orders = states.every_order(wide(count), {}, Log)
    found = seen(orders)
    assert orders.complete
    assert len(found) == len(set(found)) == orders.tried == factorial(count) ** 2
    assert len({calls for calls, _ in found}) == len({history for _, history in found}) == factorial(count)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_branches_whose_answers_come_at_other_times_are_only_called_in_every_order(count: int) -> None:
    sleeps = {f"{name}1": number / 2 for number, name in enumerate("ABCDEF", 1)}
    orders = states.every_order(wide(count), {}, lambda: Log(**sleeps))
    assert {tuple(run.calls) for run in orders} == {calls for calls, _ in seen(states.every_order(wide(count), {}, Log))}
    assert (orders.tried, orders.complete) == (factorial(count), True)


@pytest.mark.parametrize("count", [2, 3, 4])
def test_waits_of_the_same_length_end_in_every_order(count: int) -> None:
    waits = both(*({name: {"Type": "Wait", "Seconds": 1, "End": True}} for name in "ABCD"[:count]))
    orders = states.every_order(waits)
    assert len({tuple(exits(run.execution)) for run in orders}) == orders.tried == factorial(count)


def test_where_nothing_is_at_the_same_time_there_is_one_order() -> None:
    chain = {"StartAt": "A", "States": {"A": task("A", Next="B"), "B": task("B")}}
    orders = states.every_order(chain, {}, Log)
    assert not orders.complete
    assert [run.order for run in orders] == ["0"]
    assert (orders.tried, orders.repeated, orders.complete) == (1, 0, True)


@pytest.mark.parametrize("machine", [wide(2), wide(3), wide(2, 2)], ids=["2 of 1", "3 of 1", "2 of 2"])
def test_what_is_left_out_is_a_repetition(machine: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    pruned = seen(states.every_order(machine, {}, Log))
    monkeypatch.setattr(every, "has_tokens", lambda _: True)
    whole = states.every_order(machine, {}, Log)
    found = seen(whole)
    assert whole.complete
    assert whole.repeated == 0
    assert set(found) == set(pruned)
    assert len(found) > len(pruned) == len(set(pruned))


@settings(quick, max_examples=25)
@given(machines())
def test_what_is_left_out_of_any_machine_is_a_repetition(definition: dict[str, Any]) -> None:
    given = (definition, {"items": [1, "two"]}, {"work": work})
    pruned = states.every_order(*given, limit=60)
    found = seen(pruned)
    assert len(found) == len(set(found))
    whole = states.every_order(*given, limit=300)
    whole._has_tokens = True
    all_found = seen(whole)
    if pruned.complete and whole.complete:
        assert set(found) == set(all_found)
    assert pruned.tried <= whole.tried or not whole.complete or not pruned.complete


def test_with_task_tokens_every_mixture_is_run() -> None:
    ask = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": {"t.$": "$$.Task.Token"}}
    tokens: dict[str, str] = {}

    def asks(event: Any, context: Any) -> None:
        tokens["A"] = event["t"]

    def answers(event: Any, context: Any) -> str:
        if "A" not in tokens:
            return "early"
        context.send_task_success(tokens["A"], "answered")
        return "late"

    def tasks() -> dict[str, Any]:
        tokens.clear()
        return {"A": asks, "work": answers}

    outputs = {str(run.execution.output) for run in states.every_order(both({"A": {**ask, "End": True}}, {"B": task("B")}), {}, tasks)}
    assert outputs == {"None", "['answered', 'late']"}


def test_a_callable_that_comes_too_late_with_a_token_is_seen() -> None:
    """Whoever answers a token learns whether its task is over: then it matters whether an answer was taken before a call."""
    ask = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": {"t.$": "$$.Task.Token"}}
    tokens: dict[str, str] = {}

    def answers(event: Any, context: Any) -> str:
        try:
            context.send_task_success(tokens["A"], "answered")
        except states.UnknownToken:
            return "late"
        return "in time"

    tasks = {"A": lambda event, context: tokens.update(A=event["t"]), "work": answers}
    machine = both({"A": {**ask, "End": True}}, {"B": task("B")}, {"C": task("C")})
    found = {
        (tuple(run.calls), str(run.execution.output))
        for run in states.every_order(machine, {}, lambda: tokens.clear() or dict(tasks), limit=5000)
        if run.calls[0].endswith("A#1") and run.calls[1].endswith("B#1")
    }
    assert {output for _, output in found} == {"['answered', 'in time', 'in time']", "['answered', 'in time', 'late']"}


# ---------------------------------------------------------------- orders


@settings(quick, max_examples=25)
@given(machines())
def test_every_order_is_unique_and_repeats_its_history(definition: dict[str, Any]) -> None:
    given = (definition, {"items": [1, "two", {"three": 3}]}, {"work": work})
    runs = list(states.every_order(*given, limit=30))
    assert len({run.order for run in runs}) == len(runs)
    straight = states.run(*given)
    assert runs[0].order == "0"
    assert runs[0].execution.history.recorded == straight.history.recorded
    for run in runs[-5:]:
        assert states.run(*given, order=run.order).history.recorded == run.execution.history.recorded
    if straight.status == "SUCCEEDED":
        assert all(run.execution.output == straight.output for run in runs)


def test_simple_orders_come_first() -> None:
    departures = [sum(choice.place > 0 for choice in run.choices) for run in states.every_order(wide(3), {}, Log)]
    assert departures[0] == 0
    assert departures[-1] == max(departures) > 1
    assert sum(departures[:18]) < sum(departures[18:])


# ---------------------------------------------------------------- limits


@pytest.mark.parametrize(("limit", "complete"), [(1, False), (3, False), (4, True), (100, True)])
def test_a_limit_ends_it_and_is_told(limit: int, complete: bool) -> None:
    orders = states.every_order(TWO, {}, Log, limit=limit)
    assert len(list(orders)) == orders.tried == min(limit, 4)
    assert list(orders) == []
    assert orders.complete is complete


@pytest.mark.parametrize("limit", [0, -1, True, 1.5, None])
def test_what_is_no_limit(limit: Any) -> None:
    with pytest.raises(ValueError, match="limit must be a whole number from 1"):
        states.every_order(TWO, {}, Log, limit=limit)


def test_orders_that_are_not_remembered_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(every, "MOST_WAITING", 3)
    orders = states.every_order(wide(4), {}, Log)
    assert 3 < len(list(orders)) < 576
    assert not orders.complete


def test_a_wide_machine_is_bounded() -> None:
    machine = {"StartAt": "M", "States": {"M": {"Type": "Map", "ItemProcessor": {"StartAt": "A", "States": {"A": task("A")}}, "End": True}}}
    orders = states.every_order(machine, list(range(60)), Log, limit=20)
    assert len({run.order for run in orders}) == 20
    assert not orders.complete


# ---------------------------------------------------------------- tasks of a run


def test_tasks_are_made_anew_for_each_run() -> None:
    for tasks in (Log, lambda: Log()):
        assert all(sorted(run.given.called) == ["A", "B"] for run in states.every_order(TWO, {}, tasks))


@pytest.mark.parametrize(
    ("tasks", "is_factory"),
    [
        (Log, True),
        (dict, True),
        (Log(), False),
        ({"work": work}, False),
        (work, False),
        (None, False),
        ([], False),
        (states, False),
    ],
)
def test_what_makes_tasks(tasks: Any, is_factory: bool) -> None:
    made = factory_of(tasks)
    assert (made() is tasks) is not is_factory


def test_tasks_that_keep_something_are_found_out() -> None:
    calls: list[int] = []

    def forgetful(event: Any, context: Any) -> None:
        calls.append(1)
        context.sleep(len(calls))

    with pytest.raises(NotRepeatable, match=r"the first run, made again, went another way.*give `tasks` as a callable that makes them"):
        list(states.every_order(TWO, {}, {"A": forgetful, "B": lambda e, c: [calls.append(1), 0][1]}))


def test_tasks_that_keep_something_for_later_are_found_out_too() -> None:
    runs: list[int] = []

    def tasks() -> Log:
        runs.append(1)
        return Log(B1=len(runs) // 3)

    with pytest.raises(NotRepeatable, match=r"at choice \d there was .*, now there is .*give `tasks` as a callable"):
        list(states.every_order(wide(2, 2), {}, tasks))


def test_data_that_depends_on_chance_is_let_pass() -> None:
    numbers = iter(range(100))
    assert states.check_every_order(TWO, {}, {"work": lambda event, context: next(numbers)}, lambda run: None).tried == 4


def test_wrong_arguments_are_refused_as_by_run() -> None:
    with pytest.raises(states.TaskNotServed):
        next(states.every_order(TWO, {}))
    with pytest.raises(TypeError):
        next(states.every_order(TWO, {}, Log, colour="red"))
