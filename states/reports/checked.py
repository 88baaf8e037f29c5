"""A definition that was checked, and what reports count and order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from states.definition.diagnostics import ERROR, Diagnostic


class Checked(NamedTuple):
    """`source` is how the definition was asked for: a path, with `#name` in a template. The file a fault is in stands in the fault."""

    source: str
    diagnostics: Sequence[Diagnostic]


def ordered(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """By file and place; what has no place comes first in its file."""
    return sorted(
        diagnostics,
        key=lambda fault: (
            fault.source,
            fault.line or 0,
            fault.column or 0,
            fault.severity,
            fault.code,
            fault.location or "",
            fault.message,
        ),
    )


def counted(diagnostics: Iterable[Diagnostic]) -> str:
    """`2 errors, 1 warning`.

    >>> counted([])
    'no errors'
    """
    severities = [fault.severity for fault in diagnostics]
    errors = severities.count(ERROR)
    warnings = len(severities) - errors
    parts = [f"{errors} error{'s' * (errors != 1)}" if errors else "no errors"]
    if warnings:
        parts.append(f"{warnings} warning{'s' * (warnings != 1)}")
    return ", ".join(parts)


def is_clean(checked: Iterable[Checked], *, strict: bool = False) -> bool:
    """Whether there is no error, nor, when strict, a warning.

    >>> warned = [Checked("a.json", [Diagnostic("NO_DOLLAR", "no .$", severity="WARNING")])]
    >>> is_clean(warned), is_clean(warned, strict=True)
    (True, False)
    """
    return not any(strict or fault.severity == ERROR for one in checked for fault in one.diagnostics)


def sentence(fault: Diagnostic) -> str:
    """The message, with the hint."""
    return f"{fault.message} ({fault.hint})" if fault.hint else fault.message
