"""`states replay`: would a machine still do what a history tells?"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from states.command import files, histories, machines, output
from states.command.arguments import add_machine, add_substitutions, add_type
from states.command.ends import FAULTS, WRONG, Refused

TEXT = """\
Runs a machine again on what the tasks of a finished execution answered, and compares it with
the history of that execution, event by event: before a new definition is deployed, histories
of the old one say what it would have done otherwise. The first difference is shown with its
line and its reason.

HISTORY is what `aws stepfunctions get-execution-history` printed (all pages), what
`states run --history` wrote, or the log lines of an Express execution in CloudWatch. The exit
status is 0 when all is the same, 1 when something differs, 2 for what cannot be used.
"""

EXAMPLES = """\
examples:
  states replay order.asl.json history.json
  aws stepfunctions get-execution-history --execution-arn "$ARN" | states replay order.asl.json -
  states replay order.asl.json --since histories/
  states replay order.asl.json --since histories/ --json | jq '.replays[] | select(.same | not)'

"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `states replay` takes."""
    add_machine(parser)
    parser.add_argument("history", metavar="HISTORY", nargs="?", help="a history; - for stdin")
    parser.add_argument("--since", metavar="FOLDER", help="every history in a folder, as a table")
    parser.add_argument(
        "--execution", metavar="ARN|NAME", help="which execution, where log lines are of several; its names, where none shows"
    )
    parser.add_argument("--tolerance", metavar="SECONDS", type=float, default=0.999, help="how late AWS's timers may be; default 0.999")
    parser.add_argument("--partial", action="store_true", help="the execution still runs: compare as far as its history goes")
    parser.add_argument("--processes", metavar="N", type=int, help="for --since: how many at once; default as many as there are cores")
    add_type(parser)
    add_substitutions(parser)
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--json", action="store_true", help="the result as JSON")
    shown.add_argument("-q", "--quiet", action="store_true", help="nothing but the exit status")


def act(arguments: argparse.Namespace) -> int:
    """Replays one history, or a folder of them."""
    if (arguments.history is None) is (arguments.since is None):
        raise Refused("expected a HISTORY or --since FOLDER")
    if not 0 <= arguments.tolerance < float("inf"):
        raise Refused("--tolerance: expected seconds, at least 0")
    machine = machines.read_machine(arguments.machine, arguments.type, machines.substitutions(arguments))
    settings = {"tolerance": arguments.tolerance, "execution": arguments.execution, "is_partial": arguments.partial}
    return _folder(arguments, machine, settings) if arguments.since is not None else _one(arguments, machine, settings)


def _one(arguments: argparse.Namespace, machine: Any, settings: dict[str, Any]) -> int:
    from states.histories.documents import InvalidHistory
    from states.histories.replayed import compare

    name = files.named(arguments.history)
    try:
        comparison = compare(machine, histories.content(arguments.history), **settings)
    except InvalidHistory as fault:
        raise Refused(f"{name}: no history to replay: {fault}") from None
    if arguments.json:
        output.write_json({"history": name, **comparison.to_json()})
    elif not arguments.quiet:
        from states.views.replayed import Verdict

        output.console(output.stdout()).print(Verdict(comparison, name), end="")
    return 0 if comparison.same else FAULTS


def _folder(arguments: argparse.Namespace, machine: Any, settings: dict[str, Any]) -> int:
    from states.histories.many import replay_all

    folder = Path(arguments.since)
    if not files.is_there(arguments.since) or not folder.is_dir():
        raise Refused(f"--since {arguments.since}: no folder")
    found = replay_all(machine, folder, processes=arguments.processes, **settings)
    replays, skipped = [each for each in found if not each.is_skipped], [each.file for each in found if each.is_skipped]
    if not replays:
        others = f"; skipped {len(skipped):,} that hold something else" if skipped else ""
        raise Refused(f"--since {arguments.since}: no histories in it; expected files that end in .json, .jsonl or .log{others}")
    different = sum(each.comparison is not None and not each.comparison.same for each in replays)
    unread = sum(each.comparison is None for each in replays)
    if arguments.json:
        told = {"same": len(replays) - different - unread, "different": different, "unreadable": unread}
        output.write_json({"folder": arguments.since, **told, "skipped": skipped, "replays": [each.to_json() for each in replays]})
    elif not arguments.quiet:
        from states.views.replayed import Several

        output.console(output.stdout()).print(Several(replays, arguments.since, skipped), end="")
    return FAULTS if different else WRONG if unread else 0
