"""Inspection: the data of each state of an execution after every one of its filters, under the names of TestState's inspection data.

An Inspector is the probe that keeps them. The values are the execution's own and are not to be changed.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_InspectionData.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from states.interpreter import setup

if TYPE_CHECKING:
    from states.interpreter.execution import Execution
    from states.interpreter.frame import Frame

Json = Any
Inspected = dict[str, Json]

#: Notes that come once for each item and are kept as a list.
_LISTS = frozenset({setup.AFTER_ITEM_SELECTOR})

#: What a note is kept as, where it is not its own name.
_NAMES = {setup.ENTERED: "input", setup.AFTER_OUTPUT: "output", setup.ITEMS: "afterItemsPath"}


class Inspector:
    """Keeps what the states of these names (None: all of them) see and make of it, attempt by attempt.

    `attempts` has, by the place of a visit (`Fan out#2[0]/Charge#1`), one record for each of its attempts. A record has the fields
    `input`, `variables`, `afterInputPath`, `afterParameters` (JSONata: `afterArguments`), `result`, `afterResultSelector`,
    `afterResultPath` and `output`, of a Map also `afterItemsPath`, `afterItemSelector` (a list, one for each item), `afterItemBatcher`
    (likewise, for each batch), `maxConcurrency`, `toleratedFailureCount` and `toleratedFailurePercentage`: those that it came to.
    """

    kinds = setup.DATA

    def __init__(self, names: Iterable[str] | None = None) -> None:
        self.names = frozenset(names) if names is not None else None
        self.attempts: dict[str, list[Inspected]] = {}

    def note(self, frame: Frame, kind: str, value: Json) -> None:
        step = frame.step
        if self.names is not None and step.name not in self.names:
            return
        kept = self.attempts.setdefault(f"{frame.path}{step.name}#{frame.visits}", [])
        if kind == setup.ENTERED:
            kept.append({})
        if not kept:
            return
        record = kept[-1]
        if kind == setup.LIMITS:
            field, value = value
            record[field] = value
        elif kind in _LISTS:
            record.setdefault(kind, []).append(value)
        else:
            record[_NAMES.get(kind, kind)] = value


def inspected(execution: Execution, names: Iterable[str] | None = None) -> dict[str, list[Inspected]]:
    """What an Inspector would have kept of an execution: `attempts` of its replay. ValueError where nobody kept its completions."""
    if execution.received is None:
        raise ValueError("nobody kept what this execution received; a driver does")
    inspector = Inspector(names)
    verbatim, text = execution.history.verbatim
    type(execution).replay(
        execution.machine,
        execution.input,
        list(execution.received),
        at=execution.started_at,
        input_text=text if verbatim is execution.input and text != "null" else None,
        seed=execution._seed,
        names=execution.names,
        jsonata_seconds=execution.jsonata_seconds,
        setup=execution.setup._replace(probe=inspector),
        block=execution._frame.block,
        type=execution.type,
    )
    return inspector.attempts


class Together:
    """Several probes as one; each hears of its own kinds only."""

    def __init__(self, probes: Iterable[setup.Probe]) -> None:
        self.probes = tuple(probes)
        self.kinds = frozenset().union(*(probe.kinds for probe in self.probes))

    def note(self, frame: Frame, kind: str, value: Json) -> None:
        for probe in self.probes:
            if kind in probe.kinds:
                probe.note(frame, kind, value)


def joined(setup_: setup.Setup, probe: setup.Probe) -> setup.Setup:
    """The setup with one more probe."""
    return setup_._replace(probe=probe if setup_.probe is None else Together((setup_.probe, probe)))
