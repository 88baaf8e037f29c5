"""Debugging a history: the answers of its tasks, nobody called, and what nobody answered given by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import states
from states.debugging.debugger import Debugger
from states.debugging.recorded import world_of
from states.debugging.session import Session
from states.histories.recording import read_recording, recording_of
from tests.debugging.worlds import SAMPLES, SHOP, Calls, play, to_the_end
from tests.histories.test_recordings import AWS
from tests.recorded_histories import history_of
from tests.shared import ROOT, needs_shared

HISTORIES = sorted(ROOT.glob("machines/*/histories/*.json"))
CALLBACK = {
    "StartAt": "Ask",
    "States": {
        "Ask": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {"MessageBody": {"token.$": "$$.Task.Token"}},
            "TimeoutSeconds": 60,
            "End": True,
        }
    },
}


def of_history(machine: Any, events: Any) -> Debugger:
    machine = states.load(machine) if isinstance(machine, Path) else states.loads(json.dumps(machine))
    text = events if isinstance(events, bytes) else json.dumps({"events": events}, default=str)
    return Debugger(Session(machine, world_of(machine, read_recording(text, is_partial=True)), "test"), machine)


def types(debugger: Debugger) -> list[str]:
    to_the_end(debugger)
    return list(debugger.session.future.execution.history.types())


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: f"{path.parents[1].name}/{path.stem}")
def test_a_recorded_execution_is_gone_through(path: Path) -> None:
    found = of_history(path.parents[1] / "machine.asl.json", path.read_bytes())
    recorded = [event["type"] for event in json.loads(path.read_text())["events"]]
    assert types(found) == recorded


#: Recordings that depend on the day they were made, or on what became of a resource outside.
OTHER_WORLDS = ("test_activity_task_on_deleted", "test_timestamp_too_far_in_future_boundary[24855]")
OF_AWS = [case for case in AWS if "DistributedMap" not in case["features"] and not case["id"].endswith(OTHER_WORLDS)]


@needs_shared
def test_few_recordings_are_left_out() -> None:
    assert len(OF_AWS) >= 300


@pytest.mark.parametrize("case", OF_AWS, ids=lambda case: case["id"])
def test_a_history_of_aws_is_gone_through(case: dict[str, Any]) -> None:
    events = history_of(case)
    machine = states.loads(case["definition"], type=case["type"])
    found = Debugger(Session(machine, world_of(machine, recording_of(events, is_partial=True))), machine)
    assert types(found)[: len(events)] == [event["type"] for event in events]


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("busy", [0, 1, 9])
def test_what_we_recorded_is_gone_through(name: str, busy: int) -> None:
    definition, input = SAMPLES[name]
    run = states.run(definition, input, Calls(busy).tasks())
    found = of_history(definition, list(run.history))
    to_the_end(found)
    assert list(found.session.future.execution.history) == list(run.history)


def test_a_stopped_execution_is_stopped() -> None:
    driver = states.start(SHOP, {"order": {"id": 7, "cents": 1}}, Calls(0).tasks())
    driver.advance(10)
    run = driver.stop("Enough", "now")
    found = of_history(SHOP, list(run.history))
    assert types(found) == run.history.types()
    assert found.session.moments[-1].note == "ABORTED"


def test_an_execution_whose_time_was_up_times_out() -> None:
    run = states.run({**SHOP, "TimeoutSeconds": 30}, {"order": {"id": 7, "cents": 1}}, Calls(0).tasks())
    assert run.status == "TIMED_OUT"
    assert types(of_history({**SHOP, "TimeoutSeconds": 30}, list(run.history))) == run.history.types()


def test_a_task_that_timed_out_times_out() -> None:
    run = states.run(CALLBACK, {}, {"sqs:sendMessage": lambda event, context: {}})
    assert run.error == "States.Timeout"
    assert types(of_history(CALLBACK, list(run.history))) == run.history.types()


def test_a_callback_is_answered_as_recorded() -> None:
    run = states.run(CALLBACK, {}, {"sqs:sendMessage": lambda event, context: context.send_task_success(context.task_token, 7, after=20)})
    found = of_history(CALLBACK, list(run.history))
    assert types(found) == run.history.types()
    assert found.session.moments[-1].value == 7
    play(found, "result 8; c")
    assert found.session.moment.value == 8
    assert found.session.moment.at - found.session.started_at == pytest.approx(20)


def test_a_task_that_nobody_answered_is_answered_by_hand() -> None:
    events = list(states.run(SHOP, {"order": {"id": 7, "cents": 1}}, Calls(0).tasks()).history)
    asked = next(event["id"] for event in events if event["type"] == "LambdaFunctionSucceeded" and event["id"] > 6)
    found = of_history(SHOP, events[: asked - 1])
    shown = play(found, "c")
    assert "nothing more is known: nobody answers Charge; give a result with result JSON, or fail ERROR CAUSE" in shown
    assert found.session.moment.kind == "asked"
    with pytest.raises(ValueError, match="nobody answers Charge"):
        play(found, "step")
    assert "nothing more is known" in play(found, "where")[-1]
    play(found, 'result {"receipt": "mine"}; c')
    assert found.session.moment.value == {"receipt": "mine"}


def test_another_machine_decides_anew() -> None:
    events = list(states.run(SHOP, {"order": {"id": 7, "cents": 1}}, Calls(9).tasks()).history)
    patient = json.loads(json.dumps(SHOP))
    patient["States"]["Charge"]["Retry"][0]["MaxAttempts"] = 1
    found = of_history(patient, events)
    play(found, "c")
    assert found.session.moment.note == "FAILED"
    assert sum(moment.kind == "asked" and moment.name == "Charge" for moment in found.session.moments) == 2
