"""A compiled expression: what it is made of, and its evaluation.

Source: docs/jsonata.md
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from states.language.jsonata import errors
from states.language.jsonata.compiler import compile_body
from states.language.jsonata.data import UNDEFINED, Outer, Sequence, finished, plain_number
from states.language.jsonata.errors import JsonataError, bound
from states.language.jsonata.frames import Body, Frame
from states.language.jsonata.limits import DEFAULT, Limits, Run
from states.language.jsonata.parser import parse
from states.language.jsonata.resolver import resolve
from states.language.jsonata.scan import Scan, height
from states.language.jsonata.tree import Node

if TYPE_CHECKING:
    from random import Random

#: A tree that is higher than this is not compiled: every evaluation of it would pass the depth limit.
MAX_HEIGHT: Final = 180

Getter = Callable[[Mapping[str, Any]], Any]


class Expression:
    """An expression, compiled once and evaluated often, from any number of threads at the same time.

    `reference` holds the names of a pure reference (`$states.input.a` is `("states", "input", "a")`), None for anything else.
    """

    def __init__(self, text: str) -> None:
        self.text: Final = text
        tree = parse(text)
        self.too_high: Final = height(tree) > MAX_HEIGHT
        self._tree: Node | None = None if self.too_high else resolve(tree)
        self.reference: Final = _reference(self._tree) if self._tree is not None else None
        self._body: Body | None = None
        self._walk: Getter | None = _getter(self.reference) if self.reference is not None else None
        if self._walk is None and self._tree is not None:
            self._body = compile_body(self._tree)

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    def evaluate(
        self,
        bindings: Mapping[str, Any],
        *,
        limits: Limits = DEFAULT,
        random: Random | None = None,
        now: float | None = None,
        context: Any = UNDEFINED,
    ) -> Any:
        """The value of the expression as plain JSON, UNDEFINED, or a FunctionValue. Raises JsonataError.

        `bindings` are the variables by name without `$`; their values are JSON and are not changed, but the result may share parts with
        them. `random` is what `$random`, `$uuid` and `$shuffle` draw from, `now` what `$now` and `$millis` tell, in seconds since the
        epoch. `context` is JSONata's `$`; AWS has none.
        """
        if self._walk is not None:
            value = self._walk(bindings)
            if value is not _GENERAL:
                return value
        return self._evaluate(bindings, limits, random, now, context)

    def _evaluate(self, bindings: Mapping[str, Any], limits: Limits, random: Random | None, now: float | None, context: Any) -> Any:
        if self._tree is None:
            raise bound(errors.TOO_DEEP)
        body = self._body
        if body is None:
            body = self._body = compile_body(self._tree)
        run = Run(limits, random, now)
        variables = {**bindings}
        if context is not UNDEFINED:
            variables["$"] = context
        frame = Frame(variables, None, run, 0)
        if type(context) is list:
            context = Outer([context])
        try:
            value = body.evaluate(context, frame)
            return finished(value[0] if type(value) is Outer else value, run)
        except RecursionError:
            raise bound(errors.TOO_DEEP) from None
        except MemoryError:
            raise bound(errors.TOO_LARGE) from None
        except OverflowError:
            raise JsonataError("D1001", value=None) from None

    @cached_property
    def scan(self) -> Scan:
        """What the expression refers to, without evaluating it."""
        return Scan(self._tree)

    @property
    def variables(self) -> frozenset[str]:
        """Names of the variables it reads and does not set itself, without `$`; functions that are built in are not among them."""
        return self.scan.variables

    @property
    def states_fields(self) -> frozenset[str]:
        """The fields of `$states` it names (`input`, `result`, ...), wherever they stand."""
        return self.scan.states_fields


_GENERAL: Final = object()


def _reference(tree: Node) -> tuple[str, ...] | None:
    """The names of `$variable.name.name`, None for any other tree."""
    steps = tree.items if tree.kind == "path" else [tree]
    if steps[0].kind != "variable" or not steps[0].value or steps[0].value == "$" or tree.group is not None or tree.keep_singleton:
        return None
    for place, step in enumerate(steps):
        if place and step.kind != "name":
            return None
        if step.predicates or step.stages or step.group is not None or step.keep_array or step.tuple:
            return None
    return tuple(step.value for step in steps)


def _getter(names: tuple[str, ...]) -> Getter:
    """Reads a pure reference as long as it leads through objects; gives _GENERAL where JSONata has more to say."""
    first, rest = names[0], names[1:]

    def get(bindings: Mapping[str, Any]) -> Any:
        value = bindings.get(first, _GENERAL)
        for name in rest:
            if type(value) is not dict:
                return _GENERAL
            value = value.get(name, UNDEFINED)
            if value is UNDEFINED:
                return UNDEFINED
        kind = type(value)
        if kind is int or kind is float:
            return plain_number(value)
        return _GENERAL if isinstance(value, Sequence) else value

    return get


def compile(text: str) -> Expression:
    """The expression of a text. Raises JsonataError for one that does not parse."""
    try:
        return Expression(text)
    except RecursionError:
        raise JsonataError("S0304", 0, value=MAX_HEIGHT) from None
