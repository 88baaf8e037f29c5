"""Words: seconds, times, counts and data as people read them, and text made safe to show.

Knows nothing of machines and draws nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from states.views.events import Json, Text, value_of

_UNITS = ((86400, "d"), (3600, "h"), (60, "m"), (1, "s"))


def duration(seconds: float) -> str:
    """How long something lasts, in at most two units.

    >>> [duration(seconds) for seconds in (0, 0.25, 3.5, 59.99, 63, 7500, 93600)]
    ['0 s', '250 ms', '3.5 s', '1m', '1m 3s', '2h 5m', '1d 2h']
    """
    seconds = max(0.0, seconds)
    if seconds < 0.9995:
        return f"{round(seconds * 1000)} ms" if seconds >= 0.0005 else "0 s"
    if seconds < 59.95:
        return f"{seconds:.1f}".removesuffix(".0") + " s"
    whole = round(seconds)
    for (size, unit), (smaller, small_unit) in pairwise(_UNITS):
        if whole >= size:
            rest = whole % size // smaller
            return f"{whole // size:,}{unit}" + (f" {rest}{small_unit}" if rest else "")
    return f"{whole} s"


def moment(at: float) -> str:
    """A time in UTC: `2026-01-01 00:00:05`, with milliseconds where there are any."""
    from states.history import timestamp

    try:
        text: str = timestamp(at).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    except (OverflowError, ValueError):
        return f"{at:.0f} s"
    return text.removesuffix(".000")


def count(number: int, word: str, plural: str | None = None) -> str:
    """`1 state`, `2,000 states`."""
    return f"{number:,} {word if number == 1 else plural or word + 's'}"


def listed(names: Sequence[str], most: int) -> str:
    """So many names, and how many more there are; all of them where the rest takes no more room than to say so.

    >>> listed(["Load", "Charge", "Ship", "Tell"], 2), listed(["Load", "Charge", "Ship"], 2)
    ('Load, Charge and 2 more', 'Load, Charge, Ship')
    """
    told, rest = ", ".join(names[:most]), "".join(f", {name}" for name in names[most:])
    more = f" and {len(names) - most:,} more"
    return told + (rest if len(rest) <= len(more) else more)


def clean(text: str) -> str:
    """The text without control characters: each is shown as its escape, so that no data drives the terminal."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == " " else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    return {"\n": " ", "\t": " ", "\r": " "}.get(character) or character.encode("unicode_escape").decode()


def clean_lines(text: str) -> str:
    """As `clean`, but line ends stay."""
    return "\n".join(clean(line) for line in text.splitlines())


def clip(text: str, length: int) -> str:
    """At most so many characters, an ellipsis where some are left out."""
    return text if len(text) <= length else f"{text[: max(0, length - 1)]}…"


def first_line(text: str) -> str:
    """The first line that is not blank, cleaned."""
    return next((clean(line.strip()) for line in text.splitlines() if line.strip()), "")


def data_lines(data: Json, width: int, most: int) -> list[str]:
    """JSON data for a block of so many lines: as deep as there is room, `{…}` and `[…]` for what lies deeper.

    >>> data_lines({"order": {"id": 7, "lines": [1, 2, 3]}}, 34, 1)
    ['{"order": {"id": 7, "lines": […]}}']
    """
    value = value_of(data)
    for depth, members in _SKETCHES:
        lines = _sketch(value, width, depth, members)
        if len(lines) <= most:
            return lines
    return [*lines[: most - 1], f"… {count(len(lines) - most + 1, 'line')} more"]


#: How deep and how wide to draw data, from everything to next to nothing: the first that has room is taken.
_SKETCHES = [(20, 50), (4, 20), (3, 20), (4, 5), (3, 3), (2, 20), (2, 3), (1, 20), (1, 5), (0, 0)]


def _sketch(value: Json, width: int, depth: int, members: int) -> list[str]:
    """A value on one line when it fits, else a member a line."""
    line = _one_line(value, depth, members, width + 1)
    if len(line) <= width or not isinstance(value, (dict, list)) or depth == 0 or not value:
        return [clip(line, width)]
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
    lines = [opening]
    for key, member in _members(value)[:members]:
        first, *rest = _sketch(member, max(8, width - len(key) - 3), depth - 1, members)
        lines += [clip(f"  {key}{first}", width), *(clip(f"  {each}", width) for each in rest)]
        lines[-1] += ","
    hidden = len(value) - members
    if hidden > 0:
        lines.append(f"  … {hidden:,} more")
    else:
        lines[-1] = lines[-1][:-1]
    return [*lines, closing]


def _members(value: Json) -> list[tuple[str, Json]]:
    """The members of an object or array, each with the text before it."""
    if isinstance(value, dict):
        return [(f"{_quoted(key)}: ", member) for key, member in value.items()]
    return [("", member) for member in value]


def _one_line(value: Json, depth: int, members: int, room: int) -> str:
    """The value on one line; not written further than there is room."""
    if not isinstance(value, (dict, list)):
        return _quoted(value)
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
    if value and depth == 0:
        return f"{opening}…{closing}"
    text = opening
    for number, (key, member) in enumerate(_members(value)):
        if len(text) > room:
            break
        text += ", " if number else ""
        if number >= members:
            text += f"… {len(value) - members:,} more"
            break
        text += key + _one_line(member, depth - 1, members, room - len(text))
    return text + closing


def _quoted(value: Json) -> str:
    return clean(json.dumps(value, ensure_ascii=False))


def lambda_error(cause: str | None) -> dict[str, Any] | None:
    """The document that Lambda writes as the cause of a failed function; None when the cause is something else."""
    if not cause or not cause.lstrip().startswith("{"):
        return None
    document = value_of(Text(cause))
    if isinstance(document, dict) and isinstance(document.get("errorMessage"), str):
        return document
    return None


def brief_cause(cause: str | None) -> str:
    """The cause in a few words: the message of a Lambda error, else its first line without the name of the state."""
    document = lambda_error(cause)
    text = document["errorMessage"] if document is not None else cause or ""
    if text.startswith("An error occurred while executing the state '"):
        text = text.partition("). ")[2] or text
    return first_line(text)


def failure_text(error: str | None, cause: str | None) -> str:
    """`Error: what happened`, one line."""
    brief = brief_cause(cause)
    return ": ".join(part for part in (clean(error or ""), brief) if part) or "failed"
