"""Rows: the way of the execution up to a moment, a row a visit, as a tree. Made of the last moments only, so that it costs the same after
25,000 events as after ten.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from states.debugging.moments import ENDED, Moment
from states.interpreter import setup
from states.views.words import clean, clip

RUNNING, SUCCEEDED, FAILED, CAUGHT, WAITS = "RUNNING", "SUCCEEDED", "FAILED", "CAUGHT", "WAITS"

LOOKED_BACK = 4000  #: moments
MOST_VISITS = 300


class Row(NamedTuple):
    """A visit: how deep it is in branches and iterations, how it stands, its attempts, when it began; `label` is `branch 2` or `[0]`."""

    depth: int
    status: str
    label: str
    name: str
    attempt: int
    at: float
    is_here: bool


class _Seen:
    """A visit while its moments are read."""

    __slots__ = ("at", "attempt", "chains", "path", "place", "status")

    def __init__(self, moment: Moment) -> None:
        self.place, self.path = moment.place, moment.path
        self.status, self.attempt, self.at = RUNNING, moment.attempt, moment.at
        self.chains: dict[str, list[_Seen]] = {}


STATUS = {setup.FAILED: FAILED, setup.RETRIED: WAITS, setup.EXHAUSTED: FAILED, setup.CAUGHT: CAUGHT, setup.ENTERED: RUNNING}


def rows(moments: list[Moment], index: int, most: int) -> tuple[Row, ...]:
    """At most so many rows that end with, or are around, the visit the moment is of."""
    first = max(0, index + 1 - LOOKED_BACK)
    seen: dict[str, _Seen] = {}
    for moment in moments[first : index + 1]:
        if moment.kind == ENDED:
            continue
        visit = seen.get(moment.place)
        if visit is None:
            visit = seen[moment.place] = _Seen(moment)
        visit.attempt = moment.attempt
        if moment.kind == setup.LEFT:
            visit.status = SUCCEEDED if visit.status != CAUGHT else CAUGHT
        else:
            visit.status = STATUS.get(moment.kind, visit.status)
    here = moments[index].place
    kept = dict(list(seen.items())[-MOST_VISITS:])
    found = list(_tree(kept, here))
    current = next((number for number, row in enumerate(found) if row.is_here), len(found) - 1)
    last = min(len(found), max(current + 1 + most // 3, most))
    return tuple(found[max(0, last - most) : last])


def _tree(seen: dict[str, _Seen], here: str) -> Iterator[Row]:
    """The visits as rows, each below the one it runs in, chains in the order they began."""
    top: dict[str, list[_Seen]] = {}
    for visit in seen.values():
        owner = seen.get(owner_of(visit.path))
        (top if owner is None else owner.chains).setdefault(visit.path, []).append(visit)
    waiting = [(visit, 0, "") for chain in reversed(top.values()) for visit in reversed(chain)]
    while waiting:
        visit, depth, label = waiting.pop()
        name = visit.place[len(visit.path) :].rpartition("#")[0]
        yield Row(depth, visit.status, label, clean(name), visit.attempt, visit.at, visit.place == here)
        for path in sorted(visit.chains, key=_index)[::-1]:
            inner = [(each, depth + 1, _label(path) if number == 0 else "") for number, each in enumerate(visit.chains[path])]
            waiting += reversed(inner)


def owner_of(path: str) -> str:
    """The visit in which a chain runs: `Fan out#2` of `Fan out#2[0]/` and of `Fan out#2.3[0]/`, its third attempt.

    >>> [owner_of(path) for path in ("Fan out#2[0]/", "Fan out#2.3[11]/", "A#1[0]/B/C#2[1]/", "")]
    ['Fan out#2', 'Fan out#2', 'A#1[0]/B/C#2', '']
    """
    head, mark, number = path.rpartition("[")[0].rpartition("#")
    return f"{head}{mark}{number.partition('.')[0]}"


def _label(path: str) -> str:
    """`[0]` of a branch or item, the beginning of its name of a child execution."""
    return clip(f"[{path.rpartition('[')[2].removesuffix(']/')}]", 10)


def _index(path: str) -> int:
    number = path.rpartition("[")[2].removesuffix("]/")
    return int(number) if number.isdecimal() else 0
