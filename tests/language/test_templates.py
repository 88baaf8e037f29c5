"""Payload templates: values, causes, faults, sharing."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.errors import StatesError
from states.language.templates import InvalidTemplate, compile_payload_field, compile_template, template_faults
from tests.language.given import GivenScope, cases, identical

CASES = cases("templates")
SCOPE = GivenScope(CASES["context"], CASES["variables"])


@pytest.mark.parametrize("case", [pytest.param(case, id=str(case["template"])) for case in CASES["cases"]])
def test_a_template_is_filled(case: dict[str, Any]) -> None:
    data = copy.deepcopy(CASES["given"])
    template = compile_template(case["template"], where="Parameters")
    assert (template.static, template.text) == (case.get("static", False), "Parameters")
    if "result" in case:
        assert identical(template.evaluate(data, SCOPE), case["result"])
    else:
        with pytest.raises(StatesError) as caught:
            template.evaluate(data, SCOPE)
        assert (caught.value.error, caught.value.cause) == (case.get("error", "States.Runtime"), case["cause"])
    assert identical(data, CASES["given"]), "the data were changed"


@pytest.mark.parametrize("case", [pytest.param(case, id=str(case["template"])) for case in CASES["faults"]])
def test_every_fault_of_a_template_is_found(case: dict[str, Any]) -> None:
    faults = template_faults(case["template"])
    assert [[list(place), key] for place, key, _ in faults] == case["faults"]
    for _, key, message in faults:
        assert key in message
    if not faults:
        compile_template(case["template"])
        return
    with pytest.raises(InvalidTemplate) as caught:
        compile_template(case["template"])
    assert caught.value.faults == faults


def test_a_fault_is_worded_as_aws_does() -> None:
    ((_, _, message),) = template_faults({"k.$": "nope"})
    assert message == "The value for the field 'k.$' must be a valid JSONPath or a valid intrinsic function call"


@pytest.mark.parametrize("case", [pytest.param(case, id=case["text"]) for case in CASES["fields"]])
def test_a_single_field(case: dict[str, Any]) -> None:
    if "result" in case:
        assert compile_payload_field(case["text"], "CausePath").evaluate(CASES["given"], SCOPE) == case["result"]
    elif "cause" in case:
        with pytest.raises(StatesError) as caught:
            compile_payload_field(case["text"], "CausePath").evaluate(CASES["given"], SCOPE)
        assert (caught.value.error, caught.value.cause) == ("States.Runtime", case["cause"])
    else:
        with pytest.raises(InvalidTemplate, match="CausePath"):
            compile_payload_field(case["text"], "CausePath")


def test_static_parts_and_selected_values_are_shared() -> None:
    literal = {"b": [1, 2]}
    template = {"lit": literal, "sel.$": "$.list"}
    data = {"list": [1, 2, 3]}
    value = compile_template(template).evaluate(data, SCOPE)
    assert value["lit"] is literal
    assert value["sel"] is data["list"]
    assert compile_template(literal).evaluate(data, SCOPE) is literal


def test_a_template_nested_too_deep_is_a_fault() -> None:
    template: Any = {"a.$": "$"}
    for _ in range(5_000):
        template = [template]
    ((_, _, message),) = template_faults(template)
    assert "nested deeper" in message


SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=4)
KEYS = st.text(max_size=4).filter(lambda key: not key.endswith(".$"))
LITERALS = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=10)


@given(LITERALS)
def test_what_has_no_paths_stands_for_itself(value: Any) -> None:
    template = compile_template(value)
    assert template.static
    assert template.evaluate({}, SCOPE) is value


@given(st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=10))
def test_a_template_of_paths_rebuilds_the_data(data: Any) -> None:
    def template(value: Any, path: str) -> Any:
        if isinstance(value, dict) and not any("'" in key or '"' in key or "\\" in key for key in value):
            return {f"{key}.$": f"{path}['{key}']" for key in value}
        return value

    if isinstance(data, dict):
        assert identical(compile_template(template(data, "$")).evaluate(data, SCOPE), data)
