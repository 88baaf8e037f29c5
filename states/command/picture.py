"""Picture: the debugger on a terminal. A key does a command, the screen is drawn anew, `:` asks for a line.

What is longer than a few lines (show, help, where) is shown on a page of its own, which any key leaves.
"""

from __future__ import annotations

import contextlib
import io
import os
from typing import IO

from states.command.keys import CLOSED, RESIZED, Keys
from states.debugging.commands import COMMANDS, do
from states.debugging.debugger import Debugger, Reply
from states.debugging.session import Wrong
from states.debugging.shown import LOWEST, NARROWEST, places_for, text_of
from states.definition import every_block
from states.views.console import console, writable
from states.views.words import clean, clip

#: What a key does where it is not the letter of a command.
KEYS = {
    "right": "step",
    "enter": "step",
    " ": "step",
    "down": "next",
    "left": "back",
    "up": "previous",
    "home": "reverse-continue",
    "end": "continue",
    "?": "help",
    "e": "on error",
}
QUIT = frozenset({"q", CLOSED})
PAGE = 8  #: lines that page up and page down move
MOST_PRINTED = 3  #: lines of what the user's tasks print


class Picture:
    """Draws on `target` what the debugger shows, and does what the keys say, until one says quit."""

    def __init__(self, debugger: Debugger, keys: Keys, target: IO[str], said: tuple[str, ...] = ()) -> None:
        self.debugger = debugger
        self.keys = keys
        self.target = target
        self.console = console(target)
        self.message: tuple[str, ...] = said
        self.scrolled = 0
        self._history: list[str] = []

    def run(self) -> int:
        while True:
            self.draw()
            key = self.keys.read()
            if key in QUIT:
                return 0
            if self.press(key):
                return 0

    def press(self, key: str) -> bool:
        """Does what a key says; whether that was the end."""
        if key in ("page down", "page up"):
            self.scrolled = max(0, self.scrolled + (PAGE if key == "page down" else -PAGE))
            return False
        if key in (":", "/"):
            line = self.ask()
            return self.act(line) if line else False
        if key == ".":
            return self.act(self._toggled())
        command = KEYS.get(key) or next((name for name, command in COMMANDS.items() if key and command.letter == key), None)
        if command is None:
            self.message = () if key in (RESIZED, "escape", "") else (f"{clean(key)} is no key here; ? lists the commands",)
            return False
        if COMMANDS.get(command) is not None and COMMANDS[command].takes and not COMMANDS[command].takes.startswith("["):
            line = self.ask(f"{command} ")
            return self.act(line) if line else False
        return self.act(command)

    def act(self, line: str) -> bool:
        printed = io.StringIO()
        self._history.append(line)
        try:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
                reply = do(self.debugger, line)
        except Wrong as fault:
            self.message = (clean(str(fault)),)
            return False
        self._told(reply)
        spoken = [f"printed: {clean(each)}" for each in printed.getvalue().splitlines()]
        self.message += tuple(spoken[-MOST_PRINTED:])
        return reply.quits

    def _told(self, reply: Reply) -> None:
        """A movement shows itself; what a command said beside it stands above the keys, or on a page of its own."""
        if reply.moved:
            self.scrolled = 0
            self.message = tuple(line for line in reply.lines if line.startswith(("stop ", "future ", "nothing more")))
        elif len(reply.lines) <= MOST_PRINTED:
            self.message = reply.lines
        else:
            self.message = ()
            self._page(reply.lines)

    def _toggled(self) -> str:
        """The stop at this state is taken away, or made."""
        session = self.debugger.session
        name = session.moment.name
        found = next((stop for stop in session.stops if (stop.kind, stop.text) == ("break", name)), None)
        return f"break {name}" if found is None else f"delete {found.number}"

    # ------------------------------------------------------------ drawing

    def size(self) -> tuple[int, int]:
        """Columns and lines of the terminal."""
        try:
            columns, lines = os.get_terminal_size(self.target.fileno())
        except (OSError, ValueError):
            columns, lines = 80, 24
        return max(1, columns or 80), max(1, lines or 24)

    def draw(self) -> None:
        columns, lines = self.size()
        if columns < NARROWEST or lines < LOWEST:
            self._put([clip(f"a terminal of {NARROWEST} columns and {LOWEST} lines, please; q quits", columns)])
            return
        shown = self.debugger.screen()
        room = places_for(shown, columns, lines, self.message).size()
        shown = self.debugger.screen(room, self.scrolled)
        self._put(text_of(self.console, shown, columns, lines, self.message))

    def _put(self, lines: list[str]) -> None:
        text = "\x1b[H" + "\n".join(f"{line}\x1b[K" for line in lines) + "\x1b[J"
        self.target.write(writable(text, getattr(self.target, "encoding", None)))
        self.target.flush()

    def _page(self, lines: tuple[str, ...]) -> None:
        """Lines on a page of their own; page keys and arrows scroll, any other key leaves."""
        first = 0
        while True:
            columns, height = self.size()
            room = max(1, height - 1)
            first = max(0, min(first, len(lines) - room))
            shown = [clip(line, columns) for line in lines[first : first + room]]
            more = f"lines {first + 1} to {first + len(shown)} of {len(lines)}; " if len(lines) > room else ""
            self._put([*shown, *[""] * (room - len(shown)), clip(f"-- {more}any key goes back --", columns)])
            key = self.keys.read()
            if key in ("page down", " ", "down", "enter") and first + room < len(lines):
                first += 1 if key in ("down", "enter") else room
            elif key in ("page up", "up") and first > 0:
                first -= 1 if key == "up" else room
            elif key != RESIZED:
                return

    # ------------------------------------------------------------ a line

    def ask(self, text: str = "") -> str:
        """A line typed at the lower edge, above which the screen stays; "" when Escape was pressed."""
        typed, cursor, place = text, len(text), len(self._history)
        while True:
            columns, lines = self.size()
            start = max(0, cursor - columns + 4)
            shown = clean(typed)[start : start + columns - 3]
            self.target.write(f"\x1b[{lines};1H\x1b[K:{writable(shown, getattr(self.target, 'encoding', None))}")
            self.target.write(f"\x1b[{lines};{cursor - start + 2}H\x1b[?25h")
            self.target.flush()
            key = self.keys.read()
            if key in ("enter", "escape", CLOSED):
                self.target.write("\x1b[?25l")
                return typed.strip() if key == "enter" else ""
            if key in ("up", "down") and self._history:
                place = max(0, min(len(self._history), place + (1 if key == "down" else -1)))
                typed = self._history[place] if place < len(self._history) else ""
                cursor = len(typed)
            elif key == "tab":
                typed = self._completed(typed)
                cursor = len(typed)
            elif key == RESIZED:
                self.draw()
            else:
                typed, cursor = edited(typed, cursor, key)

    def _completed(self, typed: str) -> str:
        """The command, or after `break` the state, that begins like this, where there is one."""
        word, blank, rest = typed.partition(" ")
        if not blank:
            found = [name for name in COMMANDS if name.startswith(word)]
            return f"{found[0]} " if len(found) == 1 else typed
        if word != "break":
            return typed
        names = [name for block in every_block(self.debugger.machine) for name in block.states if name.startswith(rest)]
        return f"break {names[0]}" if len(names) == 1 else typed


def edited(text: str, cursor: int, key: str) -> tuple[str, int]:
    """A line and its cursor after a key.

    >>> edited("brak", 3, "e"), edited("abc", 2, "backspace"), edited("abc", 1, "delete"), edited("abc", 1, "end")
    (('braek', 4), ('ac', 1), ('ac', 1), ('abc', 3))
    """
    if key == "backspace":
        return (text[: cursor - 1] + text[cursor:], cursor - 1) if cursor else (text, 0)
    if key == "delete":
        return text[:cursor] + text[cursor + 1 :], cursor
    moved = {"left": max(0, cursor - 1), "right": min(len(text), cursor + 1), "home": 0, "end": len(text)}
    if key in moved:
        return text, moved[key]
    return (text[:cursor] + key + text[cursor:], cursor + 1) if len(key) == 1 and key.isprintable() else (text, cursor)
