"""MockConfigFile.json: every fault of a file with its line, every form, what it makes of a machine, and what it says of a run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from states.definition.diagnostics import ERROR, WARNING
from states.testing import Bench, InvalidMockConfig, MockConfig, MockError, error, read_mock_config, response, result, service_models
from states.testing.mock_config import MAX_BYTES, MOST_FAULTS, parse_mock_config

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:"
ROOT = Path(__file__).resolve().parents[2]
ORDER = ROOT / "machines" / "order"

RIGHT = """{
  "StateMachines": {
    "m": {"TestCases": {
      "c": {"S": "r"}
    }}
  },
  "MockedResponses": {
    "r": {
      "0": {"Return": 1}
    }
  }
}"""


def task(resource: str = f"{LAMBDA}work", **more: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": resource, "End": True, **more}


def alone(state: dict[str, Any], name: str = "S") -> dict[str, Any]:
    return {"StartAt": name, "States": {name: state}}


def config(*answers: Any, state: str = "S", **responses: Any) -> dict[str, Any]:
    """A configuration with one machine, one test case, and one mocked state with these answers."""
    numbered = {str(number): answer for number, answer in enumerate(answers)}
    return {
        "StateMachines": {"m": {"TestCases": {"c": {state: "r"}}}},
        "MockedResponses": {"r": responses or numbered},
    }


def ret(value: Any) -> dict[str, Any]:
    return {"Return": value}


def throw(name: str, cause: str = "why") -> dict[str, Any]:
    return {"Throw": {"Error": name, "Cause": cause}}


# ---------------------------------------------------------------- faults of a file


class Bad(NamedTuple):
    """A change of RIGHT, and what is said of it: line, code, location, words, hint."""

    old: str
    new: str
    said: list[tuple[int | None, str, str | None, str, str]]


RESPONSE = '"0": {"Return": 1}'
SHAPE, FIELD, UNKNOWN, NUMBERS = "SCHEMA_VALIDATION_FAILED", "UNKNOWN_FIELD", "UNKNOWN_MOCKED_RESPONSE", "INVALID_INVOCATION"
R, ZERO = "/MockedResponses/r", "/MockedResponses/r/0"
UNUSED = (8, "UNUSED_MOCKED_RESPONSE", "/MockedResponses", '"r" is used by no test case', "")

BAD: dict[str, Bad] = {
    "no JSON": Bad('"c": {"S": "r"}', '"c": {"S": "r"},', [(5, "INVALID_JSON_DESCRIPTION", None, "expected JSON: Expecting property", "")]),
    "a bare word": Bad('"r"}', "r}", [(4, "INVALID_JSON_DESCRIPTION", None, "Unrecognized token 'r'", "")]),
    "NaN": Bad("1}", "NaN}", [(None, "INVALID_JSON_DESCRIPTION", None, "'NaN'", "")]),
    "not an object": Bad(RIGHT, "[]", [(1, SHAPE, "/", "found an array; expected an object with StateMachines and MockedResponses", "")]),
    "null": Bad(RIGHT, "null", [(1, SHAPE, "/", "found nothing; expected an object", "")]),
    "empty": Bad(RIGHT, " \n", [(1, SHAPE, "/", "found nothing; expected an object", "")]),
    "no fields": Bad(
        RIGHT, "{}", [(1, SHAPE, "/", "expected the field StateMachines", ""), (1, SHAPE, "/", "expected the field MockedResponses", "")]
    ),
    "AWS's misprint": Bad(
        '"MockedResponses"',
        '"MockedResponse"',
        [(7, FIELD, "/", '"MockedResponse" is no field here', 'did you mean "MockedResponses"?')],
    ),
    "a field too many": Bad('"StateMachines"', '"Comment": 1, "StateMachines"', [(2, FIELD, "/", "expected StateMachines or Mock", "")]),
    "machines in a list": Bad(
        '{\n    "m": {"TestCases": {\n      "c": {"S": "r"}\n    }}\n  }',
        "[]",
        [(2, SHAPE, "/StateMachines", "found an array; expected an object: state machines by name", ""), (4, *UNUSED[1:])],
    ),
    "a machine without test cases": Bad(
        '"TestCases"',
        '"Cases"',
        [(3, FIELD, "/StateMachines/m", '"Cases" is no field', ""), (3, SHAPE, "/StateMachines/m", "TestCases", ""), UNUSED],
    ),
    "test cases in a list": Bad(
        '{\n      "c": {"S": "r"}\n    }', "[]", [(3, SHAPE, "/StateMachines/m/TestCases", "found an array", ""), (6, *UNUSED[1:])]
    ),
    "a test case that is no object": Bad(
        '{"S": "r"}', '"S"', [(4, SHAPE, "/StateMachines/m/TestCases/c", "found a string; expected an object: names of mocked", ""), UNUSED]
    ),
    "the answer in place": Bad(
        '"S": "r"',
        '"S": {"Return": 1}',
        [(4, SHAPE, "/StateMachines/m/TestCases/c/S", "found an object; expected the name of a mocked response", ""), UNUSED],
    ),
    "an unknown response": Bad(
        '"S": "r"', '"S": "R1"', [(4, UNKNOWN, "/StateMachines/m/TestCases/c/S", '"R1" is no member of MockedResponses', ""), UNUSED]
    ),
    "a misspelt response": Bad(
        '"r": {\n',
        '"Charged": {\n',
        [
            (4, UNKNOWN, "/StateMachines/m/TestCases/c/S", '"r" is no member', ""),
            (8, "UNUSED_MOCKED_RESPONSE", "/MockedResponses", '"Charged" is used', ""),
        ],
    ),
    "responses in a list": Bad(
        '{\n    "r": {\n      "0": {"Return": 1}\n    }\n  }',
        "[]",
        [(7, SHAPE, "/MockedResponses", "found an array; expected an object", "")],
    ),
    "a response without answers": Bad(
        '{\n      "0": {"Return": 1}\n    }',
        "{}",
        [(8, SHAPE, R, 'found an empty object; expected answers by their invocation, such as "0"', "")],
    ),
    "a response that is an answer": Bad(
        f"{{\n      {RESPONSE}\n    }}",
        "5",
        [(8, SHAPE, R, "found a number; expected answers by their invocation", "")],
    ),
    "Return beside the numbers": Bad(
        f"{RESPONSE}",
        '"Return": {"a": 1}',
        [
            (9, NUMBERS, R, '"Return" is no invocation; expected a number such as "0", or a range', ""),
            (9, FIELD, f"{R}/Return", '"a" is no field', ""),
            (9, SHAPE, f"{R}/Return", "found neither", ""),
        ],
    ),
    "not a number": Bad('"0"', '"first"', [(9, NUMBERS, R, '"first" is no invocation', "")]),
    "below 0": Bad('"0"', '"-1"', [(9, NUMBERS, R, '"-1" is no invocation', "")]),
    "an open range": Bad('"0"', '"0-"', [(9, NUMBERS, R, '"0-" is no invocation', "")]),
    "three numbers": Bad('"0"', '"0-1-2"', [(9, NUMBERS, R, '"0-1-2" is no invocation', "")]),
    "blanks": Bad('"0"', '" 0"', [(9, NUMBERS, R, '" 0" is no invocation', "")]),
    "a leading zero": Bad('"0"', '"00"', [(9, NUMBERS, R, '"00" is no invocation', "")]),
    "digits of another script": Bad('"0"', '"٠"', [(9, NUMBERS, R, "is no invocation", "")]),
    "a huge number": Bad('"0"', '"0-9999999999"', [(9, NUMBERS, R, "is no invocation", "")]),
    "a range backwards": Bad('"0"', '"1-0"', [(9, NUMBERS, R, '"1-0" ends before it begins; expected "0-1"', "")]),
    "not from 0": Bad('"0"', '"1"', [(9, NUMBERS, R, 'found "1" first; expected "0" before it', "")]),
    "far from 0": Bad('"0"', '"2-3"', [(9, NUMBERS, R, 'found "2-3" first; expected "0-1" before it', "")]),
    "a gap": Bad(RESPONSE, f'{RESPONSE},\n"2": {{"Return": 1}}', [(10, NUMBERS, R, 'found "2" after "0"; expected "1" before it', "")]),
    "a wide gap": Bad(
        RESPONSE, f'"5": {{"Return": 1}},\n{RESPONSE}', [(9, NUMBERS, R, 'found "5" after "0"; expected "1-4" before it', "")]
    ),
    "an overlap": Bad(
        RESPONSE,
        '"0-2": {"Return": 1},\n"2": {"Return": 1}',
        [(10, NUMBERS, R, '"2" answers an invocation that "0-2" answers too', "")],
    ),
    "one inside another": Bad(
        RESPONSE,
        '"0-3": {"Return": 1},\n"1": {"Return": 1},\n"4": {"Return": 1}',
        [(10, NUMBERS, R, '"1" answers an invocation that "0-3" answers too', "")],
    ),
    "an answer that is no object": Bad(
        '{"Return": 1}', "1", [(9, SHAPE, ZERO, "found a number; expected an object with Return or Throw", "")]
    ),
    "neither": Bad('{"Return": 1}', "{}", [(9, SHAPE, ZERO, "found neither Return nor Throw; expected one of them", "")]),
    "both": Bad('"Return": 1', '"Return": 1, "Throw": {"Error": "E", "Cause": "c"}', [(9, SHAPE, ZERO, "found both Return and Throw", "")]),
    "a small letter": Bad(
        '"Return"', '"return"', [(9, FIELD, ZERO, '"return" is no field here', 'did you mean "Return"?'), (9, SHAPE, ZERO, "neither", "")]
    ),
    "a Throw without fields": Bad(
        '"Return": 1',
        '"Throw": {}',
        [(9, SHAPE, f"{ZERO}/Throw", "expected the field Error", ""), (9, SHAPE, f"{ZERO}/Throw", "expected the field Cause", "")],
    ),
    "a Throw in a word": Bad(
        '"Return": 1', '"Throw": "E"', [(9, SHAPE, f"{ZERO}/Throw", "found a string; expected an object with Error", "")]
    ),
    "a Throw with other types": Bad(
        '"Return": 1',
        '"Throw": {"Error": 5,\n"Cause": null}',
        [(9, SHAPE, f"{ZERO}/Throw/Error", "found a number", ""), (10, SHAPE, f"{ZERO}/Throw/Cause", "found null; expected a string", "")],
    ),
    "a Throw with more": Bad(
        '"Return": 1',
        '"Throw": {"Error": "E", "Cause": "c", "errorType": "E"}',
        [(9, FIELD, f"{ZERO}/Throw", '"errorType" is no field here; expected Error or Cause', "")],
    ),
    "a state twice": Bad(
        '{"S": "r"}',
        '{"S": "r",\n"S": "r"}',
        [(5, "DUPLICATE_KEY", "/StateMachines/m/TestCases/c", 'found "S" twice in one object; only the last one would count', "")],
    ),
    "an invocation twice": Bad(RESPONSE, f"{RESPONSE},\n{RESPONSE}", [(10, "DUPLICATE_KEY", R, 'found "0" twice', "")]),
    "too deep": Bad("1}", "[" * 200 + "]" * 200 + "}", [(None, "TOO_DEEPLY_NESTED", None, "more than 100 levels", "")]),
    "several at once": Bad(
        RESPONSE,
        '"0": {"Retrun": 1},\n"1": {"Throw": {"Error": "E"}}',
        [
            (9, FIELD, ZERO, '"Retrun"', 'did you mean "Return"?'),
            (9, SHAPE, ZERO, "neither", ""),
            (10, SHAPE, f"{R}/1/Throw", "expected the field Cause", ""),
        ],
    ),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_every_fault_of_a_file_is_told_with_its_line(bad: Bad) -> None:
    assert RIGHT.count(bad.old) == 1, "the change must be one"
    with pytest.raises(InvalidMockConfig) as raised:
        parse_mock_config(RIGHT.replace(bad.old, bad.new).encode(), "mocks.json")
    found = raised.value.diagnostics
    assert [(fault.line, fault.code, fault.location, fault.hint) for fault in found] == [(*said[:3], said[4]) for said in bad.said]
    assert [said[3] for fault, said in zip(found, bad.said, strict=True) if said[3] not in fault.message] == []
    assert all(fault.severity == (WARNING if fault.code.startswith("UNUSED") else ERROR) for fault in found)
    assert str(raised.value).startswith("mocks.json")


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        (b'{\n"a": "\xff"}', "INVALID_JSON_DESCRIPTION", (2, 7)),
        (b" " * (MAX_BYTES + 1), "MOCK_CONFIG_TOO_LARGE", (None, None)),
        (b'{"a": "\\ud800"}', "INVALID_JSON_DESCRIPTION", (None, None)),
        (b"[" * 100_000, "TOO_DEEPLY_NESTED", (None, None)),
        (b'{"a": ' + b"9" * 5000 + b"}", "INVALID_JSON_DESCRIPTION", (None, None)),
    ],
)
def test_a_file_that_cannot_be_read_is_one_fault(content: bytes, code: str, place: tuple[Any, Any]) -> None:
    with pytest.raises(InvalidMockConfig) as raised:
        parse_mock_config(content, "mocks.json")
    (fault,) = raised.value.diagnostics
    assert (fault.code, (fault.line, fault.column), fault.source) == (code, place, "mocks.json")


def test_very_many_faults_are_not_all_looked_for() -> None:
    responses = {f"response{number}": {"0": {}} for number in range(5000)}
    states = {f"S{number}": f"respons{number}" for number in range(5000)}
    with pytest.raises(InvalidMockConfig) as raised:
        read_mock_config({"StateMachines": {"m": {"TestCases": {"c": states}}}, "MockedResponses": responses})
    assert len(raised.value.diagnostics) == MOST_FAULTS


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["r", "s", "", "E/[0]"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["0", "1", "0-1", "1-0", "x/[y", "Return", "Throw", "Error", "Cause", "r", "TestCases"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@given(machines=JSON, responses=JSON)
@settings(max_examples=300, deadline=None)
def test_whatever_a_file_holds_it_is_read_or_has_faults_with_lines(machines: Any, responses: Any) -> None:
    text = json.dumps({"StateMachines": machines, "MockedResponses": responses}, indent=1)
    found, is_read = outcome(text)
    assert is_read is all(fault.severity == WARNING for fault in found)
    assert all(fault.line is not None for fault in found)


def outcome(text: str) -> tuple[list[Any], bool]:
    try:
        return parse_mock_config(text.encode(), "mocks.json").warnings, True
    except InvalidMockConfig as invalid:
        return invalid.diagnostics, False


def test_a_response_that_nobody_uses_is_a_warning_only() -> None:
    read = parse_mock_config(RIGHT.replace('"r": {', '"spare": {"0": {"Return": 2}},\n"r": {').encode(), "mocks.json")
    assert [(fault.code, fault.severity, fault.line) for fault in read.warnings] == [("UNUSED_MOCKED_RESPONSE", WARNING, 8)]
    assert parse_mock_config(RIGHT.encode(), "mocks.json").warnings == []


@pytest.mark.parametrize("form", ["file", "path", "dictionary", "with a byte order mark", "read before"])
def test_a_configuration_is_read_from(form: str, tmp_path: Path) -> None:
    path = tmp_path / "mocks.json"
    path.write_text(RIGHT, encoding="utf-8-sig" if "mark" in form else "utf-8")
    sources: dict[str, Any] = {"file": str(path), "path": path, "dictionary": json.loads(RIGHT), "with a byte order mark": path}
    read = read_mock_config(sources.get(form) or read_mock_config(path))
    assert read.state_machines == {"m": {"c": {"S": "r"}}}
    assert [(one.key, one.answer) for one in read.mocked_responses["r"]] == [("0", response(1))]
    assert Bench(alone(task())).mock_config(read, "c").run().output == 1


def test_a_dictionary_that_is_no_json_is_refused() -> None:
    with pytest.raises(InvalidMockConfig, match="<mock configuration>  ERROR INVALID_JSON_DESCRIPTION"):
        read_mock_config({"StateMachines": {}, "MockedResponses": {1, 2}})
    with pytest.raises(InvalidMockConfig, match="found a string"):
        read_mock_config({"StateMachines": "", "MockedResponses": {}})


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_mock_config(tmp_path / "mocks.json")


RANGES: list[tuple[dict[str, Any], list[Any]]] = [
    ({"0": ret(1)}, [response(1)]),
    ({"0": ret(None)}, [response(None)]),
    ({"0": throw("E", "")}, [error("E", "")]),
    ({"0-0": ret(1)}, [response(1)]),
    ({"0-1": ret(1), "2": throw("E")}, [response(1, times=2), error("E", "why")]),
    ({"2": ret(3), "0": ret(1), "1": ret(2)}, [response(1), response(2), response(3)]),
    ({"10-19": ret(2), "0-9": ret(1)}, [response(1, times=10), response(2, times=10)]),
    ({"0-99999999": ret(1)}, [response(1, times=100_000_000)]),
]


@pytest.mark.parametrize(("responses", "answers"), RANGES)
def test_invocations_become_answers_in_their_order(responses: dict[str, Any], answers: list[Any]) -> None:
    read = read_mock_config(config(**responses))
    assert [one.answer for one in read.mocked_responses["r"]] == answers


# ---------------------------------------------------------------- the machine

NESTED = {
    "StartAt": "Each",
    "States": {
        "Each": {"Type": "Map", "ItemProcessor": alone(task(), "Inner"), "Next": "Both"},
        "Both": {
            "Type": "Parallel",
            "Branches": [alone(task(f"{LAMBDA}left"), "Left"), alone({"Type": "Pass", "End": True}, "Right")],
            "End": True,
        },
    },
}

UNFIT: list[tuple[str, Any, Any, tuple[int, str, str, str]]] = [
    ("a misspelt state", {"Iner": "r"}, ret(1), (1, "UNKNOWN_STATE", "has no state 'Iner'", 'did you mean "Inner"?')),
    ("another state", {"Elsewhere": "r"}, ret(1), (1, "UNKNOWN_STATE", "has no state 'Elsewhere'", "")),
    ("no state", {"": "r"}, ret(1), (1, "UNKNOWN_STATE", "has no state ''", "")),
    ("a Map", {"Each": "r"}, ret([]), (1, "STATE_NOT_MOCKABLE", "'Each' is a Map state; expected a Task", "Bench.mock('Each', ...)")),
    ("a Parallel", {"Both": "r"}, ret([]), (1, "STATE_NOT_MOCKABLE", "'Both' is a Parallel state", "mocks it as a whole")),
    ("a Pass", {"Right": "r"}, ret(1), (1, "STATE_NOT_MOCKABLE", "'Right' is a Pass state", "")),
    (
        "a function that failed",
        {"Inner": "r"},
        ret({"StatusCode": 200, "FunctionError": "Unhandled", "Payload": {"errorType": "E"}}),
        (1, "SCHEMA_VALIDATION_FAILED", "expected a Throw with its errorType", ""),
    ),
]


@pytest.mark.parametrize(("states", "answer", "said"), [case[1:] for case in UNFIT], ids=[case[0] for case in UNFIT])
def test_what_does_not_fit_the_machine_is_told_with_its_place(states: Any, answer: Any, said: Any, tmp_path: Path) -> None:
    path = tmp_path / "mocks.json"
    path.write_text(json.dumps({"StateMachines": {"m": {"TestCases": {"c": states}}}, "MockedResponses": {"r": {"0": answer}}}))
    with pytest.raises(InvalidMockConfig) as raised:
        Bench(NESTED).mock_config(path, "c")
    (fault,) = raised.value.diagnostics
    assert (fault.line, fault.code) == said[:2]
    assert said[2] in fault.message
    assert said[3] in fault.hint
    assert str(raised.value).startswith(f"{path}:1:")


def test_all_that_does_not_fit_is_told_at_once_and_other_test_cases_are_not_looked_at() -> None:
    cases = {"good": {"Inner": "r"}, "bad": {"Nowhere": "r", "Each": "r", "Right": "r", "Inner": "r"}}
    given = {"StateMachines": {"m": {"TestCases": cases}}, "MockedResponses": {"r": {"0-9": ret(1)}}}
    with pytest.raises(InvalidMockConfig) as raised:
        Bench(NESTED).mock_config(given, "bad")
    assert [fault.code for fault in raised.value.diagnostics] == ["UNKNOWN_STATE", "STATE_NOT_MOCKABLE", "STATE_NOT_MOCKABLE"]
    assert Bench(NESTED, {"left": lambda event, context: 0}, strict=False).mock_config(given, "good").run([5]).output == [0, [1]]


def test_the_states_without_a_mock_are_served_by_tasks() -> None:
    given = config(ret("mocked"), state="ChargeCard")
    given["MockedResponses"]["r"]["0"] = ret({"receipt": "mocked"})
    run = Bench(ORDER).mock_config(given, "c").run(json.loads((ORDER / "inputs" / "paid.json").read_text()))
    assert run.output == {"order": "A-1001", "paid": "mocked", "parcel": "parcel-A-1001"}


CHOSEN: list[tuple[str, list[str], str | None, str]] = [
    ("the only one, whatever its name", ["a"], None, "a"),
    ("that of the folder", ["a", "order", "b"], None, "order"),
    ("the one asked for", ["a", "order", "b"], "b", "b"),
]


@pytest.mark.parametrize(("names", "asked", "chosen"), [case[1:] for case in CHOSEN], ids=[case[0] for case in CHOSEN])
def test_the_state_machine_of_the_file(names: list[str], asked: str | None, chosen: str) -> None:
    read = several(names)
    assert list(Bench(ORDER).mock_config(read, "c", asked).mocks["ChargeCard"].answers) == [result(chosen)]
    assert list(Bench(str(ORDER / "machine.asl.json")).mock_config(read, "c", asked).mocks["ChargeCard"].answers) == [result(chosen)]


def test_a_machine_of_a_template_has_the_name_of_its_logical_id(tmp_path: Path) -> None:
    machine = {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"Definition": alone(task(), "ChargeCard")}}
    template = tmp_path / "template.json"
    template.write_text(json.dumps({"Resources": {"Order": machine, "Other": machine}}))
    bench = Bench(f"{template}#Order").mock_config(several(["Order", "Other", "template"]), "c")
    assert bench.run().output == "Order"


def several(names: list[str]) -> MockConfig:
    machines = {name: {"TestCases": {"c": {"ChargeCard": name}, f"only-{name}": {}}} for name in names}
    return read_mock_config({"StateMachines": machines, "MockedResponses": {name: {"0": ret(name)} for name in names}})


@pytest.mark.parametrize(
    ("names", "case", "asked", "said"),
    [
        (["a", "b"], "c", None, 'none of its state machines is called \'order\' as this one, and there is "a", "b"; name the one meant'),
        (["order", "other"], "c", "Order", "no state machine is called 'Order'; did you mean \"order\"?"),
        (["a"], "c", "zzz", "no state machine is called 'zzz'; there is \"a\""),
        (["a"], "C", None, "no test case of 'a' is called 'C'; did you mean \"c\"?"),
        (["a"], "HappyPath", None, "no test case of 'a' is called 'HappyPath'; there is \"c\", \"only-a\""),
        ([], "c", None, "none of its state machines is called 'order' as this one, and there is none"),
    ],
)
def test_a_choice_that_cannot_be_made_is_refused(names: list[str], case: str, asked: str | None, said: str) -> None:
    with pytest.raises(MockError) as raised:
        Bench(ORDER).mock_config(several(names), case, asked)
    assert said in str(raised.value)


def test_a_test_case_may_mock_nothing() -> None:
    assert Bench(ORDER).mock_config(several(["a"]), "only-a").mocks == {}


# ---------------------------------------------------------------- runs

RETRIED = task(Retry=[{"ErrorEquals": ["A", "B"], "MaxAttempts": 5}])


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([throw("A"), throw("A")], "mocks.json:2: the mock of 'S' has 2 answers and was asked once more, in attempt 3"),
        ([throw("A"), ret(1), ret(2), ret(3)], "mocks.json:2: the mock of 'S' was asked 2 times, 2 of its answers were not given"),
    ],
)
def test_a_wrong_number_of_answers_is_told_with_file_and_line(answers: list[Any], said: str, tmp_path: Path) -> None:
    path = tmp_path / "mocks.json"
    path.write_text(json.dumps(config(*answers)).replace('"S"', '\n"S"'))
    bench = Bench(alone(RETRIED)).mock_config(path, "c")
    for _ in range(2):
        with pytest.raises(MockError) as raised:
            bench.run()
        assert said in str(raised.value)


def test_a_state_that_is_not_reached_is_told() -> None:
    machine = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}, "S": task()}}
    machine["States"]["P"] = {"Type": "Choice", "Choices": [{"Variable": "$.n", "IsPresent": True, "Next": "S"}], "Default": "Q"}  # type: ignore[index]
    machine["States"]["Q"] = {"Type": "Succeed"}  # type: ignore[index]
    bench = Bench(machine).mock_config(config(ret(1)), "c")
    assert bench.run({"n": 1}).output == 1
    with pytest.raises(MockError, match="the mock of 'S' was never asked, 1 of its answers was not given"):
        bench.run()


def test_a_mock_of_the_test_takes_the_place_of_one_of_the_file() -> None:
    assert Bench(alone(task())).mock_config(config(ret(1)), "c").mock("S", 2).run().output == 2
    assert Bench(alone(task())).mock("S", 2).mock_config(config(ret(1)), "c").run().output == 1


INVOKE = task("arn:aws:states:::lambda:invoke", Parameters={"FunctionName": "work", "Payload": {}})
ENVELOPE = {"StatusCode": 200, "Payload": {"n": 1}}
JOB = {
    "ExecutionArn": "arn:aws:states:us-east-1:123456789012:execution:child:one",
    "StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:child",
    "Name": "one",
    "Status": "SUCCEEDED",
    "StartDate": 1767225600000,
    "StopDate": 1767225601000,
    "Input": "{}",
    "Output": '{"n":1}',
}
STARTED = {"ExecutionArn": JOB["ExecutionArn"], "StartDate": JOB["StartDate"]}
QUEUE = {"QueueUrl": "https://q", "MessageBody": {"t.$": "$$.Task.Token"}}


class Service(NamedTuple):
    """A state with its answer, what its execution ends with, the types of the task's events, and what was said when it was submitted."""

    state: dict[str, Any]
    answer: dict[str, Any]
    ends: Any
    events: list[str]
    submitted: Any = None


def service(resource: str, answer: Any, ends: Any, **more: Any) -> Service:
    return Service(
        task(f"arn:aws:states:::{resource}", Parameters=more or {}), answer, ends, ["TaskScheduled", "TaskStarted", "TaskSucceeded"]
    )


FUNCTION = ["LambdaFunctionScheduled", "LambdaFunctionStarted", "LambdaFunctionSucceeded"]
SUBMITTED = ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]
FAILED = ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskFailed"]


def job(resource: str, ends: dict[str, Any], submitted: dict[str, Any]) -> Service:
    return Service(task(f"arn:aws:states:::{resource}", Parameters={}), ret(ends), ends, SUBMITTED, submitted)


SERVICES: dict[str, Service] = {
    "a function, its result": Service(task(), ret({"n": 1}), {"n": 1}, FUNCTION),
    "a function, in the envelope": Service(task(), ret(ENVELOPE), {"n": 1}, FUNCTION),
    "a function, the Payload alone": Service(task(), ret({"Payload": [1]}), [1], FUNCTION),
    "a function whose result has a Payload of its own": Service(task(), ret({"Payload": 1, "id": 2}), {"Payload": 1, "id": 2}, FUNCTION),
    "a function, no object": Service(task(), ret("text"), "text", FUNCTION),
    "a function that fails": Service(task(), throw("E", "c"), ("E", "c"), [*FUNCTION[:2], "LambdaFunctionFailed"]),
    "lambda:invoke": service("lambda:invoke", ret(ENVELOPE), ENVELOPE, FunctionName="work"),
    "lambda:invoke that fails": Service(INVOKE, throw("E", "c"), ("E", "c"), ["TaskScheduled", "TaskStarted", "TaskFailed"]),
    "sqs": service("sqs:sendMessage", ret({"MessageId": "m"}), {"MessageId": "m"}, QueueUrl="q", MessageBody="b"),
    "sns": service("sns:publish", ret({"MessageId": "m"}), {"MessageId": "m"}, TopicArn="t", Message="b"),
    "dynamodb": service("dynamodb:getItem", ret({"Item": {"id": {"S": "1"}}}), {"Item": {"id": {"S": "1"}}}, TableName="t", Key={}),
    "dynamodb, nothing": service("dynamodb:putItem", ret({}), {}, TableName="t", Item={}),
    "events": service("events:putEvents", ret({"FailedEntryCount": 0, "Entries": []}), {"FailedEntryCount": 0, "Entries": []}, Entries=[]),
    "aws-sdk": service("aws-sdk:s3:listBuckets", ret({"Buckets": []}), {"Buckets": []}),
    "startExecution": service("states:startExecution", ret(STARTED), STARTED, StateMachineArn="a"),
    "startExecution.sync": job("states:startExecution.sync", JOB, STARTED),
    "startExecution.sync:2": job("states:startExecution.sync:2", {**JOB, "Output": {"n": 1}}, STARTED),
    "athena": job(
        "athena:startQueryExecution.sync", {"QueryExecution": {"QueryExecutionId": "q", "Query": "select 1"}}, {"QueryExecutionId": "q"}
    ),
    "batch": job(
        "batch:submitJob.sync",
        {"JobArn": "a", "JobId": "j", "JobName": "n", "Status": "SUCCEEDED"},
        {"JobArn": "a", "JobId": "j", "JobName": "n"},
    ),
    "glue": job("glue:startJobRun.sync", {"Id": "jr_1", "JobName": "n"}, {"JobRunId": "jr_1"}),
    "ecs": job("ecs:runTask.sync", {"TaskArn": "t"}, {"Failures": [], "Tasks": [{"TaskArn": "t"}]}),
    "sagemaker": job("sagemaker:createTrainingJob.sync", {"TrainingJobArn": "a", "TrainingJobName": "n"}, {"TrainingJobArn": "a"}),
    "another job": job("codebuild:startBuild.sync", {"Build": {"Id": "b"}}, {"Build": {"Id": "b"}}),
    "a job that failed": Service(
        task("arn:aws:states:::states:startExecution.sync:2", Parameters={}),
        throw("States.TaskFailed", json.dumps({**JOB, "Status": "FAILED"})),
        ("States.TaskFailed", json.dumps({**JOB, "Status": "FAILED"})),
        FAILED,
        STARTED,
    ),
    "a job that failed, in words": Service(
        task("arn:aws:states:::batch:submitJob.sync", Parameters={}),
        throw("States.TaskFailed", "exit code 1"),
        ("States.TaskFailed", "exit code 1"),
        FAILED,
        {},
    ),
    "a job that was not taken": Service(
        task("arn:aws:states:::batch:submitJob.sync", Parameters={}),
        throw("Batch.ClientException", "no such queue"),
        ("Batch.ClientException", "no such queue"),
        ["TaskScheduled", "TaskStarted", "TaskFailed"],
    ),
    "a token that succeeds": Service(
        task("arn:aws:states:::sqs:sendMessage.waitForTaskToken", Parameters=QUEUE),
        ret("done"),
        "done",
        SUBMITTED,
        {"MD5OfMessageBody", "MessageId"},
    ),
    "a token that fails": Service(
        task("arn:aws:states:::sqs:sendMessage.waitForTaskToken", Parameters=QUEUE),
        throw("E", "c"),
        ("E", "c"),
        FAILED,
        {"MD5OfMessageBody", "MessageId"},
    ),
    "the token of a function": Service(
        task("arn:aws:states:::lambda:invoke.waitForTaskToken", Parameters={"FunctionName": "f", "Payload": {"t.$": "$$.Task.Token"}}),
        ret({"n": 1}),
        {"n": 1},
        SUBMITTED,
        {"ExecutedVersion", "Payload", "SdkHttpMetadata", "SdkResponseMetadata", "StatusCode"},
    ),
    "an activity": Service(
        task("arn:aws:states:us-east-1:123456789012:activity:dig"),
        ret([1]),
        [1],
        ["ActivityScheduled", "ActivityStarted", "ActivitySucceeded"],
    ),
}


@pytest.mark.parametrize("case", SERVICES.values(), ids=SERVICES)
def test_the_answer_of_each_integration_is_what_aws_writes(case: Service) -> None:
    run = Bench(alone(case.state), validation="NONE").mock_config(config(case.answer), "c").run()
    assert (run.error, run.cause) == case.ends if isinstance(case.ends, tuple) else run.output == case.ends
    assert [kind for kind in run.events if kind.startswith(("Task", "LambdaF", "Activity")) and "State" not in kind] == case.events
    said = [json.loads(e["taskSubmittedEventDetails"]["output"]) for e in run.history if e["type"] == "TaskSubmitted"]
    assert [set(one) if isinstance(case.submitted, set) else one for one in said] == ([] if case.submitted is None else [case.submitted])


def test_a_job_is_taken_when_it_starts_and_done_when_it_is_done() -> None:
    state = task("arn:aws:states:::states:startExecution.sync:2", Parameters={"StateMachineArn": "arn"})
    run = Bench(alone(state), at=0.0).mock("S", result(JOB, after="5m", submitted={"ExecutionArn": "x"})).run()
    at = {event["type"]: event["timestamp"].timestamp() for event in run.history}
    assert (at["TaskSubmitted"], at["TaskSucceeded"]) == (0.0, 300.0)
    assert [e["taskSubmittedEventDetails"]["output"] for e in run.history if e["type"] == "TaskSubmitted"] == ['{"ExecutionArn":"x"}']
    assert run.output == JOB


@pytest.mark.parametrize("kind", ["inline", "distributed", "parallel", "loop"])
def test_the_calls_of_a_state_are_counted_over_the_whole_execution(kind: str) -> None:
    inner = alone(task())
    distributed = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    loop = {"Type": "Choice", "Choices": [{"Variable": "$", "NumericEquals": 2, "Next": "End"}], "Default": "S"}
    machines: dict[str, tuple[Any, Any, Any]] = {
        "inline": (alone({"Type": "Map", "MaxConcurrency": 1, "ItemProcessor": inner, "End": True}, "M"), [0, 0, 0], [0, 1, 2]),
        "distributed": (
            alone({"Type": "Map", "MaxConcurrency": 1, "ItemProcessor": {"ProcessorConfig": distributed, **inner}, "End": True}, "M"),
            [0, 0, 0],
            [0, 1, 2],
        ),
        "parallel": (alone({"Type": "Parallel", "Branches": [RETRYING], "End": True}, "P"), {}, [2]),
        "loop": ({"StartAt": "S", "States": {"S": {**task(), "Next": "C"}, "C": loop, "End": {"Type": "Succeed"}}}, 0, 2),
    }
    definition, given, expected = machines[kind]
    if kind == "loop":
        del definition["States"]["S"]["End"]
    answers = [throw("A"), throw("A"), ret(2)] if kind == "parallel" else [ret(0), ret(1), ret(2)]
    assert Bench(definition).mock_config(config(*answers), "c").run(given).output == expected


RETRYING = alone(RETRIED)


def test_retries_in_ranges_take_their_time() -> None:
    responses = {"0": throw("A"), "1-2": throw("B"), "3": ret({"n": 1})}
    run = Bench(alone(RETRIED)).mock_config(config(**responses), "c").run()
    assert (run.output, run.attempts("S"), run.seconds) == ({"n": 1}, 4, 7.0)


@pytest.mark.parametrize("case", ["HappyPath", "GatewayBusy", "Undeliverable"])
def test_the_file_of_the_sample_fits_its_machine(case: str) -> None:
    run = Bench(ORDER).mock_config(ORDER / "MockConfigFile.json", case).run(json.loads((ORDER / "inputs" / "paid.json").read_text()))
    assert run.path[-1] == ("OrderFailed" if case == "Undeliverable" else "Receipt")
    assert read_mock_config(ORDER / "MockConfigFile.json").warnings == []


# ---------------------------------------------------------------- service models

GET = task("arn:aws:states:::dynamodb:getItem", Parameters={"TableName": "t", "Key": {"id": {"S": "1"}}})
TOKEN = task("arn:aws:states:::sqs:sendMessage.waitForTaskToken", Parameters=QUEUE)
SYNC = task("arn:aws:states:::glue:startJobRun.sync", Parameters={})


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any, str]]:
    """What the models are asked: a Resource, a result, a mode. They find a fault in every result that has a "bad"."""

    class Checked(NamedTuple):
        faults: tuple[str, ...]

    questions: list[tuple[str, Any, str]] = []

    def check_result(resource: str, value: Any, mode: str) -> Checked:
        questions.append((resource, value, mode))
        return Checked(("Field 'bad' must be a number",) if "bad" in json.dumps(value) else ())

    monkeypatch.setattr(service_models, "check_result", check_result)
    return questions


def arn(state: dict[str, Any], short: str = "") -> str:
    whole: str = state["Resource"]
    return whole.removesuffix(short)


LOOKED_AT: dict[str, tuple[dict[str, Any], list[Any], list[tuple[str, Any]]]] = {
    "a service, its result": (GET, [result({"Item": {}})], [(arn(GET), {"Item": {}})]),
    "a service, its response": (GET, [response({"Item": {}})], [(arn(GET), {"Item": {}})]),
    "a plain value": (GET, [{"Item": {}}], [(arn(GET), {"Item": {}})]),
    "each answer": (GET, [error("A"), {"Item": {}}, {}], [(arn(GET), {"Item": {}}), (arn(GET), {})]),
    "a whole answer of lambda:invoke": (INVOKE, [response({"Payload": 1})], [(arn(INVOKE), {"Payload": 1})]),
    "a Payload of lambda:invoke": (INVOKE, [result({"StatusCode": "x"})], []),
    "a function": (task(), [result({"n": 1}), response({"n": 1})], []),
    "an activity": (task("arn:aws:states:us-east-1:123456789012:activity:dig"), [result({"n": 1})], []),
    "what a token gets": (TOKEN, [result({"n": 1})], []),
    "what a service says to a token": (
        TOKEN,
        [result(1, submitted={"MessageId": 5})],
        [(arn(TOKEN, ".waitForTaskToken"), {"MessageId": 5})],
    ),
    "a job and its start": (
        SYNC,
        [result({"Id": "j"}, submitted={"JobRunId": "j"})],
        [(arn(SYNC), {"Id": "j"}), (arn(SYNC, ".sync"), {"JobRunId": "j"})],
    ),
}


@pytest.mark.parametrize(("state", "answers", "expected"), LOOKED_AT.values(), ids=LOOKED_AT)
def test_which_answers_are_checked(state: Any, answers: list[Any], expected: list[Any], asked: list[Any]) -> None:
    Bench(alone(state)).mock("S", *answers)
    assert asked == [(*each, "PRESENT") for each in expected]


@pytest.mark.parametrize("name", ["S", "dynamodb:getItem", "arn:aws:states:::dynamodb:getItem"])
def test_an_answer_that_aws_would_not_give_is_refused_by_any_name(name: str, asked: list[Any]) -> None:
    with pytest.raises(MockError) as raised:
        Bench(alone(GET)).mock(name, {"bad": "x"}, where="orders.py:7")
    said = (
        "orders.py:7: Mock result schema validation error: Field 'bad' must be a number, in the answer of arn:aws:states:::dynamodb:getItem"
    )
    assert str(raised.value) == f"{said}; validation='NONE' lets it pass"


def test_an_answer_of_a_file_that_aws_would_not_give_is_told_with_its_line(asked: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "mocks.json"
    path.write_text(json.dumps(config(throw("A"), ret({"bad": 1}))).replace('"1"', '\n"1"'))
    with pytest.raises(InvalidMockConfig) as raised:
        Bench(alone(GET)).mock_config(path, "c")
    (fault,) = raised.value.diagnostics
    assert (fault.line, fault.code, fault.location) == (2, "INVALID_MOCK_RESULT", "/MockedResponses/r/1/Return")
    assert fault.message.startswith("Mock result schema validation error: Field 'bad' must be a number")


@pytest.mark.parametrize(
    ("bench", "own", "modes"),
    [
        ({}, None, ["PRESENT"]),
        ({"validation": "STRICT"}, None, ["STRICT"]),
        ({"validation": "NONE"}, None, []),
        ({"validation": "NONE"}, "STRICT", ["STRICT"]),
        ({}, "NONE", []),
    ],
)
@pytest.mark.parametrize("form", ["mock", "mock_config"])
def test_how_strictly_is_said_by_the_bench_or_the_mock(bench: Any, own: Any, modes: list[str], form: str, asked: list[Any]) -> None:
    made = Bench(alone(GET), **bench)
    if form == "mock":
        made.mock("S", {"Item": {}}, validation=own)
    else:
        made.mock_config(config(ret({"Item": {}})), "c", validation=own)
    assert [mode for _, _, mode in asked] == modes


@pytest.mark.parametrize(
    "make",
    [
        lambda: Bench(alone(GET), validation="LAX"),
        lambda: Bench(alone(GET)).mock("S", {}, validation="strict"),
        lambda: Bench(alone(GET)).mock_config(config(ret({})), "c", validation=""),
    ],
)
def test_another_mode_is_refused(make: Any) -> None:
    with pytest.raises((ValueError, MockError), match="validation is STRICT, PRESENT, NONE, not"):
        make()


def test_without_botocore_nothing_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(service: str) -> Any:
        raise ModuleNotFoundError("No module named 'botocore'")

    monkeypatch.setattr(service_models, "_model", absent)
    assert Bench(alone(GET)).mock("S", {"Item": 5}).run().output == {"Item": 5}


REAL: list[tuple[dict[str, Any], Any, str | None]] = [
    (INVOKE, {"StatusCode": "200", "Payload": {}}, "Field 'StatusCode' must be a number"),
    (INVOKE, {"StatusCode": 200, "Payload": {"any": ["thing"]}}, None),
    (GET, {"Item": []}, "Field 'Item' must be an object"),
    (GET, {"Item": {"id": {"S": "1"}}}, None),
    (task("arn:aws:states:::sqs:sendMessage", Parameters={}), {"MessageId": 5}, "Field 'MessageId' must be a string"),
    (task("arn:aws:states:::events:putEvents", Parameters={"Entries": []}), {"FailedEntryCount": 0, "Entries": [{"EventId": "e"}]}, None),
    (task("arn:aws:states:::states:startExecution.sync:2", Parameters={"StateMachineArn": "a"}), {**JOB, "Output": {"n": 1}}, None),
    (task("arn:aws:states:::states:startExecution.sync", Parameters={}), {**JOB, "Status": "DONE"}, "Field 'Status'"),
]


@pytest.mark.parametrize(("state", "value", "said"), REAL)
def test_the_models_of_botocore(state: Any, value: Any, said: str | None) -> None:
    pytest.importorskip("botocore", reason="botocore is not installed")
    bench = Bench(alone(state))
    if said is None:
        assert bench.mock_config(config(ret(value)), "c").run().output == value
        return
    with pytest.raises(InvalidMockConfig, match=f"Mock result schema validation error: {said}"):
        bench.mock_config(config(ret(value)), "c")
    with pytest.raises(MockError, match=said):
        bench.mock("S", response(value))
