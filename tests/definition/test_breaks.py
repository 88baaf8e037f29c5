"""Valid machines, broken in many ways: every break that AWS would refuse is found, and none ends in a traceback.

The machines are those of the corpus; without it these tests are skipped. Some machines for each break, the same every time.
"""

from __future__ import annotations

import copy
import json
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from states.definition import InvalidDefinition, errors, loads, validate
from states.definition.outline import Outline
from tests.definition.breaks import BREAKS, TEXT_BREAKS
from tests.definition.machines import MUTATE, places
from tests.shared import SHARED, needs_shared

EACH = 25  #: machines a break is tried on


def valid_machines() -> list[dict[str, Any]]:
    if not SHARED.is_dir():
        return []
    entries = json.loads((SHARED / "machines" / "MANIFEST.json").read_text())["entries"]
    return [entry for entry in entries if entry["valid"] and entry["scored"]]


MACHINES = valid_machines()


def text_of(entry: dict[str, Any]) -> str:
    return (SHARED / "machines" / entry["file"]).read_text()


def missed(name: str, entries: list[dict[str, Any]], most: int) -> list[str]:
    """The machines on which a break is not found, of the first ones that it can be made in."""
    random = Random(name)
    found, made = [], 0
    for entry in entries:
        if made == most:
            break
        outline = Outline(json.loads(text_of(entry)), entry["machine_type"])
        if BREAKS[name](outline, random):
            made += 1
            if not errors(validate(outline.definition, type=entry["machine_type"])):
                found.append(entry["id"])
    assert made, "no machine can be broken so"
    return found


@needs_shared
@pytest.mark.parametrize("name", BREAKS)
def test_a_break_is_found(name: str) -> None:
    machines = list(MACHINES)
    Random(name).shuffle(machines)
    assert missed(name, machines, EACH) == []


@needs_shared
@pytest.mark.parametrize("name", TEXT_BREAKS)
def test_a_break_of_the_text_is_found(name: str) -> None:
    random = Random(name)
    for entry in random.sample(MACHINES, EACH):
        assert errors(validate(TEXT_BREAKS[name](text_of(entry), random), type=entry["machine_type"])), entry["id"]


@needs_shared
def test_a_key_that_stands_twice_is_told() -> None:
    for entry in Random(1).sample(MACHINES, EACH):
        text = text_of(entry).replace('"Type"', '"Type": "Pass", "Type"', 1)
        assert "DUPLICATE_KEY" in {fault.code for fault in validate(text, type=entry["machine_type"])}


@needs_shared
def test_nothing_that_is_changed_ends_in_a_traceback() -> None:
    """Any place dropped, replaced, renamed or doubled, in any machine: faults or none, and `loads` agrees with `validate`."""
    random = Random(7)
    for entry in random.sample(MACHINES, 150):
        broken = copy.deepcopy(json.loads(text_of(entry)))
        holder, key = random.choice(list(places(broken)))
        random.choice(MUTATE)(holder, key, random)
        agree(broken, entry["machine_type"])


def agree(definition: Any, machine_type: str) -> None:
    """Judges a definition both ways; they differ only over what cannot be run here."""
    found = errors(validate(definition, type=machine_type))
    refusal: set[str] = set()
    try:
        loads(definition, type=machine_type)
    except InvalidDefinition as refused:
        refusal = {fault.code for fault in errors(refused.diagnostics)}
    assert refusal == {fault.code for fault in found} or (not found and refusal == {"NOT_SUPPORTED"})


START = b'{"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": [{"Variable": "$.a", "StringEquals": "x", "Next": "A"}]}}}'


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=200)))
def test_random_bytes_are_no_definition(content: bytes | str) -> None:
    assert errors(validate(content))


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(START)), st.integers(0, 20), st.binary(max_size=8))
def test_random_bytes_in_a_definition_end_in_no_traceback(start: int, length: int, content: bytes) -> None:
    validate(START[:start] + content + START[start + length :])
