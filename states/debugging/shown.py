"""Shown: a Screen drawn for a terminal of so many columns and lines. Colour only adds to what signs say already."""

from __future__ import annotations

from collections.abc import Iterable

from rich import box
from rich.console import Console, ConsoleDimensions, Group, RenderableType
from rich.layout import Layout
from rich.panel import Panel
from rich.text import Text

from states.debugging.differences import GONE, NEW
from states.debugging.rows import CAUGHT, FAILED, RUNNING, SUCCEEDED, WAITS, Row
from states.debugging.screen import Screen, Size
from states.views import words

NARROWEST, LOWEST = 40, 12
WIDE = 100  #: columns from which the definition stands beside the way

SIGNS = {SUCCEEDED: ("✓", "green"), FAILED: ("✗", "red"), CAUGHT: ("✓", "yellow"), RUNNING: ("●", "cyan"), WAITS: ("…", "yellow")}
STATUS = {"SUCCEEDED": "bold green", "FAILED": "bold red", "TIMED_OUT": "bold red", "ABORTED": "bold red"}
FILTERS = {"done": ("✓ ", "green"), "here": ("› ", "bold reverse"), "next": ("", "dim")}
LINES = {NEW: "green", GONE: "red"}

KEYS = (
    ("s", "step"),
    ("n", "next"),
    ("o", "out"),
    ("c", "continue"),
    ("b", "back"),
    ("p", "previous"),
    ("r", "reverse"),
    (".", "stop here"),
    ("e", "on error"),
    (":", "command"),
    ("f", "futures"),
    ("x", "show"),
    ("y", "why"),
    ("?", "help"),
    ("q", "quit"),
)


class Places:
    """How a terminal is divided. `left` and `right` are columns, the others lines, borders included."""

    def __init__(self, columns: int, lines: int, variables: int, message: int) -> None:
        self.columns = columns
        self.keys = 1 if columns >= 140 else 2
        self.message = message
        body = max(6, lines - 2 - self.keys - message)
        self.is_wide = columns >= WIDE
        self.source = max(4, min(body // 3, 14))
        upper = body - self.source
        self.left = max(24, columns * 2 // 5 if self.is_wide else columns // 3)
        self.right = columns - self.left
        self.variables = min(variables, max(2, upper // 4)) + 2 if variables else 0
        self.upper = upper
        self.body = body

    def size(self) -> Size:
        """The room inside the borders."""
        return Size(
            trace=max(1, self.upper - 2),
            data=max(1, self.upper - self.variables - 2),
            variables=max(0, self.variables - 2),
            source=max(1, self.source - 2),
            width=max(10, self.right - 6),
        )


def drawn(screen: Screen, places: Places, message: tuple[str, ...] = ()) -> RenderableType:
    """The whole screen; `message` stands above the keys."""
    layout = Layout()
    right = Layout(name="right", size=places.right)
    parts = [Layout(_data(screen, places), name="data")]
    if places.variables:
        parts.append(Layout(_variables(screen, places), size=places.variables))
    right.split_column(*parts)
    upper = Layout(size=places.upper)
    upper.split_row(Layout(_trace(screen, places), name="left", size=places.left), right)
    lower = [Layout(_message(message, places), size=places.message)] if places.message else []
    layout.split_column(
        Layout(_header(screen, places.columns), size=2),
        upper,
        Layout(_source(screen, places), size=places.source),
        *lower,
        Layout(_keys(places), size=places.keys),
    )
    return layout


def _panel(body: RenderableType, title: str, columns: int, style: str = "dim") -> Panel:
    heading = Text(words.clip(title, max(4, columns - 6)), style="default not dim")
    return Panel(body, title=heading, title_align="left", border_style=style, box=box.ROUNDED, padding=(0, 1))


def _joined(lines: Iterable[Text]) -> Text:
    """Lines that are cut off, not wrapped, where they are too long."""
    return Text("\n", no_wrap=True, overflow="ellipsis").join(lines)


def _header(screen: Screen, columns: int) -> Group:
    first = Text(no_wrap=True, overflow="ellipsis")
    first.append(words.clip(screen.title or "states debug", max(8, columns // 3)), style="bold")
    first.append(f"  {screen.heading}", style=STATUS.get(screen.status, "bold cyan"))
    facts = f"moment {screen.number:,}" + (f"  future {screen.future} of {screen.futures}" if screen.futures > 1 else "")
    room = columns - first.cell_len - len(facts)
    if room >= 2:
        first.append(" " * room + facts, style="dim")
    second = Text(no_wrap=True, overflow="ellipsis")
    for name, how in screen.filters:
        sign, style = FILTERS[how]
        second.append("  " if second else "")
        second.append(f"{sign}{name}", style=style)
    if screen.note:
        second.append("  " if second else "")
        second.append(screen.note, style="bold yellow")
    room = columns - second.cell_len - len(screen.time) - 4
    if room >= 2:
        second.append(" " * room + f"{screen.time} UTC", style="dim")
    return Group(first, second)


def _trace(screen: Screen, places: Places) -> Panel:
    inner = places.left - 4
    lines = _joined(_row(row, inner, screen.started_at) for row in screen.trace)
    return _panel(lines, "the way here", places.left)


def _row(row: Row, columns: int, started_at: float) -> Text:
    sign, style = SIGNS[row.status]
    line = Text(no_wrap=True, overflow="ellipsis")
    line.append("› " if row.is_here else "  ", style="bold")
    line.append("  " * min(row.depth, 8))
    line.append(f"{sign} ", style=style)
    if row.label:
        line.append(f"{row.label} ", style="dim")
    after = f" ×{row.attempt}" if row.attempt > 1 else ""
    time = f" +{words.duration(row.at - started_at)}"
    room = columns - line.cell_len - len(after) - len(time)
    line.append(words.clip(row.name, max(4, room)), style="bold" if row.is_here else "")
    line.append(after, style="yellow")
    room = columns - line.cell_len - len(time)
    if room >= 0:
        line.append(" " * room + time, style="dim")
    return line


def _data(screen: Screen, places: Places) -> Panel:
    lines = []
    for line in screen.data:
        text = Text(no_wrap=True, overflow="ellipsis", style=LINES.get(line.mark, ""))
        text.append(f"{line.mark} {line.text}")
        lines.append(text)
    return _panel(_joined(lines), screen.data_title, places.right, "cyan")


def _variables(screen: Screen, places: Places) -> Panel:
    lines = []
    for variable in screen.variables:
        line = Text(no_wrap=True, overflow="ellipsis", style=LINES[NEW] if variable.is_new else "")
        line.append(
            f"{NEW if variable.is_new else ' '} {variable.name if variable.name.startswith('…') else '$' + variable.name}", style="bold"
        )
        line.append(f" {variable.text}" if variable.text else "")
        lines.append(line)
    return _panel(_joined(lines), "variables", places.right)


def _source(screen: Screen, places: Places) -> Panel:
    lines = []
    digits = max((len(str(line.number)) for line in screen.source), default=1)
    for line in screen.source:
        text = Text(no_wrap=True, overflow="ellipsis")
        text.append(f"{'›' if line.is_here else ' '} {line.number:>{digits}}  ", style="bold" if line.is_here else "dim")
        text.append(line.text, style="bold cyan" if line.is_here else "bold" if line.is_state else "")
        lines.append(text)
    return _panel(_joined(lines), screen.source_title or "definition", places.columns)


def _message(message: tuple[str, ...], places: Places) -> Text:
    shown = [Text(words.clip(line, places.columns), no_wrap=True, overflow="ellipsis") for line in message[: places.message]]
    return _joined(shown)


def _keys(places: Places) -> Text:
    lines, line = [], Text(no_wrap=True, overflow="ellipsis")
    for key, name in KEYS:
        if line and line.cell_len + len(key) + len(name) + 3 > places.columns:
            lines.append(line)
            line = Text(no_wrap=True, overflow="ellipsis")
        line.append("  " if line else "")
        line.append(key, style="bold reverse")
        line.append(f" {name}", style="dim")
    return _joined([*lines, line][: places.keys])


def text_of(console: Console, screen: Screen, columns: int, lines: int, message: tuple[str, ...] = ()) -> list[str]:
    """The screen as the lines of a terminal of this size, colours included where the console has any."""
    places = places_for(screen, columns, lines, message)
    console.size = ConsoleDimensions(columns, lines)
    with console.capture() as captured:
        console.print(drawn(screen, places, message), end="")
    return captured.get().split("\n")[:lines]


def places_for(screen: Screen, columns: int, lines: int, message: tuple[str, ...]) -> Places:
    """How a terminal of this size is divided for a screen."""
    return Places(columns, lines, len(screen.variables), min(len(message), max(1, lines // 2)))
