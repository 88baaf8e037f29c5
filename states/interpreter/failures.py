"""Failures: what becomes of a StatesError of a frame's state. A retrier takes it, a catcher takes it, or its chain ends with it.

Asks `retry` who takes it, and the Engine for timers and events; a failure is a value here, and nothing is caught but what a catcher's
own fields raise.

Source: https://states-language.net/spec.html#errors and recordings.
"""

from __future__ import annotations

from states import errors
from states.errors import StatesError
from states.interpreter import dataflow, retry, setup
from states.interpreter.commands import StartTimer
from states.interpreter.frame import Frame
from states.interpreter.program import Step
from states.interpreter.setup import note

RETRY = "/retry"  #: ending of the id of the timer before a retry

#: Failures of the interpreter whose cause AWS writes without naming the state.
UNNAMED = frozenset({errors.DATA_LIMIT_EXCEEDED, errors.TIMEOUT, errors.ITEM_READER_FAILED, errors.EXCEED_TOLERATED_FAILURE_THRESHOLD})


def raised(frame: Frame, failure: StatesError) -> Step | None:
    """The state itself failed: a path that finds nothing, an expression that gives nothing, a value that is too large."""
    return fail(frame, _explained(frame, failure))


def fail(frame: Frame, failure: StatesError) -> Step | None:
    """Retries, catches or passes on a failure of the frame's state. Gives the next state when a catcher took it."""
    note(frame, setup.FAILED, failure)
    engine, step = frame.engine, frame.step
    if failure.error == errors.RUNTIME:
        frame.work = None
        engine.unhandled(frame, failure)
        return None
    if step.failed is not None and frame.work is not None:
        frame.work.abort(frame.last)
    if step.retry and _is_retried(frame, failure):
        frame.work = None
        return None
    if step.failed is not None:
        frame.last = engine.record(step.failed, frame.last)
    frame.work = None
    index = retry.catcher_for(step.catch, failure) if step.catch else None
    if index is None:
        engine.unhandled(frame, failure)
        return None
    note(frame, setup.CAUGHT, index)
    try:
        return dataflow.catch(frame, step.catch[index], failure)
    except StatesError as worse:
        engine.unhandled(frame, _explained(frame, worse))
        return None


def _is_retried(frame: Frame, failure: StatesError) -> bool:
    """Whether a retrier takes it: then the timer of the next attempt is asked for."""
    engine, step = frame.engine, frame.step
    if frame.retries is None:
        frame.retries = {}
    index = retry.retrier_for(step.retry, failure)
    if index is None:
        return False
    seconds = retry.next_delay(step.retry[index], index, frame.retries, engine.random)
    note(frame, setup.EXHAUSTED if seconds is None else setup.RETRIED, index)
    if seconds is None:
        return False
    engine.ask(StartTimer(frame.command_id + RETRY, engine.now + seconds), frame)
    return True


def _explained(frame: Frame, failure: StatesError) -> StatesError:
    """A failure of the interpreter itself names its state, once; one of a JSONata expression is an event of its own."""
    if failure.error in UNNAMED or frame.step is None:
        return failure
    name = frame.step.name
    cause = f"An error occurred while executing the state '{name}' (entered at the event id #{frame.entered_id}). {failure.cause}"
    if failure.error == errors.QUERY_EVALUATION_ERROR:
        at_entry = frame.last == frame.entered_id and frame.step.type != "Wait"
        previous = frame.before if at_entry else frame.last
        frame.last = frame.engine.record("EvaluationFailed", previous, (failure.error, cause), (failure.location, name))
    return StatesError(failure.error, cause, failure.matched_as)
