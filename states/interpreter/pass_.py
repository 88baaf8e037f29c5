"""Pass: its Result, or its effective input, becomes its result.

Source: https://states-language.net/spec.html#pass-state
"""

from __future__ import annotations

from states.interpreter import dataflow
from states.interpreter.frame import Frame
from states.interpreter.program import Step
from states.machine import ABSENT


def enter(frame: Frame) -> Step | None:
    step = frame.step
    if step.fixed is ABSENT:
        data = dataflow.effective_input(frame)
        return dataflow.leave(frame, data, frame.effective_size)
    dataflow.effective_input(frame)
    if step.fixed_size is None:
        step.fixed_size = dataflow.measure(frame, step.fixed)
    return dataflow.leave(frame, step.fixed, step.fixed_size)
