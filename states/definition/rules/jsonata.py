"""JSONata: every expression parses, and reads only what a state has.

The engine is imported only for a definition that has an expression. A text that holds a `${substitution}` is not judged.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html; messages recorded from ValidateStateMachineDefinition
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from states.definition.diagnostics import Diagnostic
from states.definition.outline import JSONATA, LISTS, OBJECTS, Node, Outline
from states.definition.rules.fields import is_jsonata

#: Fields whose text is never an expression, and those whose value is judged as a piece or a block of its own.
NO_EXPRESSIONS = frozenset({"Type", "QueryLanguage", "Comment", "Next", "Default", "Resource", "Label", "ErrorEquals"})
ELSEWHERE = frozenset({*LISTS, *OBJECTS, "ReaderConfig", "ItemProcessor", "Iterator", "Branches"})


def expressions_are_right(outline: Outline) -> Iterator[Diagnostic]:
    """Every `{% ... %}` of a JSONata state is an expression that AWS accepts there."""
    for node in outline.nodes:
        if node.language == JSONATA:
            for place, text in expressions(node):
                if "${" not in text:
                    yield from faults(text, node.location + place, in_catch=place.startswith("/Catch["))


def expressions(node: Node) -> Iterator[tuple[str, str]]:
    """Place within the state and text of each expression, in the order of the text."""
    for place, fields in node.pieces:
        for field, value in fields.items():
            if field not in NO_EXPRESSIONS and field not in ELSEWHERE:
                yield from inside(value, f"{place}/{field}")


def inside(value: Any, place: str) -> Iterator[tuple[str, str]]:
    waiting = [(place, value)]
    while waiting:
        place, value = waiting.pop()
        if type(value) is str and is_jsonata(value):
            yield place, value
        elif type(value) is dict:
            waiting += reversed([(f"{place}/{key}", member) for key, member in value.items()])
        elif type(value) is list:
            waiting += reversed([(f"{place}[{index}]", member) for index, member in enumerate(value)])


def faults(text: str, location: str, *, in_catch: bool) -> Iterator[Diagnostic]:
    """What is wrong with the expression in a text; the offset is that in the whole text."""
    from states.language import jsonata

    expression = text[2:-2]
    blanks = len(expression) - len(expression.lstrip())
    for code, message, offset in jsonata.faults(expression.strip(), in_catch=in_catch):
        yield Diagnostic(code, message, location, offset=2 + blanks + offset)


RULES = (expressions_are_right,)
