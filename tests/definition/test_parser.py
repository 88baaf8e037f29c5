"""A definition becomes a Machine: defaults filled in, everything compiled, a location on each node."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace
from typing import Any

import pytest

from states.definition import InvalidDefinition, loads, parser, unsupported
from states.definition.jsonpath_fields import IDENTITY, IDENTITY_REFERENCE
from states.machine import ABSENT, Choice, Fail, Machine, Map, Parallel, Pass, Succeed, Task, Wait
from tests.definition.machines import EVERYTHING, FUNCTION, LITTLE

MACHINE = loads(EVERYTHING)
SCOPE: Any = SimpleNamespace(variables={"id": 7}, random=None, context=lambda: {"State": {"Name": "Which"}}, text=str)


def one(state: dict[str, Any], **top: Any) -> Any:
    return loads({**top, "StartAt": "A", "States": {"A": state}}).states["A"]


def state(name: str) -> Any:
    return next(found for found in parser.every_state(MACHINE) if found.name == name)


def test_the_machine_itself() -> None:
    assert isinstance(MACHINE, Machine)
    assert (MACHINE.start_at, MACHINE.comment, MACHINE.version, MACHINE.timeout_seconds) == ("Prepare", "one of each", "1.0", 3600)
    assert (MACHINE.query_language, MACHINE.type, MACHINE.location, MACHINE.source) == ("JSONPath", "STANDARD", "", "<string>")
    assert MACHINE.definition == EVERYTHING


def test_what_the_machine_did_not_say() -> None:
    machine = loads(LITTLE)
    assert (machine.comment, machine.version, machine.timeout_seconds) == (None, None, None)


def test_a_machine_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        MACHINE.start_at = "Stop"  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        state("Hold").next = "Stop"


def test_text_and_source_are_kept() -> None:
    text = '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}'
    machine = loads(text, source="a.json", type="EXPRESS")
    assert (machine.text, machine.source, machine.type) == (text, "a.json", "EXPRESS")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *(("Prepare", Pass), ("Charge", Task), ("Which", Choice), ("Hold", Wait)),
        *(("Done", Succeed), ("Stop", Fail), ("Both", Parallel), ("Each", Map)),
    ],
)
def test_each_type_is_a_record_of_its_own(name: str, kind: type) -> None:
    assert type(state(name)) is kind
    assert state(name).type == kind.__name__
    assert state(name).location == f"/States/{name}"


def test_states_stand_in_the_order_of_the_text() -> None:
    assert list(MACHINE.states) == list(EVERYTHING["States"])


# --- defaults ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("definition", "defaults"),
    [
        (
            {"Type": "Pass", "End": True},
            {
                "input_path": IDENTITY,
                "output_path": IDENTITY,
                "result_path": IDENTITY_REFERENCE,
                "parameters": None,
                "result": ABSENT,
                "assign": None,
                "next": None,
                "comment": None,
                "query_language": "JSONPath",
            },
        ),
        (
            {"Type": "Task", "Resource": FUNCTION, "End": True},
            {
                "resource": FUNCTION,
                "parameters": None,
                "credentials": None,
                "result_selector": None,
                "result_path": IDENTITY_REFERENCE,
                "timeout_seconds": None,
                "heartbeat_seconds": None,
                "retry": (),
                "catch": (),
            },
        ),
        ({"Type": "Wait", "Seconds": 0, "End": True}, {"seconds": 0, "seconds_path": None, "timestamp": None, "timestamp_path": None}),
        ({"Type": "Fail"}, {"error": None, "cause": None, "next": None}),
        (
            {"Type": "Map", "ItemProcessor": {**LITTLE, "States": {"B": {"Type": "Succeed"}}, "StartAt": "B"}, "End": True},
            {
                "distributed": False,
                "execution_type": "STANDARD",
                "items_path": IDENTITY,
                "item_selector": None,
                "item_batcher": None,
                "item_reader": None,
                "result_writer": None,
                "max_concurrency": 0,
                "tolerated_failure_count": None,
                "tolerated_failure_percentage": None,
                "label": None,
                "result_path": IDENTITY_REFERENCE,
            },
        ),
        (
            {"Type": "Parallel", "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}], "End": True},
            {"parameters": None, "result_selector": None, "result_path": IDENTITY_REFERENCE, "retry": (), "catch": ()},
        ),
        ({"Type": "Succeed"}, {"input_path": IDENTITY, "output_path": IDENTITY, "next": None}),
    ],
    ids=lambda value: value.get("Type", "") if isinstance(value, dict) else "",
)
def test_what_a_state_does_not_say_has_the_default_of_the_language(definition: dict[str, Any], defaults: dict[str, Any]) -> None:
    made = one(definition)
    assert {name: getattr(made, name) for name in defaults} == defaults


def test_absent_null_and_dollar_are_three_things() -> None:
    absent = one({"Type": "Pass", "End": True})
    null = one({"Type": "Pass", "Result": None, "InputPath": None, "OutputPath": None, "ResultPath": None, "End": True})
    dollar = one({"Type": "Pass", "InputPath": "$", "OutputPath": "$", "ResultPath": "$", "End": True})
    assert (absent.result, null.result) == (ABSENT, None)
    assert (null.input_path, null.output_path, null.result_path) == (None, None, None)
    assert dollar.input_path is IDENTITY is absent.input_path
    assert dollar.output_path is IDENTITY is absent.output_path
    assert dollar.result_path is IDENTITY_REFERENCE is absent.result_path


def test_a_retrier_has_the_defaults_of_the_language() -> None:
    full, default = state("Charge").retry
    assert (full.error_equals, full.interval_seconds, full.max_attempts) == (("States.Timeout", "Busy"), 3, 0)
    assert (full.backoff_rate, full.max_delay_seconds, full.jitter) == (1.5, 60, True)
    assert (default.error_equals, default.interval_seconds, default.max_attempts) == (("States.ALL",), 1, 3)
    assert (default.backoff_rate, default.max_delay_seconds, default.jitter) == (2.0, None, False)
    assert (full.location, default.location) == ("/States/Charge/Retry[0]", "/States/Charge/Retry[1]")


def test_a_catcher_keeps_or_drops_the_error() -> None:
    keeps, drops = state("Charge").catch
    assert (keeps.next, keeps.error_equals, keeps.location) == ("Stop", ("Broke",), "/States/Charge/Catch[0]")
    assert keeps.result_path.put({"a": 1}, {"Error": "E"}) == {"a": 1, "error": {"Error": "E"}}
    assert keeps.assign.evaluate({"Error": "E"}, SCOPE) == {"e": "E"}
    assert drops.result_path is None
    plain = loads(
        {
            "StartAt": "A",
            "States": {
                "A": {"Type": "Task", "Resource": FUNCTION, "Catch": [{"ErrorEquals": ["E"], "Next": "B"}], "Next": "B"},
                "B": {"Type": "Succeed"},
            },
        }
    ).states["A"]
    assert plain.catch[0].result_path is IDENTITY_REFERENCE  # type: ignore[attr-defined]


def test_end_false_goes_on() -> None:
    machine = loads({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": False, "Next": "B"}, "B": {"Type": "Pass", "End": True}}})
    assert (machine.states["A"].next, machine.states["B"].next) == ("B", None)


# --- compiled ----------------------------------------------------------------------------------------------------------------------


def test_paths_are_compiled() -> None:
    assert state("Prepare").input_path.evaluate({"order": 5}, SCOPE) == 5
    assert state("Prepare").output_path is None
    assert state("Charge").timeout_seconds.evaluate({"timeout": 9}, SCOPE) == 9
    assert state("Charge").heartbeat_seconds == 5
    assert state("Hold for").seconds_path.evaluate({"seconds": 3}, SCOPE) == 3
    assert state("Right").max_concurrency.evaluate({"n": 2}, SCOPE) == 2
    assert state("Each").tolerated_failure_count.evaluate({"most": 4}, SCOPE) == 4


def test_templates_are_compiled() -> None:
    assert state("Prepare").parameters.evaluate({"id": 1}, SCOPE) == {"id": 1, "by": "us"}
    assert state("Prepare").assign.evaluate({"id": 1}, SCOPE) == {"id": 1, "tries": 0}
    assert state("Charge").parameters.evaluate({"amount": 1}, SCOPE) == {"amount": 2}
    assert state("Charge").credentials.evaluate({"role": "r"}, SCOPE) == {"RoleArn": "r"}
    assert state("Both").result_selector.evaluate([1], SCOPE) == {"both": [1]}
    assert state("Right").item_selector.evaluate(4, SCOPE) == {"x": 4}


def test_a_result_is_literal_even_when_it_looks_like_a_template() -> None:
    assert one({"Type": "Pass", "Result": {"a.$": "$.b"}, "End": True}).result == {"a.$": "$.b"}


def test_error_and_cause_of_a_fail_are_texts_or_expressions() -> None:
    stop = state("Stop")
    assert stop.error.evaluate({"Error": "E"}, SCOPE) == "E"
    assert stop.cause.evaluate({"Cause": "c"}, SCOPE) == "c!"
    literal = one({"Type": "Fail", "Error": "E", "Cause": ""})
    assert (literal.error, literal.cause) == ("E", "")


def test_a_timestamp_is_seconds_since_the_epoch() -> None:
    assert state("Hold").timestamp == 1457920740.0


@pytest.mark.parametrize(
    ("data", "holds"),
    [
        ({"paid": True}, [True, False, False]),
        ({"n": 8, "when": "2025-06-01T00:00:00Z"}, [None, True, True]),
        ({"paid": False, "n": 1, "when": "2027-06-01T00:00:00Z"}, [False, False, False]),
    ],
)
def test_choice_rules_are_conditions(data: dict[str, Any], holds: list[bool | None]) -> None:
    for rule, expected in zip(state("Which").choices, holds, strict=True):
        if expected is not None and ("when" in data or "TimestampLessThan" not in str(rule)):
            assert rule.location.startswith("/States/Which/Choices[")
            if "when" in data or rule is not state("Which").choices[2]:
                assert rule.condition(data, SCOPE) is expected


def test_choice_rules_lead_somewhere_and_assign() -> None:
    first, second, third = state("Which").choices
    assert (first.next, second.next, third.next, state("Which").default) == ("Hold", "Each", "Both", "Stop")
    assert first.assign.evaluate({}, SCOPE) == {"paid": True}
    assert second.assign is None


# --- blocks ------------------------------------------------------------------------------------------------------------------------


def test_a_map_has_a_processor() -> None:
    each, right = state("Each"), state("Right")
    assert (each.processor.start_at, list(each.processor.states), each.processor.location) == (
        "Work",
        ["Work"],
        "/States/Each/ItemProcessor",
    )
    assert (each.distributed, each.execution_type, each.label, each.max_concurrency) == (True, "EXPRESS", "each", 3)
    assert each.tolerated_failure_percentage == 12.5
    assert each.item_batcher.max_items_per_batch == 10
    assert each.item_batcher.max_input_bytes_per_batch.evaluate({"bytes": 99}, SCOPE) == 99
    assert each.item_batcher.batch_input.evaluate({"fact": 1}, SCOPE) == {"fact": 1}
    assert each.item_reader == EVERYTHING["States"]["Each"]["ItemReader"]
    assert (right.distributed, right.processor.location) == (False, "/States/Both/Branches[1]/States/Right/Iterator")


def test_the_older_iterator_may_be_distributed_too() -> None:
    inner = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "I", "States": {"I": {"Type": "Succeed"}}}
    made = one({"Type": "Map", "Iterator": inner, "End": True})
    assert (made.distributed, made.execution_type) == (True, "STANDARD")


def test_a_parallel_has_branches() -> None:
    left, right = state("Both").branches
    assert (left.start_at, right.start_at) == ("Left", "Right")
    assert (left.location, right.location) == ("/States/Both/Branches[0]", "/States/Both/Branches[1]")
    assert state("Inner").location == "/States/Both/Branches[1]/States/Right/Iterator/States/Inner"


# --- what cannot run yet -----------------------------------------------------------------------------------------------------------


def refused(definition: dict[str, Any]) -> list[tuple[str, str | None]]:
    with pytest.raises(InvalidDefinition) as caught:
        loads(definition)
    return [(fault.code, fault.location) for fault in caught.value.diagnostics]


def test_a_state_without_a_query_language_has_the_machines_wherever_it_stands() -> None:
    inner = {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": True}}}
    outer = {"Type": "Map", "QueryLanguage": "JSONata", "ItemProcessor": inner, "End": True}
    states = loads({"StartAt": "M", "States": {"M": outer}}).states
    assert states["M"].query_language == "JSONata"
    assert states["M"].processor.states["I"].query_language == "JSONPath"  # type: ignore[attr-defined]


def test_a_jsonata_machine_with_faults_is_told_only_those() -> None:
    assert refused({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass"}}}) == [
        ("SCHEMA_VALIDATION_FAILED", "/States/A")
    ]


@pytest.mark.parametrize(
    ("fields", "location"),
    [
        ({"Type": "Wait", "Seconds": "${S}"}, "/States/A/Seconds"),
        ({"Type": "Pass", "InputPath": "$.${P}"}, "/States/A/InputPath"),
        ({"Type": "Pass", "Parameters": {"a": [{"k.$": "$.${P}"}]}}, "/States/A/Parameters"),
        ({"Type": "Task", "Resource": "${R}", "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": "${N}"}]}, "/States/A/Retry[0]/MaxAttempts"),
        ({"Type": "Task", "Resource": "${R}", "Retry": "${Retry}"}, "/States/A/Retry"),
    ],
)
def test_a_substitution_that_must_be_read_is_refused(fields: dict[str, Any], location: str) -> None:
    assert refused({"StartAt": "A", "States": {"A": {**fields, "End": True}}}) == [("NOT_SUPPORTED", location)]


def test_a_substitution_in_a_target_or_a_rule_is_refused() -> None:
    rule = {"Not": {"Variable": "$.${V}", "NumericEquals": "${N}"}, "Next": "${Next}"}
    definition = {"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": [rule], "Default": "B"}, "B": {"Type": "Succeed"}}}
    assert {place for _, place in refused(definition)} == {
        "/States/A/Choices[0]/Next",
        "/States/A/Choices[0]/Not/Variable",
        "/States/A/Choices[0]/Not/NumericEquals",
    }


@pytest.mark.parametrize(
    "definition",
    [
        {"StartAt": "${A}", "States": {"${A}": {"Type": "Pass", "Result": "${R}", "Next": "B"}, "B": {"Type": "Fail", "Error": "${E}"}}},
        {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${F.Arn}", "Parameters": {"q": "${Queue}"}, "End": True}}},
        {"StartAt": "A", "States": {"A": {"Type": "Pass", "Comment": "${C}", "End": True}}},
    ],
    ids=["names", "task", "comment"],
)
def test_a_substitution_that_is_only_text_stays(definition: dict[str, Any]) -> None:
    assert loads(definition).definition == definition


def test_items_and_results_on_s3_are_named() -> None:
    assert [(fault.code, fault.location) for _, fault in unsupported(MACHINE)] == [
        ("NOT_SUPPORTED", "/States/Each/ItemReader"),
        ("NOT_SUPPORTED", "/States/Each/ResultWriter"),
    ]
    assert unsupported(loads(LITTLE)) == []
