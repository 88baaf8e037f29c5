"""The ordered driver: a virtual clock on which a function chooses what comes first of the things that may happen at the same time.

Such things are the calls of callables that were asked for, answers that are due, and timers of Wait states and retries. The answers of
one task keep their order; at an instant where a deadline falls too (a timeout, a missed heartbeat), answers and timers stay first-in
first-out. Whatever was asked for is called, as its history says, even when it was cancelled before or the execution is over. Choosing
the first each time gives the very history of `Virtual`.

An order is a text: the places chosen (from 0) wherever there was more than one, separated by dots, `0*5` for five zeros in a row; from
its end on the first is chosen.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from random import Random
from typing import Any, NamedTuple

from states.drivers.virtual import EPOCH, Observer, Virtual
from states.interpreter.commands import Cancel, Command, ScheduleTask
from states.interpreter.completions import Completion, TaskFailed, TaskSucceeded, TimerFired
from states.interpreter.execution import Execution
from states.interpreter.task import HEARTBEAT

CALL, ANSWER, TIMER = "call", "answer", "timer"

ROOM = 1 << 32  #: numbers kept free for what one call sends
LONGEST_ORDER = 1_000_000  #: choices that the text of an order may hold
MOST_ALIKE = 3  #: alike choices in a row that an order's text writes one by one

_FINAL = (TaskSucceeded, TaskFailed)


class InvalidOrder(ValueError):
    """A text that is no order, or the order of another machine, input or tasks."""


class Happening(NamedTuple):
    """Something that may happen now. `id` is that of its command: `Fan out#1[0]/Charge#1`.

    `is_old` says of a call that it could have been made before what happened last, which was no call.
    """

    kind: str
    id: str
    is_old: bool = False

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


Choose = Callable[[Sequence[Happening]], int]


class Choice(NamedTuple):
    """The place chosen, and what there was to choose from."""

    place: int
    among: tuple[Happening, ...]

    @property
    def taken(self) -> Happening:
        return self.among[self.place]


class _Asked(NamedTuple):
    """A callable that is yet to be called: its numbers, its command, and after which step it was asked for."""

    number: int
    request: int
    command: ScheduleTask
    step: int


class Ordered(Virtual):
    """Drives one execution on a virtual clock; `choose` is asked before every step, also where only one thing can happen.

    `choices` are those there were so far (not the steps where only one thing could happen), `calls` the ids of the callables' commands in
    the order they were called.
    """

    def __init__(
        self, execution: Execution, tasks: Any = None, *, choose: Choose, at: float = EPOCH, observer: Observer | None = None
    ) -> None:
        super().__init__(execution, tasks, at=at, observer=observer)
        self.choices: list[Choice] = []
        self.calls: list[str] = []
        self._choose = choose
        self._lined_up: list[_Asked] = []
        self._instant: list[tuple[float, int, Completion]] = []  # what is due now, in order
        self._open: set[str] = set()  # tasks that an answer still means something to
        self._steps = 0
        self._last = CALL

    @property
    def order(self) -> str:
        """The text that repeats the choices made so far."""
        return order_text([choice.place for choice in self.choices])

    def run(self) -> Execution:
        """Runs to the end, and calls whatever was asked for."""
        self.start()
        while self._take_next():
            pass
        return self.execution

    def step(self) -> bool:
        """Goes on to the next thing that happens; False when nothing is left to happen."""
        return self._take_next()

    def advance(self, seconds: float) -> Execution:
        """Lets so many seconds pass, and all that happens in them."""
        self.start()
        until = self.now + seconds
        while self._take_next(until):
            pass
        self.now = max(self.now, until)
        return self.execution

    # ------------------------------------------------------------ choosing

    def _take_next(self, until: float = float("inf")) -> bool:
        """Lets one thing happen, unless the next is later; False when nothing did."""
        self._gather(until)
        found = self._possible()
        if not found:
            return False
        happenings = tuple(happening for happening, _ in found)
        place = self._choose(happenings)
        if len(found) > 1:
            self.choices.append(Choice(place, happenings))
        self._steps += 1
        happening, entry = found[place]
        self._last = happening.kind
        if isinstance(entry, _Asked):
            self._make(entry)
        else:
            self._instant.remove(entry)
            if type(entry[2]) is TimerFired:
                del self._timers[entry[2].id]
            self.now = entry[0]
            self._receive(entry[2])
        return True

    def _gather(self, until: float) -> None:
        """Moves what is due next to the things of this instant; what means nothing any more goes."""
        due, instant = self._due, [entry for entry in self._instant if self._is_live(entry)]
        at = instant[0][0] if instant else self.now if self._lined_up else None
        while due and (at is None or due[0][0] <= at):
            if due[0][0] > until:
                break
            entry = heapq.heappop(due)
            if self._is_live(entry):
                instant.append(entry)
                at = entry[0]
        instant.sort()
        self._instant = instant

    def _possible(self) -> list[tuple[Happening, Any]]:
        """What may happen now, the first-in first."""
        after_answer = self._last != CALL
        found: list[tuple[Happening, Any]] = [
            (Happening(CALL, asked.command.id, after_answer and asked.step < self._steps), asked) for asked in self._lined_up
        ]
        if any(map(_is_deadline, self._instant)):
            return found or [(_happening(self._instant[0]), self._instant[0])]
        seen: set[str] = set()
        for entry in self._instant:
            task = entry[2].id  # type: ignore[union-attr]
            if task not in seen:
                seen.add(task)
                found.append((_happening(entry), entry))
        return found

    def _is_live(self, entry: tuple[float, int, Completion]) -> bool:
        at, _, completion = entry
        if type(completion) is TimerFired:
            return self._timers.get(completion.id) == at
        return completion.id in self._open  # type: ignore[union-attr]

    # ------------------------------------------------------------ carrying out

    def _carry_out(self, commands: list[Command]) -> None:
        super()._carry_out(commands)
        for command in commands:
            if type(command) is Cancel:
                self._open.discard(command.id)
        if self.execution.status != "RUNNING":
            self._instant.clear()
            self._open.clear()

    def _receive(self, completion: Completion) -> None:
        if isinstance(completion, _FINAL):
            self._open.discard(completion.id)
        super()._receive(completion)

    def _call(self, command: ScheduleTask) -> None:
        """Lines a callable up; its numbers are those it would have if it were called at once."""
        self._requests += 1
        self._lined_up.append(_Asked(self._order, self._requests, command, self._steps))
        self._open.add(command.id)
        self._order += ROOM

    def _make(self, asked: _Asked) -> None:
        """Calls it."""
        self._lined_up.remove(asked)
        self.calls.append(asked.command.id)
        order, requests = self._order, self._requests
        self._order, self._requests = asked.number, asked.request - 1
        super()._call(asked.command)
        self._order, self._requests = order, requests


def _is_deadline(entry: tuple[float, int, Completion]) -> bool:
    return type(entry[2]) is TimerFired and entry[2].id.endswith(("timeout", HEARTBEAT))


def _happening(entry: tuple[float, int, Completion]) -> Happening:
    completion = entry[2]
    return Happening(TIMER if type(completion) is TimerFired else ANSWER, completion.id)  # type: ignore[union-attr]


# ---------------------------------------------------------------- orders


def chooser(order: int | str) -> Choose:
    """What makes the choices: a number seeds them, a text repeats them. Raises InvalidOrder."""
    if isinstance(order, bool) or not isinstance(order, (int, str)):
        raise InvalidOrder(f"an order is a whole number or a text such as '0.2.1', not {type(order).__name__}")
    if isinstance(order, int):
        random = Random(order)
        return lambda happenings: random.randrange(len(happenings)) if len(happenings) > 1 else 0
    return _repeating(places_of(order), order)


def _repeating(places: list[int], order: str) -> Choose:
    left: Iterator[tuple[int, int]] = iter(enumerate(places, 1))

    def choose(happenings: Sequence[Happening]) -> int:
        if len(happenings) == 1:
            return 0
        number, place = next(left, (0, 0))
        if place >= len(happenings):
            there = ", ".join(map(str, happenings[:10])) + (", ..." if len(happenings) > 10 else "")
            raise InvalidOrder(
                f"order {_clipped(order)}: choice {number} is {place}, but only {len(happenings)} things may happen there, counted from 0"
                f" ({there}); is it the order of another machine, input or tasks?"
            )
        return place

    return choose


def order_text(places: Sequence[int]) -> str:
    """The text of choices, what is first-in first-out at their end left out.

    >>> order_text([0, 2, 1, 0]), order_text([0, 0, 0, 0, 0, 3]), order_text([0, 0])
    ('0.2.1', '0*5.3', '0')
    """
    kept = list(places)
    while kept and not kept[-1]:
        kept.pop()
    parts: list[str] = []
    for place, alike in groupby(kept):
        times = len(list(alike))
        parts += [f"{place}*{times}"] if times > MOST_ALIKE else [str(place)] * times
    return ".".join(parts) or "0"


_PART = re.compile(r"(\d{1,9})(?:\*(\d{1,9}))?")


def places_of(order: str) -> list[int]:
    """The choices of an order's text. Raises InvalidOrder.

    >>> places_of("0.2.1"), places_of("0*5.3")
    ([0, 2, 1], [0, 0, 0, 0, 0, 3])
    """
    places: list[int] = []
    for part in order.split("."):
        read = _PART.fullmatch(part)
        times = int(read[2] or 1) if read is not None else 0
        if read is None or len(places) + times > LONGEST_ORDER:
            raise InvalidOrder(f"{_clipped(order)} is no order; expected a text such as '0.2.1' or '0*5.3', or a whole number")
        places += [int(read[1])] * times
    return places


def _clipped(order: str) -> str:
    return repr(order if len(order) <= 100 else order[:100] + "...")
