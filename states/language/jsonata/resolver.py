"""The tree as written -> the tree as meant: paths become lists of steps, filters find their step, `%` finds the item it refers to.

- `a.b[0].c` is one path of three steps; the filter is a stage of its second.
- `x[]` makes the path around it keep a single result as an array.
- `%` looks at earlier steps for the one whose input is the parent; that step then remembers it (its `ancestor`), and all the steps around
  it work on rows (`tuple`).
- A call at the end of a function's body is marked `tail`: it is made by the caller of the function, so that recursion does not grow.

Source: https://docs.jsonata.org/path-operators, https://docs.jsonata.org/programming#tail-call-optimization-tail-recursion
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Final

from states.language.jsonata.errors import JsonataError
from states.language.jsonata.tree import Node, Slot


def resolve(tree: Node) -> Node:
    """The tree in its final form. The given one is used up. Raises JsonataError."""
    found = _Resolver().resolve(tree)
    if found.kind == "parent" or found.seeking is not None:
        raise JsonataError("S0217", found.position, token=found.kind)
    return found


def _some(node: Node | None) -> Node:
    assert node is not None
    return node


class _Resolver:
    def __init__(self) -> None:
        self.labels = count()

    def resolve(self, node: Node) -> Node:
        handler = RESOLVERS.get(node.kind)
        if handler is not None:
            found = handler(self, node)
        elif node.kind == "end":
            raise JsonataError("S0207", node.position, token=node.value)
        else:
            found = node  # literals, variables, wildcards, regular expressions, placeholders
        if node.keep_array:
            found.keep_array = True
        return found

    def name(self, node: Node) -> Node:
        path = _path(node)
        path.keep_singleton = node.keep_array
        return path

    def operator(self, node: Node) -> Node:
        """`and`, `or` and `in` where an operand stands are names."""
        node.kind = "name"
        return self.name(node)

    def parent(self, node: Node) -> Node:
        node.slot = Slot(f"!{next(self.labels)}")
        return node

    def binary(self, node: Node) -> Node:
        handler = BINARY.get(node.value)
        if handler is not None:
            return handler(self, node)
        node.left, node.right = self.resolve(_some(node.left)), self.resolve(_some(node.right))
        _pass_on(node, node.left)
        _pass_on(node, node.right)
        return node

    def unary(self, node: Node) -> Node:
        if node.value == "-":
            inner = self.resolve(_some(node.right))
            if inner.kind == "number":
                inner.value = -inner.value
                return inner
            node.right = inner
            _pass_on(node, inner)
            return node
        node.items = [self.resolve(item) for item in node.items]
        node.pairs = [(self.resolve(key), self.resolve(value)) for key, value in node.pairs]
        for part in [*node.items, *(part for pair in node.pairs for part in pair)]:
            _pass_on(node, part)
        return node

    def call(self, node: Node) -> Node:
        node.arguments = [self.resolve(argument) for argument in node.arguments]
        for argument in node.arguments:
            _pass_on(node, argument)
        node.left = self.resolve(_some(node.left))
        return node

    def function(self, node: Node) -> Node:
        node.right = self.resolve(_some(node.right))
        _mark_tail(node.right)
        return node

    def condition(self, node: Node) -> Node:
        node.left, node.right = self.resolve(_some(node.left)), self.resolve(_some(node.right))
        _pass_on(node, node.left)
        _pass_on(node, node.right)
        if node.otherwise is not None:
            node.otherwise = self.resolve(node.otherwise)
            _pass_on(node, node.otherwise)
        return node

    def transform(self, node: Node) -> Node:
        node.left, node.right = self.resolve(_some(node.left)), self.resolve(_some(node.right))
        if node.otherwise is not None:
            node.otherwise = self.resolve(node.otherwise)
        return node

    def block(self, node: Node) -> Node:
        node.items = [self.resolve(item) for item in node.items]
        for part in node.items:
            _pass_on(node, part)
            if part.constructs or (part.kind == "path" and part.items[0].constructs):
                node.constructs = True
        return node

    # The operators that make paths

    def step(self, node: Node) -> Node:
        left = self.resolve(_some(node.left))
        path = left if left.kind == "path" else _path(left)
        if left.kind == "parent" and left.slot is not None:
            path.seeking = [left.slot]
        right = self.resolve(_some(node.right))
        if right.kind == "path":
            path.items += right.items
        else:
            if right.predicates is not None:
                right.stages, right.predicates = [*right.predicates], None
            path.items.append(right)
        for item in path.items:
            if item.kind in ("number", "value"):
                raise JsonataError("S0213", item.position, value=item.value)
            if item.kind == "string":
                item.kind = "name"
            if item.keep_array:
                path.keep_singleton = True
        for item in (path.items[0], path.items[-1]):
            if item.kind == "unary" and item.value == "[":
                item.constructs = True
        _seek_in_path(path)
        return path

    def filter(self, node: Node) -> Node:
        found = self.resolve(_some(node.left))
        step = found.items[-1] if found.kind == "path" else found
        if step.group is not None:
            raise JsonataError("S0209", node.position)
        predicate = self.resolve(_some(node.right))
        if predicate.seeking is not None:
            for slot in predicate.seeking:
                if slot.level == 1:
                    _seek(step, slot)
                else:
                    slot.level -= 1
            _pass_on(step, predicate)
        if found.kind == "path":
            step.stages = [*(step.stages or []), predicate]
        else:
            step.predicates = [*(step.predicates or []), predicate]
        return found

    def grouping(self, node: Node) -> Node:
        found = self.resolve(_some(node.left))
        if found.group is not None:
            raise JsonataError("S0210", node.position)
        found.group = [(self.resolve(key), self.resolve(value)) for key, value in node.pairs]
        return found

    def order(self, node: Node) -> Node:
        found = self.resolve(_some(node.left))
        path = found if found.kind == "path" else _path(found)
        sort = Node("sort", "^", node.position)
        for expression, descending in node.terms:
            term = self.resolve(expression)
            _pass_on(sort, term)
            sort.terms.append((term, descending))
        path.items.append(sort)
        _seek_in_path(path)
        return path

    def assignment(self, node: Node) -> Node:
        node.kind = "bind"
        node.right = self.resolve(_some(node.right))
        _pass_on(node, node.right)
        return node

    def focus(self, node: Node) -> Node:
        found = self.resolve(_some(node.left))
        step = found.items[-1] if found.kind == "path" else found
        if step.stages is not None or step.predicates is not None:
            raise JsonataError("S0215", node.position)
        if step.kind == "sort":
            raise JsonataError("S0216", node.position)
        if node.keep_array:
            step.keep_array = True
        step.focus = _some(node.right).value
        step.tuple = True
        return found

    def index(self, node: Node) -> Node:
        found = self.resolve(_some(node.left))
        if found.kind == "path":
            step = found.items[-1]
        else:
            step = found
            found = _path(step)
            if step.predicates is not None:
                step.stages, step.predicates = [*step.predicates], None
        name = _some(node.right).value
        if step.stages is None:
            step.index = name
        else:
            step.stages.append(name)
        step.tuple = True
        return found

    def application(self, node: Node) -> Node:
        node.kind = "apply"
        node.left, node.right = self.resolve(_some(node.left)), self.resolve(_some(node.right))
        node.keep_array = node.left.keep_array or node.right.keep_array
        return node


RESOLVERS: Final[dict[str, Callable[[_Resolver, Node], Node]]] = {
    "name": _Resolver.name,
    "operator": _Resolver.operator,
    "parent": _Resolver.parent,
    "binary": _Resolver.binary,
    "unary": _Resolver.unary,
    "call": _Resolver.call,
    "partial": _Resolver.call,
    "lambda": _Resolver.function,
    "condition": _Resolver.condition,
    "transform": _Resolver.transform,
    "block": _Resolver.block,
}
BINARY: Final[dict[str, Callable[[_Resolver, Node], Node]]] = {
    ".": _Resolver.step,
    "[": _Resolver.filter,
    "{": _Resolver.grouping,
    "^": _Resolver.order,
    ":=": _Resolver.assignment,
    "@": _Resolver.focus,
    "#": _Resolver.index,
    "~>": _Resolver.application,
}


def _path(step: Node) -> Node:
    path = Node("path", None, step.position)
    path.items.append(step)
    return path


def _mark_tail(node: Node | None) -> None:
    """Marks the calls a body ends with."""
    if node is None:
        return
    if node.kind == "call":
        node.tail = node.predicates is None and node.group is None
    elif node.kind == "condition":
        _mark_tail(node.right)
        _mark_tail(node.otherwise)
    elif node.kind == "block" and node.items:
        _mark_tail(node.items[-1])


# Who a `%` refers to


def _pass_on(node: Node, part: Node) -> None:
    """What a part looks for, the whole looks for."""
    slots = part.seeking or []
    if part.kind == "parent" and part.slot is not None:
        slots = [*slots, part.slot]
    if slots:
        node.seeking = [*(node.seeking or []), *slots]


def _seek(node: Node, slot: Slot) -> None:
    """Goes one step back; at level 0 the step is the one that remembers its input."""
    if node.kind in ("name", "wildcard"):
        slot.level -= 1
        if slot.level == 0:
            if node.ancestor is not None:
                slot.label = node.ancestor.label
            node.ancestor = slot
            node.tuple = True
    elif node.kind == "parent":
        slot.level += 1
    elif node.kind == "block":
        if node.items:
            node.tuple = True
            _seek(node.items[-1], slot)
    elif node.kind == "path":
        node.tuple = True
        for step in reversed(node.items):
            _seek(step, slot)
            if slot.level == 0:
                break
    else:
        raise JsonataError("S0217", node.position, token=node.kind)


def _seek_in_path(path: Node) -> None:
    """Lets the last step's `%` look among the steps before it, and what is not found there in the surroundings of the path."""
    last = path.items[-1]
    slots = [*(last.seeking or [])]
    if last.kind == "parent" and last.slot is not None:
        slots.append(last.slot)
    for slot in slots:
        place = len(path.items) - 2
        while slot.level > 0:
            if place < 0:
                path.seeking = [*(path.seeking or []), slot]
                break
            step = path.items[place]
            place -= 1
            while place >= 0 and step.focus is not None and path.items[place].focus is not None:
                step = path.items[place]
                place -= 1
            _seek(step, slot)
