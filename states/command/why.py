"""`states why`: a saved history, and why its execution ended as it did."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from states.command import histories, output
from states.command.arguments import add_substitutions
from states.command.ends import EXIT, WRONG, Refused
from states.command.machines import read_machine, substitutions

if TYPE_CHECKING:
    from states.findings.finding import Finding

TEXT = """\
Says why an execution ended as it did: which state failed and on which line, the error that
mattered, what the failing expression looked at, and why no retrier and no catcher took it.
Reads a history that `states run --history` wrote, or that
`aws stepfunctions get-execution-history` printed (all pages), or the log lines of an Express
execution in CloudWatch.
"""

EXAMPLES = """\
examples:
  states why history.json --machine order.asl.json
  states why history.json --json | jq -r .state
  aws stepfunctions get-execution-history --execution-arn "$ARN" | states why -

"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `states why` takes."""
    parser.add_argument("file", metavar="HISTORY", help="a history; - for stdin")
    histories.add_execution(parser)
    parser.add_argument("--machine", metavar="MACHINE", help="its definition: then lines, retriers, catchers and data are shown too")
    add_substitutions(parser)
    parser.add_argument("--json", action="store_true", help="the finding as JSON")


def act(arguments: argparse.Namespace) -> int:
    """Reads the history, finds out, shows. 0 when the execution has an end, however it ended."""
    from states.findings.why import of_events
    from states.histories.documents import InvalidHistory

    machine = read_machine(arguments.machine, None, substitutions(arguments)) if arguments.machine is not None else None
    name, _, events = histories.read(arguments.file, arguments.execution)
    try:
        found = of_events(events, machine)
    except InvalidHistory as fault:
        raise Refused(f"{name}: {fault}") from None
    show(found, arguments.json)
    if found.status == "RUNNING":
        last = events[-1]
        output.say(f"states: {name}: no end: its last event is {last['id']} ({last['type']}); it still runs, or the history was cut off")
        return WRONG
    return EXIT["SUCCEEDED"]


def show(found: Finding, as_json: bool) -> None:
    """The finding to stdout."""
    if as_json:
        from dataclasses import asdict

        frame = found.frame
        output.write_json({**asdict(found), "frame": asdict(frame) if frame is not None else None})
        return
    from states.findings.shown import Shown

    output.console(output.stdout()).print(Shown(found, here=f"{Path.cwd()}/"), end="")
