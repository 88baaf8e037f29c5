"""Reading: what is refused before anything is looked at, and where parts stand in the text."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from states.definition.source import MAX_BYTES, MAX_DEPTH, Unreadable, read
from tests.definition.machines import EVERYTHING

TEXT = json.dumps(EVERYTHING, indent=2)


def refusal(definition: Any) -> tuple[str, str]:
    with pytest.raises(Unreadable) as caught:
        read(definition)
    return caught.value.diagnostic.code, caught.value.diagnostic.message


def nested(levels: int) -> str:
    return '{"a":' * (levels - 1) + "{}" + "}" * (levels - 1)


JACKSON = "Unrecognized token '{0}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n at {1}"


@pytest.mark.parametrize(
    ("definition", "code", "message"),
    [
        ("", "SCHEMA_VALIDATION_FAILED", "Definition must be a valid JSON object"),
        (" \n\t", "SCHEMA_VALIDATION_FAILED", "Definition must be a valid JSON object"),
        (b"", "SCHEMA_VALIDATION_FAILED", "Definition must be a valid JSON object"),
        ("[]", "SCHEMA_VALIDATION_FAILED", "Definition must be a valid JSON object"),
        ("null", "SCHEMA_VALIDATION_FAILED", "Definition must be a valid JSON object"),
        (
            "not a definition",
            "INVALID_JSON_DESCRIPTION",
            JACKSON.format("not", '[Source: (String)"not a definition"; line: 1, column: 4]'),
        ),
        (
            '{\n "a": yes}',
            "INVALID_JSON_DESCRIPTION",
            JACKSON.format("yes", '[Source: (String)"{\n "a": yes}"; line: 2, column: 10]'),
        ),
        ('{"a": 1,}', "INVALID_JSON_DESCRIPTION", None),
        ('{"a": NaN}', "INVALID_JSON_DESCRIPTION", None),
        ('{"a": 1e999}', "INVALID_JSON_DESCRIPTION", "Numeric value (1e999) out of range"),
        ('{"a": ' + "9" * 5000 + "}", "INVALID_JSON_DESCRIPTION", None),
        ('{"a": "\\ud800"}', "INVALID_JSON_DESCRIPTION", None),
        (b'{"a": "\xff"}', "INVALID_JSON_DESCRIPTION", "The definition is not UTF-8: byte 0xff at offset 7 (invalid start byte)"),
        ("{}".encode("utf-16"), "INVALID_JSON_DESCRIPTION", None),
        (nested(MAX_DEPTH + 2), "TOO_DEEPLY_NESTED", f"Objects and arrays are nested more than {MAX_DEPTH} levels deep"),
        (nested(10_000), "TOO_DEEPLY_NESTED", None),
        (nested(100_000), "TOO_DEEPLY_NESTED", None),
        ("[" * 100_000, "TOO_DEEPLY_NESTED", None),
        ({"a": {1, 2}}, "INVALID_JSON_DESCRIPTION", None),
        ({"a": float("nan")}, "INVALID_JSON_DESCRIPTION", None),
        (" " * (MAX_BYTES + 1), "DEFINITION_TOO_LARGE", None),
        (b" " * (MAX_BYTES + 1), "DEFINITION_TOO_LARGE", None),
        ('{"a": "' + "é" * (MAX_BYTES // 2) + '"}', "DEFINITION_TOO_LARGE", None),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_cannot_be_read_is_refused(definition: Any, code: str, message: str | None) -> None:
    found = refusal(definition)
    assert found[0] == code
    assert message is None or found[1] == message


def test_a_value_that_holds_itself_is_refused() -> None:
    endless: dict[str, Any] = {}
    endless["a"] = endless
    assert refusal(endless)[0] == "INVALID_JSON_DESCRIPTION"


def test_a_deep_value_is_refused() -> None:
    deep: dict[str, Any] = {}
    for _ in range(100_000):
        deep = {"a": deep}
    assert refusal(deep)[0] == "TOO_DEEPLY_NESTED"
    while deep:  # taken apart by hand: Python would do it by recursion
        deep = deep["a"]


def test_fifty_megabytes_are_refused_at_once() -> None:
    definition = b"[" * 50_000_000
    started = time.perf_counter()
    assert refusal(definition)[0] == "DEFINITION_TOO_LARGE"
    assert time.perf_counter() - started < 0.2


@pytest.mark.parametrize("text", [nested(MAX_DEPTH), "\ufeff{}", '{"a": "\\ud83d\\ude00"}', '{"a": 1e2}', '\r\n{"a":\t[]}'])
def test_what_can_be_read_is_read(text: str) -> None:
    assert read(text).value == json.loads(text.removeprefix("\ufeff"))
    assert read(text.encode()).value == json.loads(text.removeprefix("\ufeff"))


def test_a_value_is_not_shared_with_the_caller() -> None:
    mine: dict[str, Any] = {"States": {"A": {}}}
    made = read(mine).value
    mine["States"]["B"] = {}
    assert made == {"States": {"A": {}}}


def test_a_fault_of_the_text_has_line_and_column() -> None:
    with pytest.raises(Unreadable) as caught:
        read('{\n  "a": 1,\n  "b" 2\n}')
    diagnostic = caught.value.diagnostic
    assert (diagnostic.line, diagnostic.column) == (3, 7)
    with pytest.raises(Unreadable) as caught:
        read(b'{\n "\xc3\xa9": "\xff"}')
    diagnostic = caught.value.diagnostic
    assert (diagnostic.line, diagnostic.column) == (2, 8)


@pytest.mark.parametrize(
    ("text", "locations"),
    [
        ('{"a": 1, "a": 2}', ["/a"]),
        ('{"a": {"b": 1, "b": 2}, "a": 3}', ["/a/b", "/a"]),
        ('{"a": [{"b": 1}, {"b": 1, "\\u0062": 2}]}', ["/a[1]/b"]),
        ('{"a": 1, "A": 2}', []),
    ],
)
def test_keys_that_stand_twice_are_told(text: str, locations: list[str]) -> None:
    assert read(text).duplicates == locations
