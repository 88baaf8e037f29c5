"""Recordings of AWS judge `test_state`: those of TestState itself, and every state of every recorded execution, run alone."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

import states
from states.testing import ApiError, ParamValidationError, check_result
from states.testing.one_state_definition import blocks
from tests.shared import SHARED, compare, needs_shared

pytestmark = needs_shared

CASES_FOLDER = str(SHARED / "conformance" / "cases")
ROLE = "arn:aws:iam::111111111111:role/test"


def load(**wanted: Any) -> list[dict[str, Any]]:
    return list(compare().load_cases(CASES_FOLDER, **wanted)) if SHARED.is_dir() else []


# ---------------------------------------------------------------- TestState

TESTED = load(kind="test_state")


def answer(case: dict[str, Any]) -> dict[str, Any]:
    """The response, or the refusal in the form the case has it."""
    request = {"definition": case["definition"], **case["request"]}
    if case["input"] is not None:
        request["input"] = case["input"]
    try:
        return states.test_state(request)
    except (ApiError, ParamValidationError) as refused:
        if "exception_typename" in case["expected"]:
            return {"exception_typename": type(refused).__name__, "exception_value": str(refused)}
        return refused.response if isinstance(refused, ApiError) else {}


def test_there_are_recordings() -> None:
    assert len(TESTED) >= 124


@pytest.mark.parametrize("case", TESTED, ids=lambda case: case["id"].split("::")[-1])
def test_the_response_is_the_recorded_one(case: dict[str, Any]) -> None:
    pytest.importorskip("botocore")
    assert compare().compare_response(case, answer(case)) == []


# ---------------------------------------------------------------- states of recorded executions

EXECUTED = [case for case in load(kind="execution") if case["expected"].get("history")]

#: What a state alone cannot know: its execution, variables, chance and time.
OUTSIDE = ("$$", "$states.context", "Assign", "UUID", "Random", "$random", "$uuid", "$now", "$millis", "Timestamp", "Credentials")

RESULTS = ("taskSucceededEventDetails", "lambdaFunctionSucceededEventDetails", "activitySucceededEventDetails")
FAILURES = ("taskFailedEventDetails", "lambdaFunctionFailedEventDetails", "activityFailedEventDetails")


class Visit(NamedTuple):
    """One recorded visit of a state that was left for another, or at the end; `mock` says what its task gave, and is empty without one."""

    id: str
    definition: str
    name: str
    type: str
    input: str
    output: str
    mock: dict[str, Any]


def visits(case: dict[str, Any]) -> Iterator[Visit]:
    """The visits of states that were visited once, never retried, and know nothing of the outside."""
    try:
        machine = json.loads(case["definition"])
        by_name = {name: state for block in blocks(machine) for name, state in block["States"].items()}
    except (ValueError, KeyError, TypeError):
        return
    history = case["expected"]["history"]
    if '"Assign"' in case["definition"]:
        return
    entered: dict[str, tuple[int, dict[str, Any]]] = {}
    for place, event in enumerate(history):
        details = event.get("stateEnteredEventDetails") or event.get("stateExitedEventDetails") or {}
        name = details.get("name")
        if event["type"].endswith("StateEntered"):
            entered[name] = (-1, {}) if name in entered else (place, details)
        elif event["type"].endswith("StateExited") and name in by_name and entered.get(name, (-1, {}))[0] >= 0:
            start, before = entered[name]
            kind = by_name[name]["Type"]
            inside = history[start:place]
            outside = any(word in json.dumps(by_name[name]) for word in OUTSIDE)
            mocks = [mock for event in inside for mock in mocks_of(event)]
            text = before.get("input"), details.get("output")
            lost = any("TimedOut" in e["type"] or "Aborted" in e["type"] for e in inside)
            if kind in ("Parallel", "Map") or lost or outside or None in text or len(mocks) != (kind == "Task"):
                continue
            yield Visit(case["id"], case["definition"], name, kind, text[0], text[1], mocks[0] if mocks else {})


def mocks_of(event: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What a task gave in this event, as a mock."""
    for field in RESULTS:
        if "output" in (event.get(field) or {}):
            yield {"result": event[field]["output"], "fieldValidationMode": "NONE"}
    for field in FAILURES:
        if "error" in (event.get(field) or {}):
            yield {"errorOutput": {key: event[field][key] for key in ("error", "cause") if key in event[field]}}


VISITS = [visit for case in EXECUTED for visit in visits(case)]


def test_there_are_visits_of_every_type() -> None:
    assert Counter(visit.type for visit in VISITS) >= Counter({"Pass": 220, "Task": 55, "Choice": 15, "Wait": 1, "Succeed": 10})
    assert sum("errorOutput" in visit.mock for visit in VISITS) >= 8


def test_a_state_alone_does_what_it_did_in_its_execution() -> None:
    wrong = []
    for visit in VISITS:
        mock = {"mock": visit.mock} if visit.mock else {}
        response = states.test_state(definition=visit.definition, stateName=visit.name, input=visit.input, **mock)
        expected = "CAUGHT_ERROR" if "errorOutput" in visit.mock else "SUCCEEDED"
        if response["status"] != expected or compare().diff_values(json.loads(visit.output), json.loads(response["output"])):
            wrong.append((visit.id, visit.name, response))
    assert wrong == []


def test_what_services_answered_passes_the_strictest_check() -> None:
    pytest.importorskip("botocore")
    checked = 0
    for case in EXECUTED:
        for event in case["expected"]["history"]:
            details = event.get("taskSucceededEventDetails") or {}
            if "output" in details:
                found = check_result(f"arn:aws:states:::{details['resourceType']}:{details['resource']}", json.loads(details["output"]))
                assert found.faults == (), case["id"]
                checked += found.unchecked is None
    assert checked >= 50
