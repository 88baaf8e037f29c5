"""Words and numbers that every report shows the same way."""

from __future__ import annotations

from states.coverage import goals
from states.coverage.results import Tally

#: What the goals of a kind are called in a table.
TITLES = {
    goals.STATE: "States",
    goals.TRANSITION: "Next, End",
    goals.CHOICE: "Choices",
    goals.RETRY: "Retry",
    goals.CATCH: "Catch",
    goals.TIMEOUT: "Timeouts",
    goals.MAP: "Maps",
    goals.PARALLEL: "Branches",
}


def percent(sum: Tally) -> str:
    """With one decimal, cut off: 100% is said only where nothing is missing.

    >>> percent(Tally(1999, 2000)), percent(Tally(7, 7))
    ('99.9%', '100%')
    """
    return "100%" if sum.reached == sum.total else f"{int(sum.percent * 10) / 10}%"
