"""Recorded: the world of a history. Its tasks answer what they answered then, at the places where they were asked, and nobody else does.

The machine decides anew what it does with the answers, so it may be another than the recorded one. What the children of a distributed Map
did is in no history of their parent.
"""

from __future__ import annotations

from states.debugging.futures import Asked, World
from states.drivers.virtual import EPOCH
from states.histories.answers import FAILED, RUNNING, SUCCEEDED, TaskAnswer, answers_of
from states.histories.machines import known
from states.histories.recording import Recording
from states.histories.replaying import names_in
from states.interpreter.completions import Completion, StopRequested, TaskFailed, TaskStarted, TaskSubmitted, TaskSucceeded
from states.interpreter.execution import Execution
from states.interpreter.setup import Setup
from states.machine import Machine


def world_of(machine: Machine, recording: Recording, seed: int | str = 0) -> World:
    """The world in which the tasks answer as recorded. Raises InvalidHistory where data of it was cut off."""
    start, end = recording.events[0], recording.end
    type = "EXPRESS" if recording.arn is not None and ":express:" in recording.arn else machine.type
    names = names_in(recording, machine, type)
    text = recording.input_text
    value = recording.value(start, "input")
    at = start.at if recording.has_times else EPOCH
    later = at - start.at
    found = answers_of(recording, recording.places(known(machine).branches))
    answers = {answer.place: Asked(None, _answers(answer), answer.status == RUNNING) for answer in found}
    stop = None
    if end is not None and end.type == "ExecutionAborted":
        stop = StopRequested(end.at + later, end.details.get("error"), end.details.get("cause"))
    has_timed_out = end is not None and end.type == "ExecutionTimedOut"

    def make(setup: Setup) -> tuple[Execution, None, float]:
        return Execution(machine, value, input_text=text, seed=seed, names=names, type=type, setup=setup), None, at

    return World(make, answers, is_closed=True, stop=stop, until=recording.events[-1].at + later + 1 if has_timed_out else 0.0)


def _answers(answer: TaskAnswer) -> tuple[tuple[float, Completion], ...]:
    """What came of an attempt, each so many seconds after it was asked for."""
    id, asked = answer.place, answer.scheduled_at
    found: list[Completion] = []
    if answer.started_at is not None and answer.worker_name is not None:
        found.append(TaskStarted(id, answer.started_at, answer.worker_name))
    if answer.submitted_at is not None:
        found.append(TaskSubmitted(id, answer.submitted, answer.submitted_at))
    if answer.ended_at is not None and answer.status == SUCCEEDED:
        found.append(TaskSucceeded(id, answer.output, answer.ended_at))
    if answer.ended_at is not None and answer.status == FAILED:
        found.append(TaskFailed(id, answer.error, answer.cause, answer.ended_at))
    return tuple((max(0.0, completion.at - asked), completion) for completion in found)
