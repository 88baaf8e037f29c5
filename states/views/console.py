"""Consoles for the views: where lines go, how wide they are, and whether there is colour.

`NO_COLOR`, `FORCE_COLOR`, `TERM`, `COLUMNS` are heeded as rich heeds them; what is no terminal gets plain text.
"""

from __future__ import annotations

import os
from typing import IO, NoReturn

from rich.console import Console

PLAIN_WIDTH = 120  #: columns where there is no terminal and COLUMNS says nothing


class _Console(Console):
    def on_broken_pipe(self) -> NoReturn:
        """Whoever writes decides what a reader that went away means."""
        self.quiet = True
        raise BrokenPipeError


def console(file: IO[str]) -> Console:
    """A console on the file."""
    is_terminal = file.isatty()
    width = None if is_terminal or os.environ.get("COLUMNS", "").isdigit() else PLAIN_WIDTH
    return _Console(file=file, width=width, highlight=False, markup=False, emoji=False)
