"""`states eval`: values on stdout, type and size on stderr, and of what is wrong the text and the place."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from typing import Any

import pytest

import states
from states.command.eval import context_object
from tests.test_command import Result, command, write

__all__ = ["command"]

ORDER = {"id": 7, "lines": [{"sku": "a", "price": 20}, {"sku": "b", "price": 5}], "note": None}


@pytest.fixture(autouse=True)
def _order(command: Any) -> None:
    write("order.json", ORDER)


def evaluated(command: Any, *arguments: str) -> tuple[Any, str]:
    """The value, and what was said of it."""
    result: Result = command("eval", *arguments)
    assert result.code == 0, result.err
    assert result.out.endswith("\n")
    return json.loads(result.out), result.err.rstrip("\n")


JSONATA = [
    ("1 + 1", 2, "number, 1 byte"),
    ("{% 1 + 1 %}", 2, "number, 1 byte"),
    ("$states.input", ORDER, "object of 3 keys, 75 bytes"),
    ("$states.input.note", None, "null, 4 bytes"),
    ("$sum($states.input.lines.price)", 25, "number, 2 bytes"),
    ("$states.input.lines[price > 10]", {"sku": "a", "price": 20}, "object of 2 keys, 22 bytes"),
    ("[$states.input.lines.sku]", ["a", "b"], "array of 2 items, 9 bytes"),
    ("[1]", [1], "array of 1 item, 3 bytes"),
    ("'漢'", "漢", "string, 5 bytes"),
    ("$states.context.Execution.Name", "execution", "string, 11 bytes"),
    ("$partition([1,2,3], 2)", [[1, 2], [3]], "array of 2 items, 11 bytes"),
    ("$not(true)", False, "boolean, 5 bytes"),
    ("$length($pad('', 300000))", 300000, "number, 6 bytes"),
    ("$pad('', 300000, 'x')", "x" * 300000, "string, 300,002 bytes; a state may give 262,144 at most"),
]

JSONPATH = [
    ("$", ORDER, "object of 3 keys, 75 bytes"),
    ("$.lines[0].sku", "a", "string, 3 bytes"),
    ("$.lines[?(@.price > 10)].sku", ["a"], "array of 1 item, 5 bytes"),
    ("$..nothing", [], "array of 0 items, 2 bytes"),
    ("$$.Execution.Input.id", 7, "number, 1 byte"),
    ("$$.State.Name", "State", "string, 7 bytes"),
    ("States.Format('order {}', $.id)", "order 7", "string, 9 bytes"),
    (" States.MathAdd($.id, 1) ", 8, "number, 1 byte"),
    ("States.JsonToString($)", json.dumps(ORDER, separators=(",", ":")), "string, 95 bytes"),
]


@pytest.mark.parametrize(("expression", "value", "told"), JSONATA, ids=[case[0] for case in JSONATA])
def test_jsonata(command: Any, expression: str, value: Any, told: str) -> None:
    assert evaluated(command, expression, "--input", "order.json") == (value, told)


@pytest.mark.parametrize(("expression", "value", "told"), JSONPATH, ids=[case[0] for case in JSONPATH])
def test_jsonpath(command: Any, expression: str, value: Any, told: str) -> None:
    assert evaluated(command, expression, "--jsonpath", "--input", "order.json") == (value, told)


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        (["$rate * 100", "--variables", '{"rate": 2}'], 200),
        (["$order.lines[1].sku", "--variables", '{"order": {"lines": [1, {"sku": "b"}]}}'], "b"),
        (["$v.a[1]", "--jsonpath", "--variables", '{"v": {"a": [1, 2]}}'], 2),
        (["States.Format('{}', $v)", "--jsonpath", "--variables", '{"v": 3}'], "3"),
        (["$$.Map.Item.Index", "--jsonpath", "--context", '{"Map": {"Item": {"Index": 3}}}'], 3),
        (["$$.State.Name", "--jsonpath", "--context", '{"Map": {"Item": {"Index": 3}}}'], "State"),
        (["$states.context.Task.Token", "--context", '{"Task": {"Token": "t"}}'], "t"),
        (["$states.input.a", "--input", '{"a": [1, 2]}'], [1, 2]),
        (["$states.input"], {}),
        (["$states.input", "--input", "null"], None),
        (["$states.input", "--input", "-"], {"from": "stdin"}),
    ],
)
def test_what_it_is_given(command: Any, arguments: list[str], value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO('{"from": "stdin"}'))
    assert evaluated(command, *arguments)[0] == value


@pytest.mark.parametrize("expression", [["$uuid()"], ["$random()"], ["States.UUID()", "--jsonpath"]])
def test_a_seed_decides_what_is_random(command: Any, expression: list[str]) -> None:
    by_seed = [evaluated(command, *expression, *seed)[0] for seed in ([], ["--seed", "0"], ["--seed", "1"], ["--seed", "1"])]
    assert by_seed[0] == by_seed[1] != by_seed[2] == by_seed[3]


def test_the_context_is_that_of_a_state() -> None:
    task = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work", "Parameters": {"c.$": "$$"}, "End": True}
    execution = states.run({"StartAt": "State", "States": {"State": task}}, {"a": 1}, {"work": lambda event, _: event["c"]})
    assert execution.output == context_object({"a": 1})


# ---------------------------------------------------------------- what is wrong, and where

#: Expression and options, what is said, and the text that begins above the caret; None where there is none.
FAULTS = [
    (["1 +"], "Unexpected end of expression", ""),
    (["{%   'a' + 1 %}"], "States.QueryEvaluationError: the expression threw an error. T2001: The left side of the", "+ 1"),
    (["$sum('x')"], "T0412: Argument 1 of function", "('x')"),
    (["1 +\n$sum(\n  'x')"], "T0412: Argument 1 of function", "("),
    (["漢 & '漢漢' + 1"], "Reference to '漢' at the top level is not supported", "漢 & '漢漢'"),
    (["'漢漢' + 1"], "T2001: The left side of the", "+ 1"),
    (["'" + "x" * 300 + "' + 1"], "T2001: The left side of the", "+ 1"),
    (["$.id"], "Reference to '$' at the top level is not supported.\nwith --jsonpath it is a path or an intrinsic call", "$.id"),
    (["States.UUID()"], "\nwith --jsonpath it is a path or an intrinsic call", "States.UUID()"),
    (["$states.input.nothing"], "States.QueryEvaluationError: the expression returned nothing (undefined)", None),
    (["$sum"], "the expression returned a function, which is no JSON", None),
    ([""], "Unexpected end of expression", ""),
    (["[1..1e9]"], "D2014: The size of the sequence", "..1e9"),
    (["($f := function(){1 + $f()}; $f())"], "the expression threw an error: Stack overflow error", "()}"),
    (["$.", "--jsonpath"], "'$.': Path must not end with a '.'", None),
    (["$.a[", "--jsonpath"], "Could not parse token starting at position 3", "["),
    (["$.order.id", "--jsonpath"], "States.Runtime: Missing property in path $['order']", None),
    (["$nothing.x", "--jsonpath"], "States.Runtime: The variable path '$nothing.x' references an invalid value.", None),
    (["hello", "--jsonpath"], "expected a call of an intrinsic function, such as States.UUID()\na path begins with $", "hello"),
    (["", "--jsonpath"], "expected a call of an intrinsic function", ""),
    (["States.Nope()", "--jsonpath"], "there is no intrinsic function States.Nope", "States.Nope()"),
    (["States.Format('{}' $.a)", "--jsonpath"], "expected ',' or ')'", "$.a)"),
    (["States.Format('{}', $.a)", "--jsonpath"], "States.Runtime: The JsonPath argument for the field '$.a' could not be found", "$.a)"),
    (
        ["States.Array(1, States.MathAdd('x', 1))", "--jsonpath"],
        "States.IntrinsicFailure: The function 'States.MathAdd('x', 1)' had the following error",
        "States.MathAdd(",
    ),
]


@pytest.mark.parametrize(("arguments", "message", "at"), FAULTS, ids=[" ".join(case[0])[:40] for case in FAULTS])
def test_what_is_wrong_and_where(command: Any, arguments: list[str], message: str, at: str | None) -> None:
    result = command("eval", *arguments)
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("states: ")
    assert message in result.err
    assert "Traceback" not in result.err
    *_, line, caret = ["", *result.err.splitlines()]
    assert (caret.strip() == "^") == (at is not None)
    if at is not None:
        from rich.cells import set_cell_size

        assert line.startswith(set_cell_size(line, len(caret) - 1) + at)
        assert len(line) <= 80


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "required: EXPRESSION"),
        (["1", "--input", "nothing"], "--input: 'nothing' is neither a file nor JSON"),
        (["1", "--variables", "3"], "--variables: expected an object"),
        (["1", "--context", "{oops"], "the context is not JSON"),
        (["1", "--context", "[]"], "--context: expected an object"),
        (["1", "--input", "-", "--context", "-"], "stdin can be only one of"),
        (["1", "--nope"], "unrecognized arguments: --nope"),
    ],
)
def test_wrong_use(command: Any, arguments: list[str], message: str) -> None:
    result = command("eval", *arguments)
    assert (result.code, result.out) == (2, "")
    assert message in result.err


def test_nothing_heavy_is_imported_for_a_path(command: Any) -> None:
    code = "import sys; from states.__main__ import main; main(['eval', '--jsonpath', '$.a', '-i', '{\"a\": 1}']); print(*sys.modules)"
    imported = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True).stdout.split()
    assert {"rich", "jsonpath_ng", "jsonschema", "networkx", "states.language.jsonata", "states.interpreter"} & set(imported) == set()


def test_a_reader_of_the_value_that_goes_away_is_no_fault() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.Popen([sys.executable, "-m", "states", "eval", "[1..9]"], stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err.strip()) == (0, b"array of 9 items, 19 bytes")
