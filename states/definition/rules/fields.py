"""Fields: which belong together, which exclude each other, and which query language they belong to.

Which fields a Type has at all is in the schemas; here is what depends on a second field or on the state's query language.

Source: https://states-language.net/spec.html#queryLanguage; messages recorded from ValidateStateMachineDefinition
"""

from __future__ import annotations

from collections.abc import Iterator

from states.definition import schema
from states.definition.diagnostics import SCHEMA_VALIDATION_FAILED, Diagnostic
from states.definition.outline import JSONATA, JSONPATH, Fields, Node, Outline, entries

COMBINATORS = frozenset({"And", "Or", "Not"})
ORDERS = ("Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals")
COMPARISONS = frozenset(
    {
        *(f"{kind}{order}{path}" for kind in ("String", "Numeric", "Timestamp") for order in ORDERS for path in ("", "Path")),
        *("BooleanEquals", "BooleanEqualsPath", "StringMatches"),
        *(f"Is{kind}" for kind in ("Null", "Present", "Numeric", "String", "Boolean", "Timestamp")),
    }
)
TESTS = COMBINATORS | COMPARISONS

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

#: What does a field's work in the other query language.
INSTEAD = {
    "Parameters": "Arguments",
    "InputPath": "$states.input in an expression",
    "ResultSelector": "Output",
    "ResultPath": "Output",
    "OutputPath": "Output",
    "ItemsPath": "Items",
    "Variable": "Condition",
    **{
        field: field.removesuffix("Path")
        for field in ("SecondsPath", "TimestampPath", "TimeoutSecondsPath", "HeartbeatSecondsPath", "ErrorPath", "CausePath")
    },
    "Arguments": "Parameters",
    "Output": "ResultSelector, ResultPath and OutputPath",
    "Items": "ItemsPath",
    "Condition": "Variable and a comparison",
}


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
            for place, fields in node.pieces:
                if not foreign.isdisjoint(fields):
                    yield from (
                        wrong_language(node.language, field, node.location + place)
                        for field in fields
                        if field in foreign and (field in supported or fields is not node.value)
                    )


def wrong_language(language: str, field: str, location: str) -> Diagnostic:
    only = OTHER[language]
    message = f"The QueryLanguage is set to '{language}', but field '{field}' is only supported for the '{only}' QueryLanguage"
    hint = f"in {language}: {INSTEAD[field]}" if field in INSTEAD else ""
    return Diagnostic(SCHEMA_VALIDATION_FAILED, message, location, key=field, hint=hint)


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
        for place, fields in node.pieces:
            for field, value in fields.items():
                if type(value) is str and field in NUMBERS and not may_be_number(value, node.language):
                    message = f"Expected value of type {NUMBERS[field]}"
                    yield Diagnostic(SCHEMA_VALIDATION_FAILED, message, f"{node.location}{place}/{field}")


def assign_is_an_object(outline: Outline) -> Iterator[Diagnostic]:
    """A text stands for the object of an Assign only in JSONata, and only as `{% ... %}`."""
    for node in outline.nodes:
        for place, fields in node.pieces:
            value = fields.get("Assign")
            if type(value) is str and not (node.language == JSONATA and is_jsonata(value)):
                yield Diagnostic(SCHEMA_VALIDATION_FAILED, "Expected value of type [OBJECT]", f"{node.location}{place}/Assign")


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
        for place, fields in node.pieces:
            if len(IN_A_GROUP.intersection(fields)) > 1:
                yield from (exclude(found, node.location + place) for group in EXCLUSIVE if len(found := present(group, fields, node)) > 1)


def present(group: tuple[str, ...], fields: Fields, node: Node) -> list[str]:
    """The fields of a group that an object has, leaving out those the query language refuses anyway."""
    foreign = ONLY[OTHER[node.language]]
    return [field for field in group if field in fields and field not in foreign]


def exclude(found: list[str], location: str) -> Diagnostic:
    return Diagnostic(SCHEMA_VALIDATION_FAILED, only_one(found), location, key=found[1])


def only_one(found: list[str]) -> str:
    return f"Only one of these fields is allowed: [{', '.join(found)}]"


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
        if node.type == "Choice" and node.language == JSONPATH:
            for place, rule in node.rules:
                message = one_test(rule) if type(rule) is dict else ""
                if message:
                    yield Diagnostic(SCHEMA_VALIDATION_FAILED, message, node.location + place)
        elif node.type == "Choice":
            for place, rule in entries("/Choices", node.value.get("Choices")):
                if "Condition" not in rule and ONLY[JSONPATH].isdisjoint(rule):
                    yield Diagnostic(SCHEMA_VALIDATION_FAILED, "These fields are required: [Condition]", node.location + place)


def one_test(rule: Fields) -> str:
    """What is wrong with the tests of a rule, or nothing."""
    tests = [field for field in rule if field in TESTS]
    if not tests and "Condition" not in rule:
        return "A choice rule needs a comparison, or one of And, Or, Not"
    if len(tests) > 1:
        return only_one(tests)
    if tests and (tests[0] in COMBINATORS) == ("Variable" in rule):
        return only_one([*tests, "Variable"]) if "Variable" in rule else "These fields are required: [Variable]"
    return ""


RULES = (
    language_is_not_downgraded,
    fields_fit_the_language,
    numbers_are_numbers,
    assign_is_an_object,
    exclusive_fields,
    needed_fields,
    credentials_name_a_role,
    choice_rules_test_one_thing,
)
