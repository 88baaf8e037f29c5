"""Commands: what the interpreter asks of the world. Small records; a driver carries them out.

Every command has an id made of its place (state, visit, branch or iteration, attempt), the same in every replay.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from states.interpreter.resources import Resource


class ScheduleTask(NamedTuple):
    """Start the work of a Task state. `input` is the event or the parameters; it belongs to the interpreter and is not to be changed.

    `task_token` is given for callback tasks and activities, None else. Seconds are None when not declared.
    """

    id: str
    resource: Resource
    input: Any
    state_name: str
    task_token: str | None = None
    timeout_seconds: float | None = None
    heartbeat_seconds: float | None = None
    attempt: int = 1


class StartTimer(NamedTuple):
    """Answer with TimerFired at this time (seconds since the epoch). A timer of the same id that runs already is replaced."""

    id: str
    at: float


class Cancel(NamedTuple):
    """Forget this task or timer: whatever it answers from now on is dropped."""

    id: str


class EndExecution(NamedTuple):
    """The execution is over. `output` is a JSON value when SUCCEEDED; `error` and `cause` are None where AWS writes none."""

    status: str
    output: Any = None
    error: str | None = None
    cause: str | None = None


Command = ScheduleTask | StartTimer | Cancel | EndExecution
