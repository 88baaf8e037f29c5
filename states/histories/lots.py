"""Lots: what an execution draws by chance, and how a replay draws what was drawn before.

A history does not tell what was drawn, only what became of it. Where the first value that differs is one that was just drawn, the recorded
value is what the lot gave then: the replay starts anew with it.
"""

from __future__ import annotations

import re
from random import Random
from typing import Any

MOST = 500  #: lots that are found out in one replay


class Lots(Random):
    """A generator that gives what is known to have been drawn, by number of the draw, and keeps what it gave."""

    def __init__(self, seed: Any, known: dict[int, Any]) -> None:
        super().__init__(seed)
        self.known = known
        self.drawn: list[Any] = []

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:
        return int(self._give(super().randrange(start, stop, step)))

    def random(self) -> float:
        if not hasattr(self, "drawn"):
            return super().random()
        return float(self._give(super().random()))

    def _give(self, drawn: Any) -> Any:
        given = self.known.get(len(self.drawn), drawn)
        self.drawn.append(given)
        return given

    def learn(self, was: Any, now: Any, since: int) -> bool:
        """Whether the values differ by a lot drawn lately; what it must have been is known from then on."""
        for number in range(since, len(self.drawn)):
            drawn = self.drawn[number]
            if number in self.known:
                continue
            found = _counterpart(was, now, drawn)
            if found is not None:
                self.known[number] = found
                return len(self.known) <= MOST
        return False


def _counterpart(was: Any, now: Any, drawn: Any) -> Any:
    """What stands in the recorded value where ours has the lot."""
    kinds = (int, float) if isinstance(drawn, float) else int
    if type(now) is type(drawn) and now == drawn:
        return was if isinstance(was, kinds) and not isinstance(was, bool) else None
    if isinstance(now, str) and isinstance(was, str) and str(drawn) in now:
        before, _, after = now.partition(str(drawn))
        match = re.fullmatch(f"{re.escape(before)}(-?[0-9]+(?:\\.[0-9]+)?){re.escape(after)}", was, re.DOTALL)
        return type(drawn)(float(match[1])) if match else None
    return None
