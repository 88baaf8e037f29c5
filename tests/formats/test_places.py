"""Places hold for every way a value can be written: what stands at the place that is given is the value that was asked for."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from states import definition
from states.definition.formats import definitions_in
from states.definition.formats.documents import Document, read_json, read_yaml
from states.definition.formats.places import InTree, Scalar, spread
from states.definition.formats.yamls import read_yaml as tree_of

names = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="/[]<\ufeff\ufffe\uffff"), max_size=8
)
leaves = st.none() | st.booleans() | st.integers(-(10**6), 10**6) | names
trees = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4), max_leaves=15)


def parts(value: Any, location: str = "") -> list[tuple[str, Any]]:
    found = [(location, value)]
    if type(value) is dict:
        for name, member in value.items():
            found += parts(member, f"{location}/{name}")
    if type(value) is list:
        for number, item in enumerate(value):
            found += parts(item, f"{location}[{number}]")
    return found


def offset_of(text: str, place: tuple[int, int]) -> int:
    return sum(len(line) + 1 for line in text.split("\n")[: place[0] - 1]) + place[1] - 1


def check(document: Document, value: Any) -> None:
    """Each scalar stands, as a text of its own, where its place says."""
    assert document.value == value
    positions = InTree(document.text, document.root, document.scalar)
    for location, part in parts(value):
        place = positions.find(location, key=False)
        assert place is not None, location
        if type(part) not in (dict, list):
            offset = offset_of(document.text, place)
            rest = document.text[offset:]
            scalar = document.scalar(offset)
            written = rest[: scalar.end - offset] if scalar is not None else json.dumps(part)
            assert rest.startswith(written)
            assert tree_of(written, "-").value in (part, json.dumps(part))  # the tag of a `!!null "null"` stands before it


@given(trees)
@settings(max_examples=60, deadline=None)
def test_places_in_json(value: Any) -> None:
    text = json.dumps({"x": value}, ensure_ascii=False, indent=1)
    check(read_json(text, "-"), {"x": value})


@given(trees, st.booleans(), st.sampled_from([None, '"', "'"]), st.integers(20, 90))
@settings(max_examples=120, deadline=None)
def test_places_in_yaml(value: Any, flow: bool, style: str | None, width: int) -> None:
    text = yaml.safe_dump({"x": value}, default_flow_style=flow, default_style=style, width=width, allow_unicode=True)
    loaded = tree_of(text, "-").value
    check(read_yaml(text, "-"), loaded)


texts = st.text(st.sampled_from("ab \n\té😀\"'\\:#"), max_size=30)


@given(texts, st.sampled_from(['"', "'", "|", ">"]), st.integers(10, 40))
@settings(max_examples=200, deadline=None)
def test_each_character_of_a_scalar_has_its_place(value: str, style: str, width: int) -> None:
    text = yaml.safe_dump({"x": value}, default_style=style, width=width, allow_unicode=True)
    (scalar,) = tree_of(text, "-").scalars.values()
    assert scalar.value == value
    offsets = spread(text, scalar)
    assert len(offsets) == len(value) + 1
    assert offsets == sorted(offsets)
    for character, offset in zip(value, offsets, strict=False):
        if character not in " \n\t":
            assert text[offset] in (character, "\\"), (text, value, offsets)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("x: |\n   ab\n   cd Z\n", "Z"),
        ("x: |2-  # note\n    ab\n  Z\n", "Z"),
        ("x: >\n  folded\n  text Z\n", "Z"),
        ("x: 'it''s Z'\n", "Z"),
        ('x: "a\\\n   b \\u00e9 Z"\n', "Z"),
        ("x: plain\n  goes on Z\n", "Z"),
        ("x: !Sub 'a Z'\n", "Z"),
        ("x: &anchor !Sub >-\n  a\n  Z\n", "Z"),
        ('{"x": "\\U0001f600 \\"Z"}', "Z"),
        ("x: |\r\n  ab\r\n  Z\r\n", "Z"),
    ],
)
def test_a_character_of_a_scalar_has_its_place(text: str, mark: str) -> None:
    (scalar,) = tree_of(text, "-").scalars.values()
    assert spread(text, scalar)[scalar.value.index(mark)] == text.index(mark)


def test_a_surrogate_pair_of_json_is_one_character() -> None:
    text = '"\\ud83d\\ude00 \\"Z"'
    assert spread(text, Scalar(0, len(text), '"', json.loads(text))) == [1, 13, 14, 16, 17]


@pytest.mark.parametrize(
    "text", ['{"a": ' + '\\"' * 100_000, '"${a}' * 50_001, "${" * 100_000, "${{}" * 50_000, "/*" * 100_000, '"${a} ' + "${b}" * 50_000]
)
def test_broken_text_takes_no_time(text: str) -> None:
    for name in ("m.asl.json", "m.asl.jsonc"):
        (found,) = definitions_in(text.encode(), name)
        assert definition.validate(found)


def test_what_cannot_be_brought_together_has_the_last_place_known() -> None:
    assert spread("abc", Scalar(0, 3, "", "abX")) == [0, 1, 2, 2]


@given(st.text(st.sampled_from("abS:-?|>&*!%@`{}[]#,'\"\\ \n\t~<=0.e+é\ufeff\u2028\x85"), max_size=60))
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_the_reading_of_yaml(text: str) -> None:
    for found in definitions_in(text.encode(), "a.yaml"):
        assert definition.validate(found)


functions = [f"Fn::{name}" for name in ("Sub", "Join", "If", "GetAtt", "Select", "FindInMap", "Transform")]
functions += ["Ref", "Parameters", "Name", "States", "StartAt"]
calls = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(functions), inner, max_size=3))


@given(calls)
@settings(max_examples=200, deadline=None)
def test_no_template_breaks_the_reading(value: Any) -> None:
    for field in ("Definition", "DefinitionString", "DefinitionUri", "DefinitionSubstitutions"):
        machine = {"Type": "AWS::Serverless::StateMachine", "Properties": {field: value, "Type": value}}
        template = {"Resources": {"M": machine, "N": {"Type": machine["Type"], "Properties": value}, "O": value}, "Parameters": value}
        for name in ("t.json", "t.yaml"):
            for found in definitions_in(json.dumps(template).encode(), name):
                definition.validate(found)
