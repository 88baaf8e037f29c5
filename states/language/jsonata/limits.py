"""AWS's limits on one evaluation, and the run that keeps count.

Depth is the number of evaluations inside each other (a parenthesis is one, a function call with its body two). Memory is counted as AWS's
model does: 8 bytes a number, 1 a character. Time is counted in steps: about one evaluation of a part of the expression, or one element
that a function looks at. The core of the house has no clock, so the same expression on the same data ends the same way on every machine
and in every replay; a driver that wants real time hands in a clock (`Limits(clock=time.monotonic)`), which is asked every
SLICE steps.

Source: docs/jsonata.md (measured on AWS), https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from states.language.jsonata.errors import TOO_DEEP, TOO_LARGE, TOO_LONG, JsonataError, bound

#: Steps that count as one second: what this engine does in about that time on an ordinary machine.
STEPS_PER_SECOND: Final = 5_000_000
SLICE: Final = 50_000


class Limits:
    """Bounds of one evaluation. `clock`, when given, measures `seconds` in real time instead of steps."""

    __slots__ = ("bytes", "clock", "depth", "range_elements", "seconds")

    def __init__(
        self,
        depth: int = 100,
        seconds: float = 1.0,
        bytes: int = 6_990_256,
        range_elements: int = 360_145,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self.depth: Final = depth
        self.seconds: Final = seconds
        self.bytes: Final = bytes
        self.range_elements: Final = range_elements
        self.clock: Final = clock

    def __repr__(self) -> str:
        return f"Limits(depth={self.depth}, seconds={self.seconds}, bytes={self.bytes}, range_elements={self.range_elements})"


DEFAULT: Final = Limits()


class Run:
    """One evaluation under way: what it may still spend, how deep it is, and the chance and time it was given."""

    __slots__ = ("_chance", "_deadline", "_moment", "bytes", "depth", "fuel", "limits", "max_depth", "max_items")

    def __init__(self, limits: Limits, chance: Random | None, moment: float | None) -> None:
        self.limits = limits
        self.depth = 0
        self.max_depth = limits.depth
        self.bytes = limits.bytes
        self.max_items = limits.bytes // 8
        self._chance = chance
        self._moment = moment
        clock = limits.clock
        self._deadline = clock() + limits.seconds if clock else None
        self.fuel: float = SLICE if clock else limits.seconds * STEPS_PER_SECOND

    def spend(self, steps: int) -> None:
        """Counts steps; raises the time-out when they are used up."""
        self.fuel -= steps
        if self.fuel < 0:
            self.refuel()

    def refuel(self) -> None:
        clock = self.limits.clock
        if clock is None or self._deadline is None or clock() > self._deadline:
            raise bound(TOO_LONG)
        self.fuel = SLICE

    def text(self, text: str) -> str:
        """A new string, checked against the memory bound; long ones cost time too, so that their sum stays bounded."""
        if len(text) > 256:
            if len(text) > self.bytes:
                raise bound(TOO_LARGE)
            self.spend(len(text) >> 5)
        return text

    def length(self, characters: float) -> None:
        """Refuses a string of this many characters before it is made."""
        if characters > self.bytes:
            raise bound(TOO_LARGE)

    def items(self, count: int) -> None:
        """Counts a new array of this many elements."""
        if count > self.max_items:
            raise bound(TOO_LARGE)
        self.fuel -= count
        if self.fuel < 0:
            self.refuel()

    def too_deep(self) -> JsonataError:
        return bound(TOO_DEEP)

    @property
    def chance(self) -> Random:
        if self._chance is None:
            import random

            self._chance = random.Random()
        return self._chance

    @property
    def millis(self) -> int:
        """The moment of this evaluation, in milliseconds since the epoch; the same however often it is asked for."""
        if self._moment is None:
            from datetime import UTC, datetime

            self._moment = datetime.now(UTC).timestamp()
        return int(self._moment * 1000)


if TYPE_CHECKING:
    from random import Random
