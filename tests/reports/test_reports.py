"""Reports are read back: what a tool parses out of them is what was found, in a stable order."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.definition import formats
from states.definition.diagnostics import CODES, Diagnostic
from states.reports import FORMATS, Checked, report

NEXT = Diagnostic(
    "MISSING_TRANSITION_TARGET",
    "Missing 'Next' target: Shp",
    "/States/Charge/Next",
    "ERROR",
    'did you mean "Ship"?',
    "",
    14,
    15,
    "a b/order.asl.json",
)
STATIC = Diagnostic(
    "PASS_RESULT_IS_STATIC", "100% <static>, & so:\non", "/States/P, Q/Result", "WARNING", "", "", 3, 1, "a b/order.asl.json"
)
WHOLE = Diagnostic("INVALID_JSON_DESCRIPTION", "no\x1b[2J JSON", '[Source: "..."; line: 1]', source="template.yaml")
CHECKED = [Checked("a b/order.asl.json", [NEXT, STATIC]), Checked("template.yaml#Order", [WHOLE]), Checked("c.yaml", [])]


def test_text_is_a_line_a_fault() -> None:
    assert report("text", CHECKED).splitlines() == [
        "a b/order.asl.json:3:1: warning: 100% <static>, & so: on [PASS_RESULT_IS_STATIC] at /States/P, Q/Result",
        "a b/order.asl.json:14:15: error: Missing 'Next' target: Shp (did you mean \"Ship\"?) [MISSING_TRANSITION_TARGET] at "
        "/States/Charge/Next",
        "a b/order.asl.json: 1 error, 1 warning",
        "template.yaml: error: no?[2J JSON [INVALID_JSON_DESCRIPTION]",
        "template.yaml#Order: 1 error",
        "c.yaml: no errors",
    ]


def test_json_has_every_field() -> None:
    found = json.loads(report("json", CHECKED))["definitions"]
    assert [(one["source"], one["result"]) for one in found] == [
        ("a b/order.asl.json", "FAIL"),
        ("template.yaml#Order", "FAIL"),
        ("c.yaml", "OK"),
    ]
    assert found[0]["diagnostics"][1] == {
        "severity": "ERROR",
        "code": "MISSING_TRANSITION_TARGET",
        "message": "Missing 'Next' target: Shp",
        "location": "/States/Charge/Next",
        "hint": 'did you mean "Ship"?',
        "file": "a b/order.asl.json",
        "line": 14,
        "column": 15,
    }
    assert found[1]["diagnostics"][0]["line"] is None


#: The parts of the SARIF 2.1.0 schema that concern what we write: what is required, and nothing that it does not know.
TEXT = {"type": "object", "required": ["text"], "additionalProperties": False, "properties": {"text": {"type": "string", "minLength": 1}}}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
RULE = {
    "type": "object", "required": ["id"], "additionalProperties": False,
    "properties": {
        "id": {"type": "string"}, "shortDescription": TEXT, "fullDescription": TEXT, "help": TEXT,
        "defaultConfiguration": {"type": "object", "properties": {"level": LEVEL}, "additionalProperties": False},
    },
}  # fmt: skip
POSITIVE = {"type": "integer", "minimum": 1}
ARTIFACT = {"type": "object", "properties": {"uri": {"type": "string", "pattern": "^[^ #]+$"}}, "additionalProperties": False}
LOCATION = {
    "type": "object", "additionalProperties": False,
    "properties": {
        "physicalLocation": {
            "type": "object", "additionalProperties": False, "required": ["artifactLocation"],
            "properties": {
                "artifactLocation": ARTIFACT,
                "region": {"type": "object", "properties": {"startLine": POSITIVE, "startColumn": POSITIVE}, "additionalProperties": False},
            },
        },
        "logicalLocations": {
            "type": "array",
            "items": {"properties": {"name": {"type": "string"}, "fullyQualifiedName": {"type": "string"}}, "additionalProperties": False},
        },
    },
}  # fmt: skip
RESULT = {
    "type": "object", "required": ["message"], "additionalProperties": False,
    "properties": {
        "ruleId": {"type": "string"}, "ruleIndex": {"type": "integer", "minimum": 0}, "level": LEVEL, "message": TEXT,
        "locations": {"type": "array", "items": LOCATION},
    },
}  # fmt: skip
DRIVER = {
    "type": "object", "required": ["name"], "additionalProperties": False,
    "properties": {
        "name": {"type": "string"}, "version": {"type": "string"},
        "rules": {"type": "array", "uniqueItems": True, "items": RULE},
    },
}  # fmt: skip
SARIF: dict[str, Any] = {
    "type": "object", "required": ["version", "runs"], "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "items": {
            "type": "object", "required": ["tool"], "additionalProperties": False,
            "properties": {
                "tool": {"type": "object", "required": ["driver"], "additionalProperties": False, "properties": {"driver": DRIVER}},
                "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                "results": {"type": "array", "items": RESULT},
            },
        }},
    },
}  # fmt: skip


@pytest.mark.parametrize("checked", [CHECKED, [], [Checked("a.json", [Diagnostic("OWN", "")])]])
def test_sarif_is_valid_by_its_schema(checked: list[Checked]) -> None:
    import jsonschema

    jsonschema.Draft202012Validator(SARIF).validate(json.loads(report("sarif", checked)))


def test_sarif_says_what_was_found() -> None:
    (run,) = json.loads(report("sarif", CHECKED))["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[one["ruleIndex"]]["id"] for one in run["results"]] == [one["ruleId"] for one in run["results"]]
    assert rules[1]["shortDescription"]["text"] == CODES["MISSING_TRANSITION_TARGET"]
    warning, error, whole = run["results"]
    assert (warning["level"], error["level"]) == ("warning", "error")
    (location,) = error["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "a%20b/order.asl.json"},
        "region": {"startLine": 14, "startColumn": 15},
    }
    assert location["logicalLocations"] == [{"name": "Next", "fullyQualifiedName": "a b/order.asl.json/States/Charge/Next"}]
    assert "region" not in whole["locations"][0]["physicalLocation"]


COMMAND = re.compile(r"::(error|warning) ((?:\w+=[^,:\r\n]*)(?:,\w+=[^,:\r\n]*)*)::([^\r\n]*)")


def read_commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """As the runner reads them."""

    def unescape(value: str) -> str:
        for code, character in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
            value = value.replace(code, character)
        return value

    found = [COMMAND.fullmatch(line) for line in text.split("\n")[:-1]]
    return [
        (match[1], {key: unescape(value) for key, value in (pair.split("=", 1) for pair in match[2].split(","))}, unescape(match[3]))
        for match in found
        if match is not None
    ]


def test_github_is_read_back() -> None:
    warning, error, whole = read_commands(report("github", CHECKED))
    assert warning[0] == "warning"
    assert warning[2] == "100% <static>, & so:\non at /States/P, Q/Result"
    assert error[:2] == ("error", {"file": "a b/order.asl.json", "line": "14", "col": "15", "title": "MISSING_TRANSITION_TARGET"})
    assert whole[1] == {"file": "template.yaml", "title": "INVALID_JSON_DESCRIPTION"}
    assert report("github", [CHECKED[2]]) == ""


def test_junit_is_read_back() -> None:
    suites = ET.fromstring(report("junit", CHECKED))
    (suite,) = suites
    assert (suite.get("tests"), suite.get("failures")) == ("3", "2")
    first, second, third = suite
    assert (first.get("name"), first.get("file")) == ("a b/order.asl.json", "a b/order.asl.json")
    assert first[0].tag == "failure"
    assert first[0].get("type") == "MISSING_TRANSITION_TARGET"
    assert "Shp" in (first[0].text or "")
    assert "100% <static>, & so: on" in (first[1].text or "")
    assert (second.get("name"), second.get("file")) == ("template.yaml#Order", "template.yaml")
    assert len(third) == 0


@pytest.mark.parametrize("format", FORMATS)
def test_a_report_does_not_depend_on_the_order_of_finding(format: str) -> None:
    assert report(format, CHECKED) == report(format, [Checked(one.source, list(reversed(one.diagnostics))) for one in CHECKED])


def test_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="text, json, sarif, github, junit"):
        report("xml", [])


def test_no_code_has_two_meanings() -> None:
    assert not set(CODES) & set(formats.CODES)


@given(st.text(), st.text(min_size=1), st.none() | st.text())
def test_any_text_survives_every_report(message: str, source: str, location: str | None) -> None:
    fault = Diagnostic("CODE", message, location, line=1, column=1, source=source)
    checked = [Checked(source, [fault])]
    assert json.loads(report("json", checked))["definitions"][0]["diagnostics"][0]["message"] == message
    assert json.loads(report("sarif", checked))["runs"][0]["results"][0]["message"]["text"] == (message or "CODE")
    assert len(report("text", checked).split("\n")) == 3
    (case,) = ET.fromstring(report("junit", checked))[0]
    if not re.search("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", source):
        assert case.get("name") == source
    ((_, properties, told),) = read_commands(report("github", checked))
    assert properties["file"] == source
    assert told.startswith(message)
