"""Diagnostics -> the text a tool reads: plain lines, JSON, SARIF, GitHub's annotations, JUnit's XML.

A Checked is a definition by the name somebody asked for it with, and what was found in it; every report is a function from those to a text.
Faults come in the order of the files and of the text in them, whatever order they were found in. Nothing here prints.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module

from states.reports.checked import Checked, counted, is_clean, ordered

__all__ = ["FORMATS", "Checked", "counted", "is_clean", "ordered", "report"]

#: The formats of `--format`, in the order of the help; each is a module with a function `write`.
FORMATS = ("text", "json", "sarif", "github", "junit")


def report(format: str, checked: Sequence[Checked]) -> str:
    """The report in a format, ending with a line break (empty when a format has nothing to say). ValueError for another format.

    >>> report("text", [Checked("order.asl.json", [])])
    'order.asl.json: no errors\\n'
    """
    if format not in FORMATS:
        raise ValueError(f"format is one of {', '.join(FORMATS)}, not {format!r}")
    write: Callable[[Sequence[Checked]], str] = import_module(f"states.reports.{format}").write
    return write(checked)
