"""Comparing: a run's status and path as values that know their run, and what to say when a test compares them and is wrong.

A comparison in a test sees two values and not where they came from; these two are a str and a list like any other, and remember it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from states.testing.runs import Run

MOST_NAMES = 6  #: states named in a line
LONGEST_LINE = 400  #: characters


class Status(str):
    """The status of a run: a str that knows of which."""

    __slots__ = ("run",)

    run: Run

    def __new__(cls, status: str, run: Run) -> Status:
        made = super().__new__(cls, status)
        made.run = run
        return made


class Way(list[str]):
    """The path of a run: a list that knows of which."""

    def __init__(self, names: Iterable[str], run: Run) -> None:
        super().__init__(names)
        self.run = run


def explained(operator: str, left: Any, right: Any) -> list[str] | None:
    """The lines that say why a comparison is not true; None for values that are no run's.

    The first is the comparison itself, as pytest asks for it.
    """
    if operator == "==":
        if isinstance(left, Status):
            return _of_status(left, str(right) if isinstance(right, str) else right)
        if isinstance(right, Status):
            return _of_status(right, left, is_right=True)
        if isinstance(left, Way) and isinstance(right, (list, tuple)):
            return _of_way(left, right)
        if isinstance(right, Way) and isinstance(left, (list, tuple)):
            return _of_way(right, left, is_right=True)
    if isinstance(right, Way) and operator in ("in", "not in"):
        return [f"{left!r} {operator} the path", f"the path: {_names(right)}", *_why(right.run)]
    return None


def _of_status(status: Status, expected: Any, *, is_right: bool = False) -> list[str]:
    found, wanted = repr(str(status)), repr(expected)
    return [f"{wanted} == {found}" if is_right else f"{found} == {wanted}", *(_why(status.run) or [_succeeded(status.run)])]


def _of_way(way: Way, expected: Sequence[Any], *, is_right: bool = False) -> list[str]:
    same = sum(1 for _ in takewhile(bool, (found == wanted for found, wanted in zip(way, expected, strict=False))))
    lines = [f"{_short(expected)} == {_short(way)}" if is_right else f"{_short(way)} == {_short(expected)}"]
    lines.append(f"both:     {_names(way[:same], last=True)}" if same else "the first state differs")
    lines.append(f"run:      {_names(way[same:]) if way[same:] else _end(way.run)}")
    lines.append(f"expected: {_names(expected[same:]) if expected[same:] else 'the end'}")
    return [*lines, *_why(way.run)]


def _end(run: Run) -> str:
    return "the end" if run.status != "RUNNING" else "still RUNNING"


def _why(run: Run) -> list[str]:
    """Why a run is where it is; nothing when it has succeeded."""
    from states.views import words

    if run.status == "RUNNING":
        return [f"it waits in {', '.join(map(words.clean, run.waiting))}" if run.waiting else "it waits for nothing"]
    if run.status == "SUCCEEDED":
        return []
    from states.findings.why import why

    told = str(why(run.execution)).replace(f"{Path.cwd()}/", "")
    return [words.clip(words.clean(told), LONGEST_LINE)]


def _succeeded(run: Run) -> str:
    from states.views import words

    return f"it went {_names(run.path)} and gave {words.data_lines(run.output, 100, 1)[0]}"


def _short(names: Sequence[Any]) -> str:
    """A list as Python writes it, its middle left out."""
    if len(names) <= MOST_NAMES:
        return repr(list(names))
    return f"[{', '.join(map(repr, names[: MOST_NAMES - 2]))}, ..., {names[-1]!r}]"


def _names(names: Sequence[Any], *, last: bool = False) -> str:
    """Names with arrows between; of many the first, or the last."""
    from states.views import words

    cleaned = [words.clean(str(name)) for name in names]
    if len(cleaned) > MOST_NAMES:
        more = f"… {len(cleaned) - MOST_NAMES + 1:,} more"
        cleaned = [more, *cleaned[1 - MOST_NAMES :]] if last else [*cleaned[: MOST_NAMES - 1], more]
    return " → ".join(cleaned)
