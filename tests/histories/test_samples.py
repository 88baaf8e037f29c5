"""Every sample, with every input, replays on its own history: callbacks, activities, heartbeats, loops of hours, JSONata, Express."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import states
from states.testing import Bench
from tests.histories.disguised import later
from tests.test_machines import MACHINES, NAMES, type_of

CASES = [(name, path) for name in NAMES for path in sorted((MACHINES / name / "inputs").glob("*.json"))]


def history_of(name: str, path: Path, **settings: Any) -> states.History:
    bench = Bench(MACHINES / name, type=type_of(name), **settings)
    history: states.History = bench.run(json.loads(path.read_text(encoding="utf-8"))).history
    return history


@pytest.mark.parametrize(("name", "path"), CASES, ids=lambda value: getattr(value, "stem", value))
def test_a_sample_replays(name: str, path: Path) -> None:
    history = history_of(name, path, seed=path.stem)
    found = states.replay(MACHINES / name / "machine.asl.json", history)
    assert found.difference is None
    assert all("heartbeats" in told for told in found.assumptions)
    assert not states.diff(history, list(history))


@pytest.mark.parametrize(("name", "path"), [case for case in CASES if case[0] in ("order", "thumbnails", "approval")])
def test_a_sample_replays_when_everything_is_a_little_late(name: str, path: Path) -> None:
    machine = states.load(MACHINES / name / "machine.asl.json", type=type_of(name))
    assert states.replay(machine, later(history_of(name, path), 1)).difference is None
