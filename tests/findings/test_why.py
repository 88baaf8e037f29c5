"""Why: which state, line and error a finding names, and what it says of retriers, catchers and data."""

from __future__ import annotations

import json
from typing import Any

import pytest

import states
from states.findings.finding import Finding
from states.findings.why import of_story, why
from states.views.story import read
from tests.views.stories import FAIL, PASS, TASKS, block, both, each, task

Json = Any
CATCH = [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Next": "B"}]
ALL = ["States.ALL"]


def lines_of(definition: Json) -> list[str]:
    return json.dumps(definition, indent=2).splitlines()


def found(definition: Json, input: Json = None, **settings: Json) -> Finding:
    machine = states.loads(json.dumps(definition, indent=2), source="order.asl.json")
    return why(states.run(machine, input, TASKS, **settings))


def line(definition: Json, finding: Finding) -> str:
    assert finding.line is not None
    return lines_of(definition)[finding.line - 1].strip().rstrip(",")


def choice(*rules: Json, **fields: Json) -> Json:
    return {"Type": "Choice", "Choices": list(rules), **fields}


def jsonata(definition: Json) -> Json:
    return {**definition, "QueryLanguage": "JSONata"}


# ---------------------------------------------------------------- which data, which line

EXPRESSIONS = [
    # a field of the state, its input, the line, what was seen
    (task(Parameters={"v.$": "$.order.total"}), {"order": {"id": 7, "items": []}}, '"v.$": "$.order.total"',
     "$.order has no total; it has id, items"),
    (task(Parameters={"a": {"v.$": "$.order.totl"}}), {"order": {"total": 7}}, '"v.$": "$.order.totl"',
     "$.order has no totl; it has total; did you mean total?"),
    (task(Parameters={"v.$": "$.list[3].x"}), {"list": [1]}, '"v.$": "$.list[3].x"', "$.list has 1 item, none at [3]"),
    (task(Parameters={"v.$": "$.order.total"}), {"order": None}, '"v.$": "$.order.total"', "$.order is null; it has no total"),
    (task(InputPath="$.a.b"), {"a": {}}, '"InputPath": "$.a.b"', "$.a has no b; it is empty"),
    (task(InputPath="$.a", Parameters={"v.$": "$.b"}), {"a": {"c": 1}, "b": 2}, '"v.$": "$.b"', "$ has no b; it has c"),
    (task(OutputPath="$.x"), {"y": 1}, '"OutputPath": "$.x"', "$ has no x; it has y"),
    (task(ResultPath="$.r", OutputPath="$.r.x"), {"y": 1}, '"OutputPath": "$.r.x"', "$.r has no x; it has y"),
    (task(ResultSelector={"v.$": "$.y"}, OutputPath="$.y"), {"y": 1}, '"OutputPath": "$.y"', "$ has no y; it has v"),
    ({"Type": "Pass", "Parameters": {"v.$": "$.y"}, "ResultPath": "$.r", "OutputPath": "$.r.x"}, {"y": 1}, '"OutputPath": "$.r.x"',
     "$.r has no x; it has v"),
    ({"Type": "Pass", "Result": {"a": 1}, "OutputPath": "$.b"}, {"b": 1}, '"OutputPath": "$.b"', "$ has no b; it has a"),
    (task(Parameters={"v.$": "$.list.x"}), {"list": [{"x": 1}]}, '"v.$": "$.list.x"', '$.list is [{"x": 1}]; only its items have x'),
    (task(ResultSelector={"v.$": "$.no"}), {"y": 1}, '"v.$": "$.no"', "$ has no no; it has y"),
    (task(ResultPath="$.y.z"), {"y": "s"}, '"ResultPath": "$.y.z"', '$.y is "s", a string; it has no z'),
    (task(TimeoutSecondsPath="$.t"), {"t": "x"}, '"TimeoutSecondsPath": "$.t"', '$.t is "x", a string'),
    (task(TimeoutSecondsPath="$.t"), {}, '"TimeoutSecondsPath": "$.t"', "$ has no t; it is empty"),
    ({"Type": "Pass", "Parameters": {"v.$": "States.Format('{}', $.a.b)"}}, {"a": {"c": 1}}, '"v.$": "States.Format(\'{}\', $.a.b)"',
     "$.a has no b; it has c"),
    ({"Type": "Pass", "Parameters": {"v.$": "States.MathAdd($.a, 1)"}}, {"a": "x"}, '"v.$": "States.MathAdd($.a, 1)"',
     '$.a is "x", a string'),
    ({"Type": "Wait", "SecondsPath": "$.s"}, {"s": -1}, '"SecondsPath": "$.s"', "$.s is -1, a number"),
    ({"Type": "Wait", "TimestampPath": "$.s"}, {"s": "soon"}, '"TimestampPath": "$.s"', '$.s is "soon", a string'),
    (each(block(B=PASS), ItemsPath="$.items"), {"items": {"a": 1}}, '"ItemsPath": "$.items"', '$.items is {"a": 1}'),
    (each(block(B=PASS), MaxConcurrencyPath="$.n"), {"n": "many"}, '"MaxConcurrencyPath": "$.n"', '$.n is "many", a string'),
    (choice({"Variable": "$.n", "NumericEquals": 1, "Next": "Z"}, Default="Z"), {"m": 1}, '"Variable": "$.n"', "$ has no n; it has m"),
    (choice({"Variable": "$.n", "NumericEqualsPath": "$.m", "Next": "Z"}, Default="Z"), {"n": 1}, '"NumericEqualsPath": "$.m"',
     "$ has no m; it has n"),
]  # fmt: skip


@pytest.mark.parametrize(("state", "input", "expected_line", "seen"), EXPRESSIONS)
def test_names_the_field_and_where_its_data_ends(state: Json, input: Json, expected_line: str, seen: str) -> None:
    definition = block(A=state, Z=PASS) if state["Type"] == "Choice" else block(A=state)
    finding = found(definition, input)
    assert finding.state == "A"
    assert line(definition, finding) == expected_line
    assert seen in [each.text for each in finding.seen]


JSONATA = [
    ({"Type": "Pass", "Output": "{% $states.input.a.c %}"}, {"a": {"b": 1}}, "$states.input.a has no c; it has b"),
    ({"Type": "Pass", "Output": {"x": "{% $v.w & 's' & $v.z %}", "y": "{% $v.none %}"}}, {}, "$v has no none; it has w"),
    ({"Type": "Pass", "Output": "{% $w %}"}, {}, "no variable $w is assigned; there is v"),
    ({"Type": "Pass", "Output": "{% $number($states.input.l.p) %}"}, {"l": [{"p": "x"}, {"p": 2}]}, '$states.input.l.p is ["x", 2]'),
    ({"Type": "Pass", "Output": "{% $states.input.l.q %}"}, {"l": [{"p": 1}]}, '$states.input.l is [{"p": 1}]; no item has q'),
    ({"Type": "Wait", "Seconds": "{% $states.input.s %}"}, {"s": "x"}, '$states.input.s is "x", a string'),
    (task(Arguments={"n": "{% $number($states.input.n) %}"}), {"n": "seven"}, '$states.input.n is "seven", a string'),
    (task(Output="{% $states.result.no %}"), {"y": 1}, "$states.result has no no; it has y"),
    (choice({"Condition": "{% $states.input.n %}", "Next": "Z"}, Default="Z"), {"n": 7}, "$states.input.n is 7, a number"),
]


@pytest.mark.parametrize(("state", "input", "seen"), JSONATA)
def test_names_what_jsonata_looked_at(state: Json, input: Json, seen: str) -> None:
    before = {"Type": "Pass", "Assign": {"v": {"w": 1}}, "Output": "{% $states.input %}"}
    state = {"Arguments": "{% $states.input %}", **state} if state["Type"] == "Task" else state
    definition = jsonata(block(S=before, A=state, Z=PASS))
    finding = found(definition, input)
    assert (finding.state, finding.error) == ("A", "States.QueryEvaluationError")
    assert finding.line is not None
    assert finding.expression in lines_of(definition)[finding.line - 1]
    assert seen in [each.text for each in finding.seen]


def test_a_choice_without_a_match_shows_every_value_it_compared() -> None:
    definition = block(
        A=choice(
            {"And": [{"Variable": "$.n", "NumericEquals": 1}, {"Variable": "$.s", "StringEquals": "x"}], "Next": "B"},
            {"Not": {"Variable": "$.t.u", "IsPresent": False}, "Next": "B"},
        ),
        B=PASS,
    )
    finding = found(definition, {"n": 2, "s": "y"})
    assert (finding.message, line(definition, finding)) == ("no rule matched and there is no Default", '"Choices": [')
    assert [each.text for each in finding.seen] == ["$.n is 2, a number", '$.s is "y", a string', "$ has no t; it has n, s"]


def test_a_fail_state_says_which_rule_led_to_it() -> None:
    rules = [{"Variable": "$.n", "NumericEquals": 1, "Next": "B"}, {"Variable": "$.s", "StringEquals": "bad", "Next": "F"}]
    definition = {"StartAt": "A", "States": {"A": choice(*rules, Default="B"), "B": {**PASS, "End": True}, "F": FAIL}}
    finding = found(definition, {"n": 2, "s": "bad"})
    assert (finding.state, [each.text for each in finding.seen]) == ("F", ['$.s is "bad", a string'])
    assert finding.notes == ("A chose it by Choices[1], line 12",)


@pytest.mark.parametrize(
    ("fail", "expected_line", "seen"),
    [
        ({"ErrorPath": "$.err.Error", "Cause": "x"}, '"ErrorPath": "$.err.Error"', ["$ has no err; it has n"]),
        ({"Error": "E", "CausePath": "$.err.Cause"}, '"CausePath": "$.err.Cause"', ["$ has no err; it has n"]),
        ({"Error": "E", "CausePath": "$.n"}, '"CausePath": "$.n"', ["$.n is 0, a number"]),
        ({"Error": "E", "CausePath": "States.Format('{}', $.n.m)"}, '"CausePath": "States.Format(\'{}\', $.n.m)"',
         ["$.n is 0, a number; it has no m"]),
        ({"QueryLanguage": "JSONata", "Error": "{% $states.input.err %}"}, '"Error": "{% $states.input.err %}"',
         ["$states.input has no err; it has n"]),
        ({"Error": "E"}, '"F": {', ["$.n is 0, a number"]),
    ],
)  # fmt: skip
def test_a_fail_state_that_fails_itself_shows_its_own_data_and_not_that_of_the_choice(fail: Json, expected_line: str, seen: Json) -> None:
    rule = {"Variable": "$.n", "NumericEquals": 0, "Next": "F"}
    definition = {"StartAt": "A", "States": {"A": choice(rule, Default="B"), "B": {**PASS, "End": True}, "F": {"Type": "Fail", **fail}}}
    finding = found(definition, {"n": 0})
    assert (finding.state, line(definition, finding)) == ("F", expected_line)
    assert [each.text for each in finding.seen] == seen
    assert finding.notes == ("A chose it by Choices[0], line 7",)


# ---------------------------------------------------------------- retriers and catchers

HANDLERS = [
    (task("broken", Retry=[{"ErrorEquals": ["Other"]}]), ["no match: another error"]),
    (task("broken", Retry=[{"ErrorEquals": ["broken"]}]), ["no match: broken is not Broken: upper and lower case differ"]),
    (task("broken", Retry=[{"ErrorEquals": ["Brok*"]}]), ["no match: there are no wildcards, names are compared whole"]),
    (task("broken", Retry=[{"ErrorEquals": ["Lambda.Broken"]}]), ["no match: Lambda.Broken is not Broken: names are compared whole"]),
    (task("broken", Retry=[{"ErrorEquals": ["State.ALL"]}]),
     ["no match: State.ALL is no error of the States Language; did you mean States.ALL?"]),
    (task("broken", Retry=[{"ErrorEquals": ["Broken"], "MaxAttempts": 0}]), ["never: MaxAttempts is 0: never retried"]),
    (task("broken", Retry=[{"ErrorEquals": ["Broken"], "MaxAttempts": 2}]), ["used up: used up, 2 retries of MaxAttempts 2"]),
    (task("broken", Retry=[{"ErrorEquals": ["Broken"], "MaxAttempts": 1}, {"ErrorEquals": ALL}]),
     ["used up: used up, 1 retry of MaxAttempts 1", "not asked: Broken comes first and decides"]),
    (task(Parameters={"v.$": "$.no"}, Retry=[{"ErrorEquals": ALL}], Catch=CATCH),
     ["not covered: States.Runtime is never retried", "not covered: States.Runtime is never caught, by States.ALL neither"]),
    (task("slow", TimeoutSeconds=5, Retry=[{"ErrorEquals": ["States.TaskFailed"]}],
          Catch=[{"ErrorEquals": ["States.HeartbeatTimeout"], "Next": "B"}]),
     ["no match: States.TaskFailed does not cover States.Timeout", "no match: it was no missed heartbeat, but TimeoutSeconds"]),
    (task("slow", TimeoutSeconds=99, HeartbeatSeconds=5, Retry=[{"ErrorEquals": ["States.HeartbeatTimeout"], "MaxAttempts": 1}],
          Catch=[{"ErrorEquals": ["Broken"], "Next": "B"}]),
     ["used up: used up, 1 retry of MaxAttempts 1", "no match: another error"]),
    (each(block(C=task("broken", Catch=[{"ErrorEquals": ["Other"], "Next": "D"}]), D=PASS),
          Retry=[{"ErrorEquals": ["Broken"], "MaxAttempts": 1}]),
     ["no match: another error", "used up: used up, 1 retry of MaxAttempts 1"]),
]  # fmt: skip


@states.function("slow", timeout_seconds=900)
def slow(event: Json, context: states.TaskContext) -> Json:
    context.sleep(50)
    return event


@pytest.mark.parametrize(("state", "expected"), HANDLERS)
def test_says_why_each_handler_did_not_take_it(state: Json, expected: list[str]) -> None:
    definition = block(A=state, B=PASS)
    input = [{}] if state["Type"] == "Map" else {}
    execution = states.run(states.loads(json.dumps(definition, indent=2)), input, {**TASKS, "slow": slow})
    assert execution.status == "FAILED"
    finding = why(execution)
    assert [f"{handler.verdict}: {handler.reason}" for handler in finding.reasons] == expected
    lines = lines_of(definition)
    for handler in finding.reasons:
        assert handler.line is not None
        assert lines[handler.line - 1].strip() == "{"
        assert handler.error_equals[0] in "".join(lines[handler.line : handler.line + 3])


def test_the_error_of_a_nested_execution_is_inside_the_cause() -> None:
    child = {"ExecutionArn": "arn:aws:states:eu-west-1:1:execution:pay:run-7", "Name": "run-7", "Error": "Declined", "Cause": "no money"}

    def start(event: Json, context: states.TaskContext) -> Json:
        raise states.TaskError("States.TaskFailed", json.dumps(child))

    resource = "arn:aws:states:::states:startExecution.sync"
    definition = block(A={"Type": "Task", "Resource": resource, "Parameters": {}, "Retry": [{"ErrorEquals": ["Declined"]}]})
    finding = why(states.run(definition, {}, {"A": start}))
    assert (finding.state, finding.error, finding.message) == (
        "A",
        "States.TaskFailed",
        "execution run-7 ended with Declined: no money",
    )
    assert [each.execution_arn for each in finding.nested] == [child["ExecutionArn"]]
    (handler,) = finding.reasons
    assert handler.reason == "Declined is the error inside the cause; the state failed with States.TaskFailed"


def test_the_definition_of_another_day_is_doubted() -> None:
    execution = states.run(block(A=task("broken")), {}, TASKS)
    today = states.loads(block(A=task("broken", Retry=[{"ErrorEquals": ["Broken"]}], Catch=CATCH), B=PASS))
    assert [handler.verdict for handler in why(execution.history, today).reasons] == ["unclear", "unclear"]


@pytest.mark.parametrize(
    ("catcher", "language", "error", "field"),
    [
        ({"ResultPath": "$.a.b"}, "JSONPath", "States.ResultPathMatchFailure", "Catch[0]/ResultPath"),
        ({"Output": "{% $states.input.no %}"}, "JSONata", "States.QueryEvaluationError", "Catch[0]/Output"),
        ({"Assign": {"v": "{% $states.errorOutput.No %}"}}, "JSONata", "States.QueryEvaluationError", "Catch[0]/Assign/v"),
    ],
)
def test_a_catcher_that_fails_itself(catcher: Json, language: str, error: str, field: str) -> None:
    first = {"ErrorEquals": ["Broken"], "Next": "B", **catcher}
    definition = {**block(A=task("broken", Catch=[first, {"ErrorEquals": ALL, "Next": "B"}]), B=PASS), "QueryLanguage": language}
    finding = found(definition, {"a": 7})
    assert (finding.error, finding.field) == (error, field)
    assert finding.handling is not None
    assert (finding.handling.error, finding.handling.event_id) == ("Broken", 5)
    assert [handler.verdict for handler in finding.reasons] == ["own failure", "not asked"]
    assert len(finding.seen) == 1


def test_a_catcher_of_a_parallel_that_fails_itself_knows_the_error_of_a_fail_state_inside() -> None:
    handlers = {"Retry": [{"ErrorEquals": ["Stop"], "MaxAttempts": 1}], "Catch": [{"ErrorEquals": ALL, "ResultPath": "$.a.b", "Next": "C"}]}
    finding = found(block(A=both(block(B=FAIL), **handlers), C=PASS), {"a": 7})
    assert finding.handling is not None
    assert (finding.state, finding.handling.error) == ("A", "Stop")
    assert [handler.verdict for handler in finding.reasons] == ["used up", "own failure"]


RETRIED = [{"ErrorEquals": ["States.QueryEvaluationError"], "MaxAttempts": 2}]


@pytest.mark.parametrize(
    "state",
    [
        task(Arguments="{% $states.input.no %}", Retry=RETRIED),
        task(Arguments="{% {} %}", Output="{% $states.result.no %}", Retry=RETRIED),
        each(block(B=PASS), Items="{% $states.input %}", Retry=RETRIED),
        each(block(B={"Type": "Pass", "Output": "{% $states.input.no %}"}), Items=[1, 2], Retry=RETRIED),
    ],
)
def test_jsonata_that_was_tried_again_used_its_retrier_up(state: Json) -> None:
    assert [handler.verdict for handler in found(jsonata(block(A=state))).reasons] == ["used up"]


# ---------------------------------------------------------------- back along the causes

DATA = {"Type": "Fail", "ErrorPath": "$.e.Error", "CausePath": "$.e.Cause"}
OK = {"Variable": "$.ok", "BooleanEquals": True, "Next": "G"}
WAYS: dict[str, tuple[Json, str, int]] = {
    # the definition, the state that matters, how many steps came of it
    "at once": ({**block(A=task("broken", Catch=CATCH), B=FAIL)}, "A", 2),
    "by way of states only a catcher leads to": (
        {"StartAt": "A", "States": {"A": task("broken", Catch=CATCH, Next="G"), "B": {**PASS, "Next": "C"}, "C": FAIL,
                                    "G": {"Type": "Succeed"}}}, "A", 2),
    "a fail state that quotes the error": (block(A=task("broken", Catch=CATCH), B=PASS, C=DATA), "A", 2),
    "by another failure that was caught": (
        {"StartAt": "A", "States": {"A": task("broken", Catch=CATCH, Next="G"), "G": {"Type": "Succeed"},
                                    "B": task("broken", Catch=[{"ErrorEquals": ALL, "Next": "F"}], Next="G"), "F": FAIL}}, "B", 2),
    "inside a branch": (
        block(A=both(block(X=task("broken"))) | {"Catch": CATCH}, B=FAIL), "X", 2),
    "a fail state inside an item": (
        {"StartAt": "A", "States": {"A": each(block(X=FAIL), ItemsPath="$.items", Catch=CATCH, Next="G"), "B": {**DATA},
                                    "G": {"Type": "Succeed"}}}, "X", 2),
    "a fail state in a branch a catcher leads to": (
        {"StartAt": "A", "States": {"A": task("broken", Catch=CATCH, Next="G"), "B": both(block(X=PASS, F=FAIL), End=True),
                                    "G": {"Type": "Succeed"}}}, "A", 2),
    "a fail state in a branch that comes anyway": (
        {"StartAt": "A", "States": {"A": task("broken", Catch=CATCH, Next="B"), "B": both(block(X=PASS, F=FAIL), End=True)}}, "F", 0),
    "after as many turns as a loop allows": (
        {"StartAt": "A", "States": {
            "A": task("broken", Catch=CATCH, Next="G"), "B": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, "Next": "C"},
            "C": choice({"Variable": "$.n", "NumericLessThan": 3, "Next": "A"}, Default="F"), "F": FAIL,
            "G": {"Type": "Succeed"}}}, "A", 2),
    "a fail state whose own path finds nothing": (
        block(A=task("broken", Catch=CATCH), B={"Type": "Fail", "CausePath": "$.e.Nothing"}), "B", 0),
    "caught, and a rule fails later": (
        {"StartAt": "A", "States": {"A": task("broken", Catch=CATCH, Next="B"), "B": choice(OK, Default="F"), "F": FAIL,
                                    "G": {"Type": "Succeed"}}}, "F", 0),
    "caught inside a branch, failed outside": (
        block(A=both(block(X=task("broken", Catch=[{"ErrorEquals": ALL, "Next": "Y"}]), Y=PASS), ResultPath="$.r"), B=FAIL), "B", 0),
}  # fmt: skip


@pytest.mark.parametrize("name", WAYS)
def test_goes_back_to_the_error_that_mattered(name: str) -> None:
    definition, state, steps = WAYS[name]
    finding = found(definition, {"ok": False, "items": [1], "n": 0})
    assert finding.status == "FAILED"
    assert (finding.state, len(finding.became)) == (state, steps)
    if steps:
        assert finding.became[-1].how == "ended the execution"
        assert finding.reasons[-1].verdict == "took it"


@pytest.mark.parametrize("name", ["at once", "a fail state that quotes the error", "inside a branch"])
def test_goes_back_without_the_machine(name: str) -> None:
    definition, state, _ = WAYS[name]
    execution = states.run(definition, {"ok": False}, TASKS)
    assert why(list(execution.history)).state == state


def test_a_fail_state_whose_own_path_finds_nothing_names_the_path() -> None:
    definition, _, _ = WAYS["a fail state whose own path finds nothing"]
    finding = found(definition, {})
    assert (finding.error, finding.event_id, line(definition, finding)) == ("States.Runtime", 8, '"CausePath": "$.e.Nothing"')
    assert [each.text for each in finding.seen] == ["$.e has no Nothing; it has Error, Cause"]


def test_a_failure_in_an_item_names_the_item_and_its_data() -> None:
    finding = found(block(A=each(block(B=task()))), [{}, {"fail": 1}, {}])
    assert (finding.way, finding.place, finding.input) == (("A", "[1]", "B"), "A#1[1]/B#1", {"fail": 1})


def test_a_failure_in_a_branch_that_names_its_event_is_not_sought_elsewhere() -> None:
    """A Parallel whose own ResultSelector fails after a branch failed and was retried."""
    definition = block(
        A=both(
            block(B=task(Parameters={"fail": 1})),
            Retry=[{"ErrorEquals": ["Flaky"]}],
            Catch=[{"ErrorEquals": ["Flaky"], "ResultPath": "$.a.b", "Next": "Z"}],
        ),
        Z=PASS,
    )
    finding = found(definition, {"a": 7})
    assert (finding.state, finding.error, finding.field) == ("A", "States.ResultPathMatchFailure", "Catch[0]/ResultPath")


def test_a_child_execution_that_failed() -> None:
    processor = {**block(B=task()), "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}
    definition = block(A=each(None, ItemProcessor=processor, ToleratedFailureCount=0))
    finding = found(definition, [{}, {"fail": 9}])
    assert (finding.state, finding.error, finding.input) == ("B", "Flaky", {"fail": 9})
    assert finding.way == ("A", "run 1", "B")
    assert [step.error for step in finding.became] == ["States.ExceedToleratedFailureThreshold"]
    assert line(definition, finding) == '"B": {'


def test_the_error_that_mattered_is_the_last_and_not_the_one_that_was_retried() -> None:
    def first_busy(event: Json, context: states.TaskContext) -> Json:
        raise ValueError("busy") if context.attempt == 1 else KeyError("gone")

    machine = block(A=task("work", Retry=[{"ErrorEquals": ["ValueError"]}]))
    finding = why(states.run(machine, {}, {"work": first_busy}))
    assert (finding.error, finding.attempts, finding.retried) == ("KeyError", 2, 1)
    assert [handler.verdict for handler in finding.reasons] == ["no match"]


# ---------------------------------------------------------------- other ends


def test_a_time_that_was_up_says_what_ran_and_how_long_each_state_took() -> None:
    definition = {**block(A={"Type": "Wait", "Seconds": 10}, B={"Type": "Wait", "Seconds": 60}), "TimeoutSeconds": 30}
    finding = found(definition)
    assert (finding.status, finding.error, line(definition, finding)) == ("TIMED_OUT", "States.Timeout", '"TimeoutSeconds": 30')
    assert [(one.state, one.seconds) for one in finding.running] == [("B", 20.0)]
    assert [(took.state, took.visits, took.seconds) for took in finding.took] == [("B", 1, 20.0), ("A", 1, 10.0)]


def test_a_stopped_execution_says_what_ran() -> None:
    driver = states.start(block(A=both(block(B={"Type": "Wait", "Seconds": 60}), block(C=PASS))))
    driver.advance(7)
    driver.stop("By hand", "it took too long")
    finding = why(driver.execution)
    assert (finding.status, finding.error, finding.message, finding.state) == ("ABORTED", "By hand", "it took too long", "B")


def test_one_that_still_runs() -> None:
    driver = states.start(block(A={"Type": "Wait", "Seconds": 60}))
    finding = why(driver.execution)
    assert (finding.status, finding.state, str(finding)) == ("RUNNING", "A", "RUNNING in A")
    assert "its last event is 2" in finding.notes[0]


def test_a_full_history_names_the_loop() -> None:
    loop = {
        "A": {**PASS, "Next": "B"},
        "B": choice({"Variable": "$.n", "NumericEquals": 1, "Next": "C"}, Default="A"),
        "C": {"Type": "Succeed"},
    }
    finding = found({"StartAt": "A", "States": loop}, {"n": 0})
    assert finding.event_id == 25_000
    assert finding.notes == ("visited most: A 6,250×, B 6,249×",)


def test_a_success_that_swallowed_failures() -> None:
    finding = found(block(A=task(Retry=[{"ErrorEquals": ["Flaky"], "MaxAttempts": 1}], Catch=CATCH), B=PASS), {"fail": 9})
    assert str(finding) == "succeeded; 1 caught"
    (caught,) = finding.caught
    assert (caught.state, caught.error, caught.next, caught.retries, caught.event_id) == ("A", "Flaky", "B", 1, 8)


def test_states_that_read_the_error_output_of_a_catcher_say_so() -> None:
    bare = [{"ErrorEquals": ALL, "Next": "B"}]
    finding = found(block(A=task("broken", Catch=bare), B=task(Parameters={"v.$": "$.order"})), {"order": 7})
    assert (finding.state, finding.notes) == ("B", ("its input is the error output that the catcher of A left",))


# ---------------------------------------------------------------- what it takes


@pytest.mark.parametrize("form", ["execution", "history", "list", "reversed", "document", "json"])
def test_takes_every_form_of_a_history(form: str) -> None:
    execution = states.run(block(A=task("broken")), {}, TASKS)
    events = list(execution.history)
    forms = {
        "execution": execution,
        "history": execution.history,
        "list": events,
        "reversed": events[::-1],
        "document": {"events": events},
        "json": json.loads(execution.history.to_json()),
    }
    finding = states.why(forms[form])
    assert (finding.state, finding.error, finding.event_id) == ("A", "Broken", 5)
    assert isinstance(finding, states.Finding)


@pytest.mark.parametrize("given", [None, 7, "text", {}, [], {"events": []}, [7], [{"id": 1}], [{"id": "1", "type": "ExecutionStarted"}]])
def test_refuses_what_is_no_history(given: Any) -> None:
    with pytest.raises(states.InvalidHistory):
        states.why(given)


def test_a_finding_is_the_same_from_the_execution_and_from_its_json() -> None:
    for definition, _, _ in WAYS.values():
        machine = states.loads(definition)
        execution = states.run(machine, {"ok": False, "items": [1], "n": 0}, TASKS)
        assert why(execution) == why(json.loads(execution.history.to_json()), machine)


def test_a_finding_cannot_be_changed() -> None:
    finding = why(states.run(block(A=PASS)))
    with pytest.raises(AttributeError):
        finding.state = "B"  # type: ignore[misc]


def test_a_history_without_an_end_of_its_own_is_no_fault() -> None:
    finding = of_story(read([("ExecutionStarted", 0, 0.0, None, {}), ("ExecutionFailed", 1, 0.0, "E", "why")]))
    assert (finding.state, str(finding)) == (None, "FAILED: E: why")
