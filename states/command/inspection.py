"""Inspection: the states whose data `--inspect` shows, filter by filter."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from states.command.ends import Refused

if TYPE_CHECKING:
    from states.command.histories import Saved
    from states.histories.comparison import Difference
    from states.interpreter.inspection import Inspector
    from states.interpreter.setup import Setup
    from states.machine import Machine
    from states.views.inspected import Inspected
    from states.views.story import Story

ALL = "*"
MOST_NAMES = 12  #: states that are named to who asks for one that is none


def inspector(arguments: argparse.Namespace, machine: Machine) -> Inspector | None:
    """What keeps the data of the states that --inspect names; None where it names none. Refused for a state that is none."""
    names = arguments.inspect
    if not names:
        return None
    if arguments.quiet or not arguments.trace:
        raise Refused("--inspect is for the trace or --json; with --quiet or --no-trace there is nothing to show it in")
    from states.interpreter.inspection import Inspector

    return Inspector(chosen(names, machine))


def chosen(names: list[str], machine: Machine) -> frozenset[str] | None:
    """The states that --inspect names; None is all of them. Refused for a state that is none."""
    from states.definition import every_block

    known = [state for block in every_block(machine) for state in block.states]
    for name in names:
        if name != ALL and name not in known:
            raise Refused(f"--inspect: {_unknown(name, known)}")
    return None if ALL in names else frozenset(names)


def _unknown(name: str, known: list[str]) -> str:
    from states.command.files import clipped
    from states.definition.hints import did_you_mean
    from states.views.words import listed

    hint = did_you_mean(name, known)
    return f"the machine has no state {clipped(name)}; {hint or f'it has {listed(known, MOST_NAMES)}; * is all of them'}"


def setup(inspector: Inspector | None) -> Setup:
    """The setup of an execution that is inspected so."""
    from states.interpreter.setup import PLAIN

    return PLAIN if inspector is None else PLAIN._replace(probe=inspector)


def view(inspector: Inspector | None, machine: Machine) -> Inspected | None:
    """What a trace shows of it."""
    if inspector is None:
        return None
    from states.views.inspected import Inspected

    return Inspected(inspector.attempts, machine)


def of_history(saved: Saved, story: Story, machine: Machine, arguments: argparse.Namespace) -> tuple[Inspected | None, str]:
    """What a trace of a saved history shows, None where the machine does otherwise, and what is to be said of it."""
    from states.histories.documents import InvalidHistory
    from states.histories.inspecting import inspect
    from states.histories.recording import read_recording
    from states.views.inspected import Inspected
    from states.views.visits import every_visit

    names = chosen(arguments.inspect, machine)
    without = "; the trace is without --inspect"
    try:
        recording = read_recording(saved.content, execution=arguments.execution, is_partial=True)
        found = inspect(machine, recording, names, execution=arguments.execution)
    except InvalidHistory as fault:
        return None, f"{saved.name}: no history to inspect: {fault}{without}"
    if found.difference is not None:
        return None, f"{saved.name} does not fit {machine.source}: {_told(found.difference)}{without}"
    attempts = {visit.place: found.attempts[visit.event_id] for visit in every_visit(story.chain) if visit.event_id in found.attempts}
    redriven = f"{saved.name}: the execution was redriven at event {found.redriven_at}: no data is shown from there on"
    return Inspected(attempts, machine), redriven if found.redriven_at is not None else ""


def _told(difference: Difference) -> str:
    """The event, what is different, and the line that decides it."""
    kind = f" {difference.recorded['type']}" if difference.recorded is not None else ""
    place = f" (line {difference.line})" if difference.line is not None else ""
    return f"event {difference.event_id}{kind}: {difference.message}{place}"
