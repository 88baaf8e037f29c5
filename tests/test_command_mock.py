"""`states mock`: what it prints and writes, and its exit statuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import states
from states.__main__ import main
from tests.histories.disguised import events_of, log_lines
from tests.histories.shop import SHOP, changed, sold

ARN = "arn:aws:states:us-east-1:123456789012:execution:Shop:"


class Result(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs the command in a folder with the shop, and histories in folders."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "110")
    monkeypatch.setenv("NO_COLOR", "1")
    Path("histories").mkdir()
    Path("empty").mkdir()
    Path("machine.asl.json").write_text(json.dumps(SHOP, indent=2))
    Path("another.asl.json").write_text(json.dumps(changed(("States/Rest/Next", "Sum"), ("States/Check/Default", "Both")), indent=2))
    Path("bad.asl.json").write_text('{"StartAt": "A", "States": {}}')
    Path("histories/good.json").write_text(sold().history.to_json())
    Path("histories/none.json").write_text(sold(input={"order": "A-8", "total": 0, "items": []}).history.to_json())
    Path("cut.json").write_text(json.dumps({"events": events_of(sold().history)[:9]}))
    Path("new.json").write_text(sold(tasks={"charge": lambda event, context: {"receipt": 7}}).history.to_json())
    Path("taken.yaml").write_text("mine")
    lines = [line for name in ("one", "two") for line in log_lines(sold().history, f"{ARN}{name}")]
    Path("lines.log").write_text("\n".join(json.dumps(line) for line in lines))

    def run(*arguments: str) -> Result:
        code = main(list(arguments))
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return run


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ("histories/good.json", 0, "machine: machine.asl.json\n"),
        ("histories", 0, "\n  none:\n"),
        ("histories/good.json histories/good.json", 0, "\n  good 2:\n"),
        ("histories -o it.scenario.yaml", 0, "it.scenario.yaml: 2 scenarios, 7 answers\n"),
        ("histories -o it.scenario.json --redact $.order --redact receipt", 0, "redacted"),
        ("histories -o taken.yaml --force", 0, "taken.yaml: 2 scenarios"),
        ("histories --format mock-config", 0, '"MockedResponses"'),
        ("histories --format mock-config --state-machine Mine", 0, '"Mine"'),
        ("lines.log", 0, "\n  lines two:\n"),
        (f"lines.log --execution {ARN}two", 0, "\n  lines:\n"),
        ("cut.json --partial", 0, "status: RUNNING"),
        ("histories --machine another.asl.json", 1, "not as recorded: good: "),
        ("histories -o taken.yaml", 2, "--output taken.yaml: it is there already; --force overwrites it"),
        ("histories -o nowhere/it.yaml", 2, "there is no folder nowhere"),
        ("histories -o empty", 2, "a folder; expected the name of a file"),
        ("histories --redact $.a[", 2, "--redact '$.a[': expected a path such as"),
        ("histories --machine nothing.json", 2, "nothing.json: no such file"),
        ("histories --machine bad.asl.json", 2, "bad.asl.json"),
        ("nothing.json", 2, "nothing.json: no such file"),
        ("empty", 2, "empty: no histories in it"),
        ("cut.json", 2, "cut.json: no history to make mocks of: it ends with"),
        ("machine.asl.json", 2, "machine.asl.json: no history to make mocks of"),
        ("", 2, "the following arguments are required: HISTORY"),
    ],
)
def test_what_is_told(command: Any, arguments: str, code: int, told: str) -> None:
    found = command("mock", *arguments.split())
    assert (found.code, told in found.out + found.err) == (code, True), found
    assert "Traceback" not in found.err


def test_a_machine_must_be_named_where_none_lies_beside(command: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("elsewhere") / "in"
    folder.mkdir()
    (folder / "good.json").write_text(sold().history.to_json())
    found = command("mock", str(folder / "good.json"))
    assert (found.code, "expected --machine MACHINE: there is none beside" in found.err) == (2, True)


@pytest.mark.parametrize("name", ["it.scenario.yaml", "it.scenario.json", "below/it.scenario.yaml"])
def test_what_is_written_is_played(command: Any, name: str) -> None:
    Path("below").mkdir()
    assert command("mock", "histories", "-o", name).code == 0
    found = command("test", name)
    assert (found.code, "2 passed" in found.out) == (0, True), found


def test_what_is_printed_is_played(command: Any) -> None:
    Path("it.scenario.yaml").write_text(command("mock", "lines.log", "histories").out)
    found = command("test")
    assert (found.code, "4 passed" in found.out) == (0, True), found


def test_a_mock_config_runs(command: Any) -> None:
    assert command("mock", "histories", "--format", "mock-config", "-o", "MockConfigFile.json").code == 0
    given = json.dumps({"order": "A-7", "total": 4900, "items": ["pen", "ink", "pad"]})
    found = command("run", "machine.asl.json", "--input", given, "--mock-config", "MockConfigFile.json", "--test-case", "good")
    assert json.loads(found.out) == sold().output


def test_a_file_that_is_there_stays(command: Any) -> None:
    command("mock", "histories", "-o", "taken.yaml")
    assert Path("taken.yaml").read_text() == "mine"


@pytest.mark.parametrize("mocks", ["it.scenario.yaml", "it.scenario.json", "MockConfigFile.json"])
def test_a_check(command: Any, mocks: str) -> None:
    form = ("--format", "mock-config") if mocks.startswith("Mock") else ()
    assert command("mock", "histories/good.json", *form, "-o", mocks).code == 0
    assert command("mock", "--check", mocks, "histories") == (0, f"✓ 2 histories match {mocks}\n", "")
    found = command("mock", "--check", mocks, "histories", "new.json")
    assert (found.code, found.err) == (1, "")
    assert [line.partition(": Charge: ")[2] for line in found.out.splitlines()] == [
        "$.trace: the key is gone",
        "$.receipt: number; mocked: string",
    ]
    told = json.loads(command("mock", "--check", mocks, "new.json", "--json").out)
    assert (told["histories"], [each["kind"] for each in told["drift"]]) == (1, ["gone", "type"])


@pytest.mark.parametrize(
    ("mocks", "told"),
    [
        ("nothing.yaml", "nothing.yaml: no such file"),
        ("taken.yaml", "taken.yaml: no mocks to check:"),
        ("machine.asl.json", "machine.asl.json: no mocks to check:"),
        ("empty", "empty: a folder; expected a file"),
    ],
)
def test_mocks_that_are_none(command: Any, mocks: str, told: str) -> None:
    found = command("mock", "--check", mocks, "new.json")
    assert (found.code, told in found.err) == (2, True), found


def test_names_are_public() -> None:
    assert {"Drift", "Mocks", "drift", "mocks_of"} <= set(states.__all__)
