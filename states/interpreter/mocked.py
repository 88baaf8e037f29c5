"""Mocked Parallel and Map states: their fields work as ever, but one ScheduleTask stands for all their branches or items.

Its answer is the state's result, or the failure that its branches or items would have ended with.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/test-state-isolation.html
"""

from __future__ import annotations

from typing import Any

from states.errors import StatesError
from states.interpreter import dataflow, failures, setup
from states.interpreter.commands import ScheduleTask
from states.interpreter.completions import TaskFailed, TaskSucceeded
from states.interpreter.frame import Frame
from states.interpreter.map_fields import items_of, whole_number
from states.interpreter.map_run import Tolerance, child_inputs, map_run_arn
from states.interpreter.program import Step
from states.interpreter.resources import Resource
from states.interpreter.setup import note
from states.machine import Map

FAMILY = "Mock"  #: of the Resource of such a ScheduleTask


def mock(step: Step) -> None:
    """Makes a Parallel or Map step one whose result is asked for."""
    step.resource = Resource(f"mock:{step.type}", FAMILY, "mock", step.type)
    step.enter, step.answer = _enter, _answer


def _enter(frame: Frame) -> Step | None:
    state, engine = frame.step.state, frame.engine
    frame.work = None
    data = dataflow.effective_input(frame)
    if isinstance(state, Map):
        items = _items(frame, data)
        frame.last = engine.record("MapStateStarted", frame.last, len(items))
        if state.distributed:
            frame.last = engine.record("MapRunStarted", frame.last, map_run_arn(frame))
    else:
        frame.last = engine.record("ParallelStateStarted", frame.last)
    engine.ask(ScheduleTask(frame.command_id, frame.step.resource, data, frame.step.name, attempt=frame.attempt), frame)
    return None


def _items(frame: Frame, data: Any) -> list[Any]:
    """The items the mock stands for; those of an ItemReader are what the test says it finds. All that is said of them is evaluated."""
    state = frame.step.state
    note(frame, setup.LIMITS, ("maxConcurrency", whole_number(frame, data, "MaxConcurrency", state.max_concurrency)))
    Tolerance.of(frame, data)
    if state.item_reader is not None:
        items = frame.engine.setup.read.get(frame.step.name, [])
    else:
        items = items_of(frame, data)
        note(frame, setup.ITEMS, items)
    if state.item_selector is not None or state.item_batcher is not None:
        inputs = child_inputs(frame, data, items)
        if state.item_batcher is not None:
            note(frame, setup.AFTER_ITEM_BATCHER, [value for value, _ in inputs])
    return items


def _answer(frame: Frame, completion: Any) -> Step | None:
    engine = frame.engine
    has_map_run = getattr(frame.step.state, "distributed", False)
    engine.answered(completion.id, frame)
    if isinstance(completion, TaskFailed):
        if has_map_run:
            frame.last = engine.record("MapRunFailed", frame.last, completion.error, completion.cause)
        return failures.fail(frame, StatesError(completion.error, completion.cause))
    assert isinstance(completion, TaskSucceeded)
    previous = engine.record("MapRunSucceeded", frame.last) if has_map_run else frame.last
    engine.record(f"{frame.step.type}StateSucceeded", previous)
    return dataflow.leave(frame, completion.output)
