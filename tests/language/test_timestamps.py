"""Timestamps: which texts are, and which moment each is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.language import timestamps
from tests.language.given import cases

CASES = cases("timestamps")


@pytest.mark.parametrize("case", [pytest.param(case, id=repr(case["text"])) for case in CASES["cases"]])
def test_a_text_is_a_moment_or_is_refused(case: dict[str, Any]) -> None:
    assert timestamps.is_timestamp(case["text"]) is ("seconds" in case)
    if "seconds" in case:
        assert timestamps.parse(case["text"]) == case["seconds"]
    else:
        with pytest.raises(ValueError, match=r"timestamp|does not exist"):
            timestamps.parse(case["text"])


@pytest.mark.parametrize("case", [pytest.param(case, id=str(case["seconds"])) for case in CASES["formats"]])
def test_a_moment_has_a_text(case: dict[str, Any]) -> None:
    if case["text"] is None:
        with pytest.raises(ValueError, match="outside the years"):
            timestamps.format_iso(case["seconds"])
    else:
        assert timestamps.format_iso(case["seconds"]) == case["text"]


@pytest.mark.parametrize("seconds", [float("inf"), float("nan")])
def test_what_is_no_moment_has_no_text(seconds: float) -> None:
    with pytest.raises(ValueError, match="outside the years"):
        timestamps.format_iso(seconds)


@given(st.integers(-62135596800_000, 253402300799_999))
def test_what_was_written_is_read_back_to_the_millisecond(millis: int) -> None:
    assert round(timestamps.parse(timestamps.format_iso(millis / 1000)) * 1000) == millis


@given(st.text(alphabet="0123456789-:TZ.+", max_size=30))
def test_any_text_is_a_timestamp_or_is_not(text: str) -> None:
    assert timestamps.is_timestamp(text) in (True, False)
