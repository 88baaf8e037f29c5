"""The files a scenario names: its machine, its tasks, data; each is read once for all scenarios of a session.

A file is looked for beside the one that names it. Nothing is caught that is not the file's fault.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from states.definition.diagnostics import INVALID_JSON_DESCRIPTION, Diagnostic, InvalidDefinition, errors
from states.definition.formats import NoSuchMachine
from states.definition.formats.documents import Document, read_json, read_yaml
from states.definition.formats.files import MACHINE_FILES, MAX_FILE, YAML_ENDINGS, content, decoded
from states.definition.formats.found import too_large, unreadable
from states.definition.naming import split
from states.definition.source import Unreadable
from states.machine import Machine
from states.running import load
from states.tasks import modules

Json = Any


class CannotLoad(Exception):
    """A file cannot be used; the text says why, `diagnostics` has the faults in it that have a place of their own."""

    def __init__(self, message: str, diagnostics: list[Diagnostic] | None = None) -> None:
        super().__init__(message)
        self.diagnostics = diagnostics or []


class Loader:
    """Reads machines, tasks and data, each once."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], Any] = {}

    def machine(self, name: str, type: str | None = None, substitutions: Mapping[str, str] | None = None) -> Machine:
        """The machine of a file, a folder, or `template.yaml#Name`. Raises CannotLoad."""
        key = ("machine", name, type, *sorted((substitutions or {}).items()))
        machine: Machine = self._once(key, lambda: _machine(name, type, substitutions))
        return machine

    def tasks(self, name: str, folder: str) -> Any:
        """The module of a Python file, or of a dotted name. Raises CannotLoad."""
        path = beside(name, folder) if name.endswith(".py") else None
        return self._once(("tasks", path or name), lambda: _tasks(name, path))

    def tasks_beside(self, machine: Machine) -> Any:
        """The module of tasks.py beside a definition, None when there is none. Raises CannotLoad."""
        found = modules.beside(machine.source)
        return None if found is None else self._once(("tasks", os.path.normpath(found)), lambda: _tasks(str(found), str(found)))

    def data(self, path: str) -> Json:
        """The JSON value of a file in JSON or YAML. Raises CannotLoad."""
        return self._once(("data", path), lambda: _data(path))

    def _once(self, key: tuple[Any, ...], make: Any) -> Any:
        """What was made of it the first time, or what went wrong then."""
        if key not in self._known:
            try:
                self._known[key] = make()
            except CannotLoad as fault:
                self._known[key] = fault
        found = self._known[key]
        if isinstance(found, CannotLoad):
            raise found
        return found


def beside(name: str, folder: str) -> str:
    """The path of a file that is named in a file of this folder."""
    return os.path.normpath(str(Path(folder) / name))


def default_machine(folder: str) -> str | None:
    """The definition in the folder of a scenario file, or one folder up."""
    for place in (Path(folder), Path(folder) / ".."):
        if os.path.isfile(found := machine_in(str(place))):  # noqa: PTH113
            return found
    return None


def machine_in(folder: str) -> str:
    """The definition in a folder, as it is called or would be called."""
    found = next((name for name in MACHINE_FILES if (Path(folder) / name).is_file()), MACHINE_FILES[0])
    return beside(found, folder)


def document(path: str) -> Document:
    """A file in JSON or YAML, with the places of its parts. Raises Unreadable, OSError, ModuleNotFoundError for YAML without PyYAML."""
    data = content(path)
    if len(data) > MAX_FILE:
        raise too_large(path, MAX_FILE)
    try:
        text = decoded(data, "file")
        if not text.strip() and not path.lower().endswith(YAML_ENDINGS):
            raise unreadable(INVALID_JSON_DESCRIPTION, "The file is empty; expected JSON", path, (1, 1))
        return read_yaml(text, path, functions=False) if path.lower().endswith(YAML_ENDINGS) else read_json(text, path)
    except Unreadable as fault:
        raise Unreadable(fault.diagnostic._replace(source=path)) from None


def _machine(name: str, type: str | None, substitutions: Mapping[str, str] | None) -> Machine:
    path = split(name)[0]
    try:
        return load(machine_in(path) if Path(name).is_dir() else name, type=type, substitutions=substitutions)
    except InvalidDefinition as invalid:
        faults = errors(invalid.diagnostics)
        many = "1 error" if len(faults) == 1 else f"{len(faults)} errors"
        raise CannotLoad(f"the definition {name} has {many}", faults) from None
    except OSError as fault:
        looked_for = fault.filename or path
        raise CannotLoad(f"cannot read the machine {looked_for}: {fault.strerror or fault}") from None
    except (NoSuchMachine, ModuleNotFoundError, ValueError) as fault:
        raise CannotLoad(str(fault)) from None


def _tasks(name: str, path: str | None) -> Any:
    try:
        return modules.of_name(name) if path is None else modules.of_file(Path(path))
    except OSError as fault:
        raise CannotLoad(f"cannot read the tasks {path or name}: {fault.strerror or fault}") from None
    except (Exception, SystemExit) as fault:  # the user's code: whatever it raises
        raise CannotLoad(f"cannot import the tasks {path or name}: {type(fault).__name__}: {fault}") from None


def _data(path: str) -> Json:
    try:
        found = document(path)
    except Unreadable as fault:
        raise CannotLoad(f"cannot read {path}", [fault.diagnostic]) from None
    except OSError as fault:
        raise CannotLoad(f"cannot read {path}: {fault.strerror or fault}") from None
    except ModuleNotFoundError as fault:
        raise CannotLoad(str(fault)) from None
    return found.value
