"""Taken: the answers of a mock for each state, as the tasks of one recorded execution gave them.

Attempts stay in their order. Where a state was called in several branches or iterations, each answer is for its own one (`within`), so
that their order does not matter. A distributed Map whose child executions call tasks is mocked as a whole: their histories are elsewhere.

Limits: heartbeats are shown by no history; a task that needed them sends some. What a distributed Map gave is known where its output
shows it.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Any

from states.errors import StatesError
from states.histories.answers import FAILED, SUCCEEDED, TIMED_OUT, TaskAnswer, answers_of
from states.histories.events import Event
from states.histories.machines import known
from states.histories.places import Places, Visit
from states.histories.recording import Recording
from states.machine import Block, Machine, Map, Parallel, State, Task
from states.tasks import mocks
from states.tasks.mocks import Answer, chain_of

Json = Any
Cleaner = Callable[[Json], Json]

OFTEN = 0.5  #: of HeartbeatSeconds pass between two heartbeats
MOST_BEATS = 10_000
INVOKE = "lambda:invoke"
TIMEOUT = "States.Timeout"


@dataclass(slots=True)
class Taken:
    """`answers` by state, in the order they were asked for; `calls` how many there were; `notes` what a history does not tell."""

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    calls: int = 0
    notes: list[str] = field(default_factory=list)


def taken_from(machine: Machine, recording: Recording, *, clean: Cleaner = lambda value: value) -> Taken:
    """The answers of a recording; `clean` is applied to all data in them."""
    facts = known(machine)
    places = recording.places(facts.branches)
    taken = Taken()
    found = _Found(recording, places, clean, taken)
    given = answers_of(recording, places)
    concurrent = _concurrent(given)
    for one in given:
        within = chain_of(one.place) if one.state_name in concurrent else None
        _add(taken, one.state_name, replace(found.answer(one), within=within))
    gone = found.not_there()
    if gone is not None:
        _add(taken, *gone)
    for name in _whole(facts.states):
        for place, answer in found.of_map(name, facts.states[name]):
            _add(taken, name, replace(answer, within=chain_of(place) or None))
    return taken


def never_called(machine: Machine, answers: dict[str, Any]) -> list[str]:
    """The Task states that have no answers, those inside mocked Maps too."""
    return [name for name, state in known(machine).states.items() if isinstance(state, Task) and name not in answers]


def _add(taken: Taken, name: str, answer: Answer) -> None:
    """One more answer; one that is the same as that before it makes it one that is given twice."""
    answers = taken.answers.setdefault(name, [])
    taken.calls += 1
    if answers and replace(answers[-1], times=1) == answer and answers[-1].times is not None:
        answers[-1] = replace(answers[-1], times=answers[-1].times + 1)
    else:
        answers.append(answer)


def _concurrent(given: list[TaskAnswer]) -> set[str]:
    """The states that were called in more than one branch or iteration."""
    chains: dict[str, set[str]] = {}
    for one in given:
        chains.setdefault(one.state_name, set()).add(chain_of(one.place))
    return {name for name, several in chains.items() if len(several) > 1}


class _Found:
    """Makes answers of what a recording tells."""

    def __init__(self, recording: Recording, places: Places, clean: Cleaner, taken: Taken) -> None:
        self.recording = recording
        self.places = places
        self.clean = clean
        self.taken = taken
        self.has_clock = recording.has_times or len(places.chains) > 1  # without times the ids of events keep the order of the chains

    def seconds(self, since: float, until: float | None) -> float:
        return round(max(0.0, until - since), 3) if until is not None and self.has_clock else 0.0

    def answer(self, one: TaskAnswer) -> Answer:
        """The answer that one attempt of a task got."""
        after = self.seconds(one.scheduled_at, one.ended_at)
        if one.status == SUCCEEDED:
            make = mocks.response if one.resource == INVOKE else mocks.result
            beats = self._beats(one, after)
            submitted = self.clean(one.submitted) if one.submitted is not None else None
            return make(self.clean(one.output), after=after, heartbeat=beats, submitted=submitted)
        if one.status == FAILED:
            return mocks.error(one.error, self.clean(one.cause), after=after, heartbeat=self._beats(one, after))
        if one.status == TIMED_OUT and one.timeout_seconds is None and one.heartbeat_seconds is None:
            return mocks.error(one.error or TIMEOUT, self.clean(one.cause), after=after)
        return self._silent(one, after)

    def _beats(self, one: TaskAnswer, after: float) -> float | None:
        """How often it must have shown that it is alive; None when it need not have."""
        if not one.heartbeat_seconds or after < one.heartbeat_seconds:
            return None
        self._assume_beats(one)
        return max(one.heartbeat_seconds * OFTEN, after / MOST_BEATS)

    def _silent(self, one: TaskAnswer, after: float) -> Answer:
        """No answer; with heartbeats when it timed out later than without them."""
        if not one.heartbeat_seconds or after < one.heartbeat_seconds + 1:
            return mocks.never()
        if one.timeout_seconds is not None and one.timeout_seconds <= after + 1:  # it timed out although it was alive
            alive = one.timeout_seconds
        else:
            alive = after - one.heartbeat_seconds
        self._assume_beats(one)
        count = max(1, ceil(alive / (one.heartbeat_seconds * OFTEN)))
        return mocks.never(heartbeat=alive / count, beats=count)

    def _assume_beats(self, one: TaskAnswer) -> None:
        note = f'"{one.state_name}": its heartbeats, which no history shows, are taken to have come in time'
        if note not in self.taken.notes:
            self.taken.notes.append(note)

    def not_there(self) -> tuple[str, Answer] | None:
        """The state whose activity or function did not exist, which ends the execution before anything is scheduled."""
        end = self.recording.end
        if end is None or end.type != "ExecutionFailed" or "does not exist" not in str(end.details.get("cause")):
            return None
        visit = self.places.visit_of(end.previous) or self.places.root.open
        if visit is None or visit.type != "Task" or visit.attempt:
            return None
        return visit.name, mocks.error(end.details.get("error"), self.clean(end.details.get("cause")))

    # ------------------------------------------------------------ Maps as a whole

    def of_map(self, name: str, state: State) -> Iterator[tuple[str, Answer]]:
        """What each run of a distributed Map gave, with its place."""
        running: dict[int, tuple[Visit, float]] = {}
        ended: dict[int, tuple[str, str, float]] = {}
        for event in self.recording.events:
            visit = self.places.visit_of(event.id)
            if visit is None or visit.name != name or visit.type != "Map":
                continue
            if event.type == "MapRunStarted":
                running[visit.id] = visit, event.at
            elif event.type in ("MapRunFailed", "MapRunSucceeded") and visit.id in running:
                after = self.seconds(running.pop(visit.id)[1], event.at)
                if event.type == "MapRunFailed":
                    yield visit.place, mocks.error(event.details.get("error"), self.clean(event.details.get("cause")), after=after)
                else:
                    ended[visit.id] = visit.place, name, after
            elif event.type == "MapStateExited" and visit.id in ended:
                place, _, after = ended.pop(visit.id)
                yield place, mocks.result(self.clean(self._result(state, event)), after=after)
        for visit, _ in running.values():
            yield visit.place, mocks.never()

    def _result(self, state: Any, leaving: Event) -> Json:
        """The result of a Map, found in its output."""
        output = self.recording.value(leaving, "output")
        whole = f'"{state.name}": its child executions are not in this history; it is mocked as a whole'
        if state.output is not None or state.result_selector is not None:
            self.taken.notes.append(f"{whole} with its output, as the result that was made into it is not in the history")
            return output
        self.taken.notes.append(whole)
        if state.query_language != "JSONPath":
            return output
        if state.result_path is None:
            return None
        try:
            return state.result_path.evaluate(output, None)
        except StatesError:
            return output


def _whole(states: dict[str, State]) -> list[str]:
    """The distributed Maps that are mocked as a whole: fed from outside, or with tasks inside."""
    return [name for name, state in states.items() if isinstance(state, Map) and state.distributed and _needs_more(state)]


def _needs_more(state: Map) -> bool:
    return state.item_reader is not None or state.result_writer is not None or _has_tasks(state.processor)


def _has_tasks(block: Block) -> bool:
    for state in block.states.values():
        if isinstance(state, Task):
            return True
        if isinstance(state, Map) and _has_tasks(state.processor):
            return True
        if isinstance(state, Parallel) and any(_has_tasks(branch) for branch in state.branches):
            return True
    return False
