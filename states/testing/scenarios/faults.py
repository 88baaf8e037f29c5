"""Faults of scenario files as diagnostics, with file, line, column and path; all of a file are collected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from states.definition.diagnostics import DUPLICATE_KEY, Diagnostic
from states.definition.formats.documents import Document, Part
from states.definition.hints import did_you_mean
from states.definition.positions import find
from states.language.values import dumps, type_name

Json = Any

UNKNOWN_KEY = "UNKNOWN_KEY"
WRONG_VALUE = "WRONG_VALUE"
UNKNOWN_NAME = "UNKNOWN_NAME"
CANNOT_READ = "CANNOT_READ"

#: What each code says of a scenario file; docs/scenarios.md has them.
CODES = {
    UNKNOWN_KEY: "A mapping has a key that means nothing there.",
    WRONG_VALUE: "A value has not the form that its key asks for, or does not go with another key.",
    UNKNOWN_NAME: "The machine has no state or resource of that name.",
    CANNOT_READ: "A machine, tasks or another file that is named cannot be read.",
    DUPLICATE_KEY: "A mapping has a key twice, or two scenarios of a file have one name.",
}

LONGEST_SHOWN = 60


class Wrong(Exception):
    """A part cannot be read; the fault is known already, and whoever reads the whole goes on with the next part."""


class Faults:
    """The faults of one document, each place and message once."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._found: dict[tuple[Any, ...], Diagnostic] = {}
        for location in document.repeated:
            self.add(DUPLICATE_KEY, f"{location.rpartition('/')[2]!r} is given twice", location, _key_of(document, location))

    def __bool__(self) -> bool:
        return bool(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def sorted(self) -> list[Diagnostic]:
        """In the order of the text; those of other files after them."""
        own = self.document.path
        return sorted(self._found.values(), key=lambda fault: (fault.source != own, fault.source, fault.line or 0, fault.column or 0))

    def add(self, code: str, message: str, location: str | None, place: tuple[int, int] | None, hint: str = "") -> None:
        line, column = place or (None, None)
        found = Diagnostic(code, message, location or None, hint=hint, line=line, column=column, source=self.document.path)
        self._found.setdefault((message, line, column), found)

    def take(self, found: Iterable[Diagnostic]) -> None:
        """Faults of another file that this one names."""
        for fault in found:
            self._found.setdefault(tuple(fault), fault)

    def value(self, part: Part, message: str, code: str = WRONG_VALUE, hint: str = "") -> None:
        """A fault of a value."""
        self.add(code, message, part.location, part.document.place(part.entry.value), hint)

    def key(self, part: Part, message: str, code: str = WRONG_VALUE, hint: str = "") -> None:
        """A fault of a member, at its key."""
        self.add(code, message, part.location, part.place, hint)

    def refuse(self, part: Part, message: str, code: str = WRONG_VALUE, hint: str = "") -> NoReturn:
        """A fault after which a part has no value."""
        self.value(part, message, code, hint)
        raise Wrong

    def expect(self, part: Part, expected: str) -> NoReturn:
        """The fault of a value that is something else."""
        self.refuse(part, f"expected {expected}, found {shown(part.value)}")

    def check_keys(self, members: Mapping[str, Part], known: Iterable[str], of: str) -> None:
        """A fault for every key that is not known."""
        for name, part in members.items():
            if name not in known:
                hint = did_you_mean(name, known)
                self.key(part, f"{of} has no key {name!r}" + ("" if hint else f"; it may have {', '.join(known)}"), UNKNOWN_KEY, hint)


def shown(value: Json) -> str:
    """A value as a message names it.

    >>> [shown(value) for value in (None, True, "x", 5, {"a": 1}, [])]
    ['null', 'true', 'the text "x"', 'the number 5', 'the object {"a":1}', 'an empty array']
    """
    kind = type_name(value)
    if type(value) in (dict, list) and not value:
        return f"an empty {kind}"
    text = dumps(value)
    text = text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"
    return text if value is None or type(value) is bool else f"the {'text' if type(value) is str else kind} {text}"


def _key_of(document: Document, location: str) -> tuple[int, int] | None:
    entry = find(document.root, location)
    return None if entry is None else document.place(entry.key if entry.key >= 0 else entry.value)
