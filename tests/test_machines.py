"""The samples in machines/: each is tested by its scenarios, with the kit that this project is, and they reach every goal there is."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

import states
from states.coverage import Collector, measure
from states.testing import Bench
from states.testing.scenarios import Scenario, load, play

MACHINES = Path(__file__).resolve().parent.parent / "machines"
NAMES = sorted(path.parent.name for path in MACHINES.glob("*/machine.asl.json"))
EXPRESS = {"quote"}


def parts(name: str) -> tuple[str, ...]:
    """The files that a sample has."""
    return ("README.md", "machine.asl.json", "tasks.py", f"{name}.scenario.yaml")


@cache
def scenarios(name: str) -> list[Scenario]:
    return list(load(MACHINES / name / f"{name}.scenario.yaml"))


CASES = [(name, scenario.name) for name in NAMES for scenario in scenarios(name)]


def type_of(name: str) -> str:
    return "EXPRESS" if name in EXPRESS else "STANDARD"


def test_there_are_samples() -> None:
    assert len(NAMES) >= 8
    machines = {name: states.load(MACHINES / name / "machine.asl.json", type=type_of(name)) for name in NAMES}
    assert [name for name, machine in machines.items() if machine.query_language == "JSONata"] == ["invoice", "reminders"]


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_whole(name: str) -> None:
    folder = MACHINES / name
    assert [part for part in parts(name) if not (folder / part).is_file()] == []
    text = (folder / f"{name}.scenario.yaml").read_text(encoding="utf-8")
    assert [path.name for path in (folder / "inputs").iterdir() if f"inputs/{path.name}" not in text] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_has_no_fault(name: str) -> None:
    assert states.validate((MACHINES / name / "machine.asl.json").read_text(encoding="utf-8"), type=type_of(name)) == []


@pytest.mark.parametrize(("name", "case"), CASES)
def test_a_scenario_goes_as_it_says(name: str, case: str) -> None:
    (scenario,) = [one for one in scenarios(name) if one.name == case]
    outcome = play(scenario)
    assert (list(outcome.mismatches), outcome.status) == ([], "passed")


@pytest.mark.parametrize("name", NAMES)
def test_the_scenarios_of_a_sample_reach_everything(name: str) -> None:
    collector = Collector()
    with collector.watching():
        for scenario in scenarios(name):
            play(scenario)
    found = measure(collector, [str(MACHINES / name)])
    assert [goal.goal.name for machine in found.machines for goal in machine.missed] == []
    assert found.percent == 100.0


@pytest.mark.parametrize("name", NAMES)
def test_replay_comes_to_the_same_execution(name: str) -> None:
    bench = Bench(MACHINES / name, type=type_of(name))
    for path in sorted((MACHINES / name / "inputs").iterdir()):
        given = json.loads(path.read_text(encoding="utf-8"))
        run = bench.run(given)
        execution = run.execution
        again = states.Execution.replay(
            execution.machine, given, run.driver.received, at=execution.started_at, names=execution.names, type=execution.type
        )
        assert (again.status, again.output, again.error, again.cause) == (run.status, run.output, run.error, run.cause)
        assert again.history == execution.history
