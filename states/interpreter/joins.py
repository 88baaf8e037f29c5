"""Joins: one attempt of a Parallel or of an inline Map waits for its frames, ends with their outputs in order, or with the first failure.

When one frame fails its siblings are aborted: first the failing chain's event, then for each sibling the abort of its state and of
its iteration, then the abort of the failing Task; all of them point at the failing event.

Source: recordings; https://states-language.net/spec.html#parallel-state
"""

from __future__ import annotations

from typing import Any

from states.errors import StatesError
from states.interpreter import dataflow, failures
from states.interpreter.frame import Frame

ABORTABLE = frozenset({"Task", "Wait", "Parallel", "Map"})  #: types of states that can be inside when their chain is aborted


class Join:
    """`outputs` are by place; `size` is an upper bound of their bytes; `running` are the frames that have not ended."""

    def __init__(self, frame: Frame, places: int) -> None:
        self.frame = frame
        self.outputs: list[Any] = [None] * places
        self.size = 2
        self.running: dict[int, Frame] = {}

    def finished(self, child: Frame) -> None:
        """A frame came to its end: keeps its output, and ends the state when it was the last."""
        del self.running[child.index]
        self.outputs[child.index] = child.input
        self.size += child.size + 1
        last = self.one_succeeded(child)
        if not self.running and self.frame.work is self:
            self.all_succeeded(last)

    def failed(self, child: Frame, failure: StatesError) -> None:
        """A frame failed: aborts the others and fails the state."""
        engine, failing = self.frame.engine, child.last
        del self.running[child.index]
        child.over = True
        self.one_failed(child)
        self.abort(failing)
        if child.inside and child.step.type == "Task":
            engine.record("TaskStateAborted", failing)
        self.frame.last = failing
        engine.proceed(self.frame, failures.fail, failure)

    def abort(self, previous: int) -> None:
        """Ends every running frame and records it."""
        for child in self.running.values():
            abort_frame(child, previous)
            self.one_aborted(child, previous)
        self.running.clear()

    def all_succeeded(self, last: int) -> None:
        """Ends the state: its `...StateSucceeded` is an event that nobody points back to."""
        frame = self.frame
        frame.engine.record(f"{frame.step.type}StateSucceeded", last)
        frame.last = last
        frame.engine.proceed(frame, self.leave, None)

    def leave(self, frame: Frame, _: None) -> Any:
        frame.work = None
        return dataflow.leave(frame, self.outputs, self.size)

    def one_succeeded(self, child: Frame) -> int:
        """What a Map records of an iteration; a Parallel records nothing of a branch. Gives the last event of the chain."""
        return child.last

    def one_failed(self, child: Frame) -> None:
        """See `one_succeeded`."""

    def one_aborted(self, child: Frame, previous: int) -> None:
        """See `one_succeeded`."""


def abort_frame(frame: Frame, previous: int) -> None:
    """Cancels what the frame waits for and records that its state was aborted."""
    frame.over = True
    frame.engine.forget(frame)
    if not frame.inside:
        return
    kind = frame.step.type
    if kind in ("Parallel", "Map") and frame.work is not None:
        frame.work.abort(previous)
    if kind in ABORTABLE:
        frame.engine.record(f"{kind}StateAborted", previous)
