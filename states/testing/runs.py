"""Run: an execution of a machine under test, to go on with and to assert on.

What it tells is read from the history, as a test would read it: paths, attempts, waits. The data inside a state is found when it is asked
for, by playing the execution again under an inspector: a run that nobody looks into pays nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from states import listeners
from states.drivers.virtual import Virtual
from states.history import timestamp
from states.language.durations import seconds_of
from states.language.values import copy_json
from states.tasks.functions import AssertedFault, MockFault
from states.tasks.mocks import Mock, MockError
from states.testing.comparing import Status, Way

if TYPE_CHECKING:
    from states.interpreter.execution import Execution
    from states.interpreter.inspection import Inspected
    from states.views.story import Story
    from states.views.visits import Visit

Json = Any


SHOWN = 12  #: states of a path that a Run is shown with


class Waited(NamedTuple):
    """A time that passed: in a Wait state, or before a retry (`attempt` is then the one that failed; 0 else)."""

    state_name: str
    seconds: float
    attempt: int = 0


class Clock:
    """The virtual clock of a run: `now` is a datetime in UTC, `seconds` those since the start."""

    def __init__(self, run: Run) -> None:
        self._run = run

    @property
    def now(self) -> datetime:
        moment: datetime = timestamp(self._run.driver.now)
        return moment

    @property
    def seconds(self) -> float:
        return round(self._run.driver.now - self._run.execution.started_at, 6)

    def advance(self, duration: Any) -> Run:
        """Lets a duration pass, `"2h 30m"` or seconds, and all that happens in it."""
        run = self._run
        run.go(lambda: run.driver.advance(seconds_of(duration)))
        return run


class Run:
    """One execution of a machine under test. `status`, `output`, `error`, `cause` and `history` are those of the execution."""

    def __init__(self, driver: Virtual, mocks: Mapping[str, Mock], *, strict: bool = True, started_at_state: str | None = None) -> None:
        self.driver = driver
        self.mocks = mocks
        self.clock = Clock(self)
        self._strict = strict
        self._first = started_at_state
        self._story: Story | None = None
        self._awaited: dict[str, int] = {}
        self._stories: dict[Execution, Story] = {}
        self._inspected: tuple[int, dict[str, list[Inspected]]] = (-1, {})

    def __repr__(self) -> str:
        from states.views.words import clean

        place = "" if self.status != "RUNNING" else f", waits in {', '.join(self.waiting) or 'nothing'}"
        why = f", {self.error}" if self.error else ""
        return clean(f"<Run {self.status}{why}{place}: {_shown(self.path)}>")

    # ------------------------------------------------------------ how it stands

    @property
    def execution(self) -> Execution:
        return self.driver.execution

    @property
    def status(self) -> Status:
        return Status(self.execution.status, self)

    @property
    def output(self) -> Json:
        return self.execution.output

    @property
    def error(self) -> str | None:
        return self.execution.error

    @property
    def cause(self) -> str | None:
        return self.execution.cause

    @property
    def history(self) -> Any:
        return self.execution.history

    @property
    def order(self) -> str | None:
        """What repeats the order of things that happened at the same time, as `order=` of a bench's `run`; None: first-in first-out."""
        return getattr(self.driver, "order", None)

    @property
    def events(self) -> list[str]:
        """The types of its events, in order."""
        return self.execution.history.types()

    @property
    def seconds(self) -> float:
        """How long it took on the virtual clock, to the microsecond; so far, while it runs."""
        end = self.driver.now if self.status == "RUNNING" else self.execution.stopped_at
        return round(end - self.execution.started_at, 6)

    # ------------------------------------------------------------ the way it took

    @property
    def story(self) -> Story:
        """The history as the way it took; see `views.story`."""
        if self._story is None:
            from states.views.story import Story

            self._story = Story()
        return self._story.catch_up(self.execution.history.recorded)

    @property
    def path(self) -> Way:
        """The states entered one after the other, those inside a Parallel or Map left out."""
        return Way((visit.name for visit in self.story.chain.visits), self)

    def visits(self, name: str | None = None) -> list[Visit]:
        """Every visit of a state (None: of all), also inside of branches, iterations and the child executions of distributed Maps."""
        if name is not None:
            self._check_state(name)
            self._tell_asked(name, -1)
        return [visit for visit in self._every_visit() if name is None or visit.name == name]

    def _every_visit(self) -> list[Visit]:
        """All visits, each container before its inside; with those of child executions all in the order they were entered."""
        from states.views.visits import every_visit

        found = list(every_visit(self.story.chain))
        if self.execution.map_runs:
            found += [visit for child in _children(self.execution) for visit in every_visit(self._story_of(child).chain)]
            found.sort(key=lambda visit: visit.entered)
        return found

    def _story_of(self, child: Execution) -> Story:
        """What the history of a child execution tells, as far as it is."""
        from states.views.children import story_of

        story = self._stories.get(child)
        if story is None:
            story = self._stories[child] = story_of(child)
        return story.catch_up(child.history.recorded)

    def visit(self, name: str, number: int = 1) -> Visit:
        """One visit of a state, counted from 1, or from the end with -1: its input, output, attempts, error, when it was entered."""
        found = self.visits(name)
        place = _place(number, len(found))
        if place is None:
            raise AssertionError(f"{name!r} was {_times(len(found), 'visited')}, there is no visit {number}; the path is {self.path}")
        self._tell_asked(name, number)
        return found[place]

    def inspect(self, name: str, visit: int = 1, attempt: int = -1) -> dict[str, Json]:
        """The data inside a state after each of its filters, under the names of TestState's inspection data.

        `input`, `variables`, `afterInputPath`, `afterParameters` or `afterArguments`, `result`, `afterResultSelector`,
        `afterResultPath`, `output`, and those of a Map: what the state came to. `visit` and `attempt` count from 1, or from the end
        with -1, in the order they were entered. The execution is played
        again for it, the callables are not called. AssertionError when there is no such visit or attempt.
        """
        attempts = self._attempts_inside(name, visit)
        place = _place(attempt, len(attempts))
        if place is None:
            raise AssertionError(f"visit {visit} of {name!r} was {_times(len(attempts), 'tried')}, there is no attempt {attempt}")
        record: dict[str, Json] = copy_json(attempts[place])
        return record

    def _attempts_inside(self, name: str, visit: int) -> list[Inspected]:
        if self._inspected[0] != len(self.driver.received):
            from states.interpreter.inspection import inspected

            self._inspected = (len(self.driver.received), inspected(self.execution))
        by_place = self._inspected[1]
        return by_place[self.visit(name, visit).place]

    def attempts(self, name: str) -> int:
        """How often a state was tried, in all its visits."""
        return sum(max(1, len(visit.attempts)) for visit in self.visits(name))

    @property
    def waits(self) -> list[Waited]:
        """The times that passed in Wait states and before retries, in the order they began."""
        found: list[tuple[float, int, Waited]] = []
        for visit in self.visits():
            if visit.type == "Wait" and visit.exited is not None:
                found.append((visit.entered, visit.event_id, Waited(visit.name, round(visit.exited - visit.entered, 6))))
            for before, after in zip(visit.attempts, visit.attempts[1:], strict=False):
                ended = before.ended if before.ended is not None else after.started
                found.append((ended, visit.event_id, Waited(visit.name, round(after.started - ended, 6), before.number)))
        return [waited for _, _, waited in sorted(found)]

    # ------------------------------------------------------------ what it waits for

    @property
    def waiting(self) -> list[str]:
        """The names of the states it waits in, those inside a Parallel or Map too."""
        return list(dict.fromkeys(self.execution.waiting().values()))

    def until(self, name: str) -> datetime | None:
        """Until when a state waits, in UTC: the end of a Wait, the next retry, or the first timeout. None when only an answer ends it."""
        self._check_state(name)
        if name not in self.waiting:
            raise AssertionError(f"{name!r} does not wait; {self!r}")
        place = f"{name}#"
        due = [at for id, at in self.execution.due().items() if id.rpartition("]/")[2].startswith(place)]
        return timestamp(min(due)) if due else None

    def left(self, name: str) -> float | None:
        """Seconds until `until`."""
        until = self.until(name)
        return None if until is None else round(until.timestamp() - self.driver.now, 3)

    @property
    def tokens(self) -> dict[str, str]:
        """The task tokens that wait for an answer, by the name of the state; of several in one state the last."""
        waiting = self.execution.waiting()
        return {waiting[id]: token for token, id in self.execution.task_tokens().items() if id in waiting}

    # ------------------------------------------------------------ going on

    def begin(self) -> Run:
        """Starts it: it goes as far as it comes before it waits or asks a task for its answer."""
        self.go(self.driver.start)
        return self

    def finish(self) -> Run:
        """Goes on to the end. MockError when answers of a mock are left, unless the bench is not strict."""
        self.go(self.driver.run)
        return self

    def run_until(self, name: str) -> Run:
        """Goes on until a state is entered; the second time it is called with a name, until that state is entered again.

        A state that needs no time has then been left, too. AssertionError when the state is not entered.
        """
        self._check_state(name)
        wanted = self._awaited[name] = self._awaited.get(name, 0) + 1
        while len(self.visits(name)) < wanted:
            if self.status != "RUNNING" or not self._stepped():
                raise AssertionError(f"{name!r} was not entered{' again' if wanted > 1 else ''}; {self!r}")
        return self

    def send_task_success(self, name: str, output: Json = None) -> Run:
        """Answers the task token of a waiting state."""
        self.go(lambda: self.driver.send_task_success(self._token(name), output))
        return self

    def send_task_failure(self, name: str, error: str | None = None, cause: str | None = None) -> Run:
        """Fails the task of a waiting state through its token."""
        self.go(lambda: self.driver.send_task_failure(self._token(name), error, cause))
        return self

    def send_task_heartbeat(self, name: str) -> Run:
        """Sends a heartbeat for the task of a waiting state."""
        self.go(lambda: self.driver.send_task_heartbeat(self._token(name)))
        return self

    def stop(self, error: str | None = None, cause: str | None = None) -> Run:
        """StopExecution."""
        self.go(lambda: self.driver.stop(error, cause))
        return self

    def go(self, act: Any) -> None:
        """Lets something happen; what a mock has to say about it is a MockError."""
        try:
            act()
        except AssertedFault as fault:
            raise fault.failed from None
        except MockFault as fault:
            raise MockError(f"{fault}; {self!r}") from None
        if self.status != "RUNNING" and self._strict:
            self.check_mocks()

    def check_mocks(self) -> None:
        """MockError when a mock has answers that were not given."""
        left = [said for mock in self.mocks.values() for said in mock.misuse()]
        if left:
            raise MockError("; ".join([*left, repr(self)]))

    def _stepped(self) -> bool:
        stepped = []
        self.go(lambda: stepped.append(self.driver.step()))
        return stepped[0]

    def _token(self, name: str) -> str:
        self._check_state(name)
        token = self.tokens.get(name)
        if token is None:
            raise AssertionError(f"{name!r} has no task token that waits for an answer; {self!r}")
        return token

    def _tell_asked(self, name: str, number: int) -> None:
        for tell in listeners.asked:
            tell(self.driver, name, number)

    def _check_state(self, name: str) -> None:
        """AssertionError for a name that no state of the machine has: a misspelt one must not pass as never visited."""
        from states.running import block_of

        try:
            block_of(self.execution.machine, name)
        except ValueError as fault:
            raise AssertionError(str(fault)) from None


def _place(number: int, count: int) -> int | None:
    """The place in a list of what is counted from 1, or from the end with -1."""
    place = number - 1 if number > 0 else number + count
    return place if 0 <= place < count else None


def _times(count: int, done: str) -> str:
    """`never asked`, `asked once`, `asked 3 times`."""
    return f"never {done}" if count == 0 else f"{done} once" if count == 1 else f"{done} {count} times"


def _children(execution: Execution) -> Iterator[Execution]:
    """The child executions of distributed Maps, at any depth."""
    for map_run in execution.map_runs:
        for child in getattr(map_run, "executions", ()):
            yield child
            yield from _children(child)


def _shown(path: Sequence[str]) -> str:
    """The end of a path, and how much came before it."""
    before = f"... {len(path) - SHOWN:,} more -> " if len(path) > SHOWN else ""
    return before + " -> ".join(path[-SHOWN:])
