"""Conditions and values at a moment, in JSONPath and JSONata; differences of JSON as lines; the tree of visits."""

from __future__ import annotations

from typing import Any

import pytest

from states.debugging import conditions, differences
from states.debugging.moments import Moment
from states.debugging.rows import rows
from states.machine import ABSENT
from tests.debugging.worlds import play, sample, to_the_end

Json = Any


def moment(value: Json = None, *, kind: str = "entered", result: Json = ABSENT, variables: dict[str, Json] | None = None) -> Moment:
    return Moment(kind, "A#1", "", "A", 2, value, ABSENT, {"raw": 1}, result, variables or {}, (), "", 3, 60.0)


ORDER = {"total": 120, "status": "PAID", "lines": [{"n": 1}, {"n": 5}], "flag": False, "none": None, "zero": 0, "empty": []}

HOLDS = [
    ("$.total", True),
    ("$.flag", False),
    ("$.none", False),
    ("$.zero", False),
    ("$.empty", False),
    ("$.nope", False),
    ("$.total.deeper", False),
    ("$", True),
    ("$.lines[?(@.n > 3)]", True),
    ("$.lines[?(@.n > 9)]", False),
    ("$.total > 100", True),
    ("$.total > 120", False),
    ("$.total >= 120", True),
    ("$.total < 120", False),
    ("$.total <= 120", True),
    ("$.total == 120", True),
    ("$.total == 120.0", True),
    ("$.total != 120", False),
    ("$.total > -1", True),
    ('$.total > "1"', False),
    ('$.status == "PAID"', True),
    ('$.status > "OPEN"', True),
    ('$.status != "PAID"', False),
    ("$.flag == false", True),
    ("$.flag == 0", False),
    ("$.none == null", True),
    ("$.nope != 1", False),
    ("$['total']>100", True),
    ("$.lines[1].n == 5", True),
    ("States.ArrayLength($.lines) == 2", True),
    ("States.ArrayLength($.total) == 2", False),
    ("$$.State.RetryCount == 1", True),
    ("$states.data.total > 100", True),
    ("$states.input.raw = 1", True),
    ("{% $states.data.status = 'PAID' %}", True),
    ("$states.nope", False),
    ("$states.data.status > 1", False),
    ("$rate > 1", True),
    ("$other", False),
    ("$exists($states.result)", False),
    ("$states.context.State.Name = 'A'", True),
]


@pytest.mark.parametrize(("text", "holds"), HOLDS, ids=[text for text, _ in HOLDS])
def test_a_condition(text: str, holds: bool) -> None:
    assert conditions.condition(text)(moment(ORDER, variables={"rate": 2})) is holds


@pytest.mark.parametrize("text", ["", "  ", "$.[", "$.a[", "States.Nope(1)", "))", "$x :=", "$." + "a" * 20_000])
def test_what_is_no_expression(text: str) -> None:
    with pytest.raises(conditions.InvalidExpression):
        conditions.condition(text)


def test_a_failure_is_seen_as_error_output() -> None:
    failed = moment({"Error": "Busy", "Cause": None}, kind="failed")
    assert conditions.condition("$states.errorOutput.Error = 'Busy'")(failed)
    assert conditions.condition('$.Error == "Busy"')(failed)
    assert not conditions.condition("$states.errorOutput")(moment(ORDER))


def test_a_result_is_seen_once_there_is_one() -> None:
    assert conditions.value_of("$states.result.x")(moment({}, result={"x": 5})) == 5
    assert conditions.value_of("$states.result.x")(moment({})) is ABSENT
    assert conditions.value_of("$states.result")(moment({}, result=None)) is None


def test_a_condition_stops_where_it_becomes_true_in_a_chain() -> None:
    debugger = sample("fan")
    play(debugger, "when $.n >= 4; c")
    first = debugger.session.moment
    play(debugger, "c")
    assert (first.place, first.kind) == ("Each#3", "afterItemSelector")
    assert debugger.session.moment.place == "Each#3[1]/Twice#1"


DIFFERENCES: list[tuple[Json, Json, list[str]]] = [
    (1, 1, ["  1"]),
    (1, 1.0, ["  1.0"]),
    (1, True, ["- 1", "+ true"]),
    (1, 2, ["- 1", "+ 2"]),
    ({"a": 1}, {"a": 1, "b": 2}, ["  {", '    "a": 1,', '+   "b": 2', "  }"]),
    ({"a": 1, "b": 2}, {"b": 2}, ["  {", '-   "a": 1,', '    "b": 2', "  }"]),
    ({"a": 1}, {"b": 1}, ['- {"a": 1}', '+ {"b": 1}']),
    ({"a": 1}, {}, ['- {"a": 1}', "+ {}"]),
    ({}, {"a": 1}, ["- {}", '+ {"a": 1}']),
    (
        {"a": {"b": 1, "c": 2}},
        {"a": {"b": 3, "c": 2}},
        ["  {", '    "a": {', '-     "b": 1,', '+     "b": 3,', '      "c": 2', "    }", "  }"],
    ),
    ([1, 2], [1, 3], ["  [", "    1,", "-   2", "+   3", "  ]"]),
    ([1], [1, 2], ["  [", "    1,", "+   2", "  ]"]),
    ([1, 2], [1], ["  [", "    1,", "-   2", "  ]"]),
    (None, {"a": None}, ["- null", '+ {"a": null}']),
    (
        {"a": [1, 2, 3]},
        {"b": {"c": "x" * 20, "d": 1}},
        ['- {"a": [1, 2, 3]}', "+ {", '+   "b": {', '+     "c": "xxxxxxxxxxxxxxxxxxxx",', '+     "d": 1', "+   }", "+ }"],
    ),
    (ABSENT, {"a": 1}, ['  {"a": 1}']),
    ({"a": 1}, ABSENT, ['- {"a": 1}']),
]


@pytest.mark.parametrize(("before", "after", "expected"), DIFFERENCES)
def test_differences(before: Json, after: Json, expected: list[str]) -> None:
    assert [f"{mark} {text}" for mark, text in differences.lines(before, after, 40, 20)] == expected


def deep(levels: int, leaf: Json) -> Json:
    for _ in range(levels):
        leaf = {"in": leaf}
    return leaf


HOSTILE = [
    ({"a": "x" * 100_000}, {"a": "y" * 100_000}),
    ({str(n): n for n in range(20_000)}, {str(n): n + 1 for n in range(20_000)}),
    (list(range(50_000)), list(range(1, 50_001))),
    (deep(900, 1), deep(900, 2)),
    ({"\x1b[2J": "\x07"}, {"\x1b[2J": "\x1b]0;title\x07", "b": 1}),
    ({"a\nb": 1}, {"a\nb": 2}),
]


@pytest.mark.parametrize(("before", "after"), HOSTILE)
@pytest.mark.parametrize(("width", "most"), [(80, 12), (10, 1), (40, 400)])
def test_differences_are_bounded_and_clean(before: Json, after: Json, width: int, most: int) -> None:
    found = differences.lines(before, after, width, most)
    assert 0 < len(found) <= most
    assert all(len(text) <= width and text.isprintable() for _, text in found)


def test_the_rows_around_a_moment() -> None:
    debugger = sample("fan")
    to_the_end(debugger)
    session = debugger.session
    every = rows(session.moments, len(session.moments) - 1, 100)
    assert [(row.depth, row.label, row.name) for row in every] == [
        (0, "", "Set"),
        (0, "", "Fan"),
        (1, "[0]", "A"),
        (1, "", "A2"),
        (1, "[1]", "B"),
        (0, "", "Each"),
        (1, "[0]", "Twice"),
        (1, "[1]", "Twice"),
    ]
    assert {row.status for row in every} == {"SUCCEEDED"}
    for index, moment_ in enumerate(session.moments[:-1]):
        for most in (1, 3, 100):
            found = rows(session.moments, index, most)
            assert len(found) <= most
            assert [row.name for row in found if row.is_here] == [moment_.name]


def test_the_status_of_rows() -> None:
    debugger = sample("shop")
    to_the_end(debugger)
    seen = [
        row.status for i in range(len(debugger.session.moments)) for row in rows(debugger.session.moments, i, 9) if row.name == "Charge"
    ]
    assert list(dict.fromkeys(seen)) == ["RUNNING", "FAILED", "WAITS", "SUCCEEDED"]
