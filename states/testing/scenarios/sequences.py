"""Names in order as a scenario expects them: states of a path, types of events, with gaps and repetitions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from states.definition.formats.documents import Part
from states.definition.hints import did_you_mean
from states.history import RENDER
from states.testing.scenarios import forms
from states.testing.scenarios.faults import UNKNOWN_NAME, Wrong
from states.testing.scenarios.forms import Reading
from states.testing.scenarios.patterns import ANYTHING

MOST = 100_000  #: names of one expectation, repetitions counted
MOST_SHOWN = 40
PATH = "a list of names of states, in order"
REPEATED = ("times", "path")


def path_form(part: Part, reading: Reading) -> list[str]:
    """Names of states; `...` for any number of them; `{times: 3, path: [...]}` for several again and again."""
    found: list[str] = []
    for _, names in forms.gather((None, partial(_path_item, one, reading)) for one in forms.items(part, reading, PATH)):
        found += names
        if len(found) > MOST:
            reading.faults.refuse(part, f"the path has more than {MOST:,} names")
    return found


def _path_item(part: Part, reading: Reading) -> list[str]:
    if type(part.value) is not dict:
        return [forms.state_or_gap(part, reading)]
    named = dict(part.members())
    reading.faults.check_keys(named, REPEATED, "a repeated path")
    if any(name not in REPEATED for name in named):
        raise Wrong
    if set(named) != set(REPEATED):
        reading.faults.expect(part, "a name, or times and path")
    times: int = forms.whole(0)(named["times"], reading)
    inner = path_form(named["path"], reading)
    if times * len(inner) > MOST:
        reading.faults.refuse(part, f"the path has more than {MOST:,} names")
    return inner * times


def events_form(part: Part, reading: Reading) -> Any:
    """Types of events in order, or how many there are of each."""
    expected = "a list of types of events, or how many there are of each"
    if type(part.value) is not dict:
        return forms.list_of(_event_or_gap, expected)(part, reading)
    return dict(forms.gather((name, partial(_count, name, one, reading)) for name, one in part.members()))


def _event_or_gap(part: Part, reading: Reading) -> str:
    name = forms.text(part, reading)
    if name != ANYTHING:
        _check_event(name, part, reading.faults.value)
    return name


def _count(name: str, part: Part, reading: Reading) -> int:
    _check_event(name, part, reading.faults.key)
    number: int = forms.whole(0)(part, reading)
    return number


def _check_event(name: str, part: Part, tell: Callable[..., None]) -> None:
    if name not in RENDER:
        tell(part, f"there is no event {name!r}", UNKNOWN_NAME, did_you_mean(name, RENDER))
        raise Wrong


def fits(wanted: Sequence[str], found: Sequence[str]) -> bool:
    """Whether the names are those that were expected; `...` stands for any number of names.

    >>> fits(["A", "...", "D"], ["A", "B", "C", "D"]), fits(["...", "B"], ["A", "B", "C"])
    (True, False)
    """
    runs: list[list[str]] = [[]]
    for name in wanted:
        if name == ANYTHING:
            runs.append([])
        else:
            runs[-1].append(name)
    if len(runs) == 1:
        return list(found) == runs[0]
    first, *inner, last = runs
    place, end = len(first), len(found) - len(last)
    if place > end or list(found[:place]) != first or list(found[end:]) != last:
        return False
    for run in inner:
        place = _after(run, found, place, end)
        if place < 0:
            return False
    return True


def _after(run: list[str], found: Sequence[str], start: int, end: int) -> int:
    """The place behind the first time these names stand there, -1 when they do not."""
    for place in range(start, end - len(run) + 1):
        if found[place : place + len(run)] == run:
            return place + len(run)
    return -1


def readable(names: Sequence[str], arrow: str = " → ") -> str:
    """`A → B → C`; of many the first and the last.

    >>> readable(["A", "B"]), readable([])
    ('A → B', 'nothing')
    """
    if len(names) > MOST_SHOWN:
        half = MOST_SHOWN // 2
        return arrow.join([*names[:half], f"({len(names) - MOST_SHOWN:,} more)", *names[-half:]])
    return arrow.join(names) or "nothing"
