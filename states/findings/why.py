"""Why: an execution or its history -> the Finding. The error that mattered, its place and line, what it saw, and who did not take it.

Reads what the history tells and what the machine says; runs nothing. Works without the machine: then lines, retriers and catchers are not
known. The history of an execution that succeeded or still runs gives a Finding too.

Source: the semantics of `interpreter`, told backwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from states import errors
from states.errors import StatesError
from states.findings import handlers, nested, origins, times
from states.findings.finding import Caught, Finding, Step
from states.findings.roots import of_visit, placed, root_of
from states.machine import Machine
from states.views import visits, words
from states.views.lookup import Lookup
from states.views.story import Story, read
from states.views.visits import Visit

Json = Any
Children = Mapping[str, Sequence[Any]]

FULL = "reached the maximum number of history events"
MOST_CAUGHT = 100
DEEPEST = 20  #: child executions of child executions


def why(execution: Any, machine: Machine | None = None) -> Finding:
    """Why an execution ended as it did.

    `execution` is an Execution, or a history as `states.replay` takes it: a History, events in AWS's shape (a list, or
    `{"events": [...]}`), a text, bytes or a file. An Execution knows its machine itself. Raises InvalidHistory, which names the event, when
    the events make no sense, or are not of this machine.

    >>> started = {"id": 1, "type": "ExecutionStarted"}
    >>> entered = {"id": 2, "type": "FailStateEntered", "stateEnteredEventDetails": {"name": "No"}}
    >>> failed = {"id": 3, "previousEventId": 2, "type": "ExecutionFailed", "executionFailedEventDetails": {"error": "Out"}}
    >>> print(why([started, entered, failed]))
    No failed: Out
    """
    history = getattr(execution, "history", execution)
    children = {run.arn: list(getattr(run, "executions", ())) for run in getattr(execution, "map_runs", ())}
    if machine is None:
        machine = getattr(execution, "machine", None)
    recorded = getattr(history, "recorded", None)
    if recorded is not None:
        return of_story(read(recorded), machine, children)
    return of_events(history, machine)


def of_events(given: Any, machine: Machine | None = None, execution: str | None = None) -> Finding:
    """The finding of a history in any form; `execution` chooses among the log lines of several. Raises InvalidHistory."""
    from states.findings.checked import check
    from states.histories.events import read_events

    events = read_events(given, execution)
    check(events, machine)
    return of_story(read(events), machine)


def of_story(story: Story, machine: Machine | None = None, children: Children | None = None) -> Finding:
    """The finding of a story; `children` are the child executions of distributed Maps, by the ARN of the map run."""
    return _Telling(story, Lookup(machine), children or {}, 0).finding()


class _Telling:
    """One story on its way to a finding."""

    def __init__(self, story: Story, lookup: Lookup, children: Children, depth: int) -> None:
        self.story = story
        self.lookup = lookup
        self.children = children
        self.depth = depth

    def finding(self) -> Finding:
        story = self.story
        found = _TELL[story.status](self)
        return replace(found, retried=story.totals.retries, seconds=story.seconds, caught=self._caught(), source=self.lookup.name)

    # ------------------------------------------------------------ by status

    def _succeeded(self) -> Finding:
        return Finding(status=self.story.status)

    def _unfinished(self) -> Finding:
        """Its time was up, it was stopped, or it still runs."""
        story, lookup = self.story, self.lookup
        running = times.ran(story, lookup)
        found = Finding(status=story.status, error=story.error, cause=story.cause, running=running, took=times.took(story))
        location = None
        if len(running) == 1:
            (one,) = running
            state = lookup.state(one.state)
            location = state.location if state is not None else None
            visit = next(each for each in visits.every_visit(story.chain) if each.place == one.place)
            found = replace(found, **of_visit(visit))
        notes: tuple[str, ...] = ()
        if story.status == visits.TIMED_OUT:
            error = story.error or errors.TIMEOUT
            location, message = self._machine_timeout()
            found = replace(found, error=error, message=message, event_id=story.totals.events)
        elif story.status == visits.ABORTED:
            message = words.brief_cause(story.cause)
            found = replace(found, message=message, event_id=story.totals.events)
        else:
            notes = (f"its last event is {story.totals.events}; it still runs, or the history was cut off",)
        return placed(replace(found, notes=notes), lookup, location)

    def _machine_timeout(self) -> tuple[str | None, str]:
        machine, took = self.lookup.machine, words.duration(self.story.seconds)
        if machine is not None and machine.timeout_seconds is not None:
            return "/TimeoutSeconds", f"not over after {words.duration(machine.timeout_seconds)}, the TimeoutSeconds of the machine"
        return None, f"not over after {took}"

    def _failed(self) -> Finding:
        story, lookup = self.story, self.lookup
        culprit = story.culprit
        if culprit is None:
            return Finding(
                status=story.status,
                error=story.error,
                cause=story.cause,
                message=words.brief_cause(story.cause),
                nested=tuple(nested.unfolded(story.cause)),
                event_id=story.totals.events,
            )
        if FULL in (story.cause or ""):
            return self._overflowed(culprit)
        is_own = origins.names_state(culprit, story.cause)
        links = [] if is_own else origins.chain_of(culprit, lookup)
        root = links[-1][1] if links else culprit
        caught_by = links[-1][0] if links else None
        failure = self._failure_of(root, caught_by)
        if (child := self._child(root)) is not None:
            return self._with_links(self._around(root, child, failure, caught_by), culprit, links)
        return self._with_links(self._root(root, failure, caught_by), culprit, links)

    def _overflowed(self, culprit: Visit) -> Finding:
        """The history was full: the states visited most are the loop that filled it."""
        counts: dict[str, int] = {}
        for visit in visits.every_visit(self.story.chain):
            counts[visit.name] = counts.get(visit.name, 0) + 1
        most = sorted(counts.items(), key=lambda entry: -entry[1])[:5]
        notes = ("visited most: " + ", ".join(f"{words.clean(name)} {count:,}×" for name, count in most),)
        story = self.story
        found = Finding(status=story.status, error=story.error, cause=story.cause, message=words.brief_cause(story.cause), notes=notes)
        state = self.lookup.state(culprit.name)
        reasons = handlers.reasons(culprit, StatesError(story.error, story.cause), self.lookup)
        found = replace(found, **of_visit(culprit), event_id=story.totals.events, reasons=reasons)
        return placed(found, self.lookup, state.location if state is not None else None)

    # ------------------------------------------------------------ the error that mattered

    def _failure_of(self, root: Visit, caught_by: Visit | None) -> StatesError:
        """Its error and cause: those of the execution, or those that were caught."""
        if caught_by is None:
            return StatesError(self.story.error, self.story.cause)
        error, cause = caught_by.error, caught_by.cause
        if error is None and root.type == "Fail":
            error, cause = origins.literals(self.lookup.state(root.name))
        if error is None:
            error, cause = root.error, root.cause
        return StatesError(error, cause)

    def _root(self, visit: Visit, failure: StatesError, caught_by: Visit | None) -> Finding:
        """All about the visit that failed; one that has no event of its own is told by the event that entered or ended it."""
        is_told_late = visit is self.story.culprit and (visit.type != "Fail" or origins.names_state(visit, failure.cause))
        return root_of(visit, failure, caught_by, self.lookup, self.story.totals.events if is_told_late else visit.event_id)

    # ------------------------------------------------------------ child executions

    def _child(self, visit: Visit) -> tuple[Any, Finding] | None:
        """The child execution of a distributed Map that failed first, and why."""
        arn = visit.attempts[-1].map_run_arn if visit.attempts else None
        failed = [child for child in self.children.get(arn or "", ()) if child.status in (visits.FAILED, visits.TIMED_OUT)]
        if not failed or self.depth >= DEEPEST:
            return None
        child = min(failed, key=lambda each: (each.stopped_at, each.index))
        runs = {run.arn: list(run.executions) for run in getattr(child, "map_runs", ())}
        return child, _Telling(read(child.history.recorded), self.lookup, runs, self.depth + 1).finding()

    def _around(self, visit: Visit, found: tuple[Any, Finding], failure: StatesError, caught_by: Visit | None) -> Finding:
        """The finding of a child execution as one of this execution."""
        child, inner = found
        run = f"run {child.index}"
        state = self.lookup.state(visit.name)
        line = self.lookup.line(state.location) if state is not None else None
        step = Step(visit.name, visit.place, self.story.totals.events, "failed because of it", failure.error, failure.cause, line)
        note = f"event {inner.event_id} is one of the child execution {run}"
        return replace(
            inner,
            status=self.story.status,
            way=(*visit.way, run, *inner.way),
            place=f"{visit.place}[{child.index}]/{inner.place}",
            became=(*inner.became, step),
            reasons=(*inner.reasons, *handlers.reasons(visit, failure, self.lookup, caught_by=caught_by)),
            notes=(*inner.notes, note),
        )

    # ------------------------------------------------------------ what came of it

    def _with_links(self, found: Finding, culprit: Visit, links: list[tuple[Visit, Visit]]) -> Finding:
        """With the way from the error to the end: each catcher that took it, and the Fail state that ended the execution."""
        steps = list(found.became)
        for place, (caught, _) in reversed(list(enumerate(links))):
            fail = links[place - 1][1] if place else culprit
            steps.append(self._step(caught, f"caught, {_following(caught) or 'end'} is next", caught.error, caught.cause))
            is_last = place == 0
            error, cause = (self.story.error, self.story.cause) if is_last else (fail.error, fail.cause)
            steps.append(self._step(fail, "ended the execution" if is_last else "failed", error, cause))
        return replace(found, became=tuple(steps))

    def _step(self, visit: Visit, how: str, error: str | None, cause: str | None) -> Step:
        state = self.lookup.state(visit.name)
        line = self.lookup.line(state.location) if state is not None else None
        event_id = visit.failures[-1].event_id if visit.failures else visit.event_id
        return Step(visit.name, visit.place, event_id, how, error, cause, line)

    def _caught(self) -> tuple[Caught, ...]:
        found: list[Caught] = []
        for visit in visits.every_visit(self.story.chain):
            if visit.status == visits.CAUGHT and len(found) < MOST_CAUGHT:
                inner = origins.innermost(visit)
                state = self.lookup.state(inner.name)
                line = self.lookup.line(state.location) if state is not None else None
                failures = inner.failures or visit.failures
                event_id = failures[-1].event_id if failures else inner.event_id
                told = self._failure_of(inner, visit)
                found.append(Caught(inner.name, inner.place, event_id, told.error, told.cause, _following(visit), line, visit.retries))
        return tuple(found)


_TELL: dict[str, Callable[[_Telling], Finding]] = {
    visits.SUCCEEDED: _Telling._succeeded,
    visits.FAILED: _Telling._failed,
    visits.TIMED_OUT: _Telling._unfinished,
    visits.ABORTED: _Telling._unfinished,
    visits.RUNNING: _Telling._unfinished,
}


def _following(visit: Visit) -> str | None:
    """The state that came next in the chain."""
    rest = visit.chain.visits[visit.ordinal : visit.ordinal + 1]
    return rest[0].name if rest else None
