"""Layout: the rows of a trace as lines of one width, in columns that stand below each other, fewer of them where there is no room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len
from rich.text import Text

from states.views import visits, words
from states.views.story import Story

STYLES = {
    visits.RUNNING: "cyan",
    visits.SUCCEEDED: "green",
    visits.FAILED: "bold red",
    visits.CAUGHT: "yellow",
    visits.TIMED_OUT: "bold red",
    visits.ABORTED: "dim",
}

MARKS = {
    visits.RUNNING: "●",
    visits.SUCCEEDED: "✓",
    visits.FAILED: "✗",
    visits.CAUGHT: "!",
    visits.TIMED_OUT: "✗",
    visits.ABORTED: "⊘",
}

SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


@dataclass(slots=True)
class Row:
    """One line: `guides` draws the tree before it. `parts` are stretches of time on the bar: from, to, and whether work was done.

    A row with a `text` is that and has no columns.
    """

    guides: str
    status: str
    name: str
    type: str = ""
    at: float | None = None
    seconds: float | None = None
    note: str = ""
    note_style: str = "dim"
    label: str = ""
    parts: Sequence[tuple[float, float, bool]] = ()
    is_minor: bool = False
    text: Text | None = None


class Layout:
    """Rows as lines of one width: columns that stand below each other, fewer of them where there is no room."""

    def __init__(self, rows: list[Row], story: Story, width: int, frame: int) -> None:
        self.rows = rows
        self.width = width
        self.frame = frame
        self.story = story
        self.type_width = max((len(row.type) for row in rows), default=0) if width >= 60 else 0
        has_time = story.seconds > 0
        self.times = [words.duration(row.seconds) if row.seconds is not None and has_time else "" for row in rows]
        self.starts = ["" if row.at is None or not has_time else f"+{words.duration(row.at - story.started)}" for row in rows]
        self.time_width = max((len(time) for time in self.times), default=0)
        self.start_width = max((len(start) for start in self.starts), default=0) if width >= 76 else 0
        self.bar_width = 20 if width >= 104 and has_time else 0
        fixed = sum(part + 2 for part in (self.type_width, self.time_width, self.start_width, self.bar_width) if part)
        wanted = max((cell_len(row.guides) + 2 + cell_len(row.label + row.name) for row in rows if row.status), default=0)
        self.note_below = width < 60
        room = width - fixed
        self.name_width = min(wanted, room if self.note_below else max(16, room * 55 // 100))
        self.note_width = 0 if self.note_below else max(0, room - self.name_width - 2)

    def lines(self) -> Iterator[Text]:
        for number, row in enumerate(self.rows):
            line = Text(no_wrap=True, overflow="ellipsis", end="")
            line.append(row.guides, style="bright_black")
            if row.text is not None:
                line.append_text(row.text)
            else:
                self._name(line, row)
            if row.status:
                self._columns(line, row, number)
            line.rstrip()
            line.truncate(self.width, overflow="ellipsis")
            line.end = "\n"
            yield line
            if self.note_below and row.note and row.note_style != "dim":
                yield self._below(row)

    def _name(self, line: Text, row: Row) -> None:
        if row.status:
            line.append(self._mark(row.status), style=STYLES[row.status])
            line.append(" ")
            room = max(6, self.name_width - line.cell_len)
            name = Text(row.label, style="dim", end="")
            name.append(row.name, style="dim" if row.is_minor or row.status == visits.ABORTED else "not dim")
            name.truncate(room, overflow="ellipsis")
            line.append_text(name)
        else:
            line.append(row.name, style="dim italic")

    def _columns(self, line: Text, row: Row, number: int) -> None:
        line.append(" " * max(0, self.name_width - line.cell_len))
        if self.type_width:
            line.append(f"  {row.type:<{self.type_width}}", style="dim")
        if self.start_width:
            line.append(f"  {self.starts[number]:>{self.start_width}}", style="dim")
        if self.time_width:
            is_nothing = not row.seconds or row.is_minor
            line.append(f"  {self.times[number]:>{self.time_width}}", style="dim" if is_nothing else "")
        if self.bar_width:
            line.append("  ")
            line.append_text(self._bar(row))
        if self.note_width and row.note:
            note = Text(f"  {row.note}", style=row.note_style)
            note.truncate(self.note_width + 2, overflow="ellipsis")
            line.append_text(note)

    def _below(self, row: Row) -> Text:
        indent = len(row.guides) + 2
        guides = row.guides.replace("├─", "│ ").replace("└─", "  ")
        line = Text(guides, style="bright_black", no_wrap=True)
        line.append("  ")
        note = Text(row.note, style=row.note_style)
        note.truncate(max(10, self.width - indent), overflow="ellipsis")
        return line.append_text(note)

    def _mark(self, status: str) -> str:
        if status == visits.RUNNING and self.story.status == visits.RUNNING and self.frame:
            return SPINNER[self.frame % len(SPINNER)]
        return MARKS[status]

    def _bar(self, row: Row) -> Text:
        """When the visit was: thick where work was done, thin where it waited."""
        cells = [" "] * self.bar_width
        total = self.story.seconds
        instant, work, wait = "╵", "━", "─"
        for start, end, is_work in row.parts:
            first = min(self.bar_width - 1, int((start - self.story.started) / total * self.bar_width))
            last = max(first + 1, round((end - self.story.started) / total * self.bar_width))
            for place in range(first, min(last, self.bar_width)):
                if end == start:
                    cells[place] = instant if cells[place] == " " else cells[place]
                else:
                    cells[place] = work if is_work else wait
        bar = Text()
        style: Any = "dim" if row.is_minor else STYLES.get(row.status, "") if row.status != visits.SUCCEEDED else "blue"
        bar.append("".join(cells), style=style)
        return bar
