"""Times: what ran when the time was up or the execution was stopped, how long each state took, and which clock of a task it was."""

from __future__ import annotations

from states.findings.finding import Running, Took
from states.machine import State
from states.views import visits
from states.views.lookup import Lookup
from states.views.story import Story
from states.views.visits import Attempt, Visit

MOST_TOOK = 5


def heartbeat_seconds(attempt: Attempt, state: State | None) -> float | None:
    """HeartbeatSeconds of an attempt; those of a Lambda function stand in no event, but in the definition."""
    declared = getattr(state, "heartbeat_seconds", None)
    return attempt.heartbeat_seconds or (declared if isinstance(declared, (int, float)) else None)


def missed_heartbeat(attempt: Attempt, state: State | None) -> bool:
    """Whether a task that timed out missed a heartbeat: it has HeartbeatSeconds, and its TimeoutSeconds were not over."""
    if attempt.status != visits.TIMED_OUT or heartbeat_seconds(attempt, state) is None:
        return False
    if attempt.timeout_seconds is None or attempt.ended is None:
        return True
    return attempt.ended - attempt.started < attempt.timeout_seconds - 0.5


def ran(story: Story, lookup: Lookup) -> tuple[Running, ...]:
    """The states that ran at the end, those that only waited for others left out."""
    found = []
    for visit in visits.every_visit(story.chain):
        if visit.chains or visit.status not in (visits.RUNNING, visits.ABORTED, visits.TIMED_OUT):
            continue
        if visit.status != visits.RUNNING and visit.exited != story.now:
            continue
        state = lookup.state(visit.name)
        line = lookup.line(state.location) if state is not None else None
        found.append(Running(visit.name, visit.place, visit.way, visit.entered, visit.seconds(story.now), line))
    return tuple(found)


def took(story: Story) -> tuple[Took, ...]:
    """The states that took longest, those inside of others left out where they are many."""
    seconds: dict[str, tuple[int, float]] = {}
    for visit in story.chain.visits:
        count, total = seconds.get(visit.name, (0, 0.0))
        seconds[visit.name] = (count + 1, total + _seconds(visit, story.now))
    longest = sorted(seconds.items(), key=lambda entry: -entry[1][1])[:MOST_TOOK]
    return tuple(Took(name, count, total) for name, (count, total) in longest if total > 0)


def _seconds(visit: Visit, now: float) -> float:
    return max(0.0, visit.seconds(now))
