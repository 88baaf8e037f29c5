"""Inspecting: the data inside the states of an execution that is over or waits, after each filter.

The execution is played again, with the completions it received, under an Inspector; the callables are not called again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from states.drivers.virtual import Virtual
from states.interpreter.execution import Execution
from states.interpreter.inspection import Inspected, Inspector
from states.running import block_of


def inspected(driver: Virtual, names: Iterable[str] | None = None) -> dict[str, list[Inspected]]:
    """The data of each attempt of the states of these names (None: of all), by the place of the visit: `Fan out#2[0]/Charge#1`."""
    inspector = Inspector(names)
    replayed(driver, inspector)
    return inspector.attempts


def replayed(driver: Virtual, probe: Any) -> Execution:
    """The execution once more, as far as it came, with this probe instead of its own."""
    done = driver.execution
    setup = done.setup._replace(probe=probe)
    return Execution.replay(
        done.machine,
        done.input,
        driver.received,
        at=done.started_at,
        seed=done._seed,
        names=done.names,
        jsonata_seconds=done.jsonata_seconds,
        type=done.type,
        setup=setup,
        block=block_of(done.machine, setup.start_at) if setup.start_at is not None else None,
    )
