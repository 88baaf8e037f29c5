"""Running from the library: what is accepted, what is refused before anything runs, and what comes out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import states
from states.definition.diagnostics import InvalidDefinition
from states.interpreter import execution as execution_module
from states.running import InvalidExecutionInput, InvalidName

PASS = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
LOOP = {
    "StartAt": "A",
    "States": {
        "A": {"Type": "Pass", "Next": "B"},
        "B": {"Type": "Choice", "Choices": [{"Variable": "$$.Execution.Name", "IsString": False, "Next": "E"}], "Default": "A"},
        "E": {"Type": "Succeed"},
    },
}


def test_a_machine_is_given_in_three_ways(tmp_path: Path) -> None:
    path = tmp_path / "machine.asl.json"
    path.write_text(json.dumps(PASS))
    for machine in (PASS, states.loads(PASS), path, str(path)):
        assert states.run(machine, 5).output == 5


@pytest.mark.parametrize(
    ("name", "output", "type"),
    [
        ("order.asl.yaml", "${Word}", "STANDARD"),
        ("one.yaml", "${Word}", "EXPRESS"),
        ("one.yaml#Order", "${Word}", "EXPRESS"),
        ("two.yaml#Order", "${Word}", "EXPRESS"),
        ("two.yaml#Order", "hello", "EXPRESS"),
    ],
)
def test_a_machine_in_yaml_or_in_a_template(tmp_path: Path, name: str, output: str, type: str) -> None:
    yaml_files(tmp_path)
    machine = states.load(tmp_path / name, substitutions={"Word": output} if output == "hello" else None)
    assert states.run(machine).output == output
    assert machine.type == type
    assert states.run(str(tmp_path / "two.yaml#Order")).output == "${Word}"


@pytest.mark.parametrize(
    ("name", "told"),
    [("two.yaml", "holds 2 machines; name one: .*two.yaml#Order, .*two.yaml#Other"), ("two.yaml#Nope", "it has Order, Other")],
)
def test_a_machine_that_a_template_does_not_have(tmp_path: Path, name: str, told: str) -> None:
    yaml_files(tmp_path)
    with pytest.raises(ValueError, match=told):
        states.load(tmp_path / name)


def yaml_files(folder: Path) -> None:
    pytest.importorskip("yaml", reason="definitions in YAML need the extra states[yaml]")
    definition = '{StartAt: P, States: {P: {Type: Pass, Result: "${Word}", End: true}}}'
    resource = f"{{Type: AWS::Serverless::StateMachine, Properties: {{Type: EXPRESS, Definition: {definition}}}}}"
    (folder / "order.asl.yaml").write_text(definition)
    (folder / "one.yaml").write_text(f"Resources:\n  Order: {resource}\n")
    (folder / "two.yaml").write_text(f"Resources:\n  Order: {resource}\n  Other: {resource}\n")


def test_a_machine_runs_many_times() -> None:
    machine = states.loads(PASS)
    assert [states.run(machine, n).output for n in range(3)] == [0, 1, 2]


@pytest.mark.parametrize(
    ("given", "text", "value"),
    [
        (None, None, {}),
        (0, None, 0),
        (False, None, False),
        ((1, 2), None, [1, 2]),
        ({"a": (1,)}, None, {"a": [1]}),
        (None, '{"a": 1}', {"a": 1}),
        (None, "null", None),
        ({"a": 1}, '{ "a": 1 }', {"a": 1}),
    ],
)
def test_an_input(given: Any, text: str | None, value: Any) -> None:
    execution = states.run(PASS, given, input_text=text)
    assert execution.output == value
    if text is not None:
        assert execution.history[0]["executionStartedEventDetails"]["input"] == text


def test_the_caller_s_input_is_copied() -> None:
    given = {"list": [1]}
    driver = states.start({"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 1, "End": True}}}, given)
    given["list"].append(2)
    assert driver.run().output == {"list": [1]}


@pytest.mark.parametrize(
    ("given", "text", "told"),
    [
        ({1, 2}, None, "the input is no JSON: Unable to marshal response: Object of type set"),
        ([float("nan")], None, "the input is no JSON"),
        ([10**5000], None, "the input is no JSON"),
        ("x" * 262_143, None, "the input has 262,145 bytes; the limit is 262,144 bytes"),
        (None, "{", "the input is no JSON: Expecting property name"),
        (None, "[NaN]", "the input is no JSON"),
        (None, "", "the input is no JSON"),
        (None, " " * 262_144 + "1", "the input has 262,145 bytes"),
        (1, "1" + " " * 262_144, "the input has 262,145 bytes"),
    ],
)
def test_an_input_that_is_refused(given: Any, text: str | None, told: str) -> None:
    with pytest.raises(InvalidExecutionInput) as caught:
        states.run(PASS, given, input_text=text)
    assert told in str(caught.value)


def test_an_input_of_exactly_so_many_bytes() -> None:
    assert states.run(PASS, ["é" * 131_070]).status == "SUCCEEDED"


def test_half_a_surrogate_pair_in_a_text_is_measured() -> None:
    assert states.run(PASS, input_text='"\ud800"').output == "\ud800"


@pytest.mark.parametrize("name", ["a", "x" * 80, "order-7_v1.2", "né", "日本", "a(b)=+@!'"])
def test_a_name(name: str) -> None:
    assert states.run(PASS, name=name).names.execution_name == name


@pytest.mark.parametrize("character", list(' \t\n<>{}[]?*"#%\\^|~`$&,;:/\x00\x1f\x7f\x9f\u2003'))
def test_a_character_no_name_may_have(character: str) -> None:
    with pytest.raises(InvalidName, match="may not contain"):
        states.run(PASS, name=f"a{character}b")


@pytest.mark.parametrize("name", ["", "x" * 81])
def test_a_name_of_a_wrong_length(name: str) -> None:
    with pytest.raises(InvalidName, match="has 1 to 80 characters"):
        states.run(PASS, name=name)


def test_a_definition_with_faults() -> None:
    with pytest.raises(InvalidDefinition) as caught:
        states.run({"StartAt": "P", "States": {"P": {"Type": "Pass", "Next": "Q"}}})
    assert "Missing 'Next' target: Q" in str(caught.value)


@pytest.mark.parametrize("field", ["ItemReader", "ResultWriter"])
def test_what_cannot_run_here_is_refused(field: str) -> None:
    block = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "X",
        "States": {"X": {"Type": "Pass", "End": True}},
    }
    resource = "arn:aws:states:::s3:getObject" if field == "ItemReader" else "arn:aws:states:::s3:putObject"
    mapped = {"Type": "Map", "ItemProcessor": block, field: {"Resource": resource, "Parameters": {"Bucket": "b", "Key": "k"}}, "End": True}
    machine = states.loads({"StartAt": "M", "States": {"M": mapped}})
    with pytest.raises(InvalidDefinition, match=f"{field} is not supported yet"):
        states.run(machine)


@pytest.mark.parametrize(
    ("settings", "id"),
    [
        ({}, "arn:aws:states:us-east-1:123456789012:execution:StateMachine:execution"),
        ({"name": "n", "state_machine_name": "m"}, "arn:aws:states:us-east-1:123456789012:execution:m:n"),
        ({"region": "eu-west-1", "account": "1"}, "arn:aws:states:eu-west-1:1:execution:StateMachine:execution"),
        ({"type": "EXPRESS", "name": "n"}, "arn:aws:states:us-east-1:123456789012:express:StateMachine:n:n"),
    ],
)
def test_the_names_of_an_execution(settings: dict[str, Any], id: str) -> None:
    assert states.run(PASS, **settings).names.execution_arn == id
    assert states.run(PASS, None, None, states.RunSettings(**settings)).names.execution_arn == id


def test_options_go_before_settings() -> None:
    assert states.run(PASS, None, None, states.RunSettings(name="a", region="r"), name="b").names[1:6:4] == ("b", "r")


def test_an_option_that_does_not_exist() -> None:
    with pytest.raises(TypeError, match="colour"):
        states.run(PASS, colour="blue")


def test_the_type_is_the_machine_s_own_unless_told() -> None:
    express = states.loads(PASS, type="EXPRESS")
    assert (states.run(express).type, states.run(express, type="STANDARD").type) == ("EXPRESS", "STANDARD")


@pytest.mark.parametrize("seed", [0, 1, "text", 2.5])
def test_the_same_seed_gives_the_same_execution(seed: Any) -> None:
    machine = states.loads({"StartAt": "P", "States": {"P": {"Type": "Pass", "Parameters": {"id.$": "States.UUID()"}, "End": True}}})
    assert states.run(machine, seed=seed).output == states.run(machine, seed=seed).output
    assert states.run(machine, seed=seed).output != states.run(machine, seed=99).output


def test_a_loop_that_never_ends_in_express(monkeypatch: pytest.MonkeyPatch) -> None:
    """An Express execution has no cap of events; it counts as endless after EXPRESS_ROOM of them."""
    assert execution_module.EXPRESS_ROOM >= 10 * 25_000
    monkeypatch.setattr(execution_module, "EXPRESS_ROOM", 1000)
    execution = states.run(LOOP, type="EXPRESS")
    assert (execution.status, execution.error, execution.stopped_at - execution.started_at) == ("TIMED_OUT", None, 300)
    assert execution.history[-1]["previousEventId"] == 0


def test_a_map_over_a_million_items_is_refused_by_the_limit() -> None:
    with pytest.raises(InvalidExecutionInput, match="the limit is 262,144 bytes"):
        states.run(PASS, list(range(1_000_000)))


def test_the_output_is_the_callers_own() -> None:
    machine = states.loads({"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"a": [1]}, "End": True}}})
    execution = states.run(machine)
    execution.output["a"].append(2)
    assert execution.output == {"a": [1, 2]}
    assert states.run(machine).output == {"a": [1]}
    assert [event["type"] for event in execution.history if "[1,2]" in str(event)] == []
