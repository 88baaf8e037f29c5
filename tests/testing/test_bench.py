"""The bench: mocks in every form, runs that are gone on with step by step, and what a run tells."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import states
from states.tasks.mocks import MOST_BEATS, Answer, MockError, answers_of, error, never, response, result
from states.testing import Bench

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:"
ACTIVITY = "arn:aws:states:us-east-1:123456789012:activity:dig"
ORDER = Path(__file__).resolve().parents[2] / "machines" / "order"
INPUT = {"order": 7, "card": "x", "cents": 500, "items": [{"sku": "mug", "quantity": 1}], "address": {"country": "DE"}}


def task(resource: str = f"{LAMBDA}work", **more: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": resource, "End": True, **more}


def alone(state: dict[str, Any]) -> dict[str, Any]:
    return {"StartAt": "S", "States": {"S": state}}


RETRIED = task(Retry=[{"ErrorEquals": ["A", "B"], "MaxAttempts": 5}])

# ---------------------------------------------------------------- answers

ANSWERED: list[tuple[str, dict[str, Any], list[Any], dict[str, Any]]] = [
    ("a plain value every time", RETRIED, [{"n": 1}], {"output": {"n": 1}, "seconds": 0}),
    ("null is a value", RETRIED, [None], {"output": None, "status": "SUCCEEDED"}),
    ("a list is a value", RETRIED, [[1, 2]], {"output": [1, 2]}),
    ("an error", task(), [error("A", "why")], {"error": "A", "cause": "why"}),
    ("an error without a cause", task(), [error("A")], {"error": "A", "cause": None}),
    ("errors, then a result", RETRIED, [error("A") * 2, 5], {"output": 5, "seconds": 3.0}),
    ("one after the other", RETRIED, [error("A"), error("B"), 5], {"output": 5, "seconds": 3.0}),
    ("an error for ever", RETRIED, [error("A", times=None)], {"error": "A", "seconds": 31.0}),
    ("a single answer every time", RETRIED, [error("A")], {"error": "A", "seconds": 31.0}),
    ("a cause that is JSON", task(), [error("A", {"why": [1]})], {"error": "A", "cause": '{"why":[1]}'}),
    ("after a while", task(), [result(5, after="2m")], {"output": 5, "seconds": 120.0}),
    ("too late", task(TimeoutSeconds=60), [result(5, after="2m")], {"error": "States.Timeout", "status": "FAILED", "seconds": 60.0}),
    ("never", task(TimeoutSeconds=60), [never()], {"status": "FAILED", "seconds": 60.0}),
    ("never, without a timeout: a year", task(), [never()], {"status": "TIMED_OUT", "seconds": 365 * 86400.0}),
    (
        "heartbeats keep it alive",
        task(ACTIVITY, HeartbeatSeconds=10, TimeoutSeconds=99),
        [result(5, after=60, heartbeat=9)],
        {"output": 5, "seconds": 60.0},
    ),
    ("too few heartbeats", task(ACTIVITY, HeartbeatSeconds=10, TimeoutSeconds=99), [result(5, after=60, heartbeat=11)], {"seconds": 10.0}),
    ("heartbeats, then silence", task(HeartbeatSeconds=10, TimeoutSeconds=99), [never(heartbeat=5, beats=3)], {"seconds": 25.0}),
    (
        "the Payload of lambda:invoke",
        task(
            "arn:aws:states:::lambda:invoke",
            Parameters={"FunctionName": "work"},
            ResultSelector={"p.$": "$.Payload", "c.$": "$.StatusCode"},
        ),
        [result({"n": 1})],
        {"output": {"p": {"n": 1}, "c": 200}},
    ),
    (
        "the whole answer of lambda:invoke",
        task("arn:aws:states:::lambda:invoke", Parameters={"FunctionName": "work"}),
        [response({"Payload": 1})],
        {"output": {"Payload": 1}},
    ),
    (
        "a .sync task",
        task("arn:aws:states:::states:startExecution.sync:2", Parameters={"StateMachineArn": "arn"}),
        [{"Output": 1}],
        {"output": {"Output": 1}},
    ),
    (
        "a service",
        task("arn:aws:states:::dynamodb:getItem", Parameters={"TableName": "t", "Key": {}}),
        [{"Item": {}}],
        {"output": {"Item": {}}},
    ),
    ("an activity", task(ACTIVITY), [result(5, after=7)], {"output": 5, "seconds": 7.0}),
    ("a callable", RETRIED, [lambda event, context: context.attempt], {"output": 1}),
]


@pytest.mark.parametrize(("state", "answers", "expected"), [case[1:] for case in ANSWERED], ids=[case[0] for case in ANSWERED])
def test_a_mock_answers(state: Any, answers: list[Any], expected: dict[str, Any]) -> None:
    run = Bench(alone(state)).mock("S", *answers).run()
    assert {name: getattr(run, name) for name in expected} == expected


TOKEN = task(
    "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    Parameters={"QueueUrl": "https://q", "MessageBody": {"t.$": "$$.Task.Token"}},
    HeartbeatSeconds=100,
    TimeoutSeconds=500,
)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (result({"ok": 1}, after=50), {"output": {"ok": 1}, "seconds": 50.0}),
        (result({"ok": 1}, after=350, heartbeat=90), {"output": {"ok": 1}, "seconds": 350.0}),
        (error("Refused", "no", after=3), {"error": "Refused", "cause": "no", "seconds": 3.0}),
        (never(), {"status": "FAILED", "seconds": 100.0}),
        (never(heartbeat=60, beats=2), {"status": "FAILED", "seconds": 220.0}),
    ],
)
def test_a_mocked_callback_answers_through_its_token(answer: Answer, expected: dict[str, Any]) -> None:
    run = Bench(alone(TOKEN)).mock("S", answer).run()
    assert {name: getattr(run, name) for name in expected} == expected
    submitted = next(event["taskSubmittedEventDetails"]["output"] for event in run.history if event["type"] == "TaskSubmitted")
    assert "MD5OfMessageBody" in submitted


def test_what_the_service_says_to_a_callback_can_be_given() -> None:
    run = Bench(alone(TOKEN)).mock("S", result(1, submitted={"MessageId": "m"})).run()
    assert [e["taskSubmittedEventDetails"]["output"] for e in run.history if e["type"] == "TaskSubmitted"] == ['{"MessageId":"m"}']


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: result(1, times=0), "times is 1 or more"),
        (lambda: error("A") * -1, "times is 1 or more"),
        (lambda: result(1, after="soon"), "expected a duration"),
        (lambda: result({1, 2}), "not JSON serializable"),
        (lambda: error(5), "error is a text or None"),  # type: ignore[arg-type]
        (lambda: error(""), "not an empty text"),
        (lambda: never(heartbeat=5), "needs beats"),
        (lambda: result(1, after=5, heartbeat=0), "above 0"),
        (lambda: result(1, after=MOST_BEATS + 1, heartbeat=1), "at most 100,000"),
        (lambda: answers_of([result(1, times=None), 2]), "would never be given"),
    ],
)
def test_an_answer_that_makes_no_sense_is_refused(make: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        make()


# ---------------------------------------------------------------- whom a mock is for


@pytest.mark.parametrize("name", ["ChargeCard", "charge-card", "charge_card", f"{LAMBDA}charge-card"])
def test_a_mock_is_for_a_state_or_a_resource_and_comes_before_tasks(name: str) -> None:
    bench = Bench(ORDER).mock(name, {"receipt": "mocked"})
    assert bench.run(INPUT).output["paid"] == "mocked"
    assert bench.tasks(ChargeCard=lambda event, context: 1).run(INPUT).output["paid"] == "mocked"


def test_the_mock_of_a_state_comes_before_that_of_its_resource() -> None:
    two = {"StartAt": "A", "States": {"A": {**task(ResultPath="$.a"), "Next": "B"}, "B": task(ResultPath="$.b")}}
    del two["States"]["A"]["End"]  # type: ignore[index]
    assert Bench(two).mock("work", 1).mock("B", 2).run({}).output == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("name", "answers", "said"),
    [
        ("ChargeCrd", [1], "no state and no resource 'ChargeCrd'; did you mean \"ChargeCard\"?"),
        ("Receipt", [1], "'Receipt' is a Pass state: only Task, Parallel and Map states have a result to mock"),
        ("ChargeCard", [], "expected at least one answer"),
        ("ChargeCard", [object()], "not JSON serializable"),
        ("ChargeCard", [[error("A"), 1]], "answers are given one after the other, not in a list"),
        ("ChargeCard", [ValueError("x")], "a failure is error(name, cause)"),
        ("ChargeCard", [ValueError], "not the class ValueError; a failure is error(name, cause)"),
        ("ChargeCard", [len, 1], "expected an answer, a JSON value or one callable"),
        ("ChargeCard", [lambda event: 1], "a callable takes an event and a context"),
        ("ChargeCard", [result(1, after="16m")], "a Lambda function ends after 900 seconds at the latest; this one takes 960"),
        ("ChargeCard", [result(1, after=10, heartbeat=1)], "a Lambda function has no task token"),
        ("ChargeCard", [result(1, times=None), 2], "would never be given"),
    ],
)
def test_a_mock_that_fits_nothing_is_refused(name: str, answers: list[Any], said: str) -> None:
    with pytest.raises(MockError) as raised:
        Bench(ORDER).mock(name, *answers)
    assert said in str(raised.value)


def test_a_mock_that_is_asked_too_often_says_so() -> None:
    with pytest.raises(MockError, match="the mock of 'S' has 2 answers and was asked once more, in attempt 3"):
        Bench(alone(RETRIED)).mock("S", error("A") * 2).run()


def test_no_catch_of_the_machine_takes_an_exhausted_mock() -> None:
    caught = task(Retry=[{"ErrorEquals": ["States.ALL"]}], Catch=[{"ErrorEquals": ["States.ALL"], "Next": "T"}])
    machine = {"StartAt": "S", "States": {"S": caught, "T": {"Type": "Succeed"}}}
    with pytest.raises(MockError, match="asked once more"):
        Bench(machine).mock("S", error("A") * 1).run()


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([error("A") * 3, 1], None),
        ([1, 2, 3], "was asked once, 2 of its answers were not given"),
        ([result(1, times=2)], "was asked once, 1 of its answers was not given"),
        ([result(1, times=None)], None),
    ],
)
def test_answers_that_are_left_are_an_error(answers: list[Any], said: str | None) -> None:
    bench = Bench(alone(RETRIED)).mock("S", *answers)
    if said is None:
        bench.run()
        return
    with pytest.raises(MockError, match=said):
        bench.run()
    bench.strict = False
    assert bench.run().status == "SUCCEEDED"


def test_only_what_is_asked_must_be_served() -> None:
    two = {
        "StartAt": "C",
        "States": {
            "C": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 1, "Next": "A"}], "Default": "B"},
            "A": task(f"{LAMBDA}a"),
            "B": task("arn:aws:states:::sqs:sendMessage", Parameters={}, Catch=[{"ErrorEquals": ["States.ALL"], "Next": "A"}]),
        },
    }
    bench = Bench(two).mock("a", 5)
    assert bench.run({"n": 1}).output == 5
    with pytest.raises(MockError, match='\'B\' has neither a mock nor a task: mock it, or give a callable as "B" or "sqs:sendMessage"'):
        bench.run({"n": 2})


@pytest.mark.parametrize(("kind", "value"), [("Parallel", {"a": 1}), ("Parallel", [1, 2]), ("Map", "x"), ("Map", None)])
def test_a_container_cannot_be_mocked_with_what_it_never_gives(kind: str, value: Any) -> None:
    inner = {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": True}}}
    state = {"Type": kind, "End": True, **({"Branches": [inner]} if kind == "Parallel" else {"ItemProcessor": inner})}
    with pytest.raises(MockError, match=r"must be an array|has 1 branches"):
        Bench(alone(state)).mock("S", value)


def test_what_a_callable_asserts_goes_through_to_the_test() -> None:
    caught = task(Catch=[{"ErrorEquals": ["States.ALL"], "Next": "T"}])
    machine = {"StartAt": "S", "States": {"S": caught, "T": {"Type": "Succeed"}}}

    def work(event: Any, context: Any) -> Any:
        assert event == {"n": 8}, "the wrong event"

    async def later(event: Any, context: Any) -> Any:
        assert event == {"n": 8}, "the wrong event"

    for handler in (work, later):
        with pytest.raises(AssertionError, match="the wrong event"):
            Bench(machine).mock("S", handler).run({"n": 7})
        assert Bench(machine).mock("S", handler).run({"n": 8}).status == "SUCCEEDED"


def test_the_child_executions_of_a_distributed_map_count() -> None:
    inner = {"StartAt": "I", "States": {"I": task(Retry=[{"ErrorEquals": ["Busy"]}])}}
    processor = {**inner, "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}
    bench = Bench(alone({"Type": "Map", "ItemProcessor": processor, "End": True})).mock("I", error("Busy"), 1, 2)
    run = bench.run([7, 8])
    assert [visit.input for visit in run.visits("I")] == [7, 8]
    assert run.attempts("I") == 3
    assert [(wait.state_name, wait.seconds) for wait in run.waits] == [("I", 1.0)]
    assert [run.inspect("I", number)["input"] for number in (1, 2)] == [7, 8]
    assert bench.start([7, 8]).run_until("I").waiting == ["I"]


def test_a_type_that_the_machine_cannot_have_is_refused() -> None:
    bench = Bench(alone(TOKEN), type="EXPRESS").mock("S", 1)
    for _ in range(2):
        with pytest.raises(states.InvalidDefinition, match="Express state machine does not support"):
            bench.run()


def test_a_long_path_says_what_is_left_out() -> None:
    loop = {
        "StartAt": "A",
        "States": {
            "A": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, "Next": "B"},
            "B": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericLessThan": 10, "Next": "A"}], "Default": "C"},
            "C": {"Type": "Succeed"},
        },
    }
    assert repr(Bench(loop).run({"n": 0})).startswith("<Run SUCCEEDED: ... 9 more -> B -> A")


def test_each_run_begins_with_its_mocks_anew() -> None:
    bench = Bench(alone(RETRIED)).mock("S", error("A"), 1)
    runs = [bench.run({"n": n}) for n in range(3)]
    assert [run.attempts("S") for run in runs] == [2, 2, 2]
    assert [(asked.event, asked.attempt, asked.at - run.execution.started_at) for run in runs for asked in run.mocks["S"].asked] == [
        ({"n": n}, attempt, attempt - 1.0) for n in range(3) for attempt in (1, 2)
    ]


@pytest.mark.parametrize("kind", ["Parallel", "Map"])
def test_a_container_is_mocked_as_a_whole(kind: str) -> None:
    inner = {"StartAt": "I", "States": {"I": task()}}
    state = {"Type": kind, "End": True, **({"Branches": [inner]} if kind == "Parallel" else {"ItemProcessor": inner})}
    assert Bench(alone(state), {}).mock("S", [7]).tasks(I=len).run([]).output == [7]


# ---------------------------------------------------------------- what a run tells


def test_a_run_reads_like_its_sentence() -> None:
    run = Bench(ORDER).mock("ChargeCard", error("GatewayBusy") * 2, {"receipt": "R-1"}).run(INPUT)
    assert run.status == "SUCCEEDED"
    assert run.path == ["ReserveStock", "ChargeCard", "ShipOrder", "Receipt"]
    assert run.attempts("ChargeCard") == 3
    assert [(wait.state_name, wait.seconds, wait.attempt) for wait in run.waits] == [("ChargeCard", 2.0, 1), ("ChargeCard", 6.0, 2)]
    assert run.seconds == 9.7
    assert run.events.count("LambdaFunctionFailed") == 2
    assert run.visit("ShipOrder").input["payment"] == {"receipt": "R-1"}
    assert run.visit("Receipt", -1).output == run.output
    assert repr(run) == "<Run SUCCEEDED: ReserveStock -> ChargeCard -> ShipOrder -> Receipt>"


@pytest.mark.parametrize("ask", ["attempts", "visits", "visit", "until", "run_until", "send_task_success"])
def test_a_misspelt_state_never_passes_as_not_visited(ask: str) -> None:
    run = Bench(ORDER).start(INPUT)
    with pytest.raises(AssertionError, match="no state 'ChargCard'; did you mean \"ChargeCard\""):
        getattr(run, ask)("ChargCard")


def test_a_visit_that_is_not_there_is_told() -> None:
    with pytest.raises(AssertionError, match="'ShipOrder' was visited once, there is no visit 2"):
        Bench(ORDER).run(INPUT).visit("ShipOrder", 2)


# ---------------------------------------------------------------- time

WEEKS = {
    "StartAt": "Ask",
    "States": {
        "Ask": {**TOKEN, "Next": "AWeek", "Retry": [{"ErrorEquals": ["Refused"], "IntervalSeconds": 30}]},
        "AWeek": {"Type": "Wait", "Seconds": 604800, "Next": "Ask2"},
        "Ask2": task(),
    },
}
del WEEKS["States"]["Ask"]["End"]  # type: ignore[attr-defined]


def test_time_passes_as_the_test_says() -> None:
    run = Bench(WEEKS, at=0.0).tasks({"Ask": lambda request, context: {}, "Ask2": lambda event, context: "done"}).start()
    assert run.waiting == ["Ask"]
    run.clock.advance("90s")
    assert run.left("Ask") == 10.0
    run.send_task_heartbeat("Ask")
    assert run.left("Ask") == 100.0
    run.send_task_failure("Ask", "Refused").run_until("Ask")
    assert run.until("Ask") == datetime(1970, 1, 1, 0, 2, tzinfo=UTC)
    run.clock.advance("30s")
    run.send_task_success("Ask", {"yes": True}).run_until("AWeek")
    assert run.waiting == ["AWeek"]
    assert run.until("AWeek") == datetime(1970, 1, 8, 0, 2, tzinfo=UTC)
    assert run.clock.advance("6 days").status == "RUNNING"
    assert run.clock.now == datetime(1970, 1, 7, 0, 2, tzinfo=UTC)
    assert run.finish().output == "done"
    assert run.clock.seconds == 604920.0


def test_run_until_goes_from_visit_to_visit() -> None:
    loop = {
        "StartAt": "Poll",
        "States": {
            "Poll": task(ResultPath="$.n") | {"Next": "Done?"},
            "Done?": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 3, "Next": "End"}], "Default": "Later"},
            "Later": {"Type": "Wait", "Seconds": 10, "Next": "Poll"},
            "End": {"Type": "Succeed"},
        },
    }
    del loop["States"]["Poll"]["End"]  # type: ignore[attr-defined]
    run = Bench(loop).mock("Poll", 1, 2, 3).start({})
    assert [run.run_until("Later").clock.seconds for _ in range(2)] == [0.0, 10.0]
    with pytest.raises(AssertionError, match="'Later' was not entered again; <Run SUCCEEDED"):
        run.run_until("Later")
    assert run.path == ["Poll", "Done?", "Later"] * 2 + ["Poll", "Done?", "End"]


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda run: run.until("Ask2"), "'Ask2' does not wait"),
        (lambda run: run.send_task_success("AWeek"), "'AWeek' has no task token"),
        (lambda run: run.clock.advance("a while"), "expected a duration"),
        (lambda run: run.stop("E").run_until("AWeek"), "'AWeek' was not entered; <Run ABORTED, E"),
    ],
)
def test_what_cannot_be_is_told(act: Any, said: str) -> None:
    run = Bench(WEEKS).tasks({"Ask": lambda request, context: {}, "Ask2": len}).start()
    with pytest.raises((AssertionError, ValueError), match=said):
        act(run)


def test_a_run_starts_where_the_test_says() -> None:
    run = (
        Bench(ORDER)
        .mock("ShipOrder", error("Gone", "far away"))
        .mock("RefundPayment", {})
        .run({"reservation": {"id": 1}, "payment": {}}, start_at="ShipOrder", at="2026-03-01T00:00:00Z")
    )
    assert run.path == ["ShipOrder", "RefundPayment", "ReleaseStock", "OrderFailed"]
    assert run.error == "Gone"
    assert run.execution.started_at == datetime(2026, 3, 1, tzinfo=UTC).timestamp()


def test_how_often_it_was_retried_before_can_be_set() -> None:
    bench = Bench(alone(RETRIED)).mock("S", error("A"), error("A"))
    run = bench.run(retry_count=4)
    assert (run.error, run.seconds) == ("A", 16.0)


def test_an_unknown_first_state_is_refused() -> None:
    with pytest.raises(ValueError, match="did you mean"):
        Bench(ORDER).run(INPUT, start_at="Shiporder")


def test_a_folder_stands_for_its_definition_with_its_tasks() -> None:
    assert Bench(str(ORDER)).run(INPUT).output == Bench(states.load(ORDER / "machine.asl.json")).run(INPUT).output


# ---------------------------------------------------------------- the data inside a state

WORK = task(
    Parameters={"n.$": "$.n"}, ResultSelector={"twice.$": "$.twice"}, ResultPath="$.out", OutputPath="$.out", Retry=[{"ErrorEquals": ["A"]}]
)
TWICE = {"twice": 4, "rest": 0}

INSPECTED: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ("the input", WORK, {}, {"input": {"n": 2, "m": 3}}),
    ("after InputPath", WORK | {"InputPath": "$"}, {}, {"afterInputPath": {"n": 2, "m": 3}}),
    ("after Parameters", WORK, {}, {"afterParameters": {"n": 2}}),
    ("the result", WORK, {}, {"result": TWICE}),
    ("after ResultSelector", WORK, {}, {"afterResultSelector": {"twice": 4}}),
    ("after ResultPath", WORK, {}, {"afterResultPath": {"n": 2, "m": 3, "out": {"twice": 4}}}),
    ("the output", WORK, {}, {"output": {"twice": 4}}),
    ("the last attempt", WORK, {"attempt": -1}, {"result": TWICE}),
    ("the second attempt", WORK, {"attempt": 2}, {"result": TWICE}),
    ("the attempt that failed", WORK, {"attempt": 1}, {"result": None, "afterParameters": {"n": 2}}),
    ("the last visit", WORK, {"visit": -1}, {"output": {"twice": 4}}),
]


@pytest.mark.parametrize(("state", "asked", "expected"), [case[1:] for case in INSPECTED], ids=[case[0] for case in INSPECTED])
def test_the_data_inside_a_state(state: Any, asked: dict[str, int], expected: dict[str, Any]) -> None:
    run = Bench(alone(state)).mock("S", error("A"), TWICE).run({"n": 2, "m": 3})
    found = run.inspect("S", **asked)
    assert {name: found.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("name", "asked", "told"),
    [
        ("S", {"visit": 2}, "'S' was visited once, there is no visit 2"),
        ("S", {"visit": 0}, "'S' was visited once, there is no visit 0"),
        ("S", {"attempt": 3}, "visit 1 of 'S' was tried 2 times, there is no attempt 3"),
        ("S", {"attempt": 0}, "there is no attempt 0"),
        ("T", {}, "'T' was never visited, there is no visit 1"),
        ("s", {}, "no state 's'"),
    ],
)
def test_data_that_is_not_there_is_told(name: str, asked: dict[str, int], told: str) -> None:
    machine = {"StartAt": "S", "States": {"S": WORK, "T": {"Type": "Succeed"}}}
    machine["States"]["S"] = {key: value for key, value in WORK.items() if key != "End"} | {"Next": "U"}  # type: ignore[index]
    machine["States"]["U"] = {  # type: ignore[index]
        "Type": "Choice",
        "Choices": [{"Variable": "$.twice", "NumericEquals": 5, "Next": "T"}],
        "Default": "V",
    }
    machine["States"]["V"] = {"Type": "Succeed"}  # type: ignore[index]
    run = Bench(machine).mock("S", error("A"), TWICE).run({"n": 2})
    with pytest.raises(AssertionError, match=told.replace("(", r"\(")):
        run.inspect(name, **asked)


def inner(**more: Any) -> dict[str, Any]:
    block = {"StartAt": "I", "States": {"I": {"Type": "Pass", "Parameters": {"item.$": "$"}, "End": True}}}
    return {"Type": "Map", "ItemProcessor": {**more, **block}, "End": True}


@pytest.mark.parametrize("mode", ["INLINE", "DISTRIBUTED"])
@pytest.mark.parametrize(("visit", "item"), [(1, "a"), (2, "b"), (-1, "c")])
def test_the_data_inside_an_iteration(mode: str, visit: int, item: str) -> None:
    more = {"ExecutionType": "STANDARD"} if mode == "DISTRIBUTED" else {}
    run = Bench(alone(inner(ProcessorConfig={"Mode": mode, **more}))).run(["a", "b", "c"])
    assert run.inspect("I", visit)["afterParameters"] == {"item": item}
    with pytest.raises(AssertionError, match="'I' was visited 3 times, there is no visit 4"):
        run.inspect("I", 4)


def test_the_callables_are_not_called_again_and_what_is_given_is_a_copy() -> None:
    calls: list[Any] = []
    run = Bench(alone(WORK)).mock("S", lambda event, context: calls.append(event) or TWICE).run({"n": 2})
    run.inspect("S")["input"]["n"] = 5
    assert run.inspect("S")["input"] == {"n": 2}
    assert len(calls) == 1


def test_the_data_of_a_run_that_goes_on() -> None:
    run = Bench(alone(WORK)).mock("S", result(TWICE, after=60)).start({"n": 2})
    assert "result" not in run.inspect("S")
    run.clock.advance(60)
    assert run.inspect("S")["result"] == TWICE


def test_the_data_of_a_run_with_a_seed_and_a_start_of_its_own() -> None:
    state = {"Type": "Pass", "Parameters": {"id.$": "States.UUID()", "at.$": "$$.State.EnteredTime"}, "End": True}
    machine = {"StartAt": "X", "States": {"X": {"Type": "Pass", "Next": "S"}, "S": state}}
    run = Bench(machine, seed=7).start({"n": 1}, start_at="S", at="2026-03-01T12:00:00Z")
    assert run.inspect("S")["output"] == run.output


def test_a_watcher_does_not_hear_of_an_inspection() -> None:
    from states.interpreter.inspection import Inspector, joined
    from states.running import watchers

    heard = Inspector()
    watch = lambda machine, setup: joined(setup, heard)  # noqa: E731
    watchers.append(watch)
    try:
        run = Bench(alone({"Type": "Pass", "End": True})).run()
    finally:
        watchers.remove(watch)
    before = {place: len(records) for place, records in heard.attempts.items()}
    run.inspect("S")
    assert {place: len(records) for place, records in heard.attempts.items()} == before == {"S#1": 1}


# ---------------------------------------------------------------- orders

TWO = {
    "StartAt": "Both",
    "States": {
        "Both": {
            "Type": "Parallel",
            "Branches": [{"StartAt": name, "States": {name: task(f"{LAMBDA}{name}")}} for name in ("left", "right")],
            "End": True,
        }
    },
}


def test_every_order_is_run_with_mocks_of_its_own() -> None:
    runs = list(Bench(TWO).mock("left", 1).mock("right", result(2, times=1)).every_order())
    assert len(runs) > 1
    assert [run.output for run in runs] == [[1, 2]] * len(runs)
    assert [len(run.mocks["right"].asked) for run in runs] == [1] * len(runs)
    assert len({run.order for run in runs}) == len(runs)
    ways = [tuple(visit.name for visit in run.visits()) for run in runs]
    again = [Bench(TWO).mock("left", 1).mock("right", 2).run(order=run.order) for run in runs]
    assert [run.events for run in again] == [run.events for run in runs]
    assert ways == [tuple(visit.name for visit in run.visits()) for run in again]


def test_an_order_that_fails_is_named_and_repeats() -> None:
    called: list[str] = []

    def bench() -> Bench:
        called.clear()
        return Bench(TWO, {}).tasks(left=lambda event, context: called.append("left"), right=lambda event, context: called.append("right"))

    def check(run: Any) -> bool:
        first = called[-2]
        return first == "left"

    with pytest.raises(states.OrderFailed) as failed:
        bench().check_every_order(check)
    bench().run(order=failed.value.order)
    assert called == ["right", "left"]


def test_orders_are_checked_with_the_options_of_a_run() -> None:
    bench = Bench(TWO).mock("left", 1).mock("right", 2)
    orders = bench.check_every_order(lambda run: run.execution.started_at == 5.0 and run.path == ["left"], start_at="left", at=5.0)
    assert (orders.tried, orders.complete) == (1, True)


# ---------------------------------------------------------------- what is no machine


@pytest.mark.parametrize(
    ("machine", "fault", "said"),
    [
        ("ordr", FileNotFoundError, 'ordr: no such file or folder; did you mean "order"?'),
        (
            "order/machin.asl.json",
            FileNotFoundError,
            'order/machin.asl.json: no such file or folder; did you mean "order/machine.asl.json"?',
        ),
        ("tmplate.yaml#One", FileNotFoundError, 'tmplate.yaml#One: no such file or folder; did you mean "template.yaml"?'),
        ("nothing like it", FileNotFoundError, "nothing like it: no such file or folder"),
        ("", FileNotFoundError, ".: the folder has no machine.asl.json"),
        ("a\x1b[31m\nb", FileNotFoundError, "a\\x1b[31m b: no such file or folder"),
        ("other", FileNotFoundError, "other: the folder has no machine.asl.json; it has pay.asl.json"),
        ("{" * 500, (FileNotFoundError, OSError), None),
        (None, TypeError, "expected a machine (a path, a definition as a dictionary, or a Machine), found None"),
        (5, TypeError, "expected a machine (a path, a definition as a dictionary, or a Machine), found a value of type int"),
        (b"order", TypeError, "expected a machine (a path, a definition as a dictionary, or a Machine), found a value of type bytes"),
    ],
)
def test_what_is_no_machine_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, machine: Any, fault: Any, said: str | None
) -> None:
    for name in ("order/machine.asl.json", "other/pay.asl.json", "template.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(fault) as raised:
        Bench(machine)
    told = str(raised.value)
    assert "\n" not in told
    assert len(told) < 600
    assert said is None or told == said
