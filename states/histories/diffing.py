"""Two histories side by side: visits aligned by state, branch, iteration and attempt; what differs as values with JSON paths.

Visits of a chain are matched in their order, by name; where one history has a state that the other has not, that is a difference, and what
follows is matched again. Task tokens, names of the executions and moments that lie as far after the start are no differences; how long
things took is told apart. A value that differs goes on through the states after it: those places are marked `again`.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from states.histories import aligned, facts
from states.histories.alike import NOTHING, Alike
from states.histories.answers import answers_of
from states.histories.events import Event
from states.histories.places import Chain, Places, Visit
from states.histories.recording import Recording
from states.histories.replaying import names_shown
from states.language import values

Json = Any

SHORTEST = 0.001  #: seconds that count as a difference of time


@dataclass(frozen=True, slots=True)
class Change:
    """One place at which two histories differ. `place` is that of the visit in the first history, or in the second where the first has
    none.

    `kind` is "value" (`field` and `path` lead to it), "event" (another type of event), "only in a" or "only in b". `was` and `now` are the
    values, absent ones None. `event_a` and `event_b` are ids, None where there is none. `again` says that the same difference was met
    before.
    """

    place: str
    kind: str
    field: str = ""
    path: str = ""
    was: Json = None
    now: Json = None
    event_a: int | None = None
    event_b: int | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a visit or an attempt took in each, in seconds."""

    place: str
    was: float
    now: float


@dataclass(slots=True)
class Differences:
    """What two histories differ in: `changes` in the order of the first, `timing` the longest first. True when there are changes."""

    changes: list[Change] = field(default_factory=list)
    timing: list[Timing] = field(default_factory=list)
    visits: int = 0

    def __bool__(self) -> bool:
        return bool(self.changes)

    @property
    def first(self) -> Change | None:
        """The first value that differs."""
        return self.changes[0] if self.changes else None

    def to_json(self) -> dict[str, Json]:
        """As JSON, for other tools."""
        return {
            "same": not self.changes,
            "visits": self.visits,
            "changes": [_told(change) for change in self.changes],
            "timing": [_told(timing) for timing in self.timing],
        }


def _told(value: Any) -> dict[str, Json]:
    return {name: told for name in value.__slots__ if (told := getattr(value, name)) is not None and told != ""}


class _All(set[str]):
    """Every id stands for itself."""

    def __contains__(self, _: object) -> bool:
        return True


class Side:
    """One history, its events by visit and attempt."""

    def __init__(self, recording: Recording, branches: dict[str, dict[str, int]] | None = None) -> None:
        self.recording = recording
        self.places: Places = recording.places(branches)
        self.own: dict[Chain, list[Event]] = {}
        self.visits: dict[Chain, list[Visit]] = {}
        self.events: dict[Visit, list[list[Event]]] = {}
        for chain in self.places.chains.values():
            self.own[chain], self.visits[chain] = [], []
            for id in chain.events:
                self._sort_in(chain, recording[id])

    def _sort_in(self, chain: Chain, event: Event) -> None:
        visit = self.places.visit_of(event.id)
        if event.type.startswith(("Execution", "MapIteration")) or visit is None or visit.chain is not chain:
            self.own[chain].append(event)
            return
        if visit not in self.events:
            self.visits[chain].append(visit)
            self.events[visit] = [[]]
        if event.type.endswith(("Scheduled", "StateStarted")):
            self.events[visit].append([])
        self.events[visit][-1].append(event)

    def branches(self) -> dict[str, dict[str, int]]:
        """Which first state begins which branch of which Parallel."""
        found: dict[str, dict[str, int]] = {}
        for chain in self.places.chains.values():
            if chain.owner is not None and chain.owner.type == "Parallel":
                found.setdefault(chain.owner.name, {}).setdefault(chain.start, chain.index)
        return found

    def chain(self, visit: Visit, attempt: int, index: int) -> Chain | None:
        number = "" if attempt <= 1 else f".{attempt}"
        return self.places.chains.get(f"{visit.place}{number}[{index}]/")

    def indexes(self, visit: Visit, attempt: int) -> list[int]:
        number = "" if attempt <= 1 else f".{attempt}"
        start = f"{visit.place}{number}["
        return [chain.index for path, chain in self.places.chains.items() if chain.owner is visit and path.startswith(start)]


def compare(a: Recording, b: Recording, *, tolerance: float = 1.0) -> Differences:
    """What two recordings differ in."""
    first = Side(a)
    return _Comparer(first, Side(b, first.branches()), tolerance).compared()


class _Comparer:
    def __init__(self, a: Side, b: Side, tolerance: float) -> None:
        self.a = a
        self.b = b
        self.found = Differences()
        span = a.recording.events[0].at, a.recording.events[-1].at
        self.alike = Alike(span=span, fixed=_All(), tolerance=tolerance, offset=span[0] - b.recording.events[0].at)
        for text in names_shown(b.recording):
            self.alike.add(text)
        for answer in answers_of(b.recording, b.places):
            if answer.token is not None:
                self.alike.add(answer.token)
        self._met: set[str] = set()

    def compared(self) -> Differences:
        self._chains(self.a.places.root, self.b.places.root)
        self.found.timing.sort(key=lambda timing: -abs(timing.now - timing.was))
        return self.found

    def _chains(self, a: Chain, b: Chain) -> None:
        waiting: list[tuple[Chain, Chain]] = [(a, b)]
        while waiting:
            a, b = waiting.pop()
            own_a, own_b = self.a.own[a], self.b.own[b]
            self._own(a.path, own_a[:1], own_b[:1])
            inner: list[tuple[Chain, Chain]] = []
            for one, other in _matched(self.a.visits[a], self.b.visits[b]):
                if one is None or other is None:
                    self._only(one, other)
                else:
                    self.found.visits += 1
                    inner += self._visits(one, other)
            self._own(a.path, own_a[1:], own_b[1:])
            waiting += reversed(inner)

    def _own(self, path: str, a: list[Event], b: list[Event]) -> None:
        """The events of the chain itself: how it began and ended."""
        for number in range(max(len(a), len(b))):
            self._events(path.rstrip("/"), a[number] if number < len(a) else None, b[number] if number < len(b) else None)

    def _only(self, a: Visit | None, b: Visit | None) -> None:
        if a is not None:
            self.found.changes.append(Change(a.place, "only in a", was=a.name, event_a=a.id))
        elif b is not None:
            self.found.changes.append(Change(b.place, "only in b", now=b.name, event_b=b.id))

    def _visits(self, a: Visit, b: Visit) -> list[tuple[Chain, Chain]]:
        """Compares two visits; gives the chains inside that are to be compared."""
        events_a, events_b = self.a.events[a], self.b.events[b]
        self._time(a.place, [e for attempt in events_a for e in attempt], [e for attempt in events_b for e in attempt])
        last_a, last_b = _exit(events_a), _exit(events_b)
        inner: list[tuple[Chain, Chain]] = []
        for number in range(max(len(events_a), len(events_b))):
            place = a.place if number <= 1 else f"{a.place}.{number}"
            these = events_a[number] if number < len(events_a) else []
            those = events_b[number] if number < len(events_b) else []
            if number and not (these and those):
                self._attempt_only(place, these, those)
                continue
            if number and a.type == "Task" and len(events_a) > 2:
                self._time(place, these, those)
            for i in range(max(len(these), len(those))):
                self._events(place, these[i] if i < len(these) else None, those[i] if i < len(those) else None)
            if number and a.type in ("Parallel", "Map"):
                inner += self._inside(a, b, number)
        if last_a is not None and last_b is not None:
            self._events(a.place, last_a, last_b)
        return inner

    def _inside(self, a: Visit, b: Visit, attempt: int) -> list[tuple[Chain, Chain]]:
        pairs: list[tuple[Chain, Chain]] = []
        for index in sorted({*self.a.indexes(a, attempt), *self.b.indexes(b, attempt)}):
            one, other = self.a.chain(a, attempt, index), self.b.chain(b, attempt, index)
            if one is not None and other is not None:
                pairs.append((one, other))
            elif one is not None:
                self.found.changes.append(Change(one.path.rstrip("/"), "only in a", was=one.start, event_a=_first(one)))
            elif other is not None:
                self.found.changes.append(Change(other.path.rstrip("/"), "only in b", now=other.start, event_b=_first(other)))
        return pairs

    def _attempt_only(self, place: str, a: list[Event], b: list[Event]) -> None:
        if a:
            self.found.changes.append(Change(place, "only in a", was=_summary(a), event_a=a[0].id))
        elif b:
            self.found.changes.append(Change(place, "only in b", now=_summary(b), event_b=b[0].id))

    def _events(self, place: str, a: Event | None, b: Event | None) -> None:
        if a is None or b is None or facts.kind_of(a.type) != facts.kind_of(b.type):
            if a is not None or b is not None:
                change = Change(
                    place,
                    "event",
                    was=a.type if a is not None else None,
                    now=b.type if b is not None else None,
                    event_a=a.id if a is not None else None,
                    event_b=b.id if b is not None else None,
                )
                self.found.changes.append(change)
            return
        was, now = facts.of_event(self.a.recording, a), facts.of_event(self.b.recording, b)
        for key in dict.fromkeys((*was, *now)):
            for unlike in self.alike.differences(was.get(key, NOTHING), now.get(key, NOTHING)):
                mark = f"{unlike.path.rpartition('.')[2]}|{_text(unlike.was)}|{_text(unlike.now)}"
                self.found.changes.append(
                    Change(place, "value", key, unlike.path, _json(unlike.was), _json(unlike.now), a.id, b.id, mark in self._met)
                )
                self._met.add(mark)

    def _time(self, place: str, a: list[Event], b: list[Event]) -> None:
        if not (a and b and self.a.recording.has_times and self.b.recording.has_times):
            return
        was, now = a[-1].at - a[0].at, b[-1].at - b[0].at
        if abs(was - now) >= SHORTEST:
            self.found.timing.append(Timing(place, round(was, 3), round(now, 3)))


def _exit(attempts: list[list[Event]]) -> Event | None:
    """Takes the exit of a visit out of its last attempt, so that it is compared with the exit of the other, whatever came before."""
    last = attempts[-1]
    return last.pop() if last and last[-1].type.endswith("StateExited") else None


def _matched(a: list[Visit], b: list[Visit]) -> Iterator[tuple[Visit | None, Visit | None]]:
    """The visits of two chains in pairs, None where one has no counterpart."""
    for i, j in aligned.pairs([visit.name for visit in a], [visit.name for visit in b]):
        yield a[i] if i is not None else None, b[j] if j is not None else None


def _first(chain: Chain) -> int | None:
    return chain.events[0] if chain.events else None


def _summary(events: list[Event]) -> str:
    """`LambdaFunctionFailed: GatewayBusy`."""
    last = events[-1]
    error = last.details.get("error")
    return f"{last.type}: {error}" if error else last.type


def _json(value: Json) -> Json:
    return None if value is NOTHING else value


def _text(value: Json) -> str:
    return repr(value) if value is NOTHING else values.dumps(value)
