"""The items that a Map's ItemReader finds in data given as text: JSON, JSON Lines or CSV, as its ReaderConfig says.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any, NamedTuple

from states.language import values
from states.machine import ABSENT, Absent

Json = Any

#: CSVDelimiter -> the character.
DELIMITERS = {"COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "SPACE": " ", "TAB": "\t"}


class NotReadable(ValueError):
    """The data is not what the ReaderConfig says it is."""


class ReadItems(NamedTuple):
    """`pointed` is what ItemsPointer finds, ABSENT where there is none."""

    items: list[Json]
    pointed: Json | Absent = ABSENT


def read_items(reader: dict[str, Any], text: str) -> ReadItems:
    """The items of a text. Raises NotReadable; also for a MANIFEST or PARQUET, which are not read here."""
    config = reader.get("ReaderConfig", {})
    kind = config.get("InputType", "JSON")
    read = READERS.get(kind)
    if read is None:
        raise NotReadable(f"the InputType {kind} is not supported")
    items, pointed = read(text, config)
    most = config.get("MaxItems")
    return ReadItems(items[:most] if isinstance(most, int) and most > 0 else items, pointed)


def _json(text: str, config: dict[str, Any]) -> tuple[list[Json], Json | Absent]:
    data, pointed = _value(text), ABSENT
    if isinstance(config.get("ItemsPointer"), str):
        data = pointed = _pointed(data, config["ItemsPointer"])
    if isinstance(data, dict):
        return [{"Key": key, "Value": value} for key, value in data.items()], pointed
    if not isinstance(data, list):
        raise NotReadable(f"it must be an array but was: {values.type_name(data)}")
    return data, pointed


def _json_lines(text: str, _: dict[str, Any]) -> tuple[list[Json], Absent]:
    return [_value(line) for line in text.splitlines() if line.strip()], ABSENT


def _csv(text: str, config: dict[str, Any]) -> tuple[list[Json], Absent]:
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=DELIMITERS.get(config.get("CSVDelimiter", "COMMA"), ",")) if row]
    headers = config.get("CSVHeaders", []) if config.get("CSVHeaderLocation") == "GIVEN" else rows.pop(0) if rows else []
    return [dict(zip(headers, [*row, *[""] * len(headers)], strict=False)) for row in rows], ABSENT


def _value(text: str) -> Json:
    try:
        return values.loads(text)
    except ValueError as fault:
        raise NotReadable(f"it is no JSON: {fault}") from None


def _pointed(data: Json, pointer: str) -> Json:
    """What a JSON pointer (RFC 6901) finds."""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(data, dict) and key in data:
            data = data[key]
        elif isinstance(data, list) and key.isdecimal() and int(key) < len(data):
            data = data[int(key)]
        else:
            raise NotReadable(f"the ItemsPointer {pointer} finds nothing")
    return data


#: InputType -> how a text of it is read.
READERS: dict[str, Callable[[str, dict[str, Any]], tuple[list[Json], Json | Absent]]] = {
    "JSON": _json,
    "JSONL": _json_lines,
    "CSV": _csv,
}
