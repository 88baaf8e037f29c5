"""What replays found out: the panel of one difference, and the table of many histories. Draws; prints nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from states.histories.comparison import Comparison, Difference
from states.histories.many import Replayed
from states.history import details_of
from states.views import words
from states.views.events import Text as JsonText
from states.views.events import text_of, value_of

MOST_LINES = 6
MOST_SAME = 20  #: histories that behave the same and are named one by one
MOST_SKIPPED = 4  #: files without a history that are named
WIDEST_NAME = 40  #: columns of a file
FEWEST = 16  #: columns of a reason, however narrow the terminal

STYLES = {"✓": "green", "✗": "red", "?": "yellow"}


class Verdict:
    """One history: the same, or where it is different and why."""

    def __init__(self, comparison: Comparison, title: str) -> None:
        self.comparison = comparison
        self.title = title

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        comparison = self.comparison
        width = min(options.max_width, 110)
        count = words.count(comparison.events, "event")
        if comparison.difference is None:
            yield Text.assemble(("✓ the same", "green"), f"  {self.title}  {comparison.status}, {count}")
        else:
            at = comparison.difference.event_id
            yield Text.assemble(("✗ different", "red"), f"  {self.title}  at event {at} of {comparison.events}")
            yield self._panel(comparison.difference, width)
        for assumption in comparison.assumptions:
            yield Text(f"  assumed: {words.clean(assumption)}", style="dim")

    def _panel(self, difference: Difference, width: int) -> Panel:
        body = Table.grid(padding=(0, 2), expand=False)
        body.add_column(style="dim", no_wrap=True)
        body.add_column(overflow="fold")
        for label, text in _facts(difference, width - 14):
            body.add_row(label, text)
        inner = Table.grid()
        inner.add_row(Text(words.clean(difference.message)))
        inner.add_row("")
        inner.add_row(body)
        title = Text(
            words.clip(f"{words.clean(difference.state)}: {difference.reason}" if difference.state else difference.reason, width - 8)
        )
        title.stylize("bold red")
        return Panel(inner, title=title, title_align="left", border_style="red", width=width, padding=(0, 1))


def _facts(difference: Difference, width: int) -> Iterator[tuple[str, Text]]:
    if difference.place:
        yield "place", Text(words.clean(difference.place))
    if difference.location is not None:
        yield "where", Text(where(difference))
    yield "was", _event(difference.recorded, width, difference.recorded is not None)
    if difference.reason != "delay":
        yield "now", _event(difference.replayed, width, False)
    if difference.path is not None and difference.field is not None:
        within = "" if difference.path == "$" else f" {difference.path}"
        yield f"{difference.field}{words.clean(within)}", Text()
        yield "  was", _value(difference.was, width)
        yield "  now", _value(difference.now, width)


def where(difference: Difference) -> str:
    """`order.asl.json:14:5  /States/Charge/Retry`, as far as it is known."""
    source = (difference.source or "").removeprefix(f"{Path.cwd()}/")
    line = f"{source}:{difference.line}:{difference.column}" if difference.line is not None else source
    return words.clean(f"{line}  {difference.location}")


def _event(event: dict[str, object] | None, width: int, with_id: bool) -> Text:
    if event is None:
        return Text("nothing")
    details = details_of(event)
    told = f"event {event['id']} {event['type']}" if with_id else str(event["type"])
    if "name" in details:
        told += f' "{words.clean(str(details["name"]))}"'
    if "error" in details:
        told += f"  {words.failure_text(details.get('error'), details.get('cause'))}"
    return Text(words.clip(told, width))


def _value(value: object, width: int) -> Text:
    data = JsonText(text_of(value))
    return Text("\n".join(words.data_lines(value_of(data), width, MOST_LINES)))


class Several:
    """The table of a folder, a line each: those that differ, those that could not be read, and how many stay the same."""

    def __init__(self, replays: Sequence[Replayed], title: str, skipped: Sequence[str] = ()) -> None:
        self.replays = replays
        self.title = title
        self.skipped = skipped

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        same = sum(each.comparison is not None and each.comparison.same for each in self.replays)
        widest = min(WIDEST_NAME, options.max_width // 3)
        rows = [_row(each, widest) for each in self.replays if same <= MOST_SAME or each.comparison is None or not each.comparison.same]
        columns = [max((cell_len(row[place]) for row in rows), default=0) for place in (1, 2)]
        for row in rows:
            yield _drawn(row, columns, options.max_width)
        for line in Text(self._summary(same)).wrap(console, options.max_width):
            line.rstrip()
            yield line
        if self.skipped:
            names = words.listed([words.clean(name) for name in self.skipped], MOST_SKIPPED)
            told = f"skipped {words.count(len(self.skipped), 'file')} that hold no history: {names}"
            yield Text(words.clip(told, options.max_width), style="dim")

    def _summary(self, same: int) -> str:
        reasons = Counter(
            each.comparison.difference.reason for each in self.replays if each.comparison is not None and each.comparison.difference
        )
        unread = sum(each.comparison is None for each in self.replays)
        told = [f"{same} the same"]
        if reasons:
            named = ", ".join(f"{reason} {number}" for reason, number in reasons.most_common())
            told.append(f"{sum(reasons.values())} different ({named})")
        if unread:
            told.append(f"{unread} unreadable")
        return f"{self.title}: {words.count(len(self.replays), 'history', 'histories')}, {', '.join(told)}"


#: A line of the table: its mark, the file, what of it, why, and the line of the definition.
Row = tuple[str, str, str, str, str]


def _row(each: Replayed, widest: int) -> Row:
    name = Text(words.clean(each.file))
    name.truncate(widest, overflow="ellipsis")
    file = name.plain
    if each.comparison is None:
        return "?", file, "unreadable", words.clean(each.fault or ""), ""
    count, difference = each.comparison.events, each.comparison.difference
    if difference is None:
        return "✓", file, words.count(count, "event"), each.comparison.status, ""
    line = f"  :{difference.line}" if difference.line is not None else ""
    return "✗", file, f"event {difference.event_id} of {count}", words.clean(difference.message), line


def _drawn(row: Row, columns: Sequence[int], width: int) -> Text:
    """A row as one line: where there is no room for all, the reason is clipped."""
    mark, file, what, why, line = row
    head = f"  {file}{' ' * (columns[0] - cell_len(file))}  {what}{' ' * (columns[1] - cell_len(what))}  "
    reason = Text(why, style="dim" if mark == "✓" else "")
    reason.truncate(max(FEWEST, width - 1 - cell_len(head) - len(line)), overflow="ellipsis")
    drawn = Text.assemble((mark, STYLES[mark]), head, reason, line)
    drawn.truncate(width, overflow="ellipsis")
    return drawn
