"""Keys: a terminal that gives key by key, and is given back as it was, however this ends.

POSIX terminals through termios, Windows consoles through msvcrt. A key is its character, or a name: `up`, `enter`, `escape` ...
`RESIZED` comes when the window has another size, `CLOSED` when the terminal is gone.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import IO, Any

RESIZED, CLOSED = "resized", "closed"

#: What terminals send for a key, without the first character, which is Escape.
SEQUENCES = {
    "[A": "up",
    "[B": "down",
    "[C": "right",
    "[D": "left",
    "OA": "up",
    "OB": "down",
    "OC": "right",
    "OD": "left",
    "[H": "home",
    "[F": "end",
    "[1~": "home",
    "[4~": "end",
    "[5~": "page up",
    "[6~": "page down",
    "[3~": "delete",
}
CHARACTERS = {"\r": "enter", "\n": "enter", "\x7f": "backspace", "\x08": "backspace", "\t": "tab", "\x04": CLOSED, "\x0c": RESIZED}
WINDOWS = {"H": "up", "P": "down", "M": "right", "K": "left", "G": "home", "O": "end", "I": "page up", "Q": "page down", "S": "delete"}
WAIT = 0.05  #: seconds in which the rest of a key's sequence comes
PICTURE, ORIGINAL = "\x1b[?1049h\x1b[?25l\x1b[2J", "\x1b[?25h\x1b[?1049l"


class Ended(BaseException):
    """A signal asks the process to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Keys:
    """A context manager: inside it the terminal shows nothing that is typed, and `read` gives the next key."""

    def __init__(self, source: IO[str], target: IO[str]) -> None:
        self._source = source
        self._target = target
        self._text = ""
        self._kept: Any = None
        self._handlers: dict[int, Any] = {}
        self._pipe: tuple[int, int] | None = None

    def __enter__(self) -> Keys:
        self._target.write(PICTURE)
        self._target.flush()
        if sys.platform != "win32":
            self._begin()
        return self

    def __exit__(self, *_: object) -> None:
        if sys.platform != "win32":
            self._end()
        with contextlib.suppress(OSError):  # the terminal may be gone
            self._target.write(ORIGINAL)
            self._target.flush()

    def read(self) -> str:
        """The next key. Ctrl-C is a KeyboardInterrupt."""
        return self._read_windows() if sys.platform == "win32" else self._read()

    # ------------------------------------------------------------ Windows

    def _read_windows(self) -> str:
        import msvcrt

        console: Any = msvcrt
        character: str = console.getwch()
        if character == "\x03":
            raise KeyboardInterrupt
        if character in "\x00\xe0":
            return WINDOWS.get(console.getwch(), "")
        return "escape" if character == "\x1b" else CHARACTERS.get(character, character)

    # ------------------------------------------------------------ POSIX

    def _begin(self) -> None:
        import signal
        import termios
        import tty

        self._kept = termios.tcgetattr(self._source)
        self._pipe = os.pipe()
        os.set_blocking(self._pipe[1], False)
        for number, act in ((signal.SIGWINCH, self._resized), (signal.SIGTERM, _leave), (signal.SIGHUP, _leave)):
            self._handlers[number] = signal.signal(number, act)
        tty.setcbreak(self._source)

    def _end(self) -> None:
        import signal
        import termios

        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        for end in self._pipe or ():
            os.close(end)
        with contextlib.suppress(OSError, termios.error):  # the terminal may be gone
            termios.tcsetattr(self._source, termios.TCSADRAIN, self._kept)

    def _resized(self, *_: object) -> None:
        assert self._pipe is not None
        with contextlib.suppress(BlockingIOError):
            os.write(self._pipe[1], b"r")

    def _read(self) -> str:
        if not self._text:
            found = self._more(None)
            if found is not None:
                return found
        character, self._text = self._text[0], self._text[1:]
        if character != "\x1b":
            return CHARACTERS.get(character, character)
        if not self._text:
            self._more(WAIT)
        for sequence, name in SEQUENCES.items():
            if self._text.startswith(sequence):
                self._text = self._text[len(sequence) :]
                return name
        if self._text[:1] in ("[", "O"):
            self._text = ""
            return ""
        return "escape"

    def _more(self, seconds: float | None) -> str | None:
        """Waits for more text; RESIZED or CLOSED when that comes instead."""
        import select

        assert self._pipe is not None
        source = self._source.fileno()
        ready, _, _ = select.select([source, self._pipe[0]], [], [], seconds)
        if self._pipe[0] in ready:
            os.read(self._pipe[0], 1024)
            return RESIZED
        if source not in ready:
            return None if seconds is None else RESIZED
        try:
            content = os.read(source, 1024)
        except OSError:
            return CLOSED
        if not content:
            return CLOSED
        self._text += content.decode("utf-8", "replace")
        return None


def _leave(number: int, _: object) -> None:
    raise Ended(number)
