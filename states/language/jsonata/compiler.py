"""Tree -> closures: each part of an expression becomes a Python function of (context, frame) that gives its value.

Every function of the expression, and the expression itself, is compiled as a Body. A part knows its depth within its body; the deepest
one is the body's height (see `frames`). Paths are compiled in `path_compiler`, calls in `call_compiler`.

Source: https://docs.jsonata.org; the order of evaluation and the rules of sequences are those of JSONata 2.0.6
"""

# ruff: noqa: ARG001, ARG005 - every closure takes (context, frame), whether it needs them or not

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from states.language.jsonata import call_compiler, operators
from states.language.jsonata.data import NUMBERS, UNDEFINED, Constructed, Outer, Sequence, is_number, settled, truth
from states.language.jsonata.errors import JsonataError
from states.language.jsonata.frames import Body, Evaluate, Frame, blame
from states.language.jsonata.functions import BUILTINS
from states.language.jsonata.groups import Group, compile_group
from states.language.jsonata.path_compiler import compile_filter, compile_path
from states.language.jsonata.path_names import look_up
from states.language.jsonata.regexes import compile_regex
from states.language.jsonata.tree import Node

_NOT_HERE: Final = object()

#: Steps that a call costs besides those of its parts.
CALL_WEIGHT: Final = 6


class Compiler:
    """Compiles one body; `part` is called for every node with its depth."""

    def __init__(self, checked: bool) -> None:
        self.checked = checked
        self.height = 0
        self.weight = 0

    def part(self, node: Node | None, depth: int) -> Evaluate:
        """The closure of a node, with its predicates, its grouping, and the rule of sequences applied to the result."""
        assert node is not None
        self.height = max(self.height, depth)
        self.weight += 1
        evaluate = _HANDLERS[node.kind](self, node, depth)
        if node.predicates:
            evaluate = _filtered(evaluate, [compile_filter(self, predicate, depth) for predicate in node.predicates])
        if node.group is not None and node.kind != "path":
            evaluate = _grouped(evaluate, self.group(node.group, depth, node.position))
        if node.kind in _QUERIES or node.predicates or node.keep_array:
            evaluate = _settling(evaluate, node.keep_array)
        return _checking(evaluate, depth) if self.checked else evaluate

    def group(self, pairs: list[tuple[Node, Node]], depth: int, position: int) -> Group:
        """The closure of an object constructor over the items of a value."""
        return compile_group([(self.part(key, depth + 1), self.part(value, depth + 1)) for key, value in pairs], position)

    def body(self, node: Node) -> Body:
        """The body of a function within this one."""
        return compile_body(node)


def compile_body(node: Node) -> Body:
    """The body of a function, or of a whole expression."""
    compiler = Compiler(checked=False)
    fast = compiler.part(node, 1)
    return Body(fast, compiler.height, compiler.weight + CALL_WEIGHT, lambda: Compiler(checked=True).part(node, 1))


# What surrounds every part


def _checking(evaluate: Evaluate, depth: int) -> Evaluate:
    def checked(context: Any, frame: Frame) -> Any:
        run = frame.run
        if frame.base + depth > run.max_depth:
            raise run.too_deep()
        return evaluate(context, frame)

    return checked


def _settling(evaluate: Evaluate, keep: bool) -> Evaluate:
    def settling(context: Any, frame: Frame) -> Any:
        value = evaluate(context, frame)
        return settled(value, keep) if isinstance(value, Sequence) else value

    return settling


def _filtered(evaluate: Evaluate, filters: list[Callable[[Any, Frame], Any]]) -> Evaluate:
    def filtered(context: Any, frame: Frame) -> Any:
        value = evaluate(context, frame)
        for select in filters:
            value = select(value, frame)
        return value

    return filtered


def _grouped(evaluate: Evaluate, group: Callable[[Any, Frame], Any]) -> Evaluate:
    def grouped(context: Any, frame: Frame) -> Any:
        return group(evaluate(context, frame), frame)

    return grouped


# Values and names


def _literal(_: Compiler, node: Node, __: int) -> Evaluate:
    value = node.value
    return lambda context, frame: value


def _placeholder(_: Compiler, __: Node, ___: int) -> Evaluate:
    return lambda context, frame: UNDEFINED


def _regex(_: Compiler, node: Node, __: int) -> Evaluate:
    value = compile_regex(node.value[0], node.value[1], node.position)
    return lambda context, frame: value


def _variable(_: Compiler, node: Node, __: int) -> Evaluate:
    name = node.value
    settles = not node.predicates and node.group is None and not node.keep_array
    if name == "":

        def current(context: Any, frame: Frame) -> Any:
            value = context[0] if type(context) is Outer else context
            return settled(value) if settles and isinstance(value, Sequence) else value

        return current

    def variable(context: Any, frame: Frame) -> Any:
        at: Frame | None = frame
        while at is not None:
            value = at.variables.get(name, _NOT_HERE)
            if value is not _NOT_HERE:
                return settled(value) if settles and isinstance(value, Sequence) else value
            at = at.outer
        return BUILTINS.get(name, UNDEFINED)

    return variable


def _parent(_: Compiler, node: Node, __: int) -> Evaluate:
    slot = node.slot
    assert slot is not None
    return lambda context, frame: frame.find(slot.label, {})


def _name(_: Compiler, node: Node, __: int) -> Evaluate:
    name = node.value
    return lambda context, frame: context.get(name, UNDEFINED) if type(context) is dict else look_up(context, name)


def _wildcard(_: Compiler, __: Node, ___: int) -> Evaluate:
    def wildcard(context: Any, frame: Frame) -> Any:
        if type(context) is Outer and context:
            context = context[0]
        found: list[Any] = []
        plain = False
        members = context.values() if isinstance(context, dict) else context if isinstance(context, list) else ()
        for member in members:
            if isinstance(member, list):
                plain = True
                _flatten(member, found)
            else:
                found.append(member)
        frame.run.items(len(found))
        return found if plain else Sequence(found)

    return wildcard


def _flatten(array: list[Any], found: list[Any]) -> None:
    for member in array:
        if isinstance(member, list):
            _flatten(member, found)
        else:
            found.append(member)


def _descendants(_: Compiler, __: Node, ___: int) -> Evaluate:
    def descendants(context: Any, frame: Frame) -> Any:
        if context is UNDEFINED:
            return UNDEFINED
        found = Sequence()
        pending = [context]
        while pending:
            value = pending.pop()
            if isinstance(value, list):
                pending.extend(reversed(value))
            else:
                found.append(value)
                if isinstance(value, dict):
                    pending.extend(reversed(value.values()))
            frame.run.spend(1)
        frame.run.items(len(found))
        return found

    return descendants


# Operators


def _arithmetic(compiler: Compiler, node: Node, depth: int) -> Evaluate:
    left, right = compiler.part(node.left, depth + 1), compiler.part(node.right, depth + 1)
    symbol, position = node.value, node.position

    def arithmetic(context: Any, frame: Frame) -> Any:
        a = left(context, frame)
        b = right(context, frame)
        try:
            if type(a) is int and type(b) is int:
                return operators.number(symbol, a, b)
            return operators.arithmetic(symbol, a, b)
        except JsonataError as error:
            error.details["token"] = symbol
            error.position = position
            raise

    return arithmetic


def _comparison(compiler: Compiler, node: Node, depth: int) -> Evaluate:
    left, right = compiler.part(node.left, depth + 1), compiler.part(node.right, depth + 1)
    symbol, position = node.value, node.position
    order = operators.ORDER[symbol]

    def comparison(context: Any, frame: Frame) -> Any:
        a = left(context, frame)
        b = right(context, frame)
        if type(a) in NUMBERS and type(b) in NUMBERS:
            return order(a, b)
        try:
            return operators.compare(symbol, a, b)
        except JsonataError as error:
            error.details["token"] = symbol
            error.position = position
            raise

    return comparison


def _equality(compiler: Compiler, node: Node, depth: int) -> Evaluate:
    left, right = compiler.part(node.left, depth + 1), compiler.part(node.right, depth + 1)
    decide = {"=": operators.equals, "!=": operators.differs, "in": operators.includes}[node.value]
    return lambda context, frame: decide(left(context, frame), right(context, frame))


def _concatenation(compiler: Compiler, node: Node, depth: int) -> Evaluate:
    left, right = compiler.part(node.left, depth + 1), compiler.part(node.right, depth + 1)
    position = node.position

    def concatenation(context: Any, frame: Frame) -> Any:
        a = left(context, frame)
        b = right(context, frame)
        if type(a) is str and type(b) is str:
            return frame.run.text(a + b)
        try:
            return operators.concatenate(a, b, frame.run)
        except JsonataError as error:
            error.details["token"] = "&"
            error.position = position
            raise

    return concatenation


def _range(compiler: Compiler, node: Node, depth: int) -> Evaluate:
    left, right = compiler.part(node.left, depth + 1), compiler.part(node.right, depth + 1)
    position = node.position

    def span(context: Any, frame: Frame) -> Any:
        a = left(context, frame)
        b = right(context, frame)
        try:
            return operators.span(a, b, frame.run)
        except JsonataError as error:
            blame(error, "..", position)
            raise

    return span


def _boolean(compiler: Compiler, node: Node, depth: int) -> Evaluate:
    left, right = compiler.part(node.left, depth + 1), compiler.part(node.right, depth + 1)
    if node.value == "and":
        return lambda context, frame: truth(left(context, frame)) and truth(right(context, frame))
    return lambda context, frame: truth(left(context, frame)) or truth(right(context, frame))


_OPERATORS: Final[dict[str, Callable[[Compiler, Node, int], Evaluate]]] = {
    **dict.fromkeys("+-*/%", _arithmetic),
    **dict.fromkeys(("<", "<=", ">", ">="), _comparison),
    **dict.fromkeys(("=", "!=", "in"), _equality),
    **dict.fromkeys(("and", "or"), _boolean),
    "&": _concatenation,
    "..": _range,
}


def _operator(compiler: Compiler, node: Node, depth: int) -> Evaluate:
    return _OPERATORS[node.value](compiler, node, depth)


def _unary(compiler: Compiler, node: Node, depth: int) -> Evaluate:
    return _UNARY[node.value](compiler, node, depth)


def _negation(compiler: Compiler, node: Node, depth: int) -> Evaluate:
    operand, position = compiler.part(node.right, depth + 1), node.position

    def negation(context: Any, frame: Frame) -> Any:
        value = operand(context, frame)
        if value is UNDEFINED:
            return UNDEFINED
        if not is_number(value):
            raise JsonataError("D1002", position, token="-", value=value)
        return -value

    return negation


def _array(compiler: Compiler, node: Node, depth: int) -> Evaluate:
    """Members that are arrays written out stay arrays; what a query gave is spread into the array."""
    members = [(compiler.part(item, depth + 1), item.kind == "unary" and item.value == "[") for item in node.items]
    constructs = node.constructs

    def array(context: Any, frame: Frame) -> Any:
        made: list[Any] = Constructed() if constructs else []
        for member, nested in members:
            value = member(context, frame)
            if value is UNDEFINED:
                continue
            if nested or not isinstance(value, list):
                made.append(value)
            else:
                made.extend(value)
        frame.run.items(len(made))
        return made

    return array


def _object(compiler: Compiler, node: Node, depth: int) -> Evaluate:
    group = compiler.group(node.pairs, depth, node.position)
    keys = [key.value for key, _ in node.pairs if key.kind == "string"]
    if len(keys) < len(node.pairs) or len(set(keys)) < len(keys):
        return group
    parts = [(key.value, compiler.part(value, depth + 1)) for key, value in node.pairs]

    def record(context: Any, frame: Frame) -> Any:
        """All keys are known: unless the context is an array there is one object to make, in the order of the keys."""
        if isinstance(context, list):
            return group(context, frame)
        made = {}
        for key, part in parts:
            value = part(context, frame)
            if value is not UNDEFINED:
                made[key] = value
        return made

    return record


_UNARY: Final[dict[str, Callable[[Compiler, Node, int], Evaluate]]] = {"-": _negation, "[": _array, "{": _object}


# Control


def _condition(compiler: Compiler, node: Node, depth: int) -> Evaluate:
    test, then = compiler.part(node.left, depth + 1), compiler.part(node.right, depth + 1)
    otherwise = compiler.part(node.otherwise, depth + 1) if node.otherwise is not None else None

    def condition(context: Any, frame: Frame) -> Any:
        decision = test(context, frame)
        if decision is True or (decision is not False and truth(decision)):
            return then(context, frame)
        return otherwise(context, frame) if otherwise is not None else UNDEFINED

    return condition


def _block(compiler: Compiler, node: Node, depth: int) -> Evaluate:
    parts = [compiler.part(item, depth + 1) for item in node.items]
    if len(parts) == 1 and not any(map(_binds, node.items)):
        return parts[0]
    *before, last = parts or [_placeholder(compiler, node, depth)]

    def block(context: Any, frame: Frame) -> Any:
        inner = Frame({}, frame, frame.run, frame.base)
        for part in before:
            part(context, inner)
        return last(context, inner)

    return block


def _binds(node: Node | None) -> bool:
    """Whether evaluating the node may set a variable in the frame it is given."""
    if node is None or node.kind in ("block", "lambda"):
        return False
    if node.kind == "bind":
        return True
    pairs = [part for pair in [*node.pairs, *(node.group or [])] for part in pair]
    filters = [part for part in [*(node.predicates or []), *(node.stages or [])] if isinstance(part, Node)]
    terms = [term for term, _ in node.terms]
    return any(map(_binds, [node.left, node.right, node.otherwise, *node.items, *node.arguments, *pairs, *filters, *terms]))


def _bind(compiler: Compiler, node: Node, depth: int) -> Evaluate:
    value_of = compiler.part(node.right, depth + 1)
    assert node.left is not None
    name = node.left.value

    def bind(context: Any, frame: Frame) -> Any:
        value = frame.variables[name] = value_of(context, frame)
        return value

    return bind


#: The kinds whose result may be a sequence; variables, paths and calls settle theirs on their own.
_QUERIES: Final = frozenset({"wildcard", "descendant", "parent", "name", "apply"})

_HANDLERS: Final[dict[str, Callable[[Compiler, Node, int], Evaluate]]] = {
    **dict.fromkeys(("string", "number", "value"), _literal),
    **call_compiler.COMPILE,
    "placeholder": _placeholder,
    "regex": _regex,
    "variable": _variable,
    "parent": _parent,
    "name": _name,
    "wildcard": _wildcard,
    "descendant": _descendants,
    "binary": _operator,
    "unary": _unary,
    "condition": _condition,
    "block": _block,
    "bind": _bind,
    "path": compile_path,
}
