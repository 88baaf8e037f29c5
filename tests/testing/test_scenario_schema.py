"""The schema of scenario files, which editors complete from: the same keys as the reader has, and it takes what the reader takes."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from states.definition.formats.documents import read_yaml
from states.testing.scenarios.expectations import EXPECTATIONS
from states.testing.scenarios.faults import CODES
from states.testing.scenarios.mocking import ANSWERS
from states.testing.scenarios.reading import KEYS
from states.testing.scenarios.steps import STEPS
from states.testing.scenarios.visiting import VISIT
from tests.testing.test_scenario_faults import FAULTS
from tests.testing.test_scenarios import EXPECTED, SHARED, STEPPED

SCHEMA: dict[str, Any] = json.loads((files("states.testing.scenarios") / "scenario.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
STEP_KEYS = {name for name, (_, more, _) in STEPS.items() for name in (name, *more)}
FOLDER = Path(__file__).resolve().parents[2] / "docs" / "scenarios"
PAGE = (Path(__file__).resolve().parents[2] / "docs" / "scenarios.md").read_text(encoding="utf-8")


def value_of(text: str) -> Any:
    """As scenario files are read: `No` and dates are texts."""
    return read_yaml(text, "<string>").value


@pytest.mark.parametrize(
    ("part", "keys"), [("scenario", set(KEYS)), ("answer", set(ANSWERS)), ("step", STEP_KEYS), ("expect", set(EXPECTATIONS))]
)
def test_the_schema_has_the_keys_of_the_reader(part: str, keys: set[str]) -> None:
    assert set(SCHEMA["$defs"][part]["properties"]) == keys


@pytest.mark.parametrize("text", [SHARED, *(f"{given}expect:\n  {right}" for given, right, _, _ in EXPECTED)])
def test_the_schema_takes_what_is_right(text: str) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(value_of(text))] == []


@pytest.mark.parametrize("steps", [steps for steps, _, _ in STEPPED])
def test_the_schema_takes_steps(steps: str) -> None:
    assert VALIDATOR.is_valid({"during": value_of(steps)})


UNKNOWN = [
    text for text, _, _, said in FAULTS if re.match(r"(an answer|expect|the step '.*'|stop) has no key", said) and "stop:" not in text
]


@pytest.mark.parametrize("text", [*UNKNOWN, "expect: {status: Succeeded}", "scenarios: []", "type: FAST", "retryCount: -1", "strict: 1"])
def test_the_schema_refuses_what_is_wrong(text: str) -> None:
    wrong = value_of(text)
    if "output: 1}" in text:  # which key goes with which step is more than the schema says
        return
    assert not VALIDATOR.is_valid(wrong)


@pytest.mark.parametrize("name", ["order", "approval"])
def test_the_files_of_the_manual_are_those_that_are_played(name: str) -> None:
    assert f"```yaml\n{(FOLDER / f'{name}.scenario.yaml').read_text(encoding='utf-8')}```" in PAGE


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_in_the_manual(code: str) -> None:
    assert f"| `{code}` |" in PAGE


@pytest.mark.parametrize("key", sorted({*KEYS, *ANSWERS, *STEP_KEYS, *EXPECTATIONS, *VISIT, "scenarios"}))
def test_every_key_is_in_the_manual(key: str) -> None:
    assert re.search(rf"^\| .*`{key}`", PAGE, re.MULTILINE)
