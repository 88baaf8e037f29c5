"""MockConfig: the `MockConfigFile.json` of Step Functions Local, read as it is.

Every fault of a file is found, each with its line, before any is told: a field that is not known, a response that is not there, answers
that do not follow each other. What a file says of a machine is checked when the mocks for one of its test cases are asked for.

Limits: 10 MiB; after 100 faults the rest is not looked for. Only Task states can be mocked, as in Step Functions Local.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-mock-cfg-file.html
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from states.definition.diagnostics import DUPLICATE_KEY, ERROR, INVALID_JSON_DESCRIPTION, SCHEMA_VALIDATION_FAILED, WARNING, Diagnostic
from states.definition.hints import did_you_mean
from states.definition.source import Source, Unreadable, line_and_column, parse, place
from states.language.values import type_name
from states.tasks.functions import NotJson, to_json
from states.tasks.mocks import Answer, MockError, error, response

Json = Any
Faults = Iterator[Diagnostic]

MAX_BYTES = 10 * 1_048_576
MOST_FAULTS = 100
MOST_NAMES = 1000  #: among which a misspelt one is looked for

UNKNOWN_FIELD = "UNKNOWN_FIELD"
UNKNOWN_MOCKED_RESPONSE = "UNKNOWN_MOCKED_RESPONSE"
UNUSED_MOCKED_RESPONSE = "UNUSED_MOCKED_RESPONSE"
INVALID_INVOCATION = "INVALID_INVOCATION"
CONFIG_TOO_LARGE = "MOCK_CONFIG_TOO_LARGE"

#: Faults of a file whose test cases can be compared with the machine all the same.
READABLE = (INVALID_INVOCATION, UNKNOWN_MOCKED_RESPONSE, DUPLICATE_KEY)

#: One invocation, or the first and the last of several, counted from 0.
INVOCATIONS = re.compile(r"(0|[1-9][0-9]{0,8})(?:-(0|[1-9][0-9]{0,8}))?")


class InvalidMockConfig(MockError):
    """A mock configuration with faults, or one that does not fit the machine. `diagnostics` holds all of them; its text lists them.

    `config` is what could be read all the same, None where its shape is wrong.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic], config: MockConfig | None = None) -> None:
        self.diagnostics = list(diagnostics)
        self.config = config
        super().__init__("\n".join(str(diagnostic) for diagnostic in self.diagnostics))


class Invocation(NamedTuple):
    """What is answered to one or more calls: `key` is their number or range as the file has it."""

    key: str
    answer: Answer


class MockConfig:
    """A mock configuration without a fault.

    `state_machines` has test cases by the name of the machine, and in each the name of a mocked response by state; `mocked_responses`
    their answers in order. `warnings` are diagnostics of what is never used.
    """

    def __init__(self, source: Source, warnings: list[Diagnostic]) -> None:
        self.source = source
        self.warnings = warnings
        machines = source.value["StateMachines"]
        self.state_machines: dict[str, dict[str, dict[str, str]]] = {name: machine["TestCases"] for name, machine in machines.items()}
        self.mocked_responses: dict[str, tuple[Invocation, ...]] = {
            name: tuple(_invocations(written)) for name, written in source.value["MockedResponses"].items()
        }

    @property
    def name(self) -> str:
        """The path of the file."""
        return self.source.name

    def where(self, location: str) -> str:
        """The place of a part as a message begins with: `mocks.json:7`."""
        found = self.source.position(location, key=True)
        return self.name if found is None else f"{self.name}:{found[0]}"

    def placed(self, faults: Iterable[Diagnostic]) -> list[Diagnostic]:
        """The diagnostics with the name of the file, and with line and column."""
        return place(list(islice(faults, MOST_FAULTS)), self.source)

    def state_machine(self, asked: str | None, own: str) -> str:
        """The machine of the file that is meant: the one asked for, else the only one, else the one with the own name of the machine."""
        if asked is not None:
            return _chosen(asked, self.state_machines, f"{self.name}: no state machine")
        if len(self.state_machines) == 1:
            return next(iter(self.state_machines))
        if own in self.state_machines:
            return own
        said = _listed(self.state_machines)
        raise MockError(f"{self.name}: none of its state machines is called {own!r} as this one, and there is {said}; name the one meant")

    def test_case(self, state_machine: str, asked: str | None) -> str:
        """The test case asked for; None is refused with the names there are."""
        known = self.state_machines[state_machine]
        if asked is None:
            raise MockError(f"{self.name}: a test case of {state_machine!r} must be named; there is {_listed(known)}")
        return _chosen(asked, known, f"{self.name}: no test case of {state_machine!r}")


def read_mock_config(config: str | os.PathLike[str] | Mapping[str, Json] | MockConfig) -> MockConfig:
    """The mock configuration of a file, or of a dictionary. Raises InvalidMockConfig with every fault, OSError when it cannot be read."""
    if isinstance(config, MockConfig):
        return config
    if isinstance(config, Mapping):
        source = Source("", "<mock configuration>")
        try:
            source.value = to_json(dict(config))
        except NotJson as fault:
            raise InvalidMockConfig([Diagnostic(INVALID_JSON_DESCRIPTION, f"no JSON: {fault}", source=source.name)]) from None
        return _checked(source)
    with open(config, "rb") as file:
        return parse_mock_config(file.read(MAX_BYTES + 1), os.fspath(config))


def parse_mock_config(content: bytes, name: str) -> MockConfig:
    """The mock configuration of the content of a file; `name` is what messages call it."""
    try:
        text = _decoded(content)
        source = Source(text, name)
        source.value, has_duplicates = parse(text) if text.strip() else (None, False)
    except Unreadable as fault:
        raise InvalidMockConfig([_retold(fault.diagnostic)._replace(source=name)]) from None
    if has_duplicates:
        source.duplicates = source.positions().repeated
    return _checked(source)


def _decoded(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise Unreadable(Diagnostic(CONFIG_TOO_LARGE, f"found more than {MAX_BYTES:,} bytes (10 MiB); expected at most so many"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        before = content[: fault.start].decode("utf-8-sig")
        line, column = line_and_column(before, len(before))
        message = f"found the byte 0x{content[fault.start]:02x}, which is no UTF-8; expected JSON"
        raise Unreadable(Diagnostic(INVALID_JSON_DESCRIPTION, message, line=line, column=column)) from None


def _retold(fault: Diagnostic) -> Diagnostic:
    """A fault of the text without what Jackson would quote of it."""
    message = fault.message.partition("\n")[0]
    return fault._replace(message=message if fault.code != INVALID_JSON_DESCRIPTION else f"expected JSON: {message}", location=None)


def _checked(source: Source) -> MockConfig:
    found = place(list(islice(faults(source), MOST_FAULTS)), source)
    if any(fault.severity == ERROR for fault in found):
        is_readable = len(found) < MOST_FAULTS and all(fault.code in READABLE for fault in found if fault.severity == ERROR)
        raise InvalidMockConfig(found, MockConfig(source, []) if is_readable else None)
    return MockConfig(source, found)


# ---------------------------------------------------------------- faults


def faults(source: Source) -> Faults:
    """Everything that is wrong with a configuration, in the order of the text within each part."""
    for location in source.duplicates:
        holder, _, key = location.rpartition("/")
        yield Diagnostic(DUPLICATE_KEY, f"found {_quoted(key)} twice in one object; only the last one would count", holder or "/", key=key)
    config = source.value
    yield from _fields(config, "", ("StateMachines", "MockedResponses"))
    if type(config) is not dict:
        return
    machines, responses = config.get("StateMachines"), config.get("MockedResponses")
    names = responses if type(responses) is dict else None
    used: set[str] = set()

    def machine(value: Json, location: str) -> Faults:
        yield from _fields(value, location, ("TestCases",))
        if type(value) is dict and "TestCases" in value:
            yield from _each(value["TestCases"], f"{location}/TestCases", "test cases by name", test_case)

    def test_case(value: Json, location: str) -> Faults:
        yield from _each(value, location, "names of mocked responses by state", mocked)

    def mocked(name: Json, location: str) -> Faults:
        if type(name) is not str:
            yield _wrong(location, name, "the name of a mocked response")
        elif names is not None and name not in names:
            yield Diagnostic(
                UNKNOWN_MOCKED_RESPONSE, f"{_quoted(name)} is no member of MockedResponses", location, hint=hint_for(name, names)
            )
        else:
            used.add(name)

    if "StateMachines" in config:
        yield from _each(machines, "/StateMachines", "state machines by name", machine)
    if "MockedResponses" in config:
        yield from _each(responses, "/MockedResponses", "mocked responses by name", _response)
    for name in names or ():
        if name not in used:
            message = f"{_quoted(name)} is used by no test case"
            yield Diagnostic(UNUSED_MOCKED_RESPONSE, message, "/MockedResponses", severity=WARNING, key=name)


def _response(value: Json, location: str) -> Faults:
    """The answers of one mocked response, and that their invocations follow each other from 0."""
    if type(value) is not dict or not value:
        yield _wrong(location, value, 'answers by their invocation, such as "0" or "1-2"')
        return
    ranges: list[tuple[int, int, str]] = []
    for key, written in value.items():
        match = INVOCATIONS.fullmatch(key)
        if match is None:
            message = f'{_quoted(key)} is no invocation; expected a number such as "0", or a range such as "1-2"'
            yield Diagnostic(INVALID_INVOCATION, message, location, key=key)
        elif _range(key)[1] < _range(key)[0]:
            first, last = _range(key)
            message = f'{_quoted(key)} ends before it begins; expected "{last}-{first}"'
            yield Diagnostic(INVALID_INVOCATION, message, location, key=key)
        else:
            ranges.append((*_range(key), key))
        yield from _invocation(written, f"{location}/{key}")
    if len(ranges) == len(value):
        yield from _sequence(sorted(ranges), location)


def _sequence(ranges: list[tuple[int, int, str]], location: str) -> Faults:
    expected, before = 0, ""
    for first, last, key in ranges:
        if first > expected:
            missing = f'"{expected}"' if first == expected + 1 else f'"{expected}-{first - 1}"'
            after = f"after {_quoted(before)}" if before else "first"
            yield Diagnostic(INVALID_INVOCATION, f"found {_quoted(key)} {after}; expected {missing} before it", location, key=key)
        elif first < expected:
            message = f"{_quoted(key)} answers an invocation that {_quoted(before)} answers too"
            yield Diagnostic(INVALID_INVOCATION, message, location, key=key)
        if last >= expected:
            expected, before = last + 1, key


def _invocation(value: Json, location: str) -> Faults:
    """One answer: a Return, or a Throw."""
    if type(value) is not dict:
        yield _wrong(location, value, "an object with Return or Throw")
        return
    yield from _unknown(value, location, ("Return", "Throw"))
    given = [field for field in ("Return", "Throw") if field in value]
    if len(given) != 1:
        found = "both Return and Throw" if given else "neither Return nor Throw"
        yield Diagnostic(SCHEMA_VALIDATION_FAILED, f"found {found}; expected one of them", location)
    if "Throw" in value:
        thrown = value["Throw"]
        yield from _fields(thrown, f"{location}/Throw", ("Error", "Cause"))
        for field in ("Error", "Cause"):
            if type(thrown) is dict and field in thrown and type(thrown[field]) is not str:
                yield _wrong(f"{location}/Throw/{field}", thrown[field], "a string")


# ---------------------------------------------------------------- parts of faults


def _each(value: Json, location: str, expected: str, check: Callable[[Json, str], Faults]) -> Faults:
    if type(value) is not dict:
        yield _wrong(location, value, f"an object: {expected}")
        return
    for name, inner in value.items():
        yield from check(inner, f"{location}/{name}")


def _fields(value: Json, location: str, required: tuple[str, ...]) -> Faults:
    """That a value is an object of just these fields."""
    if type(value) is not dict:
        yield _wrong(location, value, f"an object with {' and '.join(required)}")
        return
    unknown = list(_unknown(value, location, required))
    yield from unknown
    for field in required:
        if field not in value and not any(f'"{field}"' in fault.hint for fault in unknown):
            yield Diagnostic(SCHEMA_VALIDATION_FAILED, f"expected the field {field}", location or "/")


def _unknown(value: dict[str, Json], location: str, known: tuple[str, ...]) -> Faults:
    for field in value:
        if field not in known:
            message = f"{_quoted(field)} is no field here; expected {' or '.join(known)}"
            yield Diagnostic(UNKNOWN_FIELD, message, location or "/", key=field, hint=did_you_mean(field, known))


def _wrong(location: str, value: Json, expected: str) -> Diagnostic:
    found = "nothing" if value is None and not location else "an empty object" if value == {} else _with_article(type_name(value))
    return Diagnostic(SCHEMA_VALIDATION_FAILED, f"found {found}; expected {expected}", location or "/")


def _with_article(kind: str) -> str:
    return kind if kind == "null" else f"an {kind}" if kind[0] in "ao" else f"a {kind}"


def _quoted(name: str) -> str:
    return f'"{name}"' if len(name) <= 80 else f'"{name[:80]}…"'


def _listed(names: Iterable[str]) -> str:
    known = [_quoted(name) for name in names]
    return ", ".join(known[:10]) + (f" and {len(known) - 10} more" if len(known) > 10 else "") if known else "none"


def _chosen(asked: str, known: Mapping[str, Any], nothing: str) -> str:
    if asked in known:
        return asked
    raise MockError(f"{nothing} is called {asked!r}; {hint_for(asked, known) or f'there is {_listed(known)}'}")


def hint_for(name: str, known: Iterable[str]) -> str:
    """Which of the known names was meant; not looked for among very many."""
    return did_you_mean(name, islice(known, MOST_NAMES))


def _is_range(key: str) -> bool:
    return INVOCATIONS.fullmatch(key) is not None and _range(key)[0] <= _range(key)[1]


def _range(key: str) -> tuple[int, int]:
    """The first and the last invocation of a key that is right."""
    first, _, last = key.partition("-")
    return int(first), int(last or first)


def _invocations(written: dict[str, Json]) -> Iterator[Invocation]:
    """The answers of a mocked response, in the order they are given; not those of an invocation that is none."""
    for key in sorted(filter(_is_range, written), key=_range):
        first, last = _range(key)
        yield Invocation(key, _answer(written[key], last - first + 1))


def _answer(written: dict[str, Json], times: int) -> Answer:
    if "Return" in written:
        return response(written["Return"], times=times)
    return error(written["Throw"]["Error"], written["Throw"]["Cause"], times=times)
