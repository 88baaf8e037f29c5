"""Words: seconds, times, data and causes as people read them."""

from __future__ import annotations

from typing import Any

import pytest

from states.views import words


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-1, "0 s"),
        (0, "0 s"),
        (0.0004, "0 s"),
        (0.0006, "1 ms"),
        (0.25, "250 ms"),
        (0.9994, "999 ms"),
        (0.9996, "1 s"),
        (1, "1 s"),
        (3.5, "3.5 s"),
        (3.04, "3 s"),
        (59.94, "59.9 s"),
        (59.96, "1m"),
        (60, "1m"),
        (61.4, "1m 1s"),
        (3599.6, "1h"),
        (7500, "2h 5m"),
        (7259, "2h"),
        (86399.9, "1d"),
        (93600, "1d 2h"),
        (365 * 86400, "365d"),
        (31_536_000_000, "365,000d"),
    ],
)
def test_durations(seconds: float, text: str) -> None:
    assert words.duration(seconds) == text


@pytest.mark.parametrize(
    ("at", "text"),
    [(0, "1970-01-01 00:00:00"), (1767225600.25, "2026-01-01 00:00:00.250"), (1e18, "1000000000000000000 s")],
)
def test_moments(at: float, text: str) -> None:
    assert words.moment(at) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("plain ä 漢", "plain ä 漢"),
        ("red \x1b[31m", "red \\x1b[31m"),
        ("bell\x07", "bell\\x07"),
        ("two\nlines\tand tab", "two lines and tab"),
        ("c1 \x9b2J", "c1 \\x9b2J"),
        ("turned \u202e round", "turned \\u202e round"),
        ("half \ud800", "half \\ud800"),
    ],
)
def test_nothing_drives_the_terminal(text: str, cleaned: str) -> None:
    assert words.clean(text) == cleaned


@pytest.mark.parametrize(
    ("data", "width", "most", "lines"),
    [
        ({}, 20, 3, ["{}"]),
        ("text", 20, 3, ['"text"']),
        ("x" * 30, 10, 3, ['"xxxxxxxx…']),
        ({"a": 1, "b": [1, 2]}, 40, 3, ['{"a": 1, "b": [1, 2]}']),
        ({"a": 1, "b": [1, 2]}, 18, 5, ["{", '  "a": 1,', '  "b": [1, 2]', "}"]),
        ({"a": {"b": {"c": {"d": "deep" * 9}}}}, 40, 1, ['{"a": {"b": {"c": {…}}}}']),
        (list(range(1000)), 40, 4, ["[0, 1, 2, 3, 4, … 995 more]"]),
        ([{"id": n, "name": "x" * 30} for n in range(9)], 60, 3, ["[{…}, {…}, {…}, {…}, {…}, {…}, {…}, {…}, {…}]"]),
        ({"a": "\x1b[2J"}, 40, 3, ['{"a": "\\u001b[2J"}']),
    ],
)
def test_data_fits_its_block(data: Any, width: int, most: int, lines: list[str]) -> None:
    assert words.data_lines(data, width, most) == lines


@pytest.mark.parametrize("width", [12, 30, 80])
@pytest.mark.parametrize("most", [1, 3, 10])
@pytest.mark.parametrize("data", [{"k" * 50: ["v" * 50] * 9}, [[[[[1]]]]] * 40, {str(n): {"n": n} for n in range(60)}, [{}] * 99])
def test_data_never_exceeds_its_block(data: Any, width: int, most: int) -> None:
    lines = words.data_lines(data, width, most)
    assert len(lines) <= max(most, 1)
    assert all(len(line) <= max(width, 20) + 1 for line in lines)


LAMBDA = '{"errorMessage": "no money", "errorType": "Declined", "stackTrace": []}'


@pytest.mark.parametrize(
    ("error", "cause", "text"),
    [
        ("Declined", LAMBDA, "Declined: no money"),
        ("Stop", "first line\nsecond", "Stop: first line"),
        ("Stop", None, "Stop"),
        (None, "why", "why"),
        (None, None, "failed"),
        ("E", '{"not": "lambda"}', 'E: {"not": "lambda"}'),
        ("E", '{"errorMessage": broken', 'E: {"errorMessage": broken'),
        (
            "States.Runtime",
            "An error occurred while executing the state 'A' (entered at the event id #2). Invalid path '$.x'",
            "States.Runtime: Invalid path '$.x'",
        ),
    ],
)
def test_a_failure_in_a_line(error: str | None, cause: str | None, text: str) -> None:
    assert words.failure_text(error, cause) == text


@pytest.mark.parametrize(("number", "text"), [(0, "0 retries"), (1, "1 retry"), (2000, "2,000 retries")])
def test_counts(number: int, text: str) -> None:
    assert words.count(number, "retry", "retries") == text


@pytest.mark.parametrize(
    ("names", "most", "text"),
    [
        (["A", "B"], 2, "A, B"),
        (["A", "B", "C"], 2, "A, B, C"),
        (["A", "B", "Cccccccc"], 2, "A, B, Cccccccc"),
        (["A", "B", "Ccccccccc", "D"], 2, "A, B and 2 more"),
        (["A", "B", "Cccccccccc"], 2, "A, B and 1 more"),
        ([str(number % 10) for number in range(2000)], 2, "0, 1 and 1,998 more"),
        ([], 2, ""),
    ],
)
def test_names_that_take_no_more_room_than_to_count_them_are_named(names: list[str], most: int, text: str) -> None:
    assert words.listed(names, most) == text
