"""The schemas: our walker and jsonschema agree, every keyword is known, and faults are in AWS's words."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings

from states.definition import schema
from states.definition.outline import TYPES, Outline
from states.definition.rules.fields import COMPARISONS, ONLY
from states.language import comparisons
from tests.definition.machines import EVERYTHING, LITTLE, documents, mutations
from tests.shared import ROOT, SHARED, needs_shared

FILES = sorted(path.name for path in (ROOT / "asl_schemas").glob("*.json"))


def whole() -> Any:
    """jsonschema's own validator of a whole definition, states inside states included."""
    return jsonschema.Draft202012Validator({"$ref": "state_machine.json"}, registry=schema.registry())


def agree(definition: Any) -> bool:
    """Whether both find the same; a definition that is no object is `source`'s to refuse."""
    if type(definition) is not dict:
        return True
    return schema.conforms_wholly(Outline(definition)) is bool(whole().is_valid(definition))


def subschemas(value: Any) -> Iterator[dict[str, Any]]:
    """Every schema in a schema file."""
    if isinstance(value, dict):
        yield value
        for keyword, argument in value.items():
            if keyword in ("properties", "$defs"):
                for inner in argument.values():
                    yield from subschemas(inner)
            elif keyword in ("items", "additionalProperties", "if", "then"):
                yield from subschemas(argument)
            elif keyword == "allOf":
                for inner in argument:
                    yield from subschemas(inner)


@pytest.mark.parametrize("name", FILES)
def test_a_schema_file_is_a_schema_and_says_its_name(name: str) -> None:
    loaded = schema.document(name)
    jsonschema.Draft202012Validator.check_schema(loaded)
    assert loaded["$id"] == name
    assert loaded["title"]


@pytest.mark.parametrize("name", FILES)
def test_the_walker_knows_every_keyword(name: str) -> None:
    for inner in subschemas(schema.document(name)):
        assert set(inner) <= set(schema.KEYWORDS) | schema.SILENT


@pytest.mark.parametrize("name", FILES)
def test_every_keyword_that_can_fail_has_words(name: str) -> None:
    silent = {"$ref", "properties", "items", "if", "allOf", "const"}
    for inner in subschemas(schema.document(name)):
        keywords = set(inner) & set(schema.KEYWORDS) - silent
        assert keywords <= set(schema.WORDS) or isinstance(inner.get("additionalProperties"), dict)


def test_there_is_a_schema_for_each_type() -> None:
    kinds = [branch["if"]["properties"]["Type"]["const"] for branch in schema.document("state.json")["allOf"]]
    assert tuple(kinds) == TYPES
    assert sorted(schema.document("state.json")["properties"]["Type"]["enum"]) == sorted(TYPES)
    assert set(schema.DOCUMENTS.values()) <= set(FILES)


def test_the_39_comparisons_are_the_same_everywhere() -> None:
    tests = {"And", "Or", "Not"}
    rule, nested = schema.document("choice_rule.json"), schema.document("choice_rule.json")["$defs"]["nested"]
    assert set(nested["properties"]) - {"Comment", "Variable"} - tests == COMPARISONS
    assert set(rule["properties"]) - {"Comment", "Next", "Variable", "Condition", "Assign", "Output"} - tests == COMPARISONS
    assert set(comparisons.COMPARISONS) == COMPARISONS
    assert len(COMPARISONS) == 39


def test_a_field_of_one_language_stands_in_some_schema() -> None:
    known = {field for name in FILES for inner in subschemas(schema.document(name)) for field in inner.get("properties", ())}
    for fields in ONLY.values():
        assert fields <= known


# --- agreement ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "definition", [EVERYTHING, LITTLE, {}, {"StartAt": 1, "States": []}], ids=["everything", "little", "empty", "wrong"]
)
def test_walker_and_jsonschema_agree(definition: dict[str, Any]) -> None:
    assert agree(definition)


def test_the_machine_with_every_field_conforms() -> None:
    assert schema.conforms_wholly(Outline(EVERYTHING))
    assert schema.faults(Outline(EVERYTHING)) == []


def test_walker_and_jsonschema_agree_on_mutations() -> None:
    disagree = [broken for broken in mutations(EVERYTHING, 400) if not agree(broken)]
    assert disagree == []


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents)
def test_walker_and_jsonschema_agree_on_any_json(value: Any) -> None:
    assert agree(value)
    if isinstance(value, dict):
        assert agree({"StartAt": "A", "States": value})
        assert agree({"StartAt": "A", "States": {"A": value}})


@needs_shared
def test_walker_and_jsonschema_agree_on_the_corpus() -> None:
    disagree = []
    for path in sorted((SHARED / "machines").glob("*/*.json")):
        try:
            definition = json.loads(path.read_bytes())
        except ValueError:
            continue
        if not agree(definition):
            disagree.append(path.name)
    assert disagree == []


@needs_shared
def test_faults_are_found_where_and_only_where_the_walker_says_no() -> None:
    for path in sorted((SHARED / "machines" / "invalid").glob("*.json")):
        try:
            outline = Outline(json.loads(path.read_bytes()))
        except (ValueError, AttributeError):
            continue
        assert bool(schema.faults(outline)) == (not schema.conforms_wholly(outline)), path.name


def test_schemas_are_read_from_a_zip(tmp_path: Path) -> None:
    """Package data, not files: a wheel on the path serves as well as a checkout."""
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as made:
        for path in (*(ROOT / "asl_schemas").glob("*"), *(ROOT / "states").rglob("*.py")):
            if path.is_file():
                made.write(path, path.relative_to(ROOT))
    code = "\n".join(
        (
            f"import sys; sys.path.insert(0, {str(archive)!r})",
            "from states.definition import schema, validate",
            "print(schema.__file__.startswith(sys.path[0]), len(validate({'StartAt': 'A', 'States': {'A': {'Type': 'Task', 'End': 1}}})))",
        )
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.strip() == "True 2"


# --- words -------------------------------------------------------------------------------------------------------------------------


def fault_of(state: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(fault.message, fault.location) for fault in schema.faults(Outline({"StartAt": "A", "States": {"A": state}}))]


@pytest.mark.parametrize(
    ("state", "message", "location"),
    [
        ({"Type": "Task", "End": True}, "These fields are required: [Resource]", "/States/A"),
        ({"Type": "Pass", "End": 1}, "Expected value of type [BOOLEAN]", "/States/A/End"),
        ({"Type": "Wait", "Seconds": None}, "Expected value of type Integer", "/States/A/Seconds"),
        ({"Type": "Wait", "Seconds": True}, "Expected value of type Integer", "/States/A/Seconds"),
        ({"Type": "Pass", "Nxt": "B"}, "Field 'Nxt' is not supported", "/States/A"),
        ({"Type": "Parallel", "Branches": []}, "Value cannot be empty", "/States/A/Branches"),
        ({"Type": "Parallel", "Branches": [{}]}, "These fields are required: [States, StartAt]", "/States/A/Branches[0]"),
        ({"Type": "Map", "MaxConcurrency": -1}, "Minimum value is 0", "/States/A/MaxConcurrency"),
        ({"Type": "Wait", "Seconds": 100_000_000}, "Maximum value is 99999999", "/States/A/Seconds"),
    ],
)
def test_a_fault_is_worded_as_aws_does(state: dict[str, Any], message: str, location: str) -> None:
    assert fault_of(state) == [(message, location)]


def test_a_fault_of_type_silences_the_other_faults_of_that_value() -> None:
    assert fault_of({"Type": "Pass", "QueryLanguage": 5}) == [("Expected value of type [STRING]", "/States/A/QueryLanguage")]


@pytest.mark.parametrize(("seconds", "right"), [("${Seconds}", True), ("$Seconds", True), (1.0, True), (1.5, False), ([], False)])
def test_a_substitution_is_of_every_type(seconds: Any, right: bool) -> None:
    assert (fault_of({"Type": "Wait", "Seconds": seconds}) == []) is right


def test_a_substitution_may_stand_for_a_whole_list() -> None:
    assert fault_of({"Type": "Task", "Resource": "${Function.Arn}", "Retry": "${Retry}"}) == []


def test_no_more_faults_than_anybody_reads() -> None:
    definition = {"StartAt": "A", "States": {f"S{number}": {"Type": "Pass", "Nxt": 1} for number in range(3000)}}
    assert len(schema.faults(Outline(definition))) == schema.MAX_FAULTS
