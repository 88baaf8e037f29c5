"""Watched states: steps that tell a probe what their filters and rules give, and do nothing else differently.

A step's functions (InputPath, Parameters, the conditions of its rules ...) are wrapped in ones that note what comes out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from states.interpreter import setup
from states.interpreter.commands import ScheduleTask, StartTimer
from states.interpreter.frame import Frame
from states.interpreter.program import Evaluate, Step
from states.machine import Choice, Expression, Map

Json = Any

WITH_PARAMETERS = frozenset({"Pass", "Task", "Parallel", "Map"})  #: types of states that may have the field
ASKING = frozenset({"Task", "Wait"})  #: types of states that wait for an answer


def watch(step: Step, kinds: frozenset[str]) -> None:
    """Lets a step tell its execution's probe what it sees of these kinds."""
    if setup.ENTERED in kinds:
        step.enter = _entering(step.enter, setup.VARIABLES in kinds)
    if setup.ASKED in kinds and step.type in ASKING:
        step.enter = _asking(step.enter)
    if setup.LEFT in kinds:
        step.leaving = _left
    if setup.AFTER_PARAMETERS in kinds:
        _watch_input(step)
    if setup.RESULT in kinds:
        step.selector = _noting(setup.AFTER_RESULT_SELECTOR, step.selector, before=setup.RESULT)
    before = setup.AFTER_RESULT_PATH if setup.AFTER_RESULT_PATH in kinds else None
    if setup.AFTER_OUTPUT in kinds:
        step.shape = _noting(setup.AFTER_OUTPUT, step.shape, before)
    if isinstance(step.state, Choice) and setup.RULE in kinds:
        rules = [replace(rule, condition=_trying(index, rule.condition)) for index, rule in enumerate(step.state.choices)]
        step.state = replace(step.state, choices=tuple(rules))
    if isinstance(step.state, Map) and step.state.item_selector is not None and setup.AFTER_ITEM_SELECTOR in kinds:
        step.state = replace(step.state, item_selector=_Noted(setup.AFTER_ITEM_SELECTOR, step.state.item_selector))


def _watch_input(step: Step) -> None:
    """InputPath and Parameters, or Arguments. Absent Parameters stay absent: a template's value is measured, a path's is not."""
    if step.jsonata:
        if step.parameters is not None:
            step.parameters = _noting(setup.AFTER_ARGUMENTS, step.parameters)
        return
    step.select = _noting(setup.AFTER_INPUT_PATH, step.select)
    if step.parameters is not None:
        step.parameters = _noting(setup.AFTER_PARAMETERS, step.parameters)
    elif step.type in WITH_PARAMETERS:
        step.select = _noting(setup.AFTER_PARAMETERS, step.select)


def _entering(enter: Callable[[Frame], Step | None], with_variables: bool) -> Callable[[Frame], Step | None]:
    def entered(frame: Frame) -> Step | None:
        probe = frame.engine.setup.probe
        assert probe is not None
        probe.note(frame, setup.ENTERED, frame.input)
        if with_variables:
            probe.note(frame, setup.VARIABLES, frame.variables)
        return enter(frame)

    return entered


def _asking(enter: Callable[[Frame], Step | None]) -> Callable[[Frame], Step | None]:
    def asked(frame: Frame) -> Step | None:
        following = enter(frame)
        command = frame.engine.asked(frame.command_id) if frame.pending else None
        if isinstance(command, ScheduleTask):
            setup.note(frame, setup.ASKED, command.input)
        elif isinstance(command, StartTimer):
            setup.note(frame, setup.ASKED, command.at)
        return following

    return asked


def _left(frame: Frame, output: Json, variables: Json) -> None:
    setup.note(frame, setup.LEFT, (output, variables))


def _noting(after: str, evaluate: Evaluate | None, before: str | None = None) -> Evaluate:
    """The function of a field, None for one that changes nothing, with a note of what it gives, and of what it gets."""

    def noted(data: Json, frame: Any) -> Json:
        tell = frame.engine.setup.probe.note
        if before is not None:
            tell(frame, before, data)
        value = data if evaluate is None else evaluate(data, frame)
        tell(frame, after, value)
        return value

    return noted


def _trying(index: int, condition: Callable[[Json, Any], bool]) -> Callable[[Json, Any], bool]:
    def tried(view: Json, frame: Any) -> bool:
        held = condition(view, frame)
        frame.engine.setup.probe.note(frame, setup.RULE, (index, held))
        return held

    return tried


class _Noted:
    """An expression with a note of what it gives."""

    def __init__(self, kind: str, expression: Expression) -> None:
        self.text = expression.text
        self.evaluate = _noting(kind, expression.evaluate)
