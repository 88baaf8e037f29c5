"""The table in the terminal: a machine a row, and with `term-missing` what was never reached, with its line.

The numbers of the wide table are goals reached of those that count; where there is no room the kinds are left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from states.coverage.goals import KINDS
from states.coverage.results import Measured, Results, Tally
from states.coverage.text import TITLES, percent
from states.views import words

FIXED = 32  #: columns of what every row has, the name aside


def table(results: Results, width: int) -> RenderableType:
    """The table, what could not be read, and patterns that exclude nothing."""
    kinds = [kind for kind in KINDS if results.tally(kind).total]
    longest = max((len(machine.title) for machine in results.machines), default=0)
    if longest + sum(max(len(TITLES[kind]), len(share(results.tally(kind)))) + 3 for kind in kinds) + FIXED > width:
        kinds = []
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), header_style="bold", show_footer=len(results.machines) > 1)
    together = results.tally()
    made.add_column("Machine", footer="Together", overflow="fold")
    for kind in kinds:
        made.add_column(TITLES[kind], footer=share(results.tally(kind)), justify="right", no_wrap=True)
    excluded = words.count(sum_of_excluded(results), "excluded", "excluded")
    made.add_column("Goals", footer=f"{together.total:,}", justify="right", no_wrap=True)
    made.add_column("Missing", footer=f"{together.total - together.reached:,}", justify="right", no_wrap=True)
    made.add_column("Reached", footer=Text(percent(together), style=style(together)), justify="right", no_wrap=True)
    for machine in results.machines:
        whole = machine.tally()
        parts = [Text(share(machine.tally(kind)), style="" if is_whole(machine.tally(kind)) else "yellow") for kind in kinds]
        missing = f"{whole.total - whole.reached:,}" if whole.total > whole.reached else ""
        made.add_row(words.clean(machine.title), *parts, f"{whole.total:,}", missing, Text(percent(whole), style=style(whole)))
    notes = [Text(f"{words.clean(name)}: not read: {words.clean(why)}", style="red") for name, why in results.unreadable]
    notes += [Text(f"exclude: no goal is called {words.clean(text)!r}", style="yellow") for text in results.unmatched]
    if sum_of_excluded(results):
        notes.insert(0, Text(excluded, style="dim"))
    return Group(made if results.machines else Text("no machine ran"), *notes)


def missing(results: Results) -> RenderableType:
    """What was never reached, machine by machine, and what is excluded."""
    lines: list[RenderableType] = []
    for machine in results.machines:
        shown = [one for one in machine.measured if one.is_missed or (one.is_excluded and not one.times)]
        if shown:
            lines += [Text(), Text(words.clean(machine.title), style="bold"), *goals(shown)]
    return Group(*lines)


def goals(shown: list[Measured]) -> list[Text]:
    width = max(len(str(one.line or "")) for one in shown)
    lines = []
    for one in shown:
        text = Text(f"  {one.line or '':>{width}}  ", style="dim", no_wrap=False)
        text.append(words.clean(one.goal.name), style="dim" if one.is_excluded else "not dim red")
        lines.append(text.append("  excluded" if one.is_excluded else ""))
    return lines


def sum_of_excluded(results: Results) -> int:
    return sum(len(machine.excluded) for machine in results.machines)


def share(tally: Tally) -> str:
    return f"{tally.reached:,}/{tally.total:,}" if tally.total else ""


def is_whole(tally: Tally) -> bool:
    return tally.reached == tally.total


def style(tally: Tally) -> str:
    return "green" if is_whole(tally) else "red" if not tally.reached else "yellow"


def show(results: Results, console: Console, *, with_missing: bool) -> None:
    console.print(Unpadded(table(results, console.width)), end="")
    if with_missing:
        console.print(Unpadded(missing(results)), end="")


class Unpadded:
    """What is drawn without the blanks that fill its lines up."""

    def __init__(self, inner: RenderableType) -> None:
        self.inner = inner

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        for line in console.render_lines(self.inner, options, pad=False):
            while line and not line[-1].text.strip():
                line.pop()
            yield from line[:-1]
            if line:
                yield Segment(line[-1].text.rstrip(), line[-1].style)
            yield Segment.line()
