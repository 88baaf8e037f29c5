"""Folds: what of many visits, attempts, branches or iterations is worth a line, and the rest in a few words.

A loop is folded by its cycle: the first and the last time round are shown, so is one in which something failed, and the others are
counted. What is still too long is folded by position: its start and its end are shown.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from states.views import visits, words
from states.views.visits import Attempt, Chain, Visit

ENDS = ((10, 10), (5, 5), (3, 3))  #: visits shown at the start and end of a long chain, by depth
MOST_TELLING = 6  #: lines from the middle of a long chain
MOST_TELLING_CYCLES = 3  #: times round a loop that are shown because something failed in them
MOST_ATTEMPTS = 6
MOST_CHAINS = 5  #: iterations or branches shown one by one; of more only the telling ones

FEWEST_TIMES = 4  #: times round that make a loop worth folding
LONGEST_CYCLE = 60  #: states of a loop
CANDIDATES = 12  #: later visits of a state that may be the next time round
MOST_NAMES = 6  #: states of a loop that are named


# ---------------------------------------------------------------- visits of a chain


@dataclass(slots=True)
class Repeat:
    """Times round a loop that are not shown; in so many of them something failed."""

    times: int
    names: list[str]
    telling: int = 0

    def __str__(self) -> str:
        names = [words.clean(name) for name in self.names]
        if len(names) > MOST_NAMES:
            names = [*names[: MOST_NAMES - 1], f"… {len(names) - MOST_NAMES:,} more", names[-1]]
        times = "once" if self.times == 1 else f"{self.times:,} times"
        return f"… {times}: {' → '.join(names)}" + (f", {self.telling:,} with errors" if self.telling else "")


def folded(chain: Sequence[Visit], depth: int) -> Iterator[Visit | str]:
    """The visits of a chain that are worth a line, and what stands for the others."""
    head, tail = ENDS[min(depth, len(ENDS) - 1)]
    most = head + tail + 3
    shown: Sequence[Visit | Repeat] = chain if len(chain) <= most else _by_cycle(chain)
    for entry in shown if len(shown) <= most else _by_position(shown, head, tail):
        yield entry if isinstance(entry, Visit) else str(entry)


def _by_cycle(chain: Sequence[Visit]) -> list[Visit | Repeat]:
    shown: list[Visit | Repeat] = []
    end = told = 0
    for start, length, times in loops([visit.name for visit in chain]):
        shown += chain[end : start + length]
        end = start + length * (times - 1)
        hidden = Repeat(0, [visit.name for visit in chain[start : start + length]])
        for place in range(start + length, end, length):
            cycle = chain[place : place + length]
            is_telling = any(map(_is_telling, cycle))
            if is_telling and told < MOST_TELLING_CYCLES:
                shown += [hidden, *cycle] if hidden.times else cycle
                hidden = Repeat(0, hidden.names)
                told += 1
            else:
                hidden.times += 1
                hidden.telling += is_telling
        shown += [hidden] if hidden.times else []
    return [*shown, *chain[end:]]


def loops(names: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Each stretch that repeats: where it starts, how long one time round is, how many times it goes round.

    >>> list(loops("SABABABABE"))
    [(1, 2, 4)]
    """
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        places.setdefault(name, []).append(place)
    start = 0
    while start < len(names):
        length = times = 0
        where = places[names[start]]
        first = bisect_right(where, start)
        for again in where[first : first + CANDIDATES]:
            period = again - start
            if period > LONGEST_CYCLE:
                break
            if again < start + length * times and period % length == 0:
                continue  # the same loop, some times round at once
            end = again
            while end < len(names) and names[end] == names[end - period]:
                end += 1
            count = (end - start) // period
            if count >= FEWEST_TIMES and count * period > length * times:
                length, times = period, count
        if times:
            yield start, length, times
        start += length * times or 1


def _by_position(entries: Sequence[Visit | Repeat], head: int, tail: int) -> Iterator[Visit | Repeat | str]:
    """The start, the end, what is telling between, and counts of the rest."""
    yield from entries[:head]
    hidden: Counter[str] = Counter()
    told = 0
    for entry in entries[head : len(entries) - tail]:
        if told < MOST_TELLING and (isinstance(entry, Repeat) or _is_telling(entry)):
            if hidden:
                yield _counted_visits(hidden)
                hidden.clear()
            told += 1
            yield entry
        elif isinstance(entry, Repeat):
            for name in entry.names:
                hidden[name] += entry.times
        else:
            hidden[entry.name] += 1
    if hidden:
        yield _counted_visits(hidden)
    yield from entries[len(entries) - tail :]


def _is_telling(visit: Visit) -> bool:
    return visit.retries > 0 or visit.status in (visits.FAILED, visits.CAUGHT)


def _counted_visits(hidden: Counter[str]) -> str:
    names = ", ".join(f"{words.clean(name)} ×{number:,}" for name, number in hidden.most_common(3))
    more = ", …" if len(hidden) > 3 else ""
    return f"… {words.count(sum(hidden.values()), 'visit')}: {names}{more}"


# ---------------------------------------------------------------- attempts of a visit


def shown_attempts(visit: Visit) -> list[Attempt | str]:
    """The attempts worth a line: none when the first one did it; of a Parallel or Map those before the last."""
    attempts = visit.attempts
    if visit.type in ("Parallel", "Map"):
        attempts = attempts[:-1]
    if len(visit.attempts) < 2:
        return []
    if len(attempts) <= MOST_ATTEMPTS:
        return list(attempts)
    hidden = len(attempts) - MOST_ATTEMPTS + 1
    return [*attempts[:2], f"… {words.count(hidden, 'attempt')} more", *attempts[hidden + 2 :]]


# ---------------------------------------------------------------- branches and iterations


def picked(chains: list[Chain]) -> tuple[list[Chain], list[Chain]]:
    """The branches or iterations worth showing, and the rest: the first that failed, those that run, those with retries, the first."""
    if len(chains) <= MOST_CHAINS:
        return chains, []
    telling: dict[int, Chain] = {}
    for fits in (_failed, _is_running, _is_retried, lambda _: True):
        for chain in chains:
            if len(telling) < MOST_CHAINS - 2 and fits(chain):
                telling[chain.index] = chain
                if fits is not _is_running:
                    break
    return [telling[index] for index in sorted(telling)], [chain for chain in chains if chain.index not in telling]


def _failed(chain: Chain) -> bool:
    return chain.status in (visits.FAILED, visits.TIMED_OUT)


def _is_running(chain: Chain) -> bool:
    return chain.status == visits.RUNNING


def _is_retried(chain: Chain) -> bool:
    return any(visit.retries or visit.status == visits.CAUGHT for visit in chain.visits)


def is_done(chain: Chain) -> bool:
    """Whether it has ended; the end of a branch is no event, so that its last state must tell."""
    return chain.status != visits.RUNNING or (chain.kind == visits.BRANCH and chain.visits[-1].status == visits.SUCCEEDED)


def counted(chains: Iterable[Chain], waiting: int) -> str:
    """`… 995 more: 990 succeeded, 5 aborted`; `waiting` are those that have not started."""
    counts = Counter(chain.status for chain in chains)
    if waiting > 0:
        counts["not started"] = waiting
    statuses = ", ".join(f"{number:,} {status.lower().replace('_', ' ')}" for status, number in counts.most_common())
    return f"… {sum(counts.values()):,} more: {statuses}"
