"""Succeed: ends its block; its output is its input after InputPath and OutputPath.

Source: https://states-language.net/spec.html#succeed-state
"""

from __future__ import annotations

from states.interpreter import dataflow
from states.interpreter.frame import Frame
from states.interpreter.program import Step


def enter(frame: Frame) -> Step | None:
    return dataflow.pass_on(frame, dataflow.effective_input(frame))
