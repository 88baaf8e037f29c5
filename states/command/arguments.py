"""Arguments: the parser of the command, of which only the subcommand that is called is put together."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from typing import Any, NoReturn

from states.command.ends import EXIT_STATUS, Refused

#: The subcommands, in the order of the help; each is a module of `states.command`.
COMMANDS = {
    "run": "run a machine",
    "trace": "show a saved history",
    "debug": "go through an execution, and back",
    "why": "say why an execution failed",
    "replay": "check a new definition against histories",
    "diff": "compare two histories",
    "mock": "make mocks of histories",
    "graph": "draw a machine",
    "validate": "check definitions",
    "test": "play scenarios",
    "fuzz": "look for inputs that break a machine",
    "eval": "try an expression",
}

DESCRIPTION = "Run, test and understand AWS Step Functions state machines outside AWS, exactly as AWS does."

EXAMPLES = """\
examples:
  states run machines/order
  states graph machines/order
  states trace history.json
  states why history.json --machine machines/order
  states eval '$states.input.total * 1.19' --input '{"total": 100}'

"""


def parser(argv: list[str] | None = None) -> argparse.ArgumentParser:
    """The parser for these arguments; for None of every subcommand."""
    made = _Parser("states", description=DESCRIPTION, epilog=EXAMPLES + EXIT_STATUS, formatter_class=_Form)
    made.add_argument("--version", action="store_true", help="show the version and leave")
    commands = made.add_subparsers(prog="states", metavar="COMMAND", dest="command")
    called = argv[0] if argv and argv[0] in COMMANDS else None
    for name in (called,) if called is not None else COMMANDS:
        module = import_module(f"states.command.{name}")
        epilog = module.EXAMPLES + EXIT_STATUS
        inner = commands.add_parser(name, help=COMMANDS[name], description=module.TEXT, epilog=epilog, formatter_class=_Form)
        inner.set_defaults(act=module.act)
        module.add_arguments(inner)
    return made


def parsed(argv: list[str] | None) -> argparse.Namespace | int:
    """The arguments, `act` among them; an exit status when there is nothing more to do."""
    given = sys.argv[1:] if argv is None else argv
    made = parser(given)
    try:
        arguments = made.parse_args(given)
    except SystemExit as over:  # --help
        return over.code if isinstance(over.code, int) else 0
    if arguments.command is None and not arguments.version:
        made.print_help(sys.stderr)
        return 2
    return arguments


def add_machine(parser: argparse.ArgumentParser, name: str = "machine", **more: Any) -> None:
    """The argument MACHINE."""
    parser.add_argument(name, metavar="MACHINE", help="a definition, a template (FILE#NAME for one of its machines), or a folder", **more)


def add_type(parser: Any) -> None:
    """The option --type."""
    parser.add_argument("--type", choices=["STANDARD", "EXPRESS"], type=str.upper, help="default: what a template says, else STANDARD")


def add_substitutions(parser: Any) -> None:
    """The option --substitutions."""
    parser.add_argument("--substitutions", metavar="FILE|JSON", help="what stands for ${Name} in definitions, as a JSON object")


def add_execution(parser: argparse.ArgumentParser) -> tuple[argparse._ArgumentGroup, argparse._ArgumentGroup]:
    """The options of an execution that is run here, in two groups: what it is given, and how it runs."""
    from states.command import mocks

    given = parser.add_argument_group("what it is given")
    given.add_argument("-i", "--input", metavar="FILE|JSON|-", help="a file, JSON, or - for stdin; default {}")
    given.add_argument("--tasks", metavar="FILE|MODULE", action="append", default=[], help="a Python file or a module; repeatable")
    given.add_argument("--task", metavar="NAME=MODULE:FUNCTION", action="append", default=[], help="one callable by name; repeatable")
    mocks.add_arguments(given)
    how = parser.add_argument_group("how it runs")
    how.add_argument("--name", metavar="NAME", help="name of the execution")
    add_type(how)
    add_substitutions(how)
    how.add_argument("--seed", metavar="N", default="0", help="decides jitter, UUIDs and all else that is random; default 0")
    how.add_argument("--at", metavar="TIME", help="when it starts, such as 2026-01-31T12:00:00Z; default 2026-01-01T00:00:00Z")
    return given, how


class _Form(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal, 96 columns at most; argparse's own way to find the width imports shutil on every start."""

    def __init__(self, prog: str) -> None:
        columns = os.environ.get("COLUMNS", "")
        super().__init__(prog, width=min(int(columns) if columns.isdecimal() else _terminal_columns(), 96) - 2)


def _terminal_columns() -> int:
    try:
        return os.get_terminal_size().columns or 80
    except (OSError, ValueError):
        return 80


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line instead of the whole usage."""
        raise Refused(f"{message}\ntry: {self.prog} --help")
