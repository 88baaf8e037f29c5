"""Histories that were changed at random: each is understood or refused with InvalidHistory, and a finding can always be drawn."""

from __future__ import annotations

import copy
import json
from random import Random
from typing import Any

import pytest

from states.findings.shown import Shown
from states.findings.why import of_story, why
from states.histories.documents import InvalidHistory
from states.views.story import read
from tests.views.stories import WAYS, drawn, execute

ODD: list[Any] = [
    None,
    0,
    -1,
    7,
    "",
    "x",
    "\x1b[2J",
    [],
    {},
    True,
    1e308,
    "{",
    '{"errorMessage": 7}',
    "An error occurred while executing the state",
]


def places(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place, *(found for key, member in inner for found in places(member, (*place, key)))]


def mutated(events: list[Any], random: Random) -> list[Any]:
    events = copy.deepcopy(events)
    *way, last = random.choice([place for place in places(events) if place])
    holder: Any = events
    for key in way:
        holder = holder[key]
    if random.random() < 0.3:
        del holder[last]
    else:
        holder[last] = random.choice(ODD)
    return events


@pytest.mark.parametrize("name", [name for name, (_, _, way) in WAYS.items() if "FAILED" in way or "CAUGHT" in way])
def test_a_changed_history_is_understood_or_refused(name: str) -> None:
    execution, random = execute(name), Random(name)
    events = json.loads(execution.history.to_json())["events"]
    refused: list[str] = []
    for _ in range(150):
        broken = mutated(events, random)
        try:
            finding = why(broken, execution.machine if random.random() < 0.5 else None)
        except InvalidHistory as fault:
            refused.append(str(fault))
            continue
        text = drawn(Shown(finding), 60)
        assert "\x1b" not in text
        assert str(finding)
    assert len(refused) < 150
    assert [message for message in refused if "event" not in message] == []


@pytest.mark.parametrize("name", WAYS)
def test_a_history_is_understood_wherever_it_stands(name: str) -> None:
    execution = execute(name)
    for length in range(1, len(execution.history.recorded) + 1):
        finding = of_story(read(execution.history.recorded[:length]), execution.machine)
        assert finding.status == "RUNNING" or length == len(execution.history.recorded)
        assert drawn(Shown(finding, brief=True), 80)
