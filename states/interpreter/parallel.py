"""Parallel: every branch on the same input, at the same time; the outputs in the order of the branches.

Source: https://states-language.net/spec.html#parallel-state
"""

from __future__ import annotations

from states.interpreter import dataflow
from states.interpreter.frame import Frame
from states.interpreter.joins import Join
from states.interpreter.program import Step


def enter(frame: Frame) -> Step | None:
    frame.work = None
    data = dataflow.effective_input(frame)
    size = frame.size if data is frame.input else dataflow.measure(frame, data)
    branches = frame.step.state.branches
    frame.last = frame.engine.record("ParallelStateStarted", frame.last)
    frame.work = join = Join(frame, len(branches))
    for index, branch in enumerate(branches):
        join.running[index] = frame.engine.begin(branch, data, size, frame.last, join, index)
    return None
