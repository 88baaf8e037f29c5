"""The real clock. The tests wait for milliseconds only: declared seconds are shortened in the machine once it is read."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import states
from states.drivers.answers import UnknownToken
from states.drivers.ongoing import Run
from states.drivers.realtime import RealTime
from states.interpreter.execution import Execution
from states.machine import Block, Machine, Map, Parallel, Retrier
from states.running import prepare
from states.tasks.functions import TimedOut

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:"
ACTIVITY = "arn:aws:states:us-east-1:123456789012:activity:"
CALLBACK = "arn:aws:states:::lambda:invoke.waitForTaskToken"
PATIENCE = 10  #: seconds until a test that hangs fails

Tasks = dict[str, Callable[..., Any]]


@pytest.fixture
def driver() -> Iterator[RealTime]:
    with RealTime() as made:
        yield made


def machine(*named: tuple[str, dict[str, Any]]) -> Machine:
    """States one after the other; the last one ends, unless a state says where it leads."""
    chain: dict[str, Any] = {}
    for index, (name, state) in enumerate(named):
        leads = "Next" in state or "End" in state or state["Type"] in ("Succeed", "Fail", "Choice")
        following = {} if leads else {"Next": named[index + 1][0]} if index + 1 < len(named) else {"End": True}
        chain[name] = {**state, **following}
    return states.loads({"StartAt": named[0][0], "States": chain})


def task(resource: str, **fields: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": resource, **fields}


def callback(**fields: Any) -> dict[str, Any]:
    parameters = {"FunctionName": "approve", "Payload": {"token.$": "$$.Task.Token"}}
    return task(CALLBACK, Parameters=parameters, **fields)


def hasten(block: Block, seconds: float = 0.03) -> Any:
    """Shortens every second that is declared to `seconds` for each: the language has whole ones only."""
    for state in block.states.values():
        for field in ("timeout_seconds", "heartbeat_seconds", "seconds"):
            declared = getattr(state, field, None)
            if isinstance(declared, (int, float)):
                object.__setattr__(state, field, declared * seconds)
        for retrier in getattr(state, "retry", ()):
            assert isinstance(retrier, Retrier)
            object.__setattr__(retrier, "interval_seconds", retrier.interval_seconds * seconds)
        if isinstance(state, Parallel):
            for branch in state.branches:
                hasten(branch, seconds)
        elif isinstance(state, Map):
            hasten(state.processor, seconds)
    return block


def begin(driver: RealTime, machine: Machine, input: Any = None, tasks: Tasks | None = None, **options: Any) -> Run:
    prepared = prepare(machine, input, tasks, None, **options)
    return driver.start_execution(prepared.execution, prepared.tasks)


def finish(driver: RealTime, machine: Machine, input: Any = None, tasks: Tasks | None = None, **options: Any) -> Execution:
    return begin(driver, machine, input, tasks, **options).result(PATIENCE)


def events(execution: Execution) -> list[tuple[str, int]]:
    return [(event["type"], event["previousEventId"]) for event in execution.history]


def times(execution: Execution) -> list[float]:
    return [event[2] for event in execution.history.recorded]


def eventually(condition: Callable[[], bool]) -> bool:
    """Whether the condition comes true within the patience."""
    until = time.monotonic() + PATIENCE
    while not condition() and time.monotonic() < until:
        time.sleep(0.001)
    return condition()


def function(seconds: float) -> Callable[..., Any]:
    """Makes a callable a function with this timeout."""
    return states.function(timeout_seconds=seconds)


# ---------------------------------------------------------------- as on the virtual clock


def fail(error: BaseException) -> Callable[..., Any]:
    def raises(event: Any, context: Any) -> Any:
        raise error.with_traceback(None)  # no frames of the case before

    return raises


def flaky(event: Any, context: Any) -> Any:
    if context.attempt < 3:
        raise ConnectionError("busy")
    return context.attempt


async def slowly(event: Any, context: Any) -> Any:
    await asyncio.sleep(0.005)
    return {"seen": event}


async def too_slowly(event: Any, context: Any) -> Any:
    await asyncio.sleep(PATIENCE)


class Doubler:
    """A callable object."""

    def __call__(self, event: Any, context: Any) -> Any:
        return event * 2


class AsyncDoubler:
    """A callable object that only its result shows to be a coroutine."""

    async def __call__(self, event: Any, context: Any) -> Any:
        await asyncio.sleep(0)
        return event * 2


def give_back(event: Any, context: Any) -> None:
    context.send_task_success(event["token"], {"approved": True})


def give_back_later(event: Any, context: Any) -> None:
    context.send_task_success(event["token"], {"approved": True}, after=0.1)


def refuse(event: Any, context: Any) -> None:
    context.send_task_failure(event["token"], "Refused", "too dear")


def do_and_report(event: Any, context: Any) -> Any:
    context.heartbeat()
    context.sleep(0.005)
    return event


def change(event: Any, context: Any) -> Any:
    event["list"].append(4)
    return event["list"]


WORK = task(FUNCTION + "work")
PARALLEL = {
    "Type": "Parallel",
    "Branches": [
        {"StartAt": "Left", "States": {"Left": {"Type": "Pass", "Result": "left", "End": True}}},
        {"StartAt": "Right", "States": {"Right": {"Type": "Pass", "Result": "right", "End": True}}},
    ],
}
ONE_BY_ONE = {"StartAt": "Each", "States": {"Each": {**WORK, "End": True}}}
MAP = {"Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 1, "ItemProcessor": ONE_BY_ONE}
RETRY = [{"ErrorEquals": ["ConnectionError"], "IntervalSeconds": 1}]
CATCH = [{"ErrorEquals": ["States.ALL"], "Next": "Caught", "ResultPath": "$.error"}]
CAUGHT: tuple[str, dict[str, Any]] = ("Caught", {"Type": "Pass", "End": True})
INVOKE = task("arn:aws:states:::lambda:invoke", Parameters={"FunctionName": "work", "Payload.$": "$"})

SAME: dict[str, tuple[Any, ...]] = {
    "pass": (machine(("A", {"Type": "Pass"})), {"a": 1}, {}),
    "wait": (machine(("A", {"Type": "Wait", "Seconds": 1}), ("B", {"Type": "Pass"})), {"a": 1}, {}),
    "a wait that is over": (machine(("A", {"Type": "Wait", "Timestamp": "2001-01-01T00:00:00Z"})), None, {}),
    "fail": (machine(("A", {"Type": "Fail", "Error": "E", "Cause": "C"})), None, {}),
    "task": (machine(("A", WORK)), {"a": [1]}, {"work": lambda event, context: event}),
    "two tasks": (machine(("A", WORK), ("B", WORK)), 1, {"work": lambda event, context: event + 1}),
    "a callable object": (machine(("A", WORK)), 21, {"work": Doubler()}),
    "coroutine": (machine(("A", WORK)), {"a": 1}, {"work": slowly}),
    "timeout of a coroutine": (machine(("A", WORK)), None, {"work": function(0.001)(too_slowly)}),
    "a coroutine in disguise": (machine(("A", WORK)), 21, {"work": AsyncDoubler()}),
    "its own event": (machine(("A", {**WORK, "ResultPath": "$.result"})), {"list": [1]}, {"work": change}),
    "exception": (machine(("A", WORK)), None, {"work": fail(ValueError("no"))}),
    "a wrong signature": (machine(("A", WORK)), None, {"work": lambda event: event}),
    "a set": (machine(("A", WORK)), None, {"work": lambda event, context: {1}}),
    "an error of one's own": (machine(("A", WORK)), None, {"work": fail(states.TaskError("Odd", "cause"))}),
    "catch": (machine(("A", {**WORK, "Catch": CATCH}), CAUGHT), {}, {"work": fail(states.TaskError("Odd", "cause"))}),
    "retry": (machine(("A", {**WORK, "Retry": RETRY})), None, {"work": flaky}),
    "invoke": (machine(("A", INVOKE)), {"a": 1}, {"work": lambda event, context: event}),
    "no such function": (machine(("A", task(INVOKE["Resource"], Parameters={"FunctionName.$": "$"}))), "other", {"work": Doubler()}),
    "dry run": (
        machine(("A", task(INVOKE["Resource"], Parameters={"FunctionName": "work", "InvocationType": "DryRun"}))),
        None,
        {"work": fail(AssertionError())},
    ),
    "activity": (machine(("A", task(ACTIVITY + "work", HeartbeatSeconds=99))), 5, {"work": do_and_report}),
    "callback": (machine(("A", callback())), None, {"approve": give_back}),
    "callback later": (machine(("A", callback())), None, {"approve": give_back_later}),
    "callback refused": (machine(("A", callback())), None, {"approve": refuse}),
    "nobody calls back": (machine(("A", callback(TimeoutSeconds=1))), None, {"approve": lambda event, context: None}),
    "parallel": (machine(("A", PARALLEL)), None, {}),
    "map": (machine(("A", MAP)), {"items": [1, 2, 3]}, {"work": Doubler()}),
    "timeout": (machine(("A", {**WORK, "TimeoutSeconds": 1})), None, {"work": lambda event, context: context.sleep(2)}),
    "heartbeat missed": (
        machine(("A", task(ACTIVITY + "work", HeartbeatSeconds=1, TimeoutSeconds=60))),
        None,
        {"work": lambda event, context: context.sleep(2)},
    ),
    "function timeout": (machine(("A", WORK)), None, {"work": function(0.03)(lambda event, context: context.sleep(2))}),
}
for _machine, *_ in SAME.values():
    hasten(_machine)


@pytest.mark.parametrize("case", SAME)
def test_output_and_events_are_those_of_the_virtual_clock(case: str, driver: RealTime) -> None:
    machine, input, tasks = SAME[case]
    virtual = states.run(machine, input, tasks)
    real = finish(driver, machine, input, tasks)
    assert (real.status, real.output, real.error, real.cause) == (virtual.status, virtual.output, virtual.error, virtual.cause)
    assert events(real) == events(virtual)
    assert times(real) == sorted(times(real))


@pytest.mark.parametrize("case", SAME)
def test_the_completions_lead_to_the_same_history_again(case: str, driver: RealTime) -> None:
    machine, input, tasks = SAME[case]
    run = begin(driver, machine, input, tasks)
    real = run.result(PATIENCE)
    replayed = Execution.replay(machine, real.input, run.received, at=real.started_at)
    assert list(replayed.history) == list(real.history)


async def raises_late(event: Any, context: Any) -> Any:
    await asyncio.sleep(0.001)
    raise ValueError("late")


@pytest.mark.parametrize(
    ("work", "output", "error"),
    [
        (slowly, {"seen": 1}, None),
        (raises_late, None, "ValueError"),
        (lambda event, context: slowly(event, context), {"seen": 1}, None),
        (lambda event, context: raises_late(event, context), None, "ValueError"),
    ],
)
def test_coroutines_sleep_on_the_event_loop(work: Any, output: Any, error: str | None, driver: RealTime) -> None:
    execution = finish(driver, machine(("A", WORK)), 1, {"work": work})
    assert (execution.output, execution.error) == (output, error)


def test_the_stack_trace_of_a_coroutine_begins_with_the_users_own(driver: RealTime) -> None:
    trace = json.loads(str(finish(driver, machine(("A", WORK)), 1, {"work": raises_late}).cause))["stackTrace"]
    assert len(trace) == 1
    assert "in raises_late" in trace[0]


# ---------------------------------------------------------------- time


def test_events_bear_the_time_of_the_wall_clock(driver: RealTime) -> None:
    before = time.time()
    execution = finish(driver, hasten(machine(("A", {"Type": "Wait", "Seconds": 1}), ("B", WORK))), None, {"work": Doubler.__call__})
    assert before <= times(execution)[0] <= times(execution)[-1] <= time.time()


def test_a_wait_lasts_as_long_as_it_says(driver: RealTime) -> None:
    execution = finish(driver, hasten(machine(("A", {"Type": "Wait", "Seconds": 1})), 0.05))
    _, entered, exited, _ = times(execution)
    assert 0.05 <= exited - entered < 0.05 + 1


def test_a_wait_ends_at_its_timestamp(driver: RealTime) -> None:
    until = time.time() + 0.03
    text = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(until)) + f"{until % 1:.6f}"[1:] + "Z"
    execution = finish(driver, machine(("A", {"Type": "Wait", "TimestampPath": "$"})), text)
    assert until - 1e-5 <= times(execution)[-1] < until + 1


def test_what_is_due_first_ends_first(driver: RealTime) -> None:
    order: list[str] = []
    made = {f"W{n}": hasten(machine((f"W{n}", {"Type": "Wait", "Seconds": n}), ("B", WORK))) for n in (5, 1, 3)}
    runs = [begin(driver, m, name, {"work": lambda event, context: order.append(event)}) for name, m in made.items()]
    for run in runs:
        run.result(PATIENCE)
    assert order == ["W1", "W3", "W5"]


def test_a_clock_that_is_set_back_moves_no_event_back(driver: RealTime, monkeypatch: pytest.MonkeyPatch) -> None:
    def set_back(event: Any, context: Any) -> None:
        for module in ("realtime", "ongoing"):
            monkeypatch.setattr(f"states.drivers.{module}.time", lambda: time.time() - 3600)

    began = time.monotonic()
    made = hasten(machine(("A", WORK), ("B", {"Type": "Wait", "Seconds": 1}), ("C", WORK)))
    execution = finish(driver, made, None, {"work": set_back})
    assert execution.status == "SUCCEEDED"
    assert times(execution) == sorted(times(execution))
    assert 0.03 <= time.monotonic() - began < 1


def test_two_hundred_executions_at_once(driver: RealTime) -> None:
    made = hasten(machine(("A", {"Type": "Wait", "Seconds": 1}), ("B", WORK), ("C", WORK)))
    threads = threading.active_count()
    runs = [begin(driver, made, n, {"work": lambda event, context: event + 1}) for n in range(200)]
    assert threading.active_count() <= threads + 1 + 64
    assert [run.result(PATIENCE).output for run in runs] == list(range(2, 202))


def test_thousands_of_coroutines_need_no_thread_each(driver: RealTime) -> None:
    threads = threading.active_count()
    runs = [begin(driver, machine(("A", WORK)), n, {"work": slowly}) for n in range(500)]
    assert threading.active_count() <= threads + 2
    assert [run.result(PATIENCE).output for run in runs] == [{"seen": n} for n in range(500)]


def test_an_execution_that_ended_is_not_kept(driver: RealTime) -> None:
    made = machine(("A", {"Type": "Pass"}))
    ended = [weakref.ref(finish(driver, made)) for _ in range(1000)]  # each leaves a timer that is a year away
    gc.collect()
    assert sum(kept() is not None for kept in ended) < 200


# ---------------------------------------------------------------- callables that take too long


def test_a_callable_that_never_returns_times_out_and_goes_on_alone(driver: RealTime) -> None:
    released = threading.Event()
    made = hasten(machine(("A", {**WORK, "TimeoutSeconds": 1})))
    execution = finish(driver, made, None, {"work": lambda event, context: released.wait(PATIENCE)})
    assert (execution.status, execution.error) == ("FAILED", "States.Timeout")
    released.set()


def test_the_late_answer_of_a_callable_is_dropped(driver: RealTime) -> None:
    released, given = threading.Event(), threading.Event()

    def work(event: Any, context: Any) -> Any:
        if context.attempt == 1:
            released.wait(PATIENCE)
            given.set()
        return context.attempt

    def both(event: Any, context: Any) -> None:
        released.set()
        given.wait(PATIENCE)
        context.sleep(0.01)

    retry = [{"ErrorEquals": ["States.Timeout"], "IntervalSeconds": 1}]
    late = {**WORK, "TimeoutSeconds": 1, "Retry": retry}
    made = hasten(machine(("A", late), ("B", {**task(FUNCTION + "both"), "ResultPath": None})), 0.15)
    assert finish(driver, made, None, {"work": work, "both": both}).output == 2


def test_callables_that_never_return_do_not_use_up_the_workers() -> None:
    released = threading.Event()
    stuck = hasten(machine(("A", {**WORK, "TimeoutSeconds": 1})))
    with RealTime(max_workers=2) as driver:
        runs = [begin(driver, stuck, None, {"work": lambda event, context: released.wait(PATIENCE)}) for _ in range(5)]
        assert {run.result(PATIENCE).error for run in runs} == {"States.Timeout"}
        assert finish(driver, machine(("A", WORK)), 4, {"work": Doubler()}).output == 8
        released.set()


@pytest.mark.parametrize("act", ["sleep", "heartbeat"])
def test_a_cancelled_callable_is_told_so_when_it_sleeps_or_beats(driver: RealTime, act: str) -> None:
    begun, stopped, told = threading.Event(), threading.Event(), threading.Event()

    def work(event: Any, context: Any) -> None:
        begun.set()
        try:
            if act == "sleep":
                context.sleep(PATIENCE)
            else:
                stopped.wait(PATIENCE)
                context.heartbeat()
        except TimedOut:
            told.set()
            raise

    run = begin(driver, machine(("A", task(ACTIVITY + "work"))), None, {"work": work})
    assert begun.wait(PATIENCE)
    run.stop()
    stopped.set()
    assert told.wait(PATIENCE)


def test_a_function_has_its_own_timeout_though_its_thread_goes_on(driver: RealTime) -> None:
    released = threading.Event()
    work = function(0.03)(lambda event, context: released.wait(PATIENCE))
    execution = finish(driver, machine(("A", WORK)), None, {"work": work})
    released.set()
    assert execution.error == "Sandbox.Timedout"
    assert "Task timed out after 0.03 seconds" in str(execution.cause)


def test_the_time_a_function_lines_up_is_not_its_own() -> None:
    holds = hasten(machine(("A", task(ACTIVITY + "work"))))
    with RealTime(max_workers=1) as driver:
        begin(driver, holds, None, {"work": lambda event, context: context.sleep(0.15)})
        run = begin(driver, machine(("A", WORK)), None, {"work": function(0.1)(lambda event, context: "in time")})
        assert run.result(PATIENCE).output == "in time"


def test_heartbeats_keep_a_task_alive(driver: RealTime) -> None:
    def work(event: Any, context: Any) -> str:
        for _ in range(12):
            context.sleep(0.02)
            context.heartbeat()
        return "alive"

    made = hasten(machine(("A", task(ACTIVITY + "work", HeartbeatSeconds=1, TimeoutSeconds=99))), 0.2)
    assert finish(driver, made, None, {"work": work}).output == "alive"


def test_remaining_time_runs_out(driver: RealTime) -> None:
    def work(event: Any, context: Any) -> list[int]:
        before = context.get_remaining_time_in_millis()
        context.sleep(0.02)
        return [before, context.get_remaining_time_in_millis()]

    before, after = finish(driver, machine(("A", WORK)), None, {"work": work}).output
    assert 0 < after <= before - 20 <= 3000 - 20


def test_a_cancelled_coroutine_is_cancelled(driver: RealTime) -> None:
    begun, cancelled = threading.Event(), threading.Event()

    async def work(event: Any, context: Any) -> None:
        begun.set()
        try:
            await asyncio.sleep(PATIENCE)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    run = begin(driver, machine(("A", WORK)), None, {"work": work})
    assert begun.wait(PATIENCE)
    run.stop()
    assert cancelled.wait(PATIENCE)


def test_a_coroutine_is_cancelled_before_it_begins_too(driver: RealTime) -> None:
    for work in (slowly, AsyncDoubler(), lambda event, context: slowly(event, context)):
        for _ in range(20):
            begin(driver, machine(("A", WORK)), 1, {"work": work}).stop()
    gc.collect()  # a coroutine that was forgotten would warn, and a warning is an error


def test_a_sibling_that_fails_cancels_the_others(driver: RealTime) -> None:
    cancelled, begun = threading.Event(), threading.Event()

    def slow(event: Any, context: Any) -> None:
        begun.set()
        try:
            context.sleep(PATIENCE)
        except TimedOut:
            cancelled.set()
            raise

    def bad(event: Any, context: Any) -> None:
        begun.wait(PATIENCE)
        raise ValueError("bad")

    branches = [{"StartAt": name, "States": {name: {**task(FUNCTION + name), "End": True}}} for name in ("slow", "bad")]
    execution = finish(driver, machine(("A", {"Type": "Parallel", "Branches": branches})), None, {"slow": slow, "bad": bad})
    assert execution.error == "ValueError"
    assert cancelled.wait(PATIENCE)


ENDS = [(SystemExit(3), "Runtime.ExitError"), (KeyboardInterrupt(), "KeyboardInterrupt"), (GeneratorExit(), "GeneratorExit")]


@pytest.mark.parametrize(("fault", "error"), ENDS, ids=[error for _, error in ENDS])
@pytest.mark.parametrize("kind", ["thread", "coroutine"])
def test_a_callable_cannot_end_its_worker(driver: RealTime, fault: BaseException, error: str, kind: str) -> None:
    async def awaited(event: Any, context: Any) -> None:
        raise fault

    work = fail(fault) if kind == "thread" else awaited
    assert finish(driver, machine(("A", WORK)), None, {"work": work}).error == error


@pytest.mark.parametrize("seconds", [-1, float("nan")])
def test_no_sleep_is_negative(driver: RealTime, seconds: float) -> None:
    execution = finish(driver, machine(("A", WORK)), None, {"work": lambda event, context: context.sleep(seconds)})
    assert execution.error == "ValueError"


# ---------------------------------------------------------------- from outside


def waiting(driver: RealTime, **fields: Any) -> tuple[Run, str]:
    """A run that waits for the answer to its task token, and the token."""
    tokens: list[str] = []
    made = hasten(machine(("A", callback(**fields))))
    run = begin(driver, made, None, {"approve": lambda event, context: tokens.append(event["token"])})
    assert eventually(lambda: "TaskSubmitted" in run.execution.history.types())
    return run, tokens[0]


def test_a_task_token_is_answered_from_another_thread(driver: RealTime) -> None:
    run, token = waiting(driver)
    threading.Thread(target=run.send_task_success, args=(token, {"yes": [1]})).start()
    assert run.result(PATIENCE).output == {"yes": [1]}


def test_a_task_token_is_answered_with_a_failure(driver: RealTime) -> None:
    run, token = waiting(driver)
    run.send_task_failure(token, "No", "because")
    assert run.done
    assert (run.result(0).error, run.execution.cause) == ("No", "because")


def test_heartbeats_for_a_task_token_keep_it_alive(driver: RealTime) -> None:
    run, token = waiting(driver, HeartbeatSeconds=8)
    for _ in range(7):
        time.sleep(0.04)
        run.send_task_heartbeat(token)
    run.send_task_success(token)
    assert run.result(PATIENCE).status == "SUCCEEDED"


@pytest.mark.parametrize("closed", [False, True])
def test_a_token_nobody_waits_for_is_refused(closed: bool) -> None:
    with RealTime() as driver:
        run, token = waiting(driver)
        with pytest.raises(UnknownToken):
            run.send_task_success("other")
        run.send_task_success(token)
        if closed:
            driver.close()
        with pytest.raises(UnknownToken):
            run.send_task_success(token)


def test_an_answer_after_the_function_ended_comes_at_its_time(driver: RealTime) -> None:
    execution = finish(driver, SAME["callback later"][0], None, {"approve": give_back_later})
    submitted, succeeded = (event[2] for event in execution.history.recorded if event[0] in ("TaskSubmitted", "TaskSucceeded"))
    assert succeeded - submitted > 0.01


def test_an_answer_given_long_before_the_function_ends_counts_at_once(driver: RealTime) -> None:
    def approve(event: Any, context: Any) -> None:
        context.send_task_success(event["token"], "early")
        context.sleep(PATIENCE)

    execution = finish(driver, machine(("A", callback())), None, {"approve": function(60)(approve)})
    assert execution.output == "early"
    assert "TaskSubmitted" not in execution.history.types()


def test_stop_ends_the_execution_and_wakes_its_callables(driver: RealTime) -> None:
    begun, woken = threading.Event(), threading.Event()

    def work(event: Any, context: Any) -> None:
        begun.set()
        try:
            context.sleep(PATIENCE)
        finally:
            woken.set()

    run = begin(driver, machine(("A", WORK)), None, {"work": work})
    assert begun.wait(PATIENCE)
    execution = run.stop("Stopped", "by hand")
    assert (execution.status, execution.error, execution.cause, run.done) == ("ABORTED", "Stopped", "by hand", True)
    assert woken.wait(PATIENCE)
    assert run.stop("again") is run.result(0)
    assert execution.error == "Stopped"


def test_a_result_that_takes_too_long(driver: RealTime) -> None:
    run = begin(driver, machine(("A", {"Type": "Wait", "Seconds": 1000})))
    with pytest.raises(TimeoutError, match=r"has not ended within 0\.01 seconds"):
        run.result(timeout=0.01)
    assert not run.done
    run.stop()
    assert run.result(timeout=0).status == "ABORTED"


def test_many_threads_may_wait_for_one_result(driver: RealTime) -> None:
    run = begin(driver, hasten(machine(("A", {"Type": "Wait", "Seconds": 1}))))
    found: list[str] = []
    waiters = [threading.Thread(target=lambda: found.append(run.result(PATIENCE).status)) for _ in range(5)]
    for waiter in waiters:
        waiter.start()
    for waiter in waiters:
        waiter.join()
    assert found == ["SUCCEEDED"] * 5


@pytest.mark.skipif(os.name == "nt", reason="sends a signal to a thread")
def test_control_c_ends_the_waiting_and_not_the_run(driver: RealTime) -> None:
    if threading.current_thread() is not threading.main_thread():
        pytest.skip("signals reach the main thread only")
    run = begin(driver, machine(("A", {"Type": "Wait", "Seconds": 1000})))
    main = threading.main_thread().ident
    assert main is not None
    threading.Timer(0.05, signal.pthread_kill, (main, signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        run.result(PATIENCE)
    assert run.execution.status == "RUNNING"
    assert run.stop("Interrupted").status == "ABORTED"


# ---------------------------------------------------------------- the driver itself


def test_the_end_of_the_driver_stops_what_still_runs() -> None:
    with RealTime() as driver:
        runs = [begin(driver, machine(("A", {"Type": "Wait", "Seconds": 1000}))) for _ in range(3)]
        begin(driver, machine(("A", WORK)), None, {"work": slowly})
    assert {run.result(0).status for run in runs} == {"ABORTED"}
    with pytest.raises(RuntimeError, match="closed"):
        begin(driver, machine(("A", {"Type": "Pass"})))
    driver.close()


def test_a_driver_that_was_not_used_starts_nothing() -> None:
    before = threading.active_count()
    with RealTime():
        assert threading.active_count() == before


def test_the_threads_end_with_the_driver() -> None:
    before = set(threading.enumerate())
    with RealTime() as driver:
        for work in (Doubler(), slowly, AsyncDoubler()):
            finish(driver, machine(("A", WORK)), 1, {"work": work})
    assert eventually(lambda: set(threading.enumerate()) <= before)


@pytest.mark.parametrize("given", [0, -1])
def test_there_is_at_least_one_worker(given: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        RealTime(max_workers=given)


def test_no_more_callables_at_work_than_allowed() -> None:
    lock, at_work, most = threading.Lock(), [0], [0]

    def work(event: Any, context: Any) -> None:
        with lock:
            at_work[0] += 1
            most[0] = max(most[0], at_work[0])
        context.sleep(0.002)
        with lock:
            at_work[0] -= 1

    with RealTime(max_workers=3) as driver:
        for run in [begin(driver, machine(("A", WORK)), None, {"work": work}) for _ in range(20)]:
            assert run.result(PATIENCE).status == "SUCCEEDED"
    assert most == [3]


def test_the_observer_sees_each_step() -> None:
    seen: list[list[str]] = []
    made = hasten(machine(("A", {"Type": "Wait", "Seconds": 1}), ("B", WORK)))
    with RealTime(observer=lambda execution: seen.append(execution.history.types())) as driver:
        execution = finish(driver, made, 1, {"work": Doubler()})
    assert [len(types) for types in seen] == [2, 6, len(execution.history)]


def test_an_observer_may_stop_the_execution_it_sees() -> None:
    runs: list[Run] = []
    known = threading.Event()

    def observe(execution: Execution) -> None:
        known.wait(PATIENCE)
        runs[0].stop("Seen")

    with RealTime(observer=observe) as driver:
        runs.append(begin(driver, machine(("A", {"Type": "Wait", "Seconds": 1000}))))
        known.set()
        assert runs[0].result(PATIENCE).error == "Seen"


def test_a_fault_of_the_observer_ends_its_run_only() -> None:
    def observe(execution: Execution) -> None:
        if execution.input == "bad":
            raise ZeroDivisionError

    with RealTime(observer=observe) as driver:
        bad, good = (begin(driver, machine(("A", {"Type": "Pass"})), input) for input in ("bad", "good"))
        with pytest.raises(ZeroDivisionError):
            bad.result(PATIENCE)
        assert good.result(PATIENCE).output == "good"


def test_run_takes_the_real_clock() -> None:
    made = hasten(machine(("A", {"Type": "Wait", "Seconds": 1}), ("B", WORK)))
    before = time.time()
    execution = states.run(made, 4, {"work": Doubler()}, real_time=True, name="real")
    assert execution.output == 8
    assert before + 0.03 <= execution.stopped_at <= time.time()


def outcome_of(program: str) -> dict[str, Any]:
    """What a program of its own prints; it must end by itself."""
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, timeout=30, check=True)
    assert done.stderr == ""
    found: dict[str, Any] = json.loads(done.stdout)
    return found


PROGRAM = f"""
import json, sys, threading, states
machine = states.loads({{"StartAt": "A", "States": {{"A": {{"Type": "Task", "Resource": "{FUNCTION}work", "End": True}}}}}})
WORK
execution = states.run(machine, 1, {{"work": work}}, real_time=True)
heavy = [name for name in ("asyncio", "concurrent.futures") if name in sys.modules]
print(json.dumps({{"error": execution.error, "output": execution.output, "heavy": heavy}}))
"""


def test_the_process_ends_though_a_callable_never_returns() -> None:
    work = "work = states.function(timeout_seconds=0.02)(lambda event, context: threading.Event().wait())"
    assert outcome_of(PROGRAM.replace("WORK", work)) == {"error": "Sandbox.Timedout", "output": None, "heavy": []}


def test_a_program_without_coroutines_needs_no_asyncio() -> None:
    assert outcome_of(PROGRAM.replace("WORK", "work = lambda event, context: event")) == {"error": None, "output": 1, "heavy": []}


def test_a_program_with_coroutines_ends() -> None:
    found = outcome_of(PROGRAM.replace("WORK", "async def work(event, context): return event"))
    assert (found["output"], "asyncio" in found["heavy"]) == (1, True)
