"""Inspected: what a trace shows below a visit of what every filter made of its data."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.cells import cell_len
from rich.text import Text

import states
from states.interpreter.inspection import Inspector
from states.interpreter.setup import Setup
from states.views import changes
from states.views.changes import cut, drawn, equal
from states.views.console import console
from states.views.inspected import JSONATA, JSONPATH, Inspected
from states.views.story import read
from states.views.trace import Trace
from tests.interpreter.cases import FUNCTION_ARN

WORK = {"Type": "Task", "Resource": FUNCTION_ARN + "work"}


CHILD = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "I", "States": {"I": {"Type": "Succeed"}}}


def one(state: dict[str, Any], **more: dict[str, Any]) -> dict[str, Any]:
    """A machine whose first state is S; the others are given by name."""
    first = state if more or state["Type"] in ("Fail", "Succeed") else {**state, "End": True}
    return {"StartAt": "S", "States": {"S": first, **more}}


def shown(machine: dict[str, Any], input: Any, result: Any = None, *, width: int = 100, names: Any = ("S",)) -> list[str]:
    """The lines below the visits of the inspected states, without the tree and the other lines."""
    inspector = Inspector(names)

    def work(event: Any, context: Any) -> Any:
        return result(context) if callable(result) else result

    execution = states.run(machine, input, {"work": work}, setup=Setup(probe=inspector))
    story = read(execution.history.recorded)
    file = io.StringIO()
    made = console(file)
    made.width = width
    made.print(Trace(story, inspected=Inspected(inspector.attempts, execution.machine)), end="")
    lines = file.getvalue().splitlines()[:-1]
    assert all(cell_len(line) <= width for line in lines)
    return [line.lstrip("│├└─ ").rstrip() for line in lines]


CASES: list[tuple[str, dict[str, Any], Any, Any, list[str]]] = [
    (
        "filters that change nothing are named in a line",
        WORK,
        {"n": 1},
        {"ok": True},
        [
            '✓ S  Task  work',
            'input           {"n": 1}',
            "InputPath, Parameters  unchanged",
            'result          {"ok": true}',
            "ResultSelector, ResultPath, OutputPath  unchanged",
        ],
    ),
    (
        "those that do are written out, and what ResultPath added is told",
        {
            **WORK,
            "InputPath": "$.a",
            "Parameters": {"n.$": "$.n"},
            "ResultSelector": {"half.$": "$.x"},
            "ResultPath": "$.r",
            "OutputPath": "$.r.half",
        },
        {"a": {"n": 3}, "b": 0},
        {"x": 1.5, "y": 0},
        [
            "✓ S  Task  work",
            'input           {"a": {"n": 3}, "b": 0}',
            'InputPath       {"n": 3}',
            "Parameters  unchanged",
            'result          {"x": 1.5, "y": 0}',
            'ResultSelector  {"half": 1.5}',
            'ResultPath      {"a": {"n": 3}, "b": 0, "r": {"half": 1.5}}   + r',
            "OutputPath      1.5",
        ],
    ),
    (
        "a ResultPath inside is told by its path",
        {**WORK, "ResultPath": "$.a.r"},
        {"a": {"n": 3}, "b": 0},
        7,
        [
            "✓ S  Task  work",
            'input           {"a": {"n": 3}, "b": 0}',
            "InputPath, Parameters  unchanged",
            "result          7",
            "ResultSelector  unchanged",
            'ResultPath      {"a": {"n": 3, "r": 7}, "b": 0}   + a.r',
            "OutputPath  unchanged",
        ],
    ),
    (
        "a ResultPath of null",
        {**WORK, "ResultPath": None},
        {"a": 1},
        7,
        [
            "✓ S  Task  work",
            'input           {"a": 1}',
            "InputPath, Parameters  unchanged",
            "result          7",
            "ResultSelector  unchanged",
            "ResultPath      the input again",
            "OutputPath  unchanged",
        ],
    ),
    (
        "a value that was there is changed",
        {"Type": "Pass", "Result": 2, "ResultPath": "$.a"},
        {"a": 1, "b": 0},
        None,
        [
            "✓ S  Pass",
            'input           {"a": 1, "b": 0}',
            "InputPath, Parameters  unchanged",
            "Result          2",
            'ResultPath      {"a": 2, "b": 0}   ~ a',
            "OutputPath  unchanged",
        ],
    ),
    (
        "true is not 1",
        {"Type": "Pass", "Parameters": {"n": True}},
        {"n": 1},
        None,
        [
            "✓ S  Pass",
            'input           {"n": 1}',
            "InputPath  unchanged",
            'Parameters      {"n": true}',
            "ResultPath, OutputPath  unchanged",
        ],
    ),
    (
        "a filter that fails",
        {"Type": "Pass", "OutputPath": "$.none"},
        {"a": 1},
        None,
        [
            "✗ S  Pass  States.Runtime: Invalid path '$.none' : No results for path: $['none']",
            'input           {"a": 1}',
            "InputPath, Parameters, ResultPath  unchanged",
            "OutputPath      ✗ States.Runtime: Invalid path '$.none' : No results for path: $['none']",
        ],
    ),
    (
        "a JSONata state",
        {**WORK, "QueryLanguage": "JSONata", "Arguments": {"n": "{% $states.input.n %}"}, "Assign": {"v": "{% $states.result %}"},
         "Output": "{% $merge([$states.input, {'r': $states.result}]) %}"},
        {"n": 3, "m": 4},
        7,
        [
            "✓ S  Task  work",
            'input           {"n": 3, "m": 4}',
            'Arguments       {"n": 3}   - m',
            "result          7",
            'Output          {"n": 3, "m": 4, "r": 7}   + r',
            "+ $v            7",
        ],
    ),
    (
        "a Map",
        {
            "Type": "Map",
            "ItemsPath": "$.l",
            "MaxConcurrency": 2,
            "ItemSelector": {"v.$": "$$.Map.Item.Value"},
            "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}},
        },
        {"l": [7, 8, 9, 10, 11, 12]},
        None,
        [
            "✓ S         Map      6 items",
            'input           {"l": [7, 8, 9, 10, 11, 12]}',
            "InputPath, Parameters  unchanged",
            "ItemsPath       [7, 8, 9, 10, 11, 12]",
            'ItemSelector    [0] {"v": 7}',
            '[1] {"v": 8}',
            '[2] {"v": 9}',
            '[3] {"v": 10}',
            "… 2 more",
            "MaxConcurrency  2",
            'result          [{"v": 7}, {"v": 8}, {"v": 9}, {"v": 10}, {"v": 11}, {"v": 12}]',
            "ResultSelector, ResultPath, OutputPath  unchanged",
            "✓ [0] I  Succeed",
            "… 5 more: 5 succeeded",
        ],
    ),
    (
        "a distributed Map: the numbers and batches that it declares, in one column",
        {"Type": "Map", "ItemsPath": "$.l", "ToleratedFailureCount": 1, "ItemProcessor": CHILD, "ResultPath": "$.r"},
        {"l": [7, 8]},
        None,
        [
            "✓ S  Map  2 items",
            'input                 {"l": [7, 8]}',
            "InputPath, Parameters  unchanged",
            "ItemsPath             [7, 8]",
            "ToleratedFailureCount 1",
            "result                [7, 8]",
            "ResultSelector  unchanged",
            'ResultPath            {"l": [7, 8], "r": [7, 8]}   + r',
            "OutputPath  unchanged",
        ],
    ),
    (
        "a MaxConcurrency of 0 and batches that are declared",
        {"Type": "Map", "MaxConcurrency": 0, "ItemBatcher": {"MaxItemsPerBatch": 2}, "ItemProcessor": CHILD, "ResultPath": None},
        [7, 8, 9],
        None,
        [
            "✓ S  Map  3 items",
            "input           [7, 8, 9]",
            "InputPath, Parameters, ItemsPath  unchanged",
            'ItemBatcher     [0] {"Items": [7, 8]}',
            '[1] {"Items": [9]}',
            "MaxConcurrency  0",
            'result          [{"Items": [7, 8]}, {"Items": [9]}]',
            "ResultSelector  unchanged",
            "ResultPath      the input again",
            "OutputPath  unchanged",
        ],
    ),
    (
        "a Map in JSONata that declares no Items, and a number that is an expression",
        {"Type": "Map", "QueryLanguage": "JSONata", "MaxConcurrency": "{% $count($states.input) %}",
         "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}}},
        [7],
        None,
        [
            "✓ S         Map      1 item",
            "input           [7]",
            "Items  unchanged",
            "MaxConcurrency  1",
            "result          [7]",
            "Output  unchanged",
            "✓ [0] I  Succeed",
        ],
    ),
    ("a Fail", {"Type": "Fail", "Error": "E"}, {"a": 1}, None, ["✗ S  Fail  E", 'input           {"a": 1}']),
    ("a Succeed", {"Type": "Succeed", "InputPath": "$.a"}, {"a": 1}, None,
     ["✓ S  Succeed", 'input           {"a": 1}', "InputPath       1", "OutputPath  unchanged"]),
    (
        "control characters do not reach the terminal",
        {"Type": "Pass", "Parameters": {"\x1b[2J": "\x07"}},
        {},
        None,
        [
            "✓ S  Pass",
            "input           {}",
            "InputPath  unchanged",
            'Parameters      {"\\u001b[2J": "\\u0007"}',
            "ResultPath, OutputPath  unchanged",
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("state", "input", "result", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_is_shown_below_a_visit(state: Any, input: Any, result: Any, expected: list[str]) -> None:
    assert shown(one(state), input, result) == expected


def test_each_attempt_has_its_own_lines() -> None:
    def result(context: Any) -> Any:
        if context.attempt < 3:
            raise states.TaskError("Busy", "later")
        return "done"

    state = {**WORK, "Parameters": {"n.$": "$"}, "Retry": [{"ErrorEquals": ["Busy"]}]}
    lines = shown(one(state), 5, result)
    assert [line.partition("  ")[0] if line[0] in "✓✗!" else line for line in lines[1:]] == [
        "! attempt 1",
        "input           5",
        "InputPath  unchanged",
        'Parameters      {"n": 5}',
        "result          ✗ Busy: later",
        "! attempt 2",
        "input, InputPath, Parameters  as before",
        "result          ✗ Busy: later",
        "✓ attempt 3",
        "input, InputPath, Parameters  as before",
        'result          "done"',
        "ResultSelector, ResultPath, OutputPath  unchanged",
    ]


def test_a_failure_that_was_caught_shows_what_the_catcher_made() -> None:
    state = {**WORK, "Catch": [{"ErrorEquals": ["E"], "ResultPath": "$.failure", "Next": "T"}]}

    def result(context: Any) -> Any:
        raise states.TaskError("E", "why")

    lines = shown(one({**state, "Next": "T"}, T={"Type": "Succeed"}), {"n": 1}, result)
    assert lines[1:-1] == [
        'input           {"n": 1}',
        "InputPath, Parameters  unchanged",
        "result          ✗ E: why",
        'Catch           {"n": 1, "failure": {"Error": "E", "Cause": "why"}}   + failure',
    ]


def test_an_input_that_the_state_before_showed_is_not_written_again() -> None:
    long = {"text": "x" * 200}
    machine = one({"Type": "Pass", "Next": "T"}, T={"Type": "Pass", "End": True})
    assert "input           the output of S  211 bytes" in shown(machine, long, names=None)
    assert "input           the output of S  211 bytes" not in shown(machine, long, names=["T"])
    assert shown(machine, {"n": 1}, names=None).count('input           {"n": 1}') == 2


def test_variables_in_sight_are_written_once() -> None:
    machine = one({"Type": "Pass", "Assign": {"a": 1, "b": [2]}, "Next": "T"}, T={"Type": "Pass", "Assign": {"a": 3}, "Next": "U"},
                  U={"Type": "Succeed"})  # fmt: skip
    assert [line for line in shown(machine, {}, names=None) if "$" in line] == [
        "+ $a            1",
        "+ $b            [2]",
        "variables       $a, $b as before",
        "+ $a            3",
        "variables       $a, $b as before",
    ]
    assert [line for line in shown(machine, {}, names=["U"]) if "$" in line] == ["$a              3", "$b              [2]"]


def test_branches_iterations_and_visits_in_a_loop_each_have_theirs() -> None:
    machine = one(
        {"Type": "Parallel", "Branches": [{"StartAt": n, "States": {n: {"Type": "Pass", "Result": n, "End": True}}} for n in "BC"]}
    )
    lines = shown(machine, {"n": 1}, names=None)
    assert [line for line in lines if line.startswith(("Result ", "result"))] == [
        'result          ["B", "C"]',
        'Result          "B"',
        'Result          "C"',
    ]


def test_states_that_are_not_asked_for_are_as_they_were() -> None:
    machine = one({"Type": "Pass", "Next": "T"}, T={"Type": "Pass", "End": True})
    assert shown(machine, {}, names=["T"])[:1] == ["✓ S  Pass"]
    assert shown(machine, {}, names=[]) == ["✓ S  Pass", "✓ T  Pass"]


@pytest.mark.parametrize("width", [30, 40, 60, 80, 120, 200])
def test_every_width_is_kept(width: int) -> None:
    value = {"a": ["日本" * 50, {"b": "x" * 300}], "n" * 50: list(range(500)), "c": {str(n): n for n in range(60)}}
    lines = shown(one({"Type": "Pass", "Parameters": {"v.$": "$", "k": 1}, "ResultPath": "$.r"}), value, width=width, names=None)
    assert 10 < len(lines) < 60


def test_a_long_name_of_a_number_moves_the_column_only_where_there_is_room() -> None:
    state = {"Type": "Map", "ToleratedFailurePercentage": 50, "ItemProcessor": CHILD}
    for width, line in ((100, "input                      [7, 8]"), (40, "input           [7, 8]")):
        assert line in shown(one(state), [7, 8], width=width)


# ---------------------------------------------------------------- values


def plain(lines: list[Text]) -> list[str]:
    return [line.plain.rstrip() for line in lines]


WIDE = {f"member{n}": "x" * 20 for n in range(4)}

DRAWN: list[tuple[str, Any, Any, int, list[str]]] = [
    ("a line", {"a": 1}, None, 40, ['{"a": 1}']),
    ("members", WIDE, None, 60, [f'"member{n}": "{"x" * 20}"' for n in range(4)]),
    ("what is added", {**WIDE, "new": [1]}, WIDE, 60, ["+ new  [1]", "  member0, member1, member2, me… stay  143 bytes in all"]),
    (
        "what is changed and left out",
        {**{key: WIDE[key] for key in list(WIDE)[1:]}, "member1": 7},
        WIDE,
        40,
        ["~ member1  7", "- member0", "  member2, member3 stay  79 bytes in all"],
    ),
    ("what is added inside", {"a": WIDE, "b": {**WIDE, "c": 1}}, {"a": WIDE, "b": WIDE}, 60, ["+ b.c  1", "  a stays  283 bytes in all"]),
    ("what is added deep inside", {"a": {"b": {**WIDE, "c": 1}}}, {"a": {"b": WIDE}}, 60, ["+ a.b.c  1", "    151 bytes in all"]),
    (
        "what is added is long",
        {**WIDE, "new": WIDE},
        WIDE,
        60,
        ["+ new", *(f'    "member{n}": "{"x" * 20}"' for n in range(4)), "  member0, member1, member2, me… stay  273 bytes in all"],
    ),
    ("something else", {"z": 1}, WIDE, 40, ['{"z": 1}']),
    ("many members", {str(n): n for n in range(30)}, None, 40, [*(f'"{n}": {n}' for n in range(10)), "… 20 more  221 bytes"]),
    ("a long text", "x" * 300, None, 40, ['"' + "x" * 27 + "…  302 bytes"]),
    ("a large text", "x" * 500_000, None, 40, ['"' + "x" * 27 + "…  488.3 KiB"]),
    ("a long list", list(range(200)), None, 40, [*map(str, range(10)), "… 190 more  200 items, 691 bytes"]),
]


@pytest.mark.parametrize(("value", "given", "room", "expected"), [case[1:] for case in DRAWN], ids=[case[0] for case in DRAWN])
def test_values(value: Any, given: Any, room: int, expected: list[str]) -> None:
    assert plain(drawn(value, given, room)) == expected


def test_many_changes_are_counted() -> None:
    given = {str(n): "x" * 20 for n in range(40)}
    lines = plain(drawn({**given, **{f"new{n}": n for n in range(20)}}, given, 60))
    assert lines[:2] == ["+ new0  0", "+ new1  1"]
    assert lines[changes.MOST_CHANGES] == "… 12 more"


def test_what_is_added_is_green_changed_yellow_and_left_out_red() -> None:
    (line,) = drawn({"a": 1, "b": 3, "n": 1}, {"a": 1, "b": 2}, 60)
    found = {(line.plain[span.start : span.end].strip(), str(span.style)) for span in line.spans}
    assert found >= {('"n": 1', "green"), ('"b": 3', "yellow"), ("+ n", "green"), ("~ b", "yellow")}
    (*_, left_out) = drawn({"a": 1, "b": 2}, {"a": 1, "b": 2, "c": 3}, 60)
    assert ("- c", "red") in {(left_out.plain[span.start : span.end].strip(), str(span.style)) for span in left_out.spans}


@pytest.mark.parametrize(
    ("one", "other", "whether"),
    [
        (1, 1, True),
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        (None, False, False),
        ("1", 1, False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": 1}, {"a": True}, False),
        ([1], [True], False),
        ([], {}, False),
    ],
)
def test_equal(one: Any, other: Any, whether: bool) -> None:
    assert equal(one, other) is whether


def test_a_value_of_many_members_is_cut_in_one_line() -> None:
    assert plain(cut({"a": list(range(300))}, 40, 1)) == ['{"a": [0, 1, 2, 3, 4, 5, 6, 7,…  1.1 KiB']


def test_the_fields_are_those_of_an_inspector() -> None:
    assert set(JSONPATH) == set(JSONATA) == {"Pass", "Task", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map"}
