"""YAML and JSON that are read as what was written."""

from __future__ import annotations

from typing import Any

import pytest

from states.definition.formats.documents import read_json, read_yaml
from states.language.values import equal
from states.mocking.cases import answer_json
from states.mocking.expected import exact
from states.mocking.writing import to_json, to_yaml
from states.tasks.mocks import Answer, error, never, response, result
from states.testing.scenarios.patterns import matches

TEXTS = [
    "",
    "yes",
    "No",
    "null",
    "~",
    "1",
    "1e3",
    "0x10",
    "2026-03-01",
    "a: b",
    "a #b",
    "- a",
    "[a]",
    "{a}",
    "*a",
    "&a",
    "!a",
    "%a",
    "@a",
    "`a",
    "'",
    '"',
]
TEXTS += [
    'say "hi"',
    'it\'s "so"',
    'back\\slash "q"',
    "line\nbreak",
    "tab\there",
    " lead",
    "trail ",
    "ä€😀",
    "\x7f\x85\u2028\ufeff",
    "\x00\x1b",
]
TEXTS += ["...", "---", "a..b", "a.b", "x" * 300, "true.", "on", "Infinity", ".inf", "nan", "a,b", "a?", "? a", "| a", "> a", "="]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("form", [lambda text: {"key": text}, lambda text: {text: 1}, lambda text: {"a": {"b": [text, {text: [text]}]}}])
def test_any_text_is_read_as_it_was(text: str, form: Any) -> None:
    value = form(text)
    assert read_yaml(to_yaml(value, "made\nhere"), "it.yaml").value == value
    assert read_json(to_json(value), "it.json").value == value


@pytest.mark.parametrize(
    "value",
    [
        {"a": []},
        {"a": {}},
        {"a": [[], {}, [[]], [{}]]},
        {"a": [1, -1, 1.5, 1e300, 1e-7, 10**30, True, False, None]},
        {"a": ["x" * 60, "y" * 60, ["z" * 60, ["u" * 120]]], "b": {"c": {"d": {"e": "f" * 120}}}},
        {"a": [{"long": "x" * 120, "b": [{"c": "y" * 120}]}, {"d": 1}]},
        {"a": [["x" * 120], [["y" * 120]]]},
    ],
)
def test_any_value_is_read_as_it_was(value: Any) -> None:
    assert equal(read_yaml(to_yaml(value), "it.yaml").value, value)


@pytest.mark.parametrize("value", [{"a": "\ud800"}, {"\udfff": 1}, {"a": [["x\udc00"]]}])
@pytest.mark.parametrize("write", [to_yaml, to_json])
def test_what_no_file_can_hold_is_refused(value: Any, write: Any) -> None:
    with pytest.raises(ValueError, match="half of a surrogate pair"):
        write(value)


def test_what_yaml_cannot_hold_is_refused_and_json_holds_it() -> None:
    value = {"a": [{"<<": {"b": 1}}]}
    with pytest.raises(ValueError, match="write JSON"):
        to_yaml(value)
    assert read_json(to_json(value), "it.json").value == value


def test_what_fits_on_a_line_stands_on_one() -> None:
    value = {"machine": "a.asl.json", "scenarios": {"busy day": {"input": {"count": 1, "text": "a: b"}, "expect": {"path": ["A", "B"]}}}}
    assert to_yaml(value).splitlines() == [
        "machine: a.asl.json",
        "scenarios:",
        "  busy day:",
        '    input: {count: 1, text: "a: b"}',
        "    expect: {path: [A, B]}",
    ]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (result(None), {"result": None}),
        (result(5, after=2, times=3), {"result": 5, "after": 2.0, "times": 3}),
        (response({"a": 1}, heartbeat=1, after=5, submitted={}), {"response": {"a": 1}, "after": 5.0, "heartbeat": 1.0, "submitted": {}}),
        (error("E", "c", within="A[0]"), {"error": "E", "cause": "c", "within": "A[0]"}),
        (error(None), {"error": None}),
        (error("E", '{"a":[1]}'), {"error": "E", "cause": {"a": [1]}}),
        (error("E", '{"a": [1]}'), {"error": "E", "cause": '{"a": [1]}'}),
        (error("E", "{no"), {"error": "E", "cause": "{no"}),
        (never(), {"never": True}),
        (never(heartbeat=30, beats=4, times=None), {"never": True, "heartbeat": 30.0, "beats": 4, "times": "always"}),
    ],
)
def test_answers_as_a_scenario_has_them(answer: Answer, told: dict[str, Any]) -> None:
    assert answer_json(answer) == told


@pytest.mark.parametrize("text", ["a", "", "/", "//", "/a/", "/a+(/", "a...b", "/...", "..."])
def test_an_exact_pattern_matches_its_text(text: str) -> None:
    pattern = exact(text)
    assert pattern is not None
    assert matches(pattern, text)
    assert exact(None) is None
