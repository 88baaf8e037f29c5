"""Many histories at once: a folder of them against one machine, in several processes where there are enough.

A file may hold the log lines of several executions: each is replayed. What cannot be read is told, and stops nothing; a file that is
clearly something else (a definition, an input, notes) is skipped.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from states.histories.comparison import Comparison
from states.histories.documents import InvalidHistory, executions_in
from states.histories.replayed import compare
from states.history import RENDER
from states.machine import Machine

ENDINGS = (".json", ".jsonl", ".ndjson", ".log", ".txt")
LARGEST = 2**28  #: bytes of one file
ENOUGH = 64  #: files for each further process

Json = Any


@dataclass(frozen=True, slots=True)
class Replayed:
    """One history of a folder. `comparison` is None when it could not be read: `fault` says why, `is_skipped` that it is clearly none."""

    file: str
    comparison: Comparison | None
    fault: str | None = None
    is_skipped: bool = False

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
            yield Replayed(name, None, "it is larger than 256 MiB")
            return
        content = path.read_bytes()
        executions = executions_in(content) if b"execution_arn" in content else ()
    except OSError as fault:
        yield Replayed(name, None, fault.strerror or str(fault))
        return
    except InvalidHistory as fault:
        yield Replayed(name, None, str(fault), is_something_else(content, path.suffix))
        return
    for execution in executions if len(executions) > 1 else (None,):
        shown = f"{name}#{execution.rpartition(':')[2]}" if execution is not None else name
        try:
            yield Replayed(shown, compare(machine, content, **{**settings, **({"execution": execution} if execution else {})}))
        except InvalidHistory as fault:
            yield Replayed(shown, None, str(fault), execution is None and is_something_else(content, path.suffix))


def is_something_else(content: bytes, suffix: str) -> bool:
    """Whether a file that cannot be read is clearly no history: JSON of another shape, or notes in which no event is named.

    What may be a history that was cut off, or one that could not be fetched (an empty file, no events), is none of these.
    """
    text = content.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    try:
        document = json.JSONDecoder().raw_decode(text)[0]
    except (ValueError, RecursionError):
        return bool(text) and suffix.lower() in _NOTES and text[0] not in "{[" and not _names_event(text)
    if isinstance(document, dict):
        if any(key in document for key in _OF_LINES):
            return False
        document = next((document[key] for key in ("events", "results") if isinstance(document.get(key), list)), None)
    return not isinstance(document, list) or (bool(document) and not _names_event(text))


#: What only log lines have.
_OF_LINES = ("previous_event_id", "execution_arn", "event_timestamp")
_NOTES = (".log", ".txt")


def _names_event(text: str) -> bool:
    return any(name in text for name in ("execution_arn", *RENDER))
