"""Nested causes: what a cause holds when it is a document. The error of a Lambda function, of a child execution, of a job.

Reads JSON that others wrote: anything that does not have the expected shape is left as it is.

Source: https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html and its siblings, DescribeExecution, and recordings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from states.findings.finding import Frame, Nested
from states.views.events import Text, value_of

Json = Any

DEEPEST = 8  #: causes within causes

#: Files that are not the user's: the runtime, its libraries, installed packages.
_FOREIGN = re.compile(r"/var/runtime/|/var/lang/|/opt/|site-packages|dist-packages|node_modules|<frozen |node:|/lib/python\d")

_PYTHON = re.compile(r'^\s*File "(?P<file>[^"]*)", line (?P<line>\d+)(?:, in (?P<function>.*?))?\s*$')
_NODE = re.compile(r"^\s*at (?:(?P<function>.*?) \()?(?P<file>[^\s()]+?):(?P<line>\d+)(?::\d+)?\)?\s*$")
_JAVA = re.compile(r"^\s*(?:at )?(?P<function>[\w.$<>]+)\((?P<file>[^():]+\.(?:java|kt|scala))(?::(?P<line>\d+))?\)\s*$")
_FOREIGN_JAVA = re.compile(r"^(?:java|javax|jdk|sun|com\.amazonaws|software\.amazon|lambdainternal)\b")


def unfolded(cause: str | None) -> Iterator[Nested]:
    """The errors inside a cause, from the outside in."""
    for _ in range(DEEPEST):
        document = value_of(Text(cause)) if cause and cause.lstrip().startswith("{") else None
        if not isinstance(document, Mapping):
            return
        found = next((made for read in _READERS if (made := read(document)) is not None), None)
        if found is None:
            return
        yield found[0]
        cause = found[1]


def _of_lambda(document: Mapping[str, Json]) -> tuple[Nested, str | None] | None:
    """`{"errorMessage", "errorType", "stackTrace" or "trace", "cause"}`: the innermost of Java's causes."""
    if not isinstance(document.get("errorMessage"), str):
        return None
    for _ in range(DEEPEST):
        inner = document.get("cause")
        if not isinstance(inner, Mapping) or not isinstance(inner.get("errorMessage"), str):
            break
        document = inner
    message = document["errorMessage"]
    frame = innermost(document.get("stackTrace", document.get("trace")))
    return Nested(_text(document.get("errorType")), message, frame), message


def _of_execution(document: Mapping[str, Json]) -> tuple[Nested, str | None] | None:
    """What `.sync` says of a child execution: `{"ExecutionArn", "Status", "Error", "Cause"}`."""
    arn = document.get("ExecutionArn")
    if not isinstance(arn, str):
        return None
    cause = _text(document.get("Cause"))
    status = _text(document.get("Status")) or ""
    error = _text(document.get("Error"))
    name = _text(document.get("Name")) or arn.rpartition(":")[2]
    is_document = (cause or "").lstrip().startswith("{")
    told = ": ".join(part for part in (error or status, "" if is_document else _brief(cause)) if part)
    return Nested(error, f"execution {name} ended with {told}", None, arn), cause


def _of_service(document: Mapping[str, Json]) -> tuple[Nested, str | None] | None:
    """Of a job or a service: whichever field says why; of a list of entries the first that failed."""
    entries = document.get("Entries")
    for entry in entries[:100] if isinstance(entries, list) else ():
        if isinstance(entry, Mapping) and isinstance(entry.get("ErrorCode"), str):
            return Nested(entry["ErrorCode"], _text(entry.get("ErrorMessage")) or entry["ErrorCode"]), None
    for key in ("StatusReason", "StoppedReason", "ErrorMessage", "FailureReason", "StateChangeReason", "message", "Message"):
        found = document.get(key)
        if isinstance(found, str) and found:
            return Nested(_text(document.get("Status")), found), found
    return None


_READERS = (_of_lambda, _of_execution, _of_service)


def innermost(trace: Json) -> Frame | None:
    """The innermost frame of the user's own code; of the runtime's when there is no other.

    >>> innermost(['  File "/var/task/a.py", line 3, in handler\\n    pay(7)\\n', '  File "/opt/sdk.py", line 9, in call\\n    boom()\\n'])
    Frame(file='/var/task/a.py', line=3, function='handler', code='pay(7)')
    """
    frames = list(_frames(trace))
    own = [frame for frame in frames if not _FOREIGN.search(frame.file) and not _FOREIGN_JAVA.match(frame.function)]
    return next(iter(own or frames), None)


def _frames(trace: Json) -> Iterator[Frame]:
    """The frames of a stack trace from the inside out: Python lists them the other way round."""
    if isinstance(trace, str):
        trace = trace.splitlines()
    if not isinstance(trace, list):
        return
    lines: list[str] = []
    for entry in trace[-1000:]:
        if isinstance(entry, str):
            lines += entry.splitlines()
        elif isinstance(entry, list) and len(entry) == 4:  # older Python runtimes
            lines += [f'File "{entry[0]}", line {entry[1]}, in {entry[2]}', str(entry[3])]
    python = [(place, found) for place, line in enumerate(lines) if (found := _PYTHON.match(line)) is not None]
    for place, found in reversed(python):
        code = lines[place + 1].strip() if place + 1 < len(lines) else ""
        yield _frame(found, "" if _PYTHON.match(code) else code)
    for line in lines if not python else ():
        if (other := _NODE.match(line) or _JAVA.match(line)) is not None:
            yield _frame(other)


def _frame(found: re.Match[str], code: str = "") -> Frame:
    line = found["line"]
    return Frame(found["file"], int(line) if line and len(line) < 10 else None, found["function"] or "", code)


def _text(found: Json) -> str | None:
    return found if isinstance(found, str) else None


def _brief(text: str | None) -> str:
    return next((line.strip() for line in (text or "").splitlines() if line.strip()), "")
