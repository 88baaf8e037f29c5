"""A Machine made ready to run: each state as a Step with its handler, its event names, its paths and its successor looked up once.

A program is made once a machine and kept as long as the machine lives; it holds nothing of any execution.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from states import errors
from states.errors import StatesError
from states.interpreter.resources import Resource, TaskEvents, parse_resource, task_events
from states.language.paths import PathError
from states.machine import ABSENT, Block, Expression, Machine, State

Json = Any
Evaluate = Callable[[Json, Any], Json]

#: The types of state whose Output and Assign may read `$states.result`.
WITH_RESULT = frozenset({"Task", "Parallel", "Map"})

#: What runs a type of state: enters it, and takes the completions it waits for (None: it waits for none).
Handler = tuple[Callable[[Any], "Step | None"], Callable[[Any, Any], "Step | None"] | None]


class Step:
    """One state, ready to run.

    `select`, `parameters`, `selector` and `shape` are InputPath, Parameters, ResultSelector and OutputPath, None where they change
    nothing; `put` is ResultPath, None where the result is dropped, and `whole` says that the result is the output.
    `put_size` bounds the bytes that the keys of ResultPath add. `leaving` is told what a watched state is left with.
    """

    __slots__ = (
        "answer",
        "assign",
        "branches",
        "catch",
        "enter",
        "entered",
        "exited",
        "failed",
        "fixed",
        "fixed_size",
        "jsonata",
        "leaving",
        "name",
        "next",
        "parameters",
        "put",
        "put_size",
        "resource",
        "retry",
        "select",
        "selector",
        "shape",
        "shape_is_definite",
        "siblings",
        "state",
        "task",
        "type",
        "whole",
    )

    def __init__(self, state: State, handler: Handler, siblings: dict[str, Step]) -> None:
        kind = self.type = state.type
        self.state = state
        self.name = state.name
        self.enter, self.answer = handler
        self.siblings = siblings
        self.next: Step | None = None
        self.leaving: Callable[[Any, Json, Any], None] | None = None
        self.entered = f"{kind}StateEntered"
        self.exited = f"{kind}StateExited"
        self.failed = f"{kind}StateFailed" if kind in ("Parallel", "Map") else None
        self.jsonata = state.query_language == "JSONata"
        if self.jsonata:
            self._read_jsonata(state)
        else:
            self._read_jsonpath(state)
        self.fixed = getattr(state, "result", ABSENT)
        self.fixed_size: int | None = None
        self.retry = getattr(state, "retry", ())
        self.catch = getattr(state, "catch", ())
        resource = getattr(state, "resource", None)
        self.resource: Resource | None = parse_resource(resource) if resource is not None else None
        self.task: TaskEvents | None = task_events(self.resource) if self.resource is not None else None

    def _read_jsonpath(self, state: State) -> None:
        self.select = selecting(state.input_path)
        self.shape = selecting(state.output_path)
        self.shape_is_definite = state.output_path is None or _chooses_a_part(state.output_path)
        self.assign = _evaluate(state.assign)
        self.parameters = _evaluate(getattr(state, "parameters", None))
        self.selector = _evaluate(getattr(state, "result_selector", None))
        path = getattr(state, "result_path", None)
        self.put = path.put if path is not None else None
        self.whole = path is not None and path.text == "$"
        self.put_size = 8 * len(path.text) + 16 if path is not None else 0

    def _read_jsonata(self, state: State) -> None:
        """Arguments stand where Parameters do, Output where OutputPath does; the result is otherwise the output."""
        self.select = self.selector = None
        self.parameters = _of_input(getattr(state, "arguments", None))
        sees = _of_result if state.type in WITH_RESULT else _of_state
        self.shape = sees(state.output)
        self.shape_is_definite = False
        self.assign = sees(state.assign)
        self.put = _whole
        self.whole = True
        self.put_size = 0


def _whole(_: Json, result: Json) -> Json:
    """The ResultPath `$`."""
    return result


def _of_input(expression: Expression | None) -> Evaluate | None:
    """A JSONata field that sees `$states.input`."""
    if expression is None:
        return None
    evaluate = expression.evaluate
    return lambda data, frame: evaluate({"input": data}, frame)


def _of_state(expression: Expression | None) -> Evaluate | None:
    """A JSONata field of a state without a result."""
    if expression is None:
        return None
    evaluate = expression.evaluate
    return lambda _, frame: evaluate({"input": frame.input}, frame)


def _of_result(expression: Expression | None) -> Evaluate | None:
    """A JSONata field that sees `$states.input` and `$states.result`."""
    if expression is None:
        return None
    evaluate = expression.evaluate
    return lambda result, frame: evaluate({"input": frame.input, "result": result}, frame)


def _chooses_a_part(path: Expression) -> bool:
    """Whether what a path gives is never larger than its data: names and indexes only, and of the data itself."""
    return getattr(path, "is_reference", False) and getattr(path, "root", None) == "$"


def _evaluate(expression: Expression | None) -> Evaluate | None:
    return expression.evaluate if expression is not None else None


def selecting(path: Expression | None) -> Evaluate | None:
    """How InputPath or OutputPath filters: None when it is `$`; a null path gives `{}`; a miss is States.Runtime in Jayway's words."""
    if path is None:
        return _nothing
    if path.text == "$":
        return None
    evaluate, text = path.evaluate, path.text

    def select(data: Json, scope: Any) -> Json:
        try:
            return evaluate(data, scope)
        except PathError as miss:
            raise invalid_path(text, miss) from None

    return select


def invalid_path(text: str, miss: PathError) -> StatesError:
    """The failure of a path that selects nothing, or that cannot be applied to the data: then AWS passes the message on as it is."""
    return StatesError(errors.RUNTIME, f"Invalid path '{text}' : {miss.message}" if miss.missing else miss.message)


def _nothing(_: Json, __: Any) -> Json:
    """What a null path leaves of the data."""
    return {}


class Program:
    """The steps of one `States` block, by name, and the one it starts with; `adapt` may change each step before it runs."""

    __slots__ = ("start", "steps")

    def __init__(self, block: Block, handlers: Mapping[str, Handler], adapt: Callable[[Step], None] | None = None) -> None:
        self.steps: dict[str, Step] = {}
        for name, state in block.states.items():
            step = self.steps[name] = Step(state, handlers[state.type], self.steps)
            if adapt is not None:
                adapt(step)
        for step in self.steps.values():
            step.next = self.steps[step.state.next] if step.state.next is not None else None
        self.start = self.steps[block.start_at]


_programs: WeakKeyDictionary[Machine, dict[Hashable, Program]] = WeakKeyDictionary()


def programs(machine: Machine) -> dict[Hashable, Program]:
    """The programs of a machine's blocks made so far, by `id` of the block and what is built in; one dictionary a machine."""
    found = _programs.get(machine)
    if found is None:
        found = _programs[machine] = {}
    return found
