"""Laws of the debugger, on every sample machine and its inputs: back is the same screen, going on is the same history, nothing is called
twice, and a future in which nothing is another than it was is the same future."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

import states
from states.debugging.commands import do
from states.debugging.debugger import Debugger
from states.debugging.futures import World
from states.debugging.moments import ENDED, Moment
from states.debugging.screen import Screen
from states.debugging.session import Session, Wrong
from states.interpreter import setup
from states.language.values import dumps, equal
from states.running import RunSettings, make_execution
from states.tasks import modules
from tests.debugging.worlds import SAMPLES, Calls, sample, to_the_end
from tests.shared import ROOT

Json = Any

INPUTS = sorted(ROOT.glob("machines/*/inputs/*.json"))
MOST = 80  #: moments that are tried of one machine


def of_machine(path: Path) -> Debugger:
    """A debugger of a sample machine of the project, with one of its inputs."""
    folder = path.parents[1]
    machine = states.load(folder / "machine.asl.json")
    tasks = modules.of_file(folder / "tasks.py") if (folder / "tasks.py").exists() else None
    input = json.loads(path.read_text())
    return Debugger(Session(machine, World(lambda setup: make_execution(machine, input, tasks, RunSettings(), None, setup))), machine)


DEBUGGERS: dict[str, Any] = {
    **{name: lambda name=name: sample(name) for name in SAMPLES},
    **{f"{path.parents[1].name}/{path.stem}": lambda path=path: of_machine(path) for path in INPUTS},
}

every = pytest.mark.parametrize("name", DEBUGGERS)


def walked(debugger: Debugger) -> list[Screen]:
    """The screens at every moment, step by step to the end."""
    screens = [debugger.screen()]
    while debugger.session.moment.kind != ENDED:
        do(debugger, "step")
        screens.append(debugger.screen())
    return screens


def history(debugger: Debugger) -> list[Json]:
    """The history of the current future, run to its end, without the distributed Maps' random names."""
    to_the_end(debugger)
    return list(debugger.session.future.execution.history)


def some(moments: list[Moment], kind: str) -> list[int]:
    found = [index for index, moment in enumerate(moments) if moment.kind == kind]
    return found[:: max(1, len(found) // 8)]


@every
def test_back_after_step_is_the_same_screen(name: str) -> None:
    debugger = DEBUGGERS[name]()
    screens = walked(debugger)
    for screen in screens[-2::-1]:
        do(debugger, "back")
        assert debugger.screen() == screen
    for screen in screens[1:MOST]:
        do(debugger, "step")
        assert debugger.screen() == screen


@every
def test_going_on_after_going_back_is_the_history_of_a_run(name: str) -> None:
    debugger = DEBUGGERS[name]()
    walked(debugger)
    for command in ("back", "previous", "continue", "reverse-continue", "continue"):
        do(debugger, command)
    assert debugger.session.moment.kind == ENDED
    other = DEBUGGERS[name]()
    assert history(debugger) == history(other)


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: f"{path.parents[1].name}/{path.stem}")
def test_a_debugged_execution_is_that_of_a_run(path: Path) -> None:
    folder = path.parents[1]
    tasks = modules.of_file(folder / "tasks.py") if (folder / "tasks.py").exists() else None
    assert history(of_machine(path)) == list(states.run(folder / "machine.asl.json", json.loads(path.read_text()), tasks).history)


@every
def test_a_future_with_the_same_input_has_the_same_history(name: str) -> None:
    debugger = DEBUGGERS[name]()
    to_the_end(debugger)
    expected, session = history(debugger), debugger.session
    for index in some(list(session.moments), setup.ENTERED):
        session.switch(1)
        session._move(index)
        do(debugger, f"set $ {dumps(session.moment.input)}")
        assert history(debugger) == expected
        assert session.moments[index].kind == setup.ENTERED


@every
def test_a_future_with_the_same_result_has_the_same_history(name: str) -> None:
    debugger = DEBUGGERS[name]()
    to_the_end(debugger)
    expected, session = history(debugger), debugger.session
    for index in some(list(session.moments), setup.ASKED):
        session.switch(1)
        session._move(index)
        asked = session.moment
        if asked.note:
            continue  # a Wait
        answer = next((m for m in session.moments[index:] if is_answer(m, asked)), None)
        if answer is None:
            continue
        if answer.kind == setup.RESULT:
            do(debugger, f"result {dumps(answer.value)}")
        else:
            failure = answer.value
            session.answer(None, (failure["Error"], failure["Cause"]), "as it was")
        if answer.kind == setup.FAILED and answer.value["Error"] == "States.Timeout":
            continue  # a clock ran out: that is another event than a failure
        assert history(debugger) == expected
        assert equal(session.moment.value, answer.value)


def is_answer(moment: Moment, asked: Moment) -> bool:
    return (moment.place, moment.attempt) == (asked.place, asked.attempt) and moment.kind in (setup.RESULT, setup.FAILED)


@every
def test_the_values_of_moments_are_not_changed_later(name: str) -> None:
    debugger = DEBUGGERS[name]()
    session = debugger.session
    seen: list[str] = []
    while True:
        seen += [dumps([m.value, m.input, dict(m.variables)] if m.kind != ENDED else []) for m in session.moments[len(seen) :]]
        if not session.future.more():
            break
    assert seen == [dumps([m.value, m.input, dict(m.variables)] if m.kind != ENDED else []) for m in session.moments]


@every
def test_moments_are_in_order(name: str) -> None:
    debugger = DEBUGGERS[name]()
    to_the_end(debugger)
    moments = debugger.session.moments
    assert [m.at for m in moments] == sorted(m.at for m in moments)
    assert [m.events for m in moments] == sorted(m.events for m in moments)
    assert [m.kind for m in moments].count(ENDED) == 1
    assert moments[-1].note == debugger.session.future.execution.status


@pytest.mark.parametrize("name", SAMPLES)
def test_a_whole_walk_calls_each_task_once(name: str) -> None:
    calls, run = Calls(), Calls()
    debugger = sample(name, calls)
    walked(debugger)
    do(debugger, "reverse-continue")
    do(debugger, "continue")
    definition, input = SAMPLES[name]
    states.run(definition, input, run.tasks())
    assert calls.made == run.made


@pytest.mark.parametrize("name", SAMPLES)
def test_next_and_previous_visit_the_same_states(name: str) -> None:
    debugger = sample(name)
    session = debugger.session
    ways: list[list[int]] = [[0], []]
    while session.moment.kind != ENDED:
        do(debugger, "next")
        ways[0].append(session.index)
    ways[1].append(session.index)
    while session.index:
        do(debugger, "previous")
        ways[1].append(session.index)
    assert set(ways[0]) <= set(ways[1])
    assert all(session.moments[index].kind in (setup.ENTERED, ENDED) for index in ways[1])


ANYTHING = [
    *("step", "next", "out", "continue", "back", "previous", "reverse-continue", "s 5", "b 7", "until +1s", "until +2m"),
    *("on error", "when $.n > 2", "when $states.input.n", "delete 1", "stops", "show", "show result", "where", "why", "futures", "help"),
    *("set $ {}", 'set $ "x"', "set $.n 3", "set $.order.cents 1", "set $rate 3", "set $deep.a[0] {}", "set $total 1"),
    *(
        "result {}",
        'result {"n": 5, "receipt": "r"}',
        "result null",
        "fail Busy",
        "fail States.Timeout late",
        "switch 1",
        "switch 2",
        "switch 3",
    ),
    *("break A", "break Twice", "break Charge", "break Last", "break Each#3[1]/Twice#1"),
]


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_done_the_same_moment_is_the_same_screen(name: str, seed: int) -> None:
    random = Random(seed)
    debugger = sample(name)
    session = debugger.session
    seen: dict[tuple[int, int], Screen] = {}
    for _ in range(40):
        with suppress(Wrong):
            do(debugger, random.choice(ANYTHING))
        screen = debugger.screen()
        known = seen.setdefault((session.future.number, session.index), screen)
        assert replace(screen, futures=0) == replace(known, futures=0)
        assert 0 <= session.index < len(session.moments)
    for future in session.futures:
        session.switch(future.number)
        to_the_end(debugger)
        assert session.moments[-1].kind == ENDED
