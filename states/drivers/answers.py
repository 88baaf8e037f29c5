"""Answers to task tokens: SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat as completions.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
"""

from __future__ import annotations

from typing import Any

from states.interpreter.completions import Completion, TaskFailed, TaskHeartbeat, TaskSucceeded
from states.interpreter.execution import Execution


class UnknownToken(LookupError):
    """No task waits for the token: it was never given out (InvalidToken), or its task is over (TaskTimedOut)."""


def answer_token(execution: Execution, task_token: str, kind: str, values: tuple[Any, ...], at: float) -> Completion:
    """The completion that an answer to a task token means; `kind` is success, failure or heartbeat."""
    id = execution.command_of(task_token)
    if id is None:
        raise UnknownToken(f"no task waits for the token {str(task_token)[:80]!r}: its task is over, or it was never given out")
    if kind == "success":
        return TaskSucceeded(id, values[0], at)
    if kind == "failure":
        return TaskFailed(id, values[0], values[1], at)
    return TaskHeartbeat(id, at)
