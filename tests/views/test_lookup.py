"""Lookup: states by name, and their lines."""

from __future__ import annotations

import json

import pytest

import states
from states.views import lookup
from tests.views.stories import PASS, block, both, each

NESTED = block(A=both(block(B=PASS), block(C=each(block(D=PASS)))), E=PASS)


@pytest.mark.parametrize(
    ("name", "location"),
    [
        ("A", "/States/A"),
        ("B", "/States/A/Branches[0]/States/B"),
        ("D", "/States/A/Branches[1]/States/C/ItemProcessor/States/D"),
        ("E", "/States/E"),
        ("F", None),
    ],
)
def test_finds_a_state_wherever_it_is(name: str, location: str | None) -> None:
    found = lookup.find_state(states.loads(NESTED), name)
    assert (found.location if found else None) == location


def test_finds_lines_only_in_a_text() -> None:
    text = json.dumps(block(A=PASS), indent=2)
    assert lookup.position(states.loads(text), "/States/A") == (4, 5)
    assert lookup.position(states.loads(text), "/States/B") is None
    assert lookup.position(states.loads(json.loads(text)), "/States/A") is None
