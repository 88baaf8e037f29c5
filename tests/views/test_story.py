"""Story: the way of an execution, from recorded tuples and from AWS's dictionaries, of machines of every kind and of real recordings."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from states.views import visits
from states.views.events import value_of
from states.views.story import Story, read
from states.views.visits import every_visit
from tests.shared import SHARED, compare, needs_shared
from tests.views.stories import WAYS, execute, story, told


@pytest.mark.parametrize("name", WAYS)
def test_tells_the_way(name: str) -> None:
    assert told(story(name).chain) == WAYS[name][2]


@pytest.mark.parametrize("name", WAYS)
def test_tuples_and_dictionaries_tell_the_same(name: str) -> None:
    execution = execute(name)
    by_tuples, by_dictionaries = read(execution.history.recorded), read(list(execution.history))
    by_text = read(json.loads(execution.history.to_json())["events"])
    for other in (by_dictionaries, by_text):
        assert told(other.chain) == told(by_tuples.chain)
        assert (other.status, other.error, other.cause) == (by_tuples.status, by_tuples.error, by_tuples.cause)
        assert other.totals == by_tuples.totals
        assert [v.place for v in every_visit(other.chain)] == [v.place for v in every_visit(by_tuples.chain)]
        assert [value_of(v.input) for v in every_visit(other.chain)] == [v.input for v in every_visit(by_tuples.chain)]
        assert [v.entered for v in every_visit(other.chain)] == pytest.approx([v.entered for v in every_visit(by_tuples.chain)])
        assert (other.culprit and other.culprit.place) == (by_tuples.culprit and by_tuples.culprit.place)


@pytest.mark.parametrize("name", WAYS)
def test_reading_on_event_by_event_tells_the_same(name: str) -> None:
    recorded = execute(name).history.recorded
    growing: list[Any] = []
    read_on = Story()
    for event in recorded:
        growing.append(event)
        read_on.catch_up(growing)
        assert all(visit.exited is None for visit in every_visit(read_on.chain) if visit.status == visits.RUNNING)
    assert told(read_on.chain) == told(read(recorded).chain)


@pytest.mark.parametrize("name", WAYS)
def test_nothing_runs_once_the_execution_has_ended(name: str) -> None:
    ended = story(name)
    assert ended.status != visits.RUNNING
    assert [visit.name for visit in every_visit(ended.chain) if visit.status == visits.RUNNING or visit.exited is None] == []


@pytest.mark.parametrize(
    ("name", "culprit", "error"),
    [
        ("one state", None, None),
        ("caught", None, None),
        ("retries used up", "A#1", "Flaky"),
        ("fail", "B#2", "Stop"),
        ("a branch fails", "A#1[0]/B#1", "Broken"),
        ("a branch stops", "A#1[0]/B#1", "Stop"),
        ("branches again", "A#1.3[0]/B#1", "Broken"),
        ("an item fails", "A#1[1]/B#1", "Flaky"),
        ("an inner map fails twice over", "A#1.2[0]/B#1[0]/C#1", "Broken"),
        ("a wrong path", "A#1", "States.Runtime"),
        ("a wrong path inside", "A#1[0]/B#1", "States.Runtime"),
        ("the machine's time is up", None, "States.Timeout"),
    ],
)
def test_finds_the_visit_that_failed_the_execution(name: str, culprit: str | None, error: str | None) -> None:
    found = story(name)
    assert (found.culprit.place if found.culprit else None) == culprit
    assert found.error == error


@pytest.mark.parametrize("name", WAYS)
def test_places_are_those_of_the_interpreters_commands(name: str) -> None:
    places = [visit.place for visit in every_visit(story(name).chain)]
    assert len(places) == len(set(places))


def test_attempts_have_their_times_errors_and_requests() -> None:
    (visit,) = story("retries").chain.visits
    first, second, third = visit.attempts
    assert [attempt.status for attempt in visit.attempts] == ["FAILED", "FAILED", "SUCCEEDED"]
    assert (first.error, first.input, first.output) == ("Flaky", {"fail": 2}, None)
    assert [second.started - visit.entered, third.started - visit.entered] == [1.5, 4.0]
    assert third.output == {"fail": 2}
    assert visit.retries == 2
    assert visit.seconds(0.0) == 4.5


def test_a_caught_error_of_a_fail_state_is_read_from_the_output() -> None:
    import states
    from tests.views.stories import CATCH, FAIL, PASS, block, both

    machine = states.loads(block(A=both(block(B=FAIL), Catch=[{**CATCH[0], "ResultPath": "$.failure"}]), After=PASS))
    visit = read(states.run(machine, {}).history.recorded).chain.visits[0]
    assert (visit.status, visit.error, visit.cause) == ("CAUGHT", "Stop", "no way on")


def test_variables_that_were_assigned() -> None:
    events = [
        {"id": 1, "type": "ExecutionStarted", "timestamp": 0},
        {
            "id": 2,
            "type": "PassStateEntered",
            "previousEventId": 0,
            "timestamp": 0,
            "stateEnteredEventDetails": {"name": "A", "input": "1"},
        },
        {
            "id": 3,
            "type": "PassStateExited",
            "previousEventId": 2,
            "timestamp": 0,
            "stateExitedEventDetails": {"name": "A", "output": "2", "assignedVariables": {"x": "[3]"}},
        },
    ]
    (visit,) = read(events).chain.visits
    assert visit.assigned is not None
    assert value_of(visit.assigned["x"]) == [3]
    assert value_of(visit.output) == 2


@pytest.mark.parametrize(
    "events",
    [
        [],
        [{}],
        [{"type": "Unheard", "id": 1}],
        [{"type": "TaskStateExited", "id": 1, "stateExitedEventDetails": {"name": "A"}}],
        [{"type": "MapIterationSucceeded", "id": 1, "mapIterationSucceededEventDetails": {"name": "A", "index": 0}}],
        [{"type": "MapIterationStarted", "id": 1, "mapIterationStartedEventDetails": {"name": "A", "index": 0}}],
        [{"type": "MapStateStarted", "id": 1}, {"type": "ParallelStateSucceeded", "id": 2}, {"type": "MapRunFailed", "id": 3}],
        [{"type": "TaskScheduled", "id": 1}, {"type": "TaskFailed", "id": 2, "previousEventId": 1}, {"type": "TaskStateAborted", "id": 3}],
        [
            {
                "type": "ExecutionFailed",
                "id": 1,
                "executionFailedEventDetails": {"error": "States.Runtime", "cause": "entered at the event id #9"},
            }
        ],
        [{"type": "EvaluationFailed", "id": 1, "evaluationFailedEventDetails": {"state": "A"}}],
    ],
)
def test_a_history_that_makes_no_sense_is_no_fault(events: list[dict[str, Any]]) -> None:
    assert read(events).totals.events == len(events)


def test_a_redriven_execution_goes_on() -> None:
    events = [
        *list(execute("retries used up").history),
        {"id": 90, "type": "ExecutionRedriven", "timestamp": 2e9, "executionRedrivenEventDetails": {"redriveCount": 1}},
    ]
    redriven = read(events)
    assert (redriven.status, redriven.error, redriven.culprit) == ("RUNNING", None, None)


# ---------------------------------------------------------------- recordings of the service


def recordings() -> Iterator[dict[str, Any]]:
    if not SHARED.is_dir():
        return
    for case in compare().load_cases(str(SHARED / "conformance" / "cases"), kind="execution"):
        if isinstance(case["expected"].get("history"), list):
            yield case


RECORDINGS = list(recordings())


def entered(events: list[dict[str, Any]]) -> Counter[str]:
    return Counter(str(e["stateEnteredEventDetails"]["name"]) for e in events if e["type"].endswith("StateEntered"))


@needs_shared
@pytest.mark.parametrize("case", RECORDINGS, ids=lambda case: case["id"])
def test_every_state_of_a_recording_is_visited_once(case: dict[str, Any]) -> None:
    events = case["expected"]["history"]
    found = read(events)
    assert Counter(visit.name for visit in every_visit(found.chain)) == entered(events)
    assert found.status == case["expected"]["status"]
    if case.get("snapshot_flattening"):
        return  # the recorder took the ids of these: nobody can say what belongs where
    if found.status != "RUNNING":
        assert not [visit.name for visit in every_visit(found.chain) if visit.status == "RUNNING"]
    assert (found.culprit is not None) == (found.status == "FAILED")


@needs_shared
@pytest.mark.parametrize("case", [c for c in RECORDINGS if not c.get("snapshot_flattening")], ids=lambda case: case["id"])
def test_every_part_of_a_recording_is_a_history_too(case: dict[str, Any]) -> None:
    events = case["expected"]["history"]
    for count in range(len(events)):
        assert Counter(visit.name for visit in every_visit(read(events[:count]).chain)) == entered(events[:count])


@pytest.mark.parametrize(
    ("name", "failures"),
    [
        ("retries", [(5, "Flaky"), (8, "Flaky")]),
        ("caught", [(5, "Broken")]),
        ("branches again", [(7, "Broken"), (13, "Broken"), (19, "Broken")]),
        ("items", []),
    ],
)
def test_a_visit_knows_each_of_its_failures_by_event(name: str, failures: list[tuple[int, str]]) -> None:
    visit = story(name).chain.visits[0]
    assert [(failure.event_id, failure.error) for failure in visit.failures] == failures


@pytest.mark.parametrize(
    ("name", "way"),
    [("a branch fails", ("A", "branch 1", "B")), ("an item fails", ("A", "[1]", "B")), ("fail", ("B",))],
)
def test_the_way_to_a_visit_in_words(name: str, way: tuple[str, ...]) -> None:
    culprit = story(name).culprit
    assert culprit is not None
    assert culprit.way == way
