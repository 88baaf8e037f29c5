"""A definition as blocks and states, whatever shape it has: what schema and rules walk over.

Reads any JSON without complaint: a block is any object that stands where a `StartAt` with its `States` belongs, a state is any member of
`States`. Walks with a list instead of recursion, so nesting costs nothing. Blocks come outermost first, states in the order of the text.

Source: https://states-language.net/spec.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

TYPES = ("Pass", "Task", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map")
JSONPATH = "JSONPath"
JSONATA = "JSONata"


class Node:
    """A state as it is written. `value` is `{}` when it was no object; `language` is what its fields are judged by."""

    __slots__ = ("block", "downgrades", "language", "location", "name", "type", "value", "written")

    def __init__(self, name: str, written: Any, block: Part, machine_language: str) -> None:
        self.name = name
        self.written = written
        self.value: dict[str, Any] = written if type(written) is dict else {}
        self.location = f"{block.location}/States/{name}"
        self.block = block
        kind = self.value.get("Type")
        self.type: str | None = kind if kind in TYPES else None
        own = self.value.get("QueryLanguage", machine_language)
        self.downgrades = machine_language == JSONATA and own == JSONPATH
        self.language = JSONPATH if own == JSONPATH else JSONATA


class Part:
    """A block as it is written: the machine (`kind` "machine"), a branch of a Parallel, or the processor of a Map."""

    __slots__ = ("kind", "location", "nodes", "owner", "value")

    def __init__(self, kind: str, value: dict[str, Any], location: str, owner: Node | None) -> None:
        self.kind = kind
        self.value = value
        self.location = location
        self.owner = owner
        self.nodes: dict[str, Node] = {}


class Outline:
    """Every block and every state of a definition.

    >>> outline = Outline({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})
    >>> [node.location for node in outline.nodes]
    ['/States/A']
    """

    __slots__ = ("definition", "language", "nodes", "parts", "type")

    def __init__(self, definition: dict[str, Any], type: str = "STANDARD") -> None:  # noqa: A002
        self.definition = definition
        self.type = type
        #: Any QueryLanguage but exactly JSONPath is judged as JSONata; that the value is wrong is told apart.
        self.language = JSONPATH if definition.get("QueryLanguage", JSONPATH) == JSONPATH else JSONATA
        self.parts = [Part("machine", definition, "", None)]
        self.nodes: list[Node] = []
        for part in self.parts:  # grows while it is walked
            states = part.value.get("States")
            if type_is_object(states):
                for name, written in states.items():
                    node = part.nodes[name] = Node(name, written, part, self.language)
                    self.nodes.append(node)
                    self.parts.extend(inner_parts(node))


def type_is_object(value: Any) -> bool:
    return type(value) is dict


def inner_parts(node: Node) -> Iterator[Part]:
    """The blocks directly inside a state."""
    value = node.value
    if node.type == "Parallel":
        branches = value.get("Branches")
        if type(branches) is list:
            for index, branch in enumerate(branches):
                if type(branch) is dict:
                    yield Part("branch", branch, f"{node.location}/Branches[{index}]", node)
    elif node.type == "Map":
        for field in ("ItemProcessor", "Iterator"):
            processor = value.get(field)
            if type(processor) is dict:
                yield Part("processor", processor, f"{node.location}/{field}", node)
