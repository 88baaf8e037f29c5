"""`states trace --inspect`: the data of a saved history after every filter is that of the execution that wrote it."""

from __future__ import annotations

import json
from typing import Any

import pytest

import states
from states.histories.inspecting import Inspection, inspect
from states.histories.recording import recording_of
from states.interpreter.execution import Execution
from states.language.values import dumps
from states.views.story import read
from states.views.visits import every_visit
from tests.histories.disguised import events_of, later, log_lines, pages, shuffled
from tests.histories.shop import SHOP, changed, sold
from tests.histories.test_distributed import MACHINE, READER, SHAPES, broken, history, machine, work
from tests.histories.test_recordings import AWS, is_running
from tests.histories.test_samples import CASES as SAMPLES
from tests.histories.test_samples import history_of
from tests.recorded_histories import history_of as recorded_history_of
from tests.shared import needs_shared
from tests.test_machines import MACHINES, type_of
from tests.views.stories import WAYS, execute

Json = Any


def seen(definition: Any, given: Any, **settings: Any) -> Inspection:
    found = definition if isinstance(definition, states.Machine) else states.loads(definition)
    return inspect(found, recording_of(given, is_partial=True), **settings)


def places(execution: Execution) -> dict[int, str]:
    """The place of each visit in the core, by the event that entered its state."""
    return {visit.event_id: visit.place for visit in every_visit(read(execution.history.recorded).chain)}


def same_as_live(execution: Execution, given: Any) -> bool:
    """Whether the history gives what the execution itself gives, of all that its history holds."""
    live = states.inspect(execution)
    found = seen(execution.machine, given)
    assert found.difference is None
    expected = {id: live[place] for id, place in places(execution).items() if place in live}
    return dumps(sorted(found.attempts.items())) == dumps(sorted(expected.items()))


@pytest.mark.parametrize("name", WAYS)
def test_a_history_gives_what_the_execution_gives(name: str) -> None:
    execution = execute(name)
    assert same_as_live(execution, execution.history)
    assert same_as_live(execution, json.loads(execution.history.to_json()))


@pytest.mark.parametrize("form", ["pages", "log lines", "a list", "newest first"])
def test_every_form_gives_it(form: str) -> None:
    execution = sold()
    events = events_of(execution.history)
    forms: dict[str, Any] = {
        "pages": pages(events, 20),
        "log lines": "\n".join(map(json.dumps, log_lines(execution.history, "arn:aws:states:us-east-1:1:express:Shop:run-1:1"))),
        "a list": events,
        "newest first": events[::-1],
    }
    assert list(seen(SHOP, forms[form]).attempts) == sorted(places(execution))


@pytest.mark.parametrize("seed", range(8))
def test_branches_that_took_other_turns_keep_their_own_data(seed: int) -> None:
    events = shuffled(sold().history, seed)
    found = seen(SHOP, events)
    for event in events:
        if event["type"].endswith("StateEntered"):
            (first, *_) = found.attempts[event["id"]]
            assert set(first["input"]) == set(json.loads(event["stateEnteredEventDetails"]["input"]))
    assert len(found.attempts) == sum(event["type"].endswith("StateEntered") for event in events)


def test_only_the_states_that_are_named() -> None:
    execution = sold()
    events = {event["id"]: event for event in execution.history}
    found = seen(SHOP, execution.history, names=["Charge", "Rest"])
    assert [events[id]["stateEnteredEventDetails"]["name"] for id in found.attempts] == ["Charge", "Rest"]
    assert seen(SHOP, execution.history, names=[]).attempts == {}


def test_what_was_drawn_by_lot_is_as_recorded() -> None:
    execution = sold()
    asked = next(event for event in execution.history if event["type"] == "TaskScheduled")
    recorded = json.loads(asked["taskScheduledEventDetails"]["parameters"])["MessageBody"]
    record, *_ = seen(SHOP, execution.history, names=["Ask"]).attempts.values()
    assert record[0]["afterParameters"]["MessageBody"]["id"] == recorded["id"]


def test_a_machine_that_does_otherwise_is_told_and_shows_nothing() -> None:
    found = seen(changed(("States/Rest/Seconds", 9)), sold().history)
    assert found.attempts == {}
    assert found.difference is not None
    assert (found.difference.event_id, found.difference.message) == (19, '"Rest" waits 9 s; recorded: 5 s')


def test_a_machine_that_is_late_is_none_that_does_otherwise() -> None:
    assert seen(SHOP, later(sold().history, 3)).difference is None


@pytest.mark.parametrize("length", [2, 9, 20, 40, 57])
def test_an_execution_that_still_runs_shows_how_far_it_came(length: int) -> None:
    execution = sold()
    whole, part = seen(SHOP, execution.history), seen(SHOP, events_of(execution.history)[:length])
    assert part.difference is None
    assert list(part.attempts) == [id for id in whole.attempts if id <= length]


def test_a_redrive_is_told() -> None:
    events = events_of(sold().history)
    again = {"id": len(events) + 1, "type": "ExecutionRedriven", "previousEventId": 0, "timestamp": events[-1]["timestamp"]}
    found = seen(SHOP, [*events, again])
    assert (found.redriven_at, found.difference) == (len(events) + 1, None)
    assert found.attempts.keys() == seen(SHOP, events).attempts.keys()


# ---------------------------------------------------------------- distributed Maps


#: What the history of the parent does not tell, since it has the output of the Map and not the results of its children.
UNKNOWN: dict[str, set[str]] = {
    "into the input": set(),
    "as the output": set(),
    "dropped": {"result", "afterResultSelector"},
    "selected": {"result", "afterResultSelector", "afterResultPath", "output"},
    "filtered": {"result", "afterResultSelector", "afterResultPath", "output"},
    "assigned": {"result", "afterResultSelector", "afterResultPath", "output"},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_distributed_map_shows_its_items_and_what_came_of_them(shape: str) -> None:
    definition = machine(**SHAPES[shape])
    execution = states.run(definition, {"items": [1, 2, 3]}, {"work": work})
    [live] = states.inspect(execution, "Each")["Each#1"]
    found = seen(definition, execution.history)
    assert found.difference is None
    [record] = found.attempts[2]
    assert record["afterItemsPath"] == [1, 2, 3]
    assert {key: value for key, value in live.items() if key in record} == record
    assert live.keys() - record.keys() == UNKNOWN[shape]


def test_a_distributed_map_that_fails_is_inspected() -> None:
    found = seen(MACHINE, history(MACHINE, task=broken))
    assert found.difference is None
    assert "result" not in found.attempts[2][0]


def test_items_that_a_reader_read_are_not_made_up() -> None:
    read_items = machine(ItemReader=READER, ItemsPath=None)
    found = seen(read_items, history(MACHINE))
    assert found.difference is None
    assert not {"afterItemsPath", "afterItemSelector", "afterItemBatcher"} & found.attempts[2][0].keys()
    assert found.attempts[2][0]["result"] == [2, 4, 6]


# ---------------------------------------------------------------- samples, and AWS itself


@pytest.mark.parametrize(("name", "path"), SAMPLES, ids=lambda value: getattr(value, "stem", value))
def test_a_sample_can_be_inspected_from_its_history(name: str, path: Any) -> None:
    recorded = history_of(name, path, seed=path.stem)
    found = seen(states.load(MACHINES / name / "machine.asl.json", type=type_of(name)), recorded)
    assert found.difference is None
    assert list(found.attempts) == [event["id"] for event in recorded if event["type"].endswith("StateEntered")]


@needs_shared
@pytest.mark.parametrize("case", AWS, ids=lambda case: case["id"])
def test_what_aws_recorded_can_be_inspected(case: dict[str, Any]) -> None:
    events = recorded_history_of(case)
    found = inspect(
        states.loads(case["definition"], type=case["type"]),
        recording_of(events, is_partial=True, execution=case["execution_arn"]),
        execution=case["execution_arn"],
    )
    assert found.difference is None
    entered = {event["id"]: event for event in events if event["type"].endswith("StateEntered")}
    if not is_running(case):
        assert found.attempts.keys() == entered.keys()
    for id, records in found.attempts.items():
        given = json.loads(entered[id]["stateEnteredEventDetails"]["input"])
        assert type(records[0]["input"]) is type(given)
        if isinstance(given, dict):
            assert records[0]["input"].keys() == given.keys()
