"""Every sample, with every input, replays on its own history: callbacks, activities, heartbeats, loops of hours, JSONata, Express."""

from __future__ import annotations

import pytest

import states
from tests.histories.disguised import later
from tests.test_machines import CASES, MACHINES, machine_of, read, tasks_of


@pytest.mark.parametrize(("name", "case"), CASES)
def test_a_sample_replays(name: str, case: str) -> None:
    history = states.run(machine_of(name), read(name, "inputs", case), tasks_of(name), seed=case).history
    found = states.replay(MACHINES / name / "machine.asl.json", history)
    assert found.difference is None
    assert all("heartbeats" in told for told in found.assumptions)
    assert not states.diff(history, list(history))


@pytest.mark.parametrize(("name", "case"), [case for case in CASES if case[0] in ("order", "thumbnails", "approval")])
def test_a_sample_replays_when_everything_is_a_little_late(name: str, case: str) -> None:
    history = states.run(machine_of(name), read(name, "inputs", case), tasks_of(name)).history
    assert states.replay(machine_of(name), later(history, 1)).difference is None
