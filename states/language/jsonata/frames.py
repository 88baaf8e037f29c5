"""Where names are looked up while an expression runs, and the functions that an expression makes itself.

A frame holds the variables of a block or of a call; behind the outermost one stand the built-in functions. `base` is the depth of the
call a frame belongs to: a part of an expression knows how deep it lies within its function, so the sum of both is compared with the
limit once a call, when the function is entered, and not at every part (see `Body`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from states.language.jsonata.data import UNDEFINED, Function, Undefined
from states.language.jsonata.errors import JsonataError
from states.language.jsonata.limits import Run
from states.language.jsonata.signatures import Signature

Evaluate = Callable[[Any, "Frame"], Any]

_NOT_HERE: Final = object()


class Frame:
    """Variables, the frame around them, the run, and the depth of the call."""

    __slots__ = ("base", "outer", "run", "variables")

    def __init__(self, variables: dict[str, Any], outer: Frame | None, run: Run, base: int) -> None:
        self.variables = variables
        self.outer = outer
        self.run = run
        self.base = base

    def find(self, name: str, builtins: Mapping[str, Any]) -> Any:
        """The value of a variable, a built-in function of that name, or UNDEFINED."""
        frame: Frame | None = self
        while frame is not None:
            value = frame.variables.get(name, _NOT_HERE)
            if value is not _NOT_HERE:
                return value
            frame = frame.outer
        return builtins.get(name, UNDEFINED)


class Body:
    """The compiled body of a function or of the whole expression.

    `height` is how deep its parts go, `weight` how many there are. `fast` does not look at the depth; `checked`, made when it is first
    needed, compares it at every part, for the calls that come so close to the limit that it matters which parts are evaluated.
    """

    __slots__ = ("_checked", "_compile", "fast", "height", "weight")

    def __init__(self, fast: Evaluate, height: int, weight: int, compile_checked: Callable[[], Evaluate]) -> None:
        self.fast = fast
        self.height = height
        self.weight = weight
        self._compile = compile_checked
        self._checked: Evaluate | None = None

    def evaluate(self, context: Any, frame: Frame) -> Any:
        """The result; in a function it may be a Tail, the call that is to be made instead."""
        run = frame.run
        run.fuel -= self.weight
        if run.fuel < 0:
            run.refuel()
        if frame.base + self.height <= run.max_depth:
            return self.fast(context, frame)
        if self._checked is None:
            self._checked = self._compile()
        return self._checked(context, frame)


class Tail:
    """A call at the end of a function, to be made by whoever called the function."""

    __slots__ = ("arguments", "function", "position", "token")

    def __init__(self, function: Any, arguments: list[Any], token: Any, position: int) -> None:
        self.function = function
        self.arguments = arguments
        self.token = token
        self.position = position


class Lambda(Function):
    """A function written in the expression, with the frame and the context it was written in."""

    __slots__ = ("arity", "body", "context", "frame", "parameters", "signature")

    def __init__(self, parameters: Sequence[str], body: Body, context: Any, frame: Frame, signature: Signature | None = None) -> None:
        self.parameters = parameters
        self.body = body
        self.context = context
        self.frame = frame
        self.signature = signature
        self.arity = len(parameters)

    def call(self, run: Run, context: Any, arguments: list[Any]) -> Any:
        base = run.depth
        result = self.enter(run, context, arguments, base)
        while type(result) is Tail:
            run.depth = base
            function = result.function
            try:
                if isinstance(function, Lambda):
                    result = function.enter(run, context, result.arguments, base)
                elif isinstance(function, Function):
                    result = function.call(run, context, result.arguments)
                else:
                    raise JsonataError("T1006")
            except JsonataError as error:
                blame(error, result.token, result.position) if type(result) is Tail else None
                raise
        run.depth = base
        return result

    def enter(self, run: Run, context: Any, arguments: list[Any], base: int) -> Any:
        """Evaluates the body; gives the Tail it ends with, if it does."""
        if self.signature is not None:
            arguments = self.signature.validate(arguments, context)
        parameters = self.parameters
        variables = dict(zip(parameters, arguments, strict=False))
        for name in parameters[len(arguments) :]:
            variables[name] = UNDEFINED
        return self.body.evaluate(self.context, Frame(variables, self.frame, run, base))


class Native(Function):
    """A built-in function: its Python implementation takes the run and the arguments its signature gives."""

    __slots__ = ("arity", "implementation", "name", "signature")

    def __init__(self, name: str, implementation: Callable[..., Any], signature: Signature | None, arity: int) -> None:
        self.name = name
        self.implementation = implementation
        self.signature = signature
        self.arity = arity

    def call(self, run: Run, context: Any, arguments: list[Any]) -> Any:
        if self.signature is not None:
            arguments = self.signature.validate(arguments, context)
        return self.implementation(run, *arguments)

    def __repr__(self) -> str:
        return f"<${self.name}>"


class Partial(Function):
    """A function some of whose arguments are given; PLACEHOLDER stands for each one that is not."""

    __slots__ = ("arguments", "arity", "function")

    def __init__(self, function: Function, arguments: list[Any]) -> None:
        self.function = function
        self.arguments = arguments
        self.arity = sum(1 for argument in arguments if argument is PLACEHOLDER)

    def call(self, run: Run, context: Any, arguments: list[Any]) -> Any:
        given = iter(arguments)
        filled = [next(given, UNDEFINED) if argument is PLACEHOLDER else argument for argument in self.arguments]
        return self.function.call(run, context, filled)


PLACEHOLDER: Final = Undefined()


class Composed(Function):
    """`f ~> g`: g of f of its argument."""

    __slots__ = ("arity", "first", "second")

    def __init__(self, first: Function, second: Function) -> None:
        self.first = first
        self.second = second
        self.arity = 1

    def call(self, run: Run, context: Any, arguments: list[Any]) -> Any:
        base = run.depth
        between = self.first.call(run, context, arguments[:1])
        run.depth = base
        return self.second.call(run, context, [between])


def blame(error: JsonataError, token: Any, position: int) -> None:
    """Says where an error happened and in which function, unless it knows already."""
    if error.position is None:
        error.position = position
    error.details.setdefault("token", token)


def call_with(function: Function, run: Run, *arguments: Any) -> Any:
    """Calls a function that was handed to a higher-order one, with as many of the arguments as it takes (one at least)."""
    arity = function.arity
    taken = arguments[: arity if arity > 1 else 1]
    return function.call(run, None, list(taken))
