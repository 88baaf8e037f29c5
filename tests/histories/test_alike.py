"""Values made again: what may differ from run to run, and what may not."""

from __future__ import annotations

from typing import Any

import pytest

from states.histories.alike import NOTHING, Alike

THEIRS = "11111111-1111-4111-8111-111111111111"
OTHER = "33333333-3333-4333-8333-333333333333"
OURS = "22222222-2222-4222-8222-222222222222"
START, END = 1_767_225_600.0, 1_767_225_660.0


def alike(**settings: Any) -> Alike:
    made = Alike(span=(START, END), fixed={THEIRS, OTHER}, **settings)
    made.add("our-token")
    return made


@pytest.mark.parametrize(
    ("was", "now", "path"),
    [
        (1, 1.0, None),
        (1, True, "$"),
        (None, False, "$"),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, None),
        ({"a": 1}, {}, "$.a"),
        ({}, {"a b": 1}, "$['a b']"),
        ([1, 2], [1], "$[1]"),
        ([1, {"x": [1, 2]}], [1, {"x": [1, 3]}], "$[1].x[1]"),
        ("a", "b", "$"),
        (THEIRS, OURS, None),
        (f"order {THEIRS}!", f"order {OURS}!", None),
        (f"order {THEIRS}!", f"order {OURS}", "$"),
        (THEIRS, OTHER, "$"),
        ([THEIRS, THEIRS], [OURS, OURS], None),
        ([THEIRS, OTHER], [OURS, OURS], "$[1]"),
        ("text", OURS, "$"),
        ("AAAAKgAAAAIA", "our-token", None),
        ({"url": "https://x/?t=AAAA&y"}, {"url": "https://x/?t=our-token&y"}, None),
        (["AAAA", "BBBB"], ["our-token", "our-token"], "$[1]"),
        ("2026-01-01T00:00:10.5Z", "2026-01-01T00:00:10.123Z", None),
        ("2026-01-01T00:00:10Z", "2026-01-01T00:00:12Z", "$"),
        ("at 2026-01-01T00:00:10Z sharp", "at 2026-01-01T00:00:10.9Z sharp", None),
        ("noon", "2026-01-01T00:00:12Z", "$"),
        (1_767_225_610_000, 1_767_225_610_200, None),
        (1_767_225_610_000, 1_767_225_612_000, "$"),
        (1_767_225_610, 1_767_225_610.4, None),
        (1_767_229_999, 1_767_229_998.9, "$"),
        (41, 42, "$"),
        ("(entered at the event id #7). no", "(entered at the event id #9). no", None),
        ('{"a": 1}', '{"a":1}', None),
        ('{"a": 1}', '{"a":2}', "$"),
        ("{", "{ ", "$"),
        (NOTHING, None, "$"),
    ],
)
def test_first_difference(was: Any, now: Any, path: str | None) -> None:
    unlike = alike().first(was, now)
    assert (unlike.path if unlike is not None else None) == path


def test_what_stood_for_something_stands_for_it_ever_after() -> None:
    known = alike()
    assert known.same("AAAA", "our-token")
    assert known.same("AAAA-1", "our-token-1")
    assert not known.same("BBBB", "our-token")


def test_clocks_may_lie_apart() -> None:
    assert alike(offset=3600.0).same("2026-01-01T01:00:10Z", "2026-01-01T00:00:10Z")
    assert not alike().same("2026-01-01T01:00:10Z", "2026-01-01T00:00:10Z")


def test_every_difference_in_order() -> None:
    found = list(alike().differences({"a": 1, "b": [1, 2], "c": 3}, {"a": 2, "b": [1, 3, 4], "d": 5}))
    assert [(each.path, each.was, each.now) for each in found] == [
        ("$.a", 1, 2),
        ("$.b[1]", 2, 3),
        ("$.b[2]", NOTHING, 4),
        ("$.c", 3, NOTHING),
        ("$.d", NOTHING, 5),
    ]


def test_deep_values_need_no_stack() -> None:
    was: Any = 1
    now: Any = 2
    for _ in range(5_000):
        was, now = [was], [now]
    assert alike().first(was, now) is not None
