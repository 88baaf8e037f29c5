"""Choice: the first rule whose condition is true decides where to go; else the Default.

Source: https://states-language.net/spec.html#choice-state
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from states import errors
from states.errors import StatesError
from states.interpreter import dataflow
from states.interpreter.frame import Frame
from states.interpreter.program import Step
from states.machine import ChoiceRule, Expression


def enter(frame: Frame) -> Step | None:
    step = frame.step
    data = dataflow.effective_input(frame)
    view = frame.view(data)
    for rule in step.state.choices:
        if rule.condition(view, frame):
            return _follow(frame, data, rule.next, rule)
    if step.state.default is None:
        raise StatesError(errors.RUNTIME, f"Failed to transition out of the state. The state '{step.name}' does not point to a next state.")
    return _follow(frame, data, step.state.default, None)


def _follow(frame: Frame, data: object, target: str, rule: ChoiceRule | None) -> Step | None:
    """Leaves for the target; a rule that matched has an Assign and an Output of its own, the Default takes the state's."""
    step = frame.step
    shape, template = step.shape, step.assign
    if rule is not None:
        template = _of_rule(frame, rule.assign)
        shape = _of_rule(frame, rule.output) if step.jsonata else shape
    output = data if shape is None else shape(data, frame)
    size = frame.effective_size if shape is None else None
    size = dataflow.bounded(frame, output, dataflow.measure(frame, output) if size is None else size)
    variables = dataflow.assign(frame, template, data) if template is not None else None
    return dataflow.go(frame, step.siblings[target], output, size, variables)


def _of_rule(frame: Frame, expression: Expression | None) -> Callable[[Any, Frame], Any] | None:
    if expression is None:
        return None
    return lambda data, _: expression.evaluate(frame.view(data), frame)
