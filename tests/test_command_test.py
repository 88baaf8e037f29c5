"""`states test`: what it plays, what it says, and its exit status."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from states.__main__ import main
from tests.testing.scenario_files import folder

GOOD = "input: {cents: 5, items: []}\nexpect: {seconds: 1m}\n"
MIXED = """\
input: {cents: 5, items: []}
expect: {seconds: 1m}
scenarios:
  right: {}
  wrong <&>: {expect: {attempts: {Charge: 2}}}
  later: {skip: not yet}
"""
BAD = "input: {}\nexpcet: {}\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["test", *arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def lines(text: str) -> list[str]:
    """Without the seconds it took."""
    return [line.partition(" in 0.")[0].rstrip() for line in text.splitlines()]


def test_all_passed(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder(here, GOOD)
    status, out, err = said(capsys)
    assert (status, lines(out), err) == (0, ["✓ a.scenario.yaml  1 passed", "1 passed"], "")
    assert out.endswith(" s, 1 file\n")


@pytest.mark.parametrize("where", [[], ["."], ["a.scenario.yaml"], ["a.scenario.yaml", "."]])
def test_files_and_folders(here: Path, capsys: pytest.CaptureFixture[str], where: list[str]) -> None:
    folder(here, GOOD)
    assert said(capsys, *where)[:1] == (0,)


def test_a_failure(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder(here, MIXED)
    status, out, _ = said(capsys)
    assert status == 1
    assert lines(out)[:7] == [
        "✗ a.scenario.yaml  1 passed, 1 failed, 1 skipped",
        "  ⊘ later  not yet",
        "",
        "✗ wrong <&>  a.scenario.yaml:5:3",
        "  attempts of Charge  a.scenario.yaml:5:35",
        "    expected  2",
        "    found     1",
    ]
    assert lines(out)[-1] == "1 passed, 1 failed, 1 skipped"
    assert "├─ ✓ Charge" in out


@pytest.mark.parametrize(
    ("option", "first"),
    [
        ("-v", ["✗ a.scenario.yaml  1 passed, 1 failed, 1 skipped", "  ✓ right  SUCCEEDED after 1m", "  ✗ wrong <&>  SUCCEEDED after 1m"]),
        ("-q", ["✗ a.scenario.yaml  1 passed, 1 failed, 1 skipped", "", "✗ wrong <&>  a.scenario.yaml:5:3"]),
    ],
)
def test_more_and_less(here: Path, capsys: pytest.CaptureFixture[str], option: str, first: list[str]) -> None:
    folder(here, MIXED)
    assert lines(said(capsys, option)[1])[: len(first)] == first


def test_quiet_says_nothing_of_what_passed(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder(here, GOOD)
    assert lines(said(capsys, "-q")[1]) == ["1 passed"]


@pytest.mark.parametrize(
    ("arguments", "status", "last"),
    [
        (["-k", "RIGHT"], 0, "1 passed"),
        (["-k", "wrong"], 1, "1 failed"),
        (["-k", "yaml::r"], 0, "1 passed"),
        (["-x"], 1, "1 passed, 1 failed"),
        (["-k", "later"], 0, "1 skipped"),
    ],
)
def test_some_of_them(here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, last: str) -> None:
    folder(here, MIXED)
    found, out, _ = said(capsys, *arguments)
    assert (found, lines(out)[-1]) == (status, last)


def test_the_first_failure_ends_it(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder(here, MIXED)
    folder(here, GOOD, "b.scenario.yaml")
    assert "b.scenario.yaml" not in said(capsys, "-x")[1]
    assert "b.scenario.yaml" in said(capsys)[1]


def test_a_bad_file_is_shown_and_the_others_are_played(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder(here, BAD)
    folder(here, GOOD, "b.scenario.yaml")
    status, out, _ = said(capsys)
    assert status == 2
    assert lines(out) == [
        "✗ a.scenario.yaml  2 faults",
        "a.scenario.yaml:1:1  ERROR WRONG_VALUE  the scenario expects nothing, so it cannot fail; give it",
        "expect:, such as status: SUCCEEDED",
        "  1 | input: {}",
        "    | ^",
        "a.scenario.yaml:2:1  ERROR UNKNOWN_KEY  /expcet  a scenario file has no key 'expcet'",
        "  2 | expcet: {}",
        "    | ^",
        '  did you mean "expect"?',
        "",
        "✓ b.scenario.yaml  1 passed",
        "1 passed, 1 bad file",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "states: .: no scenario was found; expected files called *.scenario.yaml, *.scenario.yml or *.scenario.json\n"),
        (["nix"], "states: nix: no such file or folder\n"),
        (["-k", "x", "sub"], "states: sub: no scenario with 'x' in FILE::NAME\n"),
        (["--format", "xml"], "--format: invalid choice"),
    ],
)
def test_nothing_to_play(here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    (here / "sub").mkdir()
    if "sub" in arguments:
        folder(here / "sub", GOOD)
    status, out, err = said(capsys, *arguments)
    assert (status, out) == (2, "")
    assert message in err


def test_yaml_without_pyyaml(here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    folder(here, GOOD)
    assert said(capsys)[::2] == (2, "states: a.scenario.yaml: reading YAML needs PyYAML: pip install 'states[yaml]'\n")


def test_what_tasks_print_is_no_part_of_a_report(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder(here, MIXED)
    tasks = here / "tasks.py"
    tasks.write_text(tasks.read_text().replace("def charge(event, context):", "def charge(event, context):\n    print('charging')"))
    _, out, err = said(capsys, "--format", "json")
    assert json.loads(out)["passed"] == 1
    assert "charging" in err


# ---------------------------------------------------------------- reports


def reported(here: Path, capsys: pytest.CaptureFixture[str], form: str) -> str:
    folder(here, MIXED)
    folder(here, BAD, "b.scenario.yaml")
    status, out, err = said(capsys, "--format", form)
    assert (status, err) == (2, "")
    return out


def test_json(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report: dict[str, Any] = json.loads(reported(here, capsys, "json"))
    assert {name: report[name] for name in ("passed", "failed", "skipped")} == {"passed": 1, "failed": 1, "skipped": 1}
    first, second = report["files"]
    assert [(one["name"], one["result"], one["line"]) for one in first["scenarios"]] == [
        ("right", "passed", 4),
        ("wrong <&>", "failed", 5),
        ("later", "skipped", 6),
    ]
    assert first["scenarios"][0]["execution"]["path"] == ["Charge", "Minute", "Each", "Done"]
    assert first["scenarios"][1]["mismatches"] == [
        {"what": "attempts of Charge", "line": 5, "column": 35, "message": "attempts of Charge: expected 2, found 1"}
    ]
    assert first["scenarios"][2]["reason"] == "not yet"
    assert [(one["code"], one["line"]) for one in second["diagnostics"]] == [("WRONG_VALUE", 1), ("UNKNOWN_KEY", 2)]


def test_junit(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = ElementTree.fromstring(reported(here, capsys, "junit"))
    assert {name: root.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "4",
        "failures": "1",
        "errors": "1",
        "skipped": "1",
    }
    right, wrong, later, bad = root.iter("testcase")
    assert (right.get("classname"), right.get("name"), right.get("line"), len(right)) == ("a.scenario.yaml", "right", "4", 0)
    failure = wrong.find("failure")
    assert failure is not None
    assert failure.get("message") == "attempts of Charge: expected 2, found 1"
    assert "├─ ✓ Charge" in (failure.text or "")
    assert [child.tag for child in later] == ["skipped"]
    assert [child.tag for child in bad] == ["error"]


def test_github(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert reported(here, capsys, "github").splitlines() == [
        "::error file=a.scenario.yaml,line=5,col=35,title=wrong <&>::attempts of Charge: expected 2, found 1",
        "::error file=b.scenario.yaml,line=1,col=1,title=WRONG_VALUE::the scenario expects nothing, so it cannot fail; give it expect:,"
        " such as status: SUCCEEDED",
        "::error file=b.scenario.yaml,line=2,col=1,title=UNKNOWN_KEY::a scenario file has no key 'expcet'"
        ' (did you mean "expect"?) at /expcet',
    ]


HOSTILE = """\
input: {cents: 5, items: []}
scenarios:
  "evil \\e[31mred\\e[0m ::x\\nnewline": {expect: {attempts: {Charge: 2}}}
  later: {skip: "why \\e[31m\\nnot", expect: {seconds: 0}}
"""


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ("text", "✗ evil \\x1b[31mred\\x1b[0m ::x newline  a.scenario.yaml:3:3\n"),
        ("json", '"name": "evil \\\\x1b[31mred\\\\x1b[0m ::x newline"'),
        ("junit", 'name="evil \\x1b[31mred\\x1b[0m ::x newline"'),
        ("github", "title=evil \\x1b[31mred\\x1b[0m %3A%3Ax newline::attempts of Charge: expected 2, found 1\n"),
    ],
)
def test_a_name_is_one_line_that_drives_no_terminal(here: Path, capsys: pytest.CaptureFixture[str], form: str, told: str) -> None:
    folder(here, HOSTILE)
    _, out, _ = said(capsys, "--format", form)
    assert told in out
    assert "\x1b" not in out


def test_a_fault_in_a_scenario_of_a_hostile_name_drives_no_terminal(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder(here, HOSTILE.replace("attempts", "atempts"))
    status, out, _ = said(capsys, "--format", "github")
    assert (status, out.count("::error ")) == (2, 1)
    assert "at /scenarios/evil \\x1b[31mred\\x1b[0m ::x newline/expect/atempts\n" in out
    assert "at /scenarios/evil \\x1b[31mred" in said(capsys, "--format", "junit")[1]


@pytest.mark.parametrize("form", ["text", "json", "junit", "github"])
def test_a_report_goes_to_a_stdout_of_any_encoding(here: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    folder(here, MIXED.replace("wrong <&>", "größer ✓"))
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    assert main(["test", "--format", form]) == 1
    stream.seek(0)
    out = stream.read()
    assert "gr" in out
    if form == "junit":
        assert [case.get("name") for case in ElementTree.fromstring(out).iter("testcase")][1] == "größer ✓"
    if form == "json":
        assert json.loads(out)["files"][0]["scenarios"][1]["name"] == "größer ✓"
