"""Laws that hold for all values and all texts."""

from __future__ import annotations

import copy
import json
from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from states.language import jsonata
from states.language.values import equal

NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False, width=32)
SCALARS = st.none() | st.booleans() | NUMBERS | st.text(max_size=8)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", max_size=2), inner, max_size=4))


def evaluate(text: str, **bindings: Any) -> Any:
    return jsonata.compile(text).evaluate(bindings)


def same(a: Any, b: Any) -> bool:
    """Equal up to the 15 digits that are written of a fraction."""
    return equal(json.loads(json.dumps(a), parse_float=lambda text: float(f"{float(text):.15g}")), b)


@given(VALUES)
def test_a_text_is_read_back_as_its_value(value: Any) -> None:
    if isinstance(value, str):
        value = [value]
    assert same(evaluate("$parse($string($v))", v=value), evaluate("$parse($string($parse($string($v))))", v=value))
    assert evaluate("$v = $v", v=value) is True


@given(VALUES)
def test_a_reference_and_its_detours_are_equal(value: Any) -> None:
    wanted = evaluate("$v", v=value)
    assert equal(evaluate("($x := $v; $x)", v=value), wanted)
    assert equal(evaluate("(function($x){ $x })($v)", v=value), wanted)
    assert equal(evaluate("true ? $v", v=value), wanted)
    assert equal(evaluate("{'k': $v}.k", v=value), wanted)


@given(st.lists(st.integers(-50, 50)))
def test_order_and_number_of_an_array(numbers: list[int]) -> None:
    assert evaluate("$reverse($reverse($v))", v=numbers) == numbers
    assert evaluate("$sort($v)", v=numbers) == sorted(numbers)
    assert evaluate("$sort($v, function($a, $b){ $a < $b })", v=numbers) == sorted(numbers, reverse=True)
    assert evaluate("$count($distinct($v))", v=numbers) == len(set(numbers))
    assert evaluate("$count($v) = $count($v[$ < 0]) + $count($v[$ >= 0])", v=numbers) is True
    assert evaluate("$sum($v)", v=numbers) == sum(numbers)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3))))
def test_order_by_is_stable(pairs: list[tuple[int, int]]) -> None:
    rows = [{"a": a, "b": b, "n": n} for n, (a, b) in enumerate(pairs)]
    wanted = [row["n"] for row in sorted(rows, key=lambda row: (row["a"], -row["b"]))]
    assert evaluate("[$v^(a, >b).n]", v=rows) == wanted


@given(st.text(), st.text(min_size=1, max_size=3))
def test_texts_are_split_and_joined_encoded_and_decoded(text: str, separator: str) -> None:
    assert evaluate("$join($split($t, $s), $s)", t=text, s=separator) == text
    assert evaluate("$substringBefore($t, $s) & $s & $substringAfter($t, $s)", t=text + separator, s=separator) == text + separator
    assert evaluate("$base64decode($base64encode($t))", t=text) == text
    assert evaluate("$decodeUrlComponent($encodeUrlComponent($t))", t=text) == text
    assert evaluate("$decodeUrl($encodeUrl($t)) = $t or $contains($t, '%')", t=text) is True


@given(st.integers(-(10**14), 10**14))
def test_a_time_is_read_back(millis: int) -> None:
    assert evaluate("$toMillis($fromMillis($m))", m=millis) == millis if 0 <= millis < 253402300800000 else True
    picture = "[X]-[W]-[F1] [d] [Y]-[M]-[D]"
    assert evaluate("$split($fromMillis($m, $p), ' ')[2]", m=millis, p=picture) == evaluate("$fromMillis($m, '[Y]-[M]-[D]')", m=millis)


@given(st.integers(0, 10**15))
def test_an_integer_in_words_is_read_back(number: int) -> None:
    assert evaluate("$parseInteger($formatInteger($n, 'w'), 'w')", n=number % 10**12) == number % 10**12
    assert evaluate("$parseInteger($formatInteger($n, '#,##0'), '#,##0')", n=number) == number
    assert evaluate("$parseInteger($formatInteger($n, 'A'), 'A')", n=number + 1) == number + 1


@settings(deadline=None)
@given(
    VALUES,
    st.sampled_from(["$v ~> |**|{'x': 1}, 'a'|", "$append($v, $v)", "$merge([{}, {'v': $v}])", "[$v][0]", "$sort([$v])", "$v{'k': $}"]),
)
def test_nothing_that_is_given_is_changed(value: Any, text: str) -> None:
    before = copy.deepcopy(value)
    with suppress(jsonata.JsonataError):
        evaluate(text, v=value)
    assert equal(value, before)


WORDS = st.sampled_from(
    [
        "$x",
        "$",
        "$$",
        "a",
        "b",
        ".",
        "[",
        "]",
        "{",
        "}",
        "(",
        ")",
        ",",
        ";",
        ":",
        "?",
        ":=",
        "~>",
        "..",
        "+",
        "-",
        "*",
        "**",
        "/",
        "%",
        "=",
        "!=",
        "<",
        ">",
        "&",
        "and",
        "or",
        "in",
        "@",
        "#",
        "^",
        "|",
        "1",
        "2.5",
        "'a'",
        '"b"',
        "true",
        "null",
        "`q`",
        "function($x)",
        "λ",
        "/a/",
        "$sum",
        "$map",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(WORDS, max_size=14))
def test_any_text_gives_a_value_nothing_or_an_error(words: list[str]) -> None:
    for text in ("".join(words), " ".join(words)):
        jsonata.faults(text)
        with suppress(jsonata.JsonataError):
            jsonata.compile(text).evaluate({"x": [1, {"a": 2}]})
