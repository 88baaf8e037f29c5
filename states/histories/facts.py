"""Facts: what of an event is compared, the same for an event of AWS and for one that the core has just recorded.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from states.histories.events import Event
from states.histories.recording import Recording
from states.history import RENDER

Json = Any

#: Details that hold data as JSON text, and those that say nothing of what happened.
DATA = frozenset({"input", "output", "parameters"})
VOLATILE = frozenset(
    {
        "inputDetails",
        "outputDetails",
        "assignedVariablesDetails",
        "roleArn",
        "mapRunArn",
        "workerName",
        "stateMachineAliasArn",
        "stateMachineVersionArn",
    }
)

#: Events that tell of the same, whatever they are called: a request that failed early, and one that failed late.
SAME_AS = {
    "TaskSubmitFailed": "TaskFailed",
    "TaskStartFailed": "TaskFailed",
    "LambdaFunctionScheduleFailed": "LambdaFunctionFailed",
    "LambdaFunctionStartFailed": "LambdaFunctionFailed",
    "ActivityScheduleFailed": "ActivityFailed",
}


def kind_of(type: str) -> str:
    """What a type of event counts as."""
    return SAME_AS.get(type, type)


def of_event(recording: Recording, event: Event) -> dict[str, Json]:
    """The facts of a recorded event, data as values; what AWS cut off, or did not log, is left out."""
    facts: dict[str, Json] = {}
    for key, found in event.details.items():
        if key in VOLATILE or found is None:
            continue
        if key in DATA:
            if not is_truncated(event.details, key):
                facts[key] = recording.value(event, key)
        elif key == "assignedVariables":
            if not is_truncated(event.details, key):
                facts[key] = _variables(recording, event, found)
        else:
            facts[key] = found
    return facts


def of_tuple(raw: tuple[Any, ...]) -> dict[str, Json]:
    """The facts of an event as the core recorded it."""
    entry = RENDER[raw[0]]
    if entry is None:
        return {}
    return {key: value for key, value in entry[1](raw[3], raw[4], _itself).items() if key not in VOLATILE}


def is_truncated(details: Mapping[str, Json], key: str) -> bool:
    """Whether AWS says that it cut the data off."""
    told = details.get(f"{key}Details")
    return isinstance(told, dict) and bool(told.get("truncated"))


def _variables(recording: Recording, event: Event, found: Json) -> dict[str, Json]:
    if not isinstance(found, dict):
        return {}
    return {name: recording.read(text, f"{event}: its variable {name}") if isinstance(text, str) else text for name, text in found.items()}


def _itself(value: Json) -> Json:
    return value
