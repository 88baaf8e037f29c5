"""Two histories side by side: the first value that differs, the rest as a tree by place, and what took longer. Draws; prints nothing."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text
from rich.tree import Tree

from states.histories.diffing import Change, Differences, Timing
from states.views import words
from states.views.events import text_of

MOST_CHANGES = 60
MOST_TIMINGS = 10


class Diff:
    """Draws what two histories differ in; values that only go on are counted, unless `is_full`."""

    def __init__(self, found: Differences, a: str, b: str, is_full: bool = False) -> None:
        self.found = found
        self.a = a
        self.b = b
        self.is_full = is_full

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        found, width = self.found, min(options.max_width, 120)
        yield Text.assemble(("a ", "red"), words.clean(self.a), ("   b ", "green"), words.clean(self.b))
        if not found.changes:
            yield Text(f"✓ the same: {words.count(found.visits, 'state visit')}", style="green")
        else:
            yield from self._changes(width)
        if found.timing:
            yield Text("")
            yield Text("time", style="bold")
            yield from (_timing(timing) for timing in found.timing[:MOST_TIMINGS])
            if len(found.timing) > MOST_TIMINGS:
                yield Text(f"  … {len(found.timing) - MOST_TIMINGS} more", style="dim")

    def _changes(self, width: int) -> Iterator[Tree | Text]:
        shown = self.found.changes if self.is_full else [change for change in self.found.changes if not change.again]
        tree: Tree | None = None
        place = None
        for change in shown[:MOST_CHANGES]:
            if tree is None or change.place != place:
                if tree is not None:
                    yield tree
                place = change.place
                tree = Tree(Text(words.clean(place) or "the execution", style="bold"), guide_style="dim")
            tree.add(_line(change, width))
        if tree is not None:
            yield tree
        more, again = len(shown) - MOST_CHANGES, len(self.found.changes) - len(shown)
        if more > 0:
            yield Text(f"… {words.count(more, 'more difference')}", style="dim")
        if again:
            yield Text(f"… {words.count(again, 'place')} where the same values go on: --full shows them", style="dim")


def _line(change: Change, width: int) -> Text:
    if change.kind == "value":
        head = f"{change.field}{'' if change.path == '$' else ' ' + words.clean(change.path)}  "
        room = max(16, (width - len(head) - 12) // 2)
        was, now = (words.clip(words.clean(_shown(value)), room) for value in (change.was, change.now))
        return Text.assemble((head, "cyan"), (was, "red"), (" → ", "dim"), (now, "green"))
    if change.kind == "event":
        return Text.assemble(("event  ", "cyan"), (change.was or "nothing", "red"), (" → ", "dim"), (change.now or "nothing", "green"))
    side, style = ("a", "red") if change.kind == "only in a" else ("b", "green")
    return Text.assemble((f"only in {side}  ", style), words.clean(str(change.was if side == "a" else change.now)))


def _shown(value: object) -> str:
    return "nothing" if value is None else text_of(value)


def _timing(timing: Timing) -> Text:
    delta = timing.now - timing.was
    sign = "+" if delta > 0 else "-"
    told = f"{words.duration(timing.was)} → {words.duration(timing.now)}"
    return Text.assemble(f"  {words.clean(timing.place)}  ", told, (f"  {sign}{words.duration(abs(delta))}", "yellow"))
