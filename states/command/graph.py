"""`states graph`: a picture of a machine."""

from __future__ import annotations

import argparse

from states.command import output
from states.command.arguments import add_machine
from states.command.machines import read_machine

TEXT = "Draws a state machine: as a tree, as a Mermaid state diagram, or in Graphviz's DOT."

EXAMPLES = """\
examples:
  states graph machines/order
  states graph order.asl.json --format mermaid > order.mmd
  states graph order.asl.json --format dot | dot -Tsvg > order.svg

"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `states graph` takes."""
    add_machine(parser)
    parser.add_argument("--format", choices=["tree", "mermaid", "dot"], default="tree", help="default: tree")


def act(arguments: argparse.Namespace) -> int:
    """Reads the machine and draws it."""
    machine = read_machine(arguments.machine)
    from states.definition.naming import name_as_given
    from states.views import diagram

    name, stdout = name_as_given(arguments.machine, machine.source), output.stdout()
    if arguments.format == "tree":
        output.console(stdout).print(diagram.tree(machine, name))
    else:
        text = diagram.mermaid(machine) if arguments.format == "mermaid" else diagram.dot(machine, name)
        output.write(text.encode(output.encoding(stdout), "backslashreplace").decode(output.encoding(stdout)))
    return 0
