"""Inspecting: the data of a recorded execution after every filter, which no history shows.

The machine runs again on what the tasks of the recording answered, with an Inspector as its probe. Only where it does what the recording
tells is what it makes of its data what the recorded execution made of it: a difference is told instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from states.histories.comparison import Difference, difference_of
from states.histories.engine import Again
from states.histories.recording import Recording
from states.histories.replayed import names_of
from states.histories.replaying import TOLERANCE, run_again
from states.interpreter.inspection import Inspected, Inspector
from states.machine import Machine

#: What is not in the history of a distributed Map: the items that its reader read, and results of its children that it dropped.
_READ = frozenset({"afterItemsPath", "afterItemSelector", "afterItemBatcher"})
_DROPPED = frozenset({"result", "afterResultSelector"})


class Inspection(NamedTuple):
    """`attempts` has, by the event that entered a state, the records of an Inspector; `difference` is where the machine does otherwise."""

    attempts: dict[int, list[Inspected]]
    difference: Difference | None
    redriven_at: int | None


def inspect(
    machine: Machine,
    recording: Recording,
    names: Iterable[str] | None = None,
    *,
    tolerance: float = TOLERANCE,
    execution: str | None = None,
) -> Inspection:
    """What the states of these names (None: all of them) saw and made of it. Raises InvalidHistory.

    `execution` is the ARN of the execution, where its history does not show it.
    """
    wanted = frozenset(names) if names is not None else None
    inspectors: list[Inspector] = []

    def probe() -> Inspector:
        inspectors.append(Inspector(wanted))
        return inspectors[-1]

    outcome = run_again(machine, recording, tolerance=tolerance, names=names_of(recording, machine, execution), probe=probe)
    if outcome.diverged is not None:
        return Inspection({}, difference_of(machine, outcome.diverged, outcome.execution), recording.redriven_at)
    return Inspection(_by_event(outcome.execution, inspectors[-1]), None, recording.redriven_at)


def _by_event(execution: Again, inspector: Inspector) -> dict[int, list[Inspected]]:
    """The records under the recorded events that entered their states."""
    found: dict[int, list[Inspected]] = {}
    for event in execution.recording.events:
        visit = execution.recorded.visit_of(event.id) if event.type.endswith("StateEntered") else None
        records = inspector.attempts.get(visit.place) if visit is not None else None
        if visit is not None and records:
            found[event.id] = [_known(record, visit.name, execution) for record in records]
    return found


def _known(record: Inspected, name: str, execution: Again) -> Inspected:
    """The record without what the replay had to make up."""
    unknown = (_READ if name in execution.length_unknown else frozenset()) | (
        _DROPPED if name in execution.results_unknown else frozenset()
    )
    return {field: value for field, value in record.items() if field not in unknown} if unknown else record
