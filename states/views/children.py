"""Child executions of distributed Maps as chains of visits, which the history of their parent does not have.

They are read from the executions themselves; each visit has the place it has in the whole.
"""

from __future__ import annotations

from typing import Any

from states.views.story import Story
from states.views.visits import EXECUTION, RUNNING, Chain

MOST_CHILDREN = 5  #: child executions of a map run that are shown with their states, and besides
MOST_FAILED_CHILDREN = 3


def story_of(child: Any) -> Story:
    """An unread story for the history of a child execution: `catch_up` reads it."""
    story = Story()
    story.chain.path = child.path
    return story


def children(execution: Any) -> dict[str, list[Chain]]:
    """The child executions of an execution, by the ARN of the map run; of many only some with their states."""
    found: dict[str, list[Chain]] = {}
    for map_run in execution.map_runs:
        chains = found[map_run.arn] = []
        told = failed = 0
        for child in getattr(map_run, "executions", ()):
            chain = Chain(EXECUTION, child.index, status=child.status, started=child.started_at)
            chain.error, chain.cause = child.error, child.cause
            chain.ended = child.stopped_at if child.status != RUNNING else None
            told, failed = told + 1, failed + (child.status in ("FAILED", "TIMED_OUT"))
            if told <= MOST_CHILDREN or (chain.error is not None and failed <= MOST_FAILED_CHILDREN):
                chain.visits = story_of(child).read(child.history.recorded).chain.visits
            chains.append(chain)
    return found
