"""Futures: executions of one machine that differ in what was changed; each runs only as far as somebody looks.

A future is run from its beginning, on the answers its parent's tasks gave: a task that is asked the same at the same place answers the
same, without being called again. What the core decides before it waits is known at once; a task is not called before somebody goes past
the moment that asked for it.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from states.debugging.moments import ENDED, Given, Moment, Recorder
from states.drivers.virtual import Virtual
from states.interpreter import setup
from states.interpreter.commands import Command, ScheduleTask
from states.interpreter.completions import Completion, StopRequested, TaskFailed, TaskSucceeded, TimerFired
from states.interpreter.execution import Execution
from states.interpreter.inspection import joined
from states.interpreter.setup import PLAIN, Setup
from states.language.values import equal
from states.tasks.functions import MockFault

Json = Any

FINAL = (TaskSucceeded, TaskFailed)


class Asked(NamedTuple):
    """What a task was asked, and what came of it: seconds after the asking, and the completion. `input` None answers whatever is asked.

    `is_open` says that its end is not known: it is not that it gave none until its time was up.
    """

    input: tuple[Json] | None
    answers: tuple[tuple[float, Completion], ...]
    is_open: bool = False

    def answer_to(self, given: Json) -> bool:
        return self.input is None or equal(self.input[0], given)


class Answer(NamedTuple):
    """What a command is answered instead: `error` None is success with `output`."""

    id: str
    output: Json = None
    error: str | None = None
    cause: str | None = None
    is_failure: bool = False

    def at(self, at: float) -> Completion:
        return TaskFailed(self.id, self.error, self.cause, at) if self.is_failure else TaskSucceeded(self.id, self.output, at)


class Change(NamedTuple):
    """One thing that makes a future another: from a moment, counted from 0, on. `text` says it as the user did."""

    moment: int
    what: Given | Answer
    text: str


class World(NamedTuple):
    """What an execution is made of again and again: `make` gives it, its tasks and its start, with this setup.

    `answers` are what tasks gave before, by command id, as in a history; `is_closed` says that nobody else answers, `stop` is what ended
    the recorded execution from outside, and until `until` its own time may run out.
    """

    make: Callable[[Setup], tuple[Execution, Any, float]]
    answers: Mapping[str, Asked] = {}
    is_closed: bool = False
    stop: StopRequested | None = None
    until: float = 0.0


class Future:
    """One execution, run as far as was looked at: `moments` so far, `more` for the next ones. `number` counts from 1, `parent` is None
    for the first."""

    def __init__(self, world: World, number: int = 1, parent: Future | None = None, changes: tuple[Change, ...] = ()) -> None:
        self.world = world
        self.number = number
        self.parent = parent
        self.changes = changes
        recorder = Recorder(tuple(change.what for change in changes if isinstance(change.what, Given)))
        execution, tasks, at = world.make(joined(PLAIN, recorder))
        known = {**world.answers, **(parent.driver.asked if parent is not None else {})}
        self.execution = execution
        self.driver: Driver = Driver(execution, tasks, at, known, {c.what.id: c.what for c in changes if isinstance(c.what, Answer)}, world)
        self.recorder = recorder
        self.moments: list[Moment] = recorder.moments
        self.is_over = False

    def more(self) -> bool:
        """Runs on until there are more moments; False when it is over, or when it waits for an answer that nobody gives."""
        known = len(self.moments)
        while len(self.moments) == known and not self.is_over:
            if self.execution.status != "RUNNING":
                self._end()
            elif not self.driver.go_on():
                return False
        return len(self.moments) > known

    def reach(self, index: int) -> bool:
        """Runs until there is a moment with this index."""
        while len(self.moments) <= index:
            if not self.more():
                return False
        return True

    def _end(self) -> None:
        execution = self.execution
        self.is_over = True
        failure = {"Error": execution.error, "Cause": execution.cause}
        value = execution.result if execution.status == "SUCCEEDED" else failure
        variables = self.moments[-1].variables if self.moments else {}
        self.recorder.ended(execution.status, value, len(execution.history.recorded), execution.stopped_at, variables)

    def waits_for(self) -> dict[str, str]:
        """The tasks whose answer nobody knows, when it is held up by them: id -> name of the state."""
        return self.driver.unanswered() if not self.is_over else {}

    def changed(self, number: int, change: Change) -> Future:
        """Another future: as this one up to the change, and without what was changed in it later."""
        kept = [each for each in self.changes if each.moment < change.moment or (each.moment == change.moment and _differ(each, change))]
        return Future(self.world, number, self, (*kept, change))


def _differ(one: Change, other: Change) -> bool:
    """Whether two changes at one moment are of different things."""
    a, b = one.what, other.what
    if isinstance(a, Given) and isinstance(b, Given):
        return (a.place, a.attempt, a.name) != (b.place, b.attempt, b.name)
    return not (isinstance(a, Answer) and isinstance(b, Answer) and a.id == b.id)


class Driver(Virtual):
    """The virtual driver, one step behind: commands are carried out when it goes on. `asked` are the tasks so far and their answers."""

    def __init__(
        self, execution: Execution, tasks: Any, at: float, known: Mapping[str, Asked], instead: Mapping[str, Answer], world: World
    ) -> None:
        super().__init__(execution, tasks, at=at)
        self.asked: dict[str, Asked] = {}
        self._known = known
        self._instead = instead
        self._world = world
        self._waiting: list[Command] = []
        self._posted: list[tuple[float, Completion]] | None = None
        self._nobody: dict[str, str] = {}

    def go_on(self) -> bool:
        """One thing more happens; False when nothing is left to happen."""
        if not self._started:
            self.start()
            if self._world.stop is not None:
                self.post(self._world.stop.at, self._world.stop)
            return True
        waiting, self._waiting = self._waiting, []
        super()._carry_out(waiting)
        if self._is_held_up():
            return False
        return self.step()

    def unanswered(self) -> dict[str, str]:
        """The pending tasks nobody answers."""
        pending = self.execution.waiting()
        return {id: name for id, name in self._nobody.items() if id in pending}

    def _is_held_up(self) -> bool:
        """Whether a task that nobody answers, or the execution, would only run out of time next."""
        unanswered = self.unanswered()
        if not unanswered:
            return False
        due = self._due
        while due and isinstance(due[0][2], TimerFired) and self._timers.get(due[0][2].id) != due[0][0]:
            heapq.heappop(due)
        if not due:
            return True
        at, _, first = due[0]
        if not isinstance(first, TimerFired):
            return False
        return first.id.rpartition("/")[0] in unanswered or (first.id == "timeout" and at > self._world.until)

    def _carry_out(self, commands: list[Command]) -> None:
        self._waiting += commands

    def post(self, at: float, completion: Completion) -> None:
        if self._posted is not None:
            self._posted.append((at - self.now, completion))
        super().post(at, completion)

    def _call(self, command: ScheduleTask) -> None:
        known, instead = self._known.get(command.id), self._instead.get(command.id)
        self._posted = []
        try:
            if instead is not None:
                self._requests += 1
                self._answer(_replaced(known, instead))
            elif known is not None and known.answer_to(command.input):
                self._requests += 1
                self._answer(known.answers)
                if known.is_open:
                    self._nobody[command.id] = command.state_name
            elif self._world.is_closed:
                self._nobody[command.id] = command.state_name
            else:
                self._work(command)
            self.asked[command.id] = Asked((command.input,), tuple(self._posted), command.id in self._nobody)
        finally:
            self._posted = None

    def _work(self, command: ScheduleTask) -> None:
        """Calls the task; a mock that has no answer left is nobody who answers."""
        try:
            super()._call(command)
        except MockFault:
            self._nobody[command.id] = command.state_name

    def _answer(self, answers: tuple[tuple[float, Completion], ...]) -> None:
        for after, completion in answers:
            self.post(self.now + after, completion._replace(at=self.now + after))


def _replaced(known: Asked | None, instead: Answer) -> tuple[tuple[float, Completion], ...]:
    """The answers a task gave, with another end, at the time of its own end if that is known."""
    answers = known.answers if known is not None else ()
    own = [entry for entry in answers if getattr(entry[1], "id", None) == instead.id and isinstance(entry[1], FINAL)]
    after = own[0][0] if own else max((entry[0] for entry in answers), default=0.0)
    return (*(entry for entry in answers if entry not in own), (after, instead.at(0.0)))


def index_of_answer(future: Future, place: str, attempt: int) -> int | None:
    """The first moment after the task of this attempt was answered."""
    index = 0
    while future.reach(index):
        moment = future.moments[index]
        is_it = moment.place == place and moment.attempt == attempt
        if (is_it and moment.kind in (setup.RESULT, setup.FAILED)) or moment.kind == ENDED:
            return index
        index += 1
    return None
