"""Fields: which belong together, which exclude each other, and which query language they belong to.

Which fields a Type has at all is in the schemas; here is what depends on a second field or on the state's query language.

Source: https://states-language.net/spec.html#queryLanguage; messages recorded from ValidateStateMachineDefinition
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from states.definition import schema
from states.definition.diagnostics import SCHEMA_VALIDATION_FAILED, Diagnostic
from states.definition.outline import JSONATA, JSONPATH, Node, Outline
from states.language.comparisons import COMPARISONS

Fields = dict[str, Any]

COMBINATORS = frozenset({"And", "Or", "Not"})
TESTS = COMBINATORS | frozenset(COMPARISONS)

#: Fields of one query language only, wherever a schema allows them.
ONLY = {
    JSONPATH: frozenset(
        {
            *("InputPath", "OutputPath", "ResultPath", "Parameters", "ResultSelector", "ItemsPath", "Variable"),
            *("SecondsPath", "TimestampPath", "TimeoutSecondsPath", "HeartbeatSecondsPath", "ErrorPath", "CausePath"),
            *("MaxConcurrencyPath", "ToleratedFailureCountPath", "ToleratedFailurePercentagePath"),
            *("MaxItemsPath", "MaxItemsPerBatchPath", "MaxInputBytesPerBatchPath"),
            *TESTS,
        }
    ),
    JSONATA: frozenset({"Arguments", "Output", "Items", "Condition"}),
}
OTHER = {JSONPATH: JSONATA, JSONATA: JSONPATH}


def pieces(node: Node) -> Iterator[tuple[str, Fields]]:
    """Location and fields of a state and of every object in it that has fields of its own."""
    yield node.location, node.value
    for field in ("Retry", "Catch", "Choices"):
        entries = node.value.get(field)
        if type(entries) is list:
            yield from ((f"{node.location}/{field}[{index}]", entry) for index, entry in enumerate(entries) if type(entry) is dict)
    if node.type == "Map":
        for field in ("ItemReader", "ItemBatcher", "ResultWriter"):
            value = node.value.get(field)
            if type(value) is dict:
                yield f"{node.location}/{field}", value
        config = (node.value.get("ItemReader") or {}).get("ReaderConfig") if type(node.value.get("ItemReader")) is dict else None
        if type(config) is dict:
            yield f"{node.location}/ItemReader/ReaderConfig", config


# --- query languages ---------------------------------------------------------------------------------------------------------------


def language_is_not_downgraded(outline: Outline) -> Iterator[Diagnostic]:
    """In a JSONata machine no state says JSONPath."""
    for node in outline.nodes:
        if node.downgrades:
            message = "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine"
            yield Diagnostic(SCHEMA_VALIDATION_FAILED, message, node.location, key="QueryLanguage")


def fields_fit_the_language(outline: Outline) -> Iterator[Diagnostic]:
    """No field of the other query language. A state that downgrades has that one fault instead."""
    for node in outline.nodes:
        if node.type is not None and not node.downgrades:
            foreign = ONLY[OTHER[node.language]]
            supported = schema.supported_fields(node.type)
            for location, fields in pieces(node):
                if not foreign.isdisjoint(fields):
                    yield from (
                        wrong_language(node.language, field, location)
                        for field in fields
                        if field in foreign and (field in supported or fields is not node.value)
                    )


def wrong_language(language: str, field: str, location: str) -> Diagnostic:
    only = OTHER[language]
    message = f"The QueryLanguage is set to '{language}', but field '{field}' is only supported for the '{only}' QueryLanguage"
    return Diagnostic(SCHEMA_VALIDATION_FAILED, message, location, key=field)


#: Fields that are a number in JSONPath, and a number or an expression in JSONata; with AWS's word for the type.
NUMBERS = {
    "Seconds": "Integer",
    "TimeoutSeconds": "Integer",
    "HeartbeatSeconds": "Integer",
    "MaxConcurrency": "Integer",
    "ToleratedFailureCount": "Integer",
    "ToleratedFailurePercentage": "[NUMBER]",
    "MaxItems": "Integer",
    "MaxItemsPerBatch": "Integer",
    "MaxInputBytesPerBatch": "Integer",
}


def numbers_are_numbers(outline: Outline) -> Iterator[Diagnostic]:
    """A text stands for a number only in JSONata, and only as `{% ... %}`."""
    for node in outline.nodes:
        for location, fields in pieces(node):
            for field, value in fields.items():
                if type(value) is str and field in NUMBERS and not may_be_number(value, node.language):
                    message = f"Expected value of type {NUMBERS[field]}"
                    yield Diagnostic(SCHEMA_VALIDATION_FAILED, message, f"{location}/{field}")


def may_be_number(text: str, language: str) -> bool:
    return "${" in text or (language == JSONATA and is_jsonata(text))


def is_jsonata(text: str) -> bool:
    """Whether JSONata takes a string for an expression."""
    return text.startswith("{%") and text.endswith("%}")


# --- fields that need or exclude each other ----------------------------------------------------------------------------------------

#: At most one of each group may stand in an object. The last two are of a Map.
EXCLUSIVE = (
    ("Seconds", "SecondsPath", "Timestamp", "TimestampPath"),
    ("TimeoutSeconds", "TimeoutSecondsPath"),
    ("HeartbeatSeconds", "HeartbeatSecondsPath"),
    ("Error", "ErrorPath"),
    ("Cause", "CausePath"),
    ("MaxConcurrency", "MaxConcurrencyPath"),
    ("ToleratedFailureCount", "ToleratedFailureCountPath"),
    ("ToleratedFailurePercentage", "ToleratedFailurePercentagePath"),
    ("MaxItems", "MaxItemsPath"),
    ("MaxItemsPerBatch", "MaxItemsPerBatchPath"),
    ("MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"),
    ("ItemProcessor", "Iterator"),
    ("ItemSelector", "Parameters"),
)
IN_A_GROUP = frozenset(field for group in EXCLUSIVE for field in group)


def exclusive_fields(outline: Outline) -> Iterator[Diagnostic]:
    """A number and its Path form, or two names of one thing, do not stand together."""
    for node in outline.nodes:
        for location, fields in pieces(node):
            if len(IN_A_GROUP.intersection(fields)) > 1:
                yield from (exclude(found, location) for group in EXCLUSIVE if len(found := present(group, fields, node)) > 1)


def present(group: tuple[str, ...], fields: Fields, node: Node) -> list[str]:
    """The fields of a group that an object has, leaving out those the query language refuses anyway."""
    foreign = ONLY[OTHER[node.language]]
    return [field for field in group if field in fields and field not in foreign]


def exclude(found: list[str], location: str) -> Diagnostic:
    return Diagnostic(SCHEMA_VALIDATION_FAILED, f"Only one of these fields is allowed: [{', '.join(found)}]", location, key=found[1])


#: At least one of each group must stand in a state of the Type.
NEEDED = {
    "Wait": ("Seconds", "SecondsPath", "Timestamp", "TimestampPath"),
    "Map": ("ItemProcessor", "Iterator"),
}


def needed_fields(outline: Outline) -> Iterator[Diagnostic]:
    """A Wait says for how long, a Map what to run."""
    for node in outline.nodes:
        group = NEEDED.get(node.type or "")
        if group and not any(field in node.value for field in group):
            names = "[ItemProcessor]" if node.type == "Map" else None
            message = f"These fields are required: {names}" if names else f"One of these fields is required: [{', '.join(group)}]"
            yield Diagnostic(SCHEMA_VALIDATION_FAILED, message, node.location)


def credentials_name_a_role(outline: Outline) -> Iterator[Diagnostic]:
    """Credentials have a RoleArn, in JSONPath perhaps as `RoleArn.$`."""
    for node in outline.nodes:
        credentials = node.value.get("Credentials")
        if node.type == "Task" and type(credentials) is dict:
            names = ("RoleArn", "RoleArn.$") if node.language == JSONPATH else ("RoleArn",)
            if not any(name in credentials for name in names):
                message = "The field 'RoleArn' is required but was missing"
                yield Diagnostic(SCHEMA_VALIDATION_FAILED, message, f"{node.location}/Credentials")


# --- choice rules ------------------------------------------------------------------------------------------------------------------


def choice_rules_test_one_thing(outline: Outline) -> Iterator[Diagnostic]:
    """A JSONPath rule is one comparison of a Variable, or one And, Or or Not; a JSONata rule has a Condition."""
    for node in outline.nodes:
        rules = node.value.get("Choices")
        if node.type == "Choice" and type(rules) is list:
            judge = jsonpath_rule if node.language == JSONPATH else jsonata_rule
            for index, rule in enumerate(rules):
                if type(rule) is dict:
                    yield from judge(rule, f"{node.location}/Choices[{index}]")


def jsonata_rule(rule: Fields, location: str) -> Iterator[Diagnostic]:
    if "Condition" not in rule and ONLY[JSONPATH].isdisjoint(rule):
        yield Diagnostic(SCHEMA_VALIDATION_FAILED, "These fields are required: [Condition]", location)


def jsonpath_rule(rule: Fields, location: str) -> Iterator[Diagnostic]:
    """A rule and the rules inside it, with a list instead of recursion."""
    waiting = [(rule, location)]
    for item, where in waiting:  # grows while it is walked
        yield from one_test(item, where)
        for combinator in ("And", "Or"):
            inner = item.get(combinator)
            if type(inner) is list:
                waiting += [(each, f"{where}/{combinator}[{index}]") for index, each in enumerate(inner) if type(each) is dict]
        if type(item.get("Not")) is dict:
            waiting.append((item["Not"], f"{where}/Not"))


def one_test(rule: Fields, location: str) -> Iterator[Diagnostic]:
    tests = [field for field in rule if field in TESTS]
    if len(tests) > 1:
        yield exclude(tests, location)
    elif not tests and "Condition" not in rule:
        yield Diagnostic(SCHEMA_VALIDATION_FAILED, "A choice rule needs a comparison, or one of And, Or, Not", location)
    elif tests and tests[0] in COMBINATORS:
        if "Variable" in rule:
            yield exclude([tests[0], "Variable"], location)
    elif tests and "Variable" not in rule:
        yield Diagnostic(SCHEMA_VALIDATION_FAILED, "These fields are required: [Variable]", location)


RULES = (
    language_is_not_downgraded,
    fields_fit_the_language,
    numbers_are_numbers,
    exclusive_fields,
    needed_fields,
    credentials_name_a_role,
    choice_rules_test_one_thing,
)
