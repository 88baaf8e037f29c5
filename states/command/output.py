"""Output: stdout and stderr made safe to write to, whether they are closed, full, of any encoding, or read by nobody.

Stdout has what was asked for and nothing else; everything for people goes to stderr, without control codes.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

Json = Any


class OutputError(OSError):
    """Stdout cannot be written to, and it is not because its reader went away."""


def stdout() -> IO[str]:
    """Stdout, or nowhere when it is closed."""
    return sys.stdout if sys.stdout is not None else open(os.devnull, "w")


def console(file: IO[str]) -> Console:
    """A console for the views."""
    from states.views.console import console

    return console(file)


def encoding(stream: IO[str]) -> str:
    """The encoding of a stream."""
    return getattr(stream, "encoding", None) or "utf-8"


def write(text: str) -> None:
    """Writes to stdout; a reader that went away has had enough."""
    stream = stdout()
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        let_go(stream)
    except OSError as fault:
        let_go(stream)
        raise OutputError(f"cannot write the output: {fault.strerror}") from None


def write_json(value: Json) -> None:
    """JSON and a line end to stdout, indented on a terminal."""
    stream = stdout()
    indent = 2 if stream.isatty() else None
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    try:
        text.encode(encoding(stream))
    except UnicodeEncodeError:
        text = json.dumps(value, indent=indent)
    write(text + "\n")


def say(text: str) -> None:
    """A message for people, to stderr, without control codes."""
    with stderr_may_close():
        if sys.stderr is not None:
            sys.stderr.write("".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text) + "\n")


@contextlib.contextmanager
def stderr_may_close() -> Iterator[None]:
    """Whoever read stderr may have gone away meanwhile."""
    try:
        yield
    except BrokenPipeError:
        let_go(sys.stderr)


@contextlib.contextmanager
def stdout_is_stderr() -> Iterator[None]:
    """What the user's code prints meanwhile goes to stderr, as a Lambda function's goes to its log."""
    kept = sys.stdout
    sys.stdout = sys.stderr
    try:
        yield
    finally:
        sys.stdout = kept


def let_go(stream: IO[str]) -> None:
    """Lets whatever is still to be written to a stream go nowhere, so that the interpreter's end is quiet."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def goes_nowhere(stream: IO[str] | None) -> bool:
    """Whether nobody can read the stream: it is closed, or the null device."""
    if stream is None:
        return True
    try:
        found, null = os.fstat(stream.fileno()), os.stat(os.devnull)  # noqa: PTH116
    except (OSError, ValueError, AttributeError):
        return False
    return (found.st_dev, found.st_ino) == (null.st_dev, null.st_ino)
