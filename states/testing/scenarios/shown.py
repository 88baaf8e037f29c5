"""An outcome as people read it: which expectation failed, where in the file, expected and found, and what the execution did.

Draws with rich and prints nothing; `plain` is the same as a text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from states.definition.diagnostics import Diagnostic
from states.language.values import dumps
from states.machine import ABSENT
from states.testing.scenarios.outcomes import Mismatch, Outcome
from states.views import visits, words
from states.views.diagnostics import Diagnostics

if TYPE_CHECKING:
    from states.testing.runs import Run
    from states.testing.scenarios.differences import Difference
    from states.views.visits import Visit

#: What is expected of the end: when it was another failure, the state that failed and why say more than any other state.
OF_THE_END = ("status", "error", "cause")

MOST_DIFFERENCES = 20
MOST_LINES = 6
WIDTH = 100


class Failed:
    """Draws an outcome that failed: each mismatch, the trace, and the data of the state that matters."""

    def __init__(self, outcome: Outcome, *, with_title: bool = True) -> None:
        self.outcome = outcome
        self.with_title = with_title

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        outcome = self.outcome
        if self.with_title:
            title = Text(f"✗ {words.clean(outcome.scenario.name)}", style="bold red")
            title.append(f"  {place_of(outcome.scenario.path, outcome.scenario.place)}", style="default not bold dim")
            yield title
        for mismatch in outcome.mismatches:
            yield from _indented(_mismatch(mismatch, options.max_width - 2), console, options)
        if outcome.run is not None:
            yield Text("")
            for part in self._story(outcome.run, options.max_width - 2):
                yield from _indented(part, console, options)

    def _story(self, run: Run, width: int) -> Iterator[RenderableType]:
        """What the execution did: the trace, the report of a failure that is not the expected one, else the state that matters."""
        from states.views.trace import Trace

        yield Trace(run.story)
        if any(mismatch.what in OF_THE_END for mismatch in self.outcome.mismatches) and run.story.culprit is not None:
            yield report(run)
            return
        visit = _that_matters(self.outcome.mismatches, run)
        if visit is not None:
            yield Text("")
            yield _data(visit, width)


def report(run: Run) -> RenderableType:
    """The report of an execution that failed."""
    from states.findings.shown import Shown
    from states.findings.why import why

    return Shown(why(run.execution, run.execution.machine), brief=True, here=f"{Path.cwd()}/")


def verdict(outcome: Outcome) -> str:
    """What of an outcome is not as expected, in one line: `not as expected: output, attempts of Charge`."""
    return f"not as expected: {', '.join(dict.fromkeys(words.clean(one.what) for one in outcome.mismatches))}"


def plain(outcome: Outcome, *, with_title: bool = True) -> str:
    """The same as a text without colours."""
    return as_text(Failed(outcome, with_title=with_title))


def faults_as_text(faults: Sequence[Diagnostic]) -> str:
    """The faults of a file as a text, with the lines they are in."""
    return as_text(Diagnostics(faults, texts(faults)))


def as_text(drawn: RenderableType) -> str:
    """What is drawn as a text without colours."""
    file = StringIO()
    Console(file=file, width=WIDTH, highlight=False, markup=False, emoji=False, color_system=None).print(drawn, end="")
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines())


def texts(faults: Sequence[Diagnostic]) -> dict[str, str]:
    """The files that faults are in, for the lines to show; one that cannot be read shows none."""
    found = {}
    for source in {fault.source for fault in faults}:
        try:
            found[source] = Path(source.partition("#")[0]).read_bytes().decode("utf-8-sig", "replace")
        except (OSError, ValueError):
            continue
    return found


def place_of(path: str, place: tuple[int, int]) -> str:
    return f"{path}:{place[0]}:{place[1]}"


def line_of(mismatch: Mismatch) -> str:
    """A mismatch in one line.

    `output: $.paid: expected "R-1", found "R-2"`
    """
    if mismatch.message:
        said = [mismatch.message]
    elif mismatch.differences:
        said = [f"{one.path}: expected {_one(one.expected)}, found {_one(one.found)}" for one in mismatch.differences[:MOST_DIFFERENCES]]
        more = len(mismatch.differences) - MOST_DIFFERENCES
        said += [f"{more} more differences"] if more > 0 else []
    else:
        said = [f"expected {mismatch.expected}, found {mismatch.found}"]
    return words.clean(f"{mismatch.what}: {'; '.join(said)}")


def _mismatch(mismatch: Mismatch, width: int) -> RenderableType:
    head = Text(words.clean(mismatch.what), style="bold")
    head.append(f"  {place_of(mismatch.part.document.path, mismatch.place)}", style="not bold dim")
    rows = Table.grid(padding=(0, 2))
    if mismatch.message:
        rows.add_column(overflow="fold")
        for line in mismatch.message.splitlines()[:12]:
            rows.add_row(Text(words.clean(line)))
    elif mismatch.differences:
        for _ in range(3):
            rows.add_column(overflow="fold")
        for one in mismatch.differences[:MOST_DIFFERENCES]:
            rows.add_row(*_difference(one, max(24, (width - 10) // 2)))
        if len(mismatch.differences) > MOST_DIFFERENCES:
            rows.add_row(Text(f"… {len(mismatch.differences) - MOST_DIFFERENCES:,} more", style="dim"))
    else:
        rows.add_column(style="dim", no_wrap=True)
        rows.add_column(overflow="fold")
        rows.add_row("expected", Text(words.clean(mismatch.expected), style="green"))
        rows.add_row("found", Text(words.clean(mismatch.found), style="red"))
    return Group(head, _Indented(rows))


class _Indented:
    def __init__(self, inner: RenderableType) -> None:
        self.inner = inner

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from _indented(self.inner, console, options)


def _indented(inner: RenderableType, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
    """Two columns to the right, without the blanks that fill a line up."""
    for line in console.render_lines(inner, options.update_width(max(20, options.max_width - 2)), pad=False):
        while line and not line[-1].text.strip():
            line.pop()
        if line:
            yield Segment("  ")
            yield from line[:-1]
            yield Segment(line[-1].text.rstrip(), line[-1].style)
        yield Segment.line()


def _difference(one: Difference, width: int) -> tuple[Text, Text, Text]:
    expected = Text("expected ", style="dim").append(_one(one.expected, width), style="not dim green")
    found = Text("found ", style="dim").append(_one(one.found, width), style="not dim red")
    return Text(words.clean(one.path)), expected, found


def _one(value: Any, width: int = 200) -> str:
    if value is ABSENT:
        return "nothing"
    return words.clip(words.clean(dumps(value)), max(20, width - 9))


def _that_matters(mismatches: Sequence[Mismatch], run: Run) -> Visit | None:
    """The last visit of the first state that a mismatch names, else the last visit of the run."""
    named = next((mismatch.state for mismatch in mismatches if mismatch.state is not None), None)
    every = list(visits.every_visit(run.story.chain))
    own = [visit for visit in every if visit.name == named]
    return own[-1] if own else run.story.chain.visits[-1] if run.story.chain.visits else None


def _data(visit: Visit, width: int) -> RenderableType:
    """What a visit had and gave."""
    rows = Table.grid(padding=(0, 2))
    rows.add_column(style="dim", no_wrap=True)
    rows.add_column(overflow="fold")
    rows.add_row("state", Text(words.clean(visit.name)))
    asked = visit.attempts[-1] if visit.attempts else None
    known = [("input", visit.input), ("given", asked.input if asked is not None and asked.resource else None)]
    known += [(f"${name}", value) for name, value in (visit.assigned or {}).items()]
    if visit.status in (visits.SUCCEEDED, visits.CAUGHT):
        known.append(("output", visit.output))
    for label, value in known:
        if value is not None or label == "output":
            rows.add_row(label, Text("\n".join(words.data_lines(value, max(20, width - 14), MOST_LINES))))
    if visit.error is not None:
        rows.add_row("error", Text(words.failure_text(visit.error, visit.cause)))
    return rows
