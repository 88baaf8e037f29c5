"""A definition as blocks, states and pieces, whatever shape it has: what schema and rules walk over.

Reads any JSON without complaint: a block is any object that stands where a `StartAt` with its `States` belongs, a state is any member of
`States`, a piece any object in a state that has fields of its own (a retrier, a choice rule, an ItemReader ...). Walks with a list instead
of recursion, so nesting costs nothing. Blocks come outermost first, states in the order of the text.

Source: https://states-language.net/spec.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Fields = dict[str, Any]

TYPES = ("Pass", "Task", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map")
JSONPATH = "JSONPath"
JSONATA = "JSONata"

#: Fields of a state that hold a list of pieces, and those of a Map that are one.
LISTS = ("Retry", "Catch", "Choices")
OBJECTS = ("ItemReader", "ItemBatcher", "ResultWriter")

MAX_SHOWN = 1000  #: characters of a name in a location; AWS's names have 80


class Node:
    """A state as it is written. `value` is `{}` when it was no object; `language` is what its fields are judged by."""

    __slots__ = ("_pieces", "_rules", "block", "downgrades", "language", "name", "type", "value", "written")

    def __init__(self, name: str, written: Any, block: Part, machine_language: str) -> None:
        self.name = name
        self.written = written
        self.value: Fields = written if type(written) is dict else {}
        self.block = block
        kind = self.value.get("Type")
        self.type: str | None = kind if kind in TYPES else None
        own = self.value.get("QueryLanguage", machine_language)
        self.downgrades = machine_language == JSONATA and own == JSONPATH
        self.language = JSONPATH if own == JSONPATH else JSONATA
        self._pieces: list[tuple[str, Fields]] | None = None
        self._rules: list[tuple[str, Any]] | None = None

    @property
    def location(self) -> str:
        """`/States/Each/ItemProcessor/States/Work`. Made when asked for: most states have no fault."""
        name = self.name if len(self.name) <= MAX_SHOWN else f"{self.name[:MAX_SHOWN]}..."
        return f"{self.block.location}/States/{name}"

    @property
    def pieces(self) -> list[tuple[str, Fields]]:
        """The state's own fields (at "") and those of each object in it that has fields, with the place within the state."""
        if self._pieces is None:
            self._pieces = [("", self.value)]
            for field in LISTS:
                if field in self.value:
                    self._pieces += entries(f"/{field}", self.value[field])
            if self.type == "Map":
                self._pieces += inner_objects(self.value)
        return self._pieces

    @property
    def rules(self) -> list[tuple[str, Any]]:
        """Every choice rule of the state, rules inside rules too, with the place within the state."""
        if self._rules is None:
            self._rules = choice_rules(self.value.get("Choices"))
        return self._rules


class Part:
    """A block as it is written: the machine, a branch of a Parallel, or the processor of a Map (`kind`)."""

    __slots__ = ("_within", "kind", "nodes", "owner", "value")

    def __init__(self, kind: str, value: Fields, owner: Node | None = None, within: str = "") -> None:
        self.kind = kind
        self.value = value
        self.owner = owner
        self._within = within
        self.nodes: dict[str, Node] = {}

    @property
    def location(self) -> str:
        return f"{self.owner.location}{self._within}" if self.owner else ""


class Outline:
    """Every block and every state of a definition.

    >>> outline = Outline({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})
    >>> [node.location for node in outline.nodes]
    ['/States/A']
    """

    __slots__ = ("definition", "language", "nodes", "parts", "type")

    def __init__(self, definition: Fields, machine_type: str = "STANDARD") -> None:
        self.definition = definition
        self.type = machine_type
        #: Any QueryLanguage but exactly JSONPath is judged as JSONata; that the value is wrong is told apart.
        self.language = JSONPATH if definition.get("QueryLanguage", JSONPATH) == JSONPATH else JSONATA
        self.parts = [Part("machine", definition)]
        self.nodes: list[Node] = []
        for part in self.parts:  # grows while it is walked
            states: Any = part.value.get("States")
            if type(states) is dict:
                for name, written in states.items():
                    node = part.nodes[name] = Node(name, written, part, self.language)
                    self.nodes.append(node)
                    self.parts.extend(inner_parts(node))


def inner_parts(node: Node) -> Iterator[Part]:
    """The blocks directly inside a state."""
    if node.type == "Parallel":
        yield from (Part("branch", branch, node, place) for place, branch in entries("/Branches", node.value.get("Branches")))
    elif node.type == "Map":
        for field in ("ItemProcessor", "Iterator"):
            processor = node.value.get(field)
            if type(processor) is dict:
                yield Part("processor", processor, node, f"/{field}")


def inner_objects(value: Fields) -> Iterator[tuple[str, Fields]]:
    """ItemReader, ItemBatcher and ResultWriter of a Map, and the configuration inside the reader."""
    for field in OBJECTS:
        inner = value.get(field)
        if type(inner) is dict:
            yield f"/{field}", inner
            config = inner.get("ReaderConfig")
            if type(config) is dict:
                yield f"/{field}/ReaderConfig", config


def entries(place: str, value: Any) -> list[tuple[str, Fields]]:
    """Place and fields of the objects in a list."""
    if type(value) is not list:
        return []
    return [(f"{place}[{index}]", entry) for index, entry in enumerate(value) if type(entry) is dict]


def choice_rules(value: Any) -> list[tuple[str, Any]]:
    """Place and value of every choice rule, the outermost first, then those inside And, Or and Not. A rule may be no object."""
    found = [(f"/Choices[{index}]", rule) for index, rule in enumerate(value)] if type(value) is list else []
    for place, rule in found:  # grows while it is walked
        if type(rule) is dict:
            for combinator in ("And", "Or"):
                if type(rule.get(combinator)) is list:
                    found += [(f"{place}/{combinator}[{index}]", inner) for index, inner in enumerate(rule[combinator])]
            if "Not" in rule:
                found.append((f"{place}/Not", rule["Not"]))
    return found
