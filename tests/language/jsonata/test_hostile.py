"""Expressions that would run for ever, deeper than the stack or larger than the memory: each ends soon, with the error of its limit."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import pytest

from states.language import jsonata
from states.language.jsonata.errors import TOO_DEEP, TOO_LARGE, TOO_LONG

#: Seconds that any of these may take here: the limit is one, and the machine may be slow.
SOON = 15.0
GIVEN = {"states": {"input": {"many": list(range(200_000, 0, -1)), "text": "a" * 100_000}}}


def fails(text: str, **options: Any) -> jsonata.JsonataError:
    started = perf_counter()
    with pytest.raises(jsonata.JsonataError) as caught:
        jsonata.compile(text).evaluate(GIVEN, **options)
    assert perf_counter() - started < SOON
    return caught.value


@pytest.mark.parametrize(
    "text",
    [
        "($f := function(){$f()}; $f())",
        "($f := function($x){$f($x + 1)}; $f(1))",
        "$map([1..1000], function($x){ $map([1..1000], function($y){ $map([1..1000], function($z){ $x + $y + $z }) }) })",
        "$sort([1..870000], function($a, $b){ $a < $b })",
        "$states.input.many[$states.input.many]",
        "$distinct($map([1..100000], function($x){ [$x] }))",
        "$match('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', /(a+)+$/)",
        "$match('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', /(a|a)*b/)",
        "$contains($states.input.text, /a*a*a*b/)",
        "$contains($states.input.text, /.*x/)",
        "$replace($states.input.text, /(a?){20}a{20}$/, '')",
        "$map([1..1000], function($x){ $pad('', 6000000) & $x })",
    ],
)
def test_what_takes_too_long_times_out(text: str) -> None:
    error = fails(text)
    assert (error.kind, error.message) == (jsonata.BOUND, TOO_LONG)


@pytest.mark.parametrize(
    "text",
    [
        "[1..1000000]",
        "$sort([1..1000000])",
        "($f := function($s){ $f($s & $s) }; $f('ab'))",
        "($f := function($s){ $f([$s, $s]) }; $f([1]))",
        "$reduce([1..60], function($a, $b){ {'left': $a, 'right': $a} })",
        "$string($reduce([1..60], function($a, $b){ {'left': $a, 'right': $a} }))",
        "$pad('', 1e308)",
        "$states.input.many.($states.input.many)",
        "$replace($states.input.text, 'a', $states.input.text)",
        "$range(1, 1e18, 1)",
        "$formatInteger(1e300, 'I')",
        "$zip([1..500000], [1..500000])",
    ],
)
def test_what_grows_too_large_ends_at_the_memory_bound(text: str) -> None:
    error = fails(text)
    assert (error.kind, error.message) == (jsonata.BOUND, TOO_LARGE)


def test_a_range_of_a_thousand_million_is_refused_by_its_size() -> None:
    assert fails("[1..1e9]").code == "D2014"


@pytest.mark.parametrize(
    "text",
    ["($f := function($x){ 1 + $f($x) }; $f(1))", "(" * 100 + "1" + ")" * 100, "1" + " + 1" * 10_000, "$x" + ".a" * 10_000],
)
def test_what_is_too_deep_overflows(text: str) -> None:
    error = fails(text)
    assert (error.kind, error.message) == (jsonata.BOUND, TOO_DEEP)


@pytest.mark.parametrize(
    "text", ["(" * 10_000, "(" * 10_000 + "1" + ")" * 10_000, "[" * 10_000, "-" * 10_000 + "1", "$f(" * 10_000, '{"a":' * 10_000]
)
def test_a_text_that_is_nested_too_deeply_is_a_syntax_error(text: str) -> None:
    with pytest.raises(jsonata.JsonataError) as caught:
        jsonata.compile(text)
    assert caught.value.code == "S0304"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(" * 99 + "1" + ")" * 99, 1),
        ("1" + " + 1" * 99, 100),
        ("1" + " ~> $string" * 99, "1"),
        ("($f := function($x){ $x <= 0 ? 0 : 1 + $f($x - 1) }; $f(31))", 31),
        ("($f := function($n){ $n = 0 ? 'done' : $f($n - 1) }; $f(20000))", "done"),
        ("$count([1..870000])", 870_000),
        ("$count($sort($states.input.many))", 200_000),
        ("$match('user@example.com', /^([a-z]+)+@(\\w+\\.)+com$/).match", "user@example.com"),
    ],
)
def test_what_stays_within_the_limits_is_answered(text: str, value: Any) -> None:
    assert jsonata.compile(text).evaluate(GIVEN) == value


def test_limits_can_be_set() -> None:
    deep = "($f := function($x){ $x <= 0 ? 0 : 1 + $f($x - 1) }; $f(50))"
    assert fails(deep).message == TOO_DEEP
    assert jsonata.compile(deep).evaluate({}, limits=jsonata.Limits(depth=200)) == 50
    loop = "($f := function($n){ $n = 0 ? 'done' : $f($n - 1) }; $f(20000))"
    assert fails(loop, limits=jsonata.Limits(seconds=0.001)).message == TOO_LONG
    assert fails("[1..20]", limits=jsonata.Limits(bytes=100)).message == TOO_LARGE


def test_a_clock_may_measure_the_time_instead_of_steps() -> None:
    ticks = iter(range(1000))
    limits = jsonata.Limits(seconds=3, clock=lambda: next(ticks))
    assert fails("($f := function(){ $f() }; $f())", limits=limits).message == TOO_LONG
    assert next(ticks) == 5
