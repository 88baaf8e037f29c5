"""The virtual driver: time jumps to whatever comes next, so that a year of waiting takes no time and is always alike.

Callables run one after the other, in the order they were asked for; the seconds they say they sleep pass only on this clock. The
driver to read first.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any

from states.drivers.answers import answer_token
from states.drivers.calls import invoke
from states.interpreter.commands import Cancel, Command, EndExecution, ScheduleTask, StartTimer
from states.interpreter.completions import Completion, StopRequested, TaskHeartbeat, TimerFired
from states.interpreter.execution import Execution
from states.tasks.calls import Call
from states.tasks.functions import TimedOut, to_json
from states.tasks.resources import Tasks

EPOCH = 1767225600.0  #: where virtual time starts: 2026-01-01T00:00:00Z

Observer = Callable[[Execution], None]


class Virtual:
    """Drives one execution on a virtual clock.

    `run` goes to the end; `advance` lets a time pass; in between, task tokens can be answered. `now` is seconds since the epoch,
    `received` are the completions so far: what `Execution.replay` needs to come to the same execution.
    """

    def __init__(self, execution: Execution, tasks: Any = None, *, at: float = EPOCH, observer: Observer | None = None) -> None:
        self.execution = execution
        self.tasks = tasks if isinstance(tasks, Tasks) else Tasks(tasks)
        self.now = at
        self.received: list[Completion] = []
        execution.received = self.received
        self._observer = observer
        self._due: list[tuple[float, int, Completion]] = []
        self._timers: dict[str, float] = {}
        self._order = 0
        self._requests = 0
        self._started = False

    def start(self) -> None:
        """Starts the execution; nothing passes yet."""
        if not self._started:
            self._started = True
            self._carry_out(self.execution.start(self.now))

    def run(self) -> Execution:
        """Runs to the end, however long that takes on the virtual clock."""
        self.start()
        while self._due and self.execution.status == "RUNNING":
            self._take_first()
        return self.execution

    def step(self) -> bool:
        """Goes on to the next thing that happens; False when nothing is left to happen."""
        while self._due:
            if self._take_first():
                return True
        return False

    def advance(self, seconds: float) -> Execution:
        """Lets so many seconds pass, and all that happens in them."""
        self.start()
        until = self.now + seconds
        while self._due and self._due[0][0] <= until and self.execution.status == "RUNNING":
            self._take_first()
        self.now = max(self.now, until)
        return self.execution

    def stop(self, error: str | None = None, cause: str | None = None) -> Execution:
        """StopExecution: ends the execution as ABORTED."""
        self.start()
        self._receive(StopRequested(self.now, error, cause))
        return self.execution

    def send_task_success(self, task_token: str, output: Any = None) -> None:
        """Answers a task token now; KeyError-like `UnknownToken` when no task waits for it."""
        self._answer_now(task_token, "success", to_json(output))

    def send_task_failure(self, task_token: str, error: str | None = None, cause: str | None = None) -> None:
        """Answers a task token with a failure now."""
        self._answer_now(task_token, "failure", error, cause)

    def send_task_heartbeat(self, task_token: str) -> None:
        """Sends a heartbeat for a task token now."""
        self._answer_now(task_token, "heartbeat")

    # ------------------------------------------------------------ carrying out

    def _answer_now(self, task_token: str, kind: str, *values: Any) -> None:
        self._receive(answer_token(self.execution, task_token, kind, values, self.now))

    def _receive(self, completion: Completion) -> None:
        self.received.append(completion)
        self._carry_out(self.execution.receive(completion))

    def _carry_out(self, commands: list[Command]) -> None:
        for command in commands:
            kind = type(command)
            if kind is ScheduleTask:
                self._call(command)  # type: ignore[arg-type]
            elif kind is StartTimer:
                self._timers[command.id] = command.at  # type: ignore[union-attr]
                self.post(command.at, TimerFired(command.id, command.at))  # type: ignore[union-attr]
            elif kind is Cancel:
                self._timers.pop(command.id, None)  # type: ignore[union-attr]
            elif kind is EndExecution:
                self._due.clear()
        if self._observer is not None:
            self._observer(self.execution)

    def post(self, at: float, completion: Completion) -> None:
        """Lets a completion happen at this time."""
        self._order += 1
        heapq.heappush(self._due, (at, self._order, completion))

    def _take_first(self) -> bool:
        """Takes what is due first and lets it happen; False when it was stale and nothing did."""
        at, _, completion = heapq.heappop(self._due)
        if type(completion) is TimerFired and self._is_stale(completion, at):
            return False
        self.now = at
        self._receive(completion)
        return True

    def _is_stale(self, completion: TimerFired, at: float) -> bool:
        """Whether the timer was cancelled or set anew."""
        if self._timers.get(completion.id) != at:
            return True
        del self._timers[completion.id]
        return False

    def _call(self, command: ScheduleTask) -> None:
        """Runs the callable of a task at once; its answer comes when it says the time has passed."""
        self._requests += 1
        names = self.execution.names
        call = self.tasks.call(command, names, f"00000000-0000-4000-8000-{self._requests:012d}")
        clock = CallClock(self, call)
        completions = None if call.is_plain else self._opening(call)
        if completions is None:
            completions = _run(call, clock)
        for completion in completions:
            self.post(completion.at, completion)
        for completion in clock.sent:
            self.post(completion.at, completion)

    def _opening(self, call: Call) -> list[Completion] | None:
        """Posts what is known before anything runs; gives the answer where nothing need be run."""
        for completion in call.started(self.now):
            self.post(self.now, completion)
        return call.settled(self.now)


def _run(call: Call, clock: CallClock) -> list[Completion]:
    try:
        result = invoke(call, clock)
        if hasattr(result, "__await__"):
            from states.drivers.coroutines import run_virtually

            result = run_virtually(result, clock)
    except TimedOut:
        return call.timed_out(clock.now()) if clock.function_is_over else []
    except (Exception, SystemExit) as fault:
        return call.raised(fault, clock.now())
    return call.returned(result, clock.now())


class CallClock:
    """The clock of one call: the seconds it slept pass between its start and its answer.

    `sent` are the heartbeats and answers to task tokens it gave; they come after its own answer of the same time.
    """

    __slots__ = ("_call", "_driver", "_elapsed", "_start", "function_is_over", "sent")

    def __init__(self, driver: Virtual, call: Call) -> None:
        self._driver = driver
        self._call = call
        self._start = driver.now
        self._elapsed = 0.0
        self.sent: list[Completion] = []
        self.function_is_over = False

    def now(self) -> float:
        return self._start + self._elapsed

    def sleep(self, seconds: float) -> None:
        """Passes; TimedOut when the function's own time, or the task's, is up before."""
        if not seconds >= 0:
            raise ValueError(f"cannot sleep {seconds} seconds")
        function, command = self._call.function, self._call.command
        assert function is not None
        own = function.timeout_seconds if self._call.is_function else float("inf")
        task = command.timeout_seconds if command.timeout_seconds is not None else float("inf")
        if self._elapsed + seconds > min(own, task):
            self.function_is_over = own <= task
            self._elapsed = min(own, task)
            raise TimedOut
        self._elapsed += seconds
        if self._elapsed > _LONGEST:
            raise TimedOut

    def heartbeat(self) -> None:
        self.sent.append(TaskHeartbeat(self._call.command.id, self.now()))

    def answer(self, task_token: str, after: float, kind: str, *values: Any) -> None:
        at = self.now() + after
        self.sent.append(answer_token(self._driver.execution, task_token, kind, values, at))


_LONGEST = 2 * 365 * 86400.0  #: no execution lasts longer: a callable that sleeps on for ever is let go
