"""`states trace`: a saved history as the way it took."""

from __future__ import annotations

import argparse
from typing import Any

from states.command import files, output
from states.command.ends import Refused
from states.command.machines import read_machine

TEXT = """\
Shows the way a saved history took: one that `states run --history` wrote, or that
`aws stepfunctions get-execution-history` printed.
"""

EXAMPLES = """\
examples:
  states trace history.json
  states trace history.json --machine order.asl.json
  aws stepfunctions get-execution-history --execution-arn "$ARN" | states trace -

"""

LARGEST = 2**30  #: bytes of a history


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `states trace` takes."""
    parser.add_argument("file", metavar="FILE", help="a history; - for stdin")
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
    name, events = read_events(arguments.file)
    story = read(events)
    console = output.console(output.stdout())
    console.print(Trace(story, title=name, facts=[f"started {words.moment(story.started)} UTC"], with_values=arguments.values))
    if story.status not in ("SUCCEEDED", "RUNNING"):
        console.print(Shown(of_story(story, machine), brief=True, here=f"{Path.cwd()}/"), end="")
    return 0


def read_events(given: str) -> tuple[str, list[dict[str, Any]]]:
    """The events of a file or of stdin, with the name that messages call it by."""
    from states.views import saved

    name = files.named(given)
    content = files.stdin(LARGEST + 1) if given == "-" else files.content(given, LARGEST + 1)
    if len(content) > LARGEST:
        raise Refused(f"{name}: no history: it is larger than 1 GiB")
    try:
        return name, saved.read_history(content)
    except saved.InvalidHistory as fault:
        raise Refused(f"{name}: no history: {fault}") from None
