"""`states trace`: a saved history as the way it took."""

from __future__ import annotations

import argparse

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
    from states.views import saved, words
    from states.views.failure import Failure
    from states.views.story import read
    from states.views.trace import Trace

    machine = read_machine(arguments.machine) if arguments.machine is not None else None
    name = files.named(arguments.file)
    content = files.stdin(LARGEST + 1) if arguments.file == "-" else files.content(arguments.file, LARGEST + 1)
    if len(content) > LARGEST:
        raise Refused(f"{name}: no history: it is larger than 1 GiB")
    try:
        events = saved.read_history(content)
    except saved.InvalidHistory as fault:
        raise Refused(f"{name}: no history: {fault}") from None
    story = read(events)
    console = output.console(output.stdout())
    console.print(Trace(story, title=name, facts=[f"started {words.moment(story.started)} UTC"], with_values=arguments.values))
    console.print(Failure(story, machine), end="")
    return 0
