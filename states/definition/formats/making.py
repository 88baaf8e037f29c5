"""A part of a document, or a text in one -> the Source that `definition.validate` and `loads` read.

What AWS refuses of a text (no JSON, too deep, too large) is refused here in the same words, with the place in the file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from states.definition import diagnostics
from states.definition.formats.documents import Document
from states.definition.formats.places import InText, InTree, Mapped, Text
from states.definition.formats.substitutions import BOOLEAN_FIELDS, NUMBER_FIELDS, filled, substituted, substituted_value
from states.definition.positions import Entry
from states.definition.source import MAX_BYTES, NOT_AN_OBJECT, Source, Unreadable, check_depth, check_size, parse, refusal


def from_text(text: Text, file: str, path: str, values: Mapping[str, Any], place: tuple[int, int] | None = None) -> Source:
    """The source of a JSON text that stands in a file; `place` is where it begins, for a fault without a place."""
    text = substituted(text, values)
    try:
        check_size(text.string)
        try:
            value, has_duplicates = parse(text.string)
        except Unreadable:
            if "${" not in text.string and "%{" not in text.string:
                raise
            text, (value, has_duplicates) = parsed_when_filled(text)
    except Unreadable as fault:
        raise Unreadable(led_back(fault.diagnostic, text, file, path, place)) from None
    source = Mapped(file, path, lambda: InText(text, file))
    return finished(source, value, source.positions().repeated if has_duplicates else [], place)


def parsed_when_filled(text: Text) -> tuple[Text, tuple[Any, bool]]:
    """The text with its bare substitutions filled in, and what it is then; the fault of the text as it was when that is none either."""
    other = filled(text)
    try:
        return other, parse(other.string)
    except Unreadable:
        parse(text.string)
        raise


def led_back(fault: diagnostics.Diagnostic, text: Text, file: str, path: str, place: tuple[int, int] | None) -> diagnostics.Diagnostic:
    """The fault of a text, with its place in the file."""
    if fault.line is not None and fault.column is not None and text.string:
        begin = 0
        for _ in range(fault.line - 1):
            begin = text.string.find("\n", begin) + 1
        offsets = text.offsets()
        offset = offsets[min(begin + fault.column - 1, len(offsets) - 1)]
        place = file.count("\n", 0, offset) + 1, offset - file.rfind("\n", 0, offset)
    line, column = place or (None, None)
    return fault._replace(line=line, column=column, source=path)


def from_tree(document: Document, value: Any, root: Entry, location: str, values: Mapping[str, Any], *, is_typed: bool = False) -> Source:
    """The source of a definition that stands in a document as a value.

    `is_typed` says that a substitution is made before the document is read, so that `${n}` without quotes may become a number.
    """
    if is_typed and "${" in document.text:
        value = retyped(document, value, root, values)
    value = substituted_value(value, values) if values and "${" in document.text else value
    repeated = [one.removeprefix(location) for one in document.repeated if one.startswith(f"{location}/")]
    place = document.place(root.key if root.key >= 0 else root.value)
    try:
        check_depth(value)
        if len(document.text) > MAX_BYTES // 4 or "*" in document.text:
            check_size(json.dumps(value, ensure_ascii=False))
    except Unreadable as fault:
        raise Unreadable(fault.diagnostic._replace(line=place[0], column=place[1], source=document.path)) from None
    source = Mapped(document.text, document.path, lambda: InTree(document.text, root, document.scalar))
    return finished(source, value, repeated, place)


def retyped(document: Document, value: Any, entry: Entry, values: Mapping[str, Any], field: str = "") -> Any:
    """The value with what unquoted substitutions become; one that is left stands for a number or boolean where its field wants one."""
    if type(value) is dict and type(entry.inner) is dict:
        return {name: retyped(document, member, entry.inner[name], values, name) for name, member in value.items()}
    if type(value) is list and type(entry.inner) is list:
        return [retyped(document, item, inner, values) for item, inner in zip(value, entry.inner, strict=True)]
    if type(value) is not str or "${" not in value:
        return value
    scalar = document.scalar(entry.value)
    if scalar is None or scalar.style or scalar.value != value:
        return value
    from states.definition.formats.yamls import meaning

    made = substituted_value(value, values)
    if made != value:
        return meaning(made, False, None)
    if value.startswith("${") and value.endswith("}"):
        return True if field in BOOLEAN_FIELDS else 1 if NUMBER_FIELDS.search(field) else value
    return value


def finished(source: Mapped, value: Any, duplicates: list[str], place: tuple[int, int] | None) -> Source:
    if type(value) is not dict:
        line, column = place or (None, None)
        raise refusal(diagnostics.SCHEMA_VALIDATION_FAILED, NOT_AN_OBJECT, line=line, column=column, source=source.name)
    source.value = value
    source.duplicates = duplicates
    return source
