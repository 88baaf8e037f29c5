"""Who leads to whom: plainly for the rules, and as a networkx graph for everybody else."""

from __future__ import annotations

from typing import Any

import networkx
import pytest

from states.definition import loads
from states.definition.graph import graph, reached, transitions
from states.definition.outline import Outline
from tests.definition.machines import EVERYTHING, LITTLE

GRAPH = graph(loads(EVERYTHING))


def ways(name: str) -> list[tuple[str, str, str]]:
    node = next(node for node in Outline(EVERYTHING).nodes if node.name == name)
    return [(way.kind, way.target, way.place) for way in transitions(node)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Prepare", [("next", "Charge", "/Next")]),
        ("Charge", [("next", "Which", "/Next"), ("catch", "Stop", "/Catch[0]/Next"), ("catch", "Stop", "/Catch[1]/Next")]),
        (
            "Which",
            [
                ("choice", "Hold", "/Choices[0]/Next"),
                ("choice", "Each", "/Choices[1]/Next"),
                ("choice", "Both", "/Choices[2]/Next"),
                ("default", "Stop", "/Default"),
            ],
        ),
        ("Done", []),
        ("Stop", []),
    ],
)
def test_the_ways_out_of_a_state(name: str, expected: list[tuple[str, str, str]]) -> None:
    assert ways(name) == expected


@pytest.mark.parametrize(
    ("definition", "names"),
    [
        (EVERYTHING, set(EVERYTHING["States"])),
        (LITTLE, {"A"}),
        ({**LITTLE, "StartAt": "B"}, set()),
        ({**LITTLE, "StartAt": []}, set()),
        ({"States": {}}, set()),
        ({"StartAt": "A", "States": {"A": {"Next": "A"}, "B": {"Next": "A"}}}, {"A"}),
        ({"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": [{"Next": "B"}, 5, {"Next": 1}]}, "B": {}, "C": {}}}, {"A", "B"}),
    ],
)
def test_what_a_start_reaches(definition: dict[str, Any], names: set[str]) -> None:
    assert reached(Outline(definition).parts[0]) == names


def test_the_graph_has_every_state() -> None:
    assert isinstance(GRAPH, networkx.DiGraph)
    assert GRAPH.graph["start_at"] == "Prepare"
    assert len(GRAPH) == 13
    assert GRAPH.nodes["Charge"] == {"type": "Task", "location": "/States/Charge", "block": ""}
    assert GRAPH.nodes["Work"] == {
        "type": "Pass",
        "location": "/States/Each/ItemProcessor/States/Work",
        "block": "/States/Each/ItemProcessor",
    }


@pytest.mark.parametrize(
    ("source", "target", "kind"),
    [
        *(("Prepare", "Charge", "next"), ("Charge", "Stop", "catch"), ("Which", "Hold", "choice"), ("Which", "Stop", "default")),
        *(("Each", "Work", "processor"), ("Both", "Left", "branch"), ("Both", "Right", "branch"), ("Right", "Inner", "processor")),
    ],
)
def test_an_edge_says_how_it_leads(source: str, target: str, kind: str) -> None:
    assert GRAPH.edges[source, target]["kind"] == kind


def test_two_transitions_between_two_states_are_one_edge() -> None:
    assert GRAPH.edges["Charge", "Stop"]["kinds"] == ("catch", "catch")


def test_the_graph_answers_questions() -> None:
    assert networkx.descendants(GRAPH, "Both") == {"Left", "Right", "Inner", "Done"}
    assert networkx.is_directed_acyclic_graph(GRAPH)
    assert not any(True for _ in networkx.selfloop_edges(GRAPH))
