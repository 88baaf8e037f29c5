"""`states replay` and `states diff`: what they print, and their exit statuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from rich.cells import cell_len

import states
from states.__main__ import main
from states.histories.many import histories_in, replay_all
from tests.histories.disguised import events_of, log_lines, pages
from tests.histories.shop import INPUT, SHOP, changed, sold

ARN = "arn:aws:states:us-east-1:123456789012:express:Shop:"


class Result(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs the command in a folder with the shop, a changed shop and histories."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "110")
    monkeypatch.setenv("NO_COLOR", "1")
    Path("shop.asl.json").write_text(json.dumps(SHOP, indent=2))
    Path("wait.asl.json").write_text(json.dumps(changed(("States/Rest/Seconds", 9)), indent=2))
    Path("bad.asl.json").write_text('{"StartAt": "A", "States": {}}')
    Path("good.json").write_text(sold().history.to_json())
    Path("other.json").write_text(sold(input={**INPUT, "order": "B-1"}).history.to_json())
    lines = [
        log_lines(sold(input={**INPUT, "order": order}).history, f"{ARN}{run}:1") for order, run in (("A-7", "run-1"), ("B-1", "run-2"))
    ]
    Path("log.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines[0]))
    Path("mixed.jsonl").write_text("".join(f"{json.dumps(line)}\n" for pair in zip(*lines, strict=True) for line in pair))
    Path("pages.json").write_text(pages(events_of(sold().history), 20))
    Path("cut.json").write_text(json.dumps({"events": events_of(sold().history)[:9], "nextToken": "x"}))

    def run(*arguments: str) -> Result:
        code = main(list(arguments))
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return run


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ("replay shop.asl.json good.json", 0, "✓ the same  good.json  SUCCEEDED, 58 events"),
        ("replay wait.asl.json good.json", 1, "✗ different  good.json  at event 19 of 58"),
        ("replay wait.asl.json good.json", 1, '"Rest" waits 9 s; recorded: 5 s'),
        ("replay wait.asl.json good.json", 1, "wait.asl.json:86:18  /States/Rest/Seconds"),
        ("replay wait.asl.json good.json --tolerance 10", 1, "9 s"),
        ("replay wait.asl.json good.json -q", 1, ""),
        ("replay shop.asl.json cut.json --partial", 0, "assumed: the execution still ran"),
        ("diff good.json good.json", 0, "✓ the same: 12 state visits"),
        ("diff good.json other.json", 1, 'input $.order  "A-7" → "B-1"'),
        ("diff good.json other.json", 1, "places where the same values go on: --full shows them"),
        ("diff good.json cut.json", 1, "only in a"),
        ("diff good.json other.json -q", 1, ""),
        ("trace pages.json", 0, "12 state visits, 58 events"),
        ("trace log.jsonl", 0, "12 state visits, 58 events"),
        ("trace mixed.jsonl --execution run-2 --values", 0, "B-1"),
        ("trace good.json --machine shop.asl.json --inspect Charge", 0, 'ResultSelector  {"receipt": '),
        ("trace pages.json --machine shop.asl.json --inspect Charge --inspect Rest", 0, 'Parameters      {"cents": '),
        ("trace cut.json --machine shop.asl.json --inspect *", 0, "ResultPath"),
        ("trace mixed.jsonl --execution run-2 --machine shop.asl.json --inspect Charge", 0, '"order": "B-1"'),
        ("why pages.json --machine shop.asl.json", 0, "Succeeded: nothing was caught"),
        ("why log.jsonl --machine shop.asl.json", 0, "Succeeded: nothing was caught"),
        ("why mixed.jsonl --execution run-1", 0, "Succeeded: nothing was caught"),
    ],
)
def test_what_is_shown(command: Any, arguments: str, code: int, told: str) -> None:
    result = command(*arguments.split())
    assert (result.code, result.err) == (code, "")
    assert told in result.out
    assert bool(result.out) is ("-q" not in arguments)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("replay shop.asl.json", "expected a HISTORY or --since FOLDER"),
        ("replay shop.asl.json good.json --since .", "expected a HISTORY or --since FOLDER"),
        ("replay shop.asl.json nowhere.json", "nowhere.json: no such file"),
        ("replay shop.asl.json shop.asl.json", "shop.asl.json: no history to replay: found an object with the keys 'StartAt'"),
        ("replay shop.asl.json cut.json", 'cut.json: no history to replay: it ends with event 9 TaskStateExited "Ask"; expected the end'),
        ("replay bad.asl.json good.json", "bad.asl.json"),
        ("replay shop.asl.json good.json --tolerance -1", "--tolerance: expected seconds"),
        ("replay shop.asl.json --since nowhere", "--since nowhere: no folder"),
        ("replay shop.asl.json --since empty", "--since empty: no histories in it"),
        ("diff good.json", "the following arguments are required: B"),
        ("diff - -", "both histories are stdin"),
        (
            "trace mixed.jsonl",
            "mixed.jsonl: no history: its log lines are of 2 executions: arn:aws:states:",
        ),
        ("trace good.json --inspect Charge", "--inspect needs --machine: a history has no data between input and output"),
        ("trace good.json --machine shop.asl.json --inspect Chrage", "the machine has no state 'Chrage'; did you mean"),
        ("trace good.json --machine bad.asl.json --inspect A", "bad.asl.json"),
        ("why mixed.jsonl --execution run-3", "mixed.jsonl: no history: no log line is of the execution 'run-3'; there is arn"),
        ("diff good.json shop.asl.json", "shop.asl.json: no history"),
    ],
)
def test_what_is_refused(command: Any, arguments: str, told: str) -> None:
    Path("empty").mkdir()
    result = command(*arguments.split())
    assert (result.code, result.out) == (2, "")
    assert told in result.err
    assert "Traceback" not in result.err


@pytest.mark.parametrize(
    ("history", "machine", "told"),
    [
        (
            "good.json",
            "wait.asl.json",
            'does not fit wait.asl.json: event 19 WaitStateExited: "Rest" waits 9 s; recorded: 5 s (line 86)',
        ),
        ("good.json", "pass.asl.json", 'good.json does not fit pass.asl.json: event 2 ChoiceStateEntered: "Check" is no state any more'),
        ("gap.json", "shop.asl.json", "gap.json: no history to inspect: event 4 is missing: after event 3"),
        ("blank.json", "shop.asl.json", "blank.json: no history to inspect: event 1 ExecutionStarted: it holds no input"),
    ],
)
def test_a_history_that_does_not_fit_is_shown_without_its_data(command: Any, history: str, machine: str, told: str) -> None:
    events = events_of(sold().history)
    Path("pass.asl.json").write_text('{"StartAt": "Rest", "States": {"Rest": {"Type": "Pass", "End": true}}}')
    Path("gap.json").write_text(json.dumps([event for event in events if event["id"] != 4]))
    Path("blank.json").write_text(json.dumps([{**events[0], "executionStartedEventDetails": {}}, *events[1:]]))
    result = command("trace", history, "--machine", machine, "--inspect", "Rest")
    assert (result.code, result.err.count("\n")) == (2, 1)
    assert told in result.err
    assert result.err.endswith("; the trace is without --inspect\n")
    assert result.out == command("trace", history, "--machine", machine).out != ""


def test_a_redrive_is_told_with_what_was_before_it(command: Any) -> None:
    events = events_of(sold().history)
    again = {"id": len(events) + 1, "type": "ExecutionRedriven", "previousEventId": 0, "timestamp": events[-1]["timestamp"]}
    Path("again.json").write_text(json.dumps([*events, again]))
    result = command("trace", "again.json", "--machine", "shop.asl.json", "--inspect", "Charge")
    assert (result.code, result.err) == (0, "states: again.json: the execution was redriven at event 59: no data is shown from there on\n")
    assert "ResultSelector" in result.out


def test_one_history_as_json(command: Any) -> None:
    told = json.loads(command("replay", "wait.asl.json", "good.json", "--json").out)
    assert (told["same"], told["events"], told["history"], told["assumptions"]) == (False, 58, "good.json", [])
    difference = told["difference"]
    assert (difference["reason"], difference["state"], difference["event_id"]) == ("delay", "Rest", 19)
    assert (difference["location"], difference["source"]) == ("/States/Rest/Seconds", "wait.asl.json")
    assert difference["recorded"]["stateExitedEventDetails"]["name"] == "Rest"
    same = json.loads(command("replay", "shop.asl.json", "good.json", "--json").out)
    assert (same["same"], same["compared"]) == (True, 51)
    assert "difference" not in same


def test_two_histories_as_json(command: Any) -> None:
    told = json.loads(command("diff", "good.json", "other.json", "--json").out)
    assert told["same"] is False
    assert told["changes"][0]["path"] == "$.order"
    assert json.loads(command("diff", "good.json", "good.json", "--json").out) == {"same": True, "visits": 12, "changes": [], "timing": []}


@pytest.fixture
def folder(command: Any, tmp_path: Path) -> Path:
    """Six histories, one of them cut, and log lines of two executions."""
    made = tmp_path / "histories"
    (made / "older").mkdir(parents=True)
    for number in range(3):
        (made / f"{number}.json").write_text(sold(input={**INPUT, "order": f"A-{number}"}).history.to_json())
    (made / "older" / "small.json").write_text(sold(input={**INPUT, "total": 0}).history.to_json())
    (made / "cut.json").write_text((tmp_path / "cut.json").read_text())
    (made / "notes.md").write_text("no history")
    lines = [*log_lines(sold().history, ARN + "one:1"), *log_lines(sold().history, ARN + "two:2")]
    (made / "express.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return made


@pytest.mark.parametrize(
    ("machine", "code", "summary"),
    [
        ("shop", 2, "7 histories, 6 the same, 1 unreadable"),
        ("wait", 1, "7 histories, 1 the same, 5 different (delay 5), 1 unreadable"),
    ],
)
def test_a_folder_is_a_table(command: Any, folder: Path, machine: str, code: int, summary: str) -> None:
    result = command("replay", f"{machine}.asl.json", "--since", "histories")
    assert result.code == code
    assert result.out.splitlines()[-1] == f"histories: {summary}"
    rows = [" ".join(line.split()) for line in result.out.splitlines()]
    assert any(row.startswith("? cut.json unreadable it ends with event 9") for row in rows)
    assert any("express.jsonl#two" in row or "express.jsonl#2" in row for row in rows)
    assert any(row.startswith("✓ older/small.json 5 events FAILED") for row in rows)


def test_a_folder_as_json(command: Any, folder: Path) -> None:
    told = json.loads(command("replay", "wait.asl.json", "--since", "histories", "--json").out)
    assert (told["same"], told["different"], told["unreadable"]) == (1, 5, 1)
    assert [each["file"].partition("#")[0] for each in told["replays"]] == [
        "0.json",
        "1.json",
        "2.json",
        "cut.json",
        "express.jsonl",
        "express.jsonl",
        "older/small.json",
    ]
    assert "fault" in told["replays"][3]


OTHERS: dict[str, str] = {
    "order.asl.json": json.dumps(SHOP),
    "input.json": json.dumps(INPUT),
    "items.json": '[{"sku": 1}, {"sku": 2}]',
    "numbers.json": "[1, 2]",
    "text.json": '"ExecutionStarted"',
    "sold.json": '{"events": [{"name": "Summer fair"}]}',
    "mocks.json": '{"StateMachines": {"Shop": {"TestCases": {}}}, "MockedResponses": {}}',
    "many.jsonl": '{"a": 1}\n{"a": 2}',
    "notes.txt": "what they are",
    "app.log": "2026-01-01 INFO started",
}
DAMAGED: dict[str, str] = {
    "empty.json": "",
    "blank.json": " \n",
    "none.json": '{"events": []}',
    "list.json": "[]",
    "cut-off.json": '{"events": [{"id": 1, "type": "Exec',
    "later.json": '{"events": [{"id": 2, "type": "PassStateEntered"}]}',
    "line.jsonl": '{"id": "1", "type": "Odd", "execution_arn": "arn:x", "previous_event_id": "0"}',
    "tail.log": 'x {"id": "1", "type": "ExecutionStarted", "execution_arn": "arn:x"}',
    "error.json": "An error occurred (AccessDeniedException)",
}


def placed_in(folder: Path, given: dict[str, str]) -> None:
    for name, text in given.items():
        (folder / name).write_text(text)


def test_what_is_clearly_no_history_is_skipped(command: Any, folder: Path) -> None:
    (folder / "cut.json").unlink()
    placed_in(folder, OTHERS)
    result = command("replay", "shop.asl.json", "--since", "histories")
    assert (result.code, result.err) == (0, "")
    *rows, summary, skipped = result.out.splitlines()
    assert [row[0] for row in rows] == ["✓"] * 6
    assert summary == "histories: 6 histories, 6 the same"
    assert skipped == "skipped 10 files that hold no history: app.log, input.json, items.json, many.jsonl and 6 more"
    told = json.loads(command("replay", "shop.asl.json", "--since", "histories", "--json").out)
    assert (told["same"], told["unreadable"], told["skipped"]) == (6, 0, sorted(OTHERS))
    assert len(told["replays"]) == 6


def test_what_may_be_a_damaged_history_is_not_skipped(command: Any, folder: Path) -> None:
    placed_in(folder, DAMAGED)
    told = json.loads(command("replay", "shop.asl.json", "--since", "histories", "--json").out)
    assert (told["skipped"], told["unreadable"]) == ([], 1 + len(DAMAGED))
    assert {each["file"] for each in told["replays"] if "fault" in each} == {"cut.json", *DAMAGED}


def test_a_folder_of_other_files_is_refused(command: Any, tmp_path: Path) -> None:
    (tmp_path / "others").mkdir()
    placed_in(tmp_path / "others", OTHERS)
    result = command("replay", "shop.asl.json", "--since", "others")
    assert (result.code, result.out) == (2, "")
    assert result.err.endswith(
        "no histories in it; expected files that end in .json, .jsonl or .log; skipped 10 that hold something else\n"
    )


@pytest.mark.parametrize("columns", ["50", "80", "110", "300"])
@pytest.mark.parametrize("machine", ["shop", "wait"])
def test_a_table_has_a_line_for_each_and_no_blanks_at_its_ends(
    command: Any, folder: Path, monkeypatch: pytest.MonkeyPatch, columns: str, machine: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    placed_in(folder, {**OTHERS, **DAMAGED, "日本の長い名前" * 9 + ".json": "[]"})
    lines = command("replay", f"{machine}.asl.json", "--since", "histories").out.splitlines()
    assert [line for line in lines if line != line.rstrip() or cell_len(line) > int(columns)] == []
    assert sum(line[0] in "✓✗?" for line in lines) == 7 + len(DAMAGED) + 1
    if columns == "50":
        assert any("…" in line for line in lines)
    if machine == "wait" and columns != "50":
        assert all(line.endswith(":86") for line in lines if line.startswith("✗"))


def test_several_processes_find_the_same(folder: Path) -> None:
    machine = states.loads(changed(("States/Rest/Seconds", 9)))
    assert replay_all(machine, folder, processes=2) == replay_all(machine, folder, processes=1)
    assert len(histories_in(folder)) == 6


def test_stdin_is_read(command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    import sys

    content = Path("good.json").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert command("replay", "shop.asl.json", "-").out.startswith("✓ the same  stdin")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert command("diff", "good.json", "-").code == 0
