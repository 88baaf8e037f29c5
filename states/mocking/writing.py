"""Writing: a scenario file as YAML that people like to read, or as JSON.

What fits on a line stands on one, as JSON, which is YAML too; the rest is spread over lines by its keys. Needs no YAML package.

Source: https://yaml.org/spec/1.2.2/
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

Json = Any

WIDTH = 110
_PLAIN_KEY = re.compile(r"[A-Za-z_][\w-]*(?: [\w-]+)*")
_PLAIN_TEXT = re.compile(r"[A-Za-z_][\w/-]*(?:[ .][\w/-]+)*")
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"}  #: that one YAML or another takes for something else
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def to_json(value: Json) -> str:
    """A file as indented JSON. ValueError for half of a surrogate pair, which no file can hold."""
    _check(value, ())
    return _clean(json.dumps(value, ensure_ascii=False, indent=2)) + "\n"


def to_yaml(value: Json, comment: str = "") -> str:
    """A file as YAML; `comment` stands at its top. ValueError for half of a surrogate pair, and for a key `<<`."""
    _check(value, ("<<",))
    lines = [f"# {line}" for line in comment.splitlines()]
    return "\n".join([*lines, *_mapping(value, 0)]) + "\n"


def _check(value: Json, refused: tuple[str, ...]) -> None:
    """ValueError where a text cannot be written, or a key is one of those refused."""
    waiting = [value]
    for each in waiting:  # grows while it is walked
        if isinstance(each, dict):
            if not each.keys().isdisjoint(refused):
                raise ValueError('YAML takes a key "<<" for something else; write JSON')
            waiting += [*each, *each.values()]
        elif isinstance(each, list):
            waiting += each
        elif isinstance(each, str) and not each.isascii() and _SURROGATE.search(each):
            raise ValueError("the data holds half of a surrogate pair (\\ud800 to \\udfff), which is no character: no file can hold it")


def _mapping(value: dict[str, Json], depth: int) -> Iterator[str]:
    for key, each in value.items():
        yield from _entry(f"{'  ' * depth}{_key(key)}:", each, depth)


def _sequence(value: list[Json], depth: int) -> Iterator[str]:
    for each in value:
        start = f"{'  ' * depth}-"
        if _fits(start, each) or not isinstance(each, dict):
            yield from _entry(start, each, depth)
            continue
        first, *rest = _mapping(each, depth + 1)
        yield f"{start} {first.lstrip()}"
        yield from rest


def _entry(start: str, value: Json, depth: int) -> Iterator[str]:
    """A key or a dash with what belongs to it: on the same line, or below it."""
    if _fits(start, value):
        yield f"{start} {_flow(value)}"
    else:
        yield start
        yield from _mapping(value, depth + 1) if isinstance(value, dict) else _sequence(value, depth + 1)


def _fits(start: str, value: Json) -> bool:
    """Whether a value stands on the line; the parts of a scenario are spread out as long as they hold more than single values."""
    if not isinstance(value, (dict, list)) or not value:
        return True
    indent = len(start) - len(start.lstrip())
    is_upper = indent <= 2 and isinstance(value, dict) and any(isinstance(each, (dict, list)) and each for each in value.values())
    return not is_upper and len(start) + len(_flow(value)) < WIDTH


def _key(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) and key.isascii() and key.lower() not in _WORDS else _quoted(key)


def _flow(value: Json) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, str) and _PLAIN_TEXT.fullmatch(value) and value.isascii() and value.lower() not in _WORDS and len(value) < 80:
        return value
    return _quoted(value)


def _quoted(value: Json) -> str:
    if isinstance(value, str) and '"' in value and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return _clean(json.dumps(value, ensure_ascii=False))


def _clean(text: str) -> str:
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
