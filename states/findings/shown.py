"""Shown: a Finding as a panel. What failed and why in its first lines, then where, with what data, and who did not take the error.
A finding that has nothing below its title is one line.

`brief` is the form at the end of a failed run: one line of the stack trace, less data. `here` is the folder that paths are shown from.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from states.findings import handlers
from states.findings.finding import Caught, Finding, Frame, Handler
from states.views import visits, words
from states.views.events import Json, value_of
from states.views.events import Text as JsonText
from states.views.layout import MARKS

WIDEST = 110
MOST_CAUSE_LINES = 12
MOST_DATA_LINES = (6, 10)  #: brief, and in full
MOST_RUNNING = 6
MOST_HANDLERS = 12
MOST_CAUGHT = 8

STYLES = {
    visits.SUCCEEDED: "green",
    visits.FAILED: "red",
    visits.TIMED_OUT: "red",
    visits.ABORTED: "red",
    visits.RUNNING: "cyan",
}

Row = tuple[str, Text]


class Shown:
    """Draws a finding."""

    def __init__(self, finding: Finding, *, brief: bool = False, here: str = "") -> None:
        self.finding = finding
        self.brief = brief
        self.here = here

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = min(options.max_width, WIDEST)
        body = Table.grid(padding=(0, 2), expand=False)
        body.add_column(style="dim", no_wrap=True)
        body.add_column(overflow="fold")
        inner = width - 4
        for label, line in self._rows(max(20, inner - 9)):
            body.add_row(label, line)
        parts = Table.grid()
        parts.add_column(overflow="fold")
        for part in self._first(inner):
            parts.add_row(part)
        if body.row_count:
            parts.add_row(Padding(body, (1 if parts.row_count else 0, 0, 0, 0)))
        style = STYLES[self.finding.status]
        if not parts.row_count:
            yield self._line_of_its_own(width, style)
            return
        title = Text(words.clip(self._title(), width - 8), style=f"bold {style}")
        yield Panel(parts, title=title, title_align="left", border_style=style, width=width, padding=(0, 1))

    def _title(self) -> str:
        found = self.finding
        if found.status == visits.SUCCEEDED:
            return "Succeeded: " + (
                f"{words.count(len(found.caught), 'failure')} caught on the way" if found.caught else "nothing was caught"
            )
        if found.status == visits.TIMED_OUT:
            return f"Timed out after {words.duration(found.seconds)}"
        if found.status == visits.ABORTED:
            return "Stopped" + (f": {words.clean(found.error)}" if found.error else "")
        if found.status == visits.RUNNING:
            return "Not at its end"
        error = words.clean(found.error or "no error name")
        return f"{words.clean(found.state)} failed: {error}" if found.state is not None else f"Failed: {error}"

    def _line_of_its_own(self, width: int, style: str) -> Text:
        """`✓ Succeeded: nothing was caught  2 retries, 5 s`."""
        found = self.finding
        title = words.clip(f"{MARKS[found.status]} {self._title()}", width)
        facts = [words.count(found.retried, "retry", "retries")] if found.retried else []
        facts += [words.duration(found.seconds)] if found.seconds else []
        told = words.clip(f"  {', '.join(facts)}", width - len(title)) if facts else ""
        return Text.assemble((title, style), (told, "dim"))

    # ------------------------------------------------------------ what happened

    def _first(self, width: int) -> Iterator[Text]:
        """What the cause says, and the user's own line of code."""
        found = self.finding
        text = next((each.message or "(no message)" for each in reversed(found.nested)), None)
        if text is None:
            text = _without_frills(found) if found.cause and found.field != "Choices" else found.message
        if text:
            yield from _block(text, width)
        trace = self._trace()
        if trace:
            yield Text("")
            for line in trace:
                yield Text(words.clip(line, width), style="dim" if _is_place(line) else "cyan", no_wrap=True)

    def _trace(self) -> list[str]:
        """The stack trace where it has more than the one line that `code` shows: of the brief form the innermost two."""
        lines = [line.replace(self.here, "") if self.here else line for line in _stack_trace(self.finding.cause)]
        if sum(map(_is_place, lines)) < 2 and self.finding.frame is not None:
            return []
        return lines[-4:] if self.brief else lines[-MOST_CAUSE_LINES:]

    # ------------------------------------------------------------ where, with what, and who

    def _rows(self, width: int) -> Iterator[Row]:
        found = self.finding
        if found.state is not None:
            yield "state", self._state()
        if found.location is not None:
            yield "where", Text(f"{self._line(found.line, found.column)}  {words.clean(found.location)}".strip())
        if found.frame is not None and not self._ends_with(found.frame):
            yield "code", self._frame(found.frame)
        for number, each in enumerate(nested for nested in found.nested if nested.execution_arn is not None):
            yield "inside" if number == 0 else "", Text(words.first_line(each.message))
        for number, seen in enumerate(found.seen):
            yield "saw" if number == 0 else "", Text(_of_expression(seen.expression, words.clean(seen.text)), style="yellow")
        if found.handling is not None:
            told = words.failure_text(found.handling.error, found.handling.cause)
            yield "while", Text(f"a catcher took {told}, event {found.handling.event_id}")
        yield from self._running()
        yield from self._handlers()
        yield from self._became()
        yield from self._caught()
        if found.has_input:
            yield "input", self._data(found.input, width)
        if found.given is not None and found.given != found.input:
            yield "given", self._data(found.given, width)
        for number, note in enumerate(found.notes):
            yield "note" if number == 0 else "", Text(words.clean(note), style="dim")

    def _state(self) -> Text:
        found = self.finding
        line = Text(" › ".join(map(words.clean, found.way)))
        facts = [f"attempt {found.attempts}"] if found.attempts > 1 else []
        facts += [f"event {found.event_id}"] if found.event_id is not None else []
        return line.append("  " + ", ".join(facts), style="dim") if facts else line

    def _line(self, line: int | None, column: int | None = None) -> str:
        """`order.asl.json:14:5`, as far as it is known."""
        if line is None:
            return ""
        source = words.clean((self.finding.source or "").removeprefix(self.here))
        return f"{source}:{line}" + (f":{column}" if column is not None else "")

    def _frame(self, frame: Frame) -> Text:
        place = frame.file.removeprefix(self.here) if self.here else frame.file
        text = Text(words.clean(f"{place}:{frame.line}" if frame.line is not None else place))
        if frame.function:
            text.append(f" in {words.clean(frame.function)}", style="dim")
        return text.append(f"  {words.clean(frame.code)}", style="cyan") if frame.code else text

    def _ends_with(self, frame: Frame) -> bool:
        """Whether the last place of the stack trace that is shown is this one."""
        last = next((line for line in reversed(self._trace()) if _is_place(line)), "")
        return f", line {frame.line}, in {frame.function}" in last

    def _data(self, data: Json, width: int) -> Text:
        return Text("\n".join(words.data_lines(data, width, MOST_DATA_LINES[not self.brief])))

    def _handlers(self) -> Iterator[Row]:
        found = self.finding
        before = ""
        for handler in found.reasons[:MOST_HANDLERS]:
            kind = handler.kind.lower()
            yield kind if kind != before else "", _handler(handler, found.state)
            before = kind
        if len(found.reasons) > MOST_HANDLERS:
            yield "", Text(f"… {len(found.reasons) - MOST_HANDLERS:,} more", style="dim")
        can_have = found.type in ("Task", "Parallel", "Map") and found.status == visits.FAILED and found.source is not None
        if can_have and all(handler.state != found.state for handler in found.reasons):
            where = "here" if not found.reasons else f"in {words.clean(found.state or '')}"
            yield "retry" if not found.reasons else "", Text(f"no Retry and no Catch {where}", style="dim")

    def _became(self) -> Iterator[Row]:
        for number, step in enumerate(self.finding.became):
            text = Text(f"{words.clean(step.state)} {words.clean(step.how)}")
            if step.how == "ended the execution" or step.how.startswith("failed"):
                text.append(f": {words.failure_text(step.error, step.cause)}")
            if step.line is not None:
                text.append(f"  line {step.line}", style="dim")
            yield "then" if number == 0 else "", text

    def _caught(self) -> Iterator[Row]:
        told = {step.place for step in self.finding.became} | {self.finding.place}
        caught = [each for each in self.finding.caught if each.place not in told]
        for number, each in enumerate(caught[:MOST_CAUGHT]):
            yield "caught" if number == 0 else "", _caught(each)
        if len(caught) > MOST_CAUGHT:
            yield "", Text(f"… {len(caught) - MOST_CAUGHT:,} more", style="dim")

    def _running(self) -> Iterator[Row]:
        """What ran, and how long each state took."""
        found = self.finding
        for number, one in enumerate(found.running[:MOST_RUNNING]):
            line = Text(" › ".join(map(words.clean, one.way)))
            line.append(f"  for {words.duration(one.seconds)}, since {words.moment(one.since)} UTC", style="dim")
            if one.line is not None:
                line.append(f"  line {one.line}", style="dim")
            yield "running" if number == 0 else "", line
        if len(found.running) > MOST_RUNNING:
            yield "", Text(f"… {len(found.running) - MOST_RUNNING:,} more", style="dim")
        is_telling = len(found.took) > 1 or any(took.visits > 1 for took in found.took)
        for number, took in enumerate(found.took if is_telling else ()):
            times = f" in {words.count(took.visits, 'visit')}" if took.visits > 1 else ""
            yield (
                "took" if number == 0 else "",
                Text(f"{words.duration(took.seconds)}  {words.clean(took.state)}").append(times, style="dim"),
            )


def _of_expression(expression: str, text: str) -> str:
    """`$.order.total: $.order has no total`; the expression only where the text does not begin with all of it."""
    return text if text.startswith(f"{expression} is ") else f"{words.clean(expression)}: {text}"


def _handler(handler: Handler, state: str | None) -> Text:
    inside = "" if handler.state == state else f"{words.clean(handler.state)}: "
    names = words.clean(", ".join(handler.error_equals))
    text = Text(f"{inside}{names}" + (f" → {words.clean(handler.next)}" if handler.next is not None else ""))
    text.append(f": {handler.reason}", style="" if handler.verdict != handlers.NOT_ASKED else "dim")
    return text.append(f"  line {handler.line}", style="dim") if handler.line is not None else text


def _caught(each: Caught) -> Text:
    text = Text(words.clean(each.state))
    text.append(f": {words.failure_text(each.error, each.cause)}")
    text.append(f" → {words.clean(each.next)}" if each.next else "")
    facts = [f"event {each.event_id}"]
    facts += [f"after {words.count(each.retries, 'retry', 'retries')}"] if each.retries else []
    facts += [f"line {each.line}"] if each.line is not None else []
    return text.append("  " + ", ".join(facts), style="dim")


def _is_place(line: str) -> bool:
    """Whether a line of a stack trace says where."""
    return line.lstrip().startswith(("File ", "at "))


def _without_frills(found: Finding) -> str:
    """The cause without the name of the state, and without the data it quotes where the panel shows them."""
    cause = found.cause or ""
    if cause.startswith("An error occurred while executing the state '"):
        cause = cause.partition("). ")[2] or cause
    quote = " could not be found in the input '"
    return f"{cause.partition(quote)[0]} could not be found in the input" if quote in cause and found.has_input else cause


def _block(text: str, width: int) -> Iterator[Text]:
    lines = words.clean_lines(text).splitlines() or [""]
    for line in lines[:MOST_CAUSE_LINES]:
        yield Text(words.clip(line, width * 6))
    if len(lines) > MOST_CAUSE_LINES:
        yield Text(f"… {words.count(len(lines) - MOST_CAUSE_LINES, 'line')} more", style="dim")


def _stack_trace(cause: str | None) -> list[str]:
    """The lines of Lambda's stack trace: texts, or in older runtimes [file, line, function, code]."""
    document = value_of(JsonText(cause)) if cause and cause.lstrip().startswith("{") else None
    trace = document.get("stackTrace", document.get("trace")) if isinstance(document, dict) else None
    lines: list[str] = []
    for entry in trace if isinstance(trace, list) else ():
        if isinstance(entry, str):
            lines += words.clean_lines(entry).splitlines()
        elif isinstance(entry, list) and len(entry) == 4:
            file, line, function, code = entry
            lines += [words.clean(f'  File "{file}", line {line}, in {function}'), words.clean(f"    {code}")]
    return lines
