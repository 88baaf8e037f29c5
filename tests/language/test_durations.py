"""Durations as people write them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.language.durations import LONGEST, UNITS, seconds_of


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        (0, 0),
        (1.5, 1.5),
        ("90", 90),
        (" 90 ", 90),
        ("90s", 90),
        ("1.5 h", 5400),
        ("2h30m", 9000),
        ("2 hours 30 minutes", 9000),
        ("1d 1s", 86401),
        ("3 WEEKS", 1814400),
        ("1 year", 31536000),
        ("250ms", 0.25),
        ("PT2H30M", 9000),
        ("P1DT1S", 86401),
        ("P2W", 1209600),
        ("pt0.5s", 0.5),
        (timedelta(minutes=2), 120),
    ],
)
def test_it_is_so_many_seconds(written: Any, seconds: float) -> None:
    assert seconds_of(written) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "written",
    ["", " ", "h", "2x", "2h 30", "-5", -5, "1e5", "P", "PT", True, None, [], float("nan"), float("inf"), "101 years", 10**400, "9" * 300],
)
def test_anything_else_is_refused_with_what_was_expected(written: Any) -> None:
    with pytest.raises(ValueError, match="expected a duration such as"):
        seconds_of(written)


@given(st.lists(st.tuples(st.integers(0, 1000), st.sampled_from(sorted(UNITS))), min_size=1, max_size=5))
def test_the_parts_add_up(parts: list[tuple[int, str]]) -> None:
    total = sum(number * UNITS[unit] for number, unit in parts)
    if total <= LONGEST:
        assert seconds_of(" ".join(f"{number}{unit}" for number, unit in parts)) == pytest.approx(total)
