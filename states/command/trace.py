"""`states trace`: a saved history as the way it took."""

from __future__ import annotations

import argparse

from states.command import histories, inspection, output
from states.command.arguments import add_substitutions, add_type
from states.command.ends import WRONG, Refused
from states.command.machines import read_machine, substitutions

TEXT = """\
Shows the way a saved history took: one that `states run --history` wrote, or that
`aws stepfunctions get-execution-history` printed (all pages), or the log lines of an Express
execution in CloudWatch.
"""

EXAMPLES = """\
examples:
  states trace history.json
  states trace history.json --machine order.asl.json
  states trace history.json --machine order.asl.json --inspect ChargeCard
  aws stepfunctions get-execution-history --execution-arn "$ARN" | states trace -

"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `states trace` takes."""
    parser.add_argument("file", metavar="FILE", help="a history; - for stdin")
    histories.add_execution(parser)
    parser.add_argument("--machine", metavar="MACHINE", help="its definition, to show lines, retriers and catchers of what failed")
    add_type(parser)
    add_substitutions(parser)
    parser.add_argument("--values", action="store_true", help="inputs, what tasks were given, variables, outputs")
    parser.add_argument(
        "--inspect",
        metavar="STATE",
        action="append",
        default=[],
        help="with --machine: what every filter of a state made of its data; '*' all; repeatable",
    )


def act(arguments: argparse.Namespace) -> int:
    """Reads the history and draws it."""
    from pathlib import Path

    from states.findings.shown import Shown
    from states.findings.why import of_story
    from states.views import words
    from states.views.story import read
    from states.views.trace import Trace

    if arguments.inspect and arguments.machine is None:
        raise Refused("--inspect needs --machine: a history has no data between input and output, the definition makes it again")
    machine = None
    if arguments.machine is not None:
        machine = read_machine(arguments.machine, arguments.type, substitutions(arguments))
    saved = histories.read(arguments.file, arguments.execution)
    story = read(saved.events)
    seen, fault = None, ""
    if arguments.inspect and machine is not None:
        seen, fault = inspection.of_history(saved, story, machine, arguments)
    console = output.console(output.stdout())
    facts = [f"started {words.moment(story.started)} UTC"]
    console.print(Trace(story, title=saved.name, facts=facts, with_values=arguments.values, inspected=seen))
    if story.status not in ("SUCCEEDED", "RUNNING"):
        console.print(Shown(of_story(story, machine), brief=True, here=f"{Path.cwd()}/"), end="")
    if fault:
        output.say(f"states: {fault}")
    return WRONG if fault and seen is None else 0
