"""The samples in machines/: each input is run and compared with what is expected of it; together they visit every state.

`expected/NAME.json` holds of `inputs/NAME.json` the status, output or error and cause (`...` stands for anything), the seconds on the
virtual clock, and the names of the states entered at top level in order; {"times": n, "path": [...]} stands for a path taken n times.
"""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import states
from states.drivers.virtual import Virtual

MACHINES = Path(__file__).resolve().parent.parent / "machines"
NAMES = sorted(path.parent.name for path in MACHINES.glob("*/machine.asl.json"))
EXPRESS = {"quote"}
PARTS = ("README.md", "machine.asl.json", "tasks.py")
CASES = [(name, path.stem) for name in NAMES for path in sorted((MACHINES / name / "inputs").glob("*.json"))]


@cache
def tasks_of(name: str) -> ModuleType:
    specification = importlib.util.spec_from_file_location(f"machines_{name}", MACHINES / name / "tasks.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def type_of(name: str) -> str:
    return "EXPRESS" if name in EXPRESS else "STANDARD"


@cache
def machine_of(name: str) -> states.Machine:
    return states.load(MACHINES / name / "machine.asl.json", type=type_of(name))


def read(name: str, folder: str, case: str) -> Any:
    return json.loads((MACHINES / name / folder / f"{case}.json").read_text(encoding="utf-8"))


@cache
def ran(name: str, case: str) -> Virtual:
    driver = states.start(machine_of(name), read(name, "inputs", case), tasks_of(name))
    driver.run()
    return driver


def entered(execution: states.Execution) -> Iterator[str]:
    """The name of each state entered, in order."""
    for event in execution.history:
        if event["type"].endswith("StateEntered"):
            yield event["stateEnteredEventDetails"]["name"]


def path_at_top(name: str, execution: states.Execution) -> list[str]:
    top = machine_of(name).states
    return [state for state in entered(execution) if state in top]


def unrolled(path: list[Any]) -> list[str]:
    """The path with its loops written out."""
    return [state for step in path for state in ([step] if isinstance(step, str) else step["times"] * unrolled(step["path"]))]


def fits(text: str | None, expected: str | None) -> bool:
    """Whether a text is the expected one, in which `...` stands for anything."""
    if text is None or expected is None:
        return text is expected
    return re.fullmatch(".*".join(map(re.escape, expected.split("..."))), text, re.DOTALL) is not None


def names_in(block: Any) -> Iterator[str]:
    """The name of every state of a definition, nested ones too."""
    for name, state in block["States"].items():
        yield name
        for inner in (*state.get("Branches", ()), *(state[key] for key in ("ItemProcessor", "Iterator") if key in state)):
            yield from names_in(inner)


def test_there_are_samples() -> None:
    assert len(NAMES) >= 8
    assert [name for name in NAMES if machine_of(name).query_language == "JSONata"] == ["invoice", "reminders"]


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_whole(name: str) -> None:
    folder = MACHINES / name
    assert [part for part in PARTS if not (folder / part).is_file()] == []
    assert sorted(path.name for path in (folder / "inputs").iterdir()) == sorted(path.name for path in (folder / "expected").iterdir())


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_has_no_fault(name: str) -> None:
    assert states.validate((MACHINES / name / "machine.asl.json").read_text(encoding="utf-8"), type=type_of(name)) == []


@pytest.mark.parametrize(("name", "case"), CASES)
def test_an_input_gives_what_is_expected(name: str, case: str) -> None:
    execution, expected = ran(name, case).execution, read(name, "expected", case)
    assert execution.status == expected["status"]
    assert json.dumps(execution.output, indent=1) == json.dumps(expected.get("output"), indent=1)
    assert execution.error == expected.get("error")
    assert fits(execution.cause, expected.get("cause")), execution.cause
    assert execution.stopped_at - execution.started_at == pytest.approx(expected["seconds"], abs=1e-3)
    assert path_at_top(name, execution) == unrolled(expected["path"])


@pytest.mark.parametrize("name", NAMES)
def test_the_inputs_of_a_sample_visit_every_state(name: str) -> None:
    visited = {state for known, case in CASES if known == name for state in entered(ran(name, case).execution)}
    assert set(names_in(machine_of(name).definition)) - visited == set()


@pytest.mark.parametrize(("name", "case"), CASES)
def test_replay_comes_to_the_same_execution(name: str, case: str) -> None:
    driver = ran(name, case)
    execution = driver.execution
    again = states.Execution.replay(
        machine_of(name), read(name, "inputs", case), driver.received, at=execution.started_at, names=execution.names
    )
    assert (again.status, again.output, again.error, again.cause) == (execution.status, execution.output, execution.error, execution.cause)
    assert again.history == execution.history


@pytest.mark.parametrize(
    ("text", "expected", "whether"), [("a b c", "a...c", True), ("a", "b", False), (None, "...", False), (None, None, True)]
)
def test_fits(text: str | None, expected: str | None, whether: bool) -> None:
    assert fits(text, expected) is whether
