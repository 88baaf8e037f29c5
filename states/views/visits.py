"""Visits: what a history tells, as plain records. Which states were visited, how often each was tried, what ran inside what.

`story` makes them of a history, the other views and whoever wants to ask read them. Nothing here draws anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from states.views import words
from states.views.events import Json

RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED = "RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"
CAUGHT = "CAUGHT"  #: of a visit: it failed and a catcher took the failure

MACHINE, BRANCH, ITERATION, EXECUTION = "machine", "branch", "iteration", "execution"
LABELS = {BRANCH: "branch {1}", ITERATION: "[{0}]", EXECUTION: "run {0}"}  #: index and number of a chain


@dataclass(slots=True, repr=False)
class Chain:
    """States one after the other: the machine itself, a branch, an iteration, or the child execution of a distributed Map.

    `index` is the place of the branch or item, from 0. `path` begins the places of its visits.
    """

    kind: str = MACHINE
    index: int = 0
    owner: Visit | None = None
    visits: list[Visit] = field(default_factory=list)
    status: str = RUNNING
    started: float = 0.0
    ended: float | None = None
    path: str = ""
    name: str = ""
    error: str | None = None
    cause: str | None = None

    def __repr__(self) -> str:
        """`<Chain branch 2 of Fan out#1 FAILED, 3 visits, 8.8 s>`."""
        which = MACHINE if self.owner is None else f"{LABELS[self.kind].format(self.index, self.index + 1)} of {self.owner.place}"
        return _brief(self, f"{which} {self.status}", [words.count(len(self.visits), "visit")], self.started, self.ended)


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure of a visit, as the event that tells it. `location` is the field whose JSONata failed."""

    event_id: int
    at: float
    error: str | None
    cause: str | None
    location: str | None = None


@dataclass(slots=True, repr=False)
class Attempt:
    """One time a Task asked for its work, or a Parallel or Map started its chains; `number` counts from 1.

    `input` is what was sent (None for Parallel and Map), `chains` are the branches or iterations by index, `length` the number of items.
    """

    number: int
    started: float
    input: Json = None
    resource: str = ""
    timeout_seconds: float | None = None
    heartbeat_seconds: float | None = None
    status: str = RUNNING
    ended: float | None = None
    output: Json = None
    error: str | None = None
    cause: str | None = None
    length: int | None = None
    map_run_arn: str | None = None
    chains: dict[int, Chain] = field(default_factory=dict)

    def __repr__(self) -> str:
        """`<Attempt 2 FAILED, Busy, 1.5 s>`."""
        return _brief(self, f"{self.number} {self.status}", [self.error], self.started, self.ended)


@dataclass(slots=True, repr=False)
class Visit:
    """One visit of a state. Times are seconds since the epoch; `exited` is None while it runs. `event_id` is the event that entered it.

    `status` is RUNNING, SUCCEEDED, FAILED, CAUGHT, TIMED_OUT or ABORTED; `error` and `cause` are those of the last failure, also of one
    that was caught, and `failures` are all of them. `ordinal` counts the visits of its chain from 1.
    """

    event_id: int
    name: str
    type: str
    entered: float
    chain: Chain
    ordinal: int
    input: Json = None
    exited: float | None = None
    status: str = RUNNING
    output: Json = None
    assigned: Mapping[str, Json] | None = None
    attempts: list[Attempt] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    error: str | None = None
    cause: str | None = None

    def __repr__(self) -> str:
        """`<Visit Charge#2 SUCCEEDED, 3 attempts, 8.8 s>`; the error of one that did not."""
        tried = words.count(len(self.attempts), "attempt") if self.attempts else None
        error = None if self.status == SUCCEEDED else self.error
        return _brief(self, f"{self.place} {self.status}", [error, tried], self.entered, self.exited)

    @property
    def place(self) -> str:
        """Names the visit by where it is, the same in every replay: `Fan out#2[0]/Charge#1`."""
        return f"{self.chain.path}{self.name}#{self.ordinal}"

    @property
    def way(self) -> tuple[str, ...]:
        """Where it is, in words: `Fan out`, `branch 2`, `Charge`; an item is `[0]`, a child execution `run 0`."""
        way = [self.name]
        chain = self.chain
        while chain.owner is not None:
            way[:0] = [chain.owner.name, LABELS[chain.kind].format(chain.index, chain.index + 1)]
            chain = chain.owner.chain
        return tuple(way)

    @property
    def chains(self) -> list[Chain]:
        """Branches or iterations of the last attempt, by index."""
        chains = self.attempts[-1].chains if self.attempts else {}
        return [chains[index] for index in sorted(chains)]

    @property
    def retries(self) -> int:
        return max(0, len(self.attempts) - 1)

    def seconds(self, now: float) -> float:
        """How long it lasted, until `now` while it runs."""
        return (now if self.exited is None else self.exited) - self.entered


def _brief(record: object, head: str, facts: Iterable[str | None], began: float, ended: float | None) -> str:
    """A record in one line, with how long it took where it is over."""
    took = None if ended is None else words.duration(ended - began)
    return words.clean(f"<{type(record).__name__} {', '.join(filter(None, (head, *facts, took)))}>")


def every_visit(chain: Chain) -> Iterator[Visit]:
    """All visits of a chain and of what ran inside it, each container before its contents."""
    waiting = [iter(chain.visits)]
    while waiting:
        visit = next(waiting[-1], None)
        if visit is None:
            waiting.pop()
            continue
        yield visit
        inner = [each for attempt in visit.attempts for _, part in sorted(attempt.chains.items()) for each in part.visits]
        if inner:
            waiting.append(iter(inner))


def running(chains: Iterable[Chain]) -> list[Visit]:
    """The visits that run, each container before what runs inside it, in the order of the chains: only the last of a chain can."""
    found: list[Visit] = []
    for chain in chains:
        visit = chain.visits[-1] if chain.visits else None
        if visit is not None and visit.status == RUNNING:
            found.append(visit)
            found += running(visit.chains)
    return found
