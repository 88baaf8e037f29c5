"""Choice: the first rule whose condition is true decides where to go; else the Default.

Source: https://states-language.net/spec.html#choice-state
"""

from __future__ import annotations

from states import errors
from states.errors import StatesError
from states.interpreter import dataflow
from states.interpreter.frame import Frame
from states.interpreter.program import Step
from states.machine import ChoiceRule


def enter(frame: Frame) -> Step | None:
    step = frame.step
    data = dataflow.effective_input(frame)
    for rule in step.state.choices:
        if rule.condition(data, frame):
            return _follow(frame, data, rule.next, rule)
    if step.state.default is None:
        raise StatesError(errors.RUNTIME, f"Failed to transition out of the state. The state '{step.name}' does not point to a next state.")
    return _follow(frame, data, step.state.default, None)


def _follow(frame: Frame, data: object, target: str, rule: ChoiceRule | None) -> Step | None:
    """Leaves for the target; a rule that matched has an Assign of its own, the Default takes the state's."""
    step = frame.step
    output, size = data, frame.size
    if step.shape is not None:
        output = step.shape(data, frame)
        size = dataflow.measure(frame, output)
        dataflow.check(frame, size)
    template = step.assign if rule is None else rule.assign.evaluate if rule.assign is not None else None
    variables = dataflow.assign(frame, template, data) if template is not None else None
    return dataflow.go(frame, step.siblings[target], output, size, variables)
