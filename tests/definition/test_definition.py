"""load, loads and validate: what they take, what they give, how fast, and that no input makes them fall over."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from states.definition import InvalidDefinition, load, loads, validate
from states.definition.diagnostics import errors
from tests.definition.machines import EVERYTHING, FUNCTION, LITTLE, documents, mutations
from tests.shared import SHARED, needs_shared

TEXT = json.dumps(LITTLE)


@pytest.mark.parametrize("definition", [TEXT, TEXT.encode(), bytearray(TEXT.encode()), LITTLE], ids=["text", "bytes", "bytearray", "value"])
def test_a_definition_is_text_bytes_or_a_value(definition: Any) -> None:
    assert list(loads(definition).states) == ["A"]
    assert validate(definition) == []


def test_a_file_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "machine.asl.json"
    path.write_text(TEXT)
    assert load(path).source == str(path)
    assert load(str(path), type="EXPRESS").type == "EXPRESS"


def test_a_file_that_cannot_be_read_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "none.json")
    with pytest.raises(IsADirectoryError):
        load(tmp_path)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "SCHEMA_VALIDATION_FAILED"),
        (b"\xff\xfe", "INVALID_JSON_DESCRIPTION"),
        (b"nonsense", "INVALID_JSON_DESCRIPTION"),
        (b"[" * 100_000, "TOO_DEEPLY_NESTED"),
        (b" " * 50_000_000, "DEFINITION_TOO_LARGE"),
    ],
    ids=["empty", "not UTF-8", "not JSON", "deep", "50 MB"],
)
def test_a_file_that_holds_no_definition_is_refused_with_its_name(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "machine.asl.json"
    path.write_bytes(content)
    with pytest.raises(InvalidDefinition) as caught:
        load(path)
    assert [fault.code for fault in caught.value.diagnostics] == [code]
    assert str(caught.value).startswith(str(path))


def test_the_type_is_one_of_two() -> None:
    with pytest.raises(ValueError, match="STANDARD or EXPRESS"):
        loads(LITTLE, type="standard")


def test_a_warning_stops_nothing() -> None:
    text = '{"StartAt": "A", "StartAt": "A", "States": {"A": {"Type": "Succeed"}}}'
    (warning,) = validate(text)
    assert (warning.severity, warning.code, warning.location) == ("WARNING", "DUPLICATE_KEY", "/StartAt")
    assert (warning.line, warning.column) == (1, 29)
    assert loads(text).start_at == "A"


def test_warnings_are_listed_beside_errors() -> None:
    with pytest.raises(InvalidDefinition) as caught:
        loads('{"StartAt": "B", "StartAt": "A", "States": {"A": {"Type": "Pass"}}}')
    assert [fault.severity for fault in caught.value.diagnostics] == ["ERROR", "WARNING"]


def test_positions_are_left_out_when_there_is_no_text() -> None:
    (fault,) = validate({"StartAt": "A", "States": {"A": {"Type": "Pass"}}})
    assert (fault.line, fault.column) == (None, None)
    assert str(fault).startswith("<string>  ERROR")


# --- any input ---------------------------------------------------------------------------------------------------------------------


def survives(definition: Any) -> None:
    """The definition loads, or is refused with diagnostics; `validate` says the same, but for what cannot run yet."""
    faults = errors(validate(definition))
    refusal = refused(definition)
    if refusal is None:
        assert not faults
    else:
        assert errors(refusal.diagnostics)
        assert faults or {fault.code for fault in errors(refusal.diagnostics)} == {"NOT_SUPPORTED"}
        assert str(refusal)


def refused(definition: Any) -> InvalidDefinition | None:
    try:
        loads(definition)
    except InvalidDefinition as refusal:
        return refusal
    return None


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents)
def test_any_json_loads_or_is_refused(value: Any) -> None:
    survives(json.dumps(value))
    survives(json.dumps({"StartAt": "A", "States": {"A": value, "B": {"Type": "Pass", "End": True}}}))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_refused(text: str) -> None:
    survives(text)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused(content: bytes) -> None:
    survives(content)


@pytest.mark.parametrize("seed", range(5))
def test_any_mutation_loads_or_is_refused(seed: int) -> None:
    for broken in mutations(EVERYTHING, 100, seed):
        survives(json.dumps(broken, indent=1))


def test_a_text_that_is_cut_anywhere_is_refused() -> None:
    text = json.dumps(EVERYTHING)
    for end in range(0, len(text), 37):
        with pytest.raises(InvalidDefinition):
            loads(text[:end])


def nested_parallels(levels: int) -> dict[str, Any]:
    inner: dict[str, Any] = {"Type": "Pass", "End": True}
    for level in range(levels):
        inner = {"Type": "Parallel", "Branches": [{"StartAt": f"S{level}", "States": {f"S{level}": inner}}], "End": True}
    return {"StartAt": "Top", "States": {"Top": inner}}


def nested_nots(levels: int) -> dict[str, Any]:
    inner: dict[str, Any] = {"Variable": "$.x", "IsPresent": True}
    for _ in range(levels):
        inner = {"Not": inner}
    choice = {"Type": "Choice", "Choices": [{**inner, "Next": "B"}]}
    return {"StartAt": "A", "States": {"A": choice, "B": {"Type": "Succeed"}}}


@pytest.mark.parametrize("make", [nested_parallels, nested_nots])
@pytest.mark.parametrize("levels", [1, 10, 20, 24, 50, 90, 94, 100, 200])
def test_deep_nesting_is_read_or_refused_never_a_recursion_error(make: Any, levels: int) -> None:
    survives(make(levels))
    wrong = json.dumps(make(levels)).replace('"Pass"', '"Paß"').replace('"IsPresent": true', '"IsPresent": 1')
    assert errors(validate(wrong))
    survives(wrong)


@needs_shared
def test_valid_machines_load_or_need_what_comes_later() -> None:
    manifest = json.loads((SHARED / "machines" / "MANIFEST.json").read_text())
    for entry in manifest["entries"]:
        survives((SHARED / "machines" / entry["file"]).read_bytes())


# --- cost --------------------------------------------------------------------------------------------------------------------------

STATE = {
    "Type": "Task",
    "Resource": FUNCTION,
    "Parameters": {"a.$": "$.x"},
    "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 2}],
    "End": True,
}
WRONG = {"Type": "Task", "Resource": "bad", "InputPath": "x", "Nxt": 1, "TimeoutSeconds": -1, "Next": "Nowhere at all"}
MEBIBYTE = 1_048_576


def filled(item: str, before: str, after: str) -> str:
    """As many numbered items as go into a definition of 1 MiB."""
    count = (MEBIBYTE - len(before) - len(after)) // (len(item.replace("#", "123456")) + 1)
    return before + ",".join(item.replace("#", str(number)) for number in range(count)) + after


def chain() -> str:
    """A right machine of a mebibyte."""
    item = json.dumps({**{key: value for key, value in STATE.items() if key != "End"}, "Next": "@"})
    count = (MEBIBYTE - 200) // (len(item) + 20)
    states = ",".join(f'"S{number}":' + item.replace("@", f"S{number + 1}") for number in range(count))
    return f'{{"StartAt":"S0","States":{{{states},"S{count}":{{"Type":"Succeed"}}}}}}'


CHOICE = '{"StartAt":"A","States":{"B":{"Type":"Succeed"},"A":{"Type":"Choice","Default":"B","Choices":['
LARGE: dict[str, Callable[[], str]] = {
    "right": chain,
    "all states wrong": lambda: filled(f'"S#":{json.dumps(WRONG)}', '{"StartAt":"A","States":{', "}}"),
    "all targets dangling": lambda: filled('"State#":{"Type":"Pass","Next":"Stat#x"}', '{"StartAt":"State0","States":{', "}}"),
    "empty states": lambda: filled('"#":{}', '{"StartAt":"A","States":{', "}}"),
    "null states": lambda: filled('"#":0', '{"StartAt":"A","States":{', "}}"),
    "unknown fields": lambda: filled('"x#":0', '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true,', "}}}"),
    "rules": lambda: filled('{"Variable":"$.a#","IsNull":true,"Next":"B"}', CHOICE, "]}}}"),
    "one wrong rule": lambda: filled('{"Variable":"$.a","IsNull":true,"Next":"B"}', CHOICE + "{},", "]}}}"),
    "one wrong rule inside": lambda: filled('{"Variable":"$.a","IsNull":true}', CHOICE + '{"Next":"B","And":[{"IsNull":0},', "]}]}}}"),
    "empty rules": lambda: filled("{}", CHOICE + '{"Next":"B","And":[', "]}]}}}"),
    "one long name": lambda: (
        '{"StartAt":"A","States":{"' + "n" * 500_000 + '":{' + filled('"x#":0', "", "")[:540_000].rpartition(",")[0] + "}}}"
    ),
    "one long path": lambda: '{"StartAt":"A","States":{"A":{"Type":"Pass","InputPath":"$' + ".a" * 520_000 + '","End":true}}}',
    "one long bad path": lambda: '{"StartAt":"A","States":{"A":{"Type":"Pass","InputPath":"$' + "[" * 1_040_000 + '","End":true}}}',
    "a template of paths": lambda: filled('"k#.$":"$.a#"', '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true,"Parameters":{', "}}}}"),
    "a template of faults": lambda: filled('"k#.$":"a"', '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true,"Parameters":{', "}}}}"),
    "repeated keys": lambda: filled('"a":#', "{", "}"),
}


def least(work: Callable[[], object], *, enough: float, tries: int = 6) -> float:
    """Seconds of CPU that the work takes at best: other work on this machine must not fail a test."""
    best = float("inf")
    for _ in range(tries):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
        if best < enough:
            break
    return best


@pytest.mark.parametrize("name", LARGE)
def test_a_mebibyte_takes_less_than_two_seconds(name: str) -> None:
    text = LARGE[name]()
    assert 900_000 < len(text) <= MEBIBYTE
    assert len(str(refused(text))) < 20_000_000
    assert least(lambda: refused(text), enough=2.0) < 2.0


def test_a_small_machine_costs_nothing_heavy_to_load() -> None:
    """In the good case neither jsonschema nor networkx nor their kin are imported."""
    heavy = ["jsonschema", "networkx", "referencing", "importlib.resources", "difflib", "pkgutil"]
    code = (
        "import sys, json; before = set(sys.modules)\n"
        "from states.definition import loads\n"
        f"loads({json.dumps(json.dumps(EVERYTHING))})\n"
        f"print([name for name in {heavy!r} if name in sys.modules and name not in before])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_small_machine_loads_in_a_millisecond() -> None:
    text = json.dumps({"StartAt": "A", "States": {"A": STATE}})
    loads(text)
    assert least(lambda: [loads(text) for _ in range(100)], enough=0.1) < 0.1
