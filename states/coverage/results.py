"""Results: what was counted, as reports show it: each goal with its line, its count, and whether it is excluded.

Puts the records of a Collector together with the definitions that must appear even when never run, gives every machine its name, and finds
the places of its goals in the file as it was when it was loaded.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from states import definition
from states.coverage.collector import Collector, Record
from states.coverage.goals import KINDS, Goal
from states.definition import InvalidDefinition
from states.definition.formats import Found, definitions_in, many
from states.definition.naming import split
from states.definition.source import Source, Unreadable, read
from states.views import words

Json = Any
Find = Callable[[str, bool | None], tuple[int, int] | None]

MACHINE_FILES = ("machine.asl.json", "machine.asl.yaml", "machine.asl.yml", "machine.json")  #: called after their folder


class Measured(NamedTuple):
    """A goal and how many `times` it was reached; `line` counts from 1 and is None where there is no text."""

    goal: Goal
    line: int | None
    times: int
    is_excluded: bool

    @property
    def is_missed(self) -> bool:
        return not self.times and not self.is_excluded


class Tally(NamedTuple):
    """How many goals count, and how many of them were reached; excluded ones do not count."""

    reached: int
    total: int

    @property
    def percent(self) -> float:
        """From 0.0 to 100.0; 100.0 of nothing. 100.0 of something only when nothing is missed."""
        return 100.0 * self.reached / self.total if self.total else 100.0


class Covered(NamedTuple):
    """A machine. `title` is its path from the root (`infra/template.yaml#Order`) or who made it, `name` what it is called in goals.

    `path` is that of its file, empty when it has none. `text` is the file's, or the definition as JSON, in which the lines count.
    """

    title: str
    name: str
    path: str
    text: str
    definition: Json
    type: str
    measured: tuple[Measured, ...]

    @property
    def missed(self) -> list[Measured]:
        return [one for one in self.measured if one.is_missed]

    @property
    def excluded(self) -> list[Measured]:
        return [one for one in self.measured if one.is_excluded]

    def tally(self, *kinds: str) -> Tally:
        """Of these kinds of goals; of all when none is named."""
        return tally(self.measured, kinds or KINDS)


class Results(NamedTuple):
    """`unreadable` has what was asked for and is no definition, by its path from the root, with the reason; `unmatched` the patterns
    that exclude nothing of the sources."""

    machines: tuple[Covered, ...]
    root: str
    unreadable: tuple[tuple[str, str], ...] = ()
    unmatched: tuple[str, ...] = ()

    def tally(self, *kinds: str) -> Tally:
        return tally([one for machine in self.machines for one in machine.measured], kinds or KINDS)

    @property
    def percent(self) -> float:
        return self.tally().percent

    def faults(self, least: float | None = None) -> list[str]:
        """Why this is not enough, a line each: sources that could not be read, nothing measured, less than `least` percent reached.

        Without `least`, and with 0, it does not matter what was reached.
        """
        said = []
        if self.unreadable:
            (name, why), *others = self.unreadable
            more = f" (and {words.count(len(others), 'other')})" if others else ""
            said.append(f"{words.clean(name)} could not be read: {words.clean(why)}{more}")
        if least and not self.machines and not said:
            said.append(f"nothing was measured; expected at least {least:g}%")
        elif least is not None and not self.percent >= least:  # not a number is never enough
            said.append(f"{int(self.percent * 100) / 100}% is less than {least:g}%")
        return [f"coverage of state machines: {line}" for line in said]


def tally(measured: Iterable[Measured], kinds: Sequence[str]) -> Tally:
    counting = [one for one in measured if not one.is_excluded and one.goal.kind in kinds]
    return Tally(sum(1 for one in counting if one.times), len(counting))


def measure(
    collector: Collector, sources: Sequence[str] = (), *, exclude: Sequence[str] = (), inline: bool = False, root: str = "."
) -> Results:
    """What a collector counted.

    With `sources`, files and folders of definitions: these, run or not, and no others. Without: every machine of a file that ran. `inline`
    adds the machines that have no file. `exclude` are patterns of goals, and of paths that need not be definitions (see `pattern`); paths
    are shown as they are from `root`.
    """
    root = os.path.realpath(root)
    faults = [(from_root(name, root), why) for name, why in add_sources(collector, sources)]
    wanted = [os.path.realpath(split(source)[0]) for source in sources]
    named = [named_of(record, root) for record in collector.records if is_wanted(record.path, wanted, inline, bool(sources))]
    patterns = [(text, pattern(text)) for text in exclude]
    asked = {source: split(source)[1] for source in sources}
    chosen = [one for one in put_together(named) if is_asked(one, asked)]
    machines = tuple(covered(one, [compiled for _, compiled in patterns]) for one in sorted(chosen, key=lambda one: one.title))
    unreadable = [fault for fault in dict.fromkeys(faults) if not is_excluded(fault[:1], [compiled for _, compiled in patterns])]
    names = [name for machine in machines for one in machine.measured for name in names_of(machine.name, machine.title, one.goal)]
    names += [name for name, _ in faults]
    unmatched = tuple(text for text, compiled in patterns if sources and not any(map(compiled.fullmatch, names)))
    return Results(machines, root, tuple(unreadable), unmatched)


def is_wanted(path: str, wanted: list[str], inline: bool, has_sources: bool) -> bool:
    if not path:
        return inline
    return not has_sources or any(path == one or path.startswith(one.rstrip(os.sep) + os.sep) for one in wanted)


def add_sources(collector: Collector, sources: Sequence[str]) -> list[tuple[str, str]]:
    """Makes the machines of files and folders known to the collector; gives what is none or has none, and why."""
    unreadable: list[tuple[str, str]] = []
    for source in sources:
        is_empty = True
        for found in many([source]):
            is_empty = False
            try:
                if not found.is_elsewhere:
                    collector.add(definition.loads(found, type=found.type or "STANDARD", source=found.source))
            except InvalidDefinition as invalid:
                fault = invalid.diagnostics[0]
                at = f"{fault.line}: " if fault.line else ""
                unreadable.append((found.source, f"{at}{fault.message}"))
        if is_empty:
            unreadable.append((source, "no definition is in this folder"))
    return unreadable


# ---------------------------------------------------------------- names and places


class Named(NamedTuple):
    """A record with its name; `find` gives the line and column of a location."""

    record: Record
    title: str
    name: str
    text: str
    find: Find


def named_of(record: Record, root: str) -> Named:
    if not record.path:
        text = record.text or json.dumps(record.definition, indent=2, ensure_ascii=False)
        name = record.made_by or "definition"
        return Named(record, name, name, text, read(text).position)
    title = from_root(record.path, root)
    name = file_name(record.path)
    found, source = written(record)
    if found is not None and found.name:
        return Named(record, f"{title}#{found.name}", found.name, record.text, source.position)
    return Named(record, title, name, record.text, source.position)


def from_root(source: str, root: str) -> str:
    """A source as reports name it: its path from the root when it is in there."""
    path, machine = split(source)
    path = os.path.realpath(path)
    title = os.path.relpath(path, root) if path.startswith(root.rstrip(os.sep) + os.sep) else path
    return title.replace(os.sep, "/") + (f"#{machine}" if machine else "")


def file_name(path: str) -> str:
    """What a machine is called: as its file, or as its folder when that is called machine.asl.json.

    >>> file_name("machines/order/machine.asl.json"), file_name("flows/refund.asl.json")
    ('order', 'refund')
    """
    file = Path(path)
    return (file.parent.name if file.name in MACHINE_FILES else "") or file.name.partition(".")[0] or file.name


def written(record: Record) -> tuple[Found | None, Source]:
    """How the record's machine stands in its text: itself, or another with the same goals (its values were substituted)."""
    alike: tuple[Found, Source] | None = None
    for found in definitions_in(record.text.encode("utf-8", "surrogatepass"), record.path):
        try:
            source = found.read_source()
        except (Unreadable, OSError):
            continue
        if source.name != record.path:
            continue
        if source.value == record.definition:
            return found, source
        alike = alike or ((found, source) if skeleton(source.value) == skeleton(record.definition) else None)
    return alike or (None, Source(""))


def skeleton(value: Json) -> Json:
    from states.coverage.goals import goals_of

    try:
        return goals_of(value)
    except (TypeError, AttributeError):
        return None


def put_together(named: list[Named]) -> list[Named]:
    """One for each machine of a text: what was loaded with other substitutions is the same machine."""
    kept: dict[Any, Named] = {}
    for one in named:
        record = one.record
        key = (one.title, record.text) if record.path else record.key
        first = kept.setdefault(key, one)
        if first is not one and first.record.goals == record.goals:
            counts = [a + b for a, b in zip(first.record.counts, record.counts, strict=True)]
            kept[key] = first._replace(record=first.record._replace(counts=counts))
        elif first is not one:
            kept[(key, record.key)] = one
    return list(kept.values())


def is_asked(one: Named, asked: dict[str, str | None]) -> bool:
    """Whether a machine of a template is among those that were named, where single ones were."""
    path = one.record.path
    names = [name for source, name in asked.items() if os.path.realpath(split(source)[0]) == path]
    return not names or None in names or one.title.rpartition("#")[2] in names


# ---------------------------------------------------------------- goals


def covered(one: Named, patterns: list[re.Pattern[str]]) -> Covered:
    record = one.record
    measured = tuple(
        Measured(goal, line_of(goal, one.find), count, is_excluded(names_of(one.name, one.title, goal), patterns))
        for goal, count in zip(record.goals, record.counts, strict=True)
    )
    in_order = tuple(sorted(measured, key=lambda found: found.line or 0))
    return Covered(one.title, one.name, record.path, one.text, record.definition, record.type, in_order)


def line_of(goal: Goal, find: Find) -> int | None:
    place = find(goal.location, None) or find(goal.state, None)
    return place[0] if place else None


def names_of(name: str, title: str, goal: Goal) -> Iterator[str]:
    """What a pattern may call a goal."""
    yield f"{name}{goal.name}"
    yield f"{title}{goal.name}"


def is_excluded(names: Iterable[str], patterns: list[re.Pattern[str]]) -> bool:
    return any(one.fullmatch(name) for name in names for one in patterns)


def pattern(text: str) -> re.Pattern[str]:
    """A pattern of goals: `*` stands for any characters, `?` for one, and everything else, brackets too, for itself.

    >>> bool(pattern("order/*/Retry[?] exhausted").fullmatch("order/States/Pay/Retry[0] exhausted"))
    True
    """
    return re.compile("".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in text), re.DOTALL)


def excluded(settings: dict[str, Any]) -> list[str]:
    """`exclude` of `[tool.states.coverage]`. Raises ValueError when it is no list of texts."""
    table = settings.get("coverage", {})
    given = table.get("exclude", []) if isinstance(table, dict) else None
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise ValueError('[tool.states.coverage] exclude is a list of patterns such as "order/States/Pay/Retry[0] exhausted"')
    return given
