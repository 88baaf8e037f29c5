"""`states validate`: every fault of every definition, for people or for another tool."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from states.command import output
from states.command.arguments import add_machine, add_substitutions, add_type
from states.command.ends import FAULTS, Refused
from states.command.machines import check_given, substitutions

if TYPE_CHECKING:
    from states.definition.diagnostics import Diagnostic
    from states.definition.formats import Found
    from states.reports import Checked

TEXT = "Checks definitions and shows every fault with its place, AWS's code and the line it is in."

EXAMPLES = """\
examples:
  states validate order.asl.json template.yaml#Order
  states validate --strict machines
  states validate --format sarif --rule NO_DOLLAR=off . > faults.sarif

"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `states validate` takes."""
    add_machine(parser, "machines", nargs="+")
    add_type(parser)
    parser.add_argument("--format", choices=["text", "json", "sarif", "github", "junit"], default="text", help="default: text")
    parser.add_argument("--strict", action="store_true", help="warnings count as faults")
    parser.add_argument("--rule", action="append", default=[], metavar="CODE=off|warning|error", help="how much a warning counts")
    add_substitutions(parser)


def act(arguments: argparse.Namespace) -> int:
    """Checks one definition after the other; a folder stands for all definitions in it."""
    from states.definition.formats import many
    from states.reports import is_clean, report

    for given in arguments.machines:
        check_given(given)
    rules = _rules(arguments.rule)
    checked = [_check(found, arguments.type, rules) for found in many(arguments.machines, substitutions(arguments))]
    if not checked:
        raise Refused(f"{', '.join(arguments.machines)}: no definition was found")
    if arguments.format == "text":
        _show(checked)
    else:
        output.stdout().write(report(arguments.format, checked))
    return 0 if is_clean(checked, strict=arguments.strict) else FAULTS


def _rules(given: list[str]) -> dict[str, str]:
    """How much each warning counts: as the project's pyproject.toml says, then as the options do."""
    from states.definition.lints.settings import settings
    from states.definition.lints.severities import checked

    try:
        rules: dict[str, str] = settings(".")["rules"]
        return {**rules, **checked(dict(rule.partition("=")[::2] for rule in given))}
    except ValueError as fault:
        raise Refused(str(fault)) from None


def _check(found: Found, type: str | None, rules: dict[str, str]) -> Checked:
    from states import definition
    from states.reports import Checked

    return Checked(found.source, definition.validate(found, type=type or found.type or "STANDARD", source=found.path, rules=rules))


def _show(checked: list[Checked]) -> None:
    from states.definition.diagnostics import errors
    from states.reports import counted, ordered
    from states.views.diagnostics import Diagnostics

    console = output.console(output.stdout())
    for one in checked:
        faults = ordered(one.diagnostics)
        console.print(Diagnostics(faults, _texts(faults)), end="")
        style = "red" if errors(faults) else "yellow" if faults else "green"
        console.print(f"{one.source}: {counted(faults)}", style=style, soft_wrap=True, highlight=False, markup=False)


def _texts(faults: list[Diagnostic]) -> dict[str, str]:
    """The files that faults are in, for the lines to show; one that cannot be read shows none."""
    texts = {}
    for source in {fault.source for fault in faults}:
        try:
            texts[source] = Path(source).read_bytes().decode("utf-8-sig", "replace")
        except (OSError, ValueError):
            continue
    return texts
