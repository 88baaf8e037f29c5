"""Regular expressions as functions: what `/a+/i` is in an expression, and how it is matched without ever hanging.

Python's `re` matches whenever the pattern and the length of the text bound its work: each unbounded repetition may try every place of
the text, so the work is at most about length ** repetitions. Beyond CHEAP, or when repetitions are nested, `regex_machine` matches,
which counts its steps and ends with the run's time-out.

Source: https://docs.jsonata.org/regex
"""

# ruff: noqa: ARG002 - every function can be called with a context, whether it needs one or not

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from math import inf
from typing import Any, Final

from states.language.jsonata.data import UNDEFINED, Function, text_of
from states.language.jsonata.errors import JsonataError
from states.language.jsonata.limits import Run
from states.language.jsonata.regex_machine import Machine
from states.language.jsonata.regex_syntax import ASSERT, CHOICE, REPEAT, Part, Reader, python_text

#: Steps that Python's `re` may be trusted with: a small part of a second.
CHEAP: Final = 20_000_000


class Found:
    """One match: its text, where it stands (in code points), and the texts of its groups (None for one that took no part)."""

    __slots__ = ("end", "groups", "regex", "source", "start", "text")

    def __init__(self, regex: Regex, source: str, start: int, end: int, groups: list[Any]) -> None:
        self.regex = regex
        self.source = source
        self.start = start
        self.end = end
        self.text = source[start:end]
        self.groups = groups

    def as_result(self) -> dict[str, Any]:
        """What `$match` gives for it."""
        return {"match": self.text, "index": _units(self.source, self.start), "groups": list(self.groups)}


class Regex(Function):
    """A compiled regular expression. Called with a text it gives an object of the first match, whose `next` gives the following one."""

    __slots__ = ("_anchored", "_factor", "_machine", "_part", "_python", "_repeats", "arity", "position", "source")

    def __init__(self, source: str, flags: str, position: int) -> None:
        reader = Reader(source, "m" in flags)
        part = reader.read()
        self.source = source
        self.position = position
        self.arity = 2
        modes = re.IGNORECASE if "i" in flags else re.NOFLAG
        try:
            self._python = re.compile(python_text(part), modes)
        except (re.error, RecursionError, OverflowError) as error:
            raise JsonataError("S0303", position, reason=f"/{source}/: {error}") from None
        self._part = part
        self._machine: Machine | None = None
        self._repeats, self._factor = _work(part)
        first = part.parts[0] if part.parts and part.kind not in (CHOICE, REPEAT) else part
        self._anchored = first.kind == ASSERT and first.text == r"\A"

    def find_all(self, text: str, run: Run) -> Iterator[Found]:
        """The matches in a text from its beginning. Raises D1004 where a match of no length would come up again and again."""
        found = self.find(text, 0, run)
        while found is not None:
            yield found
            if found.end >= len(text):
                return
            found = self.find(text, found.end, run)
            if found is not None and not found.text:
                raise JsonataError("D1004", self.position, value=self.source)

    def find(self, text: str, start: int, run: Run) -> Found | None:
        """The first match from a place on."""
        if self._work_for(len(text) - start) > CHEAP:
            return self._find_counting(text, start, run)
        run.spend(2 + (len(text) - start) // 64)
        found = self._python.search(text, start)
        return None if found is None else Found(self, text, found.start(), found.end(), list(found.groups()))

    def _work_for(self, length: int) -> float:
        if self._repeats == inf:
            return inf
        work: float = self._factor * float(length + 1) ** (self._repeats + (0 if self._anchored else 1))
        return work

    def _find_counting(self, text: str, start: int, run: Run) -> Found | None:
        if self._machine is None:
            self._machine = Machine(self._part, self._python.groups, self._python.flags & re.IGNORECASE)
        found = self._machine.search(text, start, run)
        if found is None:
            return None
        begin, end, saves = found
        pairs = [(saves[2 * group], saves[2 * group + 1]) for group in range(1, self._python.groups + 1)]
        return Found(self, text, begin, end, [text[low:high] if 0 <= low <= high else None for low, high in pairs])

    def call(self, run: Run, context: Any, arguments: list[Any]) -> Any:
        text = arguments[0] if arguments else UNDEFINED
        if text is UNDEFINED:
            return UNDEFINED
        found = self.find(text if type(text) is str else text_of(text, run), 0, run)
        return UNDEFINED if found is None else match_object(found)


class _Next(Function):
    """The `next` of a match."""

    __slots__ = ("arity", "found")

    def __init__(self, found: Found) -> None:
        self.found = found
        self.arity = 0

    def call(self, run: Run, context: Any, arguments: list[Any]) -> Any:
        before = self.found
        if before.end >= len(before.source):
            return UNDEFINED
        found = before.regex.find(before.source, before.end, run)
        if found is None:
            return UNDEFINED
        if not found.text:
            raise JsonataError("D1004", before.regex.position, value=before.regex.source)
        return match_object(found)


def match_object(found: Found) -> dict[str, Any]:
    """A match as a function of the expression sees it."""
    return {
        "match": found.text,
        "start": _units(found.source, found.start),
        "end": _units(found.source, found.end),
        "groups": list(found.groups),
        "next": _Next(found),
    }


def _units(text: str, place: int) -> int:
    """A place counted in UTF-16 code units."""
    return place if text.isascii() else place + sum(char > "\uffff" for char in text[:place])


def _work(part: Part) -> tuple[float, float]:
    """(repetitions without a bound one behind the other, a factor for what is optional); infinitely many when nested."""
    repeats: float = 0
    factor: float = 1
    for inner in part.parts:
        more, times = _work(inner)
        repeats += more
        factor *= times
    if part.kind == CHOICE:
        factor *= len(part.parts)
    if part.kind == REPEAT:
        if repeats or (factor > 1 and (part.high is None or part.high > 1)):
            return inf, factor
        if part.high is None:
            return 1, factor
        factor *= part.high - part.low + 1
    return repeats, factor


@lru_cache(maxsize=512)
def compile_regex(source: str, flags: str, position: int) -> Regex:
    """The regular expression of a literal. Raises S0303."""
    return Regex(source, flags, position)
