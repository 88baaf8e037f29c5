"""The response of TestState: status, output, error and next state, and at the levels DEBUG and TRACE what every filter gave.

Which filters are shown depends on the type of the state and its query language, as recorded: a Map and a Parallel show the ends of their
way only, a Pass with a Result nothing of its input, a JSONata state no paths.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_InspectionData.html and recordings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from states.errors import StatesError
from states.interpreter import setup
from states.language.values import dumps
from states.machine import ABSENT

if TYPE_CHECKING:
    from states.interpreter.inspection import Inspected
    from states.testing.one_state_request import Request

Json = Any

LARGEST_CAUSE = 32_768


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of running a state. `failure` is the last one, also one that was taken; `indexes` say by which retrier or catcher."""

    status: str
    output: Json
    failure: StatesError | None
    next_state: str | None
    seen: Inspected
    variables: Mapping[str, Json]
    indexes: dict[str, int]
    backoff: float | None


def response_of(request: Request, outcome: Outcome) -> dict[str, Any]:
    """The response; fields that have nothing to say are left out."""
    response: dict[str, Any] = {}
    if outcome.status in ("SUCCEEDED", "CAUGHT_ERROR"):
        response["output"] = _text(request, outcome.output)
    if outcome.failure is not None:
        response.update(_present({"error": outcome.failure.error, "cause": outcome.failure.cause}))
    if request.level != "INFO":
        response["inspectionData"] = inspection_data(request, outcome)
    if outcome.next_state is not None:
        response["nextState"] = outcome.next_state
    return {**response, "status": outcome.status}


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value is not None}


#: What a state shows of its data, after its input, by type, in JSONPath; what it did not come to is left out.
JSONPATH = {
    "Pass": ("afterInputPath", "afterParameters", "result", "afterResultSelector", "afterResultPath"),
    "Task": ("afterInputPath", "afterParameters", "result", "afterResultSelector", "afterResultPath"),
    "Choice": ("afterInputPath",),
    "Wait": ("afterInputPath",),
    "Succeed": ("afterInputPath",),
    "Fail": ("afterInputPath",),
    "Parallel": ("afterResultSelector", "afterResultPath"),
    "Map": ("afterItemsPath", "afterItemSelector", "afterItemBatcher", "afterResultSelector", "afterResultPath"),
}

#: Likewise in JSONata.
JSONATA = {"Task": ("afterArguments", "result"), "Map": ("afterItemSelector", "afterItemBatcher")}

NUMBERS = ("maxConcurrency", "toleratedFailureCount", "toleratedFailurePercentage")  #: of a Map


def inspection_data(request: Request, outcome: Outcome) -> dict[str, Any]:
    """The `inspectionData` of a response."""
    tested, seen = request.tested, dict(outcome.seen)
    if tested.type == "Fail":
        seen["afterInputPath"] = request.input  # it has no InputPath
    language = JSONATA if tested.machine.states[tested.machine.start_at].query_language == "JSONata" else JSONPATH
    hidden = _hidden(tested.type, tested.state)
    shown = ("input", *(field for field in language.get(tested.type, ()) if field not in hidden))
    data: dict[str, Any] = {field: _text(request, seen[field]) for field in shown if field in seen}
    if request.read is not None and request.read.pointed is not ABSENT:
        data["afterItemsPointer"] = dumps(request.read.pointed)
    data.update({field: seen[field] for field in NUMBERS if field in seen})
    if outcome.variables:
        data["variables"] = dumps(dict(outcome.variables))
    details = error_details(outcome)
    if details:
        data["errorDetails"] = details
    return data


def _hidden(type: str, state: dict[str, Any]) -> frozenset[str]:
    """A Pass shows its Result, or what it makes its result of."""
    if type != "Pass":
        return frozenset()
    return frozenset({"afterInputPath", "afterParameters"}) if "Result" in state else frozenset({"result"})


def error_details(outcome: Outcome) -> dict[str, int]:
    """Which retrier and which catcher were asked, and how long a retry would wait, in whole seconds."""
    indexes = outcome.indexes
    details: dict[str, int] = {}
    if setup.CAUGHT in indexes:
        details["catchIndex"] = indexes[setup.CAUGHT]
    for kind in (setup.RETRIED, setup.EXHAUSTED):
        if kind in indexes:
            details["retryIndex"] = indexes[kind]
    if outcome.backoff is not None:
        details["retryBackoffIntervalSeconds"] = int(outcome.backoff)
    return details


def _text(request: Request, value: Json) -> str:
    """A value as JSON text: the input and a mocked result as the request wrote them, where nothing changed them."""
    if isinstance(value, (dict, list)):
        if value is request.input:
            return request.input_text
        if request.mock is not None and request.mock.text is not None and value is request.mock.value:
            return request.mock.text
    return dumps(value)
