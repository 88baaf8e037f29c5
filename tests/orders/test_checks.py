"""Checks in every order: what a failure tells."""

from __future__ import annotations

from typing import Any

import pytest

import states
from states.orders.checks import OrderFailed, fault_of, shortest, simpler
from states.orders.every import Run
from tests.drivers.test_ordered import TWO, Log, both, task
from tests.orders.test_every import wide

SHOP = both({"Pay": task("Pay")}, {"Pack": task("Pack", Next="Ship"), "Ship": task("Ship")})


def is_paid_before_it_is_shipped(run: Run) -> None:
    called = run.given.called
    if called.index("Pay") > called.index("Ship"):
        raise AssertionError(f"shipped before it was paid:\n{called}")


def failure(machine: Any, tasks: Any, check: Any, **options: Any) -> OrderFailed:
    with pytest.raises(OrderFailed) as caught:
        states.check_every_order(machine, {}, tasks, check, **options)
    return caught.value


def test_a_check_that_holds_gives_what_was_tried() -> None:
    orders = states.check_every_order(SHOP, {}, Log, lambda run: sorted(run.given.called) == ["Pack", "Pay", "Ship"])
    assert (orders.tried, orders.complete) == (8, True)


def test_a_failure_tells_all() -> None:
    failed = failure(SHOP, Log, is_paid_before_it_is_shipped)
    assert isinstance(failed, AssertionError)
    assert isinstance(failed.__cause__, AssertionError)
    assert str(failed).splitlines() == [
        'the check failed in order "1.1.1": AssertionError: shipped before it was paid:',
        "    ['Pack', 'Ship', 'Pay']",
        '  repeat it  states.run(..., order="1.1.1")',
        "  tried      4 orders, those before passed",
        '  passes in  order "1.1"',
        "  parts at   choice 3: call P#1[1]/Ship#2 comes first here, call P#1[0]/Pay#1 there",
        "  calls      here   P#1[1]/Pack#1, P#1[1]/Ship#2, P#1[0]/Pay#1",
        "             there  P#1[1]/Pack#1, P#1[0]/Pay#1, P#1[1]/Ship#2",
        "  events     all alike; only what the tasks did differs",
    ]
    assert (failed.order, failed.passing, failed.tried, failed.complete) == ("1.1.1", "1.1", 4, False)


def test_the_order_of_a_failure_repeats_it_and_that_of_a_passing_run_passes() -> None:
    failed = failure(SHOP, Log, is_paid_before_it_is_shipped)
    for order, paid_first in ((failed.order, False), (failed.passing, True)):
        log = Log()
        states.run(SHOP, {}, log, order=order)
        assert (log.called.index("Pay") < log.called.index("Ship")) is paid_first


def test_the_first_event_that_differs_is_told() -> None:
    def check(run: Run) -> None:
        exits = [event for event in run.execution.history.recorded if event[0] == "TaskStateExited"]
        assert exits[0][3] == "A"

    failed = failure(TWO, Log, check)
    assert failed.order == "0.0.1"
    number = next(n for n, line in enumerate(str(failed).splitlines()) if line.startswith("  events"))
    assert str(failed).splitlines()[number:] == [
        "  events     10 is the first that differs",
        '             here   LambdaFunctionSucceeded {"output":"\\"B\\""}',
        '             there  LambdaFunctionSucceeded {"output":"\\"A\\""}',
    ]


def test_a_failure_in_the_first_order_is_compared_with_one_that_passes() -> None:
    failed = failure(TWO, Log, lambda run: run.given.called == ["B", "A"])
    assert (failed.order, failed.tried) == ("0", 1)
    assert failed.passing is not None
    text = str(failed)
    assert text.startswith("the check failed in the first-in first-out order: AssertionError: the check gave False\n")
    assert "1 order, the first of all" in text
    assert f'passes in  order "{failed.passing}"' in text


def test_a_check_that_never_holds() -> None:
    failed = failure(TWO, Log, lambda run: False)
    assert (failed.order, failed.passing) == ("0", None)
    assert str(failed).endswith("  passes in  none that was tried")


def test_a_check_may_raise_anything() -> None:
    failed = failure(SHOP, Log, lambda run: {"Pay": 1}[run.given.called[0]])
    assert isinstance(failed.__cause__, KeyError)
    assert "KeyError: 'Pack'" in str(failed)


@pytest.mark.parametrize("gives", [None, True, 0, "", []])
def test_only_false_is_a_failure(gives: Any) -> None:
    assert states.check_every_order(TWO, {}, Log, lambda run: gives).tried == 4


def test_a_check_is_needed() -> None:
    with pytest.raises(TypeError, match="needs a check"):
        states.check_every_order(TWO, {}, Log)


def test_the_failing_order_is_a_short_one() -> None:
    """Whatever else is turned around, only E before A matters: one departure."""
    failed = failure(wide(5), Log, lambda run: run.given.called.index("E1") > run.given.called.index("A1"), limit=400)
    assert failed.order == "4"
    deep = failure(wide(4), Log, lambda run: run.given.called != ["D1", "C1", "B1", "A1"], limit=600)
    assert deep.order == "3.2.1"
    assert deep.run.given.called == ["D1", "C1", "B1", "A1"]


def test_what_an_order_does_not_need_is_left_out() -> None:
    orders = states.every_order(SHOP, {}, Log)

    def check(run: Run) -> None:
        is_paid_before_it_is_shipped(run)

    long = orders.repeat("1.1.1.0.1")
    fault = fault_of(check, long)
    assert fault is not None
    found, why = shortest(orders, check, long, fault)
    assert found.order == "1.1.1"
    assert "shipped before" in str(why)


def test_long_calls_are_told_from_where_they_differ() -> None:
    first = [f"{name}{n}" for n in range(1, 7) for name in "AB"]
    failed = failure(wide(2, 8), Log, lambda run: run.given.called[:12] != first or run.given.called[-1] == "B8", limit=3000)
    assert max(map(len, str(failed).splitlines())) < 300
    assert "calls      here   … " in str(failed)


def test_a_long_fault_is_cut() -> None:
    def check(run: Run) -> None:
        raise AssertionError("x" * 100_000)

    assert len(str(failure(TWO, Log, check))) < 3000


@pytest.mark.parametrize(
    ("order", "expected"),
    [("0", []), ("1", ["0"]), ("3", ["0", "2"]), ("0.2.1", ["0.2", "0", "0.1.1", "0.0.1"]), ("0*4.1", ["0"])],
)
def test_simpler_orders(order: str, expected: list[str]) -> None:
    assert sorted(simpler(order)) == sorted(expected)
