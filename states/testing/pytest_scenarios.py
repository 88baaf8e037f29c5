"""Scenario files under pytest: a file is collected, each of its scenarios is a test.

`pytest_collect_file` of `states.pytest_plugin` calls `collect`. A scenario that fails shows what was expected and what the
execution did, a file with faults shows them with their lines; neither shows Python.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from _pytest._code.code import ReprEntryNative, ReprExceptionInfo, ReprFileLocation, ReprTraceback

from states.testing.scenarios import InvalidScenarios, Loader, Outcome, Scenario, load, play
from states.testing.scenarios.folders import is_scenario_file

_LOADER = pytest.StashKey[Loader]()


class ScenarioFailed(Exception):
    """A scenario is not as expected; carries the outcome."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.scenario.name)
        self.outcome = outcome


def shown_failure(text: str, place: tuple[str, int], message: str) -> ReprExceptionInfo:
    """What a failure shows: the text, and for pytest's summary one line with its file and line.

    It is of pytest's own class, the only one that goes whole from a worker of pytest-xdist to the terminal.
    """
    entry = ReprEntryNative([f"{text}\n"])
    return ReprExceptionInfo(reprtraceback=ReprTraceback([entry], None, "native"), reprcrash=ReprFileLocation(*place, message))


class ScenarioFile(pytest.File):
    """A file of scenarios."""

    def collect(self) -> Iterable[pytest.Item]:
        """Its scenarios, in the order of the file."""
        for scenario in load(_short(self.path), _loader(self.config)):
            yield ScenarioItem.from_parent(self, name=scenario.name, scenario=scenario)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ARG002
        """The faults of the file."""
        if isinstance(excinfo.value, InvalidScenarios):
            from states.testing.scenarios.shown import faults_as_text

            return faults_as_text(excinfo.value.diagnostics)
        if isinstance(excinfo.value, ModuleNotFoundError) and excinfo.value.name == "yaml":
            return f"{_short(self.path)}: {excinfo.value}"
        return super().repr_failure(excinfo)


class ScenarioItem(pytest.Item):
    """One scenario. Its failure shows its execution, so that the plugin need not."""

    shows_its_execution = True

    def __init__(self, *, scenario: Scenario, **more: Any) -> None:
        super().__init__(**more)
        self.scenario = scenario
        if scenario.skip is not None:
            self.add_marker(pytest.mark.skip(reason=scenario.skip))

    def runtest(self) -> None:
        """Plays it."""
        outcome = play(self.scenario)
        if outcome.mismatches:
            raise ScenarioFailed(outcome)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What was expected and what the execution did."""
        if isinstance(excinfo.value, ScenarioFailed):
            from states.testing.scenarios.shown import plain, verdict

            outcome = excinfo.value.outcome
            place = (outcome.scenario.path, outcome.mismatches[0].place[0])
            return shown_failure(plain(outcome, with_title=False), place, verdict(outcome))
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[os.PathLike[str] | str, int | None, str]:
        """Where the scenario stands; pytest counts lines from 0."""
        return self.path, self.scenario.place[0] - 1, self.name


def collect(path: Path, parent: pytest.Collector) -> ScenarioFile | None:
    """The file when it is one of scenarios by its name: for `pytest_collect_file`."""
    if not is_scenario_file(path.name):
        return None
    found: ScenarioFile = ScenarioFile.from_parent(parent, path=path)
    return found


def _loader(config: pytest.Config) -> Loader:
    """What reads machines and tasks for all files of the session."""
    return config.stash.setdefault(_LOADER, Loader())


def _short(path: Path) -> str:
    """The path from here, when it is below here."""
    return str(path).removeprefix(f"{Path.cwd()}{os.sep}")
