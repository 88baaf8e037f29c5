"""`states eval`: an expression as a state would evaluate it, its value, or what is wrong with it and where.

The language is the one that is asked for, never guessed: JSONata, or with --jsonpath a path or an intrinsic call.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sized
from typing import TYPE_CHECKING, Any, NamedTuple

from states.command import output
from states.command.ends import FAULTS, Refused
from states.command.inputs import excerpt, read_json

if TYPE_CHECKING:
    from random import Random

Json = Any

TEXT = """\
Evaluates an expression as a state would and writes its value as JSON to stdout; its type and
size go to stderr. The expression is JSONata, with or without {% %} around it; with --jsonpath
it is a path or an intrinsic call. Whatever it looks like, nothing else decides.

$states.input, or with --jsonpath $, is the input; $states.context, or $$, is the context
object of a first state, and --context puts its keys over it.
"""

EXAMPLES = """\
examples:
  states eval '$sum($states.input.lines.price)' --input order.json
  states eval '$rate * 100' --variables '{"rate": 0.19}'
  states eval --jsonpath '$.lines[?(@.price > 10)].sku' --input order.json
  states eval --jsonpath "States.Format('order {}', $.id)" --input '{"id": 7}'
  states eval --jsonpath '$$.Execution.Name' --context '{"Execution": {"Name": "mine"}}'

"""

LIMIT = 262_144  #: bytes of a state's output
TIME = "2026-01-01T00:00:00Z"
ARN = "arn:aws:states:us-east-1:123456789012"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `states eval` takes."""
    parser.add_argument("expression", metavar="EXPRESSION", help="JSONata; with --jsonpath a path or an intrinsic call")
    parser.add_argument("--jsonpath", action="store_true", help="the expression is a path or an intrinsic call")
    parser.add_argument("-i", "--input", metavar="FILE|JSON|-", default="{}", help="the state's input; default {}")
    parser.add_argument("--variables", metavar="FILE|JSON|-", default="{}", help='variables by name without $, such as {"rate": 0.19}')
    parser.add_argument("--context", metavar="FILE|JSON|-", default="{}", help="keys of the context object")
    parser.add_argument("--seed", metavar="N", default="0", help="decides all that is random; default 0")


class Fault(Exception):
    """The expression has no value: why, and the place in its text (0 is the first character) where it is known."""

    def __init__(self, text: str, place: int | None = None) -> None:
        super().__init__(text)
        self.place = place


class Scope(NamedTuple):
    """What an expression may read besides its data; see `states.language.scope`."""

    variables: dict[str, Json]
    random: Random
    input: Json
    input_text: str
    given_context: dict[str, Json]

    def context(self) -> Json:
        return {**context_object(self.input), **self.given_context}

    def text(self, value: Json) -> str:
        from states.language.values import dumps

        return self.input_text if value is self.input and isinstance(value, (dict, list)) else dumps(value)


def act(arguments: argparse.Namespace) -> int:
    """Evaluates the expression and shows what came of it."""
    from random import Random

    from states.command.run import seed

    if [arguments.input, arguments.variables, arguments.context].count("-") > 1:
        raise Refused("stdin can be only one of --input, --variables and --context")
    input, text = read_json(arguments.input, "input")
    scope = Scope(_object(arguments, "variables"), Random(seed(arguments.seed)), input, text, _object(arguments, "context"))
    expression = arguments.expression.strip()
    try:
        value = of_jsonpath(expression, scope) if arguments.jsonpath else of_jsonata(expression, scope)
        told = _measured(value)
    except Fault as fault:
        output.say(f"states: {fault}{_place(expression, fault.place)}")
        return FAULTS
    output.write_json(value)
    output.say(told)
    return 0


def _object(arguments: argparse.Namespace, option: str) -> dict[str, Json]:
    value, _ = read_json(getattr(arguments, option), option)
    if not isinstance(value, dict):
        raise Refused(f"--{option}: expected an object, such as {{}}")
    return value


def _measured(value: Json) -> str:
    """`array of 3 items, 21 bytes`."""
    from states.language.values import size, type_name

    try:
        bytes = size(value)
    except (ValueError, RecursionError) as fault:
        raise Fault(f"the value is no JSON: {fault or 'it is nested too deeply'}") from None
    parts = f" of {_count(value, 'key' if isinstance(value, dict) else 'item')}" if isinstance(value, (dict, list)) else ""
    limit = f"; a state may give {LIMIT:,} at most" if bytes > LIMIT else ""
    return f"{type_name(value)}{parts}, {_count(range(bytes), 'byte')}{limit}"


def _count(sized: Sized, word: str) -> str:
    return f"{len(sized):,} {word}{'' if len(sized) == 1 else 's'}"


def _place(text: str, place: int | None) -> str:
    """The line of the expression, and a caret under the place."""
    if place is None:
        return ""
    place = min(place, len(text))
    start = text.rfind("\n", 0, place) + 1
    return "\n" + excerpt(text[start:].partition("\n")[0], place - start)


def context_object(input: Json) -> dict[str, Json]:
    """The context object of a first state."""
    return {
        "Execution": {
            "Id": f"{ARN}:execution:StateMachine:execution",
            "Input": input,
            "StartTime": TIME,
            "Name": "execution",
            "RoleArn": "arn:aws:iam::123456789012:role/StatesExecutionRole",
            "RedriveCount": 0,
        },
        "StateMachine": {"Id": f"{ARN}:stateMachine:StateMachine", "Name": "StateMachine"},
        "State": {"Name": "State", "EnteredTime": TIME, "RetryCount": 0},
    }


# ---------------------------------------------------------------- the two languages


def of_jsonata(text: str, scope: Scope) -> Json:
    """The value of a JSONata expression, or Fault."""
    from states.language import jsonata

    inner = text[2:-2] if text.startswith("{%") and text.endswith("%}") and len(text) >= 4 else text
    before = len(inner) - len(inner.lstrip()) + (2 if inner is not text else 0)
    inner = inner.strip()
    hint = "\nwith --jsonpath it is a path or an intrinsic call" if text.startswith(("$.", "$$", "$[", "States.")) else ""
    faults = jsonata.faults(inner, in_catch=True)
    if faults:
        _, message, place = faults[0]
        raise Fault(message + hint, before + place)
    states = {"input": scope.input, "context": scope.context()}
    try:
        value = jsonata.compile(inner).evaluate({**scope.variables, "states": states}, random=scope.random)
    except jsonata.JsonataError as fault:
        position = None if fault.position is None else before + fault.position
        raise Fault(f"States.QueryEvaluationError: the expression threw an error{fault.tail}", position) from None
    if value is jsonata.UNDEFINED:
        raise Fault("States.QueryEvaluationError: the expression returned nothing (undefined)")
    if isinstance(value, jsonata.FunctionValue):
        raise Fault("States.QueryEvaluationError: the expression returned a function, which is no JSON")
    return value


def of_jsonpath(text: str, scope: Scope) -> Json:
    """The value of a path or an intrinsic call, or Fault."""
    from states.errors import StatesError
    from states.language.intrinsics import InvalidIntrinsic, compile_intrinsic
    from states.language.paths import InvalidPath, PathError, compile_path

    try:
        evaluate = compile_path(text).evaluate if text.startswith("$") else compile_intrinsic(text).evaluate
    except InvalidIntrinsic as fault:
        hint = "" if text.startswith("States.") else "\na path begins with $, an intrinsic call with States."
        raise Fault(f"{str(fault).removesuffix(f' (position {fault.position})')}{hint}", fault.position) from None
    except InvalidPath as fault:
        position = _POSITION.search(str(fault))
        raise Fault(str(fault), int(position[1]) if position is not None else None) from None
    try:
        return evaluate(scope.input, scope)
    except PathError as fault:
        raise Fault(f"States.Runtime: {fault.message}") from None
    except StatesError as fault:
        raise Fault(f"{fault.error}: {fault.cause}", _part(text, fault.cause or "")) from None


_POSITION = re.compile(r"\(position (\d+)\)")
_QUOTED = re.compile(r"The (?:function|JsonPath argument for the field) '(.*?)' (?:had the following error|could not be found)", re.DOTALL)


def _part(text: str, cause: str) -> int | None:
    """Where the call or path stands that a cause is about."""
    quoted = _QUOTED.match(cause)
    place = text.find(quoted[1]) if quoted is not None else -1
    return place if place >= 0 else None
