"""Files and folders -> the files of scenarios in them, by their names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from states.definition.formats.files import SKIPPED

ENDINGS = (".scenario.yaml", ".scenario.yml", ".scenario.json")


def is_scenario_file(name: str) -> bool:
    """Whether a file is one of scenarios by its name.

    >>> is_scenario_file("order.scenario.yaml"), is_scenario_file("order.yaml"), is_scenario_file(".scenario.yaml")
    (True, False, False)
    """
    return name.endswith(ENDINGS) and name not in ENDINGS


def stem(name: str) -> str:
    """What the file is called: `order` of `order.scenario.yaml`."""
    return next((name.removesuffix(ending) for ending in ENDINGS if name.endswith(ending)), name.partition(".")[0] or name)


def find(given: Iterable[str | os.PathLike[str]]) -> Iterator[str]:
    """The files of scenarios: those that are named, whatever their name, and those in and below folders, sorted; each once."""
    seen: set[str] = set()
    for one in [os.fspath(each) for each in given]:
        for path in _below(one) if Path(one).is_dir() else [one]:
            real = os.path.realpath(path)
            if real not in seen:
                seen.add(real)
                yield path


def _below(folder: str) -> Iterator[str]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(one for one in folders if one not in SKIPPED and not one.startswith("."))
        for name in sorted(names):
            if is_scenario_file(name):
                yield os.path.normpath(str(Path(root) / name))
