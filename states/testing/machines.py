"""Machines: the machine that a test names, found and put on the bench, or one clear text about why it cannot be.

A path is looked for in one folder after the other, so that a test reads the same wherever pytest is started.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from states.definition.diagnostics import InvalidDefinition
from states.definition.naming import split
from states.testing import nearby
from states.testing.bench import MACHINE_FILE, Bench

MOST_FAULTS = 20


class Refused(Exception):
    """There is no such machine, or it cannot be used; the text says what was found and what was expected."""


def bench(machine: Any, tasks: Any, folders: Sequence[Path], *, strict: bool = True, settings: Mapping[str, Any] | None = None) -> Bench:
    """The machine on the bench; a path is looked for in these folders. Raises Refused."""
    if machine == "":
        raise Refused('no machine: give one, as state_machine("machines/order") or in the ini option state_machine')
    name = os.fspath(machine) if isinstance(machine, (str, os.PathLike)) else None
    try:
        return Bench(found(name, folders) if name is not None else machine, tasks, strict=strict, **(settings or {}))
    except InvalidDefinition as invalid:
        raise Refused(_faults(invalid, name)) from None
    except (ValueError, OSError, ModuleNotFoundError) as fault:
        told = str(fault)
        raise Refused(told if name is None or name in told else f"{name}: {told}") from None


def found(name: str, folders: Sequence[Path]) -> str:
    """The file or folder of this name in the first folder that has it. Raises Refused."""
    for folder in dict.fromkeys(folders):
        path, logical_id = split(str(folder / name))
        if Path(path).exists():
            if Path(path).is_dir() and not (Path(path) / MACHINE_FILE).is_file():
                raise Refused(f"{name}: the folder has no {MACHINE_FILE}{nearby.definitions_in(Path(path))}")
            return path if logical_id is None else f"{path}#{logical_id}"
    looked = " and ".join(str(folder) for folder in dict.fromkeys(folders))
    raise Refused(f"{name}: no such file or folder in {looked}{nearby.names_like(name, folders)}")


def _faults(invalid: InvalidDefinition, name: str | None) -> str:
    """Each fault a line, with its place: a path as short as it can be."""
    here = f"{Path.cwd()}/"
    lines = [str(fault).replace(here, "", 1) for fault in invalid.diagnostics]
    more = [f"… {len(lines) - MOST_FAULTS:,} more"] if len(lines) > MOST_FAULTS else []
    return "\n".join([f"{name or 'the definition'} is no valid state machine", *lines[:MOST_FAULTS], *more])
