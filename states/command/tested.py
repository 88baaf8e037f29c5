"""What `states test` reports: for people, as JSON, as JUnit's XML, and as annotations of GitHub Actions."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rich.text import Text

from states.command import output
from states.definition.diagnostics import Diagnostic
from states.reports import github, junit
from states.reports.json import fields
from states.testing.scenarios.outcomes import FAILED, PASSED, SKIPPED, Outcome
from states.testing.scenarios.shown import Failed, line_of, plain, texts
from states.views import words
from states.views.console import writable
from states.views.diagnostics import Diagnostics

MARKS = {PASSED: ("✓", "green"), FAILED: ("✗", "bold red"), SKIPPED: ("⊘", "yellow")}


@dataclass(frozen=True, slots=True)
class Tested:
    """A file: what came of its scenarios, or its faults, in which case none of them was played."""

    path: str
    outcomes: Sequence[Outcome] = ()
    faults: Sequence[Diagnostic] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not self.faults and all(outcome.status != FAILED for outcome in self.outcomes)

    @property
    def seconds(self) -> float:
        return sum(outcome.seconds for outcome in self.outcomes)


def counts(tested: Sequence[Tested]) -> Counter[str]:
    return Counter(outcome.status for one in tested for outcome in one.outcomes)


def counted(found: Counter[str]) -> str:
    """`7 passed, 1 failed`.

    >>> counted(Counter(failed=1, passed=7)), counted(Counter())
    ('7 passed, 1 failed', 'no scenario was played')
    """
    return ", ".join(f"{found[status]:,} {status}" for status in (PASSED, FAILED, SKIPPED) if found[status]) or "no scenario was played"


# ---------------------------------------------------------------- for people


class Shows:
    """Writes the report for people, file by file."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.console = output.console(output.stdout())
        self.is_quiet, self.is_verbose = arguments.quiet, arguments.verbose

    def file(self, one: Tested) -> Tested:
        """Shows what came of one file; gives it without its runs, which nobody needs any more."""
        self._file(one)
        return replace(one, outcomes=[replace(outcome, run=None) for outcome in one.outcomes])

    def _file(self, one: Tested) -> None:
        if one.faults:
            self._line("✗", "bold red", one.path, words.count(len(one.faults), "fault"), "red")
            self.console.print(Diagnostics(one.faults, texts(one.faults)), end="")
            self.console.print()
            return
        if not (self.is_quiet and one.is_good):
            is_good = one.is_good
            self._line(*MARKS[PASSED if is_good else FAILED], one.path, counted(counts([one])), "dim" if is_good else "red")
        for outcome in one.outcomes:
            if self.is_verbose or (outcome.status == SKIPPED and not self.is_quiet):
                self._outcome(outcome)
        for outcome in one.outcomes:
            if outcome.status == FAILED:
                self.console.print()
                self.console.print(Failed(outcome), end="")
        if not one.is_good:
            self.console.print()

    def _line(self, mark: str, style: str, title: str, note: str, note_style: str) -> None:
        text = Text(f"{mark} ", style=style)
        text.append(words.clean(title), style="default not bold").append(f"  {note}", style=f"not bold {note_style}")
        self.console.print(text, soft_wrap=True)

    def _outcome(self, outcome: Outcome) -> None:
        mark, style = MARKS[outcome.status]
        text = Text("  ").append(f"{mark} ", style=style).append(words.clean(outcome.scenario.name))
        if outcome.status == SKIPPED:
            text.append(f"  {words.clean(outcome.scenario.skip or '')}", style="dim")
        elif outcome.run is not None:
            run = outcome.run
            text.append(f"  {run.status} after {words.duration(run.seconds)}", style="dim")
        self.console.print(text, soft_wrap=True)

    def summary(self, tested: Sequence[Tested], seconds: float) -> None:
        """The last line."""
        found = counts(tested)
        bad = sum(bool(one.faults) for one in tested)
        parts = [counted(found), f"{words.count(bad, 'bad file')}" if bad else ""]
        is_good = all(one.is_good for one in tested)
        text = Text(", ".join(filter(None, parts)), style="bold green" if is_good else "bold red")
        text.append(f" in {took(seconds)}, {words.count(len(tested), 'file')}", style="not bold default dim")
        self.console.print(text, soft_wrap=True)


def took(seconds: float) -> str:
    """How long it took here.

    >>> took(0.0421), took(75)
    ('0.04 s', '1m 15s')
    """
    return f"{seconds:.2f} s" if seconds < 59.95 else words.duration(seconds)


# ---------------------------------------------------------------- for tools


def as_json(tested: Sequence[Tested]) -> str:
    files = [{"file": one.path, "diagnostics": [*map(fields, one.faults)], "scenarios": [*map(_scenario, one.outcomes)]} for one in tested]
    found = counts(tested)
    whole = {"passed": found[PASSED], "failed": found[FAILED], "skipped": found[SKIPPED], "files": files}
    return json.dumps(whole, indent=2) + "\n"


def _scenario(outcome: Outcome) -> dict[str, Any]:
    run = outcome.run
    line, column = outcome.scenario.place
    said = {"name": outcome.scenario.name, "line": line, "column": column, "result": outcome.status, "seconds": round(outcome.seconds, 6)}
    if run is not None:
        said["execution"] = {"status": run.status, "seconds": run.seconds, "path": run.path, "error": run.error, "cause": run.cause}
    if outcome.scenario.skip is not None:
        said["reason"] = outcome.scenario.skip
    mismatches = [{"what": one.what, "line": one.place[0], "column": one.place[1], "message": line_of(one)} for one in outcome.mismatches]
    return {**said, **({"mismatches": mismatches} if mismatches else {})}


def as_junit(tested: Sequence[Tested]) -> str:
    """A suite a file, a case a scenario; a bad file is a case with an error."""
    numbers = _numbers(tested)
    suites = "".join(map(_suite, tested))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="states test" {numbers}>\n{suites}</testsuites>\n'


def _numbers(tested: Sequence[Tested]) -> str:
    found, bad = counts(tested), sum(bool(one.faults) for one in tested)
    tests, seconds = sum(found.values()) + bad, sum(one.seconds for one in tested)
    return f'tests="{tests}" failures="{found[FAILED]}" errors="{bad}" skipped="{found[SKIPPED]}" time="{seconds:.6f}"'


def _suite(one: Tested) -> str:
    name = junit.escaped(one.path)
    cases = "".join(_case(outcome, name) for outcome in one.outcomes)
    if one.faults:
        body = junit.text([*map(_clean, one.faults)])
        said = f'<error message="{words.count(len(one.faults), "fault")}" type="{one.faults[0].code}">{body}</error>\n'
        cases = f'<testcase classname="{name}" name="{name}" file="{name}" time="0">\n{said}</testcase>\n'
    return f'<testsuite name="{name}" {_numbers([one])}>\n{cases}</testsuite>\n'


def _case(outcome: Outcome, file: str) -> str:
    scenario = outcome.scenario
    head = f'<testcase classname="{file}" name="{junit.escaped(scenario.name)}" file="{file}" line="{scenario.place[0]}"'
    head += f' time="{outcome.seconds:.6f}"'
    if outcome.status == PASSED:
        return f"{head}/>\n"
    if outcome.status == SKIPPED:
        return f'{head}>\n<skipped message="{junit.escaped(scenario.skip or "")}"/>\n</testcase>\n'
    first = outcome.mismatches[0]
    body = junit.escaped(plain(outcome)).replace("&#10;", "\n")
    return f'{head}>\n<failure message="{junit.escaped(line_of(first))}" type="{junit.escaped(first.what)}">{body}</failure>\n</testcase>\n'


def as_github(tested: Sequence[Tested]) -> str:
    """An annotation a mismatch, at the expectation; a log is read in a terminal, so nothing in it drives one."""
    faults = (fault for one in tested for fault in [*one.faults, *_annotations(one)])
    return "".join(f"{github.command(_clean(fault))}\n" for fault in faults)


def _clean(fault: Diagnostic) -> Diagnostic:
    location = None if fault.location is None else words.clean(fault.location)
    return fault._replace(message=words.clean_lines(fault.message), location=location, source=words.clean(fault.source))


def _annotations(one: Tested) -> Iterator[Diagnostic]:
    for outcome in one.outcomes:
        for mismatch in outcome.mismatches:
            row, column = mismatch.place
            yield Diagnostic(outcome.scenario.name, line_of(mismatch), source=one.path, line=row, column=column)


def report(form: str, tested: Sequence[Tested]) -> str:
    """A report, in characters that stdout takes."""
    text, encoding = REPORTS[form](tested), output.encoding(output.stdout())
    if form == "junit":
        return text.encode(encoding, "xmlcharrefreplace").decode(encoding)
    return writable(text, encoding)


#: By the name of the format.
REPORTS: dict[str, Callable[[Sequence[Tested]], str]] = {"json": as_json, "junit": as_junit, "github": as_github}
