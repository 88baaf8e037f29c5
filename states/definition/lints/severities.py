"""How much each warning counts: set by the caller, by the machine's Comment and by a state's, the nearest last.

    "Comment": "The queue is emptied by hand. states: off CALLBACK_WITHOUT_TIMEOUT, TOKEN_NOT_PASSED"

`states:` then off, warning or error, then codes. In the Comment of a state that holds for the state and all inside it, in that of the
machine for all. AWS's errors are errors and cannot be changed: AWS would refuse the definition all the same.

Source: none
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from states.definition.diagnostics import CODES, ERROR, UNKNOWN_CODE, WARNING, WARNINGS, Diagnostic
from states.definition.hints import did_you_mean
from states.definition.outline import Outline

OFF = "off"
SEVERITIES = {OFF: "", "warning": WARNING, "error": ERROR}
DIRECTIVE = re.compile(r"\bstates:\s*(off|warning|error)\s+([A-Z][A-Z0-9_]*(?:\s*,\s*[A-Z][A-Z0-9_]*)*)")


class Change(NamedTuple):
    """What a Comment says: for the part of the definition at `location`, these severities by code."""

    location: str
    severities: Mapping[str, str]

    def holds_for(self, location: str | None) -> bool:
        return not self.location or (location is not None and f"{location}/".startswith(f"{self.location}/"))


def checked(rules: Mapping[str, Any]) -> Mapping[str, str]:
    """The severities themselves. Raises ValueError for a code or a severity that there is not, or that cannot be changed."""
    for code, severity in rules.items():
        if severity not in SEVERITIES:
            raise ValueError(f"{code} is off, warning or error, not {severity!r}")
        reason = unchangeable(code)
        if reason:
            raise ValueError(reason)
    return rules


def unchangeable(code: str) -> str:
    """Why the severity of a code cannot be changed, or nothing."""
    if code not in CODES:
        return f"There is no code {code}"
    return "" if code in WARNINGS else f"{code} is an error and cannot be changed"


def applied(found: list[Diagnostic], outline: Outline | None, rules: Mapping[str, str]) -> list[Diagnostic]:
    """The faults as they count: without those that are off, the others with their severity."""
    changes = [Change("", checked(rules))] if rules else []
    said = comments(outline) if outline is not None else []
    found = [*found, *misspelt(said)]
    changes += said
    return [counted for fault in found if (counted := count(fault, changes))] if changes else found


def count(fault: Diagnostic, changes: list[Change]) -> Diagnostic | None:
    if fault.code not in WARNINGS:
        return fault
    severity = fault.severity
    for change in changes:
        if fault.code in change.severities and change.holds_for(fault.location):
            severity = SEVERITIES[change.severities[fault.code]]
    return fault._replace(severity=severity) if severity else None


def directives(comment: Any) -> Iterator[tuple[str, str]]:
    """Code and severity of everything a Comment says."""
    for severity, codes in DIRECTIVE.findall(comment) if type(comment) is str else ():
        yield from ((code.strip(), severity) for code in codes.split(","))


def comments(outline: Outline) -> list[Change]:
    """What the Comments say, the outermost first."""
    written = [("", outline.definition)] + [(node.location, node.value) for node in outline.nodes if "Comment" in node.value]
    return [Change(location, said) for location, value in written if (said := dict(directives(value.get("Comment"))))]


def misspelt(changes: list[Change]) -> Iterator[Diagnostic]:
    """A Comment names codes that there are, and of warnings."""
    for change in changes:
        for code in change.severities:
            reason = unchangeable(code)
            if reason:
                yield Diagnostic(UNKNOWN_CODE, reason, f"{change.location}/Comment", WARNING, did_you_mean(code, sorted(WARNINGS)))
