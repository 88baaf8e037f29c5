"""The syntax tree: one kind of node, told apart by `kind`, with the parts that kind has.

The kinds are string, number, value, name, variable, wildcard, descendant, parent, regex, path, binary, unary, condition, block, bind,
call, partial, apply, lambda, transform and sort. A path's `items` are its steps. Any node may carry `predicates` (filters of its result),
`group` (an object constructor applied to it) and `keep_array`. A node that is a step of a path may carry `stages` (filters and index
bindings of each item), a `focus` (`@$x`), an `index` (`#$i`), an `ancestor` (what `%` in a later step refers to) and `tuple` (the path has
to remember rows).

Source: https://docs.jsonata.org/path-operators
"""

from __future__ import annotations

from typing import Any


class Slot:
    """What one `%` refers to: `level` steps to go up, and the name its item is remembered by."""

    __slots__ = ("label", "level")

    def __init__(self, label: str) -> None:
        self.label = label
        self.level = 1


class Node:
    """A part of an expression. `position` is the offset of its first token, or of its operator."""

    __slots__ = (
        "ancestor",
        "arguments",
        "constructs",
        "focus",
        "group",
        "index",
        "items",
        "keep_array",
        "keep_singleton",
        "kind",
        "left",
        "otherwise",
        "pairs",
        "parameters",
        "position",
        "predicates",
        "right",
        "seeking",
        "signature",
        "slot",
        "stages",
        "tail",
        "terms",
        "token",
        "tuple",
        "value",
    )

    def __init__(self, kind: str, value: Any, position: int) -> None:
        self.kind = kind
        self.value = value
        self.position = position
        self.token = value  # the symbol it was written with
        self.left: Node | None = None
        self.right: Node | None = None
        self.otherwise: Node | None = None
        self.items: list[Node] = []  # steps of a path, members of an array, expressions of a block
        self.arguments: list[Node] = []
        self.parameters: list[str] = []
        self.pairs: list[tuple[Node, Node]] = []
        self.terms: list[tuple[Node, bool]] = []  # (expression, descending)
        self.signature: str | None = None
        self.keep_array = False
        self.keep_singleton = False
        self.constructs = False  # an array constructor whose result is not flattened
        self.tail = False  # a call in tail position of a function
        self.predicates: list[Node] | None = None
        self.stages: list[Node | str] | None = None  # a filter, or the name of an index binding
        self.group: list[tuple[Node, Node]] | None = None
        self.focus: str | None = None
        self.index: str | None = None
        self.ancestor: Slot | None = None
        self.tuple = False
        self.slot: Slot | None = None
        self.seeking: list[Slot] | None = None

    def __repr__(self) -> str:
        return f"<{self.kind} {self.value!r} at {self.position}>"
