"""Every warning: a wrong definition gives exactly these at exactly these places, and a right one beside it gives none.

The cases are `tests/cases/lints.json`, laid out with two blanks a level before they are judged, as in `test_rules`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings

from states.definition import errors, lints, loads, validate
from states.definition.diagnostics import CODES, ERROR, WARNING, WARNINGS
from states.definition.lints import pages
from states.definition.lints.settings import settings
from states.definition.outline import Outline
from tests.definition.machines import documents
from tests.definition.test_corpus import recorded
from tests.definition.test_rules import as_data, machine_type
from tests.shared import ROOT, SHARED, needs_shared

CASES: list[dict[str, Any]] = json.loads((ROOT / "tests" / "cases" / "lints.json").read_text())
LINTS = (*lints.AWS, *lints.OWN)


def name(case: dict[str, Any]) -> str:
    return f"{case['code']}: {case['rule']}"


@pytest.mark.parametrize("case", CASES, ids=name)
def test_a_wrong_definition_has_these_warnings(case: dict[str, Any]) -> None:
    found = validate(json.dumps(case["wrong"], indent=2), type=machine_type(case))
    assert [as_data(fault) for fault in found] == case["faults"]
    assert case["code"] in {fault.code for fault in found}
    assert not errors(found)


@pytest.mark.parametrize("case", CASES, ids=name)
def test_a_right_definition_has_none(case: dict[str, Any]) -> None:
    assert validate(case["right"], type=machine_type(case)) == []


@pytest.mark.parametrize("lint", LINTS, ids=lambda lint: lint.code)
def test_every_lint_is_documented_and_has_a_case(lint: lints.Lint) -> None:
    assert lint.code in CODES
    assert lint.code in WARNINGS
    assert "Why: " in (lint.find.__doc__ or "")
    assert "Source: " in (lint.find.__doc__ or "")
    assert any(case["code"] == lint.code for case in CASES)


@pytest.mark.parametrize("lint", LINTS, ids=lambda lint: lint.code)
def test_a_lint_finds_its_own_code(lint: lints.Lint) -> None:
    for case in CASES:
        assert {fault.code for fault in lint.find(Outline(case["wrong"], machine_type(case)))} <= {lint.code}


@hypothesis_settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents)
def test_the_warnings_of_aws_take_any_json(value: Any) -> None:
    for definition in (value, {"StartAt": "A", "States": value}, {"StartAt": "A", "States": {"A": value}}):
        if isinstance(definition, dict):
            lints.aws_warnings(Outline(definition))
            validate(definition)


# --- severities --------------------------------------------------------------------------------------------------------------------

DOUBTFUL: dict[str, Any] = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"x": "$.y"}, "End": True}}}


def commented(state: str = "", machine: str = "") -> dict[str, Any]:
    return {"Comment": machine, "StartAt": "A", "States": {"A": {**DOUBTFUL["States"]["A"], "Comment": state}}}


@pytest.mark.parametrize(
    ("rules", "state", "machine", "severities"),
    [
        ({}, "", "", [WARNING]),
        ({"NO_DOLLAR": "off"}, "", "", []),
        ({"NO_DOLLAR": "error"}, "", "", [ERROR]),
        ({"NO_PATH": "off"}, "", "", [WARNING]),
        ({}, "The text is meant. states: off NO_DOLLAR", "", []),
        ({}, "states: off NO_PATH, NO_DOLLAR", "", []),
        ({}, "states: off NO_PATH", "", [WARNING]),
        ({}, "states: error NO_DOLLAR", "", [ERROR]),
        ({}, "", "states: off NO_DOLLAR", []),
        ({"NO_DOLLAR": "error"}, "states: off NO_DOLLAR", "", []),
        ({"NO_DOLLAR": "off"}, "states: warning NO_DOLLAR", "states: error NO_DOLLAR", [WARNING]),
        ({}, "all states: off they go", "", [WARNING]),
    ],
)
def test_how_much_a_warning_counts(rules: dict[str, str], state: str, machine: str, severities: list[str]) -> None:
    assert [fault.severity for fault in validate(commented(state, machine), rules=rules)] == severities


def test_a_comment_holds_for_the_state_and_all_inside_it_only() -> None:
    inner = {"StartAt": "I", "States": {"I": DOUBTFUL["States"]["A"]}}
    states = {
        "A": {"Type": "Parallel", "Branches": [inner], "Next": "AB", "Comment": "states: off NO_DOLLAR"},
        "AB": DOUBTFUL["States"]["A"],
    }
    assert [fault.location for fault in validate({"StartAt": "A", "States": states})] == ["/States/AB/Parameters/x"]


def test_an_error_of_aws_cannot_be_switched_off() -> None:
    with pytest.raises(ValueError, match="MISSING_END_STATE is an error and cannot be changed"):
        validate(DOUBTFUL, rules={"MISSING_END_STATE": "off"})
    with pytest.raises(ValueError, match="There is no code NO_DOLAR"):
        validate(DOUBTFUL, rules={"NO_DOLAR": "off"})
    with pytest.raises(ValueError, match="NO_DOLLAR is off, warning or error, not 'on'"):
        validate(DOUBTFUL, rules={"NO_DOLLAR": "on"})


def test_own_warnings_wait_until_there_is_no_error() -> None:
    waits = {"Type": "Task", "Resource": "arn:aws:states:us-east-1:123456789012:activity:pack", "End": True}
    found = validate({"StartAt": "A", "States": {"A": waits}})
    assert [fault.code for fault in found] == ["CALLBACK_WITHOUT_TIMEOUT"]
    found = validate({"StartAt": "A", "States": {"A": {**waits, "Nxt": "B"}}})
    assert [fault.code for fault in found] == ["SCHEMA_VALIDATION_FAILED"]


def test_loading_asks_no_lint(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(outline: Outline) -> list[Any]:
        raise AssertionError

    monkeypatch.setattr(lints, "warnings", never)
    monkeypatch.setattr(lints, "aws_warnings", never)
    assert loads(DOUBTFUL).states["A"].type == "Pass"


# --- pyproject.toml ----------------------------------------------------------------------------------------------------------------


def test_the_nearest_pyproject_has_the_settings(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.states]\nstrict = true\n[tool.states.rules]\nNO_DOLLAR = "off"\n')
    (tmp_path / "a" / "b").mkdir(parents=True)
    assert settings(str(tmp_path / "a" / "b")) == {"strict": True, "rules": {"NO_DOLLAR": "off"}}
    (tmp_path / "a" / "pyproject.toml").write_text('[project]\nname = "a"\n')
    assert settings(str(tmp_path / "a" / "b")) == {"rules": {}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tool.states", "Expected"),
        ("[tool]\nstates = 5\n", "are tables"),
        ("[tool.states]\nrules = 5\n", "are tables"),
        ('[tool.states.rules]\nNO_DOLAR = "off"\n', "There is no code NO_DOLAR"),
        ("[tool.states.rules]\nNO_DOLLAR = false\n", "not False"),
    ],
)
def test_settings_that_are_none_are_told(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(ValueError, match=message):
        settings(str(tmp_path))


# --- time --------------------------------------------------------------------------------------------------------------------------


def row(length: int, state: Callable[[int], dict[str, Any]]) -> dict[str, Any]:
    """States one behind the other; the first makes an object that is known."""
    states = {f"S{index}": {"Type": "Pass", **state(index), "Next": f"S{index + 1}"} for index in range(1, length)}
    return {"StartAt": "S0", "States": {"S0": {"Type": "Pass", "Result": {}, "Next": "S1"}, **states, f"S{length}": {"Type": "Succeed"}}}


@pytest.mark.parametrize(
    "state",
    [
        lambda index: {"Result": index, "ResultPath": f"$.r{index}"},
        lambda index: {"Parameters": {f"k{number}.$": "$" for number in range(10)}},
        lambda index: {"Assign": {f"v{index}.$": f"$v{index - 1}", "w.$": f"$u{index}"}},
        lambda index: {"Parameters": {"n.$": "States.MathAdd($.n, 1)"}},
    ],
    ids=["results", "copies of copies", "variables", "counters"],
)
def test_a_long_machine_takes_little_time(state: Callable[[int], dict[str, Any]]) -> None:
    outline = Outline(row(2000, state))
    start = time.process_time()
    lints.warnings(outline)
    assert time.process_time() - start < 2


# --- the manual --------------------------------------------------------------------------------------------------------------------


def test_the_page_of_the_codes_is_up_to_date() -> None:
    """`python -m states.definition.lints.pages > docs/rules.md` makes it so."""
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == pages.manual(pages.read(str(ROOT / path) for path in pages.CASES))


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_what_why_and_source(code: str) -> None:
    page = pages.page(code)
    assert page.what.endswith(".")
    assert page.why.endswith(".")
    assert page.source.startswith(("https://", "docs/"))


@pytest.mark.parametrize(("code", "texts"), pages.TEXTS.items(), ids=pages.TEXTS)
def test_texts_of_the_manual_are_as_it_says(code: str, texts: tuple[str, str]) -> None:
    wrong, right = texts
    assert [fault.code for fault in validate(wrong)] == [code]
    assert validate(right) == []


# --- the corpus --------------------------------------------------------------------------------------------------------------------

#: How many of the corpus' valid machines each code speaks of. Each was looked at: the warnings are right.
SPOKEN_OF = {
    "NO_DOLLAR": 4,
    "PASS_RESULT_IS_STATIC": 3,
    "CALLBACK_WITHOUT_TIMEOUT": 17,
    "TOKEN_NOT_PASSED": 1,
    "CHOICE_WITHOUT_DEFAULT": 6,
    "PATH_NEVER_PRODUCED": 1,
    "RESULT_REPLACES_INPUT": 1,
    "VARIABLE_NOT_ASSIGNED": 9,
    "VARIABLE_OF_OUTER_SCOPE": 1,
}


@needs_shared
def test_few_of_the_published_machines_are_spoken_of() -> None:
    counted: Counter[str] = Counter()
    for entry in json.loads((SHARED / "machines" / "MANIFEST.json").read_text())["entries"]:
        if entry["valid"] and entry["scored"]:
            found = validate((SHARED / "machines" / entry["file"]).read_bytes(), type=entry["machine_type"])
            counted.update({fault.code for fault in found} & {lint.code for lint in LINTS})
    assert counted == SPOKEN_OF


FATAL = ("PATH_NEVER_PRODUCED", "RESULT_REPLACES_INPUT", "VARIABLE_NOT_ASSIGNED")


@needs_shared
def test_no_recorded_execution_survives_what_is_said_to_end_it() -> None:
    """A state of which a lint says that it must fail was not entered by any execution on AWS that succeeded."""
    for case in recorded("execution"):
        expected = case["expected"]
        if expected.get("status") == "SUCCEEDED":
            entered = {
                event["stateEnteredEventDetails"]["name"] for event in expected.get("history", ()) if "stateEnteredEventDetails" in event
            }
            for fault in validate(case["definition"], type=case.get("type", "STANDARD")):
                if fault.code in FATAL:
                    assert not any(f"/{name}/" in str(fault.location) for name in entered), (case["id"], str(fault))


def test_running_imports_no_lint() -> None:
    program = "import sys, states; states.loads(sys.argv[1]); print(*[name for name in sys.modules if '.lints' in name])"
    printed = subprocess.run([sys.executable, "-c", program, json.dumps(DOUBTFUL)], capture_output=True, text=True, check=True, cwd=ROOT)
    assert printed.stdout.strip() == ""
