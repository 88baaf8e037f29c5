"""Diagnostics as people read them: place, code and message, then the line of the definition with a caret below the fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from states.definition.diagnostics import ERROR, Diagnostic
from states.views import words

MOST = 50  #: diagnostics shown; the rest is counted


class Diagnostics:
    """Draws diagnostics; `texts` are the definitions by the name of their source, for the lines to show."""

    def __init__(self, diagnostics: Sequence[Diagnostic], texts: Mapping[str, str] | None = None) -> None:
        self.diagnostics = diagnostics
        self.texts = texts or {}

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines: dict[str, list[str]] = {}
        for fault in self.diagnostics[:MOST]:
            yield _head(fault)
            if fault.source in self.texts and fault.line is not None:
                known = lines.setdefault(fault.source, self.texts[fault.source].split("\n"))
                yield from _excerpt(fault, known, options.max_width)
            if fault.hint:
                yield Text(f"  {words.clean(fault.hint)}", style="dim")
        if len(self.diagnostics) > MOST:
            yield Text(f"… {len(self.diagnostics) - MOST:,} more", style="dim")


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """`2 errors, 1 warning`.

    >>> summary([])
    'no errors'
    """
    errors = sum(fault.severity == ERROR for fault in diagnostics)
    warnings = len(diagnostics) - errors
    parts = [words.count(errors, "error")] if errors else ["no errors"]
    return ", ".join(parts + ([words.count(warnings, "warning")] if warnings else []))


def _head(fault: Diagnostic) -> Text:
    place = fault.source if fault.line is None else f"{fault.source}:{fault.line}:{fault.column}"
    head = Text(words.clean(place), style="bold")
    head.append(f"  {fault.severity} {fault.code}", style="bold red" if fault.severity == ERROR else "bold yellow")
    is_location = fault.location is not None and fault.location.startswith("/")
    if is_location and fault.location is not None:
        head.append(f"  {words.clean(fault.location)}", style="not bold dim")
    message = words.clean_lines(fault.message)
    head.append(f"  {words.clip(message.partition(chr(10))[0], 600)}", style="not bold")
    return head


def _excerpt(fault: Diagnostic, lines: Sequence[str], width: int) -> list[Text]:
    """The line, cut to the width around the fault, and the caret."""
    assert fault.line is not None
    if not 1 <= fault.line <= len(lines):
        return []
    line, column = words.clean(lines[fault.line - 1].rstrip()), (fault.column or 1) - 1
    margin = f"  {fault.line} | "
    room = max(10, width - len(margin) - 1)
    indent = len(line) - len(line.lstrip())
    start = min(indent, column)
    if column - start >= room:
        start = column - room // 2
    shown = line[start : start + room]
    text = Text(margin, style="dim", no_wrap=True, overflow="crop")
    text.append(f"{'…' if start > indent else ''}{shown}", style="not dim")
    before = cell_len(line[start:column]) + (start > indent)
    caret = " " * (len(margin) - 2) + "| " + " " * before
    return [text, Text(f"{caret}^", style="red", no_wrap=True, overflow="crop")]
