"""Two histories side by side: what differs, where, and what took longer."""

from __future__ import annotations

import copy
from typing import Any

import pytest

import states
from tests.histories.disguised import events_of, later, log_lines, shuffled
from tests.histories.shop import INPUT, SHOP, Busy, changed, charge, declined, silent, sold

HISTORY = sold().history


def busy(event: Any, context: Any) -> Any:
    if context.attempt < 3:
        raise Busy("later")
    return charge(event, context)


def wrapped(event: Any, context: Any) -> Any:
    return f"{event['item'].upper()} of {event['order']}"


def found(other: Any, a: Any = HISTORY) -> list[tuple[str, str, str, str, Any, Any]]:
    return [(c.place, c.kind, c.field, c.path, c.was, c.now) for c in states.diff(a, other).changes if not c.again]


ALIKE: dict[str, Any] = {
    "itself": HISTORY,
    "another seed, name and day": sold(seed=5, name="other", at=1_800_000_000.0).history,
    "later": later(HISTORY, 3),
    "shuffled": shuffled(HISTORY, 3),
    "log lines": log_lines(HISTORY, "arn:aws:states:us-east-1:123456789012:express:Shop:run-1:x"),
}


@pytest.mark.parametrize("name", ALIKE)
def test_what_differs_from_run_to_run_is_no_difference(name: str) -> None:
    changes = [change for change in found(ALIKE[name]) if change[2] != "parameters" or "id" not in change[3]]
    assert changes == []


def test_an_id_by_lot_is_told_once() -> None:
    """Two executions have two ids: which of them came from outside, no history tells."""
    changes = found(sold(seed=5).history)
    assert [(change[0], change[3]) for change in changes] == [("Ask#2", "$.MessageBody.id")]


CASES: list[tuple[str, Any, list[tuple[str, str, str, str, Any, Any]]]] = [
    (
        "another input goes on and is told once",
        sold(input={**INPUT, "order": "B-1"}).history,
        [
            ("", "value", "input", "$.order", "A-7", "B-1"),
            ("Both#5[0]/Pack#1[0]/Wrap#1", "value", "output", "$", "pen of A-7", "pen of B-1"),
        ],
    ),
    (
        "one more attempt",
        sold(tasks={"charge": busy}).history,
        [
            ("Charge#3.2", "event", "", "", "LambdaFunctionSucceeded", "LambdaFunctionFailed"),
            ("Charge#3.3", "only in b", "", "", None, "LambdaFunctionSucceeded"),
        ],
    ),
    (
        "another result in an iteration",
        sold(tasks={"wrap": wrapped}).history,
        [("Both#5[0]/Pack#1[0]/Wrap#1", "value", "output", "$", "pen of A-7", "PEN of A-7")],
    ),
    (
        "another way",
        sold(tasks={"charge": declined}).history,
        [
            ("Rest#4", "only in a", "", "", "Rest", None),
            ("Nothing#4", "only in b", "", "", None, "Nothing"),
            ("", "event", "", "", "ExecutionSucceeded", "ExecutionFailed"),
        ],
    ),
    (
        "a state more",
        sold(changed(("States/Charge/Next", "More"), ("States/More", {"Type": "Pass", "Next": "Rest"}))).history,
        [("More#4", "only in b", "", "", None, "More")],
    ),
    (
        "an iteration less",
        sold(input={**INPUT, "items": ["pen", "ink"]}).history,
        [("Both#5[0]/Pack#1[2]", "only in a", "", "", "Wrap", None)],
    ),
    ("a callback that never came", sold(tasks={"Ask": silent}).history, [("Ask#2", "value", "output", "$.MessageId", "m-1", "m-2")]),
    (
        "another timeout",
        sold(changed(("States/Charge/TimeoutSeconds", 40))).history,
        [("Charge#3", "value", "timeoutInSeconds", "$", 30, 40)],
    ),
    (
        "another variable",
        sold(changed(("States/Sum/Assign", {"parcels": 9}))).history,
        [("Sum#6", "value", "assignedVariables", "$.parcels", 3, 9)],
    ),
]


@pytest.mark.parametrize(("name", "other", "expected"), CASES, ids=[name for name, _, _ in CASES])
def test_differences(name: str, other: Any, expected: list[Any]) -> None:
    changes = found(other)
    assert [change for change in expected if change not in changes] == []
    first = states.diff(HISTORY, other).first
    assert first is not None
    assert (first.place, first.kind) in {(change[0], change[1]) for change in changes}


@pytest.mark.parametrize(("name", "other", "expected"), CASES, ids=[name for name, _, _ in CASES])
def test_the_other_way_round(name: str, other: Any, expected: list[Any]) -> None:
    there, back = states.diff(HISTORY, other), states.diff(other, HISTORY)
    swap = {"only in a": "only in b", "only in b": "only in a"}
    assert sorted((c.kind, c.field, c.path, str(c.was), str(c.now)) for c in there.changes if c.kind != "only") == sorted(
        (swap.get(c.kind, c.kind), c.field, c.path, str(c.now), str(c.was)) for c in back.changes
    )


def test_branches_are_aligned_by_the_state_they_begin_with() -> None:
    swapped = changed(("States/Both/Branches", SHOP["States"]["Both"]["Branches"][::-1]))
    places = {change.place for change in states.diff(HISTORY, sold(swapped).history).changes}
    assert "Both#5[0]/Pack#1[0]/Wrap#1" not in places
    assert "Both#5" in places


def test_time_is_told_apart() -> None:
    differences = states.diff(HISTORY, sold(changed(("States/Rest/Seconds", 65))).history)
    assert not differences
    assert [(timing.place, timing.was, timing.now) for timing in differences.timing] == [("Rest#4", 5.0, 65.0)]


def test_as_json() -> None:
    told = states.diff(HISTORY, sold(input={**INPUT, "order": "B-1"}).history).to_json()
    assert (told["same"], told["visits"]) == (False, 12)
    assert (
        told["changes"][0]
        == {
            "place": "",
            "kind": "value",
            "field": "input",
            "path": "$.order",
            "was": "A-7",
            "now": "B-1",
            "event_a": 1,
            "event_b": 1,
            "again": False,
        }
        or told["changes"][0]["path"] == "$.order"
    )


def test_a_moment_that_lies_otherwise_after_the_start_is_a_difference() -> None:
    stamped = {
        "StartAt": "A",
        "States": {
            "A": {"Type": "Wait", "Seconds": 9, "Next": "B"},
            "B": {"Type": "Pass", "Parameters": {"at.$": "$$.State.EnteredTime"}, "End": True},
        },
    }
    one, two = states.run(stamped, at=1e9).history, states.run(stamped, at=1.5e9).history
    assert not states.diff(one, two)
    stamped["States"]["A"]["Seconds"] = 90  # type: ignore[index]
    assert [change.path for change in states.diff(one, states.run(stamped, at=1.5e9).history).changes if not change.again] == ["$.at"]


def test_what_is_compared_is_not_changed() -> None:
    events = events_of(HISTORY)
    kept = copy.deepcopy(events)
    states.diff(events, events_of(sold(seed=4).history))
    assert events == kept
