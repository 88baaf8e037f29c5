"""Checked: a history that can be asked why. What is cut off, out of order, edited by hand or of another machine is refused by its event.

`histories` says whether it makes sense in itself; here is asked whether it is one of this machine, and whether its end is its failure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from states.histories.documents import InvalidHistory
from states.histories.events import Event
from states.histories.machines import known
from states.histories.recording import Recording, recording_of
from states.machine import Machine

_FAILURES = ("Failed", "TimedOut", "Aborted")


def check(events: Sequence[Any], machine: Machine | None = None) -> None:
    """Raises InvalidHistory with the first event that makes no sense; `events` in the order of their ids."""
    recording = recording_of(events, is_partial=True)
    for event in recording.events:
        if machine is not None and event.type.endswith("StateEntered"):
            _check_state(event, machine)
    _check_end(recording)


def _check_state(event: Event, machine: Machine) -> None:
    """The machine has the state that is entered."""
    name = event.name or ""
    state, kind = known(machine).states.get(name), event.type.removesuffix("StateEntered")
    if state is None:
        raise InvalidHistory(f"{event}: there is no such state in {machine.source}; is this another machine's history?")
    if state.type != kind:
        raise InvalidHistory(f"{event}: it is a {state.type} in {machine.source}, but a {kind} in the history")


def _check_end(recording: Recording) -> None:
    """An execution that ends right after the failure of a task ends with its error."""
    end = recording.end
    if end is None or end.type != "ExecutionFailed" or not end.previous:
        return
    before = recording[end.previous]
    if not before.type.endswith(_FAILURES) or "error" not in before.details:
        return
    error, failed = end.details.get("error"), before.details["error"]
    if error != failed and not str(error).startswith("States."):
        raise InvalidHistory(f"{end} has the error {error!r}, but follows {before} with the error {failed!r}")
