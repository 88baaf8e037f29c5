"""The step `.name`: the member of an object, or of every object in an array.

Source: https://docs.jsonata.org/simple
"""

from __future__ import annotations

from typing import Any

from states.language.jsonata.data import UNDEFINED, Sequence


def look_up(value: Any, name: str) -> Any:
    """The member of that name; UNDEFINED when there is none. Members found in an array are a sequence."""
    if isinstance(value, dict):
        return value.get(name, UNDEFINED)
    if isinstance(value, list):
        found = Sequence()
        for item in value:
            member = look_up(item, name)
            if isinstance(member, list):
                found.extend(member)
            elif member is not UNDEFINED:
                found.append(member)
        return found
    return UNDEFINED
