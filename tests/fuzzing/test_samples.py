"""The samples are sound: with their tasks and inputs nothing is found, but for the ends that are expected of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import states
from states.__main__ import main
from states.fuzzing import Hunt
from states.tasks import modules

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = sorted((ROOT / "machines").iterdir())


def sample(folder: Path, **more: object) -> Hunt:
    examples = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((folder / "inputs").glob("*.json"))]
    return Hunt(states.load(folder / "machine.asl.json"), modules.of_file(folder / "tasks.py"), examples=examples, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("folder", [each for each in SAMPLES if each.name != "welcome"], ids=lambda folder: folder.name)
def test_nothing_is_found(folder: Path) -> None:
    report = sample(folder).go(0.7)

    assert [found.ending.key for found in report.found] == []
    assert report.runs > 5


def test_what_fails_on_purpose_is_found_unless_it_is_expected(capsys: pytest.CaptureFixture[str]) -> None:
    folder = ROOT / "machines" / "welcome"

    assert {found.ending.error for found in sample(folder).go(5.0).found} == {"ValueError", "States.Runtime"}
    assert main(["fuzz", str(folder)]) == 0  # its scenarios expect it
    assert capsys.readouterr().err.startswith("nothing found: ")


def test_an_example_that_does_not_end_as_expected_is_found() -> None:
    folder = ROOT / "machines" / "welcome"
    hunt = sample(folder, expected=[("SUCCEEDED", None, None)] * 4)

    assert {found.ending.state for found in hunt.go(5.0).found} == {"ReadSignup", "SendWelcome"}
