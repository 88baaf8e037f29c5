"""Who takes a failure, and after how many seconds."""

from __future__ import annotations

from random import Random

import pytest

from states.errors import StatesError, matches
from states.interpreter.retry import catcher_for, delay, next_delay, retrier_for
from states.machine import Catcher, Retrier

ALL = ("States.ALL",)


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 3), (2, 4.5), (3, 6.75), (4, 8), (5, 8), (10_000, 8)])
def test_delay_grows_by_backoff_rate_up_to_the_maximum(attempt: int, seconds: float) -> None:
    assert delay(Retrier(error_equals=ALL, interval_seconds=3, backoff_rate=1.5, max_delay_seconds=8), attempt) == seconds


def test_the_defaults_are_one_second_doubled() -> None:
    assert [delay(Retrier(error_equals=ALL), attempt) for attempt in (1, 2, 3)] == [1.0, 2.0, 4.0]


def test_a_huge_attempt_without_maximum_is_no_overflow() -> None:
    assert delay(Retrier(error_equals=ALL, backoff_rate=10), 5000) == 1e9


@pytest.mark.parametrize("jitter", [0.0, 0.25, 0.99])
def test_full_jitter_draws_after_the_cap(jitter: float) -> None:
    retrier = Retrier(error_equals=ALL, interval_seconds=10, max_delay_seconds=5, jitter=True)
    assert delay(retrier, 3, jitter) == 5 * jitter


@pytest.mark.parametrize(
    ("names", "error", "taken"),
    [
        (["A"], "A", True),
        (["B"], "A", False),
        (["B", "A"], "A", True),
        (["States.ALL"], "A", True),
        (["States.ALL"], "States.Timeout", True),
        (["States.ALL"], "States.DataLimitExceeded", True),
        (["States.ALL"], "States.Runtime", False),
        (["States.Runtime"], "States.Runtime", False),
        (["States.ALL"], None, True),
        (["States.TaskFailed"], "A", True),
        (["States.TaskFailed"], "States.TaskFailed", True),
        (["States.TaskFailed"], "States.Timeout", False),
        (["States.TaskFailed"], "States.Runtime", False),
        (["States.TaskFailed"], None, True),
        (["States.Timeout"], "States.Timeout", True),
        ([], "A", False),
    ],
)
def test_what_error_equals_matches(names: list[str], error: str | None, taken: bool) -> None:
    assert matches(names, StatesError(error)) is taken


@pytest.mark.parametrize(("name", "taken"), [("States.HeartbeatTimeout", True), ("States.Timeout", True), ("States.TaskFailed", False)])
def test_a_missed_heartbeat_goes_by_two_names(name: str, taken: bool) -> None:
    assert matches([name], StatesError("States.Timeout", None, ("States.HeartbeatTimeout",))) is taken


def test_the_first_retrier_that_matches_decides_even_when_it_is_used_up() -> None:
    retriers = (
        Retrier(error_equals=("A",), max_attempts=1, interval_seconds=5),
        Retrier(error_equals=ALL, max_attempts=9, interval_seconds=7),
    )
    used: dict[int, int] = {}
    indexes = [retrier_for(retriers, StatesError(error)) for error in ("A", "B", "A", "B")]
    delays = [next_delay(retriers[index], index, used, Random(0)) for index in indexes if index is not None]
    assert indexes == [0, 1, 0, 1]
    assert delays == [5, 7, None, 14]
    assert used == {0: 1, 1: 2}


def test_max_attempts_0_never_retries() -> None:
    assert next_delay(Retrier(error_equals=ALL, max_attempts=0), 0, {}, Random(0)) is None


def test_jitter_comes_from_the_seed() -> None:
    retrier = Retrier(error_equals=ALL, interval_seconds=100, jitter=True)
    drawn = [next_delay(retrier, 0, {}, Random(7)) for _ in range(2)]
    assert drawn[0] == drawn[1] == Random(7).random() * 100


def test_the_first_catcher_that_matches_takes_it() -> None:
    catchers = tuple(Catcher(error_equals=names, next=str(i), result_path=None) for i, names in enumerate([("A",), ("B", "C"), ALL]))
    found = [catcher_for(catchers, StatesError(error)) for error in ("A", "C", "D", "States.Runtime")]
    assert found == [0, 1, 2, None]
