"""`states diff`: two histories side by side."""

from __future__ import annotations

import argparse

from states.command import files, histories, output
from states.command.ends import FAULTS, Refused

TEXT = """\
Compares two histories: visits aligned by state, branch, iteration and attempt. Shows the first
value that differs, then the rest with JSON paths, and what took longer apart. Task tokens, names
of the executions and moments that lie as far after the start are no differences. The exit status
is 0 when all is the same, 1 when something differs, 2 for what cannot be used.
"""

EXAMPLES = """\
examples:
  states diff yesterday.json today.json
  states diff good.json bad.json --full
  states diff a.json b.json --json | jq '.changes[0]'

"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `states diff` takes."""
    parser.add_argument("a", metavar="A", help="a history; - for stdin")
    parser.add_argument("b", metavar="B", help="another; - for stdin")
    parser.add_argument("--tolerance", metavar="SECONDS", type=float, default=1.0, help="how far moments in data may lie apart; default 1")
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--full", action="store_true", help="also where the same values go on")
    shown.add_argument("--json", action="store_true", help="the differences as JSON")
    shown.add_argument("-q", "--quiet", action="store_true", help="nothing but the exit status")


def act(arguments: argparse.Namespace) -> int:
    """Compares and draws."""
    from states.histories.diffing import compare
    from states.histories.documents import InvalidHistory
    from states.histories.recording import Recording, read_recording

    if arguments.a == arguments.b == "-":
        raise Refused("both histories are stdin; expected one of them at most")
    sides: list[Recording] = []
    for given in (arguments.a, arguments.b):
        try:
            sides.append(read_recording(histories.content(given), is_partial=True))
        except InvalidHistory as fault:
            raise Refused(f"{files.named(given)}: no history: {fault}") from None
    try:
        found = compare(*sides, tolerance=arguments.tolerance)
    except InvalidHistory as fault:
        raise Refused(f"no history: {fault}") from None
    if arguments.json:
        output.write_json(found.to_json())
    elif not arguments.quiet:
        from states.views.diffed import Diff

        console = output.console(output.stdout())
        console.print(Diff(found, files.named(arguments.a), files.named(arguments.b), arguments.full), end="")
    return FAULTS if found.changes else 0
