"""The virtual clock: what passes, what is dropped, and what a caller can do while an execution stands still."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import Any

import pytest

import states
from states.drivers.answers import UnknownToken
from states.drivers.virtual import EPOCH, Virtual
from states.interpreter.completions import StopRequested, TaskFailed, TaskHeartbeat, TaskStarted, TaskSubmitted, TaskSucceeded, TimerFired
from states.interpreter.execution import Execution
from tests.interpreter.cases import FUNCTION_ARN

WORK = {"Type": "Task", "Resource": FUNCTION_ARN + "work"}
CALLBACK = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": {"t.$": "$$.Task.Token"}}


def chain(**parts: dict[str, Any]) -> dict[str, Any]:
    """A machine of these states, one after the other."""
    names = list(parts)
    following = dict(pairwise(names))
    made = {name: {**state, **({"Next": following[name]} if name in following else {"End": True})} for name, state in parts.items()}
    return {"StartAt": names[0], "States": made}


def waits(seconds: float) -> dict[str, Any]:
    return {"Type": "Wait", "Seconds": seconds}


def token_of(driver: Virtual) -> str:
    (scheduled,) = [event for event in driver.execution.history if event["type"] == "TaskScheduled"]
    token: str = scheduled["taskScheduledEventDetails"]["parameters"].split('"')[3]
    return token


def test_time_starts_where_it_is_told_to() -> None:
    assert states.run(chain(A=waits(1))).started_at == EPOCH
    execution = states.run(chain(A=waits(1)), at=5.0)
    assert (execution.started_at, execution.stopped_at) == (5.0, 6.0)


def test_a_year_passes_at_once() -> None:
    assert states.run(chain(A=waits(31_535_999))).status == "SUCCEEDED"


def test_advance_lets_so_much_time_pass_and_no_more() -> None:
    driver = states.start(chain(A=waits(10), B=waits(10)))
    assert driver.execution.waiting() == {"A#1": "A"}
    for seconds, waiting in [(9, "A"), (0.5, "A"), (0.5, "B"), (9.5, "B")]:
        execution = driver.advance(seconds)
        assert list(execution.waiting().values()) == [waiting]
    assert driver.now == EPOCH + 19.5
    assert driver.run().stopped_at == EPOCH + 20


def test_advance_does_not_pass_its_time_over_timers_that_were_cancelled() -> None:
    answers = {"work": lambda event, context: context.sleep(1)}
    driver = states.start(chain(A={**WORK, "TimeoutSeconds": 5}, B=waits(100)), None, answers)
    assert driver.advance(50).status == "RUNNING"
    assert driver.now == EPOCH + 50


def test_step_goes_from_one_happening_to_the_next() -> None:
    driver = states.start(chain(A=waits(10), B=waits(10)))
    assert [(driver.step(), driver.now - EPOCH) for _ in range(3)] == [(True, 10), (True, 20), (False, 20)]
    assert driver.execution.status == "SUCCEEDED"


def test_starting_twice_starts_once() -> None:
    driver = states.start(chain(A=waits(1)))
    driver.start()
    assert driver.execution.history.types().count("ExecutionStarted") == 1


def test_an_observer_hears_after_every_completion() -> None:
    heard: list[int] = []
    execution = Execution(states.loads(chain(A=waits(1), B=waits(1))), {})
    Virtual(execution, observer=lambda execution: heard.append(len(execution.history))).run()
    assert heard == [2, 4, 6]


def test_tokens_are_answered_while_the_execution_stands() -> None:
    driver = states.start(chain(A=CALLBACK), None, {"A": lambda event, context: {"MessageId": "m"}})
    driver.advance(30)
    driver.send_task_heartbeat(token_of(driver))
    driver.send_task_success(token_of(driver), {"ok": (1, 2)})
    assert driver.execution.output == {"ok": [1, 2]}
    assert driver.execution.stopped_at == EPOCH + 30
    assert [type(completion) for completion in driver.received] == [TaskSubmitted, TaskHeartbeat, TaskSucceeded]


@pytest.mark.parametrize("answer", ["send_task_success", "send_task_failure", "send_task_heartbeat"])
@pytest.mark.parametrize("token", ["", "no such token", "41"])
def test_a_token_nobody_waits_for(answer: str, token: str) -> None:
    driver = states.start(chain(A=waits(1)))
    with pytest.raises(UnknownToken, match="no task waits for the token"):
        getattr(driver, answer)(token)
    assert driver.run().status == "SUCCEEDED"


def test_the_token_of_a_task_that_is_over() -> None:
    driver = states.start(chain(A=CALLBACK, B=waits(9)), None, {"A": lambda event, context: None})
    driver.send_task_failure(token_of(driver), "E", "C")
    with pytest.raises(UnknownToken):
        driver.send_task_success(token_of(driver))
    assert driver.execution.error == "E"


def test_tokens_differ_between_executions_and_are_the_same_in_every_replay() -> None:
    tokens = [token_of(states.start(chain(A=CALLBACK), None, {"A": lambda event, context: None}, name=name)) for name in ("a", "a", "b")]
    assert tokens[0] == tokens[1] != tokens[2]


def test_an_answer_to_another_task_s_token() -> None:
    """A worker in one branch answers the token that waits in another."""
    seen: list[str] = []

    def ask(event: Any, context: Any) -> None:
        seen.append(context.task_token)

    def work(event: Any, context: Any) -> Any:
        context.sleep(2)
        context.send_task_success(seen[0], "from outside", after=3)
        return "done"

    branches = [{"StartAt": name, "States": {name: {**state, "End": True}}} for name, state in (("A", CALLBACK), ("B", WORK))]
    execution = states.run(chain(P={"Type": "Parallel", "Branches": branches}), None, {"A": ask, "work": work})
    assert (execution.output, execution.stopped_at - EPOCH) == (["from outside", "done"], 5)


def test_stop_ends_the_execution_and_nothing_happens_after() -> None:
    driver = states.start(chain(A=waits(10)))
    assert driver.stop("E", "C").status == "ABORTED"
    assert not driver.step()
    assert driver.advance(100).stopped_at == EPOCH


@pytest.mark.parametrize(
    "completion",
    [
        TaskStarted("x", 1.0),
        TaskSubmitted("x", 1, 1.0),
        TaskSucceeded("x", 1, 1.0),
        TaskFailed("x", "E", None, 1.0),
        TaskHeartbeat("x", 1.0),
        TimerFired("x", 1.0),
    ],
)
def test_a_completion_that_answers_nothing_changes_nothing(completion: Any) -> None:
    execution = Execution(states.loads(chain(A=waits(10))))
    execution.start(0.0)
    before = execution.history.recorded[:]
    assert execution.receive(completion) == []
    assert (execution.history.recorded, execution.status) == (before, "RUNNING")


def test_after_the_end_nothing_is_received() -> None:
    execution = states.run(chain(A=waits(1)))
    before = execution.history.recorded[:]
    assert execution.receive(StopRequested(99.0, "E")) == []
    assert execution.receive(TimerFired("A#1", 99.0)) == []
    assert (execution.history.recorded, execution.status) == (before, "SUCCEEDED")


def test_the_ids_of_commands_name_their_place() -> None:
    inner = {"StartAt": "W", "States": {"W": {**waits(1), "End": True}}}
    mapped = {"Type": "Map", "ItemProcessor": inner}
    parallel = {"Type": "Parallel", "Branches": [{"StartAt": "M", "States": {"M": {**mapped, "End": True}}}]}
    driver = states.start(chain(A=waits(1), P=parallel), [1, 2])
    driver.step()
    assert list(driver.execution.waiting()) == ["P#2[0]/M#1[0]/W#1", "P#2[0]/M#1[1]/W#1"]


def test_each_attempt_has_an_id_of_its_own() -> None:
    ids: list[str] = []

    def work(event: Any, context: Any) -> None:
        ids.extend(driver.execution.waiting())
        raise states.TaskError("E")

    driver = states.start(chain(W=waits(1), A={**WORK, "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 2}]}), None, {"work": work})
    driver.run()
    assert ids == ["A#2", "A#2.2", "A#2.3"]


@pytest.mark.parametrize("seconds", [3.0000001, 1e12, float("inf")])
def test_a_callable_that_sleeps_for_ever_is_over_with_its_time(seconds: float) -> None:
    execution = states.run(chain(A=WORK), None, {"work": lambda event, context: context.sleep(seconds)})
    assert (execution.error, execution.stopped_at - EPOCH) == ("Sandbox.Timedout", 3)


@pytest.mark.parametrize("seconds", [-1, float("nan")])
def test_a_callable_cannot_sleep_backwards(seconds: float) -> None:
    assert states.run(chain(A=WORK), None, {"work": lambda event, context: context.sleep(seconds)}).error == "ValueError"


def test_a_task_without_any_deadline_is_let_go() -> None:
    job = {"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync", "Parameters": {}}
    execution = states.run(chain(A=job), None, {"A": lambda event, context: context.sleep(1e300)})
    assert (execution.status, execution.stopped_at - EPOCH) == ("TIMED_OUT", 365 * 86400)


# ---------------------------------------------------------------- coroutines


async def sleeps_little(event: Any, context: Any) -> float:
    loop = asyncio.get_running_loop()
    before = loop.time()
    await asyncio.sleep(0.1)
    return round(loop.time() - before, 3)


async def waits_for_a_timeout(event: Any, context: Any) -> str:
    try:
        await asyncio.wait_for(asyncio.sleep(100), timeout=2)
    except TimeoutError:
        return "gave up"
    return "slept"


async def cleans_up(event: Any, context: Any) -> None:
    try:
        await asyncio.sleep(100)
    finally:
        event["cleaned"] = True


async def leaves_a_task_behind(event: Any, context: Any) -> str:
    event["behind"] = asyncio.create_task(asyncio.sleep(100))
    await asyncio.sleep(0)
    return "done"


@pytest.mark.parametrize(
    ("work", "outcome", "seconds"),
    [
        (sleeps_little, 0.1, 0.1),
        (waits_for_a_timeout, "gave up", 2),
        (cleans_up, "Sandbox.Timedout", 3),
        (leaves_a_task_behind, "done", 0),
    ],
)
def test_coroutines_run_on_the_virtual_clock(work: Any, outcome: Any, seconds: float) -> None:
    execution = states.run(chain(A=WORK), {}, {"work": work})
    assert execution.output == outcome or execution.error == outcome
    assert execution.stopped_at - EPOCH == pytest.approx(seconds, abs=1e-5)
