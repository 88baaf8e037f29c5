"""Choice rules: the 39 operators, And, Or and Not, what is missing, and what is refused."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.errors import StatesError
from states.language.comparisons import COMPARISONS, InvalidCondition, compile_condition, matches_wildcard, wildcard
from tests.language.given import GivenScope, cases

CASES = cases("comparisons")
SCOPE = GivenScope(CASES["context"], CASES["variables"])


def holds(rule: dict[str, Any], data: Any) -> bool:
    return compile_condition(rule)(data, SCOPE)


@pytest.mark.parametrize("case", [pytest.param(case, id=str(case["rule"])) for case in CASES["cases"]])
def test_a_rule_holds_or_does_not(case: dict[str, Any]) -> None:
    if "result" in case:
        assert holds(case["rule"], CASES["given"]) is case["result"]
        return
    with pytest.raises(StatesError) as caught:
        holds(case["rule"], CASES["given"])
    cause = f"Invalid path '{case['invalid_path']}': The choice state's condition path references an invalid value."
    assert (caught.value.error, caught.value.cause) == ("States.Runtime", cause)


@pytest.mark.parametrize("case", [pytest.param(case, id=str(case["rule"])) for case in CASES["invalid"]])
def test_a_rule_that_is_none_is_refused_with_all_its_faults(case: dict[str, Any]) -> None:
    with pytest.raises(InvalidCondition) as caught:
        compile_condition(case["rule"])
    assert str(caught.value) == "; ".join(case["faults"])
    assert len(caught.value.faults) == len(case["faults"])


def test_the_table_has_the_39_operators_and_each_has_a_case() -> None:
    assert len(COMPARISONS) == 39
    used = {name for case in CASES["cases"] for name in case["rule"]}
    assert set(COMPARISONS) <= used


def test_rules_are_nested_a_hundred_deep_at_most() -> None:
    rule: dict[str, Any] = {"Variable": "$.t", "BooleanEquals": True}
    for _ in range(100):
        rule = {"Not": rule}
    assert holds(rule, {"t": True})
    for _ in range(5_000):
        rule = {"And": [rule]}
    with pytest.raises(InvalidCondition, match="nested deeper"):
        compile_condition(rule)


@given(st.text(alphabet="ab*\\", max_size=8), st.text(alphabet="ab*\\", max_size=8))
def test_wildcards_match_as_their_regular_expression_does(pattern: str, text: str) -> None:
    expression, position = "", 0
    while position < len(pattern):
        if pattern[position : position + 2] in ("\\*", "\\\\"):
            position += 1
            expression += re.escape(pattern[position])
        else:
            expression += ".*" if pattern[position] == "*" else re.escape(pattern[position])
        position += 1
    assert matches_wildcard(text, wildcard(pattern)) is (re.fullmatch(expression, text, re.DOTALL) is not None)


def test_a_hostile_wildcard_takes_no_exponential_time() -> None:
    started = time.process_time()
    assert not matches_wildcard("a" * 20_000, wildcard("*a" * 2_000 + "b"))
    assert not matches_wildcard("ab" * 10_000, wildcard("*ab*ba" * 1_000 + "*c*"))
    assert time.process_time() - started < 2


VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from([1.0, 2.5, "", "a", "b", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00"])
)
ORDERED = ["String", "Numeric", "Timestamp"]


@given(VALUES, VALUES, st.sampled_from(ORDERED))
def test_the_five_orders_agree(a: Any, b: Any, kind: str) -> None:
    found = {
        order: holds({"Variable": "$.a", f"{kind}{order}Path": "$.b"}, {"a": a, "b": b})
        for order in ("Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals")
    }
    assert sum(found[order] for order in ("Equals", "LessThan", "GreaterThan")) <= 1
    assert found["LessThanEquals"] is (found["LessThan"] or found["Equals"])
    assert found["GreaterThanEquals"] is (found["GreaterThan"] or found["Equals"])
    assert holds({"Variable": "$.b", f"{kind}GreaterThanPath": "$.a"}, {"a": a, "b": b}) is found["LessThan"]


@given(VALUES, VALUES, st.sampled_from([name for name in COMPARISONS if f"{name}Path" in COMPARISONS]))
def test_a_literal_and_the_path_to_it_give_the_same(a: Any, b: Any, name: str) -> None:
    try:
        literal = compile_condition({"Variable": "$.a", name: b})
    except InvalidCondition:
        assert not holds({"Variable": "$.a", f"{name}Path": "$.b"}, {"a": a, "b": b})
    else:
        assert literal({"a": a}, SCOPE) is holds({"Variable": "$.a", f"{name}Path": "$.b"}, {"a": a, "b": b})


@given(VALUES)
def test_a_value_has_one_type(value: Any) -> None:
    tests = [holds({"Variable": "$", name: True}, value) for name in ("IsNull", "IsString", "IsNumeric", "IsBoolean")]
    assert sum(tests) == 1
    assert holds({"Variable": "$", "IsPresent": True}, value)
