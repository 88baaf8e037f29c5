"""`states.replay`: would a machine still do what a history tells?"""

from __future__ import annotations

from typing import Any

from states.histories.comparison import Comparison, difference_of
from states.histories.recording import Recording, recording_of
from states.histories.replaying import TOLERANCE, names_in, run_again
from states.interpreter.context import Names
from states.machine import Machine


def compare(
    machine: Machine, history: Any, *, tolerance: float = TOLERANCE, execution: str | None = None, is_partial: bool = False
) -> Comparison:
    """Runs a machine on what the tasks of a history answered, and compares event by event.

    `history` is a file, a text, bytes, a History, boto3's `get_execution_history()` or its events. `execution` is the ARN of the execution,
    or its name: it chooses among the log lines of several, and gives the names that a history does not show. `tolerance` is how many
    seconds AWS may be late; `is_partial` takes the history of an execution that still runs. Raises InvalidHistory, with the event that
    makes no sense.
    """
    recording = recording_of(history, execution=execution, is_partial=is_partial)
    outcome = run_again(machine, recording, tolerance=tolerance, names=names_of(recording, machine, execution))
    difference = difference_of(machine, outcome.diverged, outcome.execution) if outcome.diverged is not None else None
    return Comparison(
        same=difference is None,
        status=recording.status,
        events=len(recording),
        compared=outcome.compared,
        difference=difference,
        assumptions=tuple(outcome.tolerated),
    )


def names_of(recording: Recording, machine: Machine, execution: str | None) -> Names | None:
    """The names of the execution, where its ARN was given."""
    if execution is None or not execution.startswith("arn:") or recording.arn is not None:
        return None
    told = Recording(recording.events, has_times=recording.has_times, arn=execution)
    return names_in(told, machine, "EXPRESS" if ":express:" in execution else machine.type)
