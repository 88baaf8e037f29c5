"""`states trace`: a saved history as the way it took."""

from __future__ import annotations

import argparse

from states.command import histories, output
from states.command.machines import read_machine

TEXT = """\
Shows the way a saved history took: one that `states run --history` wrote, or that
`aws stepfunctions get-execution-history` printed (all pages), or the log lines of an Express
execution in CloudWatch.
"""

EXAMPLES = """\
examples:
  states trace history.json
  states trace history.json --machine order.asl.json
  aws stepfunctions get-execution-history --execution-arn "$ARN" | states trace -

"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `states trace` takes."""
    parser.add_argument("file", metavar="FILE", help="a history; - for stdin")
    histories.add_execution(parser)
    parser.add_argument("--machine", metavar="MACHINE", help="its definition, to show lines, retriers and catchers of what failed")
    parser.add_argument("--values", action="store_true", help="inputs, what tasks were given, variables, outputs")


def act(arguments: argparse.Namespace) -> int:
    """Reads the history and draws it."""
    from pathlib import Path

    from states.findings.shown import Shown
    from states.findings.why import of_story
    from states.views import words
    from states.views.story import read
    from states.views.trace import Trace

    machine = read_machine(arguments.machine) if arguments.machine is not None else None
    name, events = histories.read_events(arguments.file, arguments.execution)
    story = read(events)
    console = output.console(output.stdout())
    console.print(Trace(story, title=name, facts=[f"started {words.moment(story.started)} UTC"], with_values=arguments.values))
    if story.status not in ("SUCCEEDED", "RUNNING"):
        console.print(Shown(of_story(story, machine), brief=True, here=f"{Path.cwd()}/"), end="")
    return 0
