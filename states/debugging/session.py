"""Session: several futures of one execution, a cursor in each, and stops. What moves the cursor and what changes the future is here.

Every movement is along the moments of the current future; only what nobody looked at yet is run. What cannot be done is Wrong, with a
sentence for the user, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from states.debugging.futures import Answer, Change, Future, World, index_of_answer
from states.debugging.moments import ENDED, Given, Moment
from states.interpreter import setup
from states.interpreter.dataflow import LIMIT
from states.language import values
from states.machine import Machine

Json = Any

MOST_FUTURES = 100
MOST_STOPS = 100

STATE, ERROR, WHEN = "break", "on", "when"


class Wrong(ValueError):
    """What was asked cannot be done; the text says why and what can."""


class Stop(NamedTuple):
    """A place to stop at. `holds` is asked of each moment; of a condition only where it becomes true in its chain."""

    number: int
    kind: str
    text: str
    holds: Callable[[Moment], bool]

    def __str__(self) -> str:
        return f"{self.kind} {self.text}"


class _Hits:
    """Where a stop stops in one future, found out as far as its moments were looked at."""

    def __init__(self, stop: Stop) -> None:
        self._stop = stop
        self._hits: list[bool] = []
        self._held: dict[str, bool] = {}

    def at(self, index: int, moments: list[Moment]) -> bool:
        while len(self._hits) <= index:
            moment = moments[len(self._hits)]
            holds = self._stop.holds(moment)
            if self._stop.kind == WHEN:
                was, self._held[moment.path] = self._held.get(moment.path, False), holds
                holds = holds and not was
            self._hits.append(holds)
        return self._hits[index]


class Session:
    """`futures` by number from 1, `future` the current one, `index` the cursor in it. `title` names the execution."""

    def __init__(self, machine: Machine, world: World, title: str = "") -> None:
        self.machine = machine
        self.title = title
        self.futures = [Future(world)]
        self.future = self.futures[0]
        self.stops: list[Stop] = []
        self._cursors: dict[int, int] = {1: 0}
        self._hits: dict[tuple[int, int], _Hits] = {}
        self._stops_made = 0
        self.future.reach(0)
        self.started_at = self.future.execution.started_at

    # ------------------------------------------------------------ where it is

    @property
    def index(self) -> int:
        return self._cursors[self.future.number]

    @property
    def moment(self) -> Moment:
        return self.future.moments[self.index]

    @property
    def moments(self) -> list[Moment]:
        return self.future.moments

    def _move(self, index: int) -> None:
        self._cursors[self.future.number] = index

    # ------------------------------------------------------------ forwards

    def step(self) -> str:
        """To the next moment, inside or outside."""
        return self._forward(lambda _: True, stops=False)

    def next(self) -> str:
        """To the next state of the same chain, over whatever runs inside this one; at the end of the chain to who waits for it."""
        path = self.moment.path
        return self._forward(lambda moment: _is_next(moment, path))

    def out(self) -> str:
        """Out of the branch, iteration or child execution, to who waits for it."""
        path = self.moment.path
        return self._forward(lambda moment: moment.kind == ENDED or (moment.path != path and path.startswith(moment.path)))

    def go_on(self) -> str:
        """To the next stop, or to the end."""
        return self._forward(lambda _: False)

    def until(self, at: float) -> str:
        """To the first moment at or after a time, seconds since the epoch."""
        if at <= self.moment.at:
            raise Wrong("until: that time has passed; back and reverse-continue go back")
        return self._forward(lambda moment: moment.at >= at)

    def _forward(self, is_there: Callable[[Moment], bool], stops: bool = True) -> str:
        """Moves to the first moment that is there, or at a stop; says why it stopped, where that is worth a word."""
        future, index = self.future, self.index
        if self.moment.kind == ENDED:
            raise Wrong("the execution has ended; back, previous and reverse-continue go back")
        while future.reach(index + 1):
            index += 1
            hit = self._hit(index) if stops else None
            if hit is not None or is_there(future.moments[index]) or future.moments[index].kind == ENDED:
                self._move(index)
                return "" if hit is None else f"stop {hit.number}: {hit}"
        moved = index > self.index
        self._move(index)
        text = self.held_up()
        if moved:
            return text
        raise Wrong(text)

    def held_up(self) -> str:
        """Who does not answer, so that nothing more happens; "" when it goes on."""
        waiting = self.future.waits_for()
        names = ", ".join(sorted(set(waiting.values())))
        return f"nothing more is known: nobody answers {names}; give a result with result JSON, or fail ERROR CAUSE" if waiting else ""

    # ------------------------------------------------------------ backwards

    def back(self) -> str:
        """To the moment before."""
        return self._backward(lambda _: True, stops=False)

    def previous(self) -> str:
        """Back to where this state began, or the one before it in its chain."""
        path = self.moment.path
        return self._backward(lambda moment: moment.kind == setup.ENTERED and path.startswith(moment.path))

    def reverse(self) -> str:
        """Back to the stop before, or to the beginning."""
        return self._backward(lambda _: False)

    def _backward(self, is_there: Callable[[Moment], bool], stops: bool = True) -> str:
        index = self.index
        if index == 0:
            raise Wrong("this is where the execution begins")
        while index > 0:
            index -= 1
            hit = self._hit(index) if stops else None
            if hit is not None or is_there(self.moments[index]):
                self._move(index)
                return "" if hit is None else f"stop {hit.number}: {hit}"
        self._move(0)
        return ""

    # ------------------------------------------------------------ stops

    def add_stop(self, kind: str, text: str, holds: Callable[[Moment], bool]) -> Stop:
        if any((stop.kind, stop.text) == (kind, text) for stop in self.stops):
            raise Wrong(f"there is a stop {kind} {text} already")
        if len(self.stops) >= MOST_STOPS:
            raise Wrong(f"there are {MOST_STOPS} stops already; delete N takes one away")
        self._stops_made += 1
        stop = Stop(self._stops_made, kind, text, holds)
        self.stops.append(stop)
        return stop

    def delete_stop(self, number: int) -> Stop:
        found = next((stop for stop in self.stops if stop.number == number), None)
        if found is None:
            there = ", ".join(str(stop.number) for stop in self.stops)
            raise Wrong(f"there is no stop {number}" + (f"; there is {there}" if there else ""))
        self.stops.remove(found)
        return found

    def _hit(self, index: int) -> Stop | None:
        """The first stop that stops here."""
        found = None
        for stop in self.stops:
            key = (self.future.number, stop.number)
            hits = self._hits.get(key)
            if hits is None:
                hits = self._hits[key] = _Hits(stop)
            if hits.at(index, self.moments) and found is None:
                found = stop
        return found

    # ------------------------------------------------------------ other futures

    def begun(self) -> int:
        """The moment at which this attempt of this state began."""
        here = self._inside("set")
        for index in range(self.index, -1, -1):
            moment = self.moments[index]
            if (moment.place, moment.attempt, moment.kind) == (here.place, here.attempt, setup.ENTERED):
                return index
        raise Wrong(f"set: where {here.place} began is not known")

    def give(self, name: str | None, value: Json, text: str) -> None:
        """Another future, in which this attempt of this state begins with another input, or another value of a variable."""
        size = values.size(value)
        if size > LIMIT:
            raise Wrong(f"set: the value has {size:,} bytes; the limit is {LIMIT:,} bytes (256 KiB)")
        index = self.begun()
        here = self.moments[index]
        self._branch(Change(index, Given(here.place, here.attempt, name, value), text))
        self._move(index)

    def answer(self, output: Json, failure: tuple[str | None, str | None] | None, text: str) -> None:
        """Another future, in which the task of this attempt is answered otherwise."""
        word = "result" if failure is None else "fail"
        here = self._inside(word)
        index = self._asked(word, here)
        id = here.place if here.attempt == 1 else f"{here.place}.{here.attempt}"
        error, cause = failure or (None, None)
        self._branch(Change(index, Answer(id, output, error, cause, failure is not None), text))
        answered = index_of_answer(self.future, here.place, here.attempt)
        self._move(answered if answered is not None else len(self.moments) - 1)

    def _asked(self, word: str, here: Moment) -> int:
        """The moment at which the task of this attempt was, or will be, asked."""
        for index in range(self.index, -1, -1):
            moment = self.moments[index]
            if (moment.place, moment.attempt) == (here.place, here.attempt):
                if moment.kind == setup.ASKED and not moment.note:
                    return index
                if moment.kind == setup.ENTERED:
                    break
        index = self.index
        while self.future.reach(index):
            moment = self.moments[index]
            if (moment.place, moment.attempt) == (here.place, here.attempt):
                if moment.kind == setup.ASKED and not moment.note:
                    return index
                if moment.kind in (setup.LEFT, setup.FAILED, setup.ASKED):
                    break
            elif moment.kind == ENDED:
                break
            index += 1
        raise Wrong(f"{word}: {here.name} asks no task here; go to a Task state, such as with break STATE and continue")

    def _inside(self, word: str) -> Moment:
        if self.moment.kind == ENDED:
            raise Wrong(f"{word}: the execution has ended; go back to a state first")
        return self.moment

    def _branch(self, change: Change) -> None:
        if len(self.futures) >= MOST_FUTURES:
            raise Wrong(f"there are {MOST_FUTURES} futures already")
        made = self.future.changed(len(self.futures) + 1, change)
        made.reach(change.moment)
        self.futures.append(made)
        self._cursors[made.number] = min(change.moment, len(made.moments) - 1)
        self.future = made

    def switch(self, number: int) -> None:
        """Makes another future the current one; its cursor is where it was left."""
        if not 1 <= number <= len(self.futures):
            raise Wrong(f"there is no future {number}; there {'is 1' if len(self.futures) == 1 else f'are 1 to {len(self.futures)}'}")
        self.future = self.futures[number - 1]


def _is_next(moment: Moment, path: str) -> bool:
    """Whether a moment is that of another state of the chain, or after the chain's end."""
    if moment.kind == ENDED:
        return True
    if moment.path == path:
        return moment.kind == setup.ENTERED
    return path.startswith(moment.path)
