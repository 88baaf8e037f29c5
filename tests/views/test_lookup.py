"""Lookup: states by name, lines, and until when something waits."""

from __future__ import annotations

import json
from typing import Any

import pytest

import states
from states.views import lookup
from states.views.story import read
from tests.views.stories import PASS, TASKS, block, both, each, task

NESTED = block(A=both(block(B=PASS), block(C=each(block(D=PASS)))), E=PASS)


@pytest.mark.parametrize(
    ("name", "location"),
    [
        ("A", "/States/A"),
        ("B", "/States/A/Branches[0]/States/B"),
        ("D", "/States/A/Branches[1]/States/C/ItemProcessor/States/D"),
        ("E", "/States/E"),
        ("F", None),
    ],
)
def test_finds_a_state_wherever_it_is(name: str, location: str | None) -> None:
    found = lookup.find_state(states.loads(NESTED), name)
    assert (found.location if found else None) == location


def test_finds_lines_only_in_a_text() -> None:
    text = json.dumps(block(A=PASS), indent=2)
    assert lookup.position(states.loads(text), "/States/A") == (4, 5)
    assert lookup.position(states.loads(text), "/States/B") is None
    assert lookup.position(states.loads(json.loads(text)), "/States/A") is None


FLAKY = {"ErrorEquals": ["Flaky"], "IntervalSeconds": 2, "BackoffRate": 3}


@pytest.mark.parametrize(
    ("state", "input", "events", "place", "seconds"),
    [
        ({"Type": "Wait", "Seconds": 90}, {}, 2, "A#1", 90),
        ({"Type": "Wait", "SecondsPath": "$.s"}, {"s": 7}, 2, "A#1", 7),
        ({"Type": "Wait", "Timestamp": "2026-01-01T00:01:00Z"}, {}, 2, "A#1", 60),
        ({"Type": "Wait", "TimestampPath": "$.t"}, {"t": "2026-01-01T00:01:00Z"}, 2, "A#1", 60),
        (task(Retry=[FLAKY]), {"fail": 9}, 5, "A#1", 2.5),
        (task(Retry=[FLAKY]), {"fail": 9}, 8, "A#1", 9.0),
        (task(Retry=[{**FLAKY, "MaxDelaySeconds": 4}]), {"fail": 9}, 8, "A#1", 7.0),
        (task(Retry=[{**FLAKY, "JitterStrategy": "FULL"}]), {"fail": 9}, 5, None, None),
        (task(Retry=[{"ErrorEquals": ["Other"]}]), {"fail": 9}, 5, None, None),
        (task(), {}, 4, None, None),
        (PASS, {}, 2, None, None),
    ],
)
def test_tells_until_when_something_waits(state: Any, input: Any, events: int, place: str | None, seconds: float | None) -> None:
    machine = states.loads(block(A=state))
    story = read(states.run(machine, input, TASKS).history.recorded[:events])
    due = lookup.due_times(story, machine)
    assert due == ({} if place is None or seconds is None else {place: story.started + seconds})


def test_a_wait_that_only_the_execution_knows_is_not_guessed() -> None:
    machine = states.loads(block(A={"Type": "Wait", "SecondsPath": "$.s"}))
    assert lookup.due_times(read([("ExecutionStarted", 0, 0.0, None, {}), ("WaitStateEntered", 0, 0.0, "A", {})]), machine) == {}


def test_branches_wait_by_their_places() -> None:
    machine = states.loads(block(A=both(block(B={"Type": "Wait", "Seconds": 3}), block(C={"Type": "Wait", "Seconds": 5}))))
    story = read(states.run(machine).history.recorded[:5])
    assert {place: at - story.started for place, at in lookup.due_times(story, machine).items()} == {"A#1[0]/B#1": 3, "A#1[1]/C#1": 5}
