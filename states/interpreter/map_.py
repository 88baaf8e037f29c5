"""Map: its items, and an iteration for each: inline, or as child executions of a map run when its mode is DISTRIBUTED.

Source: https://states-language.net/spec.html#map-state
"""

from __future__ import annotations

from typing import Any

from states.interpreter import dataflow, setup
from states.interpreter.frame import Frame
from states.interpreter.joins import Join
from states.interpreter.map_fields import items_of, select_item, whole_number
from states.interpreter.map_run import MapRun
from states.interpreter.program import Step
from states.interpreter.setup import note

INLINE_CONCURRENCY = 40  #: iterations at once when MaxConcurrency is 0, absent, or more
DISTRIBUTED_CONCURRENCY = 10_000  #: child executions at once, likewise


def enter(frame: Frame) -> Step | None:
    state, engine = frame.step.state, frame.engine
    frame.work = None
    data = dataflow.effective_input(frame)
    concurrency = whole_number(frame, data, "MaxConcurrency", state.max_concurrency)
    note(frame, setup.LIMITS, ("maxConcurrency", concurrency))
    items = items_of(frame, data)
    note(frame, setup.ITEMS, items)
    frame.last = engine.record("MapStateStarted", frame.last, len(items))
    if state.distributed:
        MapRun.start(frame, data, items, min(concurrency or DISTRIBUTED_CONCURRENCY, DISTRIBUTED_CONCURRENCY))
        return None
    frame.work = iterations = Iterations(frame, data, items)
    if not items:
        iterations.all_succeeded(frame.last)
    most = min(concurrency or INLINE_CONCURRENCY, INLINE_CONCURRENCY)
    while iterations.has_next and len(iterations.running) < most:
        iterations.start_next(frame.last)
    return None


class Iterations(Join):
    """The iterations of one attempt of an inline Map; the next one starts where one ends."""

    def __init__(self, frame: Frame, data: Any, items: list[Any]) -> None:
        super().__init__(frame, len(items))
        self.data = data
        self.items = items
        self.next_index = 0

    @property
    def has_next(self) -> bool:
        return self.next_index < len(self.items)

    def start_next(self, previous: int) -> None:
        """Starts the next iteration; `previous` is the last event of the chain that made room for it."""
        frame, index = self.frame, self.next_index
        self.next_index += 1
        last = frame.engine.record("MapIterationStarted", previous, frame.step.name, index)
        data, item = select_item(frame, self.data, index, self.items[index])
        size = dataflow.measure(frame, data)
        dataflow.check(frame, size)
        self.running[index] = frame.engine.begin(frame.step.state.processor, data, size, last, self, index, item)

    def one_succeeded(self, child: Frame) -> int:
        engine = self.frame.engine
        last = engine.record("MapIterationSucceeded", child.last, self.frame.step.name, child.index)
        if self.has_next:
            engine.proceed(self.frame, self._follow, child.last)
        return last

    def one_failed(self, child: Frame) -> None:
        self.frame.engine.record("MapIterationFailed", child.last, self.frame.step.name, child.index)

    def one_aborted(self, child: Frame, previous: int) -> None:
        self.frame.engine.record("MapIterationAborted", previous, self.frame.step.name, child.index)

    def _follow(self, _: Frame, previous: int) -> None:
        self.start_next(previous)
