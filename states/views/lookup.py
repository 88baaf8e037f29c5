"""From a story back to the Machine: the state of a name, its line in the file, and until when something waits.

Everything here is read off the definition; what only the running execution knows (a wait computed in JSONata, a jittered delay) is None.
"""

from __future__ import annotations

from states import errors
from states.definition.source import Source
from states.errors import StatesError
from states.machine import Block, Machine, Map, Parallel, Retrier, State, Wait
from states.views import visits
from states.views.events import seconds_of, value_of
from states.views.story import Story
from states.views.visits import Attempt, Visit


def find_state(block: Block, name: str) -> State | None:
    """The state of this name, wherever it is nested: names are unique over a whole machine."""
    waiting: list[Block] = [block]
    for each in waiting:  # grows while it is walked
        if name in each.states:
            return each.states[name]
        for state in each.states.values():
            if isinstance(state, Parallel):
                waiting.extend(state.branches)
            elif isinstance(state, Map):
                waiting.append(state.processor)
    return None


def position(machine: Machine, location: str) -> tuple[int, int] | None:
    """Line and column (from 1) of a location such as `/States/Charge`; None when the machine was not made of a text."""
    return Source(machine.text, machine.source).position(location) if machine.text else None


def due_times(story: Story, machine: Machine) -> dict[str, float]:
    """Until when each running Wait, and each Task before its retry, waits: seconds since the epoch by the visit's place."""
    found = {}
    for visit in visits.running([story.chain]):
        state = find_state(machine, visit.name)
        at = _end_of_wait(visit, state) if isinstance(state, Wait) else _next_attempt(visit, getattr(state, "retry", ()))
        if at is not None:
            found[visit.place] = at
    return found


def _end_of_wait(visit: Visit, state: Wait) -> float | None:
    for given, is_moment in ((state.seconds, False), (state.seconds_path, False), (state.timestamp, True), (state.timestamp_path, True)):
        if given is None:
            continue
        if isinstance(given, (int, float)):
            return given if is_moment else visit.entered + given
        try:
            value = given.evaluate(value_of(visit.input), None)
        except Exception:  # it needs what only the execution has
            return None
        if isinstance(value, (int, float)) and not is_moment:
            return visit.entered + value
        return seconds_of(value) or None
    return None


def _next_attempt(visit: Visit, retriers: tuple[Retrier, ...]) -> float | None:
    failed = visit.attempts[-1] if visit.attempts else None
    if failed is None or failed.status not in (visits.FAILED, visits.TIMED_OUT) or failed.ended is None:
        return None
    retrier = next((each for each in retriers if takes(each, failed)), None)
    if retrier is None or retrier.jitter:
        return None
    earlier = sum(takes(retrier, attempt) for attempt in visit.attempts[:-1])
    seconds = retrier.interval_seconds * retrier.backoff_rate**earlier
    return failed.ended + min(seconds, retrier.max_delay_seconds if retrier.max_delay_seconds is not None else seconds)


def takes(retrier: Retrier, attempt: Attempt) -> bool:
    """Whether the retrier matches the failure of an attempt."""
    return errors.matches(retrier.error_equals, StatesError(attempt.error, attempt.cause))
