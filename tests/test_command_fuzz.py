"""`states fuzz`: exit statuses, what it shows and writes, and what it refuses."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from states.__main__ import main
from tests.fuzzing.planted import DROPPING_CATCHER, NO_DEFAULT, NO_IS_PRESENT, RESULT_OVER_NULL

Given = tuple[int, str, str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, definition in (("choice", NO_DEFAULT), ("present", NO_IS_PRESENT), ("saga", DROPPING_CATCHER), ("find", RESULT_OVER_NULL)):
        (tmp_path / f"{name}.asl.json").write_text(json.dumps(definition), encoding="utf-8")
    (tmp_path / "good.json").write_text('{"kind": "card"}', encoding="utf-8")
    (tmp_path / "order.json").write_text('{"order": 7}', encoding="utf-8")
    (tmp_path / "loud.py").write_text(
        "def ship(e, c):\n    print('noise')\n    return {}\n\ndef refund(e, c):\n    return {}\n", encoding="utf-8"
    )
    (tmp_path / "schema.json").write_text('{"type": "object", "properties": {"discount": {"type": "number"}}}', encoding="utf-8")
    (tmp_path / "mine.scenario.yaml").write_text("machine: a\n", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    return tmp_path


def fuzz(capsys: pytest.CaptureFixture[str], *arguments: str) -> Given:
    code = main(["fuzz", *arguments])
    caught = capsys.readouterr()
    return code, caught.out, caught.err


def test_a_finding_is_shown_with_its_trace(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = fuzz(capsys, "choice.asl.json")

    assert code == 1
    assert out.startswith('✗ Which: States.Runtime\n  input: {"kind":"other"}\n└─ ✗ Which  Choice  States.Runtime')
    assert "no rule matched and there is no Default" in out
    assert err.startswith("1 finding: ")
    assert err.endswith("every case was tried\n")


def test_what_tasks_print_is_not_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = fuzz(capsys, "saga.asl.json", "--examples", "order.json", "--tasks", "loud.py", "-q", "--write", "found.scenario.yaml")

    assert (code, out) == (1, "✗ Refund: States.Runtime, when Ship fails with NoAddress every time\n")
    assert "inputs like 1 example;" in err
    assert "written to found.scenario.yaml" in err
    assert main(["test", "found.scenario.yaml", "-q"]) == 0
    assert fuzz(capsys, "saga.asl.json", "--examples", "order.json", "--tasks", "loud.py", "-q", "--write", "found.scenario.yaml")[0] == 1


def test_findings_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = fuzz(capsys, "saga.asl.json", "--examples", "order.json", "--tasks", "loud.py", "--json")

    (found,) = json.loads(out)
    cause = '{"errorMessage":"on purpose","errorType":"NoAddress"}'
    assert code == 1
    assert found["faults"] == [{"state": "Ship", "error": "NoAddress", "cause": cause, "times": "always"}]
    assert (found["kind"], found["state"], found["input"]) == ("runtime", "Refund", {"order": 7})


@pytest.mark.parametrize(
    "arguments",
    [
        ["choice.asl.json", "--examples", "good.json", "--faults", "none", "--schema", "good.json"],
        ["find.asl.json", "--results", "shaped"],
    ],
)
def test_nothing_is_found(folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    (folder / "good.json").write_text(
        '{"type": "object", "required": ["kind"], "properties": {"kind": {"const": "card"}}}', encoding="utf-8"
    )

    code, out, err = fuzz(capsys, *arguments)

    assert (code, out) == (0, "")
    assert err.startswith("nothing found: ")


def test_a_level_of_results_finds_more(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    codes: list[Any] = [fuzz(capsys, "find.asl.json", "--results", level, "-q")[:2] for level in ("shaped", "nulls", "any")]

    assert [code for code, _ in codes] == [0, 1, 1]
    assert len(codes[2][1]) > len(codes[1][1])


REFUSED = {
    "no machine": (["none.asl.json"], "none.asl.json: no such file"),
    "no example": (["choice.asl.json", "--examples", "none"], "--examples none: no such file or folder"),
    "an empty folder": (["choice.asl.json", "--examples", "empty"], "--examples empty: no *.json in this folder"),
    "an example that is no JSON": (["choice.asl.json", "--examples", "loud.py"], "loud.py is not JSON"),
    "no schema": (["choice.asl.json", "--schema", "mine.scenario.yaml"], "mine.scenario.yaml is not JSON"),
    "a schema that is a number": (["choice.asl.json", "--schema", "[7]"], "expected a JSON Schema"),
    "a wrong schema": (["choice.asl.json", "--schema", '{"type": "text"}'], "'text' is not valid"),
    "a schema that allows nothing": (["choice.asl.json", "--schema", '{"not": {}}'], "no valid input was found"),
    "a wrong level": (["choice.asl.json", "--faults", "all"], "argument --faults: invalid choice"),
    "no seconds": (["choice.asl.json", "--seconds", "0"], "above 0 and at most 86,400"),
    "no scenario": (["choice.asl.json", "--write", "found.yaml"], "expected a name that ends with .scenario.yaml"),
    "no folder": (["choice.asl.json", "--write", "none/a.scenario.yaml"], "there is no folder none"),
    "a file of the user": (["choice.asl.json", "--write", "mine.scenario.yaml"], "it is not replaced"),
    "tasks that do not import": (["saga.asl.json", "--tasks", "good.json"], "good.json"),
}


@pytest.mark.parametrize(("arguments", "message"), REFUSED.values(), ids=REFUSED)
def test_wrong_use_is_one_clear_message(folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    code, out, err = fuzz(capsys, *arguments)

    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err or "good.json" in message
    assert (folder / "mine.scenario.yaml").read_text(encoding="utf-8") == "machine: a\n"


def test_without_hypothesis_it_says_what_to_install(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("states.fuzzing")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "hypothesis", None)

    assert fuzz(capsys, "choice.asl.json") == (2, "", "states: states fuzz needs hypothesis: pip install 'states[fuzz]'\n")
