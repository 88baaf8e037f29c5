"""Changes: a JSON value as a few lines of a given width, beside the value it was made of.

A value is written whole where it fits on a line, else member by member; or, where it kept at least half of the members of what it was
made of, as what was added (+), changed (~) and left out (-). What is cut off is told by its size.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from rich.cells import cell_len
from rich.text import Text

from states.views import words
from states.views.events import text_of

Json = Any

FEWEST = 12  #: columns of a member, however narrow the terminal
SHORTEST = 24  #: columns of a list of names
MOST_LINES = 4  #: of a value that has no members
MOST_MEMBERS = 10  #: of an object or a list, each on a line of its own
MOST_CHANGES = 8
DEEPEST = 6  #: levels that are compared member by member
LARGE = 256  #: bytes from which the size of what is cut is told
LARGEST = 400_000  #: characters of a value that is written as text to see whether it fits

ADDED, CHANGED, REMOVED = "+", "~", "-"
STYLES = {ADDED: "green", CHANGED: "yellow", REMOVED: "red"}


def drawn(value: Json, given: Json, room: int) -> list[Text]:
    """A value in lines of this width; `given` is what it was made of, None where that is of no interest."""
    changes = list(_changes(value, given, (), DEEPEST)) if _is_kin(value, given) else []
    lines = _one_line(value, {change.path[0]: change.sign for change in changes}, room)
    if lines is None:
        if changes:
            return _departures(value, changes, room)
        return _members(value, room) if isinstance(value, (dict, list)) and value else cut(value, room, MOST_LINES)
    if changes:
        note = _note(changes)
        if note.cell_len + lines[0].cell_len + 3 <= room:
            lines[0].append("   ").append_text(note)
        else:
            lines.append(note)
    return lines


def fits(value: Json, room: int) -> bool:
    """Whether the value fits on a line."""
    return _one_line(value, {}, room) is not None


def _one_line(value: Json, signs: Mapping[str, str], room: int) -> list[Text] | None:
    """The value on one line, what changed in colour; None when it is too long for one."""
    text = _text(value)
    if text is None or cell_len(text) > room:
        return None
    if not signs:
        return [Text(text)]
    line = Text("{")
    for number, (key, member) in enumerate(value.items()):
        line.append(", " if number else "")
        line.append(f"{_text(key)}: {_text(member)}", style=STYLES[signs[key]] if key in signs else "")
    return [line.append("}")]


def _members(value: Json, room: int) -> list[Text]:
    """An object or a list, a member a line; with its size where it is large, or not all is there."""
    heads = [f"{words.clip(_text(key) or '', room // 2)}: " for key in value] if isinstance(value, dict) else [""] * len(value)
    members = value.values() if isinstance(value, dict) else value
    lines = [
        Text.assemble((head, "dim"), cut(member, max(FEWEST, room - len(head)), 1)[0])
        for head, member in zip(heads[:MOST_MEMBERS], members, strict=False)
    ]
    hidden = len(heads) - MOST_MEMBERS
    if hidden > 0:
        lines.append(Text(f"… {hidden:,} more  {size(value)}", style="dim italic"))
    elif _bytes(value) >= LARGE:
        lines.append(Text(size(value), style="dim italic"))
    return lines


def _departures(value: dict[str, Json], changes: list[_Change], room: int) -> list[Text]:
    """What is different, each at full length as far as there is room, and the names of what is not."""
    lines: list[Text] = []
    for sign, path, member in changes[:MOST_CHANGES]:
        head = f"{sign} {words.clip(words.clean('.'.join(path)), room // 2)}"
        if sign == REMOVED:
            lines.append(Text(head, style=STYLES[sign]))
            continue
        beside = max(FEWEST, room - len(head) - 2)
        if fits(member, beside) or not isinstance(member, (dict, list)):
            lines.append(Text.assemble((f"{head}  ", STYLES[sign]), cut(member, beside, 1)[0]))
        else:
            lines.append(Text(head, style=STYLES[sign]))
            lines += [Text.assemble("    ", part) for part in _members(member, max(FEWEST, room - 4))]
    if len(changes) > MOST_CHANGES:
        lines.append(Text(f"… {len(changes) - MOST_CHANGES:,} more", style="dim italic"))
    touched = {change.path[0] for change in changes}
    kept = [words.clean(key) for key in value if key not in touched]
    total = f"  {size(value)} in all"
    names = words.clip(", ".join(kept), max(SHORTEST, room - len(total) - 12))
    return [*lines, Text(f"  {names} {'stays' if len(kept) == 1 else 'stay'}" if kept else "  ", style="dim").append(total, style="italic")]


def _note(changes: list[_Change]) -> Text:
    note = Text()
    for sign, path, _ in changes[:MOST_CHANGES]:
        note.append(f"{'  ' if note else ''}{sign} {words.clip(words.clean('.'.join(path)), 40)}", style=STYLES[sign])
    return note.append(f"  … {len(changes) - MOST_CHANGES:,} more", style="dim") if len(changes) > MOST_CHANGES else note


def cut(value: Json, room: int, most: int) -> list[Text]:
    """The value in so many lines; where much is left out, with its size."""
    text = _text(value)
    if text is not None and cell_len(text) <= room:
        return [Text(text)]
    told = f"  {size(value)}" if _bytes(value) >= LARGE else ""
    if most == 1 and text is not None:
        line = Text(text)
        line.truncate(max(8, room - len(told)), overflow="ellipsis")
        return [line.append(told, style="dim italic")]
    made = [Text(line) for line in words.data_lines(value, max(8, room - len(told)), most)]
    made[-1].append(told, style="dim italic")
    return made


def _text(value: Json) -> str | None:
    """The value's JSON on one line, safe to show; None when it is large."""
    if isinstance(value, str) and len(value) > LARGEST:
        return None
    text = text_of(value)
    return words.clean(text) if len(text) <= LARGEST else None


def _bytes(value: Json) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))


def size(value: Json) -> str:
    """How large a value is, as it counts for the limit of 256 KiB: `1.2 KiB`."""
    count = _bytes(value)
    text = f"{count:,} bytes" if count < 1024 else f"{count / 1024:,.1f} KiB"
    return f"{words.count(len(value), 'item')}, {text}" if isinstance(value, list) else text


# ---------------------------------------------------------------- differences


class _Change(NamedTuple):
    sign: str
    path: tuple[str, ...]
    member: Json


def _is_kin(value: Json, given: Json) -> bool:
    """Whether at least half of the members of an object are still there, unchanged."""
    if not isinstance(value, dict) or not isinstance(given, dict) or not given:
        return False
    kept = sum(key in value and equal(value[key], member) for key, member in given.items())
    nested = sum(isinstance(value.get(key), dict) and isinstance(member, dict) for key, member in given.items())
    return 2 * max(kept, nested) >= len(given)


def _changes(value: dict[str, Json], given: dict[str, Json], path: tuple[str, ...], depth: int) -> Iterator[_Change]:
    """What was added, changed and left out, each by its path."""
    for key, member in value.items():
        if key not in given:
            yield _Change(ADDED, (*path, key), member)
        elif not equal(member, given[key]):
            if depth and _is_kin(member, given[key]):
                yield from _changes(member, given[key], (*path, key), depth - 1)
            else:
                yield _Change(CHANGED, (*path, key), member)
    yield from (_Change(REMOVED, (*path, key), member) for key, member in given.items() if key not in value)


def equal(one: Json, other: Json) -> bool:
    """Whether two values are the same JSON: `true` is not `1`, the order of members does not count."""
    if one is other:
        return True
    if isinstance(one, (dict, list)) and isinstance(other, (dict, list)):
        return one == other and json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)
