"""Every planted fault is found soon, shrunk to what a person would have written, and written as a scenario that passes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import states
from states.fuzzing import Found, Hunt, Report, scenarios
from states.testing.scenarios import load, play
from tests.fuzzing.planted import LOST_HEARTBEAT, PLANTED, SHADOWED_RETRIER, Planted


def hunting(planted: Planted) -> Hunt:
    tasks = None if planted.tasks is None else {name: lambda event, context, value=value: value for name, value in planted.tasks.items()}
    return Hunt(states.loads(planted.definition), tasks, schema=planted.schema, examples=planted.examples)


def hunt(planted: Planted, seed: int | str = 0) -> Report:
    return hunting(planted).go(20.0, seed, most=1)


def script(found: Found) -> tuple[tuple[str, str, int | None], ...]:
    return tuple((fault.state, fault.answer.kind, fault.answer.times) for fault in found.case.faults)


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
def test_a_planted_fault_is_found_and_made_small(planted: Planted, tmp_path: Path) -> None:
    hunter = hunting(planted)
    report = hunter.go(20.0, most=1)

    (found,) = report.found
    assert (found.ending.kind, found.ending.error, found.ending.state) == (planted.kind, planted.error, planted.state)
    assert script(found) == planted.faults
    assert found.is_smallest
    if planted.input is not None:
        assert found.case.input == planted.input
    (tmp_path / "machine.asl.json").write_text(json.dumps(planted.definition), encoding="utf-8")
    source = "".join(f"def {name}(event, context):\n    return {value!r}\n" for name, value in (planted.tasks or {}).items())
    (tmp_path / "tasks.py").write_text(source, encoding="utf-8")
    for name in ("found.scenario.yaml", "found.scenario.json"):
        document = scenarios.document(report.found, hunter.player, "machine.asl.json")
        (tmp_path / name).write_text(scenarios.text(document, name), encoding="utf-8")
        (scenario,) = load(tmp_path / name)
        assert play(scenario).mismatches == ()


@pytest.mark.parametrize("seed", [0, 1, "a"])
def test_the_same_seed_finds_the_same(seed: int | str) -> None:
    def told() -> list[tuple[object, ...]]:
        names = ("a missing IsPresent, by a schema", "a Choice without Default, by examples", "a cause that a timeout does not have")
        return [(found.case.input, script(found), found.runs) for name in names for found in hunt(PLANTED[name], seed).found]

    assert told() == told()


def test_several_causes_are_told_once_each() -> None:
    machine = states.loads(LOST_HEARTBEAT)

    report = Hunt(machine, {"work": lambda event, context: {}}, examples=[{}]).go(20.0)

    assert [found.ending.location for found in report.found] == ["/States/Work/HeartbeatSeconds", "/States/Work/TimeoutSeconds"] or [
        found.ending.location for found in report.found
    ] == ["/States/Work/TimeoutSeconds", "/States/Work/HeartbeatSeconds"]
    assert report.is_exhausted


def test_a_retrier_that_is_never_asked_is_told_where_a_catcher_hides_it() -> None:
    definition = json.loads(json.dumps(SHADOWED_RETRIER))
    definition["States"]["Charge"]["Catch"] = [{"ErrorEquals": ["States.ALL"], "Next": "Sorry"}]
    definition["States"]["Sorry"] = {"Type": "Fail", "Error": "Sorry"}

    (found,) = Hunt(states.loads(definition), {"charge": lambda event, context: {}}, examples=[{}]).go(20.0).found

    assert (found.ending.kind, found.ending.error, script(found)) == ("retry", "Busy", (("Charge", "error", 2),))
    assert scenarios.title(found) == "Charge: a retrier names Busy, but is not asked, when Charge fails with Busy twice"


def test_the_time_is_kept() -> None:
    ticks = iter(range(10_000))
    planted = PLANTED["a missing IsPresent, by a schema"]
    hunter = Hunt(states.loads(planted.definition), schema=planted.schema, clock=lambda: float(next(ticks)))

    report = hunter.go(200.0)

    assert report.is_over
    assert not report.is_exhausted
    assert report.runs < 200
