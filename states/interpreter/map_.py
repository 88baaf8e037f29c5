"""Map: its items, and an iteration for each: inline, or as child executions of a map run when its mode is DISTRIBUTED.

Source: https://states-language.net/spec.html#map-state
"""

from __future__ import annotations

from typing import Any

from states import errors
from states.errors import StatesError
from states.interpreter import dataflow
from states.interpreter.frame import Frame
from states.interpreter.joins import Join
from states.interpreter.map_run import MapRun
from states.interpreter.program import Step
from states.language.paths import PathError
from states.language.values import dumps

INLINE_CONCURRENCY = 40  #: iterations at once when MaxConcurrency is 0 or absent
DISTRIBUTED_CONCURRENCY = 10_000


def enter(frame: Frame) -> Step | None:
    state, engine = frame.step.state, frame.engine
    frame.work = None
    data = dataflow.effective_input(frame)
    concurrency = whole_number(frame, data, "MaxConcurrency", state.max_concurrency)
    items = _items(frame, data)
    frame.last = engine.record("MapStateStarted", frame.last, len(items))
    if state.distributed:
        MapRun.start(frame, data, items, concurrency or DISTRIBUTED_CONCURRENCY)
        return None
    frame.work = iterations = Iterations(frame, data, items)
    if not items:
        iterations.all_succeeded(frame.last)
    while iterations.has_next and len(iterations.running) < (concurrency or INLINE_CONCURRENCY):
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

    def one_succeeded(self, child: Frame) -> None:
        engine = self.frame.engine
        engine.record("MapIterationSucceeded", child.last, self.frame.step.name, child.index)
        if self.has_next:
            engine.proceed(self.frame, self._follow, child.last)

    def one_failed(self, child: Frame) -> None:
        self.frame.engine.record("MapIterationFailed", child.last, self.frame.step.name, child.index)

    def one_aborted(self, child: Frame, previous: int) -> None:
        self.frame.engine.record("MapIterationAborted", previous, self.frame.step.name, child.index)

    def _follow(self, _: Frame, previous: int) -> None:
        self.start_next(previous)


def select_item(frame: Frame, data: Any, index: int, value: Any) -> tuple[Any, dict[str, Any]]:
    """The input of one iteration, and the item as its Context Object shows it (`$$.Map.Item`)."""
    item = {"Index": index, "Value": value}
    selector = frame.step.state.item_selector
    if selector is None:
        return value, item
    with frame.at_item(item):
        return selector.evaluate(data, frame), item


def _items(frame: Frame, data: Any) -> list[Any]:
    path = frame.step.state.items_path
    try:
        items = path.evaluate(data, frame)
    except PathError as miss:
        raise StatesError(errors.RUNTIME, f"Invalid path '{path.text}' : {miss.message}") from None
    if not isinstance(items, list):
        raise StatesError(errors.RUNTIME, f'Reference path "{path.text}" must point to array.')
    return items


def whole_number(frame: Frame, data: Any, field: str, value: Any) -> int:
    """A field with a ...Path form that must be a whole number, at least 0."""
    number = _number(frame, data, field, value, "integer", int)
    if number < 0:
        raise StatesError(errors.RUNTIME, f"{field} must be a non-negative integer.")
    return int(number)


def percentage(frame: Frame, data: Any, field: str, value: Any) -> float:
    """A field with a ...Path form that must be a number from 0 to 100."""
    number = _number(frame, data, field, value, "float", (int, float))
    if not 0 <= number <= 100:
        raise StatesError(errors.RUNTIME, f"{field} must be between 0 and 100.")
    return float(number)


def _number(frame: Frame, data: Any, field: str, value: Any, kind: str, types: Any) -> Any:
    if isinstance(value, (int, float)):
        return value
    try:
        found = value.evaluate(data, frame)
    except PathError:
        raise StatesError(errors.RUNTIME, f"The {field}Path parameter does not reference an input value: {value.text}") from None
    if isinstance(found, bool) or not isinstance(found, types):
        shown = found if isinstance(found, str) else dumps(found)
        raise StatesError(errors.RUNTIME, f'The {field}Path field refers to value "{shown}" which is not a valid {kind}: {value.text}')
    return found
