"""The real-time driver: one scheduler for thousands of executions, callables in threads and coroutines on one event loop.

The scheduler is a thread with a heap of timers and a queue of what happened; it alone touches the executions, so that they need no
lock. Callables run beside it and answer through the queue. Deadlines are kept on the monotonic clock, events bear the wall clock's time
and never go backwards within an execution. What was cancelled or timed out is told so at its next `sleep` or `heartbeat`; a thread
cannot be ended, so one that never returns goes on, and whatever it answers is dropped.

Limits: a state is run to its next wait in one go, so an execution that computes for long holds up the others. A computer that sleeps
stops the monotonic clock: waits last that much longer. An answer to a task token that a callable gives while it runs counts after the
callable's own return when that follows at once (`GRACE`), as it does on the virtual clock.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-standard-vs-express.html, the seam between thinking and doing.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Hashable
from queue import Empty, SimpleQueue
from time import monotonic, time
from typing import TYPE_CHECKING, Any

from states.drivers.answers import answer_token
from states.drivers.ongoing import Answer, Run, Work
from states.drivers.workers import Workers
from states.interpreter.commands import Cancel, Command, ScheduleTask, StartTimer
from states.interpreter.completions import Completion, StopRequested, TimerFired
from states.interpreter.execution import Execution
from states.tasks.resources import Tasks

if TYPE_CHECKING:
    from states.drivers.event_loop import EventLoop

__all__ = ["RealTime", "Run"]

GRACE = 0.1  #: seconds that an answer given within a call waits at most for the call's own
LONGEST_PAUSE = 3600.0  #: seconds the scheduler waits at most without looking at the clock

Observer = Callable[[Execution], None]


class RealTime:
    """Drives executions by the real clock. A context manager: at its end what still runs is stopped (ABORTED).

    At most `max_workers` callables are at work at once in threads (64 where None), any number of coroutines. `observer` is called with
    the execution after each of its steps, in the scheduler's thread: it must be quick, and may look at that execution only.
    Threads are daemons and are started when first needed. Every method may be called from any thread.
    """

    def __init__(self, max_workers: int | None = None, observer: Observer | None = None) -> None:
        self._observer = observer
        self._workers = Workers(max_workers)
        self._event_loop: EventLoop | None = None
        self._runs: set[Run] = set()
        self._due: list[tuple[float, int, Run, Hashable, Callable[[Run, Any], None]]] = []
        self._order = 0
        self._stale = 0  # entries of _due that were cancelled or set anew
        self._requests = 0
        self._happened: SimpleQueue[tuple[Callable[..., None], tuple[Any, ...]]] = SimpleQueue()
        self._gate = threading.Lock()  # held while something is asked of the scheduler, so that nothing is asked after its end
        self._thread: threading.Thread | None = None
        self._closed = False
        self._ended = False

    def __enter__(self) -> RealTime:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start_execution(self, execution: Execution, tasks: Any = None) -> Run:
        """Starts an execution that has not started yet; `tasks` are Tasks or what they are made of."""
        run = Run(self, execution, tasks if isinstance(tasks, Tasks) else Tasks(tasks))
        with self._gate:
            if self._closed:
                raise RuntimeError("the driver is closed")
            if self._thread is None:
                self._thread = threading.Thread(target=self._schedule, name="states-scheduler", daemon=True)
                self._thread.start()
            self._happened.put((self._begin, (run,)))
        return run

    def close(self) -> None:
        """Stops what still runs, and the scheduler. A callable that never returns is left behind."""
        with self._gate:
            closed, self._closed = self._closed, True
            if not closed:
                self._happened.put((self._end_all, ()))
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()
        self._workers.close()
        if self._event_loop is not None:
            self._event_loop.close()

    # ------------------------------------------------------------ the scheduler

    def _schedule(self) -> None:
        """The one loop: takes what happened in the order it did, then fires the timers whose time had come before that."""
        happened, due = self._happened, self._due
        while not self._ended:
            pause = max(0.0, min(due[0][0] - monotonic(), LONGEST_PAUSE)) if due else None
            try:
                act, arguments = happened.get(True, pause)
            except Empty:
                self._fire(monotonic())
                continue
            now = monotonic()
            act(*arguments)
            for _ in range(happened.qsize()):
                act, arguments = happened.get_nowait()
                act(*arguments)
            self._fire(now)

    def _ask(self, act: Callable[..., None], *arguments: Any) -> None:
        """Has the scheduler do something and waits until it is done; raises what that raises."""
        reply: SimpleQueue[BaseException | None] = SimpleQueue()
        with self._gate:
            asked = not self._closed and self._thread is not threading.current_thread()
            if asked:
                self._happened.put((_replied, (reply, act, arguments)))
        if asked:
            fault = reply.get()
            if fault is not None:
                raise fault
            return
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
        act(*arguments)

    def _end_all(self) -> None:
        for run in list(self._runs):
            self._receive(run, StopRequested(time()))
        self._ended = True

    # ------------------------------------------------------------ one execution

    def _begin(self, run: Run) -> None:
        self._runs.add(run)
        self._step(run, run.execution.start, time())

    def _receive(self, run: Run, completion: Completion) -> None:
        if run.done or run.execution.status != "RUNNING":
            return
        if completion.at < run.execution.now:
            completion = completion._replace(at=run.execution.now)
        run.received.append(completion)
        self._step(run, run.execution.receive, completion)

    def _step(self, run: Run, take: Callable[[Any], list[Command]], argument: Any) -> None:
        """One step of an execution. A fault in it, which is ours or the observer's, ends the run and not the scheduler."""
        try:
            self._carry_out(run, take(argument))
            if self._observer is not None:
                self._observer(run.execution)
        except BaseException as fault:
            run.fault = fault
        if run.fault is not None or run.execution.status != "RUNNING":
            self._let_go(run)

    def _carry_out(self, run: Run, commands: list[Command]) -> None:
        for command in commands:
            kind = type(command)
            if kind is ScheduleTask:
                self._call(run, command)  # type: ignore[arg-type]
            elif kind is StartTimer:
                wall = max(time(), run.execution.now)  # read before the other clock: a timer may be late, never early
                self._set(run, command.id, command.at - wall, self._timer_fired)  # type: ignore[union-attr]
            elif kind is Cancel:
                self._cancel(run, command.id)  # type: ignore[union-attr]

    def _cancel(self, run: Run, id: str) -> None:
        self._unset(run, id)
        work = run.at_work.pop(id, None)
        if work is not None:
            self._give_up(work)

    def _let_go(self, run: Run) -> None:
        """The run is over: nothing of it waits or works on."""
        self._runs.discard(run)
        for work in run.at_work.values():
            self._give_up(work)
        run.at_work.clear()
        self._stale += len(run.timers)
        run.timers.clear()
        self._sweep()
        run.finish()

    # ------------------------------------------------------------ timers

    def _set(self, run: Run, key: Hashable, seconds: float, act: Callable[[Run, Any], None]) -> None:
        """Has `act(run, key)` done after so many seconds, in place of what was set for the key."""
        self._unset(run, key)
        self._order += 1
        run.timers[key] = self._order
        heapq.heappush(self._due, (monotonic() + seconds, self._order, run, key, act))

    def _unset(self, run: Run, key: Hashable) -> None:
        if run.timers.pop(key, None) is not None:
            self._stale += 1
            self._sweep()

    def _fire(self, now: float) -> None:
        due = self._due
        while due and due[0][0] <= now:
            _, order, run, key, act = heapq.heappop(due)
            if run.timers.get(key) == order:
                del run.timers[key]
                act(run, key)
            else:
                self._stale -= 1

    def _sweep(self) -> None:
        """Throws the stale timers out once they are the larger part: every execution leaves one that is a year away."""
        due = self._due
        if self._stale > 100 and self._stale * 2 > len(due):
            due[:] = [entry for entry in due if entry[2].timers.get(entry[3]) == entry[1]]
            heapq.heapify(due)
            self._stale = 0

    def _timer_fired(self, run: Run, id: str) -> None:
        self._receive(run, TimerFired(id, time()))

    # ------------------------------------------------------------ callables

    def _call(self, run: Run, command: ScheduleTask) -> None:
        self._requests += 1
        call = run.tasks.call(command, run.execution.names, f"00000000-0000-4000-8000-{self._requests:012d}")
        completions = call.settled(time())
        if completions is not None:
            for completion in (*call.started(time()), *completions):
                self.post(run, completion)
            return
        work = run.at_work[command.id] = Work(self, run, call)
        if call.is_function:
            assert call.function is not None
            self._set(run, work, call.function.timeout_seconds, self._limit_reached)
        if _is_coroutine_function(work.handler):
            self.attend(work)
        else:
            self._workers.submit(work)

    def attend(self, work: Work) -> None:
        """Runs a callable that is to be awaited, or waits for the awaitable it gave, on the event loop."""
        event_loop = self._event_loop or self._new_event_loop()
        if event_loop is None:
            work.dispose()
        else:
            event_loop.submit(work)

    def _new_event_loop(self) -> EventLoop | None:
        """Made when the first coroutine occurs; None when the driver was closed before."""
        with self._gate:
            if self._event_loop is None and not self._closed:
                from states.drivers.event_loop import EventLoop

                self._event_loop = EventLoop()
            return self._event_loop

    def post(self, run: Run, completion: Completion) -> None:
        """Something happened to an execution."""
        self._happened.put((self._receive, (run, completion)))

    def post_end(self, work: Work, completions: list[Completion]) -> None:
        """A callable came to its end, and this is what it means."""
        self._happened.put((self._work_ended, (work, completions)))

    def post_fault(self, run: Run, fault: BaseException) -> None:
        """A callable raised what is none of the execution's errors: the run ends with it."""
        self._happened.put((self._end_with, (run, fault)))

    def _end_with(self, run: Run, fault: BaseException) -> None:
        if not run.done:
            run.fault = fault
            self._let_go(run)

    def _work_ended(self, work: Work, completions: list[Completion]) -> None:
        if work.over:
            return
        run = work.run
        self._unset(run, work)
        run.at_work.pop(work.call.command.id, None)
        work.ended = True
        for completion in completions:
            self._receive(run, completion)
        for answer in work.held:
            if run.timers.get(answer) is not None:
                self._unset(run, answer)
                self._receive(run, answer.completion)

    def _give_up(self, work: Work) -> None:
        """Nobody waits for the callable any more."""
        work.stop()
        self._unset(work.run, work)
        self._workers.give_up(work)
        if self._event_loop is not None:
            self._event_loop.cancel(work)

    def _limit_reached(self, run: Run, work: Work) -> None:
        """The function's own time is up, unless it lined up for a worker meanwhile and began later."""
        function = work.call.function
        assert function is not None
        left = function.timeout_seconds - (monotonic() - work.began if work.began is not None else 0.0)
        if left > 0:
            self._set(run, work, left, self._limit_reached)
            return
        run.at_work.pop(work.call.command.id, None)
        self._give_up(work)
        for completion in work.call.timed_out(time()):
            self._receive(run, completion)

    # ------------------------------------------------------------ from outside

    def stop(self, run: Run, error: str | None, cause: str | None) -> None:
        """StopExecution, done when this returns."""
        self._ask(self._receive, run, StopRequested(time(), error, cause))

    def answer(self, run: Run, work: Work | None, after: float, task_token: str, kind: str, values: tuple[Any, ...]) -> None:
        """Answers a task token so many seconds from now; UnknownToken at once. `work` is the callable that answers, if one does."""
        self._ask(self._answer, run, work, after, task_token, kind, values)

    def _answer(self, run: Run, work: Work | None, after: float, task_token: str, kind: str, values: tuple[Any, ...]) -> None:
        completion = answer_token(run.execution, task_token, kind, values, time())
        if work is not None and (work.over or work.ended):
            work = None
        if after <= 0 and work is None:
            self._receive(run, completion)
            return
        answer = Answer(completion)
        if after <= 0 and work is not None:
            work.held.append(answer)
        self._set(run, answer, after if after > 0 else GRACE, self._answer_due)

    def _answer_due(self, run: Run, answer: Answer) -> None:
        self._receive(run, answer.completion._replace(at=time()))


def _replied(reply: SimpleQueue[BaseException | None], act: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    """Does what was asked and says so."""
    try:
        act(*arguments)
    except BaseException as fault:
        reply.put(fault)
    else:
        reply.put(None)


_COROUTINE = 0x80  #: flag of the code of an `async def`, inspect.CO_COROUTINE without the import


def _is_coroutine_function(handler: Any) -> bool:
    """Whether calling it gives a coroutine and takes no time; what it cannot tell is called in a thread."""
    code = getattr(getattr(handler, "__func__", handler), "__code__", None)
    return code is not None and bool(code.co_flags & _COROUTINE)
