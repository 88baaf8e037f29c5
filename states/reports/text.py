"""A line a fault, as compilers write them, and a line a definition with how many there are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from states.definition.diagnostics import Diagnostic
from states.reports.checked import Checked, counted, ordered, sentence

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def write(checked: Sequence[Checked]) -> str:
    lines: list[str] = []
    for one in checked:
        lines += [line(fault) for fault in ordered(one.diagnostics)]
        lines.append(clean(f"{one.source}: {counted(one.diagnostics)}"))
    return "".join(f"{each}\n" for each in lines)


def line(fault: Diagnostic) -> str:
    """`order.asl.json:14:15: error: Missing 'Next' target: Shp [MISSING_TRANSITION_TARGET] at /States/Charge/Next`."""
    place = fault.source if fault.line is None else f"{fault.source}:{fault.line}:{fault.column}"
    where = f" at {fault.location}" if fault.location is not None and fault.location.startswith("/") else ""
    return clean(f"{place}: {fault.severity.lower()}: {sentence(fault)} [{fault.code}]{where}")


def clean(text: str) -> str:
    """One line without control characters, so that no definition can write to somebody's terminal.

    >>> clean("a\\nb\\x1b[2J")
    'a b?[2J'
    """
    return CONTROL.sub(lambda match: " " if match[0] in "\n\r\t" else "?", text)
