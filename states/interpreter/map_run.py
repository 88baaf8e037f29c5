"""A map run: the child executions of a distributed Map, each with a history of its own, and how many of them may fail.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html and recordings.
"""

from __future__ import annotations

from typing import Any

from states import errors
from states.errors import StatesError
from states.interpreter import dataflow, failures, map_fields, setup
from states.interpreter.frame import Frame
from states.interpreter.setup import note
from states.language.intrinsic_functions import uuid
from states.language.values import dumps

TOO_MANY_FAILED = "The specified tolerated failure threshold was exceeded"


class MapRun:
    """`executions` are the child executions started so far, in the order of the items or batches.

    `status` is RUNNING, SUCCEEDED, FAILED or ABORTED; `failed_items` counts items, not batches.
    """

    def __init__(self, frame: Frame, inputs: list[tuple[Any, int]], total: int, concurrency: int, tolerance: Tolerance) -> None:
        self.frame = frame
        self.inputs = inputs
        self.total = total
        self.concurrency = concurrency
        self.tolerance = tolerance
        self.status = "RUNNING"
        self.failed_items = 0
        self.executions: list[Any] = []
        self.running: dict[int, Any] = {}
        self.label = frame.step.state.label or frame.step.name
        self.arn = map_run_arn(frame)
        self.last = 0

    @classmethod
    def start(cls, frame: Frame, data: Any, items: list[Any], concurrency: int) -> None:
        """Starts the map run of a frame's Map over these items."""
        tolerance = Tolerance.of(frame, data)
        inputs = child_inputs(frame, data, items)
        note(frame, setup.AFTER_ITEM_BATCHER, [value for value, _ in inputs])
        run = cls(frame, inputs, len(items), concurrency, tolerance)
        run.last = frame.last = frame.engine.record("MapRunStarted", frame.last, run.arn)
        frame.work = run
        frame.engine.map_runs.append(run)
        run.start_more()

    def start_more(self) -> None:
        """Starts children while there is room; ends the map run when none is left."""
        while self.status == "RUNNING" and len(self.running) < self.concurrency and len(self.executions) < len(self.inputs):
            index = len(self.executions)
            child = self.frame.engine.start_child(self.frame, self.inputs[index][0], self, uuid(self.frame.engine.random), index)
            self.running[index] = child
            self.executions.append(child)
        if self.status == "RUNNING" and not self.running:
            self.frame.engine.proceed(self.frame, self._succeed, None)

    def child_ended(self, child: Any) -> None:
        """A child execution came to an end of any kind."""
        if self.running.pop(child.index, None) is None or self.status != "RUNNING":
            return
        engine = self.frame.engine
        engine.now = child.now
        if child.status != "SUCCEEDED":
            self.failed_items += self.inputs[child.index][1]
            if self.tolerance.exceeded(self.failed_items, self.total):
                engine.proceed(self.frame, self._fail, StatesError(errors.EXCEED_TOLERATED_FAILURE_THRESHOLD, TOO_MANY_FAILED))
                return
        self.start_more()

    def abort(self, _: int) -> None:
        """The Map is cancelled from outside."""
        if self.status == "RUNNING":
            self.stop()
            self.frame.engine.record("MapRunAborted", self.last)

    def stop(self) -> None:
        """Ends every running child as ABORTED."""
        if self.status == "RUNNING":
            self.status = "ABORTED"
        children, self.running = list(self.running.values()), {}
        for child in children:
            child.abort_at(self.frame.engine.now)

    def _succeed(self, frame: Frame, _: None) -> Any:
        self.status = "SUCCEEDED"
        engine = frame.engine
        succeeded = engine.record("MapRunSucceeded", self.last)
        engine.record("MapStateSucceeded", succeeded)
        frame.last = self.last
        frame.work = None
        outputs = [child.result for child in self.executions if child.status == "SUCCEEDED"]
        return dataflow.leave(frame, outputs)

    def _fail(self, frame: Frame, failure: StatesError) -> Any:
        self.status = "FAILED"
        self.stop()
        frame.last = frame.engine.record("MapRunFailed", self.last, failure.error, failure.cause)
        return failures.fail(frame, failure)


def map_run_arn(frame: Frame) -> str:
    """The ARN of the map run that the frame's Map starts: a new id each time."""
    names, state = frame.engine.names, frame.step.state
    machine = f"{names.state_machine_name}/{state.label or state.name}"
    return f"arn:aws:states:{names.region}:{names.account}:mapRun:{machine}:{uuid(frame.engine.random)}"


class Tolerance:
    """How many items may fail; both bounds hold, an absent one is 0 unless the other is given."""

    def __init__(self, count: int | None, percentage: float | None) -> None:
        self.count = count
        self.percentage = percentage

    @classmethod
    def of(cls, frame: Frame, data: Any) -> Tolerance:
        state = frame.step.state
        count, percentage = state.tolerated_failure_count, state.tolerated_failure_percentage
        if count is not None:
            count = map_fields.whole_number(frame, data, "ToleratedFailureCount", count)
            note(frame, setup.LIMITS, ("toleratedFailureCount", count))
        if percentage is not None:
            percentage = map_fields.percentage(frame, data, "ToleratedFailurePercentage", percentage)
            note(frame, setup.LIMITS, ("toleratedFailurePercentage", percentage))
        return cls(count, percentage)

    def exceeded(self, failed: int, total: int) -> bool:
        """Whether so many failed items of so many are too many."""
        if self.count is None and self.percentage is None:
            return failed > 0
        over_count = self.count is not None and failed > self.count
        return over_count or (self.percentage is not None and failed * 100 > self.percentage * total)


def child_inputs(frame: Frame, data: Any, items: list[Any]) -> list[tuple[Any, int]]:
    """The input of each child execution and how many items it holds: one, or a batch of them."""
    selected = [map_fields.select_item(frame, data, index, value)[0] for index, value in enumerate(items)]
    batcher = frame.step.state.item_batcher
    if batcher is None:
        return [(item, 1) for item in selected]
    batch_input = batcher.batch_input.evaluate(frame.view(data), frame) if batcher.batch_input is not None else None
    most_items = _bound(frame, data, "MaxItemsPerBatch", batcher.max_items_per_batch)
    most_bytes = _bound(frame, data, "MaxInputBytesPerBatch", batcher.max_input_bytes_per_batch) or dataflow.LIMIT
    head: dict[str, Any] = {"BatchInput": batch_input} if batcher.batch_input is not None else {}
    return [
        ({**head, "Items": batch}, len(batch)) for batch in _batches(selected, len(dumps({**head, "Items": []})), most_items, most_bytes)
    ]


def _bound(frame: Frame, data: Any, field: str, value: Any) -> int:
    return 0 if value is None else map_fields.whole_number(frame, data, field, value, takes_text=True)


def _batches(items: list[Any], overhead: int, most_items: int, most_bytes: int) -> list[list[Any]]:
    batches: list[list[Any]] = []
    size = 0
    for item in items:
        bytes = len(dumps(item).encode()) + 1
        if not batches or (most_items and len(batches[-1]) >= most_items) or size + bytes > most_bytes:
            batches.append([])
            size = overhead
        batches[-1].append(item)
        size += bytes
    return batches
