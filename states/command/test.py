"""`states test`: plays the scenarios in files and folders, on the virtual clock, and tells which are not as expected."""

from __future__ import annotations

import argparse
from time import perf_counter
from typing import TYPE_CHECKING

from states.command import covering, output
from states.command.ends import FAULTS, WRONG, Refused
from states.command.files import is_there

if TYPE_CHECKING:
    from states.command.tested import Tested
    from states.testing.scenarios import Loader

TEXT = """\
Plays the scenarios of *.scenario.yaml, *.scenario.yml and *.scenario.json on the virtual clock:
each gives a machine, its input, mocks and what is expected. docs/scenarios.md has the form.
"""

EXAMPLES = """\
examples:
  states test
  states test machines -k gateway
  states test --format junit machines > report.xml

"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `states test` takes."""
    parser.add_argument("paths", nargs="*", default=["."], metavar="PATH", help="a file of scenarios or a folder; default: this folder")
    parser.add_argument("-k", dest="keyword", metavar="TEXT", help="only scenarios with this in FILE::NAME")
    parser.add_argument("-x", "--exitfirst", action="store_true", help="leave at the first that fails")
    parser.add_argument("-q", "--quiet", action="store_true", help="only what failed and the summary")
    parser.add_argument("-v", "--verbose", action="store_true", help="a line a scenario")
    covering.add_arguments(parser)
    parser.add_argument("--format", choices=["text", "json", "junit", "github"], default="text", help="default: text")


def act(arguments: argparse.Namespace) -> int:
    """Reads and plays one file after the other, and reports."""
    from states.command import tested
    from states.testing.scenarios import Loader, find

    for given in arguments.paths:
        if not is_there(given):
            raise Refused(f"{given}: no such file or folder")
    began = perf_counter()
    loader, done = Loader(), []
    shows = tested.Shows(arguments) if arguments.format == "text" else None
    with covering.measured(arguments) as reported:
        for path in find(arguments.paths):
            one = _tested(path, loader, arguments)
            if one is None:
                continue
            done.append(one)
            if shows is not None:
                done[-1] = shows.file(one)
            if arguments.exitfirst and not one.is_good:
                break
    if not done:
        raise Refused(_nothing(arguments))
    if shows is not None:
        shows.summary(done, perf_counter() - began)
    else:
        output.write(tested.report(arguments.format, done))
    status = reported()
    return WRONG if any(one.faults for one in done) else max(status, 0 if all(one.is_good for one in done) else FAULTS)


def _tested(path: str, loader: Loader, arguments: argparse.Namespace) -> Tested | None:
    """A file and what came of its scenarios; None when none of them was asked for."""
    from states.command.tested import Tested
    from states.testing.scenarios import InvalidScenarios, load, play

    with output.stdout_is_stderr():
        try:
            scenarios = load(path, loader)
        except InvalidScenarios as invalid:
            return Tested(path, faults=invalid.diagnostics)
        except OSError as fault:
            raise Refused(f"{path}: {fault.strerror or fault}") from None
        except ModuleNotFoundError as fault:
            raise Refused(f"{path}: {fault}") from None
        outcomes = []
        for scenario in scenarios:
            if arguments.keyword is not None and arguments.keyword.casefold() not in scenario.id.casefold():
                continue
            outcomes.append(play(scenario))
            if arguments.exitfirst and outcomes[-1].mismatches:
                break
    return Tested(path, outcomes) if outcomes else None


def _nothing(arguments: argparse.Namespace) -> str:
    where = ", ".join(arguments.paths)
    if arguments.keyword is not None:
        return f"{where}: no scenario with {arguments.keyword!r} in FILE::NAME"
    return f"{where}: no scenario was found; expected files called *.scenario.yaml, *.scenario.yml or *.scenario.json"
