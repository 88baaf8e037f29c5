"""Histories from the library: `replay` checks a machine against one, `diff` compares two, `answers` tells what its tasks gave."""

from __future__ import annotations

from typing import Any

from states.histories import diffing, replayed
from states.histories.answers import TaskAnswer, answers_of
from states.histories.comparison import Comparison
from states.histories.diffing import Differences
from states.histories.recording import recording_of
from states.histories.replaying import TOLERANCE
from states.running import as_machine


def replay(
    machine: Any, history: Any, *, tolerance: float = TOLERANCE, execution: str | None = None, is_partial: bool = False
) -> Comparison:
    """Whether a machine would still do what a history tells: true when every event would be as recorded.

    `machine` is what `states.run` takes. `history` is a file, a text, bytes, a History, or what boto3's `get_execution_history` gives.
    `execution` is the ARN of the execution, or its name, where log lines are of several or data depends on it; `tolerance` is how many
    seconds late AWS's timers may be; `is_partial` takes the history of an execution that still runs. Raises InvalidHistory,
    InvalidDefinition.

    >>> import states
    >>> machine = {"StartAt": "Hello", "States": {"Hello": {"Type": "Pass", "Result": "world", "End": True}}}
    >>> history = states.run(machine).history
    >>> replay(machine, history).same
    True
    >>> machine["States"]["Hello"]["Result"] = "moon"
    >>> replay(machine, history).difference.message
    'the output of "Hello" is another, made by Result'
    """
    return replayed.compare(as_machine(machine), history, tolerance=tolerance, execution=execution, is_partial=is_partial)


def diff(a: Any, b: Any, *, tolerance: float = 1.0) -> Differences:
    """What two histories differ in; both as `replay` takes them, of executions that may still run. Raises InvalidHistory."""
    return diffing.compare(recording_of(a, is_partial=True), recording_of(b, is_partial=True), tolerance=tolerance)


def answers(history: Any, *, execution: str | None = None) -> list[TaskAnswer]:
    """What each attempt of each task gave, in the order they were scheduled; a history as `replay` takes it. Raises InvalidHistory."""
    return answers_of(recording_of(history, execution=execution, is_partial=True))
