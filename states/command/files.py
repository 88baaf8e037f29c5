"""Files the user names: their content, or Refused with what is wrong with them."""

from __future__ import annotations

import sys
from pathlib import Path

from states.command.ends import Refused


def content(name: str, most: int = -1) -> bytes:
    """The content of a file, so many bytes at most."""
    try:
        with open(name, "rb") as file:
            return file.read(most)
    except FileNotFoundError:
        raise Refused(f"{name}: no such file") from None
    except IsADirectoryError:
        raise Refused(f"{name}: a folder; expected a file") from None
    except OSError as fault:
        raise Refused(f"{name[:200]}: {fault.strerror or fault}") from None
    except ValueError:
        raise Refused(f"{clipped(name)}: no name of a file") from None


def target(option: str, given: str) -> Path:
    """A file to write, as an option names it: Refused where none can be."""
    path = Path(given)
    try:
        is_folder, has_parent = path.is_dir(), path.absolute().parent.is_dir()
    except (OSError, ValueError):
        raise Refused(f"{option} {clipped(given)}: no name of a file") from None
    if is_folder:
        raise Refused(f"{option} {given}: a folder; expected the name of a file")
    if not has_parent:
        raise Refused(f"{option} {given}: there is no folder {path.parent}")
    return path


def is_there(name: str) -> bool:
    """Whether there is a file or folder of this name."""
    try:
        return bool(name.strip()) and Path(name).exists()
    except (OSError, ValueError):
        return False


def stdin(most: int = -1) -> bytes:
    """What stdin gives, so many bytes at most."""
    if sys.stdin is None:
        raise Refused("stdin is closed")
    buffer = getattr(sys.stdin, "buffer", None)
    return buffer.read(most) if buffer is not None else sys.stdin.read(most).encode()


def named(name: str) -> str:
    """A file as a message names it; `-` is stdin."""
    return "stdin" if name == "-" else name


def clipped(text: str) -> str:
    """Text of the user as a message quotes it, short."""
    return repr(text) if len(text) <= 60 else f"{text[:60]!r}…"
