"""Texts of histories -> the events in them, as dictionaries of AWS's shape, whatever printed them.

Takes `aws stepfunctions get-execution-history` (one page or several after each other, in either order, or a bare list), and the log lines
of an execution in CloudWatch: as JSON lines, or inside what `aws logs filter-log-events`, `get-log-events`, `tail` and `get-query-results`
print. Says nothing yet about whether the events make sense together.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html,
https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html and recorded log lines.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from states.history import RENDER, History

Json = Any

EXPECTED = (
    'expected {"events": [...]} or a list of events, as `aws stepfunctions get-execution-history` prints, '
    "or the log lines of an Express execution"
)

#: What `aws logs tail` puts before each line.
_TAIL = re.compile(r"\d{4}-\d\d-\d\dT[\d:.+Z-]+[ \t]+\S+[ \t]+(?=\{)")


class InvalidHistory(ValueError):
    """A text that is no history, or one that makes no sense; its message says what is wrong, and at which event."""


class Documents(NamedTuple):
    """`events` in the order of the text; `arns` are the executions that log lines named; `has_more` says that a page is missing."""

    events: list[dict[str, Any]]
    is_log: bool
    arns: tuple[str, ...]
    has_more: bool


def read_documents(text: str | bytes, execution: str | None = None) -> Documents:
    """The events of a text. `execution` chooses one where log lines of several are mixed: its ARN, or its name."""
    return of_values(list(_values(_decoded(text))), execution)


def documents_of(given: Any, execution: str | None = None) -> Documents:
    """The events of whatever holds some: a file, a text, bytes, a History, boto3's response or its list of events."""
    if isinstance(given, os.PathLike) or (isinstance(given, str) and _is_name(given)):
        given = _content(given)
    if isinstance(given, (str, bytes)):
        return read_documents(given, execution)
    return of_values([list(given) if isinstance(given, (History, list, tuple)) else given], execution)


def executions_in(text: str | bytes) -> tuple[str, ...]:
    """The executions whose log lines a text holds; none for the history of GetExecutionHistory."""
    lines = [item for value in _values(_decoded(text)) for item in _items(value) if _is_line(item)]
    return tuple(dict.fromkeys(str(line.get("execution_arn", "")) for line in lines))


def of_values(values: list[Json], execution: str | None = None) -> Documents:
    """The events of JSON documents that followed each other."""
    events: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    has_more = False
    for value in values:
        has_more = isinstance(value, dict) and bool(value.get("nextToken")) and "searchedLogStreams" not in value
        for item in _items(value):
            (lines if _is_line(item) else events).append(item)
    if lines and events:
        raise InvalidHistory("it holds log lines and events of GetExecutionHistory; expected one of them")
    if not lines:
        if not events:
            raise InvalidHistory("it holds no events")
        return Documents(events, False, (), has_more)
    arns = tuple(dict.fromkeys(str(line.get("execution_arn", "")) for line in lines))
    chosen = _chosen(arns, execution)
    return Documents(
        [_of_line(line, place) for place, line in enumerate(lines, 1) if line.get("execution_arn", "") == chosen], True, arns, False
    )


def _chosen(arns: tuple[str, ...], execution: str | None) -> str:
    """The one execution that is meant."""
    found = [arn for arn in arns if execution is None or arn == execution or execution in arn.split(":")]
    if len(found) == 1:
        return found[0]
    shown = ", ".join(arns[:3]) + (", …" if len(arns) > 3 else "")
    if not found:
        raise InvalidHistory(f"no log line is of the execution {execution!r}; there is {shown}")
    raise InvalidHistory(f"its log lines are of {len(found)} executions: {shown}; expected one, or its name")


# ---------------------------------------------------------------- texts


def _is_name(text: str) -> bool:
    """Whether a text is the name of a file, and no history itself."""
    return bool(text.strip()) and "\n" not in text and text.lstrip("\ufeff ")[:1] not in ("{", "[")


def _content(path: str | os.PathLike[str]) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except (FileNotFoundError, ValueError):
        if isinstance(path, os.PathLike):
            raise
        raise InvalidHistory(f"{shown(path)} is no file, and no history; {EXPECTED}") from None


def _decoded(text: str | bytes) -> str:
    try:
        decoded = text.removeprefix("\ufeff") if isinstance(text, str) else text.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise InvalidHistory(f"it is not UTF-8: byte 0x{fault.object[fault.start]:02x} at offset {fault.start}") from None
    if not decoded.strip():
        raise InvalidHistory(f"it is empty; {EXPECTED}")
    return decoded


def _values(text: str) -> Iterator[Json]:
    """The JSON documents of a text, one after the other."""
    decoder = json.JSONDecoder()
    place, end = _next(text, 0), len(text)
    while place < end:
        try:
            value, stop = decoder.raw_decode(text, place)
        except RecursionError:
            raise InvalidHistory("it is nested too deeply") from None
        except ValueError as fault:
            raise InvalidHistory(f"it is not JSON: {fault}") from None
        yield value
        place = _next(text, stop)


def _next(text: str, place: int) -> int:
    """Where the next document begins: after blanks, commas, and what `aws logs tail` puts before a line."""
    while place < len(text) and text[place] in " \t\r\n,\x1e":
        place += 1
    prefix = _TAIL.match(text, place)
    return prefix.end() if prefix else place


def _items(value: Json) -> Iterator[dict[str, Any]]:
    """The events or log lines in a document."""
    if isinstance(value, dict) and _is_line(value):
        yield value
        return
    found = _list_in(value)
    if found is None:
        raise InvalidHistory(f"found {shown(value)}; {EXPECTED}")
    for place, item in enumerate(found, 1):
        if isinstance(item, list):  # a row of get-query-results
            item = {field.get("field", "").lstrip("@"): field.get("value") for field in item if isinstance(field, dict)}
        if isinstance(item, dict) and isinstance(item.get("message"), str) and "type" not in item:
            yield from _of_message(item["message"], place)
        elif isinstance(item, dict) and isinstance(item.get("events"), list):
            yield from _items(item)
        elif isinstance(item, dict):
            yield item
        else:
            raise InvalidHistory(f"event {place}: expected an object, found {shown(item)}")


def _list_in(value: Json) -> list[Json] | None:
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        found = value.get("events", value.get("results"))
        return found if isinstance(found, list) else None
    return None


def _of_message(message: str, place: int) -> Iterator[dict[str, Any]]:
    try:
        line = json.loads(message)
    except (ValueError, RecursionError):
        line = None
    if not isinstance(line, dict) or not _is_line(line):
        raise InvalidHistory(f"log line {place}: expected a JSON object with id, type and details, found {shown(message)}")
    yield line


# ---------------------------------------------------------------- log lines


def _is_line(value: dict[str, Any]) -> bool:
    return "type" in value and ("previous_event_id" in value or "execution_arn" in value or "event_timestamp" in value)


def _of_line(line: dict[str, Any], place: int) -> dict[str, Any]:
    """A log line as an event: ids are texts there, timestamps epoch milliseconds as text, data JSON texts or values."""
    kind = line.get("type")
    event: dict[str, Any] = {
        "id": _whole(line.get("id"), place, "id"),
        "previousEventId": _whole(line.get("previous_event_id", "0"), place, "previous_event_id"),
        "type": kind,
        "timestamp": _moment(line.get("event_timestamp")),
    }
    details = line.get("details")
    entry = RENDER.get(kind) if isinstance(kind, str) else None
    if entry is not None and details is not None:
        if isinstance(details, dict):
            details = {key: _text(value) if key in ("input", "output", "parameters") else value for key, value in details.items()}
        event[entry[0]] = details
    return event


def _whole(found: Json, place: int, name: str) -> int:
    if isinstance(found, int) and not isinstance(found, bool):
        return found
    if isinstance(found, str) and found.isdecimal() and len(found) < 12:
        return int(found)
    raise InvalidHistory(f'log line {place}: expected "{name}" to be a whole number, found {shown(found)}')


def _moment(found: Json) -> Json:
    """Epoch milliseconds as seconds; anything else as it is."""
    if isinstance(found, str) and found.isdecimal() and len(found) < 16:
        found = int(found)
    if isinstance(found, (int, float)) and not isinstance(found, bool) and found > 1e11:
        return found / 1000
    return found


def _text(value: Json) -> Json:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def shown(value: Json) -> str:
    """What was found, in a few words."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return f"an object with the keys {', '.join(map(repr, list(value)[:5]))}" if value else "an empty object"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:60]}…"
