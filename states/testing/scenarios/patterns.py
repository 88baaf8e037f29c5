"""Texts as a scenario expects them: as they stand, with `...` for anything, or `/a regular expression/`."""

from __future__ import annotations

import re

ANYTHING = "..."


def is_regular_expression(pattern: str) -> bool:
    """Whether the text is written `/.../`."""
    return len(pattern) > 2 and pattern.startswith("/") and pattern.endswith("/")


def check(pattern: str) -> None:
    """ValueError when it is a regular expression that is none."""
    if is_regular_expression(pattern):
        try:
            re.compile(pattern[1:-1])
        except (re.error, RecursionError, OverflowError) as fault:
            raise ValueError(f"no regular expression: {fault}") from None


def matches(pattern: str, text: str) -> bool:
    """Whether a text is what was expected; a regular expression may match any part of it.

    >>> [matches(each, "no such order: 7") for each in ("no such order: 7", "no such ...", "/order: [0-9]+/", "no such", "/^order/")]
    [True, True, True, False, False]
    """
    if is_regular_expression(pattern):
        return re.search(pattern[1:-1], text, re.DOTALL) is not None
    if ANYTHING not in pattern:
        return pattern == text
    return _has_parts(pattern.split(ANYTHING), text)


def _has_parts(parts: list[str], text: str) -> bool:
    """Whether the parts stand in the text in this order, the first at its start and the last at its end."""
    first, *inner, last = parts
    if len(first) + len(last) > len(text) or not text.startswith(first) or not text.endswith(last):
        return False
    place, end = len(first), len(text) - len(last)
    for part in inner:
        found = text.find(part, place, end)
        if found < 0:
            return False
        place = found + len(part)
    return True
