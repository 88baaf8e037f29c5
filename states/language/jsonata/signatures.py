"""Signatures of functions: `<s-nn?:s>` says what arguments a function takes, and which of them the context may stand in for.

A letter is a type: s n b l o a f, j for any JSON, x for anything, `(sf)` for one of several; `a<n>` is an array of numbers, and a single
value is taken for an array of one. Behind it: `?` may be left out, `+` one or more, `-` the context value is used when it is left out.

Arguments are told apart by a word of their types (`sn`); what a word means is worked out once and remembered.

Source: https://docs.jsonata.org/programming#function-signatures
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final, NamedTuple

from states.language.jsonata.data import UNDEFINED, Function
from states.language.jsonata.errors import JsonataError

LETTERS: Final[dict[type, str]] = {str: "s", int: "n", float: "n", bool: "b", type(None): "l", list: "a", dict: "o", type(UNDEFINED): "m"}
PLURALS: Final = {"a": "arrays", "b": "booleans", "f": "functions", "n": "numbers", "o": "objects", "s": "strings"}
_REMEMBERED: Final = 512

TAKE, WRAP, CHECK, MISSING, CONTEXT = range(5)


class Parameter(NamedTuple):
    """`pattern` matches the letters of the arguments it takes; `subtype` is what an array has to hold."""

    type: str
    pattern: str
    context: str = ""
    subtype: str = ""


def letter(value: Any) -> str:
    """The letter of a value's type; `m` for nothing."""
    found = LETTERS.get(type(value))
    if found is None:
        found = "f" if isinstance(value, Function) else "a" if isinstance(value, list) else "o"
    return found


def check_signature(text: str, position: int) -> None:
    """Raises JsonataError, with the place in the expression, for a signature that cannot be."""
    try:
        compile_signature(text)
    except JsonataError as error:
        error.position = position + (error.position or 0)
        raise


class Signature:
    """Checks and completes the arguments of a call."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.parameters = _parameters(text)
        self._whole = re.compile("".join(f"({p.pattern})" for p in self.parameters))
        self._plans: dict[str, list[tuple[int, int, Parameter]] | None] = {}

    def validate(self, arguments: list[Any], context: Any) -> list[Any]:
        """The arguments as the function gets them. Raises T0410, T0411, T0412."""
        letters = LETTERS
        word = ""
        for argument in arguments:
            word += letters.get(type(argument)) or letter(argument)
        try:
            plan = self._plans[word]
        except KeyError:
            plan = self._plan(word)
        return arguments if plan is None else _completed(plan, arguments, context)

    def _plan(self, word: str) -> list[tuple[int, int, Parameter]] | None:
        """What to do for each argument of the function; None when they are handed on as they are."""
        match = self._whole.fullmatch(word)
        if match is None:
            raise JsonataError("T0410", index=self._fault(word))
        plan: list[tuple[int, int, Parameter]] = []
        place = 0
        for parameter, letters in zip(self.parameters, match.groups(), strict=True):
            if not letters:
                if parameter.context:
                    plan.append((CONTEXT, place, parameter))
                else:
                    plan.append((TAKE, place, parameter))
                    place += 1
            for kind in letters:
                plan.append((_action(parameter, kind, letters), place, parameter))
                place += 1
        simple = all(action == TAKE and at == where for where, (action, at, _) in enumerate(plan)) and len(plan) >= len(word)
        found = None if simple and len(plan) == len(word) else plan
        if len(self._plans) < _REMEMBERED:
            self._plans[word] = found
        return found

    def _fault(self, word: str) -> int:
        """The number of the first argument that does not fit."""
        good, pattern = 0, ""
        for parameter in self.parameters:
            pattern += parameter.pattern
            match = re.match(pattern, word)
            if match is None:
                break
            good = match.end()
        return good + 1


def _action(parameter: Parameter, kind: str, letters: str) -> int:
    if parameter.type != "a":
        return TAKE
    if kind == "m":
        return MISSING
    if kind != "a":
        return CHECK if parameter.subtype and letters != parameter.subtype else WRAP
    return CHECK if parameter.subtype else TAKE


def _completed(plan: list[tuple[int, int, Parameter]], arguments: list[Any], context: Any) -> list[Any]:
    done: list[Any] = []
    for action, place, parameter in plan:
        argument = arguments[place] if place < len(arguments) else UNDEFINED
        if action == CONTEXT:
            if not re.fullmatch(parameter.context, letter(context)):
                raise JsonataError("T0411", value=context, index=place + 1)
            done.append(context)
        elif action == WRAP:
            done.append([argument])
        elif action == MISSING:
            done.append(UNDEFINED)
        else:
            if action == CHECK and not _holds(argument, parameter.subtype):
                plural = PLURALS.get(parameter.subtype, UNDEFINED)
                raise JsonataError("T0412", value=argument, index=place + 1, type=plural)
            done.append(argument)
    return done


def _holds(array: Any, subtype: str) -> bool:
    """Whether an array holds nothing but values of the subtype (as far as its first letter says)."""
    if not isinstance(array, list):
        return False
    wanted = subtype[0]
    letters = LETTERS
    return all((letters.get(type(item)) or letter(item)) == wanted for item in array)


@lru_cache(maxsize=512)
def compile_signature(text: str) -> Signature:
    """The signature of a text such as `<s-:n>`. Raises S0401, S0402 with the offset in the text."""
    return Signature(text)


_PATTERNS: Final = {"a": "[asnblfom]", "f": "f", "j": "[asnblom]", "x": "[asnblfom]"}


def _parameters(text: str) -> list[Parameter]:
    found: list[Parameter] = []
    at = 1
    while at < len(text) and text[at] != ":":
        char = text[at]
        if char in "snblo":
            found.append(Parameter(char, f"[{char}m]"))
        elif char in _PATTERNS:
            found.append(Parameter(char, _PATTERNS[char]))
        elif char == "(":
            end = _closing(text, at, ")")
            choice = text[at + 1 : end]
            if "<" in choice:
                raise JsonataError("S0402", at, value=choice)
            found.append(Parameter(f"({choice})", f"[{re.escape(choice)}m]"))
            at = end
        elif char == "<":
            if not found or found[-1].type not in ("a", "f"):
                raise JsonataError("S0401", at, value=found[-1].type if found else UNDEFINED)
            end = _closing(text, at, ">")
            found[-1] = found[-1]._replace(subtype=text[at + 1 : end])
            at = end
        elif found and char == "-":
            found[-1] = found[-1]._replace(context=found[-1].pattern, pattern=found[-1].pattern + "?")
        elif found and char in "?+":
            found[-1] = found[-1]._replace(pattern=found[-1].pattern + char)
        at += 1
    return found


def _closing(text: str, start: int, closer: str) -> int:
    depth = 0
    for at in range(start, len(text)):
        if text[at] == text[start]:
            depth += 1
        elif text[at] == closer:
            depth -= 1
            if depth == 0:
                return at
    return len(text)
