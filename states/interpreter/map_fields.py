"""The fields of a Map: its items, what each iteration gets of them, and its numbers with their ...Path forms.

Source: https://states-language.net/spec.html#map-state; the causes are recorded.
"""

from __future__ import annotations

from typing import Any

from states import errors
from states.errors import StatesError
from states.interpreter.frame import Frame
from states.interpreter.program import invalid_path
from states.language.paths import PathError
from states.language.values import dumps, type_name


def select_item(frame: Frame, data: Any, index: int, value: Any) -> tuple[Any, dict[str, Any]]:
    """The input of one iteration, and the item as its Context Object shows it (`$$.Map.Item`)."""
    item = {"Index": index, "Value": value}
    selector = frame.step.state.item_selector
    if selector is None:
        return value, item
    with frame.at_item(item):
        return selector.evaluate(frame.view(data), frame), item


def items_of(frame: Frame, data: Any) -> list[Any]:
    """The array that ItemsPath finds in the input after InputPath, or that the JSONata field Items gives."""
    state = frame.step.state
    if frame.step.jsonata:
        items = state.items.evaluate(frame.view(data), frame) if state.items is not None else data
        if isinstance(items, list):
            return items
        raise StatesError(errors.QUERY_EVALUATION_ERROR, f"Map state input must be an array but was: {type_name(items)}")
    path = state.items_path
    try:
        items = path.evaluate(data, frame)
    except PathError as miss:
        raise invalid_path(path.text, miss) from None
    if not isinstance(items, list):
        raise StatesError(errors.RUNTIME, f'Reference path "{path.text}" must point to array.')
    return items


def whole_number(frame: Frame, data: Any, field: str, value: Any, *, takes_text: bool = False) -> int:
    """A field with a ...Path form that must be a whole number, at least 0; with `takes_text` also a text of digits, as AWS has recorded."""
    number = _number(frame, data, field, value, "integer", int, takes_text)
    if number < 0:
        raise StatesError(errors.RUNTIME, f"{field} must be a non-negative integer.")
    return int(number)


def percentage(frame: Frame, data: Any, field: str, value: Any) -> float:
    """A field with a ...Path form that must be a number from 0 to 100."""
    number = _number(frame, data, field, value, "float", (int, float))
    if not 0 <= number <= 100:
        raise StatesError(errors.RUNTIME, f"{field} must be between 0 and 100.")
    return float(number)


def _number(frame: Frame, data: Any, field: str, value: Any, kind: str, types: Any, takes_text: bool = False) -> Any:
    if isinstance(value, (int, float)):
        return value
    try:
        found = value.evaluate(frame.view(data), frame)
    except PathError:
        raise StatesError(errors.RUNTIME, f"The {field}Path parameter does not reference an input value: {value.text}") from None
    if takes_text and isinstance(found, str) and found.isascii() and found.isdecimal() and len(found) < 20:
        return int(found)
    if isinstance(found, bool) or not isinstance(found, types):
        shown = found if isinstance(found, str) else dumps(found)
        raise StatesError(errors.RUNTIME, f'The {field}Path field refers to value "{shown}" which is not a valid {kind}: {value.text}')
    return found
