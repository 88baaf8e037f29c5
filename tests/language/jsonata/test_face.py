"""What the package shows: compiling, evaluating, references, the checks of a definition, places of errors, and what is imported when."""

from __future__ import annotations

import subprocess
import sys
from random import Random
from time import perf_counter
from typing import Any

import pytest

from states.language import jsonata

STATES = {"states": {"input": {"a": {"b": [1, {"c": 2}], "d": 1.0}, "list": [{"x": 1}, {"x": 2}]}}, "v": 5}


def test_equal_texts_are_compiled_once() -> None:
    assert jsonata.compile("1 + 1") is jsonata.compile("1 + 1")


@pytest.mark.parametrize(
    ("text", "reference", "value"),
    [
        ("$v", ("v",), 5),
        ("$states.input.a.b", ("states", "input", "a", "b"), [1, {"c": 2}]),
        ('$states.input.`a`."d"', ("states", "input", "a", "d"), 1),
        ("$states.input.missing.deeper", ("states", "input", "missing", "deeper"), jsonata.UNDEFINED),
        ("$states.input.list.x", ("states", "input", "list", "x"), [1, 2]),
        ("$states.input.a.b.c", ("states", "input", "a", "b", "c"), 2),
        ("$nothing", ("nothing",), jsonata.UNDEFINED),
        ("$states.input.list[0]", None, {"x": 1}),
        ("$states.input.a[]", None, [STATES["states"]["input"]["a"]]),  # type: ignore[index]
        ("($v)", None, 5),
        ("$v.($)", None, 5),
    ],
)
def test_a_pure_reference_is_known_as_one(text: str, reference: Any, value: Any) -> None:
    expression = jsonata.compile(text)
    assert expression.reference == reference
    assert expression.evaluate(STATES) == value


def test_a_pure_reference_costs_next_to_nothing() -> None:
    evaluate = jsonata.compile("$states.input.a.b").evaluate
    best = 1.0
    for _ in range(20):
        started = perf_counter()
        for _ in range(1000):
            evaluate(STATES)
        best = min(best, perf_counter() - started)
    assert best / 1000 < 2e-6


def test_a_function_as_result_is_told_apart() -> None:
    for text in ("$sum", "function($x){ $x }", "$f := function($x){ $x }", "$substring(?, 1)", "/a/", "[$sum]", "{'a': $sum}"):
        assert isinstance(jsonata.compile(text).evaluate({}), jsonata.FunctionValue)


def test_chance_and_time_are_handed_in() -> None:
    drawn = [jsonata.compile("[$random(), $uuid()]").evaluate({}, random=Random(7)) for _ in range(2)]
    assert drawn[0] == drawn[1]
    told = jsonata.compile("[$now(), $millis(), $now('[Y]')]").evaluate({}, now=1709201472.345)
    assert told == ["2024-02-29T10:11:12.345Z", 1709201472345, "2024"]


def test_data_are_made_plain_where_they_enter() -> None:
    value = {"a": [1.0, 2.5, 2**63, "1.0"], "b": {"c": 1}}
    assert repr(jsonata.plain(value)) == "{'a': [1, 2.5, 9.223372036854776e+18, '1.0'], 'b': {'c': 1}}"
    assert jsonata.plain(value)["b"] is value["b"]
    assert jsonata.plain(value["b"]) is value["b"]


def test_a_context_can_be_given() -> None:
    assert jsonata.compile("x + 1").evaluate({}, context={"x": 1}) == 2
    assert jsonata.compile("$[0]").evaluate({}, context=[[1], 2]) == [1]
    assert jsonata.compile("$$.x").evaluate({}, context={"x": 1}) == 1
    assert jsonata.compile("x").evaluate({"x": 1}) is jsonata.UNDEFINED


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("[1 2]", "S0202", 3),
        ("1 +", "S0207", 3),
        ("(1", "S0203", 2),
        ('"abc', "S0101", 0),
        ("a ~ b", "S0204", 2),
        ("1 + }", "S0211", 4),
        ("a.1", "S0213", 2),
        ("/(/", "S0302", 0),
        ("/[b-a]/", "S0303", 0),
        ("function(x){1}", "S0208", 9),
        ("function($x)<x<n>>{1}", "S0401", 14),
    ],
)
def test_a_syntax_error_has_its_place(text: str, code: str, position: int) -> None:
    with pytest.raises(jsonata.JsonataError) as caught:
        jsonata.compile(text)
    assert (caught.value.code, caught.value.position, caught.value.kind) == (code, position, jsonata.SYNTAX)


@pytest.mark.parametrize(
    ("text", "code", "position", "tail"),
    [
        ("1 + 'a'", "T2002", 2, '. T2002: The right side of the "+" operator must evaluate to a number'),
        ("$map([1], function($x){ $x.y.$uppercase(5) & $foo(1) })", "T1006", 49, ". T1006: Attempted to invoke a non-function"),
        ("1 + $sum('a')", "T0412", 8, '. T0412: Argument 1 of function "sum" must be an array of "numbers"'),
        ("[1..1000000]", "U1001", 2, ": Expression evaluation memory limit exceeded: Check for excessive memory usage"),
    ],
)
def test_an_error_has_its_place_and_the_tail_of_a_cause(text: str, code: str, position: int, tail: str) -> None:
    with pytest.raises(jsonata.JsonataError) as caught:
        jsonata.compile(text).evaluate({})
    assert (caught.value.code, caught.value.position, caught.value.tail) == (code, position, tail)
    assert caught.value.what == f"threw an error during evaluation{tail}"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("$a + $b.c", {"a", "b"}),
        ("($a := 1; $a + $b)", {"b"}),
        ("$sum($x)", {"x"}),
        ("$map($x, function($v, $i){ $v + $i + $w })", {"x", "w"}),
        ("($f := function($n){ $f($n) }; $f(1))", set()),
        ("$x@$a.y#$i.[$a, $i, $z]", {"x", "z"}),
        ("$x[$y = 1]{$z: $q}", {"x", "y", "z", "q"}),
        ("$x^($t)", {"x", "t"}),
        ("$x ~> |$|{'a': $u}|", {"x", "u"}),
        ("$", set()),
        ("$states.input", {"states"}),
    ],
)
def test_the_variables_an_expression_needs(text: str, names: set[str]) -> None:
    assert jsonata.compile(text).variables == names


def test_the_fields_of_states_an_expression_names() -> None:
    expression = jsonata.compile("$map($states.input.x, function($v){ $v & $states.context.Execution.Name }) & $states.result[0]")
    assert expression.states_fields == {"input", "context", "result"}


INVALID, UNSUPPORTED = "INVALID_JSONATA_EXPRESSION", "UNSUPPORTED_JSONATA_EXPRESSION"


def top(name: str) -> str:
    return f"Reference to '{name}' at the top level is not supported."


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("1 + 1", []),
        ("[1, 2", [(INVALID, 'Expected "]" before end of expression', 5)]),
        ('{"a" 1}', [(INVALID, 'Expected ":", got 1', 5)]),
        ("[1, }", [(INVALID, 'The symbol "}" cannot be used as a unary operator', 4)]),
        ("$$", [(UNSUPPORTED, "Reference to '$$' is not supported.", 0)]),
        ("$x[$$.y = 1]", [(UNSUPPORTED, "Reference to '$$' is not supported.", 3)]),
        ("$", [(UNSUPPORTED, top("$"), 0)]),
        ("a.b.c", [(UNSUPPORTED, top("a"), 0)]),
        ("$sum(a)", [(UNSUPPORTED, top("a"), 5)]),
        ("a + b", [(UNSUPPORTED, top("a"), 0), (UNSUPPORTED, top("b"), 4)]),
        ("[a, {b: $}]", [(UNSUPPORTED, top("a"), 1), (UNSUPPORTED, top("b"), 5), (UNSUPPORTED, top("$"), 8)]),
        ("$map($x, function($v){ b })", [(UNSUPPORTED, top("b"), 23)]),
        ("$x[a = $.b]", []),
        ("$x.a.($.b)", []),
        ("$x^(a)", []),
        ("$x{a: $sum(b)}", []),
        ("$x ~> |a|{'b': c}|", []),
        ("$states.errorOutput.Cause", [(UNSUPPORTED, "Field '$states.errorOutput' does not exist.", 0)]),
        ("$unknown(1)", []),
        ("$eval('1')", []),
    ],
)
def test_the_faults_of_an_expression_in_a_definition(text: str, faults: list[tuple[str, str, int]]) -> None:
    assert jsonata.faults(text) == faults


def test_a_catcher_may_read_the_error() -> None:
    assert jsonata.faults("$states.errorOutput.Cause", in_catch=True) == []


def test_a_transform_changes_only_its_copy() -> None:
    given = {"states": {"input": {"a": {"x": 1}}}}
    assert jsonata.compile("$states.input ~> |$states.input.a|{'x': 2}|").evaluate(given) == {"a": {"x": 1}}
    assert jsonata.compile("$states.input ~> |a|{'x': 2}|").evaluate(given) == {"a": {"x": 2}}
    assert jsonata.compile("($clone := function($x){ $x }; $states.input ~> |a|{'x': 2}|)").evaluate(given) == {"a": {"x": 2}}
    assert given == {"states": {"input": {"a": {"x": 1}}}}


def test_the_engine_is_imported_with_the_first_expression() -> None:
    check = (
        "import sys; from states.language import jsonata; before = [m for m in sys.modules if m.endswith('.parser')];"
        "jsonata.compile('1'); late = {'random', 'hashlib', 'datetime', 'decimal', 'urllib.parse', 'base64'} & set(sys.modules);"
        "print(before, sorted(m for m in late))"
    )
    done = subprocess.run([sys.executable, "-S", "-c", check], capture_output=True, text=True, check=True, cwd=".")
    assert done.stdout.strip() == "[] []"
