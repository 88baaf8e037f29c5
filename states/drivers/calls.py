"""One call of a callable, the same on every clock: its own event and its context go in, what the user wrote runs.

Waits for nobody: an `async def` gives its coroutine, and what becomes of a result or an exception is for the driver to ask the Call.
"""

from __future__ import annotations

from typing import Any

from states.tasks.calls import Call
from states.tasks.functions import Clock, TaskContext


def invoke(call: Call, clock: Clock) -> Any:
    """What the callable gives for its own copy of the event; whatever it raises."""
    function, command = call.function, call.command
    assert function is not None
    context = TaskContext(
        function,
        clock,
        call.arn,
        call.request_id,
        command.state_name,
        command.attempt,
        command.task_token,
        command.resource,
        command.id,
        command.input,
    )
    return function.handler(call.own_event(), context)
