"""JSON text -> value, with line and column of every part.

Refuses what is not UTF-8, empty, no JSON, deeper than MAX_DEPTH or larger than AWS's 1 MiB, each with a diagnostic; an object with a
key twice is read as Jackson reads it (the last one counts) and told as a warning. Where a part stands in the text is found out only
when somebody asks.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html (definition size); RFC 8259
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Protocol

from states.definition import diagnostics
from states.definition.diagnostics import Diagnostic

if TYPE_CHECKING:
    from states.definition.positions import Positions

MAX_BYTES = 1_048_576
MAX_DEPTH = 100  #: objects and arrays in each other; a state in a Parallel in a Map ... takes four or five of them a level

NOT_AN_OBJECT = "Definition must be a valid JSON object"


class Unreadable(Exception):
    """The text gives no value; carries the one diagnostic that says why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic)
        self.diagnostic = diagnostic


class Readable(Protocol):
    """What gives a source by itself: a definition that was found in a file of another format."""

    def read_source(self) -> Source:
        """Raises Unreadable; its diagnostic names its source."""


class Source:
    """A definition's text (empty when it was given as a value), its name, its value, and the keys that stood there twice."""

    __slots__ = ("_positions", "duplicates", "name", "text", "value")

    def __init__(self, text: str, name: str = "<string>") -> None:
        self.text = text
        self.name = name
        self.value: Any = None
        self.duplicates: list[str] = []
        self._positions: Positions | None = None

    def position(self, location: str, key: bool | None = None) -> tuple[int, int] | None:
        """Line and column (both from 1) of the part an AWS location names, or None when there is no such part or no text.

        A member whose value is an object or array is pointed at by its key, any other by its value; `key` True or False decides instead.
        """
        return self.positions().find(location, key) if self.text else None

    def position_within(self, location: str, offset: int) -> tuple[int, int] | None:
        """Line and column of a character of the string an AWS location names; `offset` counts the characters it stands for."""
        return self.positions().find_within(location, offset) if self.text else None

    def positions(self) -> Positions:
        """The places of all parts, found out once."""
        if self._positions is None:
            from states.definition.positions import Positions

            self._positions = Positions(self.text)
        return self._positions


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def place(found: list[Diagnostic], source: Source) -> list[Diagnostic]:
    """The diagnostics with the name of the source, and line and column where they can be known."""
    placed = []
    for diagnostic in found:
        position = None
        if source.text and diagnostic.line is None and diagnostic.location is not None:
            if diagnostic.key:
                position = source.position(f"{diagnostic.location.rstrip('/')}/{diagnostic.key}", key=True)
            elif diagnostic.offset is not None:
                position = source.position_within(diagnostic.location, diagnostic.offset)
            position = position or source.position(diagnostic.location)
        line, column = position or (diagnostic.line, diagnostic.column)
        placed.append(diagnostic._replace(line=line, column=column, source=source.name))
    return placed


# --- reading -----------------------------------------------------------------------------------------------------------------------


def read(definition: str | bytes | bytearray | dict[str, Any] | Readable, name: str = "<string>") -> Source:
    """The source of a text or value; `value` is its JSON object. Raises Unreadable."""
    if not isinstance(definition, (str, bytes, bytearray, dict)):
        return definition.read_source()
    text = write(definition) if isinstance(definition, dict) else decode(definition)
    check_size(text)
    source = Source(text, name)
    source.value, has_duplicates = parse(text)
    if has_duplicates:
        source.duplicates = source.positions().repeated
    if isinstance(definition, dict):
        source.text = ""
    if type(source.value) is not dict:
        raise refusal(diagnostics.SCHEMA_VALIDATION_FAILED, NOT_AN_OBJECT)
    return source


def refusal(code: str, message: str, **more: Any) -> Unreadable:
    return Unreadable(Diagnostic(code, message, **more))


def write(definition: dict[str, Any]) -> str:
    """A definition that was given as a value, as text: what JSON cannot say is refused, and the caller's value is not shared."""
    try:
        return json.dumps(definition, ensure_ascii=False, allow_nan=False)
    except RecursionError:
        raise too_deep() from None
    except (TypeError, ValueError) as error:
        raise refusal(diagnostics.INVALID_JSON_DESCRIPTION, f"The definition cannot be written as JSON: {error}") from None


def decode(definition: str | bytes | bytearray, noun: str = "definition", limit: int = MAX_BYTES) -> str:
    """The text without a byte order mark; a message calls it a `noun`."""
    if isinstance(definition, str):
        return definition.removeprefix("\ufeff")
    if len(definition) > limit:
        raise too_large(len(definition))
    try:
        return bytes(definition).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = bytes(definition[: error.start]).decode("utf-8-sig")
        line, column = line_and_column(before, len(before))
        message = f"The {noun} is not UTF-8: byte 0x{definition[error.start]:02x} at offset {error.start} ({error.reason})"
        raise refusal(diagnostics.INVALID_JSON_DESCRIPTION, message, line=line, column=column) from None


def check_size(text: str) -> None:
    size = len(text)
    if size > MAX_BYTES // 4:
        size = len(text.encode("utf-8", "surrogatepass")) if size <= MAX_BYTES else size
        if size > MAX_BYTES:
            raise too_large(size)


def too_large(size: int) -> Unreadable:
    return refusal(
        diagnostics.DEFINITION_TOO_LARGE, f"The definition has {size:,} bytes or more; at most {MAX_BYTES:,} (1 MiB) are allowed"
    )


def too_deep() -> Unreadable:
    return refusal(diagnostics.TOO_DEEPLY_NESTED, f"Objects and arrays are nested more than {MAX_DEPTH} levels deep")


def parse(text: str) -> tuple[Any, bool]:
    """The value of a JSON text, and whether some object has a key twice."""
    if not text.strip():
        raise refusal(diagnostics.SCHEMA_VALIDATION_FAILED, NOT_AN_OBJECT)

    has_duplicates = False

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal has_duplicates
        made = dict(pairs)
        has_duplicates = has_duplicates or len(made) != len(pairs)
        return made

    try:
        value = json.loads(text, object_pairs_hook=members, parse_float=finite, parse_constant=constant)
    except json.JSONDecodeError as error:
        raise not_json(text, error) from None
    except RecursionError:
        raise too_deep() from None
    except ValueError as error:  # a number that Python cannot hold
        raise refusal(diagnostics.INVALID_JSON_DESCRIPTION, str(error)) from None
    if text.count("{") + text.count("[") > MAX_DEPTH:
        check_depth(value)
    if "\\ud" in text or "\\uD" in text:
        check_surrogates(value)
    return value, has_duplicates


def finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError(f"Numeric value ({text}) out of range")
    return value


def constant(text: str) -> Any:
    raise ValueError(f"Unrecognized token '{text}': JSON has no such number")


def check_depth(value: Any) -> None:
    """Level by level, so that no depth can exhaust the stack."""
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        inner: list[Any] = []
        for item in level:
            if type(item) is dict:
                inner.extend(item.values())
            elif type(item) is list:
                inner.extend(item)
        if not inner:
            return
        level = inner
    if any(type(item) in (dict, list) for item in level):
        raise too_deep()


def check_surrogates(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        message = "A string holds half of a surrogate pair (\\ud800 to \\udfff), which is no character"
        raise refusal(diagnostics.INVALID_JSON_DESCRIPTION, message) from None


def not_json(text: str, error: json.JSONDecodeError) -> Unreadable:
    """In AWS's (Jackson's) words where a bare word stands for a value, else in Python's."""
    word = re.compile(r"[A-Za-z_$][\w$]*").match(text, error.pos)
    if word and error.msg == "Expecting value":
        column = error.colno + len(word[0])  # Jackson stands behind the word
        message = f"Unrecognized token '{word[0]}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
    else:
        column = error.colno
        message = error.msg
    where = f'[Source: (String)"{shorten(text)}"; line: {error.lineno}, column: {column}]'
    location, line = where, error.lineno
    return refusal(diagnostics.INVALID_JSON_DESCRIPTION, f"{message}\n at {where}", location=location, line=line, column=error.colno)


def shorten(text: str) -> str:
    """As Jackson quotes a source: its first 500 characters and how many are left out."""
    return text if len(text) <= 500 else f"{text[:500]}[truncated {len(text) - 500} chars]"
