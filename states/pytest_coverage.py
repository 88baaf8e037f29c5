"""pytest plugin: coverage of state machines over all tests of a session (`--states-cov`), over the workers of pytest-xdist too.

    pytest --states-cov=machines --states-cov-report=term-missing --states-cov-fail-under=90

Without `--states-cov` it does nothing and imports nothing. What is measured and how it is counted: `states.coverage`.

Source: https://docs.pytest.org/en/stable/reference/reference.html#hooks, https://pytest-xdist.readthedocs.io/en/stable/how-to.html
"""

from __future__ import annotations

import json
import os
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

NAME = "states-coverage"  #: of the plugin that measures
KEY = "states_coverage"  #: of a worker's output

SOURCE_HELP = """measure the coverage of state machines: of SOURCE, a file or folder of definitions, which counts even when it never runs
(again for more); else of every definition file that runs"""
FORM_HELP = "term (default), term-missing, html[:DIR], lcov[:FILE], xml[:FILE], json[:FILE]; again for more"


def pytest_addoption(parser: pytest.Parser) -> None:
    add = parser.getgroup("states", "state machines").addoption
    add("--states-cov", nargs="?", const="", action="append", metavar="SOURCE", help=SOURCE_HELP)
    add("--states-cov-report", action="append", metavar="FORM", help=FORM_HELP)
    add("--states-cov-fail-under", type=float, metavar="MIN", help="fail when fewer percent of the goals are reached")
    add("--states-cov-inline", action="store_true", help="list machines that tests make of dictionaries and texts, too")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("states_cov") is None:
        for name in ("report", "fail_under", "inline"):
            if config.getoption(f"states_cov_{name}"):
                raise pytest.UsageError(f"--states-cov-{name.replace('_', '-')} needs --states-cov")
        return
    if not config.pluginmanager.has_plugin(NAME):  # registered by name and by entry point, it is there twice
        config.pluginmanager.register(Measuring(config), NAME)


def pytest_unconfigure(config: pytest.Config) -> None:
    measuring = config.pluginmanager.unregister(name=NAME) if config.pluginmanager.has_plugin(NAME) else None
    if measuring is not None:
        measuring.stop()


class Measuring:
    """What measures in this process and, where it is not a worker of xdist, reports."""

    def __init__(self, config: pytest.Config) -> None:
        from states.coverage import Collector, check_spec
        from states.coverage.results import excluded
        from states.definition.lints.settings import settings

        self.config = config
        self.is_worker = hasattr(config, "workerinput")
        self.sources = [str(config.invocation_params.dir / source) for source in config.getoption("states_cov") if source]
        self.reports = config.getoption("states_cov_report") or ["term"]
        self.least: float | None = config.getoption("states_cov_fail_under")
        try:
            for spec in self.reports:
                check_spec(spec)
            self.exclude = excluded(settings(str(config.rootpath)))
        except ValueError as fault:
            raise pytest.UsageError(f"--states-cov: {fault}") from None
        for source in () if self.is_worker else self.sources:
            if not Path(source).exists() and not Path(source.rpartition("#")[0] or source).exists():
                raise pytest.UsageError(f"--states-cov: {source}: no such file or folder")
        self.found: Any = None
        self.faults: list[str] = []  #: why the session fails, a line each
        self.written: dict[str, str] = {}  #: what was said of each report that is a file
        self.collector = Collector(made_by=running_test)
        self.watching = self.collector.watching()
        self.watching.__enter__()

    def stop(self) -> None:
        self.watching.__exit__(None, None, None)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.is_worker:
            self.config.workeroutput[KEY] = json.dumps(self.collector.data())  # type: ignore[attr-defined]  # ASCII takes every text
            return
        if self.config.option.collectonly:
            return
        from states.coverage import measure

        root = str(self.config.rootpath)
        inline = self.config.getoption("states_cov_inline")
        self.found = measure(self.collector, self.sources, exclude=self.exclude, inline=inline, root=root)
        self.faults = self.found.faults(self.least)
        for spec in self.reports:
            self.write(spec)
        if self.faults and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def write(self, spec: str) -> None:
        """A report that goes to files: before pytest's exit status is settled, which a fault changes."""
        from states.coverage import NotWritten, check_spec, report

        if check_spec(spec)[1] is None:
            return
        said = StringIO()
        try:
            report(spec, self.found, said)
        except NotWritten as fault:
            self.faults.append(f"coverage of state machines: {fault}")
        self.written[spec] = said.getvalue()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker of xdist is done; one that crashed says nothing."""
        data = getattr(node, "workeroutput", {}).get(KEY)
        if data is not None:
            self.collector.merge(json.loads(data))

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        from states.coverage import report

        if self.found is None:
            return
        terminalreporter.section("coverage of state machines")
        for spec in self.reports:
            if spec in self.written:
                terminalreporter.write(self.written[spec])
            else:
                report(spec, self.found, Reporter(terminalreporter))  # type: ignore[arg-type]
        for line in self.faults:
            terminalreporter.write_line(line, red=True, bold=True)


class Reporter:
    """pytest's terminal as a stream."""

    encoding = getattr(sys.__stdout__, "encoding", None)

    def __init__(self, terminalreporter: Any) -> None:
        self.write = terminalreporter.write
        self.flush = terminalreporter.flush
        self.isatty = lambda: terminalreporter.hasmarkup

    def fileno(self) -> int:
        raise OSError("a report has no file number")


def running_test() -> str:
    """The test that runs; a name for the machines that it makes."""
    return os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" (")[0]
