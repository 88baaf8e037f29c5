"""The ordered driver: what may come first, what may not, that an order's text repeats it, and that the first order is that of `Virtual`."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import states
from states.drivers.ordered import InvalidOrder, Ordered, chooser, order_text, places_of
from states.drivers.virtual import EPOCH
from tests.interpreter.cases import FUNCTION_ARN, Case, all_cases, drive, load
from tests.interpreter.test_properties import machines, made, quick

CASES = [*all_cases(), *load("jsonata_states")]


def task(name: str, **more: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": FUNCTION_ARN + "work", **({} if "Next" in more else {"End": True}), **more}


def both(*branches: dict[str, dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A Parallel of these branches, each a mapping of states."""
    made = [{"StartAt": next(iter(states)), "States": states} for states in branches]
    return {"StartAt": "P", "States": {"P": {"Type": "Parallel", "Branches": made, "End": True, **more}}}


TWO = both({"A": task("A")}, {"B": task("B")})


class Log:
    """Tasks that write down who was called, with a sleep for each state that has one."""

    def __init__(self, **sleeps: float) -> None:
        self.called: list[str] = []
        self.sleeps = sleeps

    def work(self, event: Any, context: Any) -> Any:
        self.called.append(context.state_name)
        context.sleep(self.sleeps.get(context.state_name, 0))
        return context.state_name


def exits(execution: Any) -> list[str]:
    return [event["stateExitedEventDetails"]["name"] for event in execution.history if event["type"].endswith("StateExited")]


# ---------------------------------------------------------------- the first order


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_choosing_the_first_each_time_is_the_virtual_driver(case: Case) -> None:
    straight, same = drive(case), drive(case, Ordered, choose=chooser("0"))
    assert same.execution.history.recorded == straight.execution.history.recorded
    assert same.execution.status == straight.execution.status
    assert (same.now, same.execution.now) == (straight.now, straight.execution.now)
    for mine, theirs in zip(same.execution.map_runs, straight.execution.map_runs, strict=True):
        assert [child.history.recorded for child in mine.executions] == [child.history.recorded for child in theirs.executions]


@quick
@given(machines(), st.integers(0, 2**32))
def test_the_text_of_an_order_repeats_its_history(definition: dict[str, Any], seed: int) -> None:
    drivers = []
    for order in (seed, None):
        execution, served, at = made(definition)
        driver = Ordered(execution, served, choose=chooser(seed if order is not None else drivers[0].order), at=at)
        driver.run()
        drivers.append(driver)
    first, again = drivers
    assert again.execution.history.recorded == first.execution.history.recorded
    assert (again.order, again.calls, again.choices) == (first.order, first.calls, first.choices)


# ---------------------------------------------------------------- what may come first


@pytest.mark.parametrize(
    ("order", "called", "exited"),
    [
        ("0", ["A", "B"], ["A", "B", "P"]),
        ("1", ["B", "A"], ["A", "B", "P"]),
        ("0.1", ["A", "B"], ["A", "B", "P"]),
        ("0.0.1", ["A", "B"], ["B", "A", "P"]),
        ("1.0.1", ["B", "A"], ["B", "A", "P"]),
    ],
)
def test_calls_and_answers_are_chosen(order: str, called: list[str], exited: list[str]) -> None:
    log = Log()
    driver = states.start(TWO, {}, log, order=order)
    assert isinstance(driver, Ordered)
    execution = driver.run()
    assert (log.called, exits(execution)) == (called, exited)
    assert driver.order == order


def test_a_call_waits_for_its_turn_and_time_waits_for_it() -> None:
    log = Log(A=1)
    driver = states.start(TWO, {}, log, order="1")
    assert log.called == []
    assert [(driver.step(), driver.now - EPOCH, list(log.called)) for _ in range(4)] == [
        (True, 0, ["B"]),
        (True, 0, ["B", "A"]),
        (True, 0, ["B", "A"]),
        (True, 1, ["B", "A"]),
    ]
    assert driver.step() is False


def test_timers_are_chosen_and_so_are_retries() -> None:
    waits = both(*({name: {"Type": "Wait", "Seconds": 5, "End": True}} for name in "AB"))
    assert exits(states.run(waits, order="1")) == ["B", "A", "P"]
    retry = [{"ErrorEquals": ["E"], "IntervalSeconds": 5}]
    again = both({"A": task("A", Retry=retry)}, {"B": {"Type": "Wait", "Seconds": 5, "End": True}})

    def work(event: Any, context: Any) -> None:
        if context.attempt == 1:
            raise states.TaskError("E")

    assert exits(states.run(again, {}, {"work": work}, order="0")) == ["B", "A", "P"]
    driver = states.start(again, {}, {"work": work})
    assert isinstance(driver, states.Virtual)
    found = {tuple(exits(run.execution)) for run in states.every_order(again, {}, {"work": work})}
    assert found == {("A", "B", "P"), ("B", "A", "P")}


def test_the_answers_of_one_task_keep_their_order() -> None:
    sync = {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync", "End": True}
    machine = both({"A": sync}, {"B": sync})
    for seed in range(20):
        events = states.run(machine, {}, {"A": lambda e, c: 1, "B": lambda e, c: 2}, order=seed).history.types()
        assert events.count("TaskSucceeded") == events.count("TaskSubmitted") == 2
        assert events.index("TaskSubmitted") < events.index("TaskSucceeded")


def test_a_deadline_at_the_same_instant_stays_where_it_is() -> None:
    machine = both({"A": task("A", TimeoutSeconds=2)}, {"B": {"Type": "Wait", "Seconds": 2, "End": True}})
    straight = states.run(machine, {}, Log(A=2))
    for seed in range(20):
        assert states.run(machine, {}, Log(A=2), order=seed).history.recorded == straight.history.recorded


def test_answers_of_a_cancelled_task_are_no_choice() -> None:
    machine = both({"B": task("B")}, {"C": task("C")}, {"A": {"Type": "Fail", "Error": "E"}})
    runs = list(states.every_order(machine, {}, Log))
    assert [run.given.called for run in runs] == [["B", "C"], ["C", "B"]]
    assert {run.execution.status for run in runs} == {"FAILED"}
    assert {len(run.choices) for run in runs} == {1}


def test_what_is_cancelled_is_no_choice_while_the_execution_goes_on() -> None:
    fails = {"Nap": {"Type": "Wait", "Seconds": 1, "Next": "F"}, "F": {"Type": "Fail", "Error": "E"}}
    machine = both(fails, {"B": task("B")}, Catch=[{"ErrorEquals": ["E"], "Next": "C"}])
    machine["States"]["C"] = task("C")
    orders = states.every_order(machine, {}, lambda: Log(B=1))
    assert [(run.order, exits(run.execution)) for run in orders] == [("0", ["Nap", "P", "C"]), ("1", ["B", "Nap", "P", "C"])]
    assert orders.complete


def test_what_was_asked_for_is_called_although_the_execution_is_over() -> None:
    log = Log()
    driver = states.start(TWO, {}, log, order=0)
    driver.stop("E")
    assert log.called == []
    driver.run()
    assert sorted(log.called) == ["A", "B"]
    assert driver.execution.history.types()[-1] == "ExecutionAborted"


def test_advance_lets_so_much_happen_and_no_more() -> None:
    log = Log(A=3, B=3)
    driver = states.start(TWO, {}, log, order="1.1")
    assert driver.advance(2).status == "RUNNING"
    assert (log.called, driver.now - EPOCH) == (["B", "A"], 2)
    driver.advance(1)
    assert exits(driver.execution) == ["B", "A", "P"]
    assert driver.advance(10).status == "SUCCEEDED"
    assert driver.now == EPOCH + 13


def test_tokens_can_be_answered_between_steps() -> None:
    ask = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": {"t.$": "$$.Task.Token"}}
    tokens: dict[str, str] = {}

    def work(event: Any, context: Any) -> None:
        tokens[context.state_name] = event["t"]

    driver = states.start(both({"A": {**ask, "End": True}}, {"B": {**ask, "End": True}}), {}, {"A": work, "B": work}, order=3)
    driver.advance(1)
    for name in "BA":
        driver.send_task_success(tokens[name], name)
    assert driver.execution.output == ["A", "B"]


# ---------------------------------------------------------------- orders as text


@pytest.mark.parametrize(
    ("places", "text"),
    [
        ([], "0"),
        ([0, 0], "0"),
        ([3], "3"),
        ([0, 2, 1, 0, 0], "0.2.1"),
        ([0, 0, 0, 1], "0.0.0.1"),
        ([0] * 4 + [1], "0*4.1"),
        ([1] * 5 + [0] * 12 + [7, 10], "1*5.0*12.7.10"),
    ],
)
def test_the_text_of_choices(places: list[int], text: str) -> None:
    assert order_text(places) == text
    read = places_of(text)
    assert read + [0] * (len(places) - len(read)) == places or not any(places)


@given(st.lists(st.integers(0, 3) | st.integers(0, 1000)))
def test_every_text_is_read_back(places: list[int]) -> None:
    read = places_of(order_text(places))
    assert order_text(read) == order_text(places)
    assert [place for place in read if place] == [place for place in places if place]


@pytest.mark.parametrize("order", ["", "a", "0.", ".1", "-1", "1*", "0*9999999.1", "1" * 50, "0*1000000.0*2", True, 1.5, ["0"]])
def test_what_is_no_order(order: Any) -> None:
    with pytest.raises(InvalidOrder, match="order"):
        states.run(TWO, {}, Log(), order=order)


def test_an_order_of_something_else() -> None:
    with pytest.raises(InvalidOrder, match=r"choice 2 is 5, but only 2 things may happen there.*call P#1\[1\]/B#1, answer P#1\[0\]/A#1"):
        states.run(TWO, {}, Log(), order="0.5")


def test_real_time_has_no_order() -> None:
    with pytest.raises(ValueError, match="real time"):
        states.run(TWO, {}, Log(), order=1, real_time=True)


def test_a_number_seeds_the_order() -> None:
    wide = both(*({name: task(name)} for name in "ABCDEF"))
    called = []
    for seed in (1, 1, 2, 3):
        log = Log()
        states.run(wide, {}, log, order=seed)
        called.append(tuple(log.called))
    assert called[0] == called[1]
    assert len(set(called)) == 3
    assert all(sorted(names) == list("ABCDEF") for names in called)


def test_a_wide_map_takes_little_time() -> None:
    machine = {"StartAt": "M", "States": {"M": {"Type": "Map", "ItemProcessor": {"StartAt": "A", "States": {"A": task("A")}}, "End": True}}}
    driver = states.start(machine, list(range(300)), Log(), order=5)
    assert driver.run().status == "SUCCEEDED"
    assert len(driver.calls) == 300  # type: ignore[attr-defined]
