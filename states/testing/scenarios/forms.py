"""Forms: what a value in a scenario file may be; each reads a part, or tells its fault and raises Wrong.

A form gets the part and the Reading it is read in: the faults, the folder, and the names of the states of the machine.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from states.definition.formats.documents import Part
from states.definition.hints import did_you_mean
from states.language.durations import seconds_of
from states.language.timestamps import parse
from states.language.values import dumps
from states.testing.scenarios import patterns
from states.testing.scenarios.faults import CANNOT_READ, UNKNOWN_NAME, Faults, Wrong
from states.testing.scenarios.loading import CannotLoad, Loader, beside

Json = Any
Form = Callable[[Part, "Reading"], Any]


@dataclass(slots=True)
class Reading:
    """What a part is read in. `states` are the names of the machine's states, None while there is no machine to know them from."""

    faults: Faults
    loader: Loader
    states: frozenset[str] | None = None
    mocked: frozenset[str] = field(default_factory=frozenset)

    @property
    def folder(self) -> str:
        return str(Path(self.faults.document.path).parent)

    def loaded(self, part: Part, load: Callable[[], Any]) -> Any:
        """What a file gives that is named here; its faults are told where it is named."""
        try:
            return load()
        except CannotLoad as fault:
            self.faults.take(fault.diagnostics)
            self.faults.refuse(part, str(fault), CANNOT_READ)


# ---------------------------------------------------------------- single values


def json(part: Part, _: Reading) -> Json:
    return part.value


def text(part: Part, reading: Reading) -> str:
    if type(part.value) is not str or not part.value:
        reading.faults.expect(part, "a text")
    return str(part.value)


def scalar_text(part: Part, reading: Reading) -> str:
    """A text, or a number as it is written: an account may begin with 0, and the order 0.20 is not 0.2."""
    if type(part.value) in (int, float):
        return written(part)
    return text(part, reading)


def written(part: Part) -> str:
    """A scalar as the file has it; any other value as JSON."""
    scalar = part.document.scalar(part.entry.value) if type(part.value) in (int, float) else None
    return dumps(part.value) if scalar is None else scalar.value


def json_text(part: Part, _: Reading) -> str | None:
    """A text or null; of anything else its JSON text, as a service writes it into a cause."""
    return part.value if part.value is None or type(part.value) is str else dumps(part.value)


def boolean(part: Part, reading: Reading) -> bool:
    if type(part.value) is not bool:
        reading.faults.expect(part, "true or false")
    return bool(part.value)


def true(part: Part, reading: Reading) -> bool:
    if part.value is not True:
        reading.faults.expect(part, "true")
    return True


def whole(least: int) -> Form:
    def read(part: Part, reading: Reading) -> int:
        if type(part.value) is not int or part.value < least:
            reading.faults.expect(part, f"a whole number, {least} or more")
        return int(part.value)

    return read


def seed(part: Part, reading: Reading) -> Any:
    if type(part.value) not in (int, float, str):
        reading.faults.expect(part, "a number or a text")
    return part.value


def duration(part: Part, reading: Reading) -> float:
    """Seconds, or `2h 30m`."""
    try:
        return seconds_of(part.value)
    except ValueError as fault:
        reading.faults.refuse(part, str(fault))


def moment(part: Part, reading: Reading) -> float:
    """A timestamp, or seconds since the epoch."""
    if type(part.value) in (int, float) and 0 <= part.value < 253402300800:
        return float(part.value)
    try:
        return parse(part.value if type(part.value) is str else "")
    except ValueError:
        reading.faults.expect(part, 'a timestamp such as "2026-03-01T09:00:00Z", or seconds since 1970')


def one_of(*choices: str) -> Form:
    def read(part: Part, reading: Reading) -> str:
        if part.value not in choices or type(part.value) is not str:
            hint = did_you_mean(part.value, choices)
            if hint:
                reading.faults.refuse(part, f"expected one of {', '.join(choices)}", hint=hint)
            reading.faults.expect(part, f"one of {', '.join(choices)}")
        return str(part.value)

    return read


def pattern(part: Part, reading: Reading) -> str | None:
    """A text that may have `...` for anything or be `/a regular expression/`; null for none."""
    if part.value is None:
        return None
    found = scalar_text(part, reading)
    try:
        patterns.check(found)
    except ValueError as fault:
        reading.faults.refuse(part, str(fault))
    return found


def pattern_or_part(part: Part, reading: Reading) -> Json:
    """A pattern, or an object that the text must hold as JSON."""
    return part.value if type(part.value) is dict else pattern(part, reading)


def with_patterns(part: Part, reading: Reading) -> Json:
    """A JSON value whose texts may be patterns."""
    _check_patterns(part, reading)
    return part.value


def _check_patterns(part: Part, reading: Reading) -> None:
    if type(part.value) is str:
        pattern(part, reading) if part.value else None
    for member in [*(one for _, one in part.members()), *part.items()]:
        _check_patterns(member, reading)


def state(part: Part, reading: Reading) -> str:
    """The name of a state of the machine, at any depth."""
    name = text(part, reading)
    check_state(name, part, reading, reading.faults.value)
    return name


def check_state(name: str, part: Part, reading: Reading, tell: Callable[..., None]) -> None:
    if reading.states is not None and name not in reading.states:
        tell(part, f"the machine has no state {name!r}", UNKNOWN_NAME, did_you_mean(name, reading.states))
        raise Wrong


def state_or_gap(part: Part, reading: Reading) -> str:
    """The name of a state, or `...` for any number of them."""
    return patterns.ANYTHING if part.value == patterns.ANYTHING else state(part, reading)


def file(part: Part, reading: Reading) -> str:
    """The path of a file, from the folder of the scenario file."""
    return beside(text(part, reading), reading.folder)


def existing_file(part: Part, reading: Reading) -> str:
    path = file(part, reading)
    if not os.path.isfile(path):  # noqa: PTH113
        reading.faults.refuse(part, f"{path}: no such file", CANNOT_READ)
    return path


def data_of_file(part: Part, reading: Reading) -> Json:
    """The value in a file."""
    path = file(part, reading)
    return reading.loaded(part, lambda: reading.loader.data(path))


# ---------------------------------------------------------------- several


def items(part: Part, reading: Reading, expected: str) -> list[Part]:
    if type(part.value) is not list:
        reading.faults.expect(part, expected)
    return part.items()


def members(part: Part, reading: Reading, expected: str) -> dict[str, Part]:
    if type(part.value) is not dict:
        reading.faults.expect(part, expected)
    return dict(part.members())


def gather(named: Iterable[tuple[Any, Callable[[], Any]]]) -> list[tuple[Any, Any]]:
    """What each gives, by its name; Wrong when one is wrong, after all were looked at."""
    found, is_wrong = [], False
    for name, read in named:
        try:
            found.append((name, read()))
        except Wrong:
            is_wrong = True
    if is_wrong:
        raise Wrong
    return found


def list_of(form: Form, expected: str) -> Form:
    def read(part: Part, reading: Reading) -> list[Any]:
        parts = items(part, reading, expected)
        return [value for _, value in gather((None, partial(form, one, reading)) for one in parts)]

    return read


def one_or_more(form: Form, expected: str) -> Form:
    """A list, or a single one of it."""
    several = list_of(form, expected)

    def read(part: Part, reading: Reading) -> list[Any]:
        return several(part, reading) if type(part.value) is list else [form(part, reading)]

    return read


def mapping_of(form: Form, expected: str) -> Form:
    def read(part: Part, reading: Reading) -> dict[str, Any]:
        named = members(part, reading, expected)
        return dict(gather((name, partial(form, one, reading)) for name, one in named.items()))

    return read


def by_state(form: Form, expected: str) -> Form:
    """A mapping whose keys are names of states."""

    def read(part: Part, reading: Reading) -> dict[str, Any]:
        named = members(part, reading, expected)
        return dict(gather((name, partial(checked, name, one, reading)) for name, one in named.items()))

    def checked(name: str, part: Part, reading: Reading) -> Any:
        check_state(name, part, reading, reading.faults.key)
        return form(part, reading)

    return read
