"""Every rule: a wrong definition gives exactly these faults at exactly these places, and a right one beside it gives none.

The cases are `tests/cases/diagnostics.json`; a wrong definition is laid out with two blanks a level before it is judged.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from states.definition import diagnostics, rules, validate
from states.definition.diagnostics import Diagnostic
from states.definition.outline import Outline
from states.definition.rules import resources
from tests.definition.machines import EVERYTHING, documents, mutations
from tests.shared import ROOT

CASES: list[dict[str, Any]] = json.loads((ROOT / "tests" / "cases" / "diagnostics.json").read_text())
LINTS: list[dict[str, Any]] = json.loads((ROOT / "tests" / "cases" / "lints.json").read_text())
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"


def machine_type(case: dict[str, Any]) -> str:
    return str(case.get("type", "STANDARD"))


def as_data(fault: Diagnostic) -> dict[str, Any]:
    """A diagnostic as the cases write it: severity and hint only when there is something to say."""
    data: dict[str, Any] = {name: getattr(fault, name) for name in ("code", "message", "location", "line", "column")}
    if fault.severity != diagnostics.ERROR:
        data["severity"] = fault.severity
    if fault.hint:
        data["hint"] = fault.hint
    return data


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["rule"])
def test_a_wrong_definition_has_these_faults(case: dict[str, Any]) -> None:
    found = validate(json.dumps(case["wrong"], indent=2), type=machine_type(case))
    assert [as_data(fault) for fault in found] == case["faults"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["rule"])
def test_a_right_definition_has_none(case: dict[str, Any]) -> None:
    assert validate(case["right"], type=machine_type(case)) == []


def test_rules_are_named_once() -> None:
    names = [case["rule"] for case in CASES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_every_rule_has_a_case_that_breaks_it_and_says_what_it_wants(rule: rules.Rule) -> None:
    assert any(list(rule(Outline(case["wrong"], machine_type(case)))) for case in CASES)
    assert rule.__doc__


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_no_rule_breaks_a_right_definition(rule: rules.Rule) -> None:
    assert list(rule(Outline(EVERYTHING))) == []


def test_every_code_is_in_the_cases_or_belongs_to_reading() -> None:
    reading = {"INVALID_JSON_DESCRIPTION", "TOO_DEEPLY_NESTED", "DEFINITION_TOO_LARGE", "DUPLICATE_KEY", "NOT_SUPPORTED"}
    seen = {fault["code"] for case in CASES for fault in case["faults"]}
    warned = {fault["code"] for case in LINTS for fault in case["faults"]}
    assert seen | reading | warned == set(diagnostics.CODES)
    assert not seen & (reading | warned)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents)
def test_a_rule_takes_any_json(value: Any) -> None:
    for definition in (value, {"StartAt": "A", "States": value}, {"StartAt": "A", "States": {"A": value}}):
        if isinstance(definition, dict):
            rules.faults(Outline(definition))
            rules.faults(Outline(definition, "EXPRESS"))


def test_a_rule_takes_any_mutation() -> None:
    for broken in mutations(EVERYTHING, 300, seed=1):
        rules.faults(Outline(broken))


def test_the_order_is_the_same_every_time() -> None:
    for broken in mutations(EVERYTHING, 20, seed=2):
        assert validate(broken) == validate(broken)


# --- resources ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("resource", "known"),
    [
        (FUNCTION, True),
        (f"{FUNCTION}:1", True),
        (f"{FUNCTION}:$LATEST", True),
        (f"{FUNCTION}:live", True),
        (f"{FUNCTION}:a:b", False),
        ("arn:aws:lambda:us-east-1:123456789012:layer:f", False),
        ("arn:aws-cn:lambda:cn-north-1:123456789012:function:f", True),
        ("arn:aws:lambda:::function:f", True),
        ("arn:aws:states:us-east-1:123456789012:activity:review", True),
        ("arn:aws:states:::lambda:invoke", True),
        ("arn:aws:states:::lambda:invoke.waitForTaskToken", True),
        ("arn:aws:states:::lambda:invoke.sync", False),
        ("arn:aws:states:::lambda:Invoke", False),
        ("arn:aws:states:::states:startExecution.sync:2", True),
        ("arn:aws:states:::states:startExecution.sync:3", False),
        ("arn:aws:states:::batch:submitJob.sync:2", False),
        ("arn:aws:states:::dynamodb:query", False),
        ("arn:aws:states:::aws-sdk:dynamodb:query", True),
        ("arn:aws:states:::aws-sdk:dynamodb:query.sync", False),
        ("arn:aws:states:::aws-sdk:sfn:startExecution.waitForTaskToken", True),
        ("arn:aws:states:us-east-1:123456789012:aws-sdk:s3:getObject", True),
        ("arn:aws:states:::aws-sdk:s3", False),
        ("arn:aws:swf:us-east-1:123456789012:task:x", True),
        ("${Function.Arn}", True),
        ("${Function", False),
        ("arn:${AWS::Partition}:states:::sns:publish", True),
        ("arn:${AWS::Partition}:states:::dynamodb:query", False),
        ("arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:f-${Stage}", True),
        ("arn:aws:states:::${Service}:invoke", True),
        ("arn:aws:lambda", False),
        ("arn:aws:lambda:::", False),
        ("mock-arn", False),
        ("https://example.com", False),
    ],
)
def test_a_resource_is_one_that_aws_knows(resource: str, known: bool) -> None:
    assert resources.is_known(resource) is known


def test_each_integration_runs_without_waiting() -> None:
    plain = {name.partition(".")[0] for name in resources.INTEGRATIONS}
    assert plain <= resources.INTEGRATIONS


# --- substitutions -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "state",
    [
        {"Type": "Wait", "Seconds": "${Delay}", "End": True},
        {"Type": "Wait", "Timestamp": "${When}", "End": True},
        {"Type": "Pass", "InputPath": "${Path}", "End": True},
        {"Type": "Pass", "ResultPath": "$.${Where}", "End": True},
        {"Type": "Pass", "Parameters": {"k.$": "${Path}"}, "End": True},
        {"Type": "Pass", "Assign": {"${Name}": 1}, "End": True},
        {"Type": "Pass", "Next": "${Next}"},
        {"Type": "Map", "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": True}}}, "Label": "${L}", "End": True},
        {"Type": "Task", "Resource": FUNCTION, "Retry": [{"ErrorEquals": ["States.${Name}"], "MaxAttempts": "${N}"}], "End": True},
    ],
    ids=lambda state: json.dumps(state)[9:60],
)
def test_a_substitution_stands_for_anything(state: dict[str, Any]) -> None:
    assert validate({"StartAt": "A", "States": {"A": state, "Z": {"Type": "Succeed"}} if "Next" in state else {"A": state}}) == []
