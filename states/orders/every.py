"""Every order: a machine run again and again, until each order of what may happen at the same time was had, or as many as asked for.

Orders with the fewest departures from first-in first-out come first, so that few runs see the most different ones and the first order
that fails a check is a simple one. Each run starts anew. Two orders are the same, and only one is run, when callables are called and
answers come in the same sequences, whatever their mixture: calling a callable and taking another one's answer do not touch each other,
unless the machine has task tokens, through which a callable can see what became of other tasks; then every mixture is run.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from states import listeners
from states.drivers.ordered import Happening, Ordered, chooser
from states.interpreter.resources import ACTIVITY, CALLBACK
from states.machine import Machine
from states.running import RunSettings, as_machine, prepared
from states.tasks.resources import Tasks, task_states

LIMIT = 1000  #: orders that are run where nothing else is asked for
MOST_WAITING = 100_000  #: orders that are remembered to be run later
MOST_REPEATED = 10  #: runs given up for each that is to be had


class NotRepeatable(RuntimeError):
    """A run came by the same choices to another place: something is left over from the run before, or depends on chance."""


class Run(Ordered):
    """One run in one order: a driver with `execution` (over), `order`, `choices`, `calls`. `given` are the tasks that were made for it."""

    def __init__(self, *arguments: Any, given: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.given = given


class _Repeats(Exception):
    """Whatever may happen now leads where another order leads."""


class _Departure(NamedTuple):
    """A run to come: as the one before, up to a choice that is made otherwise. `departures` and `made` sort them: the simple ones first."""

    departures: int
    made: int
    before: _Departure | None
    number: int
    place: int
    expected: Happening

    def places(self) -> dict[int, tuple[int, Happening]]:
        """Which choices are not the first, and what they are."""
        found: dict[int, tuple[int, Happening]] = {}
        departure: _Departure | None = self
        while departure is not None:
            found[departure.number] = (departure.place, departure.expected)
            departure = departure.before
        return found


class Orders(Iterator[Run]):
    """The runs of every order, each made when it is asked for. `tried` counts them; `complete` says whether there is no other order.

    `repeated` counts runs that were given up because they led where another one leads; they are made without being seen.
    """

    def __init__(self, machine: Any, input: Any, tasks: Any, settings: RunSettings | None, limit: int, options: dict[str, Any]) -> None:
        if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
            raise ValueError(f"limit must be a whole number from 1, not {limit!r}")
        self.machine: Machine = as_machine(machine)
        self.limit = limit
        self.tried = self.repeated = 0
        self._given = (input, settings, options)
        self._factory = factory_of(tasks)
        self._has_tokens = has_tokens(self.machine)
        self._waiting: list[_Departure] = []
        self._way: _Way | None = None
        self._made = 0
        self._begun = self._forgot = False

    @property
    def complete(self) -> bool:
        """Whether every order was had."""
        return self._begun and not self._waiting and not self._forgot

    def __next__(self) -> Run:
        while self.tried < self.limit and self.repeated < self.limit * MOST_REPEATED:
            if not self._begun:
                departure = None
            elif self._waiting:
                if self.tried == 1:
                    self._check_repeatable()
                departure = heapq.heappop(self._waiting)
            else:
                break
            self._begun = True
            run = self._run(departure)
            if run is not None:
                self.tried += 1
                if departure is None:
                    self._way = _way(run)
                return run
            self.repeated += 1
        raise StopIteration

    def repeat(self, order: int | str) -> Run:
        """One more run in this order; counts as none."""
        run = self._driver(chooser(order))
        run.run()
        return run

    def _check_repeatable(self) -> None:
        """NotRepeatable when the first run, made again, goes another way."""
        if self._way is not None and _way(self.repeat("0")) != self._way:
            raise NotRepeatable(f"the first run, made again, went another way. {_ADVICE}")
        self._way = None

    def _driver(self, choose: Callable[[Sequence[Happening]], int]) -> Run:
        input, settings, options = self._given
        given = self._factory()
        execution, served, at = prepared(self.machine, input, given, settings, dict(options))
        run = Run(execution, served, choose=choose, at=at, given=given)
        for tell in listeners.made:
            tell(run)
        return run

    def _run(self, departure: _Departure | None) -> Run | None:
        """The run of a departure, None when it repeats another; what can be chosen otherwise after it lines up."""
        places = departure.places() if departure is not None else {}
        decided = departure.number if departure is not None else -1
        number = -1
        later: list[tuple[int, int, Happening]] = []

        def choose(happenings: Sequence[Happening]) -> int:
            nonlocal number
            allowed = [place for place, each in enumerate(happenings) if not each.is_old or self._has_tokens]
            if not allowed:
                raise _Repeats
            if len(happenings) == 1:
                return 0
            number += 1
            if number <= decided:
                return _decided(places, number, happenings, allowed)
            self._forgot = self._forgot or len(later) > MOST_WAITING
            later.extend((number, place, happenings[place]) for place in allowed[1:] if len(later) <= MOST_WAITING)
            return allowed[0]

        driver = self._driver(choose)
        try:
            driver.run()
        except _Repeats:
            self._line_up(departure, later)
            return None
        if number < decided:
            raise _not_repeatable(number + 1, places[decided][1], "the end")
        self._line_up(departure, later)
        return driver

    def _line_up(self, departure: _Departure | None, later: list[tuple[int, int, Happening]]) -> None:
        departures = departure.departures + 1 if departure is not None else 1
        for number, place, expected in later:
            if len(self._waiting) >= MOST_WAITING:
                self._forgot = True
                return
            self._made += 1
            heapq.heappush(self._waiting, _Departure(departures, self._made, departure, number, place, expected))


def _decided(places: dict[int, tuple[int, Happening]], number: int, happenings: Sequence[Happening], allowed: list[int]) -> int:
    """The choice that a departure makes here."""
    if number not in places:
        return allowed[0]
    place, expected = places[number]
    if place >= len(happenings) or happenings[place][:2] != expected[:2]:
        raise _not_repeatable(number, expected, ", ".join(map(str, happenings[:5])))
    return place


_ADVICE = (
    "Tasks that keep something from run to run are to be made anew for each: give `tasks` as a callable that makes them, and let nothing"
    " in them depend on chance or the time"
)


def _not_repeatable(number: int, expected: Happening, found: str) -> NotRepeatable:
    return NotRepeatable(f"the same choices led elsewhere: at choice {number + 1} there was {expected}, now there is {found}. {_ADVICE}")


_Way = tuple[list[str], list[Any], list[tuple[str, float]]]


def _way(run: Run) -> _Way:
    """The way a run took: its calls, its choices, and its events with their times, whatever data they hold."""
    return run.calls, run.choices, [(raw[0], raw[2]) for raw in run.execution.history.recorded]


def has_tokens(machine: Machine) -> bool:
    """Whether a state of the machine has a task token."""
    return any(resource.pattern == CALLBACK or resource.family == ACTIVITY for _, resource, _ in task_states(machine))


def factory_of(tasks: Any) -> Callable[[], Any]:
    """What gives the tasks of a run: a class or a callable that needs no argument makes them, anything else serves every run."""
    if callable(tasks) and not isinstance(tasks, Tasks) and (isinstance(tasks, type) or _needs_nothing(tasks)):
        made: Callable[[], Any] = tasks
        return made
    return lambda: tasks


def _needs_nothing(function: Callable[..., Any]) -> bool:
    """Whether it can be called without arguments."""
    from inspect import signature

    try:
        signature(function).bind()
    except (TypeError, ValueError):  # it needs some, or it is a builtin that does not say
        return False
    return True


def every_order(
    machine: Any, input: Any = None, tasks: Any = None, settings: RunSettings | None = None, *, limit: int = LIMIT, **options: Any
) -> Orders:
    """An iterator of finished runs, one for each order of what may happen at the same time; the first is first-in first-out.

    The arguments are those of `states.run`; but `tasks` may be a callable without arguments, or a class, that makes the tasks of each
    run, for those that keep something. After `limit` runs it ends; its `complete` says whether those were all, `tried` how many they were.
    Raises NotRepeatable when a run depends on the one before.

    >>> def states_of(*names):
    ...     return [{"StartAt": name, "States": {name: {"Type": "Wait", "Seconds": 1, "End": True}}} for name in names]
    >>> orders = every_order({"StartAt": "P", "States": {"P": {"Type": "Parallel", "Branches": states_of("A", "B", "C"), "End": True}}})
    >>> [run.order for run in orders], orders.complete
    (['0', '1', '2', '0.1', '1.1', '2.1'], True)
    """
    return Orders(machine, input, tasks, settings, limit, options)
