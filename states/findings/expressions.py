"""Expressions: which field failed, by the words of the cause and the JSON of the state.

AWS names the field in many ways: a table of its sentences gives the text of the expression, and where in the state to look for it.

Source: recordings; the sentences are also those of `interpreter` and `language`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

Json = Any

_INNER = ("Branches", "ItemProcessor", "Iterator")  #: what a state says of other states


class Leaf(NamedTuple):
    """A text, number or null of a state: `pointer` is its path below the state, `key` its last name."""

    pointer: str
    key: str
    value: Json


class Failed(NamedTuple):
    """The field whose expression failed. `pointer` is its path below the state, `text` the expression, `data` what the cause quotes."""

    pointer: str | None
    text: str | None = None
    has_data: bool = False
    data: Json = None


Fits = Callable[[Leaf, "re.Match[str]"], bool]


def _same_text(leaf: Leaf, found: re.Match[str]) -> bool:
    return bool(leaf.value == found["text"])


def _holds_text(leaf: Leaf, found: re.Match[str]) -> bool:
    return isinstance(leaf.value, str) and found["text"] in leaf.value


def _named(leaf: Leaf, found: re.Match[str]) -> bool:
    """The field the cause names, in its own form or in its ...Path form."""
    return leaf.key in (found["field"], f"{found['field']}Path", f"{found['field']}.$")


def _named_with_text(leaf: Leaf, found: re.Match[str]) -> bool:
    return leaf.key == found["field"] and leaf.value == found["text"]


def _of_keys(*keys: str) -> Fits:
    return lambda leaf, _: leaf.key in keys


def _text_of_keys(*keys: str) -> Fits:
    return lambda leaf, found: leaf.key in keys and leaf.value == found["text"]


_BEGIN = r"(?:An error occurred while executing the state '.{0,200}?' \(entered at the event id #\d+\)\. )?"
_TIMES = ("Seconds", "SecondsPath", "Timestamp", "TimestampPath")

#: The sentences of AWS and how to tell the field of each, the best way first. `quoted` is the data the expression saw.
_SENTENCES: list[tuple[str, tuple[Fits, ...]]] = [
    (r"The JSONPath '(?P<text>.{0,2000}?)' specified for the field '(?P<field>.{0,400}?)' could not be found in the input '(?P<quoted>.*)'",
     (_named_with_text, _holds_text)),
    (r"The JsonPath argument for the field '(?P<text>.{0,2000}?)' could not be found in the input '(?P<quoted>.*)'", (_holds_text,)),
    (r"Invalid path '(?P<text>.{0,2000}?)'\s?: The choice state's condition path", (_same_text,)),
    (r"Invalid path '(?P<text>.{0,2000}?)'\s?: ", (_text_of_keys("InputPath", "OutputPath", "ItemsPath"), _same_text, _holds_text)),
    (r"The function '(?P<text>.{0,5000})' had the following error", (_same_text, _holds_text)),
    (r"The (?P<field>\w+) parameter .*?: (?P<text>\$\S*)", (_named_with_text, _named)),
    (r"The (?P<field>\w+) field refers to value .*: (?P<text>\$\S*)$", (_named_with_text, _named)),
    (r"The (?P<field>\w+) field '(?P<text>.{0,2000}?)' must give", (_named_with_text, _named)),
    (r'Reference path "(?P<text>.{0,2000}?)" must point to array', (_text_of_keys("ItemsPath", "Items"), _same_text)),
    (r"Map state input must be an array", (_of_keys("Items", "ItemsPath"),)),
    (r"(?P<field>\w+) must be (?:between|a non-negative)", (_named,)),
    (r"Unable to apply step", (_of_keys("ResultPath"),)),
    (r"A value can be written below", (_of_keys("ResultPath"),)),
    (r"Wait state delay is too long", (_of_keys(*_TIMES),)),
    (r"The activity ", (_of_keys("Resource"),)),
    (r"CSV headers", (_of_keys("CSVHeaders"), _of_keys("CSVHeaderLocation"))),
]  # fmt: skip

_COMPILED = [(re.compile(_BEGIN + pattern, re.DOTALL), fits) for pattern, fits in _SENTENCES]
_JSONATA = re.compile(
    _BEGIN + r"The JSONata expression '(?P<text>.{0,20000})' specified for the field '(?P<field>[^']*)' (?:returned|threw|must|evaluated)",
    re.DOTALL,
)
_LONGEST = 1 << 18  #: characters of a cause that is looked at


def failed_field(cause: str | None, part: Mapping[str, Json], place: str | None, *, in_catch: bool) -> Failed | None:
    """The field a cause tells of; `place` is the one EvaluationFailed names. None when the cause tells of none.

    `in_catch` prefers the fields of Catch: the task had failed before.
    """
    cause = (cause or "")[:_LONGEST]
    jsonata = _JSONATA.match(cause)
    if jsonata is not None or place is not None:
        return Failed(place or (jsonata["field"] if jsonata else None), jsonata["text"] if jsonata else None)
    if "does not point to a next state" in cause:
        return Failed("Choices")
    if "size exceeding the maximum number of bytes" in cause and "Result" in part:
        return Failed("Result")
    for pattern, ways in _COMPILED:
        found = pattern.match(cause)
        if found is not None:
            fields = sorted(leaves(part), key=lambda leaf: not leaf.pointer.startswith("Catch["))
            return _found(found, ways, [leaf for leaf in fields if in_catch or not leaf.pointer.startswith("Catch[")])
    return None


def _found(found: re.Match[str], ways: tuple[Fits, ...], fields: Iterable[Leaf]) -> Failed:
    known = found.groupdict()
    has_data, data = _quoted(known.get("quoted"))
    for fits in ways:
        for leaf in fields:
            if fits(leaf, found):
                value = leaf.value if isinstance(leaf.value, str) else None
                return Failed(
                    re.sub(r"\[\d+\]$", "", leaf.pointer) if leaf.key == "CSVHeaders" else leaf.pointer,
                    known.get("text") or value,
                    has_data,
                    data,
                )
    return Failed(None, known.get("text"), has_data, data)


def _quoted(text: str | None) -> tuple[bool, Json]:
    """The data a cause quotes, unless it was cut off."""
    if text is None:
        return False, None
    try:
        return True, json.loads(text)
    except (ValueError, RecursionError):
        return False, None


def leaves(part: Mapping[str, Json]) -> Iterator[Leaf]:
    """Everything a state says itself, what its branches and iterations say left out."""
    waiting: list[tuple[str, str, Json]] = [(key, key, value) for key, value in reversed(list(part.items())) if key not in _INNER]
    while waiting:
        pointer, key, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(f"{pointer}/{name}", name, member) for name, member in reversed(value.items())]
        elif isinstance(value, list):
            waiting += [(f"{pointer}[{index}]", key, member) for index, member in reversed(list(enumerate(value)))]
        else:
            yield Leaf(pointer, key, value)
