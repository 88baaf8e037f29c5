"""JSON a user gives: in a file, on stdin, or as it stands; Refused with the place of what is wrong with it."""

from __future__ import annotations

import json
from typing import Any

from states.command import files
from states.command.ends import Refused
from states.language import values

Json = Any

MAX_INPUT = 262_144


def read_input(given: str | None) -> tuple[Json, str | None]:
    """The input and its text: of a file, of stdin (`-`), or JSON itself; `{}` when nothing is given."""
    return ({}, None) if given is None else read_json(given, "input")


def read_json(given: str, option: str) -> tuple[Json, str]:
    """The value that `--option` gives, and its text without the blanks around it."""
    name = f"the {option}"
    if given == "-":
        name, content = "stdin", files.stdin(MAX_INPUT + 1)
    elif files.is_there(given):
        name, content = given, files.content(given, MAX_INPUT + 1)
    else:
        content = given.encode("utf-8", "surrogateescape")
        if given.strip() and not given.lstrip().startswith(("{", "[", '"')) and _is_no_json(given):
            raise Refused(f"--{option}: {files.clipped(given)} is neither a file nor JSON")
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError as fault:
        raise Refused(f"{name} is not UTF-8: byte 0x{content[fault.start]:02x} at offset {fault.start}") from None
    if len(content) > MAX_INPUT and len(text.encode()) > MAX_INPUT:
        raise Refused(f"{name} is larger than 262,144 bytes (256 KiB), the limit of an execution's input")
    if not text:
        raise Refused(f"{name} is empty; expected JSON")
    return _parsed(text, name), text


def _parsed(text: str, name: str) -> Json:
    try:
        return values.loads(text)
    except json.JSONDecodeError as fault:
        raise Refused(f"{name} is not JSON: {fault.msg} at line {fault.lineno}, column {fault.colno}\n{_excerpt(fault)}") from None
    except ValueError as fault:
        raise Refused(f"{name} is not JSON: {fault}") from None


def _is_no_json(text: str) -> bool:
    try:
        values.loads(text)
    except ValueError:
        return True
    return False


def _excerpt(fault: json.JSONDecodeError) -> str:
    return excerpt(fault.doc.split("\n")[fault.lineno - 1], fault.colno - 1)


def excerpt(line: str, place: int) -> str:
    """The line around a fault, and a caret below its place (0 is the first character)."""
    start = max(0, place - 39)
    shown = "".join(c if c.isprintable() else " " for c in line[start : start + 70])
    return f"  {shown}\n  {' ' * _cells(shown[: place - start])}^"


def _cells(text: str) -> int:
    """The columns of a terminal that a text takes."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)
