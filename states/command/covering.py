"""Coverage of the machines that `states test` plays: `--cov`, `--cov-report`, `--cov-fail-under`.

Counting and reports are those of `states.coverage`, which is imported only when `--cov` is given.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from states.command import output
from states.command.ends import FAULTS, WRONG, Refused
from states.command.files import is_there

SOURCE_HELP = "measure coverage: of SOURCE, a file or folder of definitions, run or not (again for more); else of all that run"
FORM_HELP = "term (default), term-missing, html[:DIR], lcov[:FILE], xml[:FILE], json[:FILE]; again for more"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of coverage."""
    parser.add_argument("--cov", nargs="?", const="", action="append", metavar="SOURCE", help=SOURCE_HELP)
    parser.add_argument("--cov-report", action="append", metavar="FORM", help=FORM_HELP)
    parser.add_argument("--cov-fail-under", type=float, metavar="MIN", help="fail when fewer percent of the goals are reached")


@contextmanager
def measured(arguments: argparse.Namespace) -> Iterator[Callable[[], int]]:
    """Counts what happens meanwhile. Gives what reports it afterwards and the exit status it asks for."""
    if arguments.cov is None:
        for option in ("cov_report", "cov_fail_under"):
            if getattr(arguments, option) is not None:
                raise Refused(f"--{option.replace('_', '-')} needs --cov")
        yield lambda: 0
        return
    from states import coverage
    from states.coverage.results import excluded
    from states.definition.lints.settings import settings

    reports = arguments.cov_report or ["term"]
    sources = [source for source in arguments.cov if source]
    for source in sources:
        if not is_there(source) and not is_there(source.rpartition("#")[0] or source):
            raise Refused(f"--cov: {source}: no such file or folder")
    try:
        for spec in reports:
            coverage.check_spec(spec)
        exclude = excluded(settings("."))
    except ValueError as fault:
        raise Refused(f"--cov: {fault}") from None
    collector = coverage.Collector()

    def reported() -> int:
        found = coverage.measure(collector, sources, exclude=exclude)
        stream = output.stdout() if arguments.format == "text" else sys.stderr
        faults = found.faults(arguments.cov_fail_under)
        status = FAULTS if faults else 0
        for spec in reports:
            try:
                coverage.report(spec, found, stream)
            except coverage.NotWritten as fault:
                faults.append(str(fault))
                status = WRONG
        for line in faults:
            output.say(f"states: {line}")
        return status

    with collector.watching():
        yield reported
