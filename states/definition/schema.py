"""Is the shape right? The schemas of `asl_schemas/`, and AWS's words for what breaks them.

A definition is judged part by part: the machine, every state by the schema of its Type, every retrier, catcher and choice rule. `conforms`
is a small walker of just the keywords the schemas use and answers yes or no without importing jsonschema; only a part that it refuses
is given to jsonschema, which names every fault. Neither walks from one part into another, so nesting and length cost little.

Source: https://json-schema.org/draft/2020-12; messages recorded from ValidateStateMachineDefinition
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

import asl_schemas
from states.definition.diagnostics import SCHEMA_VALIDATION_FAILED, Diagnostic
from states.definition.hints import did_you_mean
from states.definition.outline import TYPES, Node, Outline

MAX_FAULTS = 1000  #: of shape; more than anybody reads

Check = Callable[[Any], bool]

STATE, RULE, NESTED_RULE = "state.json", "choice_rule.json", "choice_rule.json#/$defs/nested"
DOCUMENTS = {name: f"{name.lower()}.json" for name in TYPES}
LISTS = {"Retry": "retry.json", "Catch": "catch.json"}

#: What a schema refers to by these is a part of its own, and is passed by where it is met inside another part.
PARTS = frozenset({STATE, RULE, NESTED_RULE, *LISTS.values()})


@cache
def document(name: str) -> dict[str, Any]:
    """A schema file as JSON. The package's loader reads it: from a folder, a wheel or a zip.

    Without its `$schema`: by that jsonschema would choose its own class over the one of `validator`.
    """
    loaded: dict[str, Any] = json.loads(asl_schemas.__loader__.get_data(f"{asl_schemas.__path__[0]}/{name}"))  # type: ignore[union-attr]
    loaded.pop("$schema")
    return loaded


# --- yes or no ---------------------------------------------------------------------------------------------------------------------


def conforms(value: Any, reference: str = "state_machine.json") -> bool:
    """Whether a part keeps a schema (the parts inside it not looked at)."""
    return root(reference)(value)


def conforms_wholly(outline: Outline) -> bool:
    """Whether a whole definition keeps the schemas."""
    return all(conforms(part.value, part.reference) for part in parts(outline))


class Piece(NamedTuple):
    """A part of a definition: the state it is in (None for the machine), its place in that, its value, its schema."""

    node: Node | None
    place: str
    value: Any
    reference: str


def parts(outline: Outline) -> Iterator[Piece]:
    """The machine, and each state with what it holds."""
    yield Piece(None, "", outline.definition, "state_machine.json")
    for node in outline.nodes:
        yield Piece(node, "", node.written, DOCUMENTS[node.type] if node.type else STATE)
        if node.type:
            yield from held(node, supported_fields(node.type))


def held(node: Node, supported: frozenset[str]) -> Iterator[Piece]:
    """The retriers, catchers and choice rules of a state, rules inside rules too."""
    for field, reference in LISTS.items():
        if field in supported and type(node.value.get(field)) is list:
            yield from (Piece(node, f"/{field}[{index}]", entry, reference) for index, entry in enumerate(node.value[field]))
    if node.type == "Choice":
        outermost = len(node.value["Choices"]) if type(node.value.get("Choices")) is list else 0
        for number, (place, rule) in enumerate(node.rules):
            yield Piece(node, place, rule, RULE if number < outermost else NESTED_RULE)


@cache
def supported_fields(type_name: str) -> frozenset[str]:
    """The fields a state of this Type may have, in either query language."""
    return frozenset(document(DOCUMENTS[type_name])["properties"])


@cache
def root(reference: str) -> Check:
    return compile_schema(*resolve(reference))


def resolve(reference: str, base: str = "") -> tuple[Any, str]:
    """The schema a reference leads to, and the file it is in."""
    file, _, pointer = reference.partition("#")
    schema: Any = document(file or base)
    for step in pointer.split("/")[1:]:
        schema = schema[step]
    return schema, file or base


@cache
def target(reference: str, base: str) -> Check:
    """What a `$ref` inside a part leads to. Compiled when first needed."""
    return anything if reference in PARTS else compile_schema(*resolve(reference, base))


def anything(value: Any) -> bool:  # noqa: ARG001
    return True


def compile_schema(schema: Any, base: str) -> Check:
    if schema is True:
        return anything
    checks = [KEYWORDS[keyword](argument, schema, base) for keyword, argument in schema.items() if keyword in KEYWORDS]
    return checks[0] if len(checks) == 1 else every(checks)


def every(checks: list[Check]) -> Check:
    def check(value: Any) -> bool:
        for each in checks:  # noqa: SIM110 - all() would make a generator for each value
            if not each(value):
                return False
        return True

    return check


def is_integer(value: Any) -> bool:
    return type(value) is int or (type(value) is float and value.is_integer())


IS: dict[str, Check] = {
    "object": lambda value: type(value) is dict,
    "array": lambda value: type(value) is list,
    "string": lambda value: type(value) is str,
    "boolean": lambda value: type(value) is bool,
    "null": lambda value: value is None,
    "integer": is_integer,
    "number": lambda value: type(value) in (int, float),
}


def type_(argument: Any, schema: Any, base: str) -> Check:  # noqa: ARG001
    if type(argument) is str:
        return IS[argument]
    tests = [IS[name] for name in argument]
    return lambda value: any(test(value) for test in tests)


def same(left: Any, right: Any) -> bool:
    """JSON equality of scalars: true is no 1."""
    return type(left) is type(right) and bool(left == right)


def enum(argument: Any, schema: Any, base: str) -> Check:  # noqa: ARG001
    return lambda value: any(same(value, item) for item in argument)


def const(argument: Any, schema: Any, base: str) -> Check:  # noqa: ARG001
    return lambda value: same(value, argument)


def required(argument: Any, schema: Any, base: str) -> Check:  # noqa: ARG001
    return lambda value: type(value) is not dict or all(name in value for name in argument)


def properties(argument: Any, schema: Any, base: str) -> Check:  # noqa: ARG001
    compiled: dict[str, Check] = {}

    def check(value: Any) -> bool:
        if type(value) is not dict:
            return True
        for name, item in value.items():
            if name in argument:
                if name not in compiled:
                    compiled[name] = compile_schema(argument[name], base)
                if not compiled[name](item):
                    return False
        return True

    return check


def additional_properties(argument: Any, schema: Any, base: str) -> Check:
    known = frozenset(schema.get("properties", ()))
    if argument is False:
        return lambda value: type(value) is not dict or known.issuperset(value)
    inner = compile_schema(argument, base)
    return lambda value: type(value) is not dict or all(inner(item) for name, item in value.items() if name not in known)


def items(argument: Any, schema: Any, base: str) -> Check:  # noqa: ARG001
    inner = compile_schema(argument, base)
    return lambda value: type(value) is not list or all(inner(item) for item in value)


def sized(kind: type[Any]) -> Callable[[Any, Any, str], Check]:
    def compile_size(argument: Any, schema: Any, base: str) -> Check:  # noqa: ARG001
        return lambda value: type(value) is not kind or len(value) >= argument

    return compile_size


def bound(holds: Callable[[Any, Any], bool]) -> Callable[[Any, Any, str], Check]:
    def compile_bound(argument: Any, schema: Any, base: str) -> Check:  # noqa: ARG001
        return lambda value: type(value) not in (int, float) or holds(value, argument)

    return compile_bound


def if_(argument: Any, schema: Any, base: str) -> Check:
    condition, then = compile_schema(argument, base), compile_schema(schema["then"], base)
    return lambda value: not condition(value) or then(value)


def all_of(argument: Any, schema: Any, base: str) -> Check:  # noqa: ARG001
    return every([compile_schema(inner, base) for inner in argument])


def ref(argument: Any, schema: Any, base: str) -> Check:  # noqa: ARG001
    return lambda value: target(argument, base)(value)


KEYWORDS: dict[str, Callable[[Any, Any, str], Check]] = {
    "$ref": ref,
    "type": type_,
    "enum": enum,
    "const": const,
    "required": required,
    "properties": properties,
    "additionalProperties": additional_properties,
    "items": items,
    "minItems": sized(list),
    "minProperties": sized(dict),
    "minLength": sized(str),
    "minimum": bound(lambda value, limit: bool(value >= limit)),
    "maximum": bound(lambda value, limit: bool(value <= limit)),
    "if": if_,
    "allOf": all_of,
}

#: Keywords that say nothing of a value.
SILENT = frozenset({"$schema", "$id", "$defs", "title", "description", "then"})


# --- every fault -------------------------------------------------------------------------------------------------------------------


def faults(outline: Outline) -> list[Diagnostic]:
    """What is wrong with the shape of a definition, in AWS's words, at most MAX_FAULTS of them."""
    broken = (part for part in parts(outline) if not conforms(part.value, part.reference))
    return list(islice((fault for part in broken for fault in part_faults(part)), MAX_FAULTS))


def forgiven(outline: Outline) -> Iterator[str]:
    """Locations of the values that have a wrong shape, but are no fault because a `${substitution}` stands for them."""
    for part in parts(outline):
        if not conforms(part.value, part.reference):
            for error in validator(part.reference).iter_errors(part.value):
                if holds_substitution(error):
                    yield (part.node.location if part.node else "") + part.place + written(tuple(error.absolute_path))


def part_faults(part: Piece) -> Iterator[Diagnostic]:
    """The faults of one part, in the order of their places; of one value, a wrong type silences the rest."""
    location = (part.node.location if part.node else "") + part.place
    refused: set[tuple[Any, ...]] = set()
    found = islice(validator(part.reference).iter_errors(part.value), MAX_FAULTS)
    for error in sorted(found, key=lambda error: (list(map(str, error.absolute_path)), error.validator != "type")):
        path = tuple(error.absolute_path)
        once = (path, error.validator if error.validator in ("required", "additionalProperties") else None)
        if once in refused or (path, None) in refused or holds_substitution(error):
            continue
        refused.add(once)
        yield from WORDS[str(error.validator)](error, location + written(path))


@cache
def validator(reference: str) -> Any:
    """jsonschema's validator of one part."""
    import jsonschema
    from jsonschema.validators import extend

    def part_ref(validator: Any, reference: str, instance: Any, schema: Any) -> Iterator[Any]:
        if reference not in PARTS:
            yield from follow(validator, reference, instance, schema)

    follow: Any = jsonschema.Draft202012Validator.VALIDATORS["$ref"]
    kind: Any = extend(jsonschema.Draft202012Validator, {"$ref": part_ref})  # type: ignore[no-untyped-call]
    return kind(resolve(reference)[0], registry=registry())


@cache
def registry() -> Any:
    """Every schema file, for references from one to another."""
    from importlib.resources import files

    from referencing import Registry
    from referencing.jsonschema import DRAFT202012

    names = [file.name for file in files(asl_schemas).iterdir() if file.name.endswith(".json")]
    unfilled: Any = Registry()
    return unfilled.with_resources((name, DRAFT202012.create_resource(document(name))) for name in names).crawl()


def written(path: tuple[Any, ...]) -> str:
    """A path inside a part as AWS writes it: `/Retry[0]/ErrorEquals`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f"/{step}" for step in path)


def holds_substitution(error: Any) -> bool:
    """`${Name}` stands for anything: a text that holds one is of every type and every value."""
    return isinstance(error.instance, str) and "${" in error.instance and "}" in error.instance


def fault(message: str, location: str, key: str = "", hint: str = "") -> Diagnostic:
    return Diagnostic(SCHEMA_VALIDATION_FAILED, message, location or "/", key=key, hint=hint)


NAMES_OF_TYPES = {"integer": "Integer", "number": "[NUMBER]"}


def expected_type(error: Any, location: str) -> Iterator[Diagnostic]:
    wanted = error.validator_value if isinstance(error.validator_value, str) else error.validator_value[0]
    yield fault(f"Expected value of type {NAMES_OF_TYPES.get(wanted, f'[{wanted.upper()}]')}", location)


def missing_fields(error: Any, location: str) -> Iterator[Diagnostic]:
    missing = [name for name in error.validator_value if name not in error.instance]
    yield fault(f"These fields are required: [{', '.join(missing)}]", location)


def unknown_fields(error: Any, location: str) -> Iterator[Diagnostic]:
    known = error.schema["properties"]
    for name in error.instance:
        if name not in known:
            yield fault(f"Field '{name}' is not supported", location, key=name, hint=did_you_mean(name, known))


def not_among(error: Any, location: str) -> Iterator[Diagnostic]:
    values = f"[{', '.join(error.validator_value)}]"
    if location.endswith("/Type"):
        yield fault(
            f"The field 'Type' should have one of these values: {values}",
            location,
            hint=did_you_mean(error.instance, error.validator_value),
        )
    else:
        yield fault(f"Value should be one of the following: {values}", location, hint=did_you_mean(error.instance, error.validator_value))


def empty(error: Any, location: str) -> Iterator[Diagnostic]:  # noqa: ARG001
    yield fault("Value cannot be empty", location)


def too_small(error: Any, location: str) -> Iterator[Diagnostic]:
    yield fault(f"Minimum value is {error.validator_value}", location)


def too_big(error: Any, location: str) -> Iterator[Diagnostic]:
    yield fault(f"Maximum value is {error.validator_value}", location)


WORDS: dict[str, Callable[[Any, str], Iterator[Diagnostic]]] = {
    "type": expected_type,
    "required": missing_fields,
    "additionalProperties": unknown_fields,
    "enum": not_among,
    "minItems": empty,
    "minProperties": empty,
    "minLength": empty,
    "minimum": too_small,
    "maximum": too_big,
}
