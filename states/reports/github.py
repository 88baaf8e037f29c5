"""Workflow commands of GitHub Actions: an annotation a fault.

Source: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions#setting-an-error-message; the escapes are those of
https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
"""

from __future__ import annotations

from collections.abc import Sequence

from states.definition.diagnostics import ERROR, Diagnostic
from states.reports.checked import Checked, ordered, sentence


def write(checked: Sequence[Checked]) -> str:
    return "".join(f"{command(fault)}\n" for one in checked for fault in ordered(one.diagnostics))


def command(fault: Diagnostic) -> str:
    """`::error file=order.asl.json,line=14,col=15,title=MISSING_TRANSITION_TARGET::Missing ...`."""
    properties = {"file": fault.source, "line": fault.line, "col": fault.column, "title": fault.code}
    stated = ",".join(f"{name}={escaped_property(str(value))}" for name, value in properties.items() if value is not None)
    where = f" at {fault.location}" if fault.location is not None and fault.location.startswith("/") else ""
    return f"::{'error' if fault.severity == ERROR else 'warning'} {stated}::{escaped(sentence(fault) + where)}"


def escaped(text: str) -> str:
    """One line.

    >>> escaped("100%\\nsure")
    '100%25%0Asure'
    """
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escaped_property(text: str) -> str:
    """As `escaped`, without what ends a property.

    >>> escaped_property("C:/a,b")
    'C%3A/a%2Cb'
    """
    return escaped(text).replace(":", "%3A").replace(",", "%2C")
