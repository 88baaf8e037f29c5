"""The Context Object (`$$`): what an expression may know of the execution, the state and the item.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from states.interpreter.resources import CALLBACK
from states.language.timestamps import format_iso
from states.machine import Machine

if TYPE_CHECKING:
    from states.interpreter.frame import Frame

RETRIED_TYPES = frozenset({"Task", "Parallel", "Map"})


class Names(NamedTuple):
    """The names an execution goes by.

    `redrive_count` is None in a synchronous Express execution, which has no such field; `role_arn` is None in a test without a role.
    """

    execution_arn: str
    execution_name: str
    state_machine_arn: str
    state_machine_name: str
    role_arn: str | None
    region: str
    account: str
    redrive_count: int | None = 0


def default_names(
    machine: Machine,
    *,
    name: str = "execution",
    state_machine_name: str = "StateMachine",
    account: str = "123456789012",
    region: str = "us-east-1",
    role_arn: str | None = None,
    type: str | None = None,
    synchronous: bool = False,
) -> Names:
    """The names of an execution where nothing else is asked for: account 123456789012 in us-east-1."""
    prefix = f"arn:aws:states:{region}:{account}:"
    return Names(
        execution_arn=execution_arn(type or machine.type, region, account, state_machine_name, name),
        execution_name=name,
        state_machine_arn=f"{prefix}stateMachine:{state_machine_name}",
        state_machine_name=state_machine_name,
        role_arn=role_arn or f"arn:aws:iam::{account}:role/StatesExecutionRole",
        region=region,
        account=account,
        redrive_count=None if synchronous else 0,
    )


def execution_arn(type: str, region: str, account: str, state_machine_name: str, name: str) -> str:
    """The ARN of an execution of this type; an Express one ends with an id of its own, here the name again."""
    prefix = f"arn:aws:states:{region}:{account}"
    return (
        f"{prefix}:express:{state_machine_name}:{name}:{name}" if type == "EXPRESS" else f"{prefix}:execution:{state_machine_name}:{name}"
    )


def build(frame: Frame) -> dict[str, Any]:
    """The Context Object as the frame's current state sees it."""
    engine = frame.engine
    if engine.setup.context is not None:
        given = engine.setup.context
        return given if frame.item is None else {**given, "Map": {"Item": frame.item}}
    names = engine.names
    execution = {
        "Id": names.execution_arn,
        "Input": engine.input,
        "StartTime": format_iso(engine.started_at),
        "Name": names.execution_name,
        "RoleArn": names.role_arn,
    }
    if names.redrive_count is not None:
        execution["RedriveCount"] = names.redrive_count
    step = frame.step
    state: dict[str, Any] = {"Name": step.name, "EnteredTime": format_iso(frame.entered_at)}
    if step.type in RETRIED_TYPES:
        state["RetryCount"] = frame.attempt - 1
    result: dict[str, Any] = {
        "Execution": execution,
        "StateMachine": {"Id": names.state_machine_arn, "Name": names.state_machine_name},
        "State": state,
    }
    item = _item(frame)
    if item is not None:
        result["Map"] = {"Item": item}
    if frame.token is not None and step.resource is not None and step.resource.pattern == CALLBACK:
        result["Task"] = {"Token": frame.token}
    return result


def _item(frame: Frame | None) -> dict[str, Any] | None:
    """The item of the innermost iteration around the frame; a Map's own while it selects an item."""
    while frame is not None:
        if frame.item is not None:
            found: dict[str, Any] = frame.item
            return found
        frame = frame.join.frame if frame.join is not None else None
    return None
