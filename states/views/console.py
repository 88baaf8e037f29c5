"""Consoles for the views: where lines go, how wide they are, and whether there is colour.

`NO_COLOR`, `FORCE_COLOR`, `TERM`, `COLUMNS` are heeded as rich heeds them; what is no terminal gets plain text. Where the encoding has no
lines, marks and arrows, they become ASCII; whatever else it lacks becomes an escape.
"""

from __future__ import annotations

import os
from typing import IO, NoReturn, cast

from rich.console import Console

PLAIN_WIDTH = 120  #: columns where there is no terminal and COLUMNS says nothing

#: The signs of the views, one for one, so that columns stay below each other.
ASCII = str.maketrans(
    {
        **dict.fromkeys("│┃╵", "|"),
        **dict.fromkeys("─━", "-"),
        **dict.fromkeys("├└╭╮╰╯", "+"),
        **dict.fromkeys("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏●", "*"),
        "✓": "v",
        "✗": "x",
        "⊘": "-",
        "…": "~",
        "›": ">",
        "→": ">",
        "×": "x",
    }
)


def console(file: IO[str]) -> Console:
    """A console on the file."""
    is_terminal = file.isatty()
    width = None if is_terminal or os.environ.get("COLUMNS", "").isdigit() else PLAIN_WIDTH
    return _Console(file=cast(IO[str], _Writable(file)), width=width, highlight=False, markup=False, emoji=False)


def writable(text: str, encoding: str | None) -> str:
    """The text as a stream of this encoding can take it."""
    encoding = encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(ASCII).encode(encoding, "backslashreplace").decode(encoding)
    return text


class _Console(Console):
    def on_broken_pipe(self) -> NoReturn:
        """Whoever writes decides what a reader that went away means."""
        self.quiet = True
        raise BrokenPipeError


class _Writable:
    """A stream that takes every character."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self.encoding: str | None = getattr(file, "encoding", None)
        self.flush = file.flush
        self.isatty = file.isatty
        self.fileno = file.fileno

    def write(self, text: str) -> int:
        return self._file.write(writable(text, self.encoding))
