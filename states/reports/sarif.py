"""SARIF 2.1.0: what GitHub's code scanning and many editors read.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html;
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from json import dumps
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from states.definition import diagnostics, formats
from states.definition.diagnostics import ERROR, Diagnostic
from states.reports.checked import Checked, ordered, sentence

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {ERROR: "error", diagnostics.WARNING: "warning"}


def write(checked: Sequence[Checked]) -> str:
    faults = [(one.source, fault) for one in checked for fault in ordered(one.diagnostics)]
    codes = sorted({fault.code for _, fault in faults})
    numbers = {code: number for number, code in enumerate(codes)}
    severities = {fault.code: fault.severity for _, fault in faults}
    run = {
        "tool": {
            "driver": {
                "name": "states",
                "version": version(),
                "rules": [rule(code, severities[code]) for code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [result(source, fault, numbers[fault.code]) for source, fault in faults],
    }
    return dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


@cache
def version() -> str:
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as of

    try:
        return of("states")
    except PackageNotFoundError:
        return "0"


def rule(code: str, severity: str) -> dict[str, Any]:
    """What a code means, for the page of a result."""
    text = diagnostics.CODES.get(code) or formats.CODES.get(code) or code
    return {
        "id": code,
        "shortDescription": {"text": text},
        "fullDescription": {"text": text},
        "help": {"text": f"{text} `docs/rules.md` of states says why, with a wrong and a right definition."},
        "defaultConfiguration": {"level": LEVELS[severity]},
    }


def result(source: str, fault: Diagnostic, number: int) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": uri(fault.source)}}
    if fault.line is not None:
        place["region"] = {"startLine": fault.line, "startColumn": fault.column or 1}
    location: dict[str, Any] = {"physicalLocation": place}
    logical = [{"fullyQualifiedName": f"{source}{fault.location or ''}", **named(fault)}]
    if fault.location is None or fault.location.startswith("/"):
        location["logicalLocations"] = logical
    return {
        "ruleId": fault.code,
        "ruleIndex": number,
        "level": LEVELS[fault.severity],
        "message": {"text": sentence(fault) or fault.code},
        "locations": [location],
    }


def named(fault: Diagnostic) -> dict[str, str]:
    """The last part of the location."""
    name = (fault.location or "").rpartition("/")[2]
    return {"name": name} if name else {}


def uri(path: str) -> str:
    """A path as a URI reference: relative as it is, absolute with its scheme.

    >>> [uri(path) for path in ("a b/c#d.json", "./x.json", "/x.json")]
    ['a%20b/c%23d.json', 'x.json', 'file:///x.json']
    """
    pure = PurePath(path)
    if pure.is_absolute():
        return f"file://{quote(pure.as_posix())}"
    return quote(pure.as_posix())
