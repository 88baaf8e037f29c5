"""Nearby: what a machine that was not found could have meant, told beside the fault; and whether a name can be a machine at all.

Reads the names in folders, never a file.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from states.definition.hints import did_you_mean
from states.definition.naming import MACHINE_FILE, split
from states.machine import Machine
from states.views import words

LONGEST = 200  #: characters of a name that are shown; a definition's text is no name


def names_like(name: str, folders: Iterable[Path]) -> str:
    """`; did you mean "machines/order"?` when something beside where the machine should be is much like its name."""
    hint = hint_for(name, folders)
    return f"; {hint}" if hint else ""


def hint_for(name: str, folders: Iterable[Path]) -> str:
    """The same as a hint; empty when there is nothing."""
    given = Path(name.partition("#")[0])
    near = {(given.parent / each.name).as_posix() for folder in folders for each in _inside(folder / given.parent)}
    return did_you_mean(given.as_posix(), sorted(near))


def definitions_in(folder: Path) -> str:
    """`; it has order.asl.json` of a folder without the definition that was looked for."""
    files = sorted(each.name for each in _inside(folder) if each.name.endswith((".asl.json", ".asl.yaml", ".asl.yml")))
    return f"; it has {', '.join(files[:3])}" if files else ""


def checked(machine: Any) -> Any:
    """What can be a machine; a folder stands for the definition in it. Raises TypeError, and FileNotFoundError with a name like it."""
    if isinstance(machine, (Machine, dict)):
        return machine
    if not isinstance(machine, (str, os.PathLike)):
        raise TypeError(f"expected a machine (a path, a definition as a dictionary, or a Machine), found {_shown(machine)}")
    name = os.fspath(machine) or "."
    if not Path(split(name)[0]).exists():
        raise FileNotFoundError(f"{words.clip(words.clean(name), LONGEST)}: no such file or folder{names_like(name, [Path()])}")
    if not Path(name).is_dir():
        return machine
    if not (Path(name) / MACHINE_FILE).is_file():
        raise FileNotFoundError(f"{name}: the folder has no {MACHINE_FILE}{definitions_in(Path(name))}")
    return Path(name) / MACHINE_FILE


def _shown(value: Any) -> str:
    return "None" if value is None else f"a value of type {type(value).__name__}"


def _inside(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []
