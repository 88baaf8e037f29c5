"""The outline takes any JSON and finds every block, state and piece in it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from states.definition.outline import Outline
from tests.definition.machines import EVERYTHING, documents


def test_blocks_come_outermost_first() -> None:
    assert [(part.kind, part.location) for part in Outline(EVERYTHING).parts] == [
        ("machine", ""),
        ("processor", "/States/Each/ItemProcessor"),
        ("branch", "/States/Both/Branches[0]"),
        ("branch", "/States/Both/Branches[1]"),
        ("processor", "/States/Both/Branches[1]/States/Right/Iterator"),
    ]


def test_states_have_their_place() -> None:
    locations = [node.location for node in Outline(EVERYTHING).nodes]
    assert locations[0] == "/States/Prepare"
    assert locations[-1] == "/States/Both/Branches[1]/States/Right/Iterator/States/Inner"
    assert len(locations) == 13


def test_pieces_are_the_objects_with_fields_of_their_own() -> None:
    nodes = {node.name: node for node in Outline(EVERYTHING).nodes}
    assert [place for place, _ in nodes["Charge"].pieces] == ["", "/Retry[0]", "/Retry[1]", "/Catch[0]", "/Catch[1]"]
    assert [place for place, _ in nodes["Each"].pieces] == [
        *("", "/Retry[0]", "/ItemReader", "/ItemReader/ReaderConfig", "/ItemBatcher", "/ResultWriter")
    ]


def test_rules_inside_rules_are_found() -> None:
    which = next(node for node in Outline(EVERYTHING).nodes if node.name == "Which")
    assert [place for place, _ in which.rules] == [
        *("/Choices[0]", "/Choices[1]", "/Choices[2]", "/Choices[1]/And[0]", "/Choices[1]/And[1]", "/Choices[1]/And[0]/Not"),
        *("/Choices[1]/And[1]/Or[0]", "/Choices[1]/And[1]/Or[1]"),
    ]


@pytest.mark.parametrize(
    ("machine", "own", "language", "downgrades"),
    [
        (None, None, "JSONPath", False),
        (None, "JSONata", "JSONata", False),
        ("JSONata", None, "JSONata", False),
        ("JSONata", "JSONPath", "JSONPath", True),
        ("jsonpath", None, "JSONata", False),
        (None, 5, "JSONata", False),
    ],
)
def test_any_language_but_jsonpath_is_judged_as_jsonata(machine: Any, own: Any, language: str, downgrades: bool) -> None:
    definition: dict[str, Any] = {"States": {"A": {"Type": "Pass"}}}
    if machine is not None:
        definition["QueryLanguage"] = machine
    if own is not None:
        definition["States"]["A"]["QueryLanguage"] = own
    node = Outline(definition).nodes[0]
    assert (node.language, node.downgrades) == (language, downgrades)


def test_a_maps_language_does_not_reach_its_states() -> None:
    inner = {"StartAt": "I", "States": {"I": {"Type": "Pass"}}}
    outline = Outline({"States": {"M": {"Type": "Map", "QueryLanguage": "JSONata", "ItemProcessor": inner}}})
    assert [node.language for node in outline.nodes] == ["JSONata", "JSONPath"]


def test_an_endless_name_is_shown_short() -> None:
    node = Outline({"States": {"n" * 5000: {}}}).nodes[0]
    assert len(node.location) < 1100
    assert node.name == "n" * 5000


@settings(max_examples=200, deadline=None)
@given(documents)
def test_any_json_has_an_outline(value: Any) -> None:
    if isinstance(value, dict):
        for node in Outline(value).nodes:
            assert node.location.startswith("/States/")
            list(node.pieces)
            list(node.rules)
