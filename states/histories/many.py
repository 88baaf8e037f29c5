"""Many histories at once: a folder of them against one machine, in several processes where there are enough.

A file may hold the log lines of several executions: each is replayed. What cannot be read is told, and stops nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from states.histories.comparison import Comparison
from states.histories.documents import InvalidHistory, executions_in
from states.histories.replayed import compare
from states.machine import Machine

ENDINGS = (".json", ".jsonl", ".ndjson", ".log", ".txt")
LARGEST = 2**28  #: bytes of one file
ENOUGH = 64  #: files for each further process

Json = Any


@dataclass(frozen=True, slots=True)
class Replayed:
    """One history of a folder. `comparison` is None when it could not be read: then `fault` says why."""

    file: str
    comparison: Comparison | None
    fault: str | None = None

    def to_json(self) -> dict[str, Json]:
        told = self.comparison.to_json() if self.comparison is not None else {"fault": self.fault}
        return {"file": self.file, **told}


def histories_in(folder: Path) -> list[Path]:
    """The files of a folder, and of those in it, that may be histories, by name."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS and path.is_file())


def replay_all(machine: Machine, folder: Path, *, processes: int | None = None, **settings: Any) -> list[Replayed]:
    """Replays every history of a folder; in the order of the names of the files."""
    paths = histories_in(folder)
    count = processes if processes is not None else min(os.cpu_count() or 1, len(paths) // ENOUGH)
    if count <= 1 or not hasattr(os, "fork"):
        return [each for path in paths for each in _of_file(machine, path, folder, settings)]
    return _in_processes(machine, paths, folder, settings, count)


def _in_processes(machine: Machine, paths: list[Path], folder: Path, settings: dict[str, Any], count: int) -> list[Replayed]:
    """The machine is there already in a process that was forked."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    global _work
    _work = (machine, folder, settings)
    try:
        with ProcessPoolExecutor(count, mp_context=get_context("fork")) as pool:
            found = pool.map(_of_work, paths, chunksize=max(1, min(50, len(paths) // (count * 4))))
            return [each for several in found for each in several]
    finally:
        _work = None


_work: tuple[Machine, Path, dict[str, Any]] | None = None


def _of_work(path: Path) -> list[Replayed]:
    assert _work is not None
    machine, folder, settings = _work
    return list(_of_file(machine, path, folder, settings))


def _of_file(machine: Machine, path: Path, folder: Path, settings: dict[str, Any]) -> Iterator[Replayed]:
    name = str(path.relative_to(folder))
    try:
        if path.stat().st_size > LARGEST:
            raise InvalidHistory("it is larger than 256 MiB")
        content = path.read_bytes()
        executions = executions_in(content) if b"execution_arn" in content else ()
    except (OSError, InvalidHistory) as fault:
        yield Replayed(name, None, _said(fault))
        return
    for execution in executions if len(executions) > 1 else (None,):
        shown = f"{name}#{execution.rpartition(':')[2]}" if execution is not None else name
        try:
            yield Replayed(shown, compare(machine, content, **{**settings, **({"execution": execution} if execution else {})}))
        except InvalidHistory as fault:
            yield Replayed(shown, None, str(fault))


def _said(fault: Exception) -> str:
    return (fault.strerror or str(fault)) if isinstance(fault, OSError) else str(fault)
