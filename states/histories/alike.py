"""Alike: whether a value made again is the recorded one, what differs from run to run aside.

Task tokens, names of the execution and random ids are aligned: each of ours stands for one of theirs, the same wherever it turns up.
Moments are alike when they lie within the tolerance. Everything else is compared as JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from states.language import timestamps, values

Json = Any

_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)")

#: What may fill a hole in a text: a random id, a moment, a name or a task token.
_ID = f"({_UUID.pattern})"
_TIME = r"([0-9T:.Z+-]{10,40})"
_NAME = r"([^\s\"]+?)"
MOST_NAMES = 20  #: names and tokens in one text

_ENTERED_AT = re.compile(r"\(entered at the event id #\d+\)")


class Absent:
    """Stands where a value has nothing at a path."""

    def __repr__(self) -> str:
        return "nothing"


NOTHING = Absent()


class Unlike(NamedTuple):
    """A place at which two values differ: a JSON path, what was there, what is there now (NOTHING where there is none)."""

    path: str
    was: Json
    now: Json


class Alike:
    """What is known to stand for what. `offset` is how much later their clock is than ours, `tolerance` seconds are no difference.

    `span` is when the recorded execution began and ended; `fixed` are the ids in what was recorded, which stand for themselves only.
    """

    def __init__(self, *, span: tuple[float, float], fixed: set[str], tolerance: float = 1.0, offset: float = 0.0) -> None:
        self.tolerance = tolerance
        self.offset = offset
        self.span = span
        self._fixed = fixed
        self._ours: set[str] = set()
        self._known: dict[str, str] = {}

    def add(self, text: str) -> None:
        """This text of ours stands for whatever of theirs is found in its place."""
        self._ours.add(text)

    def same(self, was: Json, now: Json) -> bool:
        return next(self.differences(was, now), None) is None

    def first(self, was: Json, now: Json) -> Unlike | None:
        return next(self.differences(was, now), None)

    def differences(self, was: Json, now: Json, path: str = "$") -> Iterator[Unlike]:
        """Every place at which the two differ, in the order of what was."""
        if values_equal(was, now):
            return
        waiting = [(was, now, path)]
        while waiting:
            was, now, path = waiting.pop()
            if isinstance(was, dict) and isinstance(now, dict):
                keys = [*was, *(key for key in now if key not in was)]
                inner = [(was.get(key, NOTHING), now.get(key, NOTHING), f"{path}{_member(key)}") for key in keys]
                waiting += reversed(inner)
            elif isinstance(was, list) and isinstance(now, list):
                longest = max(len(was), len(now))
                at = [(was[i] if i < len(was) else NOTHING, now[i] if i < len(now) else NOTHING, f"{path}[{i}]") for i in range(longest)]
                waiting += reversed(at)
            elif not values_equal(was, now) and not self._leaf(was, now):
                yield Unlike(path, was, now)

    def _leaf(self, was: Json, now: Json) -> bool:
        if isinstance(was, str) and isinstance(now, str):
            return self.texts(was, now)
        if _is_number(was) and _is_number(now):
            return self._numbers(float(was), float(now))
        return False

    def texts(self, was: str, now: str) -> bool:
        """Whether two texts are alike: ids, tokens and moments in them aside."""
        was, now = _ENTERED_AT.sub("(entered)", was), _ENTERED_AT.sub("(entered)", now)
        if was == now:
            return True
        if was[:1] in "{[" and now[:1] in "{[" and len(was) > 1:
            parsed = _parsed(was), _parsed(now)
            if NOTHING not in parsed:
                return self.same(*parsed)
        return self._by_pattern(was, now)

    def _by_pattern(self, was: str, now: str) -> bool:
        """Ours with holes for what it is known to make up, filled by what theirs has there."""
        holes = [(match.start(), match.end(), _ID) for match in _UUID.finditer(now) if self._may_stand(match[0])]
        holes += [(match.start(), match.end(), _TIME) for match in _MOMENT.finditer(now)]
        names = [(start, end, _NAME) for text in self._ours for start, end in _occurrences(now, text)]
        if (not holes and not names) or len(names) > MOST_NAMES:
            return False
        pattern, parts, place = "", [], 0
        for start, end, hole in sorted([*names, *holes], key=lambda found: (found[0], -found[1])):
            if start >= place:
                pattern += re.escape(now[place:start]) + hole
                parts.append((now[start:end], hole))
                place = end
        match = re.fullmatch(pattern + re.escape(now[place:]), was)
        return match is not None and self._fit(parts, match.groups())

    def _fit(self, parts: list[tuple[str, str]], groups: tuple[str, ...]) -> bool:
        """Whether what fills the holes may stand there; what stands for what is known from then on."""
        learned = dict(self._known)
        for (mine, hole), theirs in zip(parts, groups, strict=True):
            if mine == theirs:
                continue
            if not (self._moments(theirs, mine) if hole is _TIME else learned.setdefault(mine, theirs) == theirs):
                return False
        self._known = learned
        return True

    def _may_stand(self, uuid: str) -> bool:
        """Whether an id of ours is one that we made up: it is not in what was recorded."""
        return uuid not in self._fixed

    def _moments(self, was: str, now: str) -> bool:
        try:
            return abs(timestamps.parse(was) - timestamps.parse(now) - self.offset) <= self.tolerance
        except ValueError:
            return False

    def _numbers(self, was: float, now: float) -> bool:
        """Whether both are the same moment, in seconds or milliseconds."""
        start, end = self.span
        for scale in (1000.0, 1.0):
            if start - self.tolerance <= was / scale <= end + self.tolerance:
                return abs(was / scale - now / scale - self.offset) <= self.tolerance
        return False


def values_equal(was: Json, now: Json) -> bool:
    if was is NOTHING or now is NOTHING:
        return was is now
    return values.equal(was, now)


def _occurrences(text: str, part: str) -> Iterator[tuple[int, int]]:
    start = text.find(part)
    while start >= 0:
        yield start, start + len(part)
        start = text.find(part, start + len(part))


def uuids(text: str) -> set[str]:
    """The ids in a text."""
    return set(_UUID.findall(text))


def _is_number(value: Json) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _member(key: str) -> str:
    return f".{key}" if key.isidentifier() else f"['{key}']"


def _parsed(text: str) -> Json:
    try:
        return values.loads(text)
    except (ValueError, RecursionError):
        return NOTHING
