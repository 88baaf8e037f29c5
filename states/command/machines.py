"""The machine a user names: a definition, or a folder that holds machine.asl.json."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from states.command import files, output
from states.command.ends import Refused

if TYPE_CHECKING:
    from states.definition.diagnostics import Diagnostic
    from states.definition.formats import Found
    from states.machine import Machine

MOST_SUBSTITUTIONS = 1 << 20  #: bytes of a file of substitutions


def read_machine(given: str, type: str | None = None, values: dict[str, str] | None = None) -> Machine:
    """The machine a name stands for; its faults are shown, then Refused. A key that stands twice is shown too, and stops nothing.

    `type` None is what a template says, else STANDARD; `values` stand for `${Name}`.
    """
    from states import definition
    from states.definition import source
    from states.definition.diagnostics import DUPLICATE_KEY
    from states.definition.naming import split

    path, content = read_definition(given)
    logical_id = split(given)[1]
    found = _found(path if logical_id is None else f"{path}#{logical_id}", content, values)
    type = type or (found.type if found is not None else None) or "STANDARD"
    try:
        machine = definition.loads(content if found is None else found, type=type, source=path if found is None else found.source)
    except definition.InvalidDefinition as invalid:
        raise _invalid(invalid.diagnostics, path, content) from None
    if found is None and source.read(content, path).duplicates:
        faults = definition.validate(content, type=type, source=path)
        _show([fault for fault in faults if fault.code == DUPLICATE_KEY], path, content)
    return machine


def _found(name: str, content: bytes, values: dict[str, str] | None) -> Found | None:
    from states.definition.naming import is_plain

    if is_plain(name, content, values):
        return None
    from states.definition.formats import open_definition

    try:
        return open_definition(name, values)
    except (ValueError, ModuleNotFoundError) as fault:
        raise Refused(str(fault)) from None


def substitutions(arguments: argparse.Namespace) -> dict[str, str]:
    """What --substitutions gives."""
    import json

    given = arguments.substitutions
    if given is None:
        return {}
    text = given if given.lstrip()[:1] in ("{", "[") else files.content(given, MOST_SUBSTITUTIONS).decode("utf-8", "replace")
    try:
        values = json.loads(text)
    except ValueError as fault:
        raise Refused(f"--substitutions is not JSON: {fault}") from None
    if not isinstance(values, dict):
        raise Refused('--substitutions must be a JSON object such as {"FunctionArn": "arn:..."}')
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}


def check_given(given: str) -> None:
    """Refused when a name stands for nothing that is there."""
    from states.definition.naming import split

    path, machine = split(given)
    if not Path(path).is_dir():
        files.content(path, 1)
    if machine is not None:
        from states.definition.formats import NoSuchMachine, open_definitions

        try:
            open_definitions(given)
        except (NoSuchMachine, ModuleNotFoundError) as fault:
            raise Refused(str(fault)) from None
        except OSError as fault:
            raise Refused(f"{fault.filename or path}: {fault.strerror}") from None


def read_definition(given: str) -> tuple[str, bytes]:
    """The file that was meant, and its content."""
    from states.definition.naming import MACHINE_FILE, split
    from states.definition.source import MAX_BYTES

    path = Path(split(given)[0])
    if files.is_there(str(path)) and path.is_dir():
        if not (path / MACHINE_FILE).is_file():
            inside = sorted(str(found.parent) for found in path.glob(f"*/{MACHINE_FILE}"))[:5]
            raise Refused(f"{given}: a folder without {MACHINE_FILE}" + (f"; there is {', '.join(inside)}" if inside else ""))
        path /= MACHINE_FILE
    content = files.content(str(path), MAX_BYTES + 1)
    if not content.strip():
        raise Refused(f"{path}: empty; expected a state machine in JSON")
    return str(path), content


@contextlib.contextmanager
def refusals(machine: Machine) -> Iterator[None]:
    """What StartExecution refuses, as lines."""
    from states.definition import InvalidDefinition
    from states.running import InvalidExecutionInput, InvalidName

    try:
        yield
    except InvalidDefinition as invalid:
        raise _invalid(invalid.diagnostics, machine.source, machine.text.encode()) from None
    except (InvalidExecutionInput, InvalidName) as fault:
        raise Refused(str(fault)) from None


def _invalid(found: list[Diagnostic], path: str, content: bytes) -> Refused:
    """Shows the diagnostics and gives the line that follows them."""
    from states.definition.diagnostics import errors
    from states.views.diagnostics import summary

    _show(found, path, content)
    return Refused(f"{path}: {summary(found) if errors(found) else 'there is no definition to run'}")


def _show(found: list[Diagnostic], path: str, content: bytes) -> None:
    from states.views.diagnostics import Diagnostics

    if not output.goes_nowhere(sys.stderr):
        with output.stderr_may_close():
            output.console(sys.stderr).print(Diagnostics(found, texts(path, content)), end="")


def texts(path: str, content: bytes) -> dict[str, str]:
    """The text of a definition, for the lines that diagnostics show."""
    return {path: content.decode("utf-8-sig", "replace")}
