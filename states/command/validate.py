"""`states validate`: every fault of every definition."""

from __future__ import annotations

import argparse

from states.command import output
from states.command.arguments import add_machine, add_type
from states.command.ends import FAULTS
from states.command.machines import read_definition, texts

TEXT = "Checks definitions and shows every fault with its place, AWS's code and the line it is in."

EXAMPLES = """\
examples:
  states validate order.asl.json
  states validate machines/*
  states validate --type EXPRESS quick.asl.json

"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `states validate` takes."""
    add_machine(parser, "machines", nargs="+")
    add_type(parser)


def act(arguments: argparse.Namespace) -> int:
    """Checks one definition after the other."""
    from states import definition
    from states.definition.diagnostics import errors
    from states.views.diagnostics import Diagnostics, summary

    console = output.console(output.stdout())
    are_valid = True
    for given in arguments.machines:
        path, content = read_definition(given)
        found = definition.validate(content, type=arguments.type, source=path)
        are_valid = are_valid and not errors(found)
        console.print(Diagnostics(found, texts(path, content)), end="")
        console.print(f"{path}: {summary(found)}", style="red" if errors(found) else "green", soft_wrap=True)
    return 0 if are_valid else FAULTS
