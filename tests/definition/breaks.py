"""Ways to break a valid machine that AWS would refuse: each takes a copy of the definition and changes it, or says that it cannot.

A break is given its own copy as an Outline, whose nodes hold the very dicts of the copy, and a seeded generator to choose a place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from states.definition.lints.looks import members
from states.definition.outline import JSONATA, JSONPATH, Node, Outline, Part
from states.definition.rules.fields import is_jsonata
from states.definition.rules.transitions import MOVING

Break = Callable[[Outline, Random], bool]
Fields = dict[str, Any]
FOREVER = {"Type": "Pass", "End": True}


def at_a_state(change: Callable[[Node], None], *, wanted: Callable[[Node], bool] = lambda node: True) -> Break:
    """A break of one state among those wanted."""

    def broken(outline: Outline, random: Random) -> bool:
        nodes = [node for node in outline.nodes if node.value and wanted(node)]
        if nodes:
            change(random.choice(nodes))
        return bool(nodes)

    return broken


def at_a_block(change: Callable[[Part], None]) -> Break:
    def broken(outline: Outline, random: Random) -> bool:
        change(random.choice(outline.parts))
        return True

    return broken


def at_a_value(find: Callable[[Node], Iterator[tuple[Any, Any]]], change: Callable[[Any], Any]) -> Break:
    """A break of one value: `find` gives holders and keys."""

    def broken(outline: Outline, random: Random) -> bool:
        found = [place for node in outline.nodes for place in find(node)]
        if found:
            holder, key = random.choice(found)
            holder[key] = change(holder[key])
        return bool(found)

    return broken


def has(*fields: str) -> Callable[[Node], bool]:
    return lambda node: all(field in node.value for field in fields)


def is_type(*types: str) -> Callable[[Node], bool]:
    return lambda node: node.type in types


def drop(field: str) -> Callable[[Node], None]:
    return lambda node: node.value.pop(field)


def put(**fields: Any) -> Callable[[Node], None]:
    return lambda node: node.value.update(fields)


def entries(field: str) -> Callable[[Node], Iterator[tuple[Any, Any]]]:
    """The entries of a list of a state, each as a list's place."""
    return lambda node: ((node.value[field], index) for index in range(len(node.value.get(field) or ()))) if node.type else iter(())


def listed(*fields: str, key: str) -> Callable[[Node], Iterator[tuple[Any, Any]]]:
    """A key of the entries of lists."""

    def find(node: Node) -> Iterator[tuple[Any, Any]]:
        for field in fields:
            for entry in node.value.get(field) or () if isinstance(node.value.get(field), list) else ():
                if isinstance(entry, dict) and key in entry:
                    yield entry, key

    return find


def member(*keys: str) -> Callable[[Node], Iterator[tuple[Any, Any]]]:
    return lambda node: ((node.value, key) for key in keys if key in node.value)


def templates(language: str, wanted: Callable[[str, Any], bool]) -> Callable[[Node], Iterator[tuple[Any, Any]]]:
    """Members of payload templates of one query language."""

    def find(node: Node) -> Iterator[tuple[Any, Any]]:
        for field in () if node.language != language else ("Parameters", "ItemSelector", "ResultSelector", "Assign", "Arguments", "Output"):
            for way, key, value in members(node.value.get(field)):
                if isinstance(value, str) and "${" not in value and wanted(str(key), value):
                    holder = node.value[field]
                    for step in way:
                        holder = holder[step]
                    yield holder, key

    return find


def without(key: str) -> Callable[[Any], Any]:
    return lambda value: {name: part for name, part in value.items() if name != key}


def rename_a_state(part: Part) -> None:
    """The state a block starts at gets another name; nobody is told."""
    states, start = part.value["States"], part.value["StartAt"]
    states["No longer " + start if len(start) < 60 else "No longer"] = states.pop(start, dict(FOREVER))


def repeat_a_name(outline: Outline, random: Random) -> bool:
    inner = [part for part in outline.parts if part.owner is not None]
    if inner:
        part = random.choice(inner)
        part.value["States"] = {outline.parts[0].value["StartAt"]: dict(FOREVER)}
        part.value["StartAt"] = outline.parts[0].value["StartAt"]
    return bool(inner)


def swap_the_language(outline: Outline, random: Random) -> bool:
    """The whole machine in the other language; some field must belong to the first."""
    before = {field for node in outline.nodes for field in node.value}
    other = JSONATA if outline.language == JSONPATH else JSONPATH
    only = (
        {"Parameters", "ResultPath", "InputPath", "OutputPath", "ResultSelector"} if other == JSONATA else {"Arguments", "Output", "Items"}
    )
    own = any("QueryLanguage" in node.value for node in outline.nodes)
    outline.definition["QueryLanguage"] = other
    return bool(before & only) and not own


def is_call(key: str, value: Any) -> bool:
    return key.endswith(".$") and value.startswith("States.") and value.endswith(")")


def in_jsonpath(node: Node) -> bool:
    return node.language == JSONPATH


def in_jsonata(node: Node) -> bool:
    return node.language == JSONATA


BREAKS: dict[str, Break] = {
    "no StartAt": at_a_block(lambda part: part.value.pop("StartAt")),
    "no States": at_a_block(lambda part: part.value.pop("States")),
    "States is empty": at_a_block(lambda part: part.value.update(States={})),
    "StartAt leads nowhere": at_a_block(lambda part: part.value.update(StartAt="Nowhere at all")),
    "a renamed state": at_a_block(rename_a_state),
    "a state nobody leads to": at_a_block(lambda part: part.value["States"].update({"Left alone by all": dict(FOREVER)})),
    "a name too long": at_a_block(lambda part: part.value["States"].update({"x" * 81: dict(FOREVER)})),
    "a state that is no object": at_a_block(lambda part: part.value["States"].update({"A text": "Pass"})),
    "a name twice": repeat_a_name,
    "the other query language": swap_the_language,
    "no Type": at_a_state(drop("Type")),
    "a Type that is none": at_a_state(put(Type="Tusk")),
    "a Type in small letters": at_a_state(lambda node: node.value.update(Type=node.value["Type"].lower())),
    "a field that is none": at_a_state(put(Coment="x")),
    "Next leads nowhere": at_a_state(put(Next="Nowhere at all"), wanted=has("Next")),
    "Next is a number": at_a_state(put(Next=5), wanted=has("Next")),
    "neither Next nor End": at_a_state(
        lambda node: [node.value.pop(name, None) for name in ("Next", "End")] and None, wanted=is_type(*MOVING)
    ),
    "Next and End": at_a_state(put(End=True), wanted=has("Next")),
    "End is a text": at_a_state(put(End="true"), wanted=has("End")),
    "End in a Choice": at_a_state(put(End=True), wanted=is_type("Choice")),
    "Default leads nowhere": at_a_state(put(Default="Nowhere at all"), wanted=has("Default")),
    "no Resource": at_a_state(drop("Resource"), wanted=has("Resource")),
    "a Resource that is none": at_a_state(put(Resource="charge the customer"), wanted=has("Resource")),
    "an integration that is none": at_a_state(put(Resource="arn:aws:states:::lambda:invoke.sync"), wanted=has("Resource")),
    "no Choices": at_a_state(drop("Choices"), wanted=has("Choices")),
    "Choices is empty": at_a_state(put(Choices=[]), wanted=has("Choices")),
    "a rule without Next": at_a_value(entries("Choices"), without("Next")),
    "a rule leads nowhere": at_a_value(listed("Choices", key="Next"), lambda _: "Nowhere at all"),
    "a Variable that is no path": at_a_value(listed("Choices", key="Variable"), lambda _: "status"),
    "Branches is empty": at_a_state(put(Branches=[]), wanted=has("Branches")),
    "a branch that is no object": at_a_state(put(Branches=["A"]), wanted=has("Branches")),
    "no processor": at_a_state(
        lambda node: [node.value.pop(name, None) for name in ("ItemProcessor", "Iterator")] and None, wanted=is_type("Map")
    ),
    "Retry is an object": at_a_state(put(Retry={"ErrorEquals": ["States.ALL"]}), wanted=has("Retry")),
    "a retrier without ErrorEquals": at_a_value(entries("Retry"), without("ErrorEquals")),
    "ErrorEquals is a text": at_a_value(listed("Retry", "Catch", key="ErrorEquals"), lambda _: "States.ALL"),
    "States.ALL beside another": at_a_value(listed("Retry", "Catch", key="ErrorEquals"), lambda _: ["Busy", "States.ALL"]),
    "MaxAttempts is negative": at_a_value(entries("Retry"), lambda retrier: {**retrier, "MaxAttempts": -1}),
    "BackoffRate below one": at_a_value(entries("Retry"), lambda retrier: {**retrier, "BackoffRate": 0.5}),
    "a catcher without Next": at_a_value(entries("Catch"), without("Next")),
    "a catcher leads nowhere": at_a_value(listed("Catch", key="Next"), lambda _: "Nowhere at all"),
    "Catch in a Pass": at_a_state(put(Catch=[{"ErrorEquals": ["States.ALL"], "Next": "A"}]), wanted=is_type("Pass", "Wait", "Choice")),
    "Seconds is negative": at_a_state(put(Seconds=-1), wanted=has("Seconds")),
    "a Timestamp that is none": at_a_state(put(Timestamp="tomorrow"), wanted=has("Timestamp")),
    "two lengths of a Wait": at_a_state(put(Seconds=1, Timestamp="2030-01-01T00:00:00Z"), wanted=is_type("Wait")),
    "TimeoutSeconds is a word": at_a_state(put(TimeoutSeconds="soon"), wanted=is_type("Task")),
    "a path without $": at_a_value(member("InputPath", "OutputPath", "ItemsPath"), lambda _: "order.id"),
    "a path with an open bracket": at_a_value(member("InputPath", "OutputPath", "ResultPath", "ItemsPath"), lambda _: "$.order[0"),
    "a ResultPath into the context": at_a_state(put(ResultPath="$$.Execution"), wanted=has("ResultPath")),
    "a ResultPath of many places": at_a_state(put(ResultPath="$.orders[*].id"), wanted=has("ResultPath")),
    "a text under .$": at_a_value(templates(JSONPATH, lambda key, value: key.endswith(".$")), lambda _: "order.id"),
    "a call without its last bracket": at_a_value(templates(JSONPATH, is_call), lambda value: value[:-1]),
    "a call that is none": at_a_value(templates(JSONPATH, is_call), lambda _: "States.Frobnicate($)"),
    "a JSONata bracket left open": at_a_value(
        templates(JSONATA, lambda key, value: is_jsonata(value)), lambda value: "{% (" + value[2:-2] + " %}"
    ),
    "JSONata without operand": at_a_value(
        templates(JSONATA, lambda key, value: is_jsonata(value)), lambda value: "{%" + value[2:-2] + " + %}"
    ),
    "Arguments in JSONPath": at_a_state(put(Arguments={}), wanted=lambda node: node.type == "Task" and in_jsonpath(node)),
    "Parameters in JSONata": at_a_state(put(Parameters={}), wanted=lambda node: node.type == "Task" and in_jsonata(node)),
    "a state in JSONPath after all": at_a_state(
        put(QueryLanguage=JSONPATH), wanted=lambda node: in_jsonata(node) and "QueryLanguage" not in node.value
    ),
}


# --- breaks of the text ------------------------------------------------------------------------------------------------------------


def swap_quotes(text: str, random: Random) -> str:
    return text.replace('"', "'", 2)


TEXT_BREAKS: dict[str, Callable[[str, Random], str]] = {
    "cut": lambda text, random: text.rstrip()[: random.randrange(1, len(text.rstrip()))],
    "the last bracket gone": lambda text, random: text.rstrip()[:-1],
    "one bracket too many": lambda text, random: text + "}",
    "a comma at the end": lambda text, random: text.rstrip()[:-1] + ",}",
    "other quotes": swap_quotes,
    "a colon gone": lambda text, random: text.replace('":', '"', 1),
    "something before": lambda text, random: "x" + text,
}
