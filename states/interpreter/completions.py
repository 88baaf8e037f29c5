"""Completions: what the world answers. Each names the command it answers and the time, seconds since the epoch.

A completion that answers nothing pending is dropped: a timer may fire twice, a lost worker's answer may come late.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class TaskStarted(NamedTuple):
    """A worker took an activity task: its clocks start now."""

    id: str
    at: float
    worker_name: str | None = None


class TaskSubmitted(NamedTuple):
    """The request of a callback or `.sync` task was accepted; `output` is its response."""

    id: str
    output: Any
    at: float


class TaskSucceeded(NamedTuple):
    """`output` is the JSON value of the task's result."""

    id: str
    output: Any
    at: float


class TaskFailed(NamedTuple):
    """`error` and `cause` are None where the worker gave none."""

    id: str
    error: str | None
    cause: str | None
    at: float


class TaskHeartbeat(NamedTuple):
    """The task is alive: its heartbeat clock starts anew."""

    id: str
    at: float


class TimerFired(NamedTuple):
    """The time of a StartTimer has come."""

    id: str
    at: float


class StopRequested(NamedTuple):
    """StopExecution: the execution ends as ABORTED with this error and cause."""

    at: float
    error: str | None = None
    cause: str | None = None


Completion = TaskStarted | TaskSubmitted | TaskSucceeded | TaskFailed | TaskHeartbeat | TimerFired | StopRequested
