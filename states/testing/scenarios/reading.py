"""A scenario file -> its scenarios, ready to be played; or InvalidScenarios with every fault in it.

A file is one scenario, or has `scenarios`; what stands beside `scenarios` holds for each that does not say otherwise. YAML and JSON are
read by the readers of definitions, with the limits those have.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from states.definition.diagnostics import DUPLICATE_KEY, Diagnostic
from states.definition.formats.documents import Document, Part
from states.definition.naming import split
from states.definition.source import Unreadable
from states.drivers.ordered import chooser
from states.machine import Machine
from states.testing import nearby
from states.testing.bench import Bench
from states.testing.scenarios import folders, forms, mocking
from states.testing.scenarios.expectations import Expectation
from states.testing.scenarios.faults import CANNOT_READ, Faults, Wrong, shown
from states.testing.scenarios.forms import Form, Reading
from states.testing.scenarios.loading import Loader, beside, default_machine, document
from states.testing.scenarios.steps import Step, expectations_of, steps_form
from states.testing.service_models import NONE, PRESENT, STRICT
from states.views import words

Json = Any

EXPECT = "what is expected (a mapping)"


class InvalidScenarios(ValueError):
    """A scenario file with faults; `diagnostics` has them all, each with its place. Its text lists them."""

    def __init__(self, path: str, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__("\n".join(map(str, diagnostics)))
        self.path = path
        self.diagnostics = list(diagnostics)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One case: a machine on its bench, what it is given, what happens, what is expected. `skip` says why it is not played, else None."""

    name: str
    path: str
    part: Part
    bench: Bench
    input: Json = None
    options: Mapping[str, Any] = field(default_factory=dict)
    during: tuple[Step, ...] = ()
    expect: tuple[Expectation, ...] = ()
    skip: str | None = None
    mocks: Mapping[str, Part] = field(default_factory=dict)

    @property
    def place(self) -> tuple[int, int]:
        """Line and column of the scenario in its file."""
        return self.part.place

    @property
    def id(self) -> str:
        """`order.scenario.yaml::a busy gateway`."""
        return f"{self.path}::{self.name}"


def _tasks(part: Part, reading: Reading) -> Any:
    """Python files or modules, false for none."""
    if part.value is False:
        return []
    names = forms.one_or_more(forms.text, "a Python file, a module, a list of those, or false")(part, reading)
    return [reading.loaded(part, partial(reading.loader.tasks, name, reading.folder)) for name in names]


def _skip(part: Part, reading: Reading) -> str | None:
    """true, or why; false for not."""
    if type(part.value) is bool:
        return "skipped" if part.value else None
    return words.clean(forms.text(part, reading)).strip()


def _substitution(part: Part, _: Reading) -> str:
    return part.value if type(part.value) is str else forms.written(part)


def _order(part: Part, reading: Reading) -> int | str:
    """A seed, or the text of an order; `0.2` is one, too."""
    if type(part.value) not in (int, float, str):
        reading.faults.expect(part, 'a whole number, or an order such as "0.2.1"')
    order: int | str = part.value if type(part.value) is int else forms.scalar_text(part, reading)
    try:
        chooser(order)
    except ValueError as fault:
        reading.faults.refuse(part, str(fault))
    return order


_VALUES = forms.mapping_of(forms.json, "a value for each name")

#: The keys of a scenario, and what each may be. Those of MERGED are mappings that a scenario adds to; all others it replaces.
KEYS: dict[str, Form] = {
    "name": forms.text,
    "description": forms.text,
    "skip": _skip,
    "machine": forms.text,
    "substitutions": forms.mapping_of(_substitution, "a value for each name"),
    "type": forms.one_of("STANDARD", "EXPRESS"),
    "tasks": _tasks,
    "mocks": forms.json,
    "mockConfig": forms.existing_file,
    "testCase": forms.text,
    "validation": forms.one_of(STRICT, PRESENT, NONE),
    "strict": forms.boolean,
    "input": forms.json,
    "inputFile": forms.data_of_file,
    "startAt": forms.state,
    "variables": _VALUES,
    "retryCount": forms.whole(0),
    "at": forms.moment,
    "seed": forms.seed,
    "order": _order,
    "executionName": forms.text,
    "stateMachineName": forms.text,
    "account": forms.scalar_text,
    "region": forms.text,
    "roleArn": forms.text,
    "synchronous": forms.boolean,
    "during": steps_form,
    "expect": forms.json,
}
MERGED = ("substitutions", "mocks", "variables", "expect")
INSTEAD = {"input": "inputFile", "inputFile": "input"}  #: a scenario's own one is in place of the other one, too

#: The options of `Bench.start` that keys are.
OPTIONS = {
    "startAt": "start_at",
    "variables": "variables",
    "retryCount": "retry_count",
    "at": "at",
    "seed": "seed",
    "order": "order",
    "executionName": "name",
    "stateMachineName": "state_machine_name",
    "account": "account",
    "region": "region",
    "roleArn": "role_arn",
    "synchronous": "synchronous",
}
_APART = ("machine", "substitutions", "type", "mocks", "expect")  #: read by themselves, before or after the rest


def load(path: str | os.PathLike[str], loader: Loader | None = None) -> list[Scenario]:
    """The scenarios of a file, in its order. Raises InvalidScenarios with every fault, OSError when the file cannot be read, and
    ModuleNotFoundError when it is YAML and PyYAML is not installed. `loader` keeps what several files name."""
    name = os.fspath(path)
    try:
        found = document(name)
    except Unreadable as fault:
        raise InvalidScenarios(name, [fault.diagnostic]) from None
    reading = Reading(Faults(found), loader or Loader())
    scenarios = _scenarios(found, reading)
    if reading.faults:
        raise InvalidScenarios(name, reading.faults.sorted())
    return scenarios


def _scenarios(found: Document, reading: Reading) -> list[Scenario]:
    whole, faults = found.whole(), reading.faults
    if type(found.value) is not dict or not found.value:
        faults.value(whole, "expected a scenario, or shared settings and scenarios (a mapping)")
        return []
    shared = {name: part for name, part in whole.members() if not name.startswith("x-") and name != "$schema"}
    several = shared.pop("scenarios", None)
    if several is None:
        faults.check_keys(shared, KEYS, "a scenario file")
        each = [(_title(str(found.value.get("name") or folders.stem(Path(found.path).name))), whole, shared)]
    else:
        faults.check_keys(shared, [name for name in KEYS if name != "name"], "the shared part")
        each = [(name, part, merged(shared, part)) for name, part in _named(several, reading)]
    scenarios = []
    for name, part, keys in each:
        try:
            scenarios.append(_scenario(name, part, {key: one for key, one in keys.items() if key in KEYS}, reading))
        except Wrong:
            continue
    return scenarios


def _named(several: Part, reading: Reading) -> list[tuple[str, Part]]:
    """The scenarios of a mapping by name, or of a list in which each has a name."""
    faults = reading.faults
    if type(several.value) not in (dict, list) or not several.value:
        faults.value(several, "expected scenarios: a mapping from name to scenario, or a list of scenarios with names")
        return []
    is_list = type(several.value) is list
    found: dict[str, Part] = {}
    for number, (name, part) in enumerate([("", one) for one in several.items()] if is_list else several.members(), 1):
        if type(part.value) is not dict:
            faults.value(part, f"expected a scenario (a mapping), found {shown(part.value)}")
            continue
        own = part.get("name")
        if is_list and (own is None or type(own.value) is not str or not own.value):
            faults.value(own or part, f"scenario {number} of the list has no name; expected name: a text")
            continue
        if not is_list and own is not None:
            faults.key(own, f"a scenario of a mapping is called by its key, {name!r}; name: is for a list")
        title = _title(str(own.value) if own is not None and is_list else name)
        if title in found:
            faults.value(own or part, f"two scenarios are called {title!r}", DUPLICATE_KEY)
        faults.check_keys(dict(part.members()), KEYS, "a scenario")
        found[title] = part
    return list(found.items())


def _title(name: str) -> str:
    """The name as every report and pytest shows it: one line that does not drive a terminal.

    >>> _title("evil \\x1b[31mred\\nand more\\n")
    'evil \\\\x1b[31mred and more'
    """
    return words.clean(name.strip())


def merged(shared: dict[str, Part], part: Part) -> dict[str, Part]:
    """The keys of a scenario with those it shares; of MERGED ones the members are put together."""
    own = dict(part.members())
    kept = {name: one for name, one in shared.items() if INSTEAD.get(name) not in own}
    both = {name: together(kept[name], own[name]) for name in MERGED if name in kept and name in own}
    return {**kept, **own, **both}


def together(shared: Part, own: Part) -> Part:
    """Two mappings as one; where one of them is none, the scenario's own."""
    if type(shared.value) is not dict or type(own.value) is not dict:
        return own
    inner: Any = {**shared.entry.inner, **own.entry.inner}  # type: ignore[dict-item]
    return own._replace(value={**shared.value, **own.value}, entry=own.entry._replace(inner=inner))


def _scenario(name: str, part: Part, keys: dict[str, Part], reading: Reading) -> Scenario:
    machine = _machine(part, keys, reading)
    reading.states = None if machine is None else frozenset(_names(machine))
    mocks = _members(keys.get("mocks"), reading, "answers for each name")
    reading.mocked = frozenset(mocks)
    if "input" in keys and "inputFile" in keys:
        reading.faults.key(keys["inputFile"], "a scenario has input or inputFile, not both")
    if ("mockConfig" in keys) != ("testCase" in keys):
        has, lacks = ("mockConfig", "testCase") if "mockConfig" in keys else ("testCase", "mockConfig")
        reading.faults.key(keys[has], f"{has} needs {lacks}: the file and which of its test cases")
    readers: dict[str, Any] = {key: partial(KEYS[key], one, reading) for key, one in keys.items() if key not in _APART}
    readers["expect"] = partial(_expectations, part, keys, reading)
    readers["bench"] = partial(_bench, machine, mocks, keys, reading)
    values = dict(forms.gather(readers.items()))
    bench: Bench = values["bench"]
    bench.strict = values.get("strict", True)
    return Scenario(
        name,
        part.document.path,
        part,
        bench,
        input=values.get("input", values.get("inputFile")),
        options={OPTIONS[key]: values[key] for key in OPTIONS if key in values},
        during=values.get("during", ()),
        expect=values["expect"],
        skip=values.get("skip"),
        mocks=mocks,
    )


def _members(part: Part | None, reading: Reading, expected: str) -> dict[str, Part]:
    try:
        return {} if part is None else forms.members(part, reading, expected)
    except Wrong:
        return {}


def _expectations(part: Part, keys: dict[str, Part], reading: Reading) -> tuple[Expectation, ...]:
    """Those of `expect`; without any the scenario could not fail."""
    expect = keys.get("expect")
    if expect is None:
        if any(type(step) is dict and "expect" in step for step in _steps(keys)):
            return ()
        reading.faults.key(part, "the scenario expects nothing, so it cannot fail; give it expect:, such as status: SUCCEEDED")
        raise Wrong
    named = forms.members(expect, reading, EXPECT)
    if not named:
        reading.faults.refuse(expect, "expect is empty, so the scenario cannot fail; give it something such as status: SUCCEEDED")
    return expectations_of(named, reading)


def _steps(keys: dict[str, Part]) -> list[Json]:
    during = keys.get("during")
    return during.value if during is not None and type(during.value) is list else []


def _machine(part: Part, keys: dict[str, Part], reading: Reading) -> Machine | None:
    """The machine of a scenario, None when it has none that could be read."""
    try:
        named = keys.get("machine")
        path = beside(forms.text(named, reading), reading.folder) if named is not None else default_machine(reading.folder)
        if path is None:
            reading.faults.refuse(
                part.document.whole(),
                "the scenario has no machine: there is none beside the file or one folder up; expected machine: with its file",
                CANNOT_READ,
            )
        values = {name: KEYS[name](keys[name], reading) for name in ("type", "substitutions") if name in keys}
        if named is not None and not Path(split(str(path))[0]).exists():
            hint = nearby.hint_for(named.value, [Path(reading.folder)])
            reading.faults.refuse(named, f"cannot read the machine {path}: no such file or folder", CANNOT_READ, hint)
        load_it = partial(reading.loader.machine, path, values.get("type"), values.get("substitutions"))
        found: Machine = reading.loaded(named or part.document.whole(), load_it)
    except Wrong:
        return None
    return found


def _names(machine: Machine) -> list[str]:
    from states.definition import every_block

    return [name for block in every_block(machine) for name in block.states]


def _bench(machine: Machine | None, mocks: dict[str, Part], keys: dict[str, Part], reading: Reading) -> Bench:
    if machine is None:
        raise Wrong
    named = keys.get("machine") or reading.faults.document.whole()
    if "tasks" in keys:
        tasks = _tasks(keys["tasks"], reading)
    else:
        tasks = reading.loaded(named, partial(reading.loader.tasks_beside, machine)) or []
    validation = KEYS["validation"](keys["validation"], reading) if "validation" in keys else PRESENT
    bench = Bench(machine, tasks, validation=validation)
    if "mockConfig" in keys and "testCase" in keys:
        _mock_config(bench, keys["mockConfig"], keys["testCase"], reading)
    mocking.put_on(bench, mocks, reading)
    return bench


def _mock_config(bench: Bench, path: Part, test_case: Part, reading: Reading) -> None:
    """The answers of a test case of AWS's mock files; those of `mocks` come before them."""
    named, case = forms.existing_file(path, reading), forms.text(test_case, reading)
    try:
        bench.mock_config(named, case)
    except (ValueError, LookupError, OSError, AssertionError) as fault:
        found = getattr(fault, "diagnostics", ())
        reading.faults.take(found)
        said = f"the mock configuration {named} has faults" if found else str(fault).partition("\n")[0]
        reading.faults.refuse(path if found else test_case, said, CANNOT_READ)
