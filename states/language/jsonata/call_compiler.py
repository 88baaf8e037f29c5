"""Calls, lambdas, partial application, chains (`~>`) and transforms, compiled to closures.

Source: https://docs.jsonata.org/programming, https://docs.jsonata.org/other-operators#-chain, #------transform
"""

# ruff: noqa: ARG005 - every closure takes (context, frame), whether it needs them or not

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from states.language.jsonata.data import UNDEFINED, Function, Sequence, settled
from states.language.jsonata.errors import JsonataError
from states.language.jsonata.frames import PLACEHOLDER, Body, Composed, Evaluate, Frame, Lambda, Partial, Tail, blame
from states.language.jsonata.functions import BUILTINS
from states.language.jsonata.limits import Run
from states.language.jsonata.signatures import compile_signature
from states.language.jsonata.tree import Node

if TYPE_CHECKING:
    from states.language.jsonata.compiler import Compiler


def _called_name(node: Node) -> Any:
    """What a call is known by in an error: the name of the variable, or of the field that was called by mistake."""
    procedure = node.left
    assert procedure is not None
    if procedure.kind == "path":
        return procedure.items[0].value
    return UNDEFINED if procedure.kind in ("block", "lambda", "condition") else procedure.value


def _not_callable(node: Node, frame: Frame, value: Any, near: str, otherwise: str) -> JsonataError:
    """The error for calling what is no function; `near` when the `$` of a function was forgotten."""
    name = _called_name(node)
    procedure = node.left
    if value is UNDEFINED and procedure is not None and procedure.kind == "path" and type(name) is str:
        there = frame.find(name, BUILTINS)
        if isinstance(there, Function) or there:
            return JsonataError(near, node.position, token=name)
    return JsonataError(otherwise, node.position, token=name)


def _call(compiler: Compiler, node: Node, depth: int) -> Evaluate:
    if node.tail:
        return _tail_call(compiler, node)
    invoke = _invocation(compiler, node, depth)
    settles = not node.predicates and node.group is None and not node.keep_array

    def call(context: Any, frame: Frame) -> Any:
        value = invoke(context, frame, [])
        return settled(value) if settles and isinstance(value, Sequence) else value

    return call


def _invocation(compiler: Compiler, node: Node, depth: int) -> Callable[[Any, Frame, list[Any]], Any]:
    """A call with some first arguments already there (the left side of a chain)."""
    procedure = compiler.part(node.left, depth + 1)
    arguments = [compiler.part(argument, depth + 1) for argument in node.arguments]
    name, position = _called_name(node), node.position

    def invoke(context: Any, frame: Frame, given: list[Any]) -> Any:
        function = procedure(context, frame)
        values = given + [argument(context, frame) for argument in arguments]
        if not isinstance(function, Function):
            raise _not_callable(node, frame, function, "T1005", "T1006")
        run = frame.run
        run.depth = frame.base + depth
        try:
            return function.call(run, context, values)
        except JsonataError as error:
            blame(error, name, position)
            raise

    return invoke


def _tail_call(compiler: Compiler, node: Node) -> Evaluate:
    """The call is left to the caller of the function around it; its parts are evaluated at the depth of that function's body."""
    procedure = compiler.part(node.left, 1)
    arguments = [compiler.part(argument, 1) for argument in node.arguments]
    name, position = _called_name(node), node.position

    def tail(context: Any, frame: Frame) -> Any:
        function = procedure(context, frame)
        values = [argument(context, frame) for argument in arguments]
        if not isinstance(function, Function):
            raise _not_callable(node, frame, function, "T1006", "T1006")
        return Tail(function, values, name, position)

    return tail


def _lambda(compiler: Compiler, node: Node, _: int) -> Evaluate:
    assert node.right is not None
    body: Body = compiler.body(node.right)
    parameters = node.parameters
    signature = compile_signature(node.signature) if node.signature else None
    return lambda context, frame: Lambda(parameters, body, context, frame, signature)


def _partial(compiler: Compiler, node: Node, depth: int) -> Evaluate:
    procedure = compiler.part(node.left, depth + 1)
    arguments = [None if argument.kind == "placeholder" else compiler.part(argument, depth + 1) for argument in node.arguments]

    def partial(context: Any, frame: Frame) -> Any:
        values = [PLACEHOLDER if argument is None else argument(context, frame) for argument in arguments]
        function = procedure(context, frame)
        if not isinstance(function, Function):
            raise _not_callable(node, frame, function, "T1007", "T1008")
        return Partial(function, values)

    return partial


def _apply(compiler: Compiler, node: Node, depth: int) -> Evaluate:
    left = compiler.part(node.left, depth + 1)
    assert node.right is not None
    position = node.position
    if node.right.kind == "call":
        invoke = _invocation(compiler, node.right, depth)
        return lambda context, frame: invoke(context, frame, [left(context, frame)])
    right = compiler.part(node.right, depth + 1)

    def apply(context: Any, frame: Frame) -> Any:
        value = left(context, frame)
        function = right(context, frame)
        if not isinstance(function, Function):
            raise JsonataError("T2006", position, value=function, token="~>")
        if isinstance(value, Function):
            return Composed(value, function)
        run = frame.run
        run.depth = frame.base + depth
        try:
            return function.call(run, None, [value])
        except JsonataError as error:
            blame(error, getattr(function, "name", "~>"), position)
            raise

    return apply


# Transforms


class _Transform(Function):
    """`|pattern|update, delete|`: a copy of its argument in which what the pattern finds is changed."""

    __slots__ = ("context", "delete", "delete_position", "frame", "pattern", "position", "update", "update_position")

    arity = 1

    def __init__(self, bodies: tuple[Body, Body, Body | None], places: tuple[int, int, int], frame: Frame) -> None:
        self.pattern, self.update, self.delete = bodies
        self.position, self.update_position, self.delete_position = places
        self.frame = frame

    def call(self, run: Run, context: Any, arguments: list[Any]) -> Any:
        (value,) = compile_signature("<(oa):o>").validate(arguments, context)
        if value is UNDEFINED:
            return UNDEFINED
        base = run.depth
        own: set[int] = set()
        result = _copy(self._clone(run, value), own, run)
        frame = Frame({}, self.frame, run, base)
        found = self.pattern.evaluate(result, frame)
        for match in found if isinstance(found, list) else [found]:
            if isinstance(match, dict):
                self._change(match, frame, id(match) in own)
            elif match is not UNDEFINED:
                self._change({}, frame, False)
        run.depth = base
        return result

    def _clone(self, run: Run, value: Any) -> Any:
        clone = self.frame.find("clone", BUILTINS)
        if not isinstance(clone, Function):
            raise JsonataError("T2013", self.position)
        return value if clone is BUILTINS["clone"] else clone.call(run, None, [value])

    def _change(self, match: dict[str, Any], frame: Frame, mine: bool) -> None:
        """Updates one object. What is not part of the copy is evaluated against, but never changed."""
        update = self.update.evaluate(match, frame)
        if update is not UNDEFINED:
            if not isinstance(update, dict):
                raise JsonataError("T2011", self.update_position, value=update)
            if mine:
                match.update(update)
        if self.delete is None:
            return
        names = self.delete.evaluate(match, frame)
        if names is UNDEFINED:
            return
        deleted = names if isinstance(names, list) else [names]
        if not all(type(name) is str for name in deleted):
            raise JsonataError("T2012", self.delete_position, value=names)
        if mine:
            for name in deleted:
                match.pop(name, None)


def _copy(value: Any, own: set[int], run: Run) -> Any:
    """A deep copy; `own` collects the identities of its objects."""
    run.spend(1)
    if isinstance(value, dict):
        made = {key: _copy(member, own, run) for key, member in value.items()}
        own.add(id(made))
        return made
    if isinstance(value, list):
        return [_copy(member, own, run) for member in value]
    return "" if isinstance(value, Function) else value


def _transform(compiler: Compiler, node: Node, _: int) -> Evaluate:
    assert node.left is not None
    assert node.right is not None
    delete = node.otherwise
    bodies = (compiler.body(node.left), compiler.body(node.right), compiler.body(delete) if delete is not None else None)
    places = (node.position, node.right.position, delete.position if delete is not None else node.position)
    return lambda context, frame: _Transform(bodies, places, frame)


COMPILE: Final[dict[str, Callable[[Compiler, Node, int], Evaluate]]] = {
    "call": _call,
    "lambda": _lambda,
    "partial": _partial,
    "apply": _apply,
    "transform": _transform,
}
