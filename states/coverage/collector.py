"""Collector: watches the executions of a process and counts, for each machine, which of its goals were reached.

A machine is known by its file and its text: loaded again for each test it adds up to one. One that was made of a dictionary or a text is
known by its content, and is called after whoever made it first. What was counted goes from process to process as JSON: `data`, `merge`.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from states import running
from states.coverage.goals import Goal, goals_of
from states.coverage.probe import Counter, Plan, plans_of
from states.interpreter.inspection import joined
from states.interpreter.setup import Setup
from states.machine import Machine

Json = Any
VERSION = 1  #: of the data


class Record(NamedTuple):
    """One machine and what was counted of it. `path` is its file, empty when it has none; `made_by` then says who made it."""

    path: str
    made_by: str
    text: str
    definition: Json
    type: str
    goals: tuple[Goal, ...]
    plans: Mapping[str, Plan]
    counts: list[int]

    @property
    def key(self) -> tuple[str, str]:
        """The machine's identity: the same in every process."""
        return self.path, digest(self.definition, self.text if self.path else "")


class Collector:
    """What was counted so far. `made_by` names who is at work when a machine appears that has no file.

    >>> import states
    >>> collector = Collector()
    >>> with collector.watching():
    ...     execution = states.run({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})
    >>> [record.counts for record in collector.records]
    [[1, 1]]
    """

    def __init__(self, made_by: Callable[[], str] = lambda: "") -> None:
        self._made_by = made_by
        self._records: dict[tuple[str, str], Record] = {}
        self._known: WeakKeyDictionary[Machine, Record] = WeakKeyDictionary()

    @property
    def records(self) -> list[Record]:
        return list(self._records.values())

    def watch(self, machine: Machine, setup: Setup) -> Setup:
        """The setup with a probe that counts for this machine; a function for `states.running.watchers`."""
        record = self._known.get(machine) or self.add(machine)
        counter = Counter(record.plans, record.counts)
        return setup._replace(probe=counter) if setup.probe is None else joined(setup, counter)

    @contextmanager
    def watching(self) -> Iterator[Collector]:
        """Watches every execution that `states.run`, `states.start` and `states.RealTime` make in this process meanwhile."""
        running.watchers.append(self.watch)
        try:
            yield self
        finally:
            running.watchers.remove(self.watch)

    def add(self, machine: Machine) -> Record:
        """The machine's record; one that never runs has no counts."""
        path = file_of(machine)
        new = record_of(path, "" if path else self._made_by(), machine.text, machine.definition, machine.type)
        record = self._known[machine] = self._records.setdefault(new.key, new)
        return record

    # ------------------------------------------------------------ from process to process

    def data(self) -> Json:
        """Everything that was counted, as JSON."""
        return {"states coverage": VERSION, "machines": [to_json(record) for record in self.records]}

    def merge(self, data: Json) -> None:
        """Adds what another process counted. Raises ValueError when it is no such data."""
        if not isinstance(data, dict) or data.get("states coverage") != VERSION:
            raise ValueError(f"this is no coverage data of version {VERSION}")
        for one in data["machines"]:
            new = record_of(one["path"], one["made_by"], one["text"], one["definition"], one["type"])
            record = self._records.setdefault(new.key, new)
            if record.made_by > new.made_by:  # the same name whichever process comes first
                record = self._records[new.key] = new._replace(counts=record.counts)
            for number, goal in enumerate(record.goals):
                record.counts[number] += one["counts"].get(goal.name, 0)


def record_of(path: str, made_by: str, text: str, definition: Json, type: str) -> Record:
    goals = goals_of(definition)
    return Record(path, made_by, text, definition, type, goals, plans_of(goals), [0] * len(goals))


def to_json(record: Record) -> Json:
    counts = {goal.name: count for goal, count in zip(record.goals, record.counts, strict=True) if count}
    known = {"path": record.path, "made_by": record.made_by, "text": record.text, "type": record.type}
    return {**known, "definition": record.definition, "counts": counts}


def file_of(machine: Machine) -> str:
    """The real path of a machine's file, empty when it has none."""
    if not machine.text or machine.source.startswith("<") or not Path(machine.source).is_file():
        return ""
    return os.path.realpath(machine.source)


def digest(definition: Json, text: str) -> str:
    """Which definition this is; of a template's machines too, which have one text."""
    written = json.dumps(definition, sort_keys=True) + text
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()
