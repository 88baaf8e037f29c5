"""The command, in process: what it prints where, its exit status, and what it says of bad input."""

from __future__ import annotations

import io
import json
import re
import shlex
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from states.__main__ import main
from states.command import histories
from states.command.arguments import COMMANDS, parser
from states.command.ends import EXIT
from states.command.inputs import read_input
from states.definition.naming import machine_name
from tests.shared import ROOT

PASS = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
TASK = {
    "StartAt": "A",
    "States": {"A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work", "End": True}},
}
FAIL = {"StartAt": "A", "States": {"A": {"Type": "Fail", "Error": "Stop", "Cause": "no way on"}}}
SLOW = {"StartAt": "A", "TimeoutSeconds": 5, "States": {"A": {"Type": "Wait", "Seconds": 60, "End": True}}}
YEAR = {"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 31_000_000, "End": True}}}
RANDOM = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"id.$": "States.UUID()"}, "End": True}}}
NAMES = {
    "StartAt": "A",
    "States": {"A": {"Type": "Pass", "Parameters": {"name.$": "$$.Execution.Name", "machine.$": "$$.StateMachine.Name"}, "End": True}},
}
TIME = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"at.$": "$$.Execution.StartTime"}, "End": True}}}


class Result(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs the command in an empty folder; modules and paths that its users' code brought in are taken out again."""
    monkeypatch.chdir(tmp_path)
    for name in ("COLUMNS", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)

    def run(*arguments: str) -> Result:
        code = main(list(arguments))
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    yield run
    for name in set(sys.modules) - before:
        if not name.startswith(("rich", "states")):
            del sys.modules[name]


def write(name: str, content: Any) -> str:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content, indent=2), encoding="utf-8")
    return name


# ---------------------------------------------------------------- states run


@pytest.mark.parametrize(
    ("definition", "code", "out"),
    [(PASS, 0, "{}\n"), (FAIL, 1, ""), (SLOW, 124, ""), (YEAR, 0, "{}\n")],
)
def test_output_goes_to_stdout_and_the_trace_to_stderr(command: Any, definition: Any, code: int, out: str) -> None:
    result = command("run", write("m.asl.json", definition))
    assert (result.code, result.out) == (code, out)
    assert "A" in result.err
    assert "\x1b" not in result.err


def test_a_failure_names_state_line_error_and_cause(command: Any) -> None:
    result = command("run", write("m.asl.json", FAIL))
    for part in ("A failed: Stop", "no way on", "m.asl.json:4:5", "/States/A"):
        assert part in result.err


@pytest.mark.parametrize(
    ("given", "output"),
    [
        (['{"a": 1}'], {"a": 1}),
        (["[1, 2]"], [1, 2]),
        (["7"], 7),
        (["null"], None),
        (['"text"'], "text"),
        (["input.json"], {"from": "file"}),
        (["-"], {"from": "stdin"}),
        (["bom.json"], [1]),
    ],
)
def test_input_from_everywhere(command: Any, given: list[str], output: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    write("input.json", '\n{"from": "file"}\n')
    write("bom.json", b"\xef\xbb\xbf[1]")
    monkeypatch.setattr(sys, "stdin", io.StringIO('{"from": "stdin"}'))
    result = command("run", write("m.asl.json", PASS), "--input", *given)
    assert json.loads(result.out) == output


def test_a_folder_with_its_tasks(command: Any) -> None:
    write("order/machine.asl.json", TASK)
    write("order/tasks.py", "def work(event, context):\n    print('working')\n    return context.function_name\n")
    result = command("run", "order")
    assert (result.code, result.out) == (0, '"work"\n')
    assert "working" in result.err
    assert "tasks from order/tasks.py" in result.err
    assert result.err.startswith("working\norder  STANDARD")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--tasks", "handlers.py"],
        ["--tasks", "handlers"],
        ["--tasks", "shop.payments", "--tasks", "handlers.py"],
        ["--task", "work=handlers.py:work"],
        ["--task", "work=handlers:work"],
        ["--task", "A=handlers:work"],
        ["--task", "work=shop.payments:Till.charge"],
    ],
)
def test_tasks_of_files_modules_and_single_callables(command: Any, arguments: list[str]) -> None:
    write("handlers.py", "import helper\ndef work(event, context): return helper.ANSWER\n")
    write("helper.py", "ANSWER = 42\n")
    write("shop/payments.py", "class Till:\n    @staticmethod\n    def charge(event, context): return 42\n")
    result = command("run", write("m.asl.json", TASK), *arguments)
    assert (result.code, result.out) == (0, "42\n"), result.err


def test_tasks_beside_the_machine_are_not_read_when_no_state_needs_them(command: Any) -> None:
    write("pass/machine.asl.json", PASS)
    write("pass/tasks.py", "raise RuntimeError('read')\n")
    assert command("run", "pass").code == 0


def test_json_says_what_describe_execution_says(command: Any) -> None:
    result = command("run", write("order.asl.json", PASS), "--json", "--input", '{"a":  1}', "--name", "mine")
    assert result.err == ""
    assert json.loads(result.out) == {
        "executionArn": "arn:aws:states:us-east-1:123456789012:execution:order:mine",
        "stateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:order",
        "name": "mine",
        "status": "SUCCEEDED",
        "startDate": "2026-01-01T00:00:00+00:00",
        "stopDate": "2026-01-01T00:00:00+00:00",
        "input": '{"a":  1}',
        "inputDetails": {"included": True},
        "output": '{"a":  1}',
        "outputDetails": {"included": True},
    }


@pytest.mark.parametrize(
    ("definition", "status", "keys"),
    [(FAIL, "FAILED", {"error": "Stop", "cause": "no way on"}), (SLOW, "TIMED_OUT", {})],
)
def test_json_of_a_failure(command: Any, definition: Any, status: str, keys: dict[str, str]) -> None:
    result = command("run", write("m.asl.json", definition), "--json")
    told = json.loads(result.out)
    assert (result.code, result.err, told["status"]) == (EXIT[status], "", status)
    assert {key: told[key] for key in ("error", "cause") if key in told} == keys
    assert "output" not in told


@pytest.mark.parametrize(
    ("definition", "err"),
    [(PASS, ""), (FAIL, "states: FAILED in A: Stop: no way on\n"), (SLOW, "states: TIMED_OUT\n")],
)
def test_quiet(command: Any, definition: Any, err: str) -> None:
    assert command("run", write("m.asl.json", definition), "--quiet").err == err


def test_no_trace_leaves_what_went_wrong(command: Any) -> None:
    result = command("run", write("m.asl.json", FAIL), "--no-trace")
    assert result.err.startswith("╭─ A failed: Stop")


@pytest.mark.parametrize(
    ("definition", "arguments", "output"),
    [
        (NAMES, ["--name", "mine"], {"name": "mine", "machine": "order"}),
        (NAMES, [], {"name": "execution", "machine": "order"}),
        (TIME, ["--at", "2020-02-29T12:00:00Z"], {"at": "2020-02-29T12:00:00Z"}),
        (TIME, ["--type", "express"], {"at": "2026-01-01T00:00:00Z"}),
    ],
)
def test_names_and_times(command: Any, definition: Any, arguments: list[str], output: Any) -> None:
    assert json.loads(command("run", write("order.asl.json", definition), *arguments).out) == output


def test_a_seed_decides_what_is_random(command: Any) -> None:
    machine = write("m.asl.json", RANDOM)
    by_seed = [command("run", machine, "--seed", seed).out for seed in ("1", "1", "2", "text", "text", "-3")]
    assert by_seed[0] == by_seed[1] != by_seed[2]
    assert by_seed[3] == by_seed[4] != by_seed[0]


def test_real_time(command: Any) -> None:
    write("handlers.py", "def work(event, context): return 'done'\n")
    result = command("run", write("m.asl.json", TASK), "--tasks", "handlers.py", "--real-time")
    assert (result.code, result.out) == (0, '"done"\n')
    assert "real time" in result.err


@pytest.mark.parametrize("extra", [[], ["--real-time"]])
def test_ctrl_c_stops_the_run_and_shows_the_trace_so_far(command: Any, extra: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from states.drivers import realtime, virtual

    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(virtual.Virtual, "run", interrupted)
    monkeypatch.setattr(realtime.Run, "result", interrupted)
    result = command("run", write("m.asl.json", YEAR), *extra)
    assert (result.code, result.out) == (130, "")
    assert "⊘ ABORTED" in result.err
    assert "Stopped" in result.err


def test_a_callable_that_raises_shows_the_users_own_lines(command: Any) -> None:
    write("handlers.py", "def work(event, context):\n    return inner(event)\n\ndef inner(event):\n    raise KeyError('sku')\n")
    result = command("run", write("m.asl.json", TASK), "--tasks", "handlers.py", "--input", '{"order": 7}')
    assert result.code == 1
    for part in ("A failed: KeyError", 'File "handlers.py", line 2, in work', 'File "handlers.py", line 5, in inner', '{"order": 7}'):
        assert part in result.err
    assert "Traceback" not in result.err
    assert "states/" not in result.err


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("return {1, 2}", "Runtime.MarshalError"),
        ("return float('nan')", "Runtime.MarshalError"),
        ("return (event for event in [])", "Runtime.MarshalError"),
        ("ring = []; ring.append(ring); return ring", "Runtime.MarshalError"),
        ("raise RuntimeError", "RuntimeError"),
        ("raise type('Bad\\x1b[2J', (Exception,), {})", "Bad"),
    ],
)
def test_a_callable_that_does_wrong_fails_its_state(command: Any, body: str, error: str) -> None:
    write("handlers.py", f"def work(event, context):\n    {body}\n")
    result = command("run", write("m.asl.json", TASK), "--tasks", "handlers.py")
    assert result.code == 1
    assert f"A failed: {error}" in result.err
    assert "\x1b" not in result.err


@pytest.mark.parametrize("extra", [[], ["--real-time"], ["--json"]])
def test_sys_exit_in_a_callable_ends_the_run_and_not_the_command(command: Any, extra: list[str]) -> None:
    write("handlers.py", "import sys\ndef work(event, context):\n    sys.exit(3)\n")
    result = command("run", write("m.asl.json", TASK), "--tasks", "handlers.py", *extra)
    assert result.code == 1
    assert "exit" in (result.err + result.out).lower()
    assert "Traceback" not in result.err


# ---------------------------------------------------------------- histories


def test_a_history_is_written_and_shown(command: Any) -> None:
    machine = write("m.asl.json", FAIL)
    assert command("run", machine, "--history", "h.json").code == 1
    events = json.loads(Path("h.json").read_text())["events"]
    assert [event["type"] for event in events] == ["ExecutionStarted", "FailStateEntered", "ExecutionFailed"]
    shown = command("trace", "h.json", "--machine", machine)
    assert shown.code == 0
    assert shown.out.startswith("h.json  started 2026-01-01 00:00:00 UTC\n└─ ✗ A  Fail  Stop: no way on")
    assert "m.asl.json:4:5" in shown.out
    assert shown.err == ""


def test_a_history_from_stdin(command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO('[{"id": 1, "type": "ExecutionStarted", "timestamp": 0}]'))
    result = command("trace", "-")
    assert result.out.startswith("stdin  started 1970-01-01")


@pytest.mark.parametrize("before", [None, b"", b'{"events": [{"id": 1, "type": "ExecutionStarted", "timestamp": 0}]}'])
def test_an_older_history_is_replaced(command: Any, before: bytes | None) -> None:
    if before is not None:
        write("h.json", before)
    assert command("run", write("m.asl.json", PASS), "--history", "h.json").code == 0
    assert len(json.loads(Path("h.json").read_text())["events"]) == 4


@pytest.mark.parametrize("before", [b"my notes", b"{}", json.dumps(PASS).encode(), b"\xff\xfe", b"[]"])
def test_what_is_no_history_is_never_overwritten(command: Any, before: bytes) -> None:
    write("h.json", before)
    result = command("run", write("m.asl.json", PASS), "--history", "h.json")
    assert (result.code, result.out) == (2, "")
    assert "is not overwritten" in result.err
    assert Path("h.json").read_bytes() == before


def test_the_place_of_a_history_is_checked_before_the_run(command: Any) -> None:
    write("folder/x", "")
    assert histories.target(None) is None
    for place, message in (("folder", "a folder"), ("none/h.json", "there is no folder none")):
        result = command("run", write("m.asl.json", PASS), "--history", place)
        assert (result.code, result.out) == (2, "")
        assert message in result.err


# ---------------------------------------------------------------- graph, validate, help


@pytest.mark.parametrize(
    ("format", "start"),
    [("tree", "m  STANDARD, JSONPath\n└── A  Pass      end"), ("mermaid", "stateDiagram-v2\n"), ("dot", 'digraph "m" {\n')],
)
def test_graph(command: Any, format: str, start: str) -> None:
    result = command("graph", write("m.asl.json", PASS), "--format", format)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(start)


def test_validate(command: Any) -> None:
    good, bad = write("good.asl.json", PASS), write("bad.asl.json", {**PASS, "StartAt": "B"})
    assert command("validate", good) == (0, "good.asl.json: no errors\n", "")
    result = command("validate", good, bad)
    assert (result.code, result.err) == (1, "")
    assert "bad.asl.json:2:14  ERROR MISSING_TRANSITION_TARGET" in result.out
    assert '  2 | "StartAt": "B",\n    |            ^\n' in result.out
    assert re.search(r"^bad.asl.json: \d errors?", result.out, re.MULTILINE)


@pytest.mark.parametrize("name", [*COMMANDS, None])
def test_help_has_examples_and_the_exit_status(command: Any, name: str | None) -> None:
    result = command(*([name] if name else []), "--help")
    assert (result.code, result.err) == (0, "")
    assert "examples:\n  states" in result.out
    assert "130  stopped" in result.out
    assert max(map(len, result.out.splitlines())) <= 100


def test_every_example_of_the_help_is_understood(command: Any) -> None:
    text = "".join(command(name, "--help").out for name in COMMANDS)
    examples = [line.split("states ", 1)[1] for line in text.splitlines() if line.startswith("  states ")]
    assert len(examples) >= 17
    for example in examples:
        arguments = shlex.split(re.split(r" [|>] (?!10)", example)[0])
        assert parser(arguments).parse_args(arguments).command == arguments[0]


def test_the_help_lists_every_subcommand(command: Any) -> None:
    text = command("--help").out
    assert [name for name, help in COMMANDS.items() if not re.search(rf"^ +{name} +{help}$", text, re.MULTILINE)] == []


def test_version(command: Any) -> None:
    from importlib.metadata import version

    assert command("--version") == (0, f"states {version('states')}\n", "")


def test_without_a_command_the_help_is_shown(command: Any) -> None:
    result = command()
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("usage: states")


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nope"], "invalid choice: 'nope'"),
        (["run"], "required: MACHINE"),
        (["run", "m.asl.json", "--nope"], "unrecognized arguments: --nope"),
        (["run", "m.asl.json", "--type", "FAST"], "invalid choice: 'FAST'"),
        (["run", "m.asl.json", "--quiet", "--json"], "not allowed with argument"),
        (["run", "m.asl.json", "--at", "noon"], "--at: 'noon' is no RFC 3339 timestamp"),
        (["run", "m.asl.json", "--at", "9999-01-01T00:00:00Z"], "--at: expected a time before the year 9999"),
        (["run", "m.asl.json", "--at", "2026-01-01T00:00:00Z", "--real-time"], "--at is for virtual time"),
        (["run", "m.asl.json", "--name", "a b"], "an execution's name may not contain ' '"),
        (["run", "m.asl.json", "--name", ""], "an execution's name has 1 to 80 characters"),
        (["graph", "m.asl.json", "--format", "png"], "invalid choice: 'png'"),
        (["validate"], "required: MACHINE"),
    ],
)
def test_wrong_use_is_a_line_or_two(command: Any, arguments: list[str], message: str) -> None:
    write("m.asl.json", PASS)
    result = command(*arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("states: ")
    assert message in result.err
    assert len(result.err.splitlines()) <= 3


BAD_MACHINES: list[tuple[str, bytes, str]] = [
    ("empty.json", b"", "empty.json: empty; expected a state machine in JSON"),
    ("blank.json", b" \n\t", "blank.json: empty"),
    ("latin.json", '{"Comment": "ä"}'.encode("latin-1"), "latin.json:1:14  ERROR INVALID_JSON_DESCRIPTION  The definition is not UTF-8"),
    ("text.json", b'{"StartAt": "A", oops', "text.json:1:18  ERROR INVALID_JSON_DESCRIPTION"),
    ("list.json", b"[]", "ERROR SCHEMA_VALIDATION_FAILED  Definition must be a valid JSON object"),
    ("twice.json", b'{"StartAt": "B", "StartAt": "A", "States": {"A": {"Type": "Pass"}}}', "WARNING DUPLICATE_KEY  /StartAt"),
    ("deep.json", b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "ERROR TOO_DEEPLY_NESTED"),
    ("large.json", b'{"Comment": "' + b"x" * 2_000_000 + b'"}', "ERROR DEFINITION_TOO_LARGE"),
    ("target.json", json.dumps({**PASS, "StartAt": "B"}).encode(), "target.json:1:13  ERROR MISSING_TRANSITION_TARGET  /StartAt"),
]


@pytest.mark.parametrize("subcommand", ["run", "graph"])
@pytest.mark.parametrize(("name", "content", "message"), BAD_MACHINES, ids=[name for name, _, _ in BAD_MACHINES])
def test_a_bad_machine(command: Any, subcommand: str, name: str, content: bytes, message: str) -> None:
    result = command(subcommand, write(name, content))
    assert (result.code, result.out) == (2, "")
    assert message in " ".join(result.err.split("\n"))
    assert f"states: {name}: " in result.err
    assert "Traceback" not in result.err


@pytest.mark.parametrize("subcommand", ["run", "graph"])
def test_a_key_that_stands_twice_is_shown_and_stops_nothing(command: Any, subcommand: str) -> None:
    result = command(subcommand, write("twice.json", '{"StartAt": "B", "StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}'))
    assert result.code == 0
    assert "twice.json:1:29  WARNING DUPLICATE_KEY  /StartAt" in " ".join(result.err.split("\n"))
    assert "^" in result.err


LOOP = {
    "StartAt": "A",
    "States": {
        "A": {"Type": "Pass", "Next": "B"},
        "B": {"Type": "Choice", "Choices": [{"Variable": "$.end", "IsPresent": True, "Next": "C"}], "Default": "A"},
        "C": {"Type": "Succeed"},
    },
}
MILLION = {
    "StartAt": "A",
    "States": {"A": {"Type": "Map", "ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Pass", "End": True}}}, "End": True}},
}


def test_a_machine_that_loops_for_ever_stops_at_25_000_events(command: Any) -> None:
    result = command("run", write("m.asl.json", LOOP), "--history", "h.json")
    assert (result.code, result.out) == (1, "")
    assert "12,499 state visits, 25,000 events" in result.err
    assert "The execution reached the maximum number of history events (25000)." in result.err
    assert "… 6,247 times: A → B" in result.err
    assert len(result.err.splitlines()) < 20
    assert len(json.loads(Path("h.json").read_text())["events"]) == 25_000


def test_a_map_over_a_million_items_is_refused(command: Any) -> None:
    write("items.json", json.dumps(list(range(1_000_000))))
    result = command("run", write("m.asl.json", MILLION), "--input", "items.json")
    assert result.code == 2
    assert "items.json is larger than 262,144 bytes (256 KiB), the limit of an execution's input" in result.err
    write("handlers.py", "def work(event, context): return list(range(1_000_000))\n")
    result = command("run", write("m.asl.json", TASK), "--tasks", "handlers.py", "--quiet")
    assert result.code == 1
    assert "States.DataLimitExceeded: The state/task" in result.err


@pytest.mark.parametrize("extra", [[], ["--real-time"]])
def test_a_callable_may_change_its_event(command: Any, extra: list[str]) -> None:
    write("handlers.py", "def work(event, context):\n    event['n'].append(1)\n    return len(event['n'])\n")
    definition = {"StartAt": "A", "States": {"A": {**TASK["States"]["A"], "ResultPath": "$.length"}}}  # type: ignore[index]
    result = command("run", write("m.asl.json", definition), "--tasks", "handlers.py", "--input", '{"n": []}', *extra)
    assert json.loads(result.out) == {"n": [], "length": 1}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none.json", "none.json: no such file"),
        ("folder", "folder: a folder without machine.asl.json"),
        ("machines", "machines: a folder without machine.asl.json; there is machines/a, machines/b"),
        ("nul\0", "no name of a file"),
        ("x" * 5000, "File name too long"),
        ("file/inside", "Not a directory"),
    ],
)
def test_a_machine_that_is_not_there(command: Any, name: str, message: str) -> None:
    write("folder/other", "")
    write("file", "")
    for inside in "ab":
        write(f"machines/{inside}/machine.asl.json", PASS)
    result = command("run", name)
    assert (result.code, result.out) == (2, "")
    assert message in result.err
    assert "Traceback" not in result.err


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("nothing", "--input: 'nothing' is neither a file nor JSON"),
        ("{oops", "the input is not JSON: Expecting property name enclosed in double quotes at line 1, column 2\n  {oops\n   ^"),
        ('{"a": NaN}', 'the input is not JSON: NaN is no JSON at line 1, column 7\n  {"a": NaN}\n        ^'),
        ("folder", "folder: a folder; expected a file"),
        ("", "the input is empty; expected JSON"),
        ("empty.json", "empty.json is empty; expected JSON"),
        ("latin.json", "latin.json is not UTF-8: byte 0xe4 at offset 1"),
        ("text.json", 'text.json is not JSON: Expecting value at line 2, column 6\n  "a": oops}\n       ^'),
        ("large.json", "large.json is larger than 262,144 bytes (256 KiB)"),
        ("deep.json", "deep.json is not JSON: Nested deeper than 500 levels at line 1, column 501"),
        ("[" * 100_000, "the input is not JSON: Nested deeper than 500 levels"),
        ('{"a": 1e400}', "the input is not JSON: The number 1e400 is too large at line 1, column 7"),
    ],
    ids=lambda value: value[:20],
)
def test_a_bad_input(command: Any, given: str, message: str) -> None:
    write("folder/x", "")
    write("empty.json", "")
    write("latin.json", '"ä"'.encode("latin-1"))
    write("text.json", '{\n"a": oops}')
    write("large.json", '"' + "x" * 262_143 + '"')
    write("deep.json", "[" * 100_000)
    result = command("run", write("m.asl.json", PASS), "--input", given)
    assert (result.code, result.out) == (2, "")
    assert message in result.err
    assert "Traceback" not in result.err
    assert len(result.err) < 500


def test_an_input_of_just_256_kib_is_taken(command: Any) -> None:
    write("large.json", '"' + "x" * 262_142 + '"\n')
    assert len(read_input("large.json")[0]) == 262_142


@pytest.mark.parametrize(
    ("arguments", "messages"),
    [
        ([], ["m.asl.json: 1 of its tasks is served by nobody", "m.asl.json:4:5  /States/A", 'needs a callable named "work" or "A"']),
        (["--tasks", "none.py"], ["none.py: no such file"]),
        (["--tasks", "none.at.all"], ["none.at.all does not import", "ModuleNotFoundError: No module named 'none'"]),
        (["--tasks", "imports.py"], ["imports.py does not import", 'File "imports.py", line 2', "No module named 'stripe_'"]),
        (["--tasks", "syntax.py"], ["syntax.py does not import", 'File "syntax.py", line 1', "SyntaxError"]),
        (["--tasks", "raises.py"], ['File "raises.py", line 3', 'File "raises.py", line 2, in f', "KeyError: 'boo'"]),
        (["--tasks", "raises"], ["raises does not import", 'File "raises.py", line 2, in f', "KeyError: 'boo'"]),
        (["--tasks", "exits.py"], ["exits.py does not import", "SystemExit: 4"]),
        (["--tasks", "bytes.py"], ["bytes.py does not import", "null bytes"]),
        (["--tasks", "other.py"], ["is served by nobody"]),
        (["--tasks", "."], ["tasks.py: no such file"]),
        (["--task", "work"], ["--task 'work': expected NAME=MODULE:FUNCTION, such as charge=shop.payments:charge"]),
        (["--task", "work=other.py"], ["expected NAME=MODULE:FUNCTION"]),
        (["--task", "work=other.py:nope"], ["other.py has no 'nope'; it has other"]),
        (["--task", "work=other.py:NUMBER"], ["expected a callable, found int"]),
    ],
    ids=lambda value: " ".join(value)[:30],
)
def test_bad_tasks(command: Any, arguments: list[str], messages: list[str]) -> None:
    write("imports.py", "\nimport stripe_\n")
    write("syntax.py", "def x(:\n")
    write("raises.py", "def f():\n    raise KeyError('boo')\nf()\n")
    write("exits.py", "import sys\nsys.exit(4)\n")
    write("bytes.py", b"\0\0")
    write("other.py", "NUMBER = 7\ndef other(event, context): return 1\n")
    result = command("run", write("m.asl.json", TASK), *arguments)
    assert (result.code, result.out) == (2, "")
    assert [each for each in messages if each not in result.err] == []
    assert "Traceback" not in result.err
    assert "states/command" not in result.err
    assert "importlib" not in result.err


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "h.json: no history: it is empty"),
        (b"{", "h.json: no history: it is not JSON"),
        (b'[{"id": 1, "type": "ExecutionStarted", "timestamp": 0}, {"id": 2}]', 'event 2: expected "type"'),
    ],
)
def test_a_bad_history(command: Any, content: bytes, message: str) -> None:
    result = command("trace", write("h.json", content))
    assert (result.code, result.out) == (2, "")
    assert message in result.err


def test_a_name_with_control_codes_does_not_drive_the_terminal(command: Any) -> None:
    result = command("run", "\x1b[2Jnone.json")
    assert "\x1b" not in result.err


# ---------------------------------------------------------------- small parts


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("order.asl.json", "order"),
        ("machines/order/machine.asl.json", "order"),
        ("a b+c.json", "abc"),
        ("ünï.json", "n"),
        ("漢.json", "StateMachine"),
        ("x" * 200 + ".json", "x" * 80),
    ],
)
def test_a_machine_is_named_after_its_file(path: str, name: str) -> None:
    assert machine_name(path) == name


SAMPLES = sorted((ROOT / "machines").glob("*/inputs/*.json"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_the_samples_run(command: Any, path: Path) -> None:
    result = command("run", str(path.parent.parent), "--input", str(path))
    assert result.code in EXIT.values(), result.err
    assert "Traceback" not in result.err
    assert bool(result.out) == (result.code == 0)


# ---------------------------------------------------------------- templates, other formats, rules

TEMPLATE = """\
Resources:
  Order:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: EXPRESS
      Definition:
        StartAt: A
        States:
          A: {Type: Pass, Result: "${Greeting}", End: true}
  Bad:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: A
        States:
          A:
            Type: Pass
            Next: Nowhere
"""
ELSEWHERE = """\
Resources:
  Remote:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionS3Location: {Bucket: b, Key: k}
"""
WARNED = {
    "StartAt": "A",
    "States": {
        "A": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {"QueueUrl": "q", "MessageBody": {"Token.$": "$$.Task.Token"}},
            "End": True,
        }
    },
}


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["validate", "template.yaml"], 1, "template.yaml:18:19  ERROR MISSING_TRANSITION_TARGET"),
        (["validate", "template.yaml#Order"], 0, "template.yaml#Order: no errors"),
        (["validate", "template.yaml#Nope"], 2, "template.yaml has no state machine 'Nope'; it has Order, Bad"),
        (["validate", "empty#Order"], 2, "No such file"),
        (["run", "empty#Order"], 2, "a folder without machine.asl.json"),
        (["validate", "nosuch.yaml"], 2, "nosuch.yaml: no such file"),
        (["validate", "warned.asl.json"], 0, "CALLBACK_WITHOUT_TIMEOUT"),
        (["validate", "--strict", "warned.asl.json"], 1, "warned.asl.json: no errors, 1 warning"),
        (["validate", "--strict", "--rule", "CALLBACK_WITHOUT_TIMEOUT=off", "warned.asl.json"], 0, "warned.asl.json: no errors"),
        (["validate", "--rule", "CALLBACK_WITHOUT_TIMEOUT=error", "warned.asl.json"], 1, "1 error"),
        (["validate", "--rule", "NO_SUCH=off", "warned.asl.json"], 2, "NO_SUCH"),
        (["validate", "--rule", "CALLBACK_WITHOUT_TIMEOUT", "warned.asl.json"], 2, "CALLBACK_WITHOUT_TIMEOUT"),
        (["validate", "."], 1, "warned.asl.json: no errors, 1 warning"),
        (["validate", "empty"], 2, "no definition was found"),
        (["validate", "--format", "github", "template.yaml"], 1, "::error file=template.yaml,line=18,col=19"),
        (["validate", "--format", "sarif", "template.yaml"], 1, '"version": "2.1.0"'),
        (["validate", "--format", "junit", "template.yaml"], 1, "<testsuite"),
        (["validate", "--format", "json", "template.yaml"], 1, "MISSING_TRANSITION_TARGET"),
        (["run", "template.yaml#Order", "-q", "--substitutions", '{"Greeting": "hello"}'], 0, '"hello"'),
        (["run", "template.yaml#Order", "-q", "--substitutions", "[1]"], 2, "must be a JSON object"),
        (["run", "template.yaml", "-q"], 2, "holds 2 machines; name one: template.yaml#Order, template.yaml#Bad"),
        (["run", "template.yaml#Nope", "-q"], 2, "Nope"),
        (["run", "template.yaml#Bad", "-q"], 2, "template.yaml"),
        (["run", "template.yaml#Order"], 0, "Order  EXPRESS"),
        (["graph", "template.yaml#Order", "--format", "mermaid"], 0, "A"),
        (["validate", "elsewhere.yaml"], 0, "elsewhere.yaml:5:7  WARNING DEFINITION_ELSEWHERE"),
        (["run", "elsewhere.yaml", "-q"], 2, "there is no definition to run"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_templates_formats_and_rules(
    command: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, told: str
) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "warned.asl.json").write_text(json.dumps(WARNED))
    (tmp_path / "elsewhere.yaml").write_text(ELSEWHERE)
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    result = command(*arguments)
    assert result.code == code, result
    assert told in result.out + result.err


HOOKED = ["a.asl.json", "x/b.asl.jsonc", "x/c.asl.yaml", "d.asl.yml", "machine.json", "x/template.yaml", "template.json", "serverless.yml"]
NOT_HOOKED = ["package.json", "x/data.yaml", "my-template.yaml", "notserverless.yml", "a.asl.json.bak", "state-machine.json"]


def test_the_pre_commit_hook_takes_the_files_that_hold_definitions() -> None:
    yaml = pytest.importorskip("yaml", reason="the hook is written in YAML")
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert hook["entry"] == "states validate"
    assert [name for name in HOOKED + NOT_HOOKED if re.search(hook["files"], name)] == HOOKED


VALUES = {
    "QueryLanguage": "JSONata",
    "StartAt": "A",
    "States": {
        "A": {
            "Type": "Task",
            "Resource": "arn:aws:lambda:us-east-1:123456789012:function:double",
            "Arguments": {"n": "{% $states.input.n + 1 %}"},
            "Assign": {"doubled": "{% $states.result %}"},
            "Output": "{% {'was': $states.input.n} %}",
            "End": True,
        }
    },
}
SHOWN = ['input   {"n": 4}', 'given   {"n": 5}', "$doubled = 10", 'output  {"was": 4}']


def test_the_values_of_a_trace(command: Any, tmp_path: Path) -> None:
    (tmp_path / "m.asl.json").write_text(json.dumps(VALUES))
    (tmp_path / "tasks.py").write_text("def double(event, context):\n    return event['n'] * 2\n")
    given = [
        "run",
        str(tmp_path / "m.asl.json"),
        "--tasks",
        str(tmp_path / "tasks.py"),
        "-i",
        '{"n": 4}',
        "--history",
        str(tmp_path / "h.json"),
    ]
    plain = command(*given)
    shown = command(*given, "--values")
    traced = command("trace", str(tmp_path / "h.json"), "--values")
    for trace in (shown.err, traced.out):
        assert [
            line.strip(" │").replace('":', '": ').replace(":  ", ": ") for line in trace.splitlines() if line.startswith("     ")
        ] == SHOWN
    assert "$doubled" not in plain.err
