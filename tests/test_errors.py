"""Failures as values, and the names of errors."""

from __future__ import annotations

import json

import pytest

from states import errors
from states.errors import RESERVED_NAMES, StatesError, matches
from tests.shared import SHARED, needs_shared


@pytest.mark.parametrize(
    ("error", "cause", "text"),
    [("E", "C", "E: C"), ("E", None, "E"), (None, "C", "C"), (None, None, ""), ("E", "", "E")],
)
def test_a_failure_reads_as_error_and_cause(error: str | None, cause: str | None, text: str) -> None:
    failure = StatesError(error, cause)
    assert (str(failure), failure.error, failure.cause, failure.matched_as) == (text, error, cause, ())


@pytest.mark.parametrize("error", sorted(RESERVED_NAMES - {errors.RUNTIME}))
def test_states_all_takes_every_name_but_states_runtime(error: str) -> None:
    assert matches(["States.ALL"], StatesError(error))
    assert not matches(["States.ALL"], StatesError("States.Runtime"))


@pytest.mark.parametrize("error", sorted(RESERVED_NAMES - {errors.RUNTIME, errors.TIMEOUT}))
def test_states_task_failed_takes_every_name_but_a_timeout(error: str) -> None:
    assert matches(["States.TaskFailed"], StatesError(error))


@pytest.mark.parametrize("names", [[], ["E2"], ["e"], ["E", ""][1:], ["E.*"]])
def test_a_name_is_matched_as_it_is_written(names: list[str]) -> None:
    assert not matches(names, StatesError("E"))


@needs_shared
def test_the_reserved_names_are_those_that_are_documented() -> None:
    reference = json.loads((SHARED / "aws" / "reference.json").read_text())
    documented = {entry["name"] for entry in reference["error_names"] if entry["name"].startswith("States.")}
    assert {name for name in documented if "Http" not in name} == RESERVED_NAMES
