"""Drift: what a new history has otherwise than the mocks, and what it may have otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import states
from states.mocking.shapes import shape_of, unlike
from states.tasks.functions import TaskError
from tests.mocking.machines import ARN, block, task

SHOP = block(
    "Charge",
    Charge=task("charge", Catch=[{"ErrorEquals": ["States.ALL"], "Next": "Ship"}], Next="Ship"),
    Ship={
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "ship", "Payload.$": "$"},
        "TimeoutSeconds": 60,
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "End"}],
        "OutputPath": "$.Payload",
        "Next": "End",
    },
    End={"Type": "Succeed"},
)
RECEIPT = {"id": "r-1", "cents": 500, "lines": [{"sku": "mug", "note": None}], "by": {"name": "x"}}


def sold(charge: Any = RECEIPT, ship: Any = "p-1") -> Any:
    def charged(event: Any, context: Any) -> Any:
        if isinstance(charge, str):
            raise TaskError(charge, "why")
        return charge

    def shipped(event: Any, context: Any) -> Any:
        context.sleep(2)
        if ship is None:
            raise TimeoutError
        return {"parcel": ship}

    return states.run(SHOP, {}, {"charge": charged, "ship": shipped}).history


def without(*keys: str) -> dict[str, Any]:
    return {key: value for key, value in RECEIPT.items() if key not in keys}


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ({}, []),
        ({"charge": {**RECEIPT, "id": "another", "cents": 7.5}}, []),
        ({"charge": {**RECEIPT, "lines": []}}, []),
        ({"charge": {**RECEIPT, "lines": [{"sku": "pen", "note": None}] * 3}}, []),
        ({"charge": without("cents")}, [("gone", "Charge", "$.cents: the key is gone")]),
        ({"charge": {**RECEIPT, "vat": 19}}, [("new", "Charge", "$.vat: the key is new")]),
        ({"charge": {**RECEIPT, "cents": "500"}}, [("type", "Charge", "$.cents: string; mocked: number")]),
        ({"charge": {**RECEIPT, "cents": None}}, [("type", "Charge", "$.cents: null; mocked: number")]),
        ({"charge": {**RECEIPT, "by": "x"}}, [("type", "Charge", "$.by: string; mocked: object")]),
        ({"charge": {**RECEIPT, "lines": [{"sku": 1, "note": None}] * 2}}, [("type", "Charge", "$.lines[*].sku: number; mocked: string")]),
        ({"charge": [1]}, [("type", "Charge", "$: array; mocked: object")]),
        ({"charge": "Busy"}, [("error", "Charge", "fails with Busy; mocked errors: none")]),
        ({"ship": 5}, [("type", "Ship", "$.parcel: number; mocked: string")]),
        ({"ship": None}, [("error", "Ship", "fails with TimeoutError; mocked errors: none")]),
    ],
)
def test_drift(new: dict[str, Any], told: list[tuple[str, str, str]]) -> None:
    made = states.mocks_of(sold(), machine=SHOP)
    found = states.drift(made, sold(**new), names=["new.json"])
    assert [(each.kind, each.state, each.message) for each in found] == told
    assert all(each.event_id > 2 and str(each).startswith("new.json: event ") for each in found)


def test_what_any_of_the_mocks_has_is_known() -> None:
    made = states.mocks_of(sold(), sold(charge=without("cents")), sold(charge="Busy"), machine=SHOP)
    for known in (sold(), sold(charge=without("cents")), sold(charge="Busy")):
        assert states.drift(made, known) == []
    assert [each.message for each in states.drift(made, sold(charge="Broken"))] == ["fails with Broken; mocked errors: Busy"]
    assert [each.message for each in states.drift(made, sold(charge=without("id")))] == ["$.id: the key is gone"]


def test_the_same_difference_is_told_once_with_its_times() -> None:
    new = sold(charge={**RECEIPT, "vat": 19})
    [found] = states.drift(states.mocks_of(sold(), machine=SHOP), new, new, new)
    assert (found.times, found.history, found.path) == (3, "history 1", "$.vat")
    assert str(found).endswith("$.vat: the key is new (3 times)")
    assert found.to_json() == {
        "kind": "new",
        "state": "Charge",
        "message": "$.vat: the key is new",
        "history": "history 1",
        "eventId": found.event_id,
        "path": "$.vat",
        "times": 3,
    }


@pytest.mark.parametrize("form", ["yaml", "json", "config"])
@pytest.mark.parametrize("new", [{}, {"charge": without("cents")}, {"ship": 5}, {"charge": "Busy"}])
def test_files_say_the_same(form: str, new: dict[str, Any], tmp_path: Path) -> None:
    made = states.mocks_of(sold(), machine=SHOP)
    (tmp_path / "machine.asl.json").write_text(json.dumps(SHOP))
    texts = {"yaml": made.to_yaml(), "json": made.to_json(), "config": json.dumps(made.mock_config()[0])}
    path = tmp_path / f"it.scenario.{'yaml' if form == 'yaml' else 'json'}"
    path.write_text(texts[form])
    assert states.drift(path, sold(**new)) == states.drift(made, sold(**new))


@pytest.mark.parametrize(
    ("mocks", "told"),
    [
        ("{charge: {result: {id: r, cents: 1, lines: [], by: {name: x}}}, Ship: {result: {parcel: p}}}", []),
        ("{charge: {result: {id: r}}, Ship: {result: {parcel: p}}}", ["$.cents", "$.lines", "$.by"]),
        ("{Charge: {error: Busy}, Ship: {result: {parcel: p}}}", [None]),
        ("{Charge: {never: true}, Ship: {result: {parcel: p}}}", [None]),
        ("{Charge: {result: {id: r, cents: 1, lines: [], by: {name: x}}}, Ship: {result: 1}}", ["$"]),
    ],
)
def test_mocks_written_by_hand(mocks: str, told: list[str | None], tmp_path: Path) -> None:
    (tmp_path / "machine.asl.json").write_text(json.dumps(SHOP))
    (tmp_path / "it.scenario.yaml").write_text(f"mocks: {mocks}\nexpect: {{status: SUCCEEDED}}\n")
    assert [each.path for each in states.drift(tmp_path / "it.scenario.yaml", sold())] == told


@pytest.mark.parametrize(
    ("returned", "told"),
    [
        (RECEIPT, []),
        ({"StatusCode": 200, "Payload": RECEIPT}, []),
        ({"StatusCode": 200, "Payload": {"id": 1}}, ["type", "new", "new", "new"]),
    ],
)
def test_a_mock_config_may_have_the_envelope_of_a_function(returned: Any, told: list[str]) -> None:
    ship = {"StatusCode": 200, "Payload": {"parcel": "p"}, "ExecutedVersion": "$LATEST"}
    answers = {"c": {"0": {"Return": returned}}, "s": {"0": {"Return": ship}}}
    config = {"StateMachines": {"M": {"TestCases": {"t": {"Charge": "c", "Ship": "s"}}}}, "MockedResponses": answers}
    assert [each.kind for each in states.drift(config, sold()) if each.state == "Charge"] == told


def test_a_state_that_is_not_mocked_is_told_with_what_it_may_have_been_called() -> None:
    config = {
        "StateMachines": {"M": {"TestCases": {"t": {"Chargee": "c"}}}},
        "MockedResponses": {"c": {"0": {"Return": RECEIPT}}},
    }
    [first, second] = states.drift(config, sold())
    assert first.message == 'is called, and no mock has an answer for it; did you mean "Chargee"?'
    assert (second.kind, second.state) == ("unmocked", "Ship")


@pytest.mark.parametrize(
    ("seen", "value", "told"),
    [
        ([1], 2.5, []),
        ([1, None], "x", ["$: string; mocked: null or number"]),
        ([[]], ["anything"], []),
        ([[1], ["a"]], [2, "b", None], ["$[*]: null; mocked: number or string"]),
        ([{}], {"a": 1}, ["$.a: the key is new"]),
        ([{"a": 1}, {"a": 1, "b": 1}], {"a": 1}, []),
        ([{"a b": 1}], {}, ["$['a b']: the key is gone"]),
        ([True], 1, ["$: number; mocked: boolean"]),
    ],
)
def test_shapes(seen: list[Any], value: Any, told: list[str]) -> None:
    assert [str(each) for each in unlike(shape_of(seen), value)] == told


def test_functions_of_the_shop_are_those_of_the_mocks() -> None:
    assert SHOP["States"]["Charge"]["Resource"] == ARN + "charge"
