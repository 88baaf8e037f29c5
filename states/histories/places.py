"""Places: which chain of states each event of a history belongs to, told event by event while the history grows.

A chain is the machine itself, a branch of a Parallel, or an iteration of a Map; its `path` begins the ids of its commands in the core:
`Fan out#2[0]/Charge#1`. The same reader takes AWS's events and those an Execution records, so that both come to the same places, in
whatever order concurrent chains took turns. Strict: an event that cannot follow the one it names is `Misplaced`.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html and recordings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

#: Events that say nothing of their own, or that depend on which branch was quicker: they have a place, but are not compared.
UNCOMPARED = frozenset(
    {
        "LambdaFunctionStarted",
        "TaskStarted",
        "TaskStateAborted",
        "WaitStateAborted",
        "ParallelStateAborted",
        "MapStateAborted",
        "MapIterationAborted",
        "MapRunAborted",
    }
)

ENTERED, SCHEDULED, STARTED, SUBMITTED, SUCCEEDED, FAILED, LEFT = (
    "entered",
    "scheduled",
    "started",
    "submitted",
    "succeeded",
    "failed",
    "left",
)

#: What the events of a task do to its visit: ending -> (the stages it may come after, the stage it leads to).
TASK_STEPS = {
    "Scheduled": ((ENTERED, SUCCEEDED, FAILED), SCHEDULED),
    "ScheduleFailed": ((SCHEDULED, ENTERED, FAILED), FAILED),
    "Started": ((SCHEDULED,), STARTED),
    "StartFailed": ((SCHEDULED, STARTED), FAILED),
    "Submitted": ((STARTED, SCHEDULED), SUBMITTED),
    "SubmitFailed": ((STARTED, SCHEDULED), FAILED),
    "Succeeded": ((SCHEDULED, STARTED, SUBMITTED), SUCCEEDED),
    "Failed": ((SCHEDULED, STARTED, SUBMITTED), FAILED),
    "TimedOut": ((SCHEDULED, STARTED, SUBMITTED), FAILED),
}
FAMILIES = ("LambdaFunction", "Activity", "Task")

Branches = Mapping[str, Mapping[str, int]]


class Misplaced(ValueError):
    """An event that cannot stand where it stands; the text says what was expected."""


class Chain:
    """States one after the other. `events` are the ids of its own events that are compared; `cut` says that it was aborted."""

    __slots__ = ("cut", "events", "index", "open", "owner", "path", "start", "visits")

    def __init__(self, path: str = "", owner: Visit | None = None, index: int = 0) -> None:
        self.path = path
        self.owner = owner
        self.index = index
        self.start = ""
        self.visits = 0
        self.open: Visit | None = None
        self.events: list[int] = []
        self.cut = False


class Visit:
    """One visit of a state: its stage, the attempts it made, and the chains of the last one by index."""

    __slots__ = ("attempt", "chain", "chains", "entered", "family", "id", "name", "ordinal", "stage", "type")

    def __init__(self, id: int, name: str, type: str, chain: Chain, ordinal: int) -> None:
        self.id = self.entered = id
        self.name = name
        self.type = type
        self.chain = chain
        self.ordinal = ordinal
        self.stage = ENTERED
        self.attempt = 0
        self.family = ""
        self.chains: dict[int, Chain] = {}

    @property
    def place(self) -> str:
        return f"{self.chain.path}{self.name}#{self.ordinal}"

    @property
    def command_id(self) -> str:
        """The id of the command of the current attempt in the core."""
        return self.place if self.attempt <= 1 else f"{self.place}.{self.attempt}"


class Places:
    """Reads events one by one; `chains` by path, `broken` the attempts of Parallel and Map that failed.

    `branches` are the branches of each Parallel, name -> first state -> index; `present` the names of all states that the whole history
    enters, so that a branch whose first state was renamed takes the index of one that is not there.
    """

    def __init__(self, branches: Branches | None = None, present: Collection[str] = ()) -> None:
        self.root = Chain()
        self.chains: dict[str, Chain] = {"": self.root}
        self.broken: set[str] = set()
        self.over = False
        self._branches = branches or {}
        self._present = present
        self._chain_of: dict[int, Chain] = {0: self.root}
        self._visit_of: dict[int, Visit | None] = {0: None}
        self._starts: dict[int, Visit] = {}

    def read(self, id: int, kind: str, previous: int, name: str | None = None, index: int | None = None) -> Chain:
        """Where an event belongs; `name` is that of its state, `index` that of its iteration. Raises Misplaced."""
        if previous not in self._chain_of:
            raise Misplaced(f"expected its previousEventId to be that of an earlier event, found {previous}")
        chain, visit = self._read(id, kind, previous, name, index)
        self._chain_of[id] = chain
        self._visit_of[id] = visit
        if kind not in UNCOMPARED:
            chain.events.append(id)
        return chain

    def visit_of(self, id: int) -> Visit | None:
        """The visit an event belongs to."""
        return self._visit_of.get(id)

    def _read(self, id: int, kind: str, previous: int, name: str | None, index: int | None) -> tuple[Chain, Visit | None]:
        if kind.endswith("StateEntered"):
            return self._entered(id, kind.removesuffix("StateEntered"), previous, name or "")
        if kind.endswith("StateExited"):
            return self._exited(kind.removesuffix("StateExited"), previous, name or "")
        if kind.startswith("Execution"):
            return self._execution(id, kind, previous)
        if kind == "MapIterationAborted":
            return self._iteration_aborted(name or "", index or 0)
        if kind.startswith("MapIteration"):
            return self._iteration(kind.removeprefix("MapIteration"), previous, name or "", index or 0)
        if kind.endswith("StateAborted") or kind == "MapRunAborted":
            return self._chain_of[previous], self._visit_of[previous]  # names nobody: what it ended was cut by the failure beside it
        if kind.startswith(("ParallelState", "MapState", "MapRun")):
            return self._container(id, kind, previous)
        if kind == "EvaluationFailed":
            return self._evaluation_failed(previous, name or "")
        return self._task(kind, previous)

    # ------------------------------------------------------------ states

    def _entered(self, id: int, type: str, previous: int, name: str) -> tuple[Chain, Visit]:
        start = self._starts.get(previous)
        chain = self._branch(start, name) if start is not None else self._chain_of[previous]
        before = self._visit_of[previous]
        if chain.open is not None:
            raise Misplaced(f'"{name}" is entered, but "{chain.open.name}" before it has not exited')
        follows = start is not None or before is None or before.stage == LEFT
        if not follows:
            raise Misplaced(
                f'"{name}" is entered after event {previous}; expected the exit of a state, or the start of a branch or iteration'
            )
        chain.start = chain.start or name
        chain.visits += 1
        visit = chain.open = Visit(id, name, type, chain, chain.visits)
        return chain, visit

    def _branch(self, owner: Visit, name: str) -> Chain:
        """The chain of a branch that starts with this state."""
        known = self._branches.get(owner.name, {})
        index = known.get(name, -1)
        if index < 0 or index in owner.chains:
            expected = {i for first, i in known.items() if first in self._present}
            taken = {*owner.chains, *expected}
            index = next(i for i in range(len(taken) + 1) if i not in taken)
        return self._chain(owner, index)

    def _chain(self, owner: Visit, index: int) -> Chain:
        chain = Chain(f"{owner.command_id}[{index}]/", owner, index)
        owner.chains[index] = self.chains[chain.path] = chain
        return chain

    def _exited(self, type: str, previous: int, name: str) -> tuple[Chain, Visit]:
        visit = next((v for v in self._outwards(previous) if v.name == name and v.stage != LEFT), None)
        if visit is None:
            raise Misplaced(f'"{name}" exits, but it is not the state that runs there')
        if visit.type != type:
            raise Misplaced(f'"{name}" was entered as a {visit.type} and exits as a {type}')
        if visit.stage in (SCHEDULED, STARTED, SUBMITTED) and visit.family:
            raise Misplaced(f'"{name}" exits, but its task has not ended: the event before it is missing')
        self._leave(visit)
        return visit.chain, visit

    def _leave(self, visit: Visit) -> None:
        for inner in visit.chains.values():
            if inner.open is not None:
                _cut(inner)
        visit.stage = LEFT
        visit.chain.open = None

    def _evaluation_failed(self, previous: int, name: str) -> tuple[Chain, Visit]:
        found = next((v for v in self._outwards(previous) if v.name == name and v.stage != LEFT), None)
        if found is None:  # it may skip the state's own entry: then its chain is the one that entered the state last after that event
            chains = [self._chain_of[previous], *reversed(self.chains.values())]
            found = next((c.open for c in chains if c.open is not None and c.open.name == name), None)
        if found is None:
            raise Misplaced(f'"{name}" is not the state that runs there')
        if found.type == "Task":
            found.attempt += found.stage in (ENTERED, FAILED)
            found.stage, found.family = FAILED, ""
        return found.chain, found

    # ------------------------------------------------------------ tasks

    def _task(self, kind: str, previous: int) -> tuple[Chain, Visit]:
        family = next((family for family in FAMILIES if kind.startswith(family)), "")
        step = TASK_STEPS.get(kind.removeprefix(family))
        visit = self._visit_of[previous]
        if not family or step is None:
            raise Misplaced("no history of an execution holds such an event")
        if visit is None or visit.type != "Task" or visit.stage == LEFT:
            raise Misplaced(f"it follows event {previous}, which is no event of a Task that runs")
        allowed, leads_to = step
        if visit.stage not in allowed or (visit.family not in ("", family)):
            raise Misplaced(f'the task of "{visit.name}" was {visit.family}{visit.stage.capitalize()} before it; expected {_or(allowed)}')
        if previous == visit.entered and visit.stage not in (ENTERED, FAILED):
            raise Misplaced(f'it follows event {previous}, the entry of "{visit.name}"; expected the last event of its task')
        if leads_to == SCHEDULED or (visit.stage in (ENTERED, FAILED) and leads_to == FAILED):
            visit.attempt += 1
        visit.stage = leads_to
        visit.family = family if leads_to not in (SUCCEEDED, FAILED) else ""
        return visit.chain, visit

    # ------------------------------------------------------------ Parallel and Map

    def _container(self, id: int, kind: str, previous: int) -> tuple[Chain, Visit]:
        type = "Parallel" if kind.startswith("Parallel") else "Map"
        visit = next((v for v in self._outwards(previous) if v.type == type and v.stage not in (LEFT, FAILED)), None)
        if visit is None:
            raise Misplaced(f"no {type} runs around event {previous}, which it follows")
        if kind.endswith("StateStarted"):
            if visit.attempt:
                self._break(visit, previous)
            visit.attempt += 1
            visit.chains = {}
            visit.stage = STARTED
            if type == "Parallel":
                self._starts[id] = visit
        elif kind.endswith("StateFailed"):
            self._break(visit, previous)
            visit.stage = FAILED
        elif kind.endswith("StateSucceeded"):
            inside = next((chain.open for chain in visit.chains.values() if chain.open is not None), None)
            if inside is not None:
                raise Misplaced(f'"{visit.name}" succeeds, but "{inside.name}" in it has not exited')
            visit.stage = SUCCEEDED
        return visit.chain, visit

    def _iteration(self, ending: str, previous: int, name: str, index: int) -> tuple[Chain, Visit | None]:
        owner = next((v for v in self._outwards(previous) if v.name == name and v.type == "Map" and v.stage != LEFT), None)
        if owner is None or not owner.attempt:
            raise Misplaced(f'the Map "{name}" does not run there')
        if ending == "Started":
            if index in owner.chains:
                raise Misplaced(f'iteration {index} of "{name}" starts a second time')
            return self._chain(owner, index), None
        chain = owner.chains.get(index)
        if chain is None:
            raise Misplaced(f'iteration {index} of "{name}" ends before it has started')
        if ending == "Succeeded" and chain.open is not None:
            raise Misplaced(f'iteration {index} of "{name}" ends, but "{chain.open.name}" in it has not exited')
        if ending == "Failed":
            self._break(owner, previous)
        return chain, self._visit_of[previous]

    def _iteration_aborted(self, name: str, index: int) -> tuple[Chain, Visit | None]:
        """Follows a failure that may be in a branch beside the whole Map."""
        for chain in reversed(self.chains.values()):
            if chain.index == index and chain.owner is not None and chain.owner.name == name:
                _cut(chain)
                return chain, None
        raise Misplaced(f'iteration {index} of "{name}" ends before it has started')

    def _break(self, visit: Visit, previous: int) -> None:
        """An attempt failed with this event: all its chains are cut but the one that failed."""
        self.broken.add(visit.command_id)
        failing = set(self._upwards(previous))
        for chain in visit.chains.values():
            if chain not in failing:
                _cut(chain)

    def _upwards(self, id: int) -> Iterator[Chain]:
        """The chain of an event, and each around it."""
        chain: Chain | None = self._chain_of[id]
        while chain is not None:
            yield chain
            chain = chain.owner.chain if chain.owner is not None else None

    # ------------------------------------------------------------ the execution

    def _execution(self, id: int, kind: str, previous: int) -> tuple[Chain, Visit | None]:
        if kind == "ExecutionStarted":
            if id != 1:
                raise Misplaced("an execution starts with event 1, and once")
        elif kind == "ExecutionSucceeded" and self.root.open is not None:
            raise Misplaced(f'the execution succeeds, but "{self.root.open.name}" has not exited')
        if kind not in ("ExecutionStarted", "ExecutionSucceeded", "ExecutionRedriven"):
            failing = {self.root, *self._upwards(previous)}
            for chain in self.chains.values():
                chain.cut = chain.cut or chain not in failing
        self.over = kind not in ("ExecutionStarted", "ExecutionRedriven")
        return self.root, self.root.open

    def _outwards(self, id: int) -> Iterator[Visit]:
        """The visit an event belongs to, then each around it: also what runs now in the chain of the event."""
        visit = self._visit_of[id]
        chain: Chain | None = self._chain_of[id]
        if visit is not None and visit.stage != LEFT:
            yield visit
        while chain is not None:
            if chain.open is not None and chain.open is not visit:
                yield chain.open
            visit = chain.owner
            if visit is not None:
                yield visit
            chain = visit.chain if visit is not None else None


def _cut(chain: Chain) -> None:
    """The chain was aborted, or failed: nothing of it is missing, whatever it did not do."""
    waiting = [chain]
    for each in waiting:  # grows while it is walked
        each.cut = True
        if each.open is not None:
            waiting += each.open.chains.values()


def _or(stages: tuple[str, ...]) -> str:
    return " or ".join(stages)


def of_tuple(raw: tuple[Any, ...]) -> tuple[str | None, int | None]:
    """Name of the state and index of the iteration that an event as recorded by the core holds."""
    kind, _, _, subject, value = raw
    if kind.endswith(("StateEntered", "StateExited")):
        return subject, None
    if kind.startswith("MapIteration"):
        return subject, value
    return (value[1], None) if kind == "EvaluationFailed" else (None, None)
