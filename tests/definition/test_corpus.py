"""Seven hundred real and broken machines with labels: what the validator says of each, and where it is of another mind, why.

The corpus lies beside the checkout; without it these tests are skipped.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from states.definition import InvalidDefinition, loads, validate
from states.definition.diagnostics import Diagnostic, aws_message, errors
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared


#: Broken machines that are accepted.
ACCEPTED: dict[str, str] = {}

#: Machines labelled right that are refused.
REFUSED: dict[str, str] = {}

#: As above, where AWS's behaviour is not known or the machine is meant for another engine.
UNSCORED = {
    "aslvalidator.jsonata-surround-syntax-no-close": "a string that only begins with {% is a literal; AWS's answer is not known",
    "aslvalidator.task-intrisic-function": "Resource is an object (Ref, Fn::GetAtt): a template's, not yet a definition",
    "floe.http": "Resource is no ARN",
    "floe.log": "Resource is no ARN",
    "floe.map": "Resource is no ARN",
    "rule.nested-loop-without-terminal-in-map": "the specification asks for a terminal state in every States, AWS perhaps not",
}


def entries() -> list[dict[str, Any]]:
    if not SHARED.is_dir():
        return []
    found: list[dict[str, Any]] = json.loads((SHARED / "machines" / "MANIFEST.json").read_text())["entries"]
    return found


ENTRIES = entries()


def judged(entry: dict[str, Any]) -> list[Diagnostic]:
    return validate((SHARED / "machines" / entry["file"]).read_bytes(), type=entry["machine_type"])


def disagree(*, scored: bool) -> dict[str, bool]:
    """Id and label of the machines the validator is of another mind about."""
    chosen = [entry for entry in ENTRIES if entry["scored"] is scored]
    return {entry["id"]: entry["valid"] for entry in chosen if bool(errors(judged(entry))) == entry["valid"]}


def test_every_scored_machine_is_judged_as_its_label_says() -> None:
    found = disagree(scored=True)
    assert {name for name, valid in found.items() if not valid} == set(ACCEPTED)
    assert {name for name, valid in found.items() if valid} <= set(REFUSED)


def test_the_others_are_judged_as_listed() -> None:
    assert set(disagree(scored=False)) == set(UNSCORED)


def as_tuple(severity: str, code: str, message: str, location: str | None) -> tuple[str, str, str, str]:
    return severity, code, message, location or ""


RECORDED = [entry for entry in ENTRIES if entry.get("aws_diagnostics")]


@pytest.mark.parametrize("entry", RECORDED, ids=lambda entry: entry["id"])
def test_diagnostics_are_those_of_aws(entry: dict[str, Any]) -> None:
    """Code, message, location and number; the order is not recorded reliably."""
    wanted = sorted(as_tuple(d["severity"], d["code"], d["message"], d.get("location")) for d in entry["aws_diagnostics"])
    assert sorted(as_tuple(d.severity, d.code, d.message, d.location) for d in judged(entry)) == wanted


def test_every_fault_of_the_corpus_has_a_place() -> None:
    """Line and column are missing only where the machine as a whole is at fault."""
    for entry in ENTRIES:
        for fault in judged(entry):
            assert fault.line is not None or fault.location is None, (entry["id"], str(fault))


def test_a_valid_machine_loads_unless_something_is_not_supported_yet() -> None:
    for entry in ENTRIES:
        if entry["valid"] and entry["id"] not in {**REFUSED, **UNSCORED}:
            assert refusal_codes(entry) <= {"NOT_SUPPORTED"}, entry["id"]


def refusal_codes(entry: dict[str, Any]) -> set[str]:
    try:
        loads((SHARED / "machines" / entry["file"]).read_bytes(), type=entry["machine_type"])
    except InvalidDefinition as refusal:
        return {fault.code for fault in errors(refusal.diagnostics)}
    return set()


# --- recorded calls ----------------------------------------------------------------------------------------------------------------


def recorded(kind: str) -> list[dict[str, Any]]:
    if not SHARED.is_dir():
        return []
    lines = [line for path in sorted((SHARED / "conformance" / "cases").glob("*.jsonl")) for line in path.read_text().splitlines()]
    return [case for line in lines if (case := json.loads(line))["kind"] == kind]


@pytest.mark.parametrize("case", recorded("validate"), ids=lambda case: case["id"].rpartition("::")[2])
def test_validate_state_machine_definition_answers_as_recorded(case: dict[str, Any]) -> None:
    expected = [{"location": None, **d} for d in case["expected"]["diagnostics"]]
    found = validate(case["definition"], type=case["type"])
    assert [{name: getattr(d, name) for name in ("severity", "code", "message", "location")} for d in found] == [
        {name: d[name] for name in ("severity", "code", "message", "location")} for d in expected
    ]


def refusals() -> list[Any]:
    """CreateStateMachine calls that were refused for their definition: the definition, its type, and AWS's message."""
    found = []
    for case in recorded("execution-error"):
        expected = case["expected"]
        message = expected.get("exception_value") or expected.get("message", "")
        at = message.find("Invalid State Machine Definition")
        if at >= 0:
            found.append(pytest.param(case["definition"], case["type"], message[at:], id=case["id"].rpartition("::")[2]))
    return found


@pytest.mark.parametrize(("definition", "machine_type", "message"), refusals())
def test_create_state_machine_refuses_as_recorded(definition: str, machine_type: str, message: str) -> None:
    assert aws_message(validate(definition, type=machine_type)) == message.replace("<partition>", "aws")
