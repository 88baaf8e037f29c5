"""What AWS, or the JSONPath library it runs, was seen to answer: each recording is asked again.

The recordings lie beside the project; without them these tests are skipped.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

import pytest

from states.errors import StatesError
from states.language.comparisons import compile_condition
from states.language.paths import InvalidPath, PathError, compile_path, compile_reference_path
from states.language.templates import compile_payload_field, compile_template
from states.language.values import equal
from tests.language.given import GivenScope, identical, recorded
from tests.shared import SHARED

#: Recordings that contradict one another, by path: what we answer, and why.
_DECIDED = {
    ("$.missing[0:1]", "indefinite over a missing parent: AWS is recorded to give [], the library alone fails"): [],
    ("$.missing[?(@.x)]", "as above"): [],
    ("$['Test\\\"Name\\\"']", "AWS is recorded to keep the backslash before a double quote, the library alone drops it"): PathError,
    ("$.store.book[?('isbn' in @.keys())]", "fails in the library for every document; refused beforehand"): InvalidPath,
}
DECIDED = {path: answer for (path, _), answer in _DECIDED.items()}


def facts() -> list[Any]:
    path = SHARED / "aws" / "jsonpath_facts.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


@lru_cache
def executions(group: str) -> list[Any]:
    path = SHARED / "conformance" / "cases" / f"{group}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def test_the_recordings_are_there() -> None:
    recorded("aws/jsonpath_facts.json")
    assert len(facts()) > 150
    assert len(executions("choice_operators")) > 200
    assert len(executions("intrinsic_functions")) > 50


def answer(path: str, data: Any, cause: str) -> Any:
    """What a fact asks for: a value; or the message of the field that a recorded cause names."""
    scope = GivenScope({"Execution": {}})
    if "specified for the field 'value.$'" in cause:
        return compile_template({"value.$": path}).evaluate(data, scope)["value"]
    if "specified for the field 'ErrorPath'" in cause:
        return compile_payload_field(path, "ErrorPath").evaluate(data, scope)
    return compile_path(path).evaluate(data, scope)


@pytest.mark.parametrize("fact", [pytest.param(fact, id=f"{fact['path']} {number}") for number, fact in enumerate(facts())])
def test_a_fact_about_paths(fact: dict[str, Any]) -> None:
    path, expected = fact["path"], fact["aws_or_jayway_result"]
    expected = DECIDED.get(path, expected)
    if isinstance(expected, type):
        with pytest.raises(expected):
            compile_path(path).evaluate(fact["input"], GivenScope())
        return
    if isinstance(expected, dict) and list(expected) == ["set_of_keys"]:
        expected = expected["set_of_keys"]
    message = expected.get("message", expected.get("cause", "")) if isinstance(expected, dict) else ""
    if not message:
        assert identical(answer(path, fact["input"], ""), expected)
        return
    with pytest.raises((InvalidPath, PathError, StatesError)) as caught:
        answer(path, fact["input"], message)
    raised = caught.value
    if isinstance(raised, InvalidPath):
        assert expected["exception"] in ("InvalidPathException", "IllegalArgumentException")
    elif isinstance(raised, PathError):
        assert raised.message == re.sub(r"^Invalid path '.*' : ", "", message)
    else:
        assert isinstance(raised, StatesError)
        assert raised.error == expected["error"]
        assert (raised.cause or "").split(" in the input")[0] == message.split(" in the input")[0]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"].split("::")[-1]) for case in executions("choice_operators")])
def test_a_recorded_choice(case: dict[str, Any]) -> None:
    definition, data = json.loads(case["definition"]), json.loads(case["input"])
    choice = definition["States"][definition["StartAt"]]
    taken = [rule["Next"] for rule in choice["Choices"] if compile_condition(rule)(data, GivenScope())]
    result = definition["States"][[*taken, choice.get("Default")][0]]["Result"]
    assert equal(result, json.loads(case["expected"]["output"]))


#: Values that the recordings have replaced by a name for what AWS drew or what only the recorded account has.
_REPLACED = re.compile(r'"(RandomNumberGenerated|generated-uuid|<ArnPart_\d+idx>)"')


def intrinsic_cases() -> list[Any]:
    found = []
    for case in executions("intrinsic_functions"):
        definition = json.loads(case["definition"])
        state = definition["States"][definition["StartAt"]]
        if "JSONata" not in (definition.get("QueryLanguage"), state.get("QueryLanguage")):
            found.append(pytest.param(state, case, id=case["id"].split("::")[-1]))
    return found


@pytest.mark.parametrize(("state", "case"), intrinsic_cases())
def test_a_recorded_intrinsic_call(state: dict[str, Any], case: dict[str, Any]) -> None:
    data = json.loads(case["input"])
    context = {"Execution": {"Input": data, "Name": case["execution_name"]}, "StateMachine": {"Name": case["state_machine_name"]}}
    output = compile_template(state["Parameters"]).evaluate(data, GivenScope(context))
    if "ResultPath" in state:
        output = compile_reference_path(state["ResultPath"]).put(data, output)
    output = compile_path(state.get("OutputPath", "$")).evaluate(output, GivenScope(context))
    expected = case["expected"]["output"]
    if _REPLACED.search(expected):
        assert list(output) == list(json.loads(expected))
    else:
        assert equal(output, json.loads(expected))
