"""Drift: where new histories no longer match the mocks: an answer of another shape, another error, a state that is not mocked.

What a history answers is held against all answers that the mocks have for its state, since which of them comes when is a matter of the
input.

Source: docs/mocks-from-histories.md
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from states.definition.hints import did_you_mean
from states.histories.answers import FAILED, SUCCEEDED, TIMED_OUT, TaskAnswer, answers_of
from states.histories.recording import recording_of
from states.mocking.made import is_file
from states.mocking.shapes import TYPE, Shape, shape_of, unlike
from states.mocking.taken import INVOKE, TIMEOUT
from states.tasks.mocks import ERROR, NEVER, RESPONSE, Answer
from states.testing.mock_config import MockConfig, read_mock_config
from states.testing.mocked_states import ENVELOPE
from states.testing.scenarios import load

Json = Any

UNMOCKED = "unmocked"
ERROR_NAME = "error"
YAML_ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference. `kind` is gone, new, type (of the data at `path`), error (one that is not mocked), or unmocked (the whole state).

    `event_id` is the event of `history` that shows it first, `times` how often it shows.
    """

    kind: str
    state: str
    message: str
    history: str
    event_id: int
    path: str | None = None
    times: int = 1

    def __str__(self) -> str:
        again = f" ({self.times} times)" if self.times > 1 else ""
        return f"{self.history}: event {self.event_id}: {self.state}: {self.message}{again}"

    def to_json(self) -> dict[str, Json]:
        """As JSON, for other tools."""
        told = {"kind": self.kind, "state": self.state, "message": self.message, "history": self.history, "eventId": self.event_id}
        return {**told, **({"path": self.path} if self.path is not None else {}), "times": self.times}


@dataclass(slots=True)
class Mocked:
    """What a state is mocked with: its results, without the envelopes of functions, and the names of its errors."""

    results: list[Json] = field(default_factory=list)
    errors: set[str] = field(default_factory=set)
    _shape: Shape | None = None

    def add(self, answer: Answer) -> None:
        if answer.kind == NEVER:
            self.errors.add(TIMEOUT)
        elif answer.kind == ERROR:
            self.errors.add(answer.error or "")
        else:
            self.results.append(_payload(answer.value) if answer.kind == RESPONSE else answer.value)

    @property
    def shape(self) -> Shape:
        """What its results have in common."""
        if self._shape is None:
            self._shape = shape_of(self.results)
        return self._shape


def drift(mocks: Any, *histories: Any, names: Iterable[str] = (), is_partial: bool = False) -> list[Drift]:
    """Where histories do not match mocks; empty when all match.

    `mocks` is a scenario file, a mock configuration (a `MockConfigFile.json`, its value, or a MockConfig), or Mocks; `histories` are what
    `states.replay` takes, `names` what they are called. Raises InvalidHistory, InvalidScenarios, InvalidMockConfig, OSError.
    """
    known = mocked_in(mocks)
    titles = [*names]
    found: dict[tuple[str, str], Drift] = {}
    for number, history in enumerate(histories):
        recording = recording_of(history, is_partial=is_partial)
        title = titles[number] if number < len(titles) else _title(history, number)
        for answer in answers_of(recording):
            for each in _differences(known, answer, title):
                before = found.get((each.state, each.message))
                found[each.state, each.message] = each if before is None else _once_more(before)
    return list(found.values())


def mocked_in(mocks: Any) -> dict[str, Mocked]:
    """What each state is mocked with, by name."""
    known: dict[str, Mocked] = {}
    if hasattr(mocks, "cases"):
        for case in mocks.cases:
            for name, answers in case.mocks.items():
                _add(known, name, answers)
    elif isinstance(mocks, (dict, MockConfig)) or _is_config(mocks):
        config = read_mock_config(mocks)
        for machine in config.state_machines.values():
            for test_case in machine.values():
                for name, response in test_case.items():
                    _add(known, name, [one.answer for one in config.mocked_responses[response]])
    else:
        for scenario in load(mocks):
            for name, mock in scenario.bench.mocks.items():
                for state in scenario.bench.mocked_states(name):
                    _add(known, state, mock.answers)
    return known


def _add(known: dict[str, Mocked], name: str, answers: list[Answer]) -> None:
    mocked = known.setdefault(name, Mocked())
    for answer in answers:
        mocked.add(answer)


def _is_config(path: Any) -> bool:
    """Whether a file is a mock configuration by what stands at its top; what cannot be read is for the reader of scenarios to tell."""
    import json

    if str(path).endswith(YAML_ENDINGS):
        return False
    try:
        with open(path, "rb") as file:
            value = json.loads(file.read())
    except (ValueError, RecursionError):
        return False
    return (
        isinstance(value, dict)
        and not {"scenarios", "expect"} & value.keys()
        and not {"StateMachines", "MockedResponses"}.isdisjoint(value)
    )


# ---------------------------------------------------------------- compared


def _differences(known: dict[str, Mocked], answer: TaskAnswer, history: str) -> Iterator[Drift]:
    state, event_id = answer.state_name, answer.ended_id or answer.scheduled_id
    mocked = known.get(state)
    if mocked is None or not (mocked.errors or mocked.results):
        hint = did_you_mean(state, known)
        yield Drift(UNMOCKED, state, f"is called, and no mock has an answer for it{'; ' if hint else ''}{hint}", history, event_id)
    elif answer.status in (FAILED, TIMED_OUT):
        error = answer.error or (TIMEOUT if answer.status == TIMED_OUT else "")
        if error not in mocked.errors:
            told = ", ".join(sorted(mocked.errors)) or "none"
            yield Drift(ERROR_NAME, state, f"fails with {error or 'no error name'}; mocked errors: {told}", history, event_id)
    elif answer.status == SUCCEEDED:
        yield from _shape_differences(mocked, answer, history)


def _shape_differences(mocked: Mocked, answer: TaskAnswer, history: str) -> Iterator[Drift]:
    """Its result, of a function what it returned, against all that are mocked."""
    output = _payload(answer.output) if answer.resource == INVOKE else answer.output
    if not mocked.results:
        yield Drift(TYPE, answer.state_name, "succeeds; it is mocked with errors only", history, answer.ended_id)
        return
    for each in dict.fromkeys(unlike(mocked.shape, output)):
        yield Drift(each.kind, answer.state_name, str(each), history, answer.ended_id, each.path)


def _payload(value: Json) -> Json:
    """What a function returned, where this is the answer of Lambda around it."""
    return value["Payload"] if isinstance(value, dict) and "Payload" in value and value.keys() <= ENVELOPE else value


def _once_more(before: Drift) -> Drift:
    return replace(before, times=before.times + 1)


def _title(history: Any, number: int) -> str:
    return os.fspath(history) if is_file(history) else f"history {number + 1}"
