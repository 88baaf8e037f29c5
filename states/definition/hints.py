"""Likely remedies: which of the known words a misspelt one was meant to be.

Source: none; AWS gives no hints
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def did_you_mean(word: Any, known: Iterable[str]) -> str:
    """A hint when a word is nearly one of the known ones, else nothing.

    >>> did_you_mean("Shp", ["Charge", "Ship"])
    'did you mean "Ship"?'
    """
    if not isinstance(word, str) or not word or len(word) > 100:
        return ""
    from difflib import get_close_matches

    by_lower = {name.lower(): name for name in known if len(name) <= 100}
    near = get_close_matches(word.lower(), by_lower, 1, 0.75)
    return f'did you mean "{by_lower[near[0]]}"?' if near else ""
