"""Inspection: the states whose data `--inspect` shows, filter by filter."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from states.command.ends import Refused

if TYPE_CHECKING:
    from states.interpreter.inspection import Inspector
    from states.interpreter.setup import Setup
    from states.machine import Machine
    from states.views.inspected import Inspected

ALL = "*"
MOST_NAMES = 12  #: states that are named to who asks for one that is none


def inspector(arguments: argparse.Namespace, machine: Machine) -> Inspector | None:
    """What keeps the data of the states that --inspect names; None where it names none. Refused for a state that is none."""
    names = arguments.inspect
    if not names:
        return None
    if arguments.quiet or not arguments.trace:
        raise Refused("--inspect is for the trace or --json; with --quiet or --no-trace there is nothing to show it in")
    from states.definition import every_block
    from states.interpreter.inspection import Inspector

    known = [state for block in every_block(machine) for state in block.states]
    for name in names:
        if name != ALL and name not in known:
            raise Refused(f"--inspect: {_unknown(name, known)}")
    return Inspector(None if ALL in names else names)


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
