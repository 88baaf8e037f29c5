"""Fields of JSONata states on their own: what is an expression, what a field gives, and what its failure says."""

from __future__ import annotations

from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from states.errors import QUERY_EVALUATION_ERROR, StatesError
from states.language.jsonata import JsonataError
from states.language.jsonata_templates import DEEPEST, compile_jsonata, compile_moment, compile_number, inner, is_expression, limits

NOW = 1_767_225_600.0


def scope(**variables: Any) -> Any:
    """A scope with these variables; whoever asks for its Context Object is counted."""
    made = SimpleNamespace(variables=variables, random=Random(0), now=NOW, jsonata_seconds=1.0, asked=0, text=str)

    def context() -> Any:
        made.asked += 1
        return {"State": {"Name": "S"}}

    made.context = context
    return made


def failure(template: Any, states: Any = None, **variables: Any) -> StatesError:
    with pytest.raises(StatesError) as raised:
        template.evaluate(states or {"input": {}}, scope(**variables))
    assert raised.value.error == QUERY_EVALUATION_ERROR
    return raised.value


# ---------------------------------------------------------------- what is an expression


@pytest.mark.parametrize(
    ("value", "whether"),
    [
        ("{% 1 %}", True),
        ("{%1%}", True),
        ("{%%}", True),
        ("{% '%}' %}", True),
        ("{%\n1\n%}", True),
        ("", False),
        ("{%}", False),
        ("{% 1", False),
        ("1 %}", False),
        (" {% 1 %}", False),
        ("{% 1 %} ", False),
        ("a {% 1 %}", False),
        ("$states.input", False),
        (None, False),
        (1, False),
        (["{% 1 %}"], False),
    ],
)
def test_what_is_an_expression(value: Any, whether: bool) -> None:
    assert is_expression(value) is whether


def test_blanks_around_an_expression_do_not_count() -> None:
    assert inner("{%  $x \n%}") == "$x"


# ---------------------------------------------------------------- what a field gives


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("{% $states.input.n %}", 1),
        ("{% $v %}", {"a": [1, None]}),
        ({"a": "{% $v.a[0] %}", "b": "text", "c": [None, "{% 1 + 1 %}", {"d": "{% $states.input.n %}"}]}, None),
        ([["{% null %}"]], [[None]]),
        ({}, {}),
        ([], []),
        (None, None),
        (1.5, 1.5),
        ("text", "text"),
        ({"{% 1 %}": True}, {"{% 1 %}": True}),
    ],
)
def test_a_field_keeps_its_form(field: Any, value: Any) -> None:
    found = compile_jsonata(field, "Output").evaluate({"input": {"n": 1}}, scope(v={"a": [1, None]}))
    assert found == (value if value is not None or field is None else {"a": 1, "b": "text", "c": [None, 2, {"d": 1}]})


@pytest.mark.parametrize(("field", "static"), [({"a": [1, "x"]}, True), ("text", True), ({"a": ["{% 1 %}"]}, False), ("{% 1 %}", False)])
def test_a_field_without_expressions_is_static(field: Any, static: bool) -> None:
    assert compile_jsonata(field, "Output").static is static


def test_expressions_are_evaluated_in_the_order_of_the_text() -> None:
    drawn = compile_jsonata({"b": "{% $random() %}", "a": ["{% $random() %}"]}, "Output").evaluate({"input": {}}, scope())
    chance = Random(0)
    assert drawn == {"b": chance.random(), "a": [chance.random()]}


def test_the_context_object_is_built_only_for_who_reads_it() -> None:
    for text, asked in (
        ("{% $states.input.n %}", 0),
        ("{% $states.context.State.Name %}", 1),
        ("{% $states %}", 1),
        ("{% $lookup($states, 'context') %}", 1),
        ("{% $states.input.context %}", 0),
        ("{% $states.(context) %}", 1),
        ("{% $states.*[0] %}", 1),
        ("{% ($s := $states; $s.context) %}", 1),
    ):
        here = scope()
        compile_jsonata(text, "Output").evaluate({"input": {"n": 1, "context": 2}}, here)
        assert here.asked == asked, text


def test_the_object_of_the_state_is_not_changed() -> None:
    given = {"input": {"n": 1}}
    compile_jsonata("{% $states.context %}", "Output").evaluate(given, scope())
    assert given == {"input": {"n": 1}}


def test_a_variable_cannot_hide_the_object_of_the_state() -> None:
    assert compile_jsonata("{% $states.input %}", "Output").evaluate({"input": 1}, scope(states=2)) == 1


# ---------------------------------------------------------------- what fails


@pytest.mark.parametrize(
    ("field", "place", "end"),
    [
        ("{% $nope %}", "Output", "returned nothing (undefined)."),
        ({"a": {"b": ["{% $nope %}"]}}, "Output/a/b[0]", "returned nothing (undefined)."),
        ([[1, ["{% $nope %}"]]], "Output[0][1][0]", "returned nothing (undefined)."),
        ({"f": "{% $sum %}"}, "Output/f", "returned an unsupported result type."),
        (["{% [function(){1}] %}"], "Output[0]", "returned an unsupported result type."),
        ("{% 'a' + 1 %}", "Output", 'threw an error during evaluation. T2001: The left side of the "+" operator must evaluate to a number'),
        ("{% $error('no') %}", "Output", "threw an error during evaluation. D3137: no"),
    ],
)
def test_a_failure_names_its_expression_and_its_place(field: Any, place: str, end: str) -> None:
    fault = failure(compile_jsonata(field, "Output"))
    assert fault.location == place
    assert fault.cause is not None
    assert fault.cause.startswith("The JSONata expression '")
    assert fault.cause.endswith(f"' specified for the field '{place}' {end}")


def test_an_expression_that_does_not_parse_is_refused_when_it_is_compiled() -> None:
    with pytest.raises(JsonataError):
        compile_jsonata({"a": "{% 1 + %}"}, "Output")


def test_a_field_nested_too_deeply_is_refused() -> None:
    value: Any = "{% 1 %}"
    for _ in range(DEEPEST + 1):
        value = [value]
    with pytest.raises(ValueError, match="nested too deeply"):
        compile_jsonata(value, "Output")


@pytest.mark.parametrize(
    ("text", "types", "end"),
    [
        ("{% 1 %}", ("array",), "returned an unexpected result type. Expected 'array', but was 'number' for value: 1"),
        ("{% 'x' %}", ("boolean",), "returned an unexpected result type. Expected 'boolean', but was 'string' for value: \"x\""),
        ("{% null %}", ("object",), "returned an unexpected result type. Expected 'object', but was 'null' for value: null"),
        ("{% true %}", ("number",), "returned an unexpected result type. Expected 'number', but was 'boolean' for value: true"),
        (
            "{% {'é': [1.0]} %}",
            ("string",),
            "returned an unexpected result type. Expected 'string', but was 'object' for value: {\"é\":[1]}",
        ),
    ],
)
def test_a_value_of_another_type_fails_the_field(text: str, types: tuple[str, ...], end: str) -> None:
    fault = failure(compile_jsonata(text, "Items", *types))
    assert fault.location == "Items"
    assert fault.cause == f"The JSONata expression '{inner(text)}' specified for the field 'Items' {end}"


def test_a_literal_of_the_right_type_is_taken_as_it_is() -> None:
    assert compile_jsonata([1, "{% 2 %}"], "Items", "array").evaluate({}, scope()) == [1, 2]
    assert compile_jsonata({"a": 1}, "Assign", "object").evaluate({}, scope()) == {"a": 1}


# ---------------------------------------------------------------- numbers and times


@pytest.mark.parametrize(
    ("text", "bounds", "found"),
    [
        ("{% 0 %}", (0,), 0),
        ("{% 3.0 %}", (0,), 3),
        ("{% 1 %}", (1,), 1),
        ("{% 0 %}", (0, 100), 0),
        ("{% 33.3 %}", (0, 100), 33.3),
        ("{% 100 %}", (0, 100), 100),
        ("{% -1 %}", (0,), "non-negative integer: -1"),
        ("{% 0.5 %}", (0,), "non-negative integer: 0.5"),
        ("{% 0 %}", (1,), "positive integer: 0"),
        ("{% 1.5 %}", (1,), "positive integer: 1.5"),
        ("{% 100.5 %}", (0, 100), "number from 0 to 100: 100.5"),
        ("{% -0.5 %}", (0, 100), "number from 0 to 100: -0.5"),
    ],
)
def test_a_number_is_in_its_range(text: str, bounds: tuple[int, ...], found: Any) -> None:
    template = compile_number(text, "Field", *bounds)
    if isinstance(found, str):
        cause = f"The JSONata expression '{inner(text)}' specified for the field 'Field' returned a value that is not a {found}"
        assert failure(template).cause == cause
    else:
        assert template.evaluate({}, scope()) == found


def test_a_whole_number_is_an_integer_however_it_was_written() -> None:
    found = compile_number("{% $states.input.n %}", "Seconds", 0).evaluate({"input": {"n": 2.0}}, scope())
    assert (found, type(found)) == (2, int)


def test_a_number_is_a_number() -> None:
    cause = failure(compile_number("{% '1' %}", "Seconds", 0)).cause
    assert cause is not None
    assert cause.endswith("returned an unexpected result type. Expected 'number', but was 'string' for value: \"1\"")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("{% '1970-01-01T00:01:00Z' %}", 60),
        ("{% '1970-01-01T01:00:00.5+01:00' %}", 0.5),
        ("{% $fromMillis(1500) %}", 1.5),
        ("{% $now() %}", NOW),
    ],
)
def test_a_moment_is_in_seconds(text: str, seconds: float) -> None:
    assert compile_moment(text, "Timestamp").evaluate({}, scope()) == seconds


@pytest.mark.parametrize("text", ["tomorrow", "1970-01-01", "1970-01-01 00:00:00Z", ""])
def test_a_moment_is_a_timestamp(text: str) -> None:
    cause = failure(compile_moment(f"{{% '{text}' %}}", "Timestamp")).cause
    form = "a valid ISO-8601 extended offset date-time format string"
    assert cause == f"The JSONata expression ''{text}'' specified for the field 'Timestamp' returned a value that is not {form}: {text}"


def test_limits_are_aws_s_besides_the_seconds() -> None:
    assert (limits(2.0).seconds, limits(2.0).depth, limits(2.0).bytes, limits(2.0).range_elements) == (2.0, 100, 6_990_256, 360_145)
    assert limits(2.0) is limits(2.0)
