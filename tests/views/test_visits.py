"""Visits: how they are shown where Python shows them."""

from __future__ import annotations

from typing import Any

import pytest

from states.testing import Bench, error
from states.views import visits
from states.views.visits import Attempt, Chain, Visit

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:"
CHARGE = {"Type": "Task", "Resource": f"{LAMBDA}charge", "Retry": [{"ErrorEquals": ["Busy"], "BackoffRate": 1}], "End": True}
MACHINE: dict[str, Any] = {
    "StartAt": "Fan out",
    "States": {
        "Fan out": {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": "Charge", "States": {"Charge": CHARGE}},
                {"StartAt": "B", "States": {"B": {"Type": "Pass", "End": True}}},
            ],
            "End": True,
        }
    },
}


def test_what_a_run_visited_is_shown_in_a_line_each() -> None:
    run = Bench(MACHINE).mock("Charge", error("Busy") * 2, {"paid": "x" * 1000}).run({"big": "y" * 1000})
    [charge] = run.visits("Charge")
    assert repr(charge) == "<Visit Fan out#1[0]/Charge#1 SUCCEEDED, 3 attempts, 2 s>"
    assert [repr(one) for one in charge.attempts] == [
        "<Attempt 1 FAILED, Busy, 0 s>",
        "<Attempt 2 FAILED, Busy, 0 s>",
        "<Attempt 3 SUCCEEDED, 0 s>",
    ]
    assert repr(charge.chain) == "<Chain branch 1 of Fan out#1 SUCCEEDED, 1 visit, 2 s>"
    assert repr(run.story.chain) == "<Chain machine SUCCEEDED, 1 visit, 2 s>"
    assert repr(run.visits("B")) == "[<Visit Fan out#1[1]/B#1 SUCCEEDED, 0 s>]"


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (Visit(1, "A", "Task", 0.0, Chain(), 2), "<Visit A#2 RUNNING>"),
        (Visit(1, "A", "Task", 0.0, Chain(), 1, exited=8.8, status=visits.FAILED, error="Busy"), "<Visit A#1 FAILED, Busy, 8.8 s>"),
        (Visit(1, "A", "Task", 0.0, Chain(), 1, exited=1.0, status=visits.CAUGHT, error="No"), "<Visit A#1 CAUGHT, No, 1 s>"),
        (Visit(1, "A\x1b\nB", "Task", 0.0, Chain(), 1), "<Visit A\\x1b B#1 RUNNING>"),
        (Attempt(1, 0.0), "<Attempt 1 RUNNING>"),
        (Attempt(2, 0.0, status=visits.TIMED_OUT, ended=1.5, error="States.Timeout"), "<Attempt 2 TIMED_OUT, States.Timeout, 1.5 s>"),
        (Chain(), "<Chain machine RUNNING, 0 visits>"),
        (Chain(visits.ITERATION, 3, Visit(1, "M", "Map", 0.0, Chain(), 1)), "<Chain [3] of M#1 RUNNING, 0 visits>"),
        (Chain(visits.EXECUTION, 3, Visit(1, "M", "Map", 0.0, Chain(), 1)), "<Chain run 3 of M#1 RUNNING, 0 visits>"),
    ],
)
def test_a_record_is_shown_in_one_line(record: object, expected: str) -> None:
    assert repr(record) == expected
