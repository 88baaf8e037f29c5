"""What an expression refers to, found without evaluating it: for the checks that AWS makes when a definition is created.

At the top level there is no context, so whatever would read one is refused: the first step of a path, arguments, operands, members of
arrays, keys and values of objects, and bodies of functions. Predicates, later steps, order-by terms and groups of items have a context.

Source: docs/jsonata.md (measured with ValidateStateMachineDefinition)
"""

from __future__ import annotations

from collections.abc import Iterator

from states.language.jsonata.functions import BUILTINS
from states.language.jsonata.tree import Node


class Reference:
    """A reference to the context: `$`, `$$` or a bare name, and where it stands."""

    __slots__ = ("name", "position")

    def __init__(self, name: str, position: int) -> None:
        self.name = name
        self.position = position


class Scan:
    """What was found: free `variables`, the `states_fields` with their positions, and what reads an absent context."""

    def __init__(self, tree: Node | None) -> None:
        self._variables: set[str] = set()
        self.fields: list[tuple[str, int]] = []
        self.absent: list[Reference] = []
        self.roots: list[int] = []
        if tree is not None:
            self._visit(tree, True, frozenset())

    @property
    def variables(self) -> frozenset[str]:
        return frozenset(self._variables)

    @property
    def states_fields(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.fields)

    def _visit(self, node: Node | None, top: bool, bound: frozenset[str]) -> frozenset[str]:
        """Looks at a node; `top` says that there is no context. Gives the variables known behind it."""
        if node is None:
            return bound
        kind = node.kind
        if kind == "variable":
            self._variable(node, top, bound)
        elif kind == "name":
            if top:
                self.absent.append(Reference(node.value, node.position))
        elif kind == "path":
            bound = self._path(node, top, bound)
        elif kind == "block":
            inner = bound
            for item in node.items:
                inner = self._visit(item, top, inner)
        elif kind == "bind":
            assert node.left is not None
            name = {node.left.value}
            self._visit(node.right, top, bound | name if node.right is not None and node.right.kind == "lambda" else bound)
            bound = bound | name
        elif kind == "lambda":
            self._visit(node.right, top, bound | {*node.parameters})
        elif kind == "transform":
            for part in (node.left, node.right, node.otherwise):
                self._visit(part, False, bound)
        elif kind == "sort":
            for term, _ in node.terms:
                self._visit(term, False, bound)
        else:
            for part in _operands(node):
                bound = self._visit(part, top, bound)
        self._attached(node, bound)
        return bound

    def _path(self, node: Node, top: bool, bound: frozenset[str]) -> frozenset[str]:
        first, *rest = node.items
        bound = self._visit(first, top, bound)
        if first.kind == "variable" and first.value == "states" and rest and rest[0].kind == "name":
            self.fields.append((rest[0].value, first.position))
        bound = self._bindings(first, bound)
        for step in rest:
            self._visit(step, False, bound)
            bound = self._bindings(step, bound)
        return bound

    def _bindings(self, step: Node, bound: frozenset[str]) -> frozenset[str]:
        stages = [stage for stage in step.stages or [] if isinstance(stage, str)]
        return bound | {name for name in (step.focus, step.index, *stages) if name is not None}

    def _attached(self, node: Node, bound: frozenset[str]) -> None:
        """Filters and groups, which have the items as context."""
        bound = self._bindings(node, bound)
        for filter in [*(node.predicates or []), *(node.stages or [])]:
            if isinstance(filter, Node):
                self._visit(filter, False, bound)
        if node.kind == "path":
            for step in node.items:
                bound = self._bindings(step, bound)
        for key, value in node.group or []:
            self._visit(key, False, bound)
            self._visit(value, False, bound)

    def _variable(self, node: Node, top: bool, bound: frozenset[str]) -> None:
        name = node.value
        if name == "$":
            self.roots.append(node.position)
        elif name == "":
            if top:
                self.absent.append(Reference("$", node.position))
        elif name not in bound and name not in BUILTINS:
            self._variables.add(name)


def _operands(node: Node) -> Iterator[Node]:
    for part in (node.left, node.right, node.otherwise, *node.items, *node.arguments):
        if part is not None:
            yield part
    for pair in node.pairs:
        yield from pair


def height(node: Node) -> int:
    """How many levels a tree has, as it was read; counted without recursion."""
    highest = 0
    pending = [(node, 1)]
    while pending:
        at, level = pending.pop()
        highest = max(highest, level)
        parts = [*_operands(at), *(term for term, _ in at.terms)]
        pending.extend((part, level + 1) for part in parts)
    return highest
