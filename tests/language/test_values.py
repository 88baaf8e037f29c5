"""JSON values: equality, texts, order of strings, sizes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.language.values import MAX_DEPTH, Sizes, dumps, equal, java_text, loads, size, string_order, type_name

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=5), max_leaves=25
)


def nested(depth: int, leaf: Any = 1) -> Any:
    value = leaf
    for level in range(depth):
        value = {"a": value} if level % 2 else [value]
    return value


@pytest.mark.parametrize(
    ("value", "name"),
    [(None, "null"), (True, "boolean"), (0, "number"), (1.5, "number"), ("", "string"), ([], "array"), ({}, "object")],
)
def test_a_value_has_a_type(value: Any, name: str) -> None:
    assert type_name(value) == name


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (1, 1.0, True),
        (True, 1, False),
        (1, True, False),
        (False, 0, False),
        (False, False, True),
        (None, None, True),
        (None, False, False),
        (None, 0, False),
        ("1", 1, False),
        ("", None, False),
        ([], {}, False),
        ([], [], True),
        ([1], [1.0], True),
        ([1], [True], False),
        ([True], [1], False),
        ([1, 2], [2, 1], False),
        ([1], [1, 1], False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": 1}, {"a": True}, False),
        ({"a": None}, {}, False),
        ({"a": None}, {"b": None}, False),
        ({"a": [{"b": 0}]}, {"a": [{"b": False}]}, False),
        ({"a": [{"b": 0}]}, {"a": [{"b": 0.0}]}, True),
        ([1], 1, False),
        (1, [1], False),
    ],
)
def test_equality(a: Any, b: Any, same: bool) -> None:
    assert equal(a, b) is same
    assert equal(b, a) is same


@given(JSON, JSON)
def test_equality_is_symmetric_and_reflexive(a: Any, b: Any) -> None:
    assert equal(a, b) is equal(b, a)
    assert equal(a, loads(dumps(a)))


def test_equality_of_deep_values_needs_no_stack() -> None:
    assert equal(nested(20_000), nested(20_000))
    assert not equal(nested(20_000), nested(20_000, True))


@pytest.mark.parametrize(
    ("a", "b", "order"),
    [
        ("", "", 0),
        ("a", "a", 0),
        ("a", "b", -1),
        ("b", "a", 1),
        ("a", "ab", -1),
        ("Z", "a", -1),
        ("é", "z", 1),
        ("\uffee", "\U0001f600", 1),  # by code units the surrogates stand before U+FFEE, by code points after
        ("\U0001f600", "\uffee", -1),
        ("a\U0001f600", "a\uffee", -1),
        ("\ud800", "\ue000", -1),
    ],
)
def test_strings_are_ordered_by_code_units(a: str, b: str, order: int) -> None:
    assert string_order(a, b) == order


@given(st.text(max_size=6), st.text(max_size=6))
def test_the_order_of_strings_is_that_of_their_utf_16(a: str, b: str) -> None:
    left, right = a.encode("utf-16-be", "surrogatepass"), b.encode("utf-16-be", "surrogatepass")
    assert string_order(a, b) == (left > right) - (left < right)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (1.0, "1.0"),
        (-0.5, "-0.5"),
        (10**30, "1" + "0" * 30),
        ('é\n"\\', '"é\\n\\"\\\\"'),
        ("\u2028😀", '"\u2028😀"'),
        ([1, "a", None], '[1,"a",null]'),
        ({"b": 1, "a": {}}, '{"b":1,"a":{}}'),
    ],
)
def test_text_is_compact_and_keeps_order_and_letters(value: Any, text: str) -> None:
    assert dumps(value) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [float("-inf")], {"a": float("nan")}])
def test_what_json_cannot_say_has_no_text(value: Any) -> None:
    with pytest.raises(ValueError, match="float"):
        dumps(value)


@pytest.mark.parametrize("value", [{1, 2}, b"x", [object()]])
def test_what_is_no_json_has_no_text(value: Any) -> None:
    with pytest.raises(TypeError, match="no JSON value"):
        dumps(value)


@given(JSON)
def test_what_was_written_is_read_back(value: Any) -> None:
    text = dumps(value)
    assert text == json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    assert dumps(loads(text)) == text


@pytest.mark.parametrize("leaf", [1, "é", None, [], {}, [1, 2], {"x": [], "y": "\n"}, 1.5])
def test_deep_values_are_written_without_the_stack(leaf: Any) -> None:
    text = dumps(nested(5_000, leaf))
    inner = dumps(leaf)
    assert text.count("[") - inner.count("[") == 2_500
    assert inner in text
    assert size(nested(5_000, leaf)) == len(text.encode())


def test_the_writer_for_deep_values_writes_the_same() -> None:
    from states.language.values import _dumps_deep

    samples: list[Any] = [[], {}, [[]], [{}], {"a": [1, {"b": None}, "c"], "d": {"e": 1.0}}, "x", 1, [1, [2, [3]], 4]]
    for value in samples:
        assert _dumps_deep(value) == dumps(value)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("", 1, 1),
        ("{", 1, 2),
        ('{"a": 1,}', 1, 9),
        ("[1,\n 2,\n x]", 3, 2),
        ("{'a': 1}", 1, 2),
        ("NaN", 1, 1),
        ('{"NaN": [1, NaN]}', 1, 13),
        ("[-Infinity]", 1, 2),
        ("[1e999]", 1, 2),
        ('["1e999",\n -1.5e400]', 2, 2),
        ("1 2", 1, 3),
        ('"\n"', 1, 2),
        ("\ufeff1", 1, 1),
        ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), 1, MAX_DEPTH + 1),
        ('{"[[": ' + "[" * 100_000, 1, 7 + MAX_DEPTH),
        ("[" * 100_000 + "]" * 100_000, 1, MAX_DEPTH + 1),
    ],
)
def test_a_text_that_is_no_json_is_refused_with_its_place(text: str, line: int, column: int) -> None:
    with pytest.raises(json.JSONDecodeError) as caught:
        loads(text)
    assert (caught.value.lineno, caught.value.colno) == (line, column)


def test_depth_is_counted_and_brackets_in_strings_are_not() -> None:
    deepest = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert dumps(loads(deepest)) == deepest
    assert loads('"' + "[" * 5_000 + '"') == "[" * 5_000
    assert loads("[" + "[],{}," * 5_000 + "1]")[-1] == 1


def test_the_last_of_equal_keys_wins() -> None:
    assert loads('{"a": 1, "a": 2}') == {"a": 2}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"Arg1": 1, "Arg2": []}, "{Arg1=1, Arg2=[]}"),
        ({"a": {"b": "x y"}, "c": [1.5, None, True, "s"]}, "{a={b=x y}, c=[1.5, null, true, s]}"),
        ("bare", "bare"),
        (None, "null"),
        ({}, "{}"),
    ],
)
def test_java_prints(value: Any, text: str) -> None:
    assert java_text(value) == text


# Sizes


@pytest.mark.parametrize(("value", "total"), [(None, 4), ("", 2), ("é", 4), ("😀", 6), ({"a": 1}, 7), ([], 2), ([1, 2], 5), ("\ud800", 5)])
def test_size_is_in_bytes(value: Any, total: int) -> None:
    assert size(value) == total
    assert Sizes().measure(value) == total


@given(JSON, JSON, st.text(max_size=5))
def test_measuring_is_size_whatever_was_measured_before(value: Any, other: Any, key: str) -> None:
    sizes = Sizes()
    big = ["x" * 40, {"é": [1.5, True]}] * 50
    for shared in (
        {"big": big, "v": value},
        {"big": big, key: other},
        [big, value, big],
        {"n": {"m": {key: big}}},
        big,
        value,
        "y" * 5_000,
        10**2_000,
    ):
        assert sizes.measure(shared) == size(shared)
        assert sizes.measure(shared) == size(shared)


def test_a_large_part_is_written_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from states.language import values

    written: list[int] = []
    plain = values.dumps

    def counted(value: Any) -> str:
        text = plain(value)
        written.append(len(text))
        return text

    monkeypatch.setattr(values, "dumps", counted)
    sizes = Sizes()
    data: dict[str, Any] = {"items": [{"id": i, "name": "item"} for i in range(5_000)]}
    first = sizes.measure(data)
    for step in range(100):
        data = {**data, f"step{step}": {"ok": True}}
        sizes.measure(data)
    assert sizes.measure(data) == len(plain(data))
    assert sum(length for length in written if length >= Sizes.WORTH) == first


def test_no_more_than_two_generations_are_remembered() -> None:
    sizes = Sizes()
    for number in range(5_000):
        sizes.measure({"n": number, "text": "x" * 2_000})
    assert len(sizes._known) + len(sizes._older) <= 2 * Sizes._MANY
