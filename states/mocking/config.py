"""Config: cases as AWS's MockConfigFile.json, for Step Functions Local and whoever reads that form.

Its answers have no time and belong to no branch: they are put in the order in which the machine asks for them when no task takes time,
and a silence becomes the timeout it led to. A Map that is mocked as a whole cannot be told.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-mock-cfg-file.html
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import Any

from states.language.values import dumps
from states.machine import Machine, Task
from states.mocking import cases
from states.mocking.cases import Case
from states.tasks import mocks
from states.tasks.mocks import ERROR, NEVER, RESPONSE, Answer, MockError

Json = Any

#: The fields by which the answer of a function is taken for the envelope around it.
PAYLOAD = "Payload"


def config_of(machine: Machine, made: list[Case], state_machine: str) -> tuple[dict[str, Json], list[str]]:
    """The configuration, and what it cannot hold."""
    test_cases: dict[str, dict[str, str]] = {}
    responses: dict[str, dict[str, Json]] = {}
    names: dict[str, str] = {}
    notes: list[str] = []
    for case in made:
        states = test_cases[case.name] = {}
        for state, answers in _in_order(machine, case, notes).items():
            invocations = _invocations(answers)
            text = f"{state} {dumps(invocations)}"
            if text not in names:
                names[text] = f"{state}, {case.name}"
                responses[names[text]] = invocations
            states[state] = names[text]
    return {"StateMachines": {state_machine: {"TestCases": test_cases}}, "MockedResponses": responses}, notes


def _in_order(machine: Machine, case: Case, notes: list[str]) -> dict[str, list[Answer]]:
    """The answers of each Task state, one by one, in the order the machine asks for them when none takes time."""
    tasks, given = _tasks(machine), case.whole or case.mocks
    notes += [f'{case.name}: the Map "{name}" is mocked as a whole, which this form cannot hold' for name in given if name not in tasks]
    timeless = {name: [_timeless(answer) for answer in answers] for name, answers in given.items()}
    if any(answer.kind == NEVER for answers in given.values() for answer in answers):
        notes.append(f"{case.name}: a task that did not answer fails at once with its States.Timeout")
    asked: dict[str, list[Answer]] = {}
    if any(answer.within is not None for answers in given.values() for answer in answers):
        try:
            run = cases.play(machine, case, timeless)
            asked = {name: [one.answer for one in mock.asked if one.answer is not None] for name, mock in run.mocks.items()}
        except (MockError, AssertionError, ValueError):
            notes.append(f"{case.name}: answers of concurrent calls stand in the order of the history")
    spread = {name: [replace(one, times=1) for one in each for _ in range(one.times or 1)] for name, each in timeless.items()}
    return {name: asked.get(name) or answers for name, answers in spread.items() if name in tasks}


def _tasks(machine: Machine) -> dict[str, Task]:
    from states.definition import every_block

    return {name: state for block in every_block(machine) for name, state in block.states.items() if isinstance(state, Task)}


def _timeless(answer: Answer) -> Answer:
    """The same answer at once; in place of silence the timeout it leads to."""
    if answer.kind == NEVER:
        return mocks.error("States.Timeout", None, times=answer.times, within=answer.within)
    return replace(answer, after=0.0, heartbeat=None, submitted=None)


def _invocations(answers: list[Answer]) -> dict[str, Json]:
    """Answers by invocation; several that are the same as a range."""
    told: dict[str, Json] = {}
    first = 0
    for _, several in groupby(map(_answer, answers), dumps):
        group = list(several)
        last = first + len(group) - 1
        told[str(first) if first == last else f"{first}-{last}"] = group[0]
        first = last + 1
    return told


def _answer(answer: Answer) -> dict[str, Json]:
    if answer.kind == ERROR:
        return {"Throw": {"Error": answer.error or "", "Cause": answer.cause or ""}}
    if answer.kind != RESPONSE and isinstance(answer.value, dict) and PAYLOAD in answer.value:  # not to be taken for an envelope
        return {"Return": {"StatusCode": 200, PAYLOAD: answer.value}}
    return {"Return": answer.value}
