"""Story: a history read back as the way it took, event by event; it can be read on while the history grows.

Only what the events say is told: who an event belongs to follows from its name or from the event before it (`previousEventId`), and
where AWS left that open, the likeliest place is taken. Works on the histories of real executions too, and a history that makes no sense
is no fault.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html and recordings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from states.history import Assigned
from states.views.events import Event, Json, of_dictionary, of_tuple, value_of
from states.views.visits import (
    ABORTED,
    BRANCH,
    CAUGHT,
    FAILED,
    ITERATION,
    RUNNING,
    SUCCEEDED,
    TIMED_OUT,
    Attempt,
    Chain,
    Failure,
    Visit,
    running,
)


@dataclass(slots=True)
class Totals:
    """What a story counts while it is read."""

    events: int = 0
    visits: int = 0
    retries: int = 0


class Story:
    """What happened in one execution, as far as it was read. `culprit` is the visit whose failure ended it, None when none did."""

    def __init__(self) -> None:
        self.status = RUNNING
        self.chain = Chain()
        self.started = self.now = 0.0
        self.input: Json = None
        self.output: Json = None
        self.error: str | None = None
        self.cause: str | None = None
        self.culprit: Visit | None = None
        self.totals = Totals()
        self._where: dict[int, Visit | Chain] = {}
        self._new_branch: dict[int, Attempt] = {}
        self._named: dict[str, Visit] = {}

    @property
    def seconds(self) -> float:
        return self.now - self.started

    def read(self, events: Iterable[Any]) -> Story:
        """Reads on: recorded tuples or dictionaries, those already read left out by the caller."""
        for raw in events:
            self.totals.events += 1
            event = of_dictionary(self.totals.events, raw) if isinstance(raw, Mapping) else of_tuple(self.totals.events, raw)
            self.now = max(self.now, event.at)
            handler = _HANDLERS.get(event.type, Story._other)
            handler(self, event)
        return self

    def catch_up(self, recorded: Sequence[Any]) -> Story:
        """Reads what a growing history has now and had not before."""
        return self.read(recorded[self.totals.events : len(recorded)])

    # ------------------------------------------------------------ who an event belongs to

    def _visit(self, id: int) -> Visit | None:
        """The visit an event belongs to; of an iteration that has just started, its Map."""
        found = self._where.get(id)
        return found.owner if isinstance(found, Chain) else found

    def _outwards(self, id: int) -> Iterator[Visit]:
        """The visit an event belongs to, then each that it runs inside of."""
        visit = self._visit(id)
        while visit is not None:
            yield visit
            visit = visit.chain.owner

    def _open(self, event: Event, fits: Callable[[Visit], bool]) -> Visit | None:
        """The innermost visit around the event before that still runs and fits."""
        return next((visit for visit in self._outwards(event.previous) if visit.status == RUNNING and fits(visit)), None)

    def _container(self, event: Event) -> Visit | None:
        """The Parallel or Map an event without a name belongs to."""
        kind = "Parallel" if event.type.startswith("Parallel") else "Map"
        found = self._open(event, lambda visit: visit.type == kind)
        return found or next((v for v in reversed(self._named.values()) if v.type == kind and v.status == RUNNING), None)

    def _called(self, event: Event) -> Visit | None:
        """The visit of an event that names its state."""
        return self._open(event, lambda visit: visit.name == event.name) or self._named.get(event.name or "")

    # ------------------------------------------------------------ events of the execution

    def _execution_started(self, event: Event) -> None:
        self.started = self.chain.started = event.at
        self.input = event.data

    def _execution_ended(self, event: Event) -> None:
        self.status = event.type.removeprefix("Execution").upper().replace("TIMEDOUT", TIMED_OUT)
        self.output, self.error, self.cause = event.data, event.error, event.cause
        self.chain.status, self.chain.ended = self.status, event.at
        if self.status == FAILED:
            self._blame(event)
        rest = {FAILED: ABORTED}.get(self.status, self.status)
        _close_all(self.chain, rest, event.at)

    def _execution_redriven(self, _: Event) -> None:
        self.status = self.chain.status = RUNNING
        self.chain.ended = self.error = self.cause = self.culprit = None

    def _blame(self, event: Event) -> None:
        """Finds the visit whose failure ended the execution, and marks it and all it runs inside of."""
        named = _ENTERED_AT.match((event.cause or "")[:400]) if (event.error or "").startswith("States.") else None
        told = self._visit(int(named[2])) if named else None
        told = told if named and told is not None and told.name == named[1] else None
        culprit = told or self._visit(event.previous)
        while culprit is not None and culprit.attempts and told is None:
            inner = _failed_inside(culprit, event.error)
            if inner is None:
                break
            culprit = inner
        self.culprit = culprit
        while culprit is not None:
            if culprit.status in (RUNNING, FAILED):
                _fail(culprit, event.error, event.cause)
                culprit.status, culprit.exited = FAILED, culprit.exited or event.at
            culprit = culprit.chain.owner

    # ------------------------------------------------------------ events of states

    def _entered(self, event: Event) -> None:
        chain = self._chain_after(event)
        visit = Visit(
            event.id, event.name or "", event.type.removesuffix("StateEntered"), event.at, chain, len(chain.visits) + 1, event.data
        )
        chain.visits.append(visit)
        self.totals.visits += 1
        self._named.pop(visit.name, None)
        self._where[event.id] = self._named[visit.name] = visit

    def _chain_after(self, event: Event) -> Chain:
        """The chain that the event before leads on in; a new branch when it started a Parallel."""
        attempt = self._new_branch.get(event.previous)
        before = self._where.get(event.previous)
        if attempt is not None and isinstance(before, Visit):
            index = len(attempt.chains)
            path = _path(before, attempt, index)
            attempt.chains[index] = Chain(BRANCH, index, before, started=event.at, path=path)
            return attempt.chains[index]
        if isinstance(before, Chain):
            return before
        return before.chain if before is not None else self.chain

    def _exited(self, event: Event) -> None:
        visit = self._called(event)
        if visit is None:
            return
        self._where[event.id] = visit
        last = visit.attempts[-1] if visit.attempts else None
        visit.exited = event.at
        if isinstance(event.data, Assigned):
            visit.output, visit.assigned = event.data.output, event.data.variables
        else:
            visit.output, visit.assigned = event.data, event.assigned
        is_caught = last is not None and last.status in (FAILED, TIMED_OUT)
        visit.status = CAUGHT if is_caught else SUCCEEDED
        if is_caught and visit.error is None:
            visit.error, visit.cause = _error_output(visit.output)
        if last is not None and last.status == RUNNING:
            last.status, last.ended = SUCCEEDED, event.at
        for chain in visit.chains:
            _close_all(chain, SUCCEEDED if visit.status == SUCCEEDED else ABORTED, event.at)

    def _state_aborted(self, event: Event) -> None:
        """Names nobody: a running sibling of the failing chain, in order, else the failing state itself."""
        kind = event.type.removesuffix("StateAborted")
        around = self._open(event, lambda visit: bool(visit.attempts and visit.attempts[-1].chains))
        failing = self._visit(event.previous)
        for visit in running(around.chains) if around is not None else ():
            if visit.type == kind and visit is not failing:
                visit.status, visit.exited = ABORTED, event.at
                if visit.attempts and visit.attempts[-1].status == RUNNING:
                    visit.attempts[-1].status, visit.attempts[-1].ended = ABORTED, event.at
                self._where[event.id] = visit
                return

    def _evaluation_failed(self, event: Event) -> None:
        visit = self._called(event)
        if visit is not None:
            self._where[event.id] = visit
            _note(visit, event)
            if visit.attempts and visit.attempts[-1].status == RUNNING:
                _end(visit.attempts[-1], FAILED, event)

    # ------------------------------------------------------------ events of tasks

    def _scheduled(self, event: Event) -> None:
        visit = self._visit(event.previous)
        if visit is None:
            return
        self._where[event.id] = visit
        self.totals.retries += bool(visit.attempts)
        number = len(visit.attempts) + 1
        visit.attempts.append(Attempt(number, event.at, event.data, event.resource or "", event.timeout_seconds, event.heartbeat_seconds))

    def _task_ended(self, event: Event) -> None:
        visit = self._visit(event.previous)
        if visit is None:
            return
        self._where[event.id] = visit
        status = SUCCEEDED if event.type.endswith("Succeeded") else TIMED_OUT if event.type.endswith("TimedOut") else FAILED
        if status != SUCCEEDED:
            _note(visit, event)
        if visit.attempts:
            _end(visit.attempts[-1], status, event)

    def _other(self, event: Event) -> None:
        """Any other event belongs to whom the event before belongs."""
        before = self._where.get(event.previous)
        if before is not None:
            self._where[event.id] = before

    # ------------------------------------------------------------ events of Parallel and Map

    def _container_started(self, event: Event) -> None:
        visit = self._container(event)
        if visit is None:
            return
        if visit.attempts:
            self.totals.retries += 1
            self._container_broke(visit, event)
        attempt = Attempt(len(visit.attempts) + 1, event.at, length=event.number)
        visit.attempts.append(attempt)
        self._where[event.id] = visit
        if event.type == "ParallelStateStarted":
            self._new_branch[event.id] = attempt

    def _container_broke(self, visit: Visit, event: Event) -> None:
        """An attempt of a Parallel or Map failed: when the event before did, since before a retry no event of its own tells."""
        failing = self._visit(event.previous)
        attempt = visit.attempts[-1]
        at = event.at if failing is None or failing is visit else min(event.at, _failed_at(failing))
        if attempt.status == RUNNING:
            attempt.status, attempt.ended = FAILED, at
        if failing is not None and failing is not visit:
            attempt.error, attempt.cause = failing.error, failing.cause
            for broken in self._outwards(event.previous):
                if broken is visit:
                    break
                broken.chain.status = FAILED
                if broken.status == RUNNING:
                    broken.status, broken.exited = FAILED, at
        visit.error, visit.cause = attempt.error, attempt.cause
        visit.failures.append(Failure(event.previous, at, attempt.error, attempt.cause))
        for chain in attempt.chains.values():
            _close_all(chain, ABORTED, at)

    def _container_ended(self, event: Event) -> None:
        visit = self._container(event)
        if visit is None:
            return
        self._where[event.id] = visit
        if not visit.attempts:
            return
        attempt = visit.attempts[-1]
        if event.type.endswith("Succeeded"):
            attempt.status, attempt.ended = SUCCEEDED, event.at
        elif attempt.status == RUNNING:
            self._container_broke(visit, event)

    def _map_run_started(self, event: Event) -> None:
        visit = self._container(event)
        if visit is not None:
            self._where[event.id] = visit
            if visit.attempts:
                visit.attempts[-1].map_run_arn = event.resource

    def _map_run_failed(self, event: Event) -> None:
        visit = self._container(event)
        if visit is not None:
            self._where[event.id] = visit
            _note(visit, event)
            if visit.attempts:
                _end(visit.attempts[-1], FAILED, event)

    def _iteration_started(self, event: Event) -> None:
        visit = self._called(event)
        if visit is None:
            return
        if not visit.attempts:
            visit.attempts.append(Attempt(1, event.at))
        attempt, index = visit.attempts[-1], event.number or 0
        attempt.chains[index] = Chain(ITERATION, index, visit, started=event.at, path=_path(visit, attempt, index))
        self._where[event.id] = attempt.chains[index]

    def _iteration_ended(self, event: Event) -> None:
        visit = self._called(event)
        if visit is None:
            return
        self._where[event.id] = visit
        chain = visit.attempts[-1].chains.get(event.number or 0) if visit.attempts else None
        if chain is None:
            return
        status = event.type.removeprefix("MapIteration").upper()
        if status == FAILED:
            for broken in self._outwards(event.previous):
                if broken is visit:
                    break
                if broken.status == RUNNING:
                    broken.status, broken.exited = FAILED, event.at
        _close_all(chain, ABORTED if status == FAILED else status, event.at)
        chain.status, chain.ended = status, event.at


def read(events: Iterable[Any]) -> Story:
    """The story of recorded tuples, or of events in AWS's shape in the order of their ids.

    >>> story = read([("ExecutionStarted", 0, 0.0, None, {}), ("PassStateEntered", 0, 0.0, "A", {}), ("PassStateExited", 2, 0.0, "A", {})])
    >>> [(visit.name, visit.status) for visit in story.chain.visits]
    [('A', 'SUCCEEDED')]
    """
    return Story().read(events)


_ENTERED_AT = re.compile(r"An error occurred while executing the state '(.*)' \(entered at the event id #(\d{1,9})\)", re.DOTALL)


def _path(owner: Visit, attempt: Attempt, index: int) -> str:
    place = owner.place if attempt.number == 1 else f"{owner.place}.{attempt.number}"
    return f"{place}[{index}]/"


def _failed_at(visit: Visit) -> float:
    """When a visit failed: with its last attempt, or as it was entered when it made none."""
    ended = visit.attempts[-1].ended if visit.attempts else visit.entered
    return ended if ended is not None else visit.entered


def _fail(visit: Visit, error: str | None, cause: str | None) -> None:
    if visit.error is None:
        visit.error, visit.cause = error, cause
    if visit.attempts and visit.attempts[-1].status == RUNNING:
        attempt = visit.attempts[-1]
        attempt.status, attempt.error, attempt.cause = FAILED, error, cause


def _note(visit: Visit, event: Event) -> None:
    visit.error, visit.cause = event.error, event.cause
    visit.failures.append(Failure(event.id, event.at, event.error, event.cause, event.location))


def _end(attempt: Attempt, status: str, event: Event) -> None:
    attempt.status, attempt.ended = status, event.at
    attempt.output, attempt.error, attempt.cause = event.data, event.error, event.cause


def _close_all(chain: Chain, status: str, at: float) -> None:
    """Whatever of the chain still runs has this status from now on."""
    if chain.status == RUNNING:
        chain.status, chain.ended = status, at
    for visit in running([chain]):
        visit.status, visit.exited = status, at
        if visit.attempts and visit.attempts[-1].status == RUNNING:
            visit.attempts[-1].status, visit.attempts[-1].ended = status, at
        for inner in visit.chains:
            if inner.status == RUNNING:
                inner.status, inner.ended = status, at


def _failed_inside(visit: Visit, error: str | None) -> Visit | None:
    """The failed visit inside a Parallel or Map that made it fail."""
    for chain in visit.chains:
        last = chain.visits[-1] if chain.visits else None
        if last is not None and (last.status == FAILED or (last.status == RUNNING and last.error is not None)):
            return last
        if last is not None and last.type == "Fail" and error == visit.error:
            return last
    return None


def _error_output(output: Json) -> tuple[str | None, str | None]:
    """Error and Cause that a catcher wrote into its output: at the top, or one level down."""
    value = value_of(output)
    if not isinstance(value, dict):
        return None, None
    for candidate in (value, *reversed(value.values())):
        if isinstance(candidate, dict) and candidate.keys() == {"Error", "Cause"}:
            error, cause = candidate["Error"], candidate["Cause"]
            return (error if isinstance(error, str) else None), (cause if isinstance(cause, str) else None)
    return None, None


def _table() -> dict[str, Callable[[Story, Event], None]]:
    table: dict[str, Callable[[Story, Event], None]] = {
        "ExecutionStarted": Story._execution_started,
        "ExecutionRedriven": Story._execution_redriven,
        "EvaluationFailed": Story._evaluation_failed,
        "MapRunStarted": Story._map_run_started,
        "MapRunFailed": Story._map_run_failed,
        "MapRunSucceeded": Story._other,
        "MapIterationStarted": Story._iteration_started,
    }
    for status in ("Succeeded", "Failed", "Aborted", "TimedOut"):
        table[f"Execution{status}"] = Story._execution_ended
    for state in ("Pass", "Task", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map"):
        table[f"{state}StateEntered"] = Story._entered
        table[f"{state}StateExited"] = Story._exited
        table[f"{state}StateAborted"] = Story._state_aborted
    for family in ("LambdaFunction", "Activity", "Task"):
        table[f"{family}Scheduled"] = Story._scheduled
        for ending in ("Succeeded", "Failed", "TimedOut", "ScheduleFailed", "StartFailed", "SubmitFailed"):
            table[f"{family}{ending}"] = Story._task_ended
    for container in ("Parallel", "Map"):
        table[f"{container}StateStarted"] = Story._container_started
        for ending in ("Succeeded", "Failed"):
            table[f"{container}State{ending}"] = Story._container_ended
    for ending in ("Succeeded", "Failed", "Aborted"):
        table[f"MapIteration{ending}"] = Story._iteration_ended
    return table


_HANDLERS = _table()
