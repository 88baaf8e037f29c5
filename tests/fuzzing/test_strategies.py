"""Schemas, examples and readers: only what is declared is drawn, and what is read is found."""

from __future__ import annotations

from random import Random
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from states.fuzzing import InvalidSchema, from_examples, from_machine, from_schema
from states.fuzzing.boundaries import arguments, around
from states.fuzzing.data import INPUT
from states.fuzzing.drawing import MANY, count, nth, some
from states.fuzzing.schemas import of_schema
from states.fuzzing.shapes import Fields, Items, Numbers, TooDeep, Values, of_examples
from states.fuzzing.smaller import below
from states.fuzzing.strategies import of_shape, without_patterns
from states.fuzzing.uses import read
from states.language.values import dumps
from tests.fuzzing.planted import DONE, NO_DEFAULT_NUMBER, NO_IS_PRESENT, machine, rule, task

Json = Any

SCHEMAS: dict[str, Json] = {
    "bounds": {"type": "integer", "minimum": 3, "exclusiveMaximum": 9},
    "number": {"type": "number", "minimum": -1.5, "maximum": 2},
    "steps": {"type": "integer", "multipleOf": 5, "minimum": 7, "maximum": 60},
    "text": {"type": "string", "minLength": 2, "maxLength": 4},
    "long text": {"type": "string", "maxLength": 5000},
    "pattern": {"type": "string", "pattern": "^[A-Z]-[0-9]{1,3}$"},
    "formats": {
        "type": "object",
        "properties": {"at": {"type": "string", "format": "date-time"}, "id": {"format": "uuid"}},
        "required": ["at"],
    },
    "enum": {"enum": ["EUR", "SEK", None, 1]},
    "const": {"const": {"a": [1]}},
    "types": {"type": ["integer", "null", "string"], "maxLength": 2},
    "object": {
        "type": "object",
        "properties": {
            "id": {"type": "string", "minLength": 1},
            "n": {"type": "integer"},
            "tags": {"type": "array", "items": {"enum": ["a", "b"]}},
        },
        "required": ["id", "unsaid"],
        "additionalProperties": {"type": "boolean"},
    },
    "unique": {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 5}, "minItems": 2, "uniqueItems": True},
    "long list": {"type": "array", "items": {"type": "boolean"}, "maxItems": 500},
    "any of": {"anyOf": [{"type": "integer"}, {"type": "object", "required": ["a"]}]},
    "one of, with parts beside": {
        "type": "object",
        "required": ["k"],
        "oneOf": [{"properties": {"k": {"const": 1}}}, {"properties": {"k": {"const": 2}}}],
    },
    "all of": {
        "allOf": [{"type": "object", "required": ["a"]}, {"properties": {"a": {"type": "integer"}}}, {"properties": {"a": {"minimum": 7}}}]
    },
    "not": {"type": "integer", "minimum": 0, "maximum": 9, "not": {"multipleOf": 2}},
    "references": {
        "$defs": {"money": {"type": "object", "properties": {"cents": {"type": "integer"}}, "required": ["cents"]}},
        "type": "array",
        "items": {"$ref": "#/$defs/money"},
    },
    "a tree": {
        "type": "object",
        "properties": {"name": {"type": "string"}, "inside": {"type": "array", "items": {"$ref": "#"}}},
        "required": ["name"],
    },
    "anything": True,
}


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS)
def test_what_is_drawn_of_a_schema_is_valid(schema: Json) -> None:
    drawn: list[Json] = []

    @settings(max_examples=30, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(from_schema(schema))
    def draw(value: Json) -> None:
        drawn.append(value)
        jsonschema.validate(value, schema, cls=jsonschema.Draft202012Validator)

    draw()
    shape, random = without_patterns(of_schema(schema)), Random(0)
    quick = [some(shape, random) for _ in range(100)]
    assert drawn
    assert any(jsonschema.Draft202012Validator(schema).is_valid(value) for value in quick)


INVALID: dict[str, tuple[Json, type[Exception], str]] = {
    "no schema": (7, InvalidSchema, "expected a JSON Schema, an object, true or false; found"),
    "a wrong keyword": ({"type": "text"}, InvalidSchema, "'text' is not valid"),
    "a place": ({"properties": {"a": {"minimum": "1"}}}, InvalidSchema, "/properties/a/minimum: '1' is not of type 'number'"),
    "nothing": (False, InvalidSchema, "allows nothing"),
    "nothing needed": ({"properties": {"a": False}, "required": ["a"]}, InvalidSchema, "allows nothing"),
    "a reference out": ({"$ref": "other.json"}, InvalidSchema, "leads out of the schema"),
    "a reference to nowhere": ({"$ref": "#/$defs/a"}, InvalidSchema, "leads nowhere"),
    "needs itself": ({"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["a"]}, TooDeep, "needs itself"),
    "no pattern": ({"type": "string", "pattern": "[z-a]"}, InvalidSchema, "/pattern"),
    "too long": ({"type": "string", "minLength": 10**9}, InvalidSchema, "256 KiB"),
    "too many": ({"type": "array", "minItems": 10**9}, InvalidSchema, "256 KiB"),
    "too many ways": (
        {"$defs": {str(n): {"anyOf": [{"$ref": f"#/$defs/{m}"} for m in range(9)]} for n in range(9)}, "$ref": "#/$defs/0"},
        TooDeep,
        "needs itself",
    ),
}


@pytest.mark.parametrize(("schema", "kind", "message"), INVALID.values(), ids=INVALID)
def test_a_schema_that_cannot_be_used_is_told(schema: Json, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message.replace("(", r"\(")):
        from_schema(schema)


def test_a_schema_has_the_boundaries_of_the_rules() -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer", "minimum": 100}}, "required": ["n"]}

    assert find(from_schema(schema, NO_DEFAULT_NUMBER), lambda value: value["n"] == 101, settings=settings(database=None)) == {"n": 101}


# ---------------------------------------------------------------- examples

EXAMPLES = [{"id": "a", "n": 7, "lines": [{"q": 1}, {"q": 2, "gift": True}]}, {"id": "b", "n": 8, "lines": [{"q": 1}], "note": None}]


@settings(max_examples=50, database=None, deadline=None)
@given(from_examples(EXAMPLES, NO_DEFAULT_NUMBER))
def test_what_is_like_the_examples_has_their_fields_values_and_lengths(value: Json) -> None:
    assert {"id", "n", "lines"} <= set(value) <= {"id", "n", "lines", "note"}
    assert value["id"] in ("a", "b")
    assert value["n"] in (7, 8, 99, 100, 101)
    assert value.get("note") is None
    assert 1 <= len(value["lines"]) <= 2
    assert all(set(line) in ({"q"}, {"q", "gift"}) and line["q"] in (1, 2) for line in value["lines"])


@pytest.mark.parametrize("examples", [EXAMPLES, [1, "a", None, True], [[], [1, 2]], [{}]])
def test_every_example_is_like_the_examples(examples: list[Json]) -> None:
    shape = of_examples(examples)
    assert count(shape) <= MANY
    every = [dumps(nth(shape, number)) for number in range(count(shape))]
    assert {dumps(example) for example in examples} <= set(every)
    assert len(every) == len(set(every))


def test_examples_that_are_too_deep_are_refused() -> None:
    deep: Json = 1
    for _ in range(100):
        deep = [deep]
    with pytest.raises(TooDeep):
        of_examples([deep])


@pytest.mark.parametrize(
    ("shape", "value", "least"),
    [
        (Values((1, 2, 3)), 3, 1),
        (Numbers(5, 100), 60, 5),
        (Numbers(None, None), -60, 0),
        (Fields({"a": Values((1, 2)), "b": Values((1,))}, frozenset("b")), {"a": 2, "b": 1}, {"a": 1}),
        (Items(Values((1, 2)), 1, 3), [2, 2, 1], [1]),
        (Items(Values((1,)), 0, 9000, True), [1] * 8000, []),
    ],
)
def test_a_case_gets_smaller_up_to_the_plainest(shape: Any, value: Json, least: Json) -> None:
    assert find(below(shape, value), lambda found: True, settings=settings(database=None)) == least
    assert find(of_shape(shape), lambda found: True, settings=settings(database=None)) is not None


# ---------------------------------------------------------------- what is read


@pytest.mark.parametrize(
    ("operator", "operand", "values"),
    [
        ("NumericEquals", 1.5, [1.5, 0.5, 2.5]),
        ("StringEquals", "other", ["other", "another"]),
        ("StringLessThan", "b", ["b", "ba", ""]),
        ("StringMatches", "a*\\*", ["ax*", "other"]),
        ("BooleanEquals", True, [True, False]),
        ("TimestampLessThan", "2026-01-01T00:00:00Z", ["2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", "2026-01-01T00:00:01Z"]),
    ],
)
def test_the_values_around_a_boundary(operator: str, operand: Json, values: list[Json]) -> None:
    assert around(operator, operand) == values


def test_the_arguments_of_intrinsics_have_types() -> None:
    text = "States.Format('$.no {}', States.ArrayGetItem($.list, $.index), $$.Execution.Id, $v.x)"
    assert list(arguments(text)) == [("$.list", ("list",)), ("$.index", ("number",)), ("$$.Execution.Id", ()), ("$v.x", ())]


READ: dict[str, tuple[Json, Json]] = {
    "a rule": (NO_IS_PRESENT, {"discount": ["number"]}),
    "through ResultPath and Parameters": (
        machine(
            "A",
            A={"Type": "Pass", "Parameters": {"x.$": "$.a.b"}, "ResultPath": "$.made", "Next": "B"},
            B={"Type": "Choice", "Choices": [rule("$.made.x", "C", StringEquals="k")], "Default": "C"},
            C=DONE,
        ),
        {"a": {"b": ["string"]}},
    ),
    "items": (
        machine(
            "M", M={"Type": "Map", "ItemsPath": "$.l", "ItemProcessor": machine("T", T=task("t", Parameters={"q.$": "$.q"})), "End": True}
        ),
        {"l": [{"q": []}]},
    ),
    "variables": (
        machine("A", A={"Type": "Pass", "Assign": {"v.$": "$.a"}, "Next": "W"}, W={"Type": "Wait", "SecondsPath": "$v.s", "End": True}),
        {"a": {"s": ["seconds"]}},
    ),
    "the input in the context": (machine("A", A={"Type": "Pass", "Parameters": {"x.$": "$$.Execution.Input.a"}, "End": True}), {"a": []}),
    "JSONata": (
        {
            "QueryLanguage": "JSONata",
            **machine(
                "A",
                A={"Type": "Pass", "Assign": {"o": "{% $states.input.order %}"}, "Next": "C"},
                C={"Type": "Choice", "Choices": [{"Condition": "{% $o.total >= 10 and $o.kind = 'x' %}", "Next": "D"}], "Default": "D"},
                D=DONE,
            ),
        },
        {"order": {"total": ["number"], "kind": ["string"]}},
    ),
}


def told(uses: Any, path: tuple[Any, ...] = ()) -> Json:
    below = list(dict.fromkeys(each[len(path)] for each in uses if len(each) > len(path) and each[: len(path)] == path))
    if below == ["*"]:
        return [told(uses, (*path, "*"))]
    return {key: told(uses, (*path, key)) for key in below} if below else list(uses[path].types)


@pytest.mark.parametrize(("definition", "found"), READ.values(), ids=READ)
def test_what_a_machine_reads_of_its_input(definition: Json, found: Json) -> None:
    assert told(read(definition)[INPUT]) == found


@settings(max_examples=20, database=None, deadline=None)
@given(st.data())
def test_an_input_of_a_machine_has_what_is_read_of_it(data: st.DataObject) -> None:
    value = data.draw(from_machine(NO_DEFAULT_NUMBER))
    assert value["n"] in (100, 99, 101)
