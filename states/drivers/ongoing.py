"""What goes on in real time: a Run is an execution as its caller sees it, a Work one callable as it sees its driver.

Both only carry: what they are asked they hand to the scheduler of their driver, which alone touches the execution.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Hashable
from time import monotonic, time
from typing import TYPE_CHECKING, Any

from states.drivers.calls import invoke
from states.interpreter.completions import Completion, TaskHeartbeat
from states.interpreter.execution import Execution
from states.tasks.calls import Call
from states.tasks.functions import MockFault, TimedOut, to_json
from states.tasks.resources import Tasks

if TYPE_CHECKING:
    from states.drivers.realtime import RealTime

INTERRUPTIBLE = 0.1 if os.name == "nt" else threading.TIMEOUT_MAX  #: seconds a wait may last without missing a Ctrl-C


class Run:
    """One execution in real time. `received` are the completions so far: what `Execution.replay` needs to come to the same."""

    __slots__ = ("_driver", "_running", "at_work", "done", "execution", "fault", "received", "tasks", "timers")

    def __init__(self, driver: RealTime, execution: Execution, tasks: Tasks) -> None:
        self.execution = execution
        self.tasks = tasks
        self.received: list[Completion] = []
        execution.received = self.received
        self.done = False
        self.fault: BaseException | None = None
        self.timers: dict[Hashable, int] = {}  #: what is waited for -> which entry of the scheduler's heap
        self.at_work: dict[str, Work] = {}  #: id of the command -> its callable
        self._driver = driver
        self._running = threading.Lock()  # held until the end: whoever gets it knows that the execution is over
        self._running.acquire()

    def result(self, timeout: float | None = None) -> Execution:
        """The finished execution; waits for it, `timeout` seconds at most: then TimeoutError, and the execution goes on."""
        until = None if timeout is None else monotonic() + timeout
        left = INTERRUPTIBLE
        while True:
            if until is not None:
                left = max(0.0, min(until - monotonic(), INTERRUPTIBLE))
            if self._running.acquire(timeout=left):
                break
            if until is not None and monotonic() >= until:
                raise TimeoutError(f"the execution has not ended within {timeout} seconds")
        self._running.release()
        if self.fault is not None:
            raise self.fault
        return self.execution

    def stop(self, error: str | None = None, cause: str | None = None) -> Execution:
        """StopExecution: ends the execution as ABORTED, unless it has ended."""
        if not self.done:
            self._driver.stop(self, error, cause)
        return self.execution

    def send_task_success(self, task_token: str, output: Any = None) -> None:
        """Answers a task token; UnknownToken when no task waits for it."""
        self._driver.answer(self, None, 0.0, task_token, "success", (to_json(output),))

    def send_task_failure(self, task_token: str, error: str | None = None, cause: str | None = None) -> None:
        """Answers a task token with a failure."""
        self._driver.answer(self, None, 0.0, task_token, "failure", (error, cause))

    def send_task_heartbeat(self, task_token: str) -> None:
        """Sends a heartbeat for a task token."""
        self._driver.answer(self, None, 0.0, task_token, "heartbeat", ())

    def finish(self) -> None:
        """For the driver: lets those who wait for the result have it."""
        if not self.done:
            self.done = True
            self._running.release()


class Work:
    """One callable at work: the clock of its call, and the way its answer takes to the scheduler.

    `over` is set by the scheduler alone: nobody waits for the answer any more. `began` is on the monotonic clock.
    """

    __slots__ = ("_awaitable", "_driver", "_woken", "began", "call", "ended", "held", "over", "run")

    def __init__(self, driver: RealTime, run: Run, call: Call) -> None:
        self.run = run
        self.call = call
        self.began: float | None = None
        self.over = self.ended = False
        self.held: list[Answer] = []
        self._awaitable: Any = None
        self._driver = driver
        self._woken = threading.Event()

    @property
    def handler(self) -> Any:
        """What the user wrote, None when nothing serves the task."""
        return None if self.call.function is None else self.call.function.handler

    def stop(self) -> None:
        """The scheduler gave it up: whatever sleeps in it wakes."""
        self.over = True
        self._woken.set()

    # ------------------------------------------------------------ the callable's side

    def perform(self) -> None:
        """Runs the callable in a worker's thread; an awaitable it gives goes on elsewhere."""
        if self.over:
            return
        try:
            result = self._invoked()
            if hasattr(result, "__await__"):
                self._awaitable = result
                self._driver.attend(self)
                return
            completions = self.call.returned(result, time())
        except BaseException as fault:
            completions = self._failed(fault)
        self._driver.post_end(self, completions)

    async def attend(self) -> None:
        """Runs the callable, or waits for the awaitable it gave, on the event loop."""
        if self.over:
            return
        try:
            result = self._invoked() if self._awaitable is None else self._awaitable
            if hasattr(result, "__await__"):
                result = await result
            completions = self.call.returned(result, time())
        except BaseException as fault:
            completions = self._failed(fault)
        self._driver.post_end(self, completions)

    def dispose(self) -> None:
        """Ends a coroutine that was cancelled before it began; Python warns of one that is forgotten."""
        if hasattr(self._awaitable, "cr_frame"):
            self._awaitable.close()

    def _invoked(self) -> Any:
        self.began = monotonic()
        for completion in self.call.started(time()):
            self._driver.post(self.run, completion)
        return invoke(self.call, self)

    def _failed(self, fault: BaseException) -> list[Completion]:
        if isinstance(fault, MockFault):
            self._driver.post_fault(self.run, fault)
        return [] if isinstance(fault, (TimedOut, MockFault)) else self.call.raised(fault, time())

    # ------------------------------------------------------------ its clock

    def now(self) -> float:
        return time()

    def sleep(self, seconds: float) -> None:
        """Sleeps; TimedOut as soon as nobody waits for the answer any more."""
        if not seconds >= 0:
            raise ValueError(f"cannot sleep {seconds} seconds")
        if self._woken.wait(min(seconds, threading.TIMEOUT_MAX)):
            raise TimedOut

    def heartbeat(self) -> None:
        if self.over:
            raise TimedOut
        self._driver.post(self.run, TaskHeartbeat(self.call.command.id, time()))

    def answer(self, task_token: str, after: float, kind: str, *values: Any) -> None:
        self._driver.answer(self.run, self, after, task_token, kind, values)


class Answer:
    """An answer to a task token that is due later."""

    __slots__ = ("completion",)

    def __init__(self, completion: Completion) -> None:
        self.completion = completion
