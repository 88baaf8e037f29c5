"""Goals as lines of a file, for LCOV and Cobertura: which know files, functions, lines and branches, and nothing else.

A line that has goals can be reached. Its count is that of its most reached goal; where it has several goals each is a branch of it. A state
is a function. Machines of one file (a template's) are put together; excluded goals are left out, and so are machines without a file.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from states.coverage import goals
from states.coverage.results import Measured, Results


class Line(NamedTuple):
    number: int
    goals: tuple[Measured, ...]

    @property
    def times(self) -> int:
        return max(one.times for one in self.goals)

    @property
    def branches(self) -> tuple[Measured, ...]:
        """The goals of the line, in order; empty when it has only one."""
        return self.goals if len(self.goals) > 1 else ()

    @property
    def reached(self) -> int:
        return sum(1 for one in self.branches if one.times)


class File(NamedTuple):
    """`path` is that of the file from the root where it lies below it, with slashes; `states` are name, line and count."""

    path: str
    names: tuple[str, ...]
    states: tuple[tuple[str, int, int], ...]
    lines: tuple[Line, ...]


def files(results: Results) -> list[File]:
    """Every file with its lines, by path."""
    found: dict[str, dict[str, list[Measured]]] = {}
    for machine in results.machines:
        if machine.path:
            found.setdefault(machine.path, {}).setdefault(machine.name, []).extend(machine.measured)
    return [file(path, machines, results.root) for path, machines in sorted(found.items())]


def file(path: str, machines: dict[str, list[Measured]], root: str) -> File:
    counting = {name: [one for one in measured if one.line and not one.is_excluded] for name, measured in machines.items()}
    by_line: dict[int, list[Measured]] = {}
    states: list[tuple[str, int, int]] = []
    for name, measured in counting.items():
        for one in measured:
            by_line.setdefault(one.line or 0, []).append(one)
            if one.goal.kind == goals.STATE:
                states.append((f"{name}{one.goal.location}", one.line or 0, one.times))
    lines = tuple(Line(number, tuple(by_line[number])) for number in sorted(by_line))
    shown = os.path.relpath(path, root) if path.startswith(root + os.sep) else path
    return File(shown.replace(os.sep, "/"), tuple(machines), tuple(states), lines)
