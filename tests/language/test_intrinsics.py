"""Intrinsic functions: results, causes, what is refused at definition time, and that hostile calls stay cheap."""

from __future__ import annotations

import copy
import re
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.errors import StatesError
from states.language.intrinsic_functions import INTRINSICS, java_next_int
from states.language.intrinsics import InvalidIntrinsic, compile_intrinsic
from states.language.values import equal
from tests.language.given import GivenScope, cases, identical

CASES = cases("intrinsics")


class Scope(GivenScope):
    def text(self, value: Any) -> str:
        return '{"given":true}'


SCOPE = Scope(CASES["context"], CASES["variables"])


def call(text: str, data: Any = None) -> Any:
    return compile_intrinsic(text).evaluate(data, SCOPE)


def by_call(key: str) -> list[Any]:
    return [pytest.param(case, id=case["call"]) for case in CASES["cases"] if key in case]


@pytest.mark.parametrize("case", by_call("result"))
def test_a_call_has_a_result(case: dict[str, Any]) -> None:
    data = copy.deepcopy(CASES["given"])
    assert identical(call(case["call"], data), case["result"])
    assert identical(data, CASES["given"]), "the data were changed"


@pytest.mark.parametrize("case", by_call("fails"))
def test_a_call_fails_with_a_cause(case: dict[str, Any]) -> None:
    with pytest.raises(StatesError) as caught:
        call(case["call"], CASES["given"])
    assert caught.value.error == "States.IntrinsicFailure"
    assert caught.value.cause == f"The function '{case.get('within', case['call'])}' had the following error: {case['fails']}"


@pytest.mark.parametrize("case", by_call("runtime"))
def test_an_argument_that_is_not_there_is_a_runtime_error(case: dict[str, Any]) -> None:
    with pytest.raises(StatesError) as caught:
        call(case["call"], CASES["given"])
    assert (caught.value.error, caught.value.cause) == ("States.Runtime", case["runtime"])


@pytest.mark.parametrize("case", [pytest.param(case, id=case["call"] or "empty") for case in CASES["invalid"]])
def test_what_is_no_call_is_refused_with_its_place(case: dict[str, Any]) -> None:
    with pytest.raises(InvalidIntrinsic) as caught:
        compile_intrinsic(case["call"])
    assert caught.value.position == case["position"], str(caught.value)


def test_the_table_has_the_eighteen_functions() -> None:
    assert len(INTRINSICS) == 18
    assert {name for case in CASES["cases"] for name in re.findall(r"States\.(\w+)", case["call"])} | {"UUID"} == set(INTRINSICS)


@pytest.mark.parametrize(("depth", "accepted"), [(1, True), (10, True), (11, False), (5_000, False)])
def test_calls_are_nested_ten_deep_at_most(depth: int, accepted: bool) -> None:
    text = "States.Array(" * depth + ")" * depth
    if accepted:
        assert len(call(text)) == (depth > 1)
    else:
        with pytest.raises(InvalidIntrinsic, match="nested"):
            compile_intrinsic(text)


def test_a_call_is_compiled_once() -> None:
    assert compile_intrinsic("States.UUID()") is compile_intrinsic("States.UUID()")
    assert compile_intrinsic("States.UUID()").text == "States.UUID()"


@pytest.mark.parametrize(
    ("seed", "bound", "number"),
    [(42, 1000, 130), (7, 100, 36), (42, 16, 11), (-5, 2000000000, 578319411), (123, 2147483647, 1553004782), (1, 1, 0)],
)
def test_a_seed_draws_what_java_draws(seed: int, bound: int, number: int) -> None:
    assert java_next_int(seed, bound) == number


@given(st.integers(-(2**31), 2**31 - 1), st.integers(-(2**31), 2**31 - 1), st.none() | st.integers(-(2**31), 2**31 - 1))
def test_a_random_number_lies_in_its_range_and_follows_its_seed(a: int, b: int, seed: int | None) -> None:
    start, end = min(a, b), max(a, b) + 1
    if end > 2**31 - 1:
        end = 2**31 - 1
    if start == end:
        return
    text = f"States.MathRandom({start}, {end}{'' if seed is None else f', {seed}'})"
    drawn = call(text)
    assert start <= drawn < end
    assert seed is None or call(text) == drawn


def test_chance_comes_from_the_scope_alone() -> None:
    text = "States.Array(States.UUID(), States.MathRandom(0, 1000000))"
    first, again = (compile_intrinsic(text).evaluate(None, GivenScope(seed=5)) for _ in range(2))
    assert first == again
    assert first != compile_intrinsic(text).evaluate(None, GivenScope(seed=6))


def test_a_uuid_is_of_version_four() -> None:
    for _ in range(50):
        assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", call("States.UUID()"))


SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-3, 3).map(lambda x: round(x, 1)) | st.text(max_size=2)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3), max_leaves=8
)


@given(st.lists(JSON, max_size=8))
def test_unique_keeps_the_first_of_equal_items(items: list[Any]) -> None:
    kept = call("States.ArrayUnique($)", items)
    expected: list[Any] = []
    for item in items:
        if not any(equal(item, other) for other in expected):
            expected.append(item)
    assert identical(kept, expected)


@given(st.lists(JSON, max_size=8), JSON, st.integers(1, 9))
def test_laws_of_arrays(items: list[Any], value: Any, length: int) -> None:
    assert call("States.ArrayContains($.a, $.v)", {"a": items, "v": value}) is any(equal(item, value) for item in items)
    chunks = call(f"States.ArrayPartition($, {length})", items)
    assert [item for chunk in chunks for item in chunk] == items
    assert all(len(chunk) == length for chunk in chunks[:-1])


@given(JSON)
def test_laws_of_texts(value: Any) -> None:
    text = call("States.JsonToString($)", value)
    assert identical(call("States.StringToJson($)", text), value)
    assert call("States.Base64Decode(States.Base64Encode($))", text) == text


@given(st.text(max_size=30), st.text(min_size=1, max_size=3))
def test_splitting_leaves_no_delimiter_and_no_empty_piece(text: str, marks: str) -> None:
    pieces = call("States.StringSplit($.t, $.m)", {"t": text, "m": marks})
    assert "".join(pieces) == "".join(char for char in text if char not in marks)
    assert all(piece and not set(piece) & set(marks) for piece in pieces)


@given(st.text(alphabet="States.Array()FormatUUID'{}\\$,. 01", max_size=30))
def test_any_text_is_a_call_or_is_refused(text: str) -> None:
    positions: list[tuple[int, int]] = []
    errors: set[str | None] = set()
    for candidate in (text, f"States.Array({text})", f"States.Format({text})"):
        try:
            compiled = compile_intrinsic(candidate)
        except InvalidIntrinsic as error:
            positions.append((error.position, len(candidate)))
            continue
        try:
            compiled.evaluate({}, GivenScope())
        except StatesError as failure:
            errors.add(failure.error)
    assert all(0 <= position <= length for position, length in positions)
    assert errors <= {"States.IntrinsicFailure", "States.Runtime"}


@pytest.mark.parametrize(
    ("text", "argument"),
    [
        ("States.Base64Encode($)", "x" * 10_001),
        ("States.Base64Decode($)", "x" * 10_001),
        ("States.Hash($, 'MD5')", "x" * 10_001),
        ("States.StringToJson($)", "[" * 100_000),
        ("States.StringToJson($)", "9" * 10_000),
    ],
)
def test_arguments_are_bounded(text: str, argument: str) -> None:
    with pytest.raises(StatesError) as caught:
        call(text, argument)
    assert caught.value.error == "States.IntrinsicFailure"


def test_values_deeper_than_the_stack_fail_or_work_but_break_nothing() -> None:
    deep: Any = []
    for _ in range(20_000):
        deep = [deep]
    assert len(call("States.JsonToString($)", deep)) == 40_002
    assert call("States.ArrayContains(States.Array($), $)", deep) is True
    for text in ("States.Format('{}', $)", "States.Format('{}{}', 1, $)", "States.ArrayUnique($)"):
        with pytest.raises(StatesError, match="nested too deep"):
            call(text, deep)


def test_large_arrays_are_not_compared_with_one_another() -> None:
    items = [{"id": number % 5_000, "name": "item"} for number in range(20_000)]
    assert len(call("States.ArrayUnique($)", items)) == 5_000


def test_the_generator_of_the_scope_is_left_alone_by_seeds() -> None:
    scope = GivenScope(seed=1)
    compile_intrinsic("States.MathRandom(0, 10, 3)").evaluate(None, scope)
    assert scope.random.random() == Random(1).random()
