"""Expected: what a scenario expects of its run, by a recorded output and what the run gives.

Where only ids, moments and names of executions differ, a pattern takes their place; any other difference is told, with its path.

Source: docs/scenarios.md
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from states.histories.alike import NOTHING, Alike
from states.language.values import dumps, equal

Json = Any

ANY = "..."
MOST = 20  #: differences that are told


@dataclass(slots=True)
class Comparing:
    """Compares what was recorded with what a run gives. `loose` takes what the run gives for data that was computed of redacted data.

    `has_patterns` says that the expectation made holds patterns, `differences` what could not be expected as it was recorded.
    """

    alike: Alike
    loose: bool = False
    has_patterns: bool = False
    taken_over: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)

    def value(self, was: Json, now: Json, path: str = "$") -> Json:
        """The value to expect."""
        if isinstance(was, dict) and isinstance(now, dict):
            found = {key: self.value(was.get(key, NOTHING), now.get(key, NOTHING), f"{path}.{key}") for key in {**was, **now}}
            return {key: each for key, each in found.items() if each is not NOTHING}
        if isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
            return [self.value(one, other, f"{path}[{place}]") for place, (one, other) in enumerate(zip(was, now, strict=True))]
        if was is not NOTHING and now is not NOTHING and equal(was, now):
            return was
        if isinstance(was, str) and isinstance(now, str) and self.alike.texts(was, now):
            self.has_patterns = True
            return _gap(was, now)
        if self.loose:
            self.taken_over.append(path)
            return now
        if len(self.differences) < MOST:
            self.differences.append(f"{path}: recorded {_shown(was)}, now {_shown(now)}")
        return was

    def text(self, what: str, was: str | None, now: str | None) -> str | None:
        """The pattern to expect of an error or a cause."""
        if was == now or was is None or now is None:
            if was != now:
                self.differences.append(f"{what}: recorded {_shown(was)}, now {_shown(now)}")
            return exact(was)
        if self.alike.texts(was, now):
            return _gap(was, now)
        if self.loose:
            self.taken_over.append(what)
            return exact(now)
        self.differences.append(f"{what}: recorded {_shown(was)}, now {_shown(now)}")
        return exact(was)


def exact(text: str | None) -> str | None:
    """A text as a pattern that is matched by itself; one in slashes would be a regular expression."""
    return f"/^{re.escape(text)}$/" if text is not None and len(text) > 2 and text[0] == text[-1] == "/" else text


def escaped(value: Json) -> Json:
    """A value whose texts are taken as they stand where patterns are allowed; those made here have a gap and stay."""
    if isinstance(value, dict):
        return {key: escaped(each) for key, each in value.items()}
    if isinstance(value, list):
        return [escaped(each) for each in value]
    return exact(value) if isinstance(value, str) else value


def _gap(was: str, now: str) -> str:
    """What two texts have in common, with a gap for the rest."""
    start = _common(was, now)
    end = min(_common(was[::-1], now[::-1]), len(was) - start, len(now) - start)
    return f"{was[:start]}{ANY}{was[len(was) - end :] if end else ''}"


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How much of the beginning of two sequences is the same."""
    return next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _shown(value: Json) -> str:
    if value is NOTHING:
        return "nothing"
    text = dumps(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def ways(path: list[str], found: list[str]) -> Iterator[str]:
    """How two paths differ: where they part."""
    if path != found:
        place = _common(path, found)
        was = path[place] if place < len(path) else "its end"
        now = found[place] if place < len(found) else "its end"
        yield f"path: after {place} states recorded {was!r}, now {now!r}"
