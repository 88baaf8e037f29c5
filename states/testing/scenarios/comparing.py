"""Comparing one thing a run tells with what was expected of it: data, texts, seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from states.definition.formats.documents import Part
from states.language.values import dumps, loads
from states.testing.scenarios import patterns
from states.testing.scenarios.differences import Difference, missing
from states.testing.scenarios.outcomes import Mismatch

Json = Any
Compare = Callable[[Json, Json], Iterator[Difference]]

TOLERANCE = 1e-6  #: seconds; a run tells times to the microsecond


def data(what: str, part: Part, wanted: Json, found: Json, compare: Compare, state: str | None = None) -> Iterator[Mismatch]:
    """JSON data, with the path of each difference."""
    if different := tuple(compare(wanted, found)):
        yield Mismatch(what, part, differences=different, state=state)


def text(what: str, part: Part, wanted: Json, found: str | None, state: str | None = None) -> Iterator[Mismatch]:
    """A text and a pattern, or the JSON in a text and an object that it must include."""
    if type(wanted) is dict:
        try:
            value = loads(found or "")
        except ValueError:
            yield Mismatch(what, part, expected=f"JSON with {dumps(wanted)}", found=quoted(found), state=state)
        else:
            yield from data(what, part, wanted, value, missing, state)
    elif found is None or wanted is None:
        if found is not wanted:
            yield Mismatch(what, part, expected=quoted(wanted), found=quoted(found), state=state)
    elif not patterns.matches(wanted, found):
        yield Mismatch(what, part, expected=quoted(wanted), found=quoted(found), state=state)


def number(what: str, part: Part, wanted: int, found: int, state: str | None = None) -> Iterator[Mismatch]:
    if wanted != found:
        yield Mismatch(what, part, expected=f"{wanted:,}", found=f"{found:,}", state=state)


def seconds(what: str, part: Part, wanted: float, found: float, state: str | None = None) -> Iterator[Mismatch]:
    if not same_seconds(wanted, found):
        yield Mismatch(what, part, expected=in_seconds(wanted), found=in_seconds(found), state=state)


def same_seconds(wanted: float, found: float) -> bool:
    return abs(wanted - found) <= TOLERANCE


def in_seconds(number: float) -> str:
    """Seconds as they are written in a file.

    >>> in_seconds(0.5), in_seconds(20), in_seconds(3600.25)
    ('0.5 s', '20 s', '3600.25 s')
    """
    return f"{number:.6f}".rstrip("0").rstrip(".") + " s"


def listed(lengths: Sequence[float]) -> str:
    return ", ".join(map(in_seconds, lengths)) or "none"


def quoted(text: str | None) -> str:
    """A text or pattern as it is shown."""
    return "none" if text is None else text if patterns.is_regular_expression(text) else dumps(text)


def member(part: Part, name: str) -> Part:
    """The part of a mapping that an expectation of one name stands in."""
    return part.get(name) or part
