"""Shown: what a failing test prints of its executions: the trace of each, why it failed, and the data inside the states that matter.

Those are the states the test asked about; else the state that failed, or of an execution that did not fail the last one. Everything is
short, however long the execution was: a test prints it whenever it fails.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.panel import Panel
from rich.text import Text

from states.drivers.virtual import Virtual
from states.findings.finding import Finding
from states.findings.shown import Shown
from states.findings.why import why
from states.interpreter.execution import Execution
from states.interpreter.inspection import inspected
from states.views import visits, words
from states.views.children import children
from states.views.events import text_of
from states.views.inspected import Inspected
from states.views.live import by_place
from states.views.lookup import find_state, position
from states.views.story import read
from states.views.trace import Trace
from states.views.visits import Visit, every_visit

Json = Any

WIDEST, NARROWEST = 120, 40  #: columns
WIDEST_BLOCK = 110
MOST_ROWS = 40  #: lines of a trace
MOST_ROWS_BEFORE = 12  #: of the traces before the last
MOST_BLOCKS = 3  #: states whose data is shown
MOST_OUTPUT_LINES = 6


class Told(NamedTuple):
    """An execution of a test: which one it was, from 1, and the states the test asked about, with the number of the visit."""

    number: int
    driver: Virtual
    asked: Mapping[str, int]


def shown(executions: Sequence[Told], count: int, width: int) -> tuple[str, str]:
    """What is printed of the last executions of `count`, oldest first: plain, and in colour."""
    width = max(NARROWEST, min(WIDEST, width))
    console = Console(
        file=io.StringIO(),
        record=True,
        width=width,
        color_system="standard",
        force_terminal=True,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
    )
    for place, told in enumerate(executions):
        if place:
            console.print()
        console.print(_Shown(told, count, is_last=place == len(executions) - 1), end="")
    return console.export_text(clear=False).rstrip(), console.export_text(styles=True).rstrip()


def section(kept: Iterable[tuple[int, Virtual, Mapping[str, int]]], count: int, width: int) -> tuple[str, str]:
    """`shown` of the executions that are kept, in the order they were made; a fault of its own must not hide that of the test."""
    try:
        return shown(sorted((Told(*each) for each in kept), key=lambda told: told.number), count, width)
    except Exception as fault:
        text = f"it could not be shown, which is a fault of states: {type(fault).__name__}: {fault}"
        return text, text


class _Shown:
    """Draws one execution."""

    def __init__(self, told: Told, count: int, *, is_last: bool) -> None:
        self.told = told
        self.count = count
        self.is_last = is_last
        self.driver = told.driver
        self.execution: Execution = told.driver.execution
        self.machine = self.execution.machine
        self.story = read(self.execution.history.recorded)
        self.children = children(self.execution)
        has_failed = self.story.status not in (visits.SUCCEEDED, visits.RUNNING)
        self.finding: Finding | None = why(self.execution) if is_last and has_failed else None

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = options.max_width
        yield self._header(width)
        yield _line("input", _in_a_line(self.execution.input, width - 8))
        yield self._trace()
        if self.story.status == visits.SUCCEEDED:
            lines = words.data_lines(self.execution.result, width - 8, MOST_OUTPUT_LINES)
            yield from (_line("" if number else "output", line) for number, line in enumerate(lines))
        if self.finding is not None:
            yield Shown(self.finding, brief=True, here=f"{Path.cwd()}/")
        yield from self._blocks(width)

    def _header(self, width: int) -> Text:
        source = self.machine.source
        is_named = bool(source) and not source.startswith("<")
        name = words.clip(words.clean(_short_path(source)) if is_named else "a definition in the test", width)
        header = Text(name, style="bold")
        facts = [f"execution {self.told.number:,} of {self.count:,}"] if self.count > 1 else []
        order = getattr(self.driver, "order", None)
        if order is not None:
            facts.append(f"order {order!r}")
        if self.execution.setup.start_at is not None:
            facts.append(f"started at {words.clean(self.execution.setup.start_at)}")
        for fact in facts:
            if header.cell_len + len(fact) + 2 <= width:
                header.append(f"  {fact}", style="dim not bold")
        return header

    def _trace(self) -> Trace:
        if self.story.status == visits.RUNNING:
            self.story.now = max(self.story.now, self.driver.now)
        return Trace(
            self.story,
            most_rows=MOST_ROWS if self.is_last else MOST_ROWS_BEFORE,
            due=by_place(self.execution.due()),
            children=self.children,
        )

    # ------------------------------------------------------------ the data of states

    def _blocks(self, width: int) -> Iterator[RenderableType]:
        """The states that matter: those the test asked about, the last of them last; else the one that failed, or the last."""
        asked = list(self.told.asked.items())[-MOST_BLOCKS:]
        wanted: list[tuple[str, Visit | None]] = [(name, self._visit(name, number)) for name, number in asked]
        place = self.finding.place if self.finding is not None else None
        culprit = next((visit for visit in self._every_visit() if visit.place == place), None)
        if culprit is not None and not any(visit is culprit for _, visit in wanted):
            wanted = [*wanted[1 - MOST_BLOCKS :], (culprit.name, culprit)]
        if not wanted and self.is_last and self.story.chain.visits:
            last = (visits.running([self.story.chain]) or self.story.chain.visits)[-1]
            wanted = [(last.name, last)]
        data = inspected(self.execution, {name for name, _ in wanted})
        for name, visit in wanted:
            if visit is None and any(place.rpartition("]/")[2].rpartition("#")[0] == name for place in data):
                continue  # in a child execution that is not shown
            if visit is None:
                yield Text(f"{words.clean(name)} was never visited", style="yellow")
                continue
            attempts = data.get(visit.place)
            if attempts and (visit is not culprit or _tells_more(visit, attempts[-1])):
                yield self._panel(visit, attempts, width)

    def _every_visit(self) -> Iterator[Visit]:
        yield from every_visit(self.story.chain)
        for chains in self.children.values():
            for chain in chains:
                yield from every_visit(chain)

    def _visit(self, name: str, number: int) -> Visit | None:
        found = [visit for visit in self._every_visit() if visit.name == name]
        place = number - 1 if number > 0 else number
        return found[place] if -len(found) <= place < len(found) else None

    def _panel(self, visit: Visit, attempts: Sequence[Mapping[str, Json]], width: int) -> RenderableType:
        width = min(width, WIDEST_BLOCK)
        last = Inspected({visit.place: attempts[-1:]}, self.machine)
        lines = list(last.lines(visit, 0, width - 4))
        for line in lines:
            line.truncate(width - 4, overflow="ellipsis")
        style = "red" if visit.status in (visits.FAILED, visits.TIMED_OUT) else "yellow" if visit.status == visits.CAUGHT else "cyan"
        title = Text(words.clip(self._title(visit, len(attempts)), width - 8), style=f"bold {style}")
        return Panel(Group(*lines), title=title, title_align="left", border_style=style, width=width, padding=(0, 1))

    def _title(self, visit: Visit, attempts: int) -> str:
        found = (each for each in self._every_visit() if each.name == visit.name)
        number = next(number for number, each in enumerate(found, 1) if each is visit)
        facts = [f"Inside {words.clean(visit.name)}"]
        facts += [f"visit {number}"] if number > 1 else []
        facts += [f"attempt {attempts}"] if attempts > 1 else []
        state = find_state(self.machine, visit.name)
        place = position(self.machine, state.location) if state is not None else None
        facts += [f"line {place[0]}"] if place is not None else []
        return ", ".join(facts)


def _tells_more(visit: Visit, record: Mapping[str, Json]) -> bool:
    """Whether the data inside a state that failed tells more than its input and what its task was given."""
    given = visit.attempts[-1].input if visit.attempts else None
    known = {text_of(visit.input), text_of(given)}
    return bool(record.get("variables")) or any(text_of(value) not in known for field, value in record.items() if field != "variables")


def _in_a_line(value: Json, width: int) -> str:
    """A value on one line: as much of its structure as there is room for, else its beginning."""
    line = words.data_lines(value, width, 1)[0]
    return words.clip(words.clean(text_of(value)[: 2 * width]), width) if line in ("{…}", "[…]") else line


def _line(label: str, text: str) -> Text:
    line = Text(f"{label:<8}", style="dim", no_wrap=True, overflow="ellipsis")
    return line.append(text, style="not dim")


def _short_path(path: str) -> str:
    return path.removeprefix(f"{Path.cwd()}/")
