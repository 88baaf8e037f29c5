"""The machine a user names: a definition, or a folder that holds machine.asl.json."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from states.command import files, output
from states.command.ends import Refused

if TYPE_CHECKING:
    from states.definition.diagnostics import Diagnostic
    from states.machine import Machine

MACHINE_FILE = "machine.asl.json"


def read_machine(given: str, type: str) -> Machine:
    """The machine of a file or folder; its faults are shown, then Refused. A key that stands twice is shown too, and stops nothing."""
    from states import definition
    from states.definition import source
    from states.definition.diagnostics import DUPLICATE_KEY

    path, content = read_definition(given)
    try:
        machine = definition.loads(content, type=type, source=path)
    except definition.InvalidDefinition as invalid:
        raise _invalid(invalid.diagnostics, path, content) from None
    if source.read(content, path).duplicates:
        found = definition.validate(content, type=type, source=path)
        _show([fault for fault in found if fault.code == DUPLICATE_KEY], path, content)
    return machine


def read_definition(given: str) -> tuple[str, bytes]:
    """The file that was meant, and its content."""
    from states.definition.source import MAX_BYTES

    path = Path(given)
    if files.is_there(given) and path.is_dir():
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
    from states.views.diagnostics import summary

    _show(found, path, content)
    return Refused(f"{path}: {summary(found)}")


def _show(found: list[Diagnostic], path: str, content: bytes) -> None:
    from states.views.diagnostics import Diagnostics

    if not output.goes_nowhere(sys.stderr):
        with output.stderr_may_close():
            output.console(sys.stderr).print(Diagnostics(found, texts(path, content)), end="")


def texts(path: str, content: bytes) -> dict[str, str]:
    """The text of a definition, for the lines that diagnostics show."""
    return {path: content.decode("utf-8-sig", "replace")}


def machine_name(path: str) -> str:
    """A name for the state machine: of the file, or of its folder when the file is called machine.asl.json.

    >>> [machine_name(path) for path in ("machines/order/machine.asl.json", "order.asl.json", "<string>")]
    ['order', 'order', 'StateMachine']
    """
    file = Path(path)
    stem = "" if path.startswith("<") else file.name.partition(".")[0]
    if file.name == MACHINE_FILE:
        stem = file.absolute().parent.name or stem
    name = "".join(c for c in stem if c.isascii() and (c.isalnum() or c in "-_"))[:80]
    return name or "StateMachine"
