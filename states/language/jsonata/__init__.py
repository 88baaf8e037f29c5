"""JSONata as AWS Step Functions speaks it: 2.0.6 without `$eval`, with six functions more, and with limits.

    expression = jsonata.compile("$states.input.price * 2")
    expression.evaluate({"states": {"input": {"price": 21}}})       # 42

A text is compiled once: equal texts give the same Expression, which may be evaluated in any number of threads. Nothing of the engine is
imported before the first text is compiled.

Limits: DEFAULT, AWS's own; see `limits`. The last CACHED texts are remembered.

Source: docs/jsonata.md
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from states.language.jsonata.data import UNDEFINED, FunctionValue, plain
from states.language.jsonata.errors import BOUND, INTERNAL, SYNTAX, THROWN, JsonataError
from states.language.jsonata.limits import DEFAULT, Limits

if TYPE_CHECKING:
    from states.language.jsonata.expression import Expression

CACHED: Final = 4096

__all__ = [
    "BOUND",
    "DEFAULT",
    "INTERNAL",
    "SYNTAX",
    "THROWN",
    "UNDEFINED",
    "FunctionValue",
    "JsonataError",
    "Limits",
    "compile",
    "faults",
    "plain",
]


@lru_cache(maxsize=CACHED)
def compile(text: str) -> Expression:
    """The expression of a text (what stands between `{%` and `%}`). Raises JsonataError for one that does not parse."""
    from states.language.jsonata import expression

    return expression.compile(text)


def faults(text: str, *, in_catch: bool = False) -> list[tuple[str, str, int]]:
    """What AWS finds wrong with a text in a definition: (code, message, offset in the text). `in_catch` allows `$states.errorOutput`."""
    from states.language.jsonata import checks

    try:
        found = compile(text)
    except JsonataError as error:
        return [checks.invalid(error)]
    return checks.unsupported(found, in_catch)
