"""JSON Schema -> Shape: every value that is drawn is valid, because what is drawn is checked by the schema itself at the end.

Understood: type, enum, const, properties, required, items, prefixItems, the bounds of numbers, texts and lists, pattern, format,
anyOf, oneOf, allOf, if it is of plain parts, `$ref` within the document. Other keywords only refuse what was drawn. The library
hypothesis-jsonschema (0.23.1 of February 2024, its last) would know more, but does not run with today's hypothesis: it calls
an internal function of it that was renamed.

Source: https://json-schema.org/draft/2020-12/json-schema-validation
"""

from __future__ import annotations

import re
from collections.abc import Callable
from math import ceil, floor, inf
from typing import Any

from states.fuzzing.shapes import DEEPEST, Fields, Items, Numbers, OneOf, Shape, Texts, TooDeep, Values, distinct, one_of
from states.language.values import type_name

Json = Any

MOST_PARTS = 5_000  #: of a schema, each `$ref` counted with what it leads to
LONGEST = 262_144  #: characters or items: no input has more
FEW = 3  #: items of a list whose schema does not say how many
EVERYTHING: Shape = OneOf((Values((None, True, 1, "a")), Items(Values((1,)), 0, 1), Fields({"a": Values((1,))}, frozenset("a"))))

#: Texts of a format.
FORMATS = {
    "date-time": ("2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", "2026-01-02T08:30:00+01:00"),
    "date": ("2026-01-01", "2024-02-29"),
    "time": ("00:00:00Z", "23:59:59Z"),
    "email": ("a@example.com",),
    "uuid": ("00000000-0000-4000-8000-000000000000",),
    "uri": ("https://example.com/",),
    "hostname": ("example.com",),
    "ipv4": ("192.0.2.1",),
    "ipv6": ("2001:db8::1",),
    "duration": ("PT1S",),
}
TYPES = ("object", "array", "string", "integer", "number", "boolean", "null")


class InvalidSchema(ValueError):
    """A JSON Schema is none, or allows nothing."""


def validator(schema: Json) -> Callable[[Json], bool]:
    """Whether a value is valid. Raises InvalidSchema when the schema is none."""
    import jsonschema

    if type(schema) not in (dict, bool):
        raise InvalidSchema(f"expected a JSON Schema, an object, true or false; found {type_name(schema)}")
    kind = jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)
    try:
        kind.check_schema(schema)
    except jsonschema.SchemaError as fault:
        place = "/".join(map(str, fault.absolute_path))
        raise InvalidSchema(f"{'/' + place + ': ' if place else ''}{fault.message}") from None
    made = kind(schema)
    return lambda value: bool(made.is_valid(value))


def of_schema(schema: Json) -> Shape:
    """The shape of what a schema allows. Raises InvalidSchema, or TooDeep for a schema that needs itself without end."""
    return _Reader(schema).shape(schema, 0)


class _Reader:
    def __init__(self, document: Json) -> None:
        self._document = document
        self._within: list[str] = []
        self._made = 0

    def shape(self, schema: Json, depth: int) -> Shape:
        self._made += 1
        if depth > DEEPEST or self._made > MOST_PARTS:
            raise TooDeep(f"a schema is nested deeper than {DEEPEST} levels, or has more than {MOST_PARTS:,} parts")
        if schema is True or schema == {}:
            return EVERYTHING
        if schema is False:
            raise InvalidSchema("a part of the schema that is needed allows nothing")
        if "$ref" in schema:
            return self._referred(schema, depth)
        if "const" in schema:
            return Values((schema["const"],))
        if "enum" in schema:
            return Values(distinct(schema["enum"]))
        if "allOf" in schema:
            return self.shape(self._all_of(schema), depth + 1)
        for keyword in ("anyOf", "oneOf"):
            if keyword in schema:
                beside = {key: value for key, value in schema.items() if key not in ("anyOf", "oneOf")}
                return one_of(self._each([_merged(beside, each) for each in schema[keyword]], depth))
        types = schema.get("type", _type_of(schema))
        return (
            one_of(self._each([{**schema, "type": name} for name in types], depth))
            if isinstance(types, list)
            else self._typed(types, schema, depth)
        )

    def _each(self, schemas: list[Json], depth: int) -> list[Shape]:
        """The shapes of those that can be made; one that needs itself is left out where another does."""
        made: list[Shape] = []
        faults: list[ValueError] = []
        for schema in schemas:
            try:
                made.append(self.shape(schema, depth + 1))
            except (TooDeep, InvalidSchema) as fault:
                faults.append(fault)
        if not made:
            raise faults[0] if faults else InvalidSchema("a part of the schema allows nothing")
        return made

    def _referred(self, schema: Json, depth: int) -> Shape:
        reference = schema["$ref"]
        if self._within.count(reference) >= 2:
            raise TooDeep(f"{reference} needs itself without end")
        self._within.append(reference)
        try:
            return self.shape(_merged(self._found(reference), {key: value for key, value in schema.items() if key != "$ref"}), depth + 1)
        finally:
            self._within.pop()

    def _found(self, reference: str) -> Json:
        if not isinstance(reference, str) or not reference.startswith("#"):
            raise InvalidSchema(f"$ref {reference!r} leads out of the schema; only references within it are followed")
        found = self._document
        for step in reference[1:].split("/")[1:]:
            step = step.replace("~1", "/").replace("~0", "~")
            try:
                found = found[int(step)] if isinstance(found, list) else found[step]
            except (KeyError, IndexError, ValueError, TypeError):
                raise InvalidSchema(f"$ref {reference!r} leads nowhere") from None
        return found

    def _all_of(self, schema: Json) -> Json:
        made = {key: value for key, value in schema.items() if key != "allOf"}
        for each in schema["allOf"]:
            seen = 0
            while isinstance(each, dict) and "$ref" in each and seen < DEEPEST:
                each, seen = _merged(self._found(each["$ref"]), {k: v for k, v in each.items() if k != "$ref"}), seen + 1
            made = _merged(made, each)
        return made

    def _typed(self, name: str, schema: Json, depth: int) -> Shape:
        if name == "object":
            return self._object(schema, depth)
        if name == "array":
            return self._array(schema, depth)
        if name == "string":
            if schema.get("format") in FORMATS and "pattern" not in schema:
                return Values(FORMATS[schema["format"]])
            return Texts(_least(schema, "minLength"), schema.get("maxLength"), _pattern(schema.get("pattern")))
        if name in ("integer", "number"):
            return _numbers(schema, name == "integer")
        return Values((True, False)) if name == "boolean" else Values((None,))

    def _object(self, schema: Json, depth: int) -> Shape:
        required = schema.get("required", [])
        fields: dict[str, Shape] = {}
        for name, inner in {**dict.fromkeys(required, True), **schema.get("properties", {})}.items():
            try:
                fields[name] = self.shape(inner, depth + 1)
            except (TooDeep, InvalidSchema):
                if name in required or self._made > MOST_PARTS:
                    raise
        return Fields(fields, frozenset(name for name in fields if name not in required))

    def _array(self, schema: Json, depth: int) -> Shape:
        least, most = _least(schema, "minItems"), schema.get("maxItems")
        inner = schema.get("items", True)
        inner = schema["prefixItems"][0] if schema.get("prefixItems") else inner
        try:
            item = self.shape(inner, depth + 1)
        except (TooDeep, InvalidSchema):
            if least:
                raise
            return Items(Values((None,)), 0, 0)
        few = max(least, FEW)
        return Items(item, least, few if most is None else most, most is not None and most > few, schema.get("uniqueItems", False))


def _least(schema: Json, keyword: str) -> int:
    least = int(schema.get(keyword, 0))
    if least > LONGEST:
        raise InvalidSchema(f"{keyword} {least:,} is more than the 256 KiB that an input may have")
    return least


def _pattern(text: str | None) -> str | None:
    try:
        re.compile(text or "")
    except re.error as fault:
        raise InvalidSchema(f"the pattern {text!r} is no regular expression of Python: {fault}") from None
    return text


def _type_of(schema: Json) -> str | list[str]:
    """The type of a schema that does not say it, by its keywords."""
    for name, keywords in (
        ("object", ("properties", "required", "additionalProperties")),
        ("array", ("items", "prefixItems", "minItems", "maxItems")),
        ("string", ("pattern", "format", "minLength", "maxLength")),
        ("number", ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")),
    ):
        if any(keyword in schema for keyword in keywords):
            return name
    return ["null", "boolean", "integer", "string"]


def _merged(one: Json, other: Json) -> Json:
    """Two schemas that hold both, as far as one schema can say that; what it cannot is left to the check."""
    if one is True or other is True:
        return other if one is True else one
    if one is False or other is False:
        return False
    made: dict[str, Any] = dict(one)
    for key, value in other.items():
        if key == "properties":
            known = made.get(key, {})
            made[key] = {**known, **{name: _merged(known.get(name, True), inner) for name, inner in value.items()}}
        elif key == "required":
            made[key] = list(dict.fromkeys([*made.get(key, ()), *value]))
        elif key in ("minimum", "minLength", "minItems", "exclusiveMinimum") and key in made:
            made[key] = max(made[key], value)
        elif key in ("maximum", "maxLength", "maxItems", "exclusiveMaximum") and key in made:
            made[key] = min(made[key], value)
        elif key == "enum" and key in made:
            made[key] = [each for each in made[key] if each in value]
        else:
            made[key] = value
    return made


def _numbers(schema: Json, is_whole: bool) -> Shape:
    least, most = schema.get("minimum", -inf), schema.get("maximum", inf)
    for keyword, sign in (("exclusiveMinimum", 1), ("exclusiveMaximum", -1)):
        bound = schema.get(keyword)
        if isinstance(bound, (int, float)) and not isinstance(bound, bool):
            inside = (floor(bound) + 1 if sign > 0 else ceil(bound) - 1) if is_whole else bound
            least, most = (max(least, inside), most) if sign > 0 else (least, min(most, inside))
    if is_whole:
        least, most = (ceil(least) if least > -inf else least), (floor(most) if most < inf else most)
    if step := schema.get("multipleOf"):
        first = ceil(max(least, -1000 * step) / step)
        found = [first * step + step * each for each in range(50)]
        near = sorted((value for value in found if least <= value <= most), key=abs)
        return Values(tuple(near) or (0,))
    bounds = tuple(bound for bound in (least, most) if abs(bound) < inf)
    return Numbers(None if least == -inf else least, None if most == inf else most, is_whole, bounds)
