"""Retry and Catch: who takes a failure, and after how many seconds.

Given the failure a state ended with and how often each retrier was used, chooses a retrier, a catcher, or neither. Reads no clock
and sleeps for nobody: a delay is a number, which `execution` turns into a StartTimer command.

Source: https://states-language.net/spec.html#retrying-after-error
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from states.errors import StatesError, matches
from states.machine import Catcher, Retrier


def delay(retrier: Retrier, attempt: int, jitter: float = 1.0) -> float:
    """Seconds to wait before retry number `attempt` (1 for the first).

    IntervalSeconds * BackoffRate ** (attempt - 1), at most MaxDelaySeconds. With JitterStrategy FULL that, times `jitter`
    (0.0 <= jitter < 1.0).

    >>> [delay(Retrier(error_equals=("States.ALL",), interval_seconds=3, backoff_rate=1.5, max_delay_seconds=6), n) for n in (1, 2, 3)]
    [3.0, 4.5, 6.0]
    """
    longest = retrier.max_delay_seconds if retrier.max_delay_seconds is not None else 1e9
    try:
        seconds = min(retrier.interval_seconds * retrier.backoff_rate ** (attempt - 1), longest)
    except OverflowError:
        seconds = longest
    return float(seconds * jitter if retrier.jitter else seconds)


def retrier_for(retriers: Sequence[Retrier], failure: StatesError) -> int | None:
    """The index of the first retrier that matches the failure: it alone decides, also when its attempts are used up."""
    return next((index for index, retrier in enumerate(retriers) if matches(retrier.error_equals, failure)), None)


def next_delay(retrier: Retrier, index: int, used: dict[int, int], random: Random) -> float | None:
    """Seconds until the next attempt, or None when the retrier's attempts are used up. Counts the use in `used` (its index: times)."""
    times = used.get(index, 0)
    if times >= retrier.max_attempts:
        return None
    used[index] = times + 1
    return delay(retrier, times + 1, random.random() if retrier.jitter else 1.0)


def catcher_for(catchers: Sequence[Catcher], failure: StatesError) -> int | None:
    """The index of the first catcher that takes the failure."""
    return next((index for index, catcher in enumerate(catchers) if matches(catcher.error_equals, failure)), None)
