"""Made: `states.mocks_of`, mocks for the testing kit from recorded executions, in the forms they are written in.

Source: docs/mocks-from-histories.md
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from states.definition.naming import machine_name
from states.histories.recording import Recording, recording_of
from states.machine import Machine
from states.mocking import writing
from states.mocking.cases import Case, case_of
from states.mocking.config import config_of
from states.mocking.redacting import Redactor
from states.running import as_machine

Json = Any

COMMENT = "Made of histories by states mock; what it expects is what they tell."


@dataclass(frozen=True, slots=True)
class Mocks:
    """Mocks made of histories: a Case each. `machine_file` is what a scenario file names as its machine, None for one beside it.

    `substitutions` are what stands for `${Name}` in it.
    """

    machine: Machine
    cases: list[Case]
    machine_file: str | None = None
    substitutions: Mapping[str, str] = field(default_factory=dict)

    @property
    def same(self) -> bool:
        """Whether each case runs to what was recorded."""
        return not any(case.differences for case in self.cases)

    @property
    def notes(self) -> list[str]:
        """What had to be assumed, each with the name of its case."""
        return [f"{case.name}: {note}" for case in self.cases for note in case.notes]

    @property
    def differences(self) -> list[str]:
        """What the cases give otherwise than was recorded, each with the name of its case."""
        return [f"{case.name}: {told}" for case in self.cases for told in case.differences]

    def scenarios(self, folder: str | os.PathLike[str] = ".") -> dict[str, Json]:
        """The scenario file as a value; `folder` is where it will lie, from where it names its machine."""
        document: dict[str, Json] = {}
        if self.machine_file is not None:
            document["machine"] = Path(os.path.relpath(self.machine_file, folder)).as_posix()
        if self.substitutions:
            document["substitutions"] = dict(self.substitutions)
        document["tasks"] = False
        document["scenarios"] = {case.name: case.to_json() for case in self.cases}
        return document

    def to_yaml(self, folder: str | os.PathLike[str] = ".") -> str:
        """The text of a `*.scenario.yaml`."""
        return writing.to_yaml(self.scenarios(folder), COMMENT)

    def to_json(self, folder: str | os.PathLike[str] = ".") -> str:
        """The text of a `*.scenario.json`."""
        return writing.to_json(self.scenarios(folder))

    def mock_config(self, state_machine: str | None = None) -> tuple[dict[str, Json], list[str]]:
        """The value of a `MockConfigFile.json`, and what it cannot hold; a test case for each history."""
        name = state_machine or next((each for case in self.cases if (each := case.settings.get("stateMachineName"))), None)
        return config_of(self.machine, self.cases, name or machine_name(self.machine.source) or "StateMachine")


def mocks_of(
    *histories: Any,
    machine: Any,
    redact: Iterable[str] = (),
    secrets: bool = True,
    keep_sizes: bool = False,
    names: Iterable[str] = (),
    execution: str | None = None,
    is_partial: bool = False,
) -> Mocks:
    """Mocks of recorded executions of a machine, each played once to see that it comes to the same.

    `histories` are what `states.replay` takes. `redact` has names of keys and paths (`$.customer.email`, `$..email`) whose values are
    replaced; with `secrets` also what is secret by its name or its looks. `keep_sizes` keeps the length of what is replaced. `names` are
    those of the cases, else the names of the files. `execution` is the ARN of the execution where data depends on it, or chooses among log
    lines. Raises InvalidHistory, InvalidDefinition, and ValueError for a path that is none.

    >>> import states
    >>> machine = {"StartAt": "Charge", "States": {"Charge": {"Type": "Task", "End": True}}}
    >>> machine["States"]["Charge"]["Resource"] = "arn:aws:lambda:us-east-1:123456789012:function:charge"
    >>> history = states.run(machine, {"card": "visa"}, {"charge": lambda event, context: {"receipt": 7, "apiKey": "k-1"}}).history
    >>> made = mocks_of(history, machine=machine)
    >>> made.same, made.cases[0].mocks["Charge"][0].value
    (True, {'receipt': 7, 'apiKey': 'REDACTED-1'})
    """
    titles = [*names]
    recordings: dict[str, Recording] = {}
    for number, history in enumerate(histories):
        title = free(titles[number] if number < len(titles) else title_of(history, number), recordings)
        recordings[title] = recording_of(history, execution=execution, is_partial=is_partial)
    file = os.fspath(machine) if isinstance(machine, (str, os.PathLike)) else None
    read = as_machine(machine)
    given: dict[str, Any] = {"redact": redact, "secrets": secrets, "keep_sizes": keep_sizes, "execution": execution}
    return Mocks(read, cases_of(read, recordings, **given), file)


def cases_of(
    machine: Machine,
    recordings: Mapping[str, Recording],
    *,
    redact: Iterable[str] = (),
    secrets: bool = True,
    keep_sizes: bool = False,
    execution: str | None = None,
) -> list[Case]:
    """A case of each recording, by its title."""
    names = list(redact)
    return [
        case_of(machine, recording, title, Redactor(names, default=secrets, keep_sizes=keep_sizes), execution)
        for title, recording in recordings.items()
    ]


def title_of(history: Any, number: int) -> str:
    """What a case is called: the file without its ending, else by its number."""
    return Path(history).stem if is_file(history) else f"history {number + 1}"


def is_file(history: Any) -> bool:
    """Whether a history is named by its file."""
    return isinstance(history, os.PathLike) or (isinstance(history, str) and "\n" not in history and history[:1] not in ("{", "["))


def free(title: str, taken: Mapping[str, Any]) -> str:
    """A title that no case has yet."""
    found, number = title, 1
    while found in taken:
        number += 1
        found = f"{title} {number}"
    return found
