"""The page of the manual: its session is what pytest prints for its tests, and every name and option is on it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import states.coverage
from states.coverage import FORMATS
from states.coverage.goals import goals_of
from states.definition.source import read
from tests.coverage.test_goals import GOALS, REACHED
from tests.coverage.test_pytest_coverage import PLUGIN

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/coverage.md").read_text(encoding="utf-8")


def without_rules(text: str) -> list[list[str]]:
    """The words of each line that has any, lines drawn across left out."""
    lines = [re.sub(r"[=─]{5,}", " ", line).split() for line in text.splitlines()]
    return [line for line in lines if line]


def test_the_session_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    for name in ("PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "test_order.py").write_text(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[0])
    session = re.findall(r"```text\n\$ pytest -q test_order.py (.*?)\n(.*?)```", PAGE, re.DOTALL)
    ((arguments, expected),) = session
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "0", f"--rootdir={ROOT}", *PLUGIN]
    done = subprocess.run([*command, str(tmp_path / "test_order.py"), *arguments.split()], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    wanted = without_rules(expected)
    assert wanted.pop() == ["..."]
    assert without_rules(done.stdout)[: len(wanted)] == wanted


@pytest.mark.parametrize("name", [*states.coverage.__all__, *FORMATS])
def test_every_public_name_is_on_the_page(name: str) -> None:
    assert re.search(rf"`{re.escape(name)}\b", PAGE) is not None


@pytest.mark.parametrize("option", re.findall(r'add\("(--[\w-]+)"', (ROOT / "states/pytest_coverage.py").read_text()))
def test_every_option_is_on_the_page(option: str) -> None:
    assert f"| `{option}" in PAGE


def test_every_outcome_is_on_the_page() -> None:
    definitions = [case[0] for case in (*GOALS.values(), *REACHED.values())]
    outcomes = {goal.outcome for definition in definitions for goal in goals_of(read(definition).value)}
    assert len(outcomes) == 11
    assert not [outcome for outcome in outcomes if not re.search(rf"\b{outcome}`", PAGE)]
