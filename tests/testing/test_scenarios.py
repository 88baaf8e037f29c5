"""Scenarios: every expectation passes where it should and fails where it should; steps, keys, and what is shared."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest

from states.testing.scenarios import Outcome, load, play
from states.testing.scenarios.differences import differences, missing
from states.testing.scenarios.expectations import EXPECTATIONS
from states.testing.scenarios.mocking import ANSWERS
from states.testing.scenarios.patterns import matches
from states.testing.scenarios.reading import KEYS
from states.testing.scenarios.sequences import fits
from states.testing.scenarios.shown import line_of, plain
from states.testing.scenarios.steps import STEPS
from states.testing.scenarios.visiting import VISIT
from tests.testing.scenario_files import LAMBDA, folder, outcomes

INPUT = '{cents: 500, items: ["a", "b"]}'
OK = "input: " + INPUT + "\n"
BUSY = OK + "mocks: {Charge: [{error: Busy, times: 2}, {result: 7, after: 1s}]}\n"
REFUSED = OK + 'mocks: {Charge: {error: Refused, cause: {"errorMessage": "no money", "at": [1]}}}\n'
MOCKED = OK + "mocks: {pack: {result: 1}}\n"
ASKING = "machine: ask.asl.json\n"

# ---------------------------------------------------------------- what is expected

#: Given; expected and found; expected and not found; what is said then.
EXPECTED: list[tuple[str, str, str, str]] = [
    (OK, "status: SUCCEEDED", "status: FAILED", "status: expected FAILED, found SUCCEEDED"),
    (REFUSED, "status: FAILED", "status: SUCCEEDED", "status: expected SUCCEEDED, found FAILED, Refused"),
    (
        OK,
        "output: {paid: {receipt: 500.0}, packed: [A, B]}",
        "output: {paid: {receipt: 501}, packed: [A]}",
        'output: $.paid.receipt: expected 501, found 500; $.packed[1]: expected nothing, found "B"',
    ),
    (BUSY, "output: {paid: 7, packed: [A, B]}", "output: {paid: true, packed: [A, B]}", "output: $.paid: expected true, found 7"),
    (
        OK,
        "output: {paid: {receipt: 500}, packed: [A, B]}",
        "output: {packed: [A, B]}",
        'output: $.paid: expected nothing, found {"receipt":500}',
    ),
    (
        OK,
        "output: {paid: {receipt: 500}, packed: [A, B]}",
        "output: {paid: {receipt: 500}, packed: [A, ...]}",
        'output: $.packed[1]: expected "...", found "B"',
    ),
    (OK, "outputIncludes: {packed: [A, B]}", "outputIncludes: {packed: [A]}", 'output: $.packed[1]: expected nothing, found "B"'),
    (OK, "outputIncludes: {packed: [A, ...]}", "outputIncludes: {packed: [A, /^C/]}", 'output: $.packed[1]: expected "/^C/", found "B"'),
    (OK, "outputIncludes: {paid: {}}", "outputIncludes: {paid: {tip: null}}", "output: $.paid.tip: expected null, found nothing"),
    (OK, "outputFile: right.json", "outputFile: wrong.json", 'output: $.paid: expected 1, found {"receipt":500}'),
    (REFUSED, "{status: FAILED, output: null}", "{status: FAILED, output: {}}", "output: there is no output: the execution is FAILED"),
    (REFUSED, "error: Refused", "error: Busy", 'error: expected "Busy", found "Refused"'),
    (REFUSED, "error: Ref...", "error: Ref...x", 'error: expected "Ref...x", found "Refused"'),
    (REFUSED, "error: /^R.f/", "error: /^e/", 'error: expected /^e/, found "Refused"'),
    (OK, "error: null", "error: Busy", 'error: expected "Busy", found none'),
    (REFUSED, "cause: ...no money...", "cause: no money", 'cause: expected "no money"'),
    (
        REFUSED,
        "cause: {errorMessage: no money}",
        "cause: {errorMessage: no, at: []}",
        'cause: $.errorMessage: expected "no", found "no money"; $.at[0]: expected nothing, found 1',
    ),
    (
        OK.replace("500", "5") + "mocks: {Charge: {error: Refused, cause: 503}}\n",
        "cause: 503",
        "cause: {a: 1}",
        'cause: $: expected {"a":1}, found 503',
    ),
    (
        OK.replace("500", "5") + "mocks: {Charge: {error: Refused, cause: no JSON}}\n",
        "cause: no JSON",
        "cause: {a: 1}",
        'cause: expected JSON with {"a":1}, found "no JSON"',
    ),
    (
        OK,
        "path: [Charge, Minute, Each, Done]",
        "path: [Charge, Minute, Done]",
        "path: expected Charge → Minute → Done, found Charge → Minute → Each → Done",
    ),
    (OK, "path: [Charge, ..., Done]", "path: [Charge, ..., Each]", "path: expected Charge → ... → Each"),
    (
        OK,
        "path: [Charge, {times: 1, path: [Minute, Each]}, Done]",
        "path: [Charge, {times: 2, path: [Minute, Each]}, Done]",
        "path: expected Charge → Minute → Each → Minute → Each",
    ),
    (OK, "visited: [Pack, Done]", "visited: [Charge, Sorry]", "visited: 'Sorry' was not visited; the path is Charge → "),
    (OK, "notVisited: Sorry", "notVisited: [Sorry, Pack]", "notVisited: 'Pack' was visited 2 times"),
    (OK, "visits: {Pack: 2, Sorry: 0}", "visits: {Pack: 3}", "visits of Pack: expected 3, found 2"),
    (
        OK,
        "visits: {Charge: {input: " + INPUT + "}}",
        "visits: {Charge: {input: {cents: 500}}}",
        'input of Charge: $.items: expected nothing, found ["a","b"]',
    ),
    (
        OK,
        "visits: {Charge: {inputIncludes: {cents: 500}}}",
        "visits: {Charge: {inputIncludes: {cents: 1}}}",
        "inputIncludes of Charge: $.cents: expected 1, found 500",
    ),
    (
        OK,
        "visits: {Charge: {given: {cents: 500}}}",
        "visits: {Charge: {given: {cents: 1}}}",
        "given of Charge: $.cents: expected 1, found 500",
    ),
    (
        OK,
        "visits: {Charge: {givenIncludes: {}}}",
        "visits: {Charge: {givenIncludes: {a: 1}}}",
        "givenIncludes of Charge: $.a: expected 1, found nothing",
    ),
    (
        OK,
        "visits: {Pack: {visit: 2, output: B}}",
        "visits: {Pack: {visit: -1, output: A}}",
        'output of Pack, visit -1: $: expected "A", found "B"',
    ),
    (
        OK,
        "visits: {Pack: {visit: -2, output: A}}",
        "visits: {Pack: {visit: 3, output: A}}",
        "visits of Pack: 'Pack' was visited 2 times; there is no visit 3",
    ),
    (
        OK,
        "visits: {Pack: [{output: A}, {input: b}]}",
        "visits: {Pack: [{output: A}, {output: C}]}",
        'output of Pack, visit 2: $: expected "C", found "B"',
    ),
    (OK, "visits: {Pack: [{output: A}, {}]}", "visits: {Pack: [{output: A}]}", "visits of Pack: expected 1, found 2"),
    (
        OK,
        "visits: {Done: {outputIncludes: {packed: [A, B]}}}",
        "visits: {Done: {outputIncludes: {packed: [B]}}}",
        "outputIncludes of Done: $.packed[0]",
    ),
    (OK, "visits: {Done: {assigned: {n: 2}}}", "visits: {Done: {assigned: {n: 3}}}", "assigned of Done: $.n: expected 3, found 2"),
    (OK, "visits: {Pack: {seconds: 1.5}}", "visits: {Pack: {seconds: 2s}}", "seconds of Pack: expected 2 s, found 1.5 s"),
    (
        REFUSED,
        "{status: FAILED, visits: {Charge: {error: Refused}}}",
        "{status: FAILED, visits: {Charge: {error: null}}}",
        'error of Charge: expected none, found "Refused"',
    ),
    (
        REFUSED,
        "{error: Refused, visits: {Charge: {cause: {at: [1]}}}}",
        "{error: Refused, visits: {Charge: {cause: {at: [2]}}}}",
        "cause of Charge: $.at[0]: expected 2, found 1",
    ),
    (BUSY, "visits: {Charge: {attempts: 3}}", "visits: {Charge: {attempts: 2}}", "attempts of Charge: expected 2, found 3"),
    (BUSY, "attempts: {Charge: 3, Sorry: 0}", "attempts: {Charge: 1}", "attempts of Charge: expected 1, found 3"),
    (BUSY, "waits: [1, 2s, 1m]", "waits: [1, 2s]", "waits: expected 1 s, 2 s, found 1 s, 2 s, 60 s"),
    (
        BUSY,
        "waits: {Charge: [1, 2], Minute: 60s, Done: []}",
        "waits: {Charge: [1, 3]}",
        "waits of Charge: expected 1 s, 3 s, found 1 s, 2 s",
    ),
    (BUSY, "seconds: 65.5", "seconds: 65.4", "seconds: expected 65.4 s, found 65.5 s"),
    (OK, "seconds: 1m 1.5s", "seconds: 1m", "seconds: expected 60 s, found 61.5 s"),
    (
        OK,
        "events: [ExecutionStarted, ..., ExecutionSucceeded]",
        "events: [ExecutionStarted]",
        "events: expected ExecutionStarted, found ExecutionStarted → ",
    ),
    (
        BUSY,
        "events: {LambdaFunctionFailed: 2, MapStateFailed: 0}",
        "events: {LambdaFunctionFailed: 1}",
        "events LambdaFunctionFailed: expected 1, found 2",
    ),
    (MOCKED, "asked: {pack: [a, b]}", "asked: {pack: [a]}", 'asked of pack: $[1]: expected nothing, found "b"'),
    (MOCKED, "asked: {pack: 2}", "asked: {pack: 3}", "asked of pack: expected 3, found 2"),
    (
        BUSY,
        "askedIncludes: {Charge: [{}, {cents: 500}, {}]}",
        "askedIncludes: {Charge: [{}, {cents: 1}, {}]}",
        "askedIncludes of Charge: $[1].cents: expected 1, found 500",
    ),
    (ASKING, "{status: RUNNING, waiting: Ask}", "{status: RUNNING, waiting: [Pause]}", "waiting: expected Pause, found Ask"),
    (OK, "waiting: []", "waiting: [Each]", "waiting: expected Each, found nothing"),
    (ASKING, "{status: RUNNING, left: {Ask: 10m}}", "{status: RUNNING, left: {Ask: 9m}}", "left of Ask: expected 540 s, found 600 s"),
    (
        ASKING,
        "{status: RUNNING, waiting: Ask}",
        "{status: RUNNING, left: {Pause: 9}}",
        "left of Pause: expected 9 s, found it does not wait",
    ),
    (
        ASKING + "at: 2026-03-01T00:00:00Z\n",
        '{status: RUNNING, waitingUntil: {Ask: "2026-03-01T00:10:00Z"}}',
        "{status: RUNNING, waitingUntil: {Ask: 0}}",
        "waitingUntil of Ask: expected 1970-01-01 00:00:00, found 2026-03-01 00:10:00",
    ),
]


def played(path: Path, given: str, expect: str) -> Outcome:
    (path / "right.json").write_text('{"packed": ["A", "B"], "paid": {"receipt": 500}}')
    (path / "wrong.json").write_text('{"packed": ["A", "B"], "paid": 1}')
    text = f"{given}expect:\n{indent(expect, '  ')}\n"
    [outcome] = outcomes(folder(path, text))
    return outcome


@pytest.mark.parametrize(("given", "right", "wrong", "said"), EXPECTED, ids=[f"{case[1]} | {case[2]}"[:90] for case in EXPECTED])
def test_an_expectation(tmp_path: Path, given: str, right: str, wrong: str, said: str) -> None:
    passed = played(tmp_path, given, right)
    assert (passed.status, [line_of(one) for one in passed.mismatches]) == ("passed", [])
    failed = played(tmp_path, given, wrong)
    assert failed.status == "failed"
    assert any(line_of(one).startswith(said) for one in failed.mismatches), [line_of(one) for one in failed.mismatches]
    [line] = [number for number, text in enumerate(wrong_lines(given), 1) if text == "expect:"]
    assert all(one.place[0] in (1, line + 1) for one in failed.mismatches)


def wrong_lines(given: str) -> list[str]:
    return [*given.splitlines(), "expect:"]


@pytest.mark.parametrize("name", EXPECTATIONS)
def test_every_expectation_has_a_case_that_passes_and_one_that_fails(name: str) -> None:
    assert any(f"{name}:" in case[1] for case in EXPECTED)
    assert any(f"{name}:" in case[2] for case in EXPECTED)


@pytest.mark.parametrize("name", VISIT)
def test_every_key_of_a_visit_has_a_case_that_passes_and_one_that_fails(name: str) -> None:
    assert any("visits:" in case[1] and f"{name}:" in case[1] for case in EXPECTED)
    assert any("visits:" in case[2] and f"{name}:" in case[2] for case in EXPECTED)


@pytest.mark.parametrize(
    ("expect", "status"),
    [
        ("seconds: 0", "failed"),
        ("path: [Charge, Sorry]", "failed"),
        ("{path: [Charge, Sorry], status: FAILED}", "passed"),
        ("{path: [Charge, Sorry], error: Refused}", "passed"),
        ("{path: [Charge, Sorry], cause: /./}", "passed"),
    ],
)
def test_an_execution_is_expected_to_succeed_where_nothing_else_is_said(tmp_path: Path, expect: str, status: str) -> None:
    assert played(tmp_path, REFUSED, expect).status == status


# ---------------------------------------------------------------- what happens

#: Steps; passed, or what is said.
STEPPED: list[tuple[str, str, str]] = [
    (
        "- {advance: 5m}\n- expect: {left: {Ask: 5m}}\n- {heartbeat: Ask}\n- expect: {left: {Ask: 600}}\n- {success: Ask, output: 7}",
        "output: 7",
        "",
    ),
    ("- {success: Ask, output: {ok: true}}", "output: {ok: true}", ""),
    ("- {success: Ask}", "output: null", ""),
    (
        "- {failure: Ask, error: No, cause: {a: 1}}\n- {until: Pause}\n- expect: {waiting: Pause}",
        "{output: {Error: No, Cause: '{\"a\":1}'}, seconds: 1h}",
        "",
    ),
    ("- {failure: Ask}", "{status: FAILED, error: null}", ""),
    ("- {advance: 600}", "error: States.HeartbeatTimeout", 'error: expected "States.HeartbeatTimeout", found'),
    ("- {advance: 600}", "status: FAILED", ""),
    ("- {stop: true}", "{status: ABORTED, error: null}", ""),
    ("- stop: {error: E, cause: c}", "{status: ABORTED, error: E, cause: c}", ""),
    ("- {until: Pause}", "status: RUNNING", "step until: 'Pause' was not entered"),
    ("- {success: Thanks}", "status: RUNNING", "step success: 'Thanks' has no task token that waits for an answer"),
    ("- {stop: true}\n- {heartbeat: Ask}", "status: ABORTED", "step heartbeat: 'Ask' has no task token"),
    ("- expect: {seconds: 1}", "status: RUNNING", "seconds: expected 1 s, found 0 s"),
    ("- {success: Ask}\n- expect: {path: [Ask]}", "status: SUCCEEDED", "path: expected Ask, found Ask → Thanks"),
]


@pytest.mark.parametrize(("steps", "expect", "said"), STEPPED, ids=[f"{case[0]} {case[2]}"[:80] for case in STEPPED])
def test_steps(tmp_path: Path, steps: str, expect: str, said: str) -> None:
    outcome = played(tmp_path, f"{ASKING}during:\n{steps}\n", expect)
    lines = [line_of(one) for one in outcome.mismatches]
    assert [line for line in lines if not line.startswith(said or " ")] == []
    assert (lines == []) == (said == "")
    assert all(one.place[0] > 1 for one in outcome.mismatches)


@pytest.mark.parametrize("name", STEPS)
def test_every_step_has_a_case(name: str) -> None:
    assert any(f"{name}:" in case[0] for case in STEPPED)


def test_a_step_that_expects_is_enough(tmp_path: Path) -> None:
    text = ASKING + "during:\n  - expect: {waiting: Ask}\n  - {success: Ask}\n"
    assert [one.status for one in outcomes(folder(tmp_path, text))] == ["passed"]


# ---------------------------------------------------------------- mocks


@pytest.mark.parametrize(
    ("mocks", "expect"),
    [
        ("{Charge: {result: 1}, pack: [{result: 1}, {result: 2}]}", "output: {paid: 1, packed: [1, 2]}"),
        ("{Charge: {resultFile: one.json}}", "outputIncludes: {paid: {one: 1}}"),
        ("{Charge: {result: null}}", "outputIncludes: {paid: null}"),
        ("{Charge: [{error: Busy, times: 3}, {result: 1, times: always}]}", "attempts: {Charge: 4}"),
        ("{Charge: {error: Busy, times: always}}", "{status: FAILED, attempts: {Charge: 6}, error: Busy, cause: null}"),
        ("{Charge: {error: Busy}}", "{status: FAILED, attempts: {Charge: 6}}"),
        ("{Charge: {error: 503, cause: 1.5}}", "{error: 503, cause: 1.5}"),
        ("{Charge: {error: E, cause: {a: [1]}, after: 2m}}", "{cause: '{\"a\":[1]}', seconds: 120}"),
        ("{Charge: {never: true}}", "status: TIMED_OUT"),
        ("{Charge: {response: {a: 1}, after: 1}}", "outputIncludes: {paid: {a: 1}}"),
        ("{Each: {result: [9]}}", "{outputIncludes: {packed: [9]}, notVisited: Pack}"),
        ("{Charge: {error: null}}", "{status: FAILED, error: null, cause: null}"),
        ("{Pack: [{result: 8, within: 'Each[1]'}, {result: 9}]}", "outputIncludes: {packed: [9, 8]}"),
        ("{Pack: [{result: 8, within: 'Each[1]', times: always}, {result: 9, times: always}]}", "outputIncludes: {packed: [9, 8]}"),
    ],
)
def test_mocks(tmp_path: Path, mocks: str, expect: str) -> None:
    (tmp_path / "one.json").write_text('{"one": 1}')
    outcome = played(tmp_path, f"{OK}mocks: {mocks}\n", expect)
    assert [line_of(one) for one in outcome.mismatches] == []


@pytest.mark.parametrize(
    ("answer", "expect"),
    [
        ("{result: 5, after: 1500, heartbeat: 9m}", "{output: 5, seconds: 1500}"),
        ("{never: true, heartbeat: 5m, beats: 2}", "{status: FAILED, seconds: 1200}"),
        ("{result: 5, submitted: {MessageId: m}}", "{output: 5, events: {TaskSubmitted: 1}}"),
    ],
)
def test_mocks_of_callbacks(tmp_path: Path, answer: str, expect: str) -> None:
    outcome = played(tmp_path, f"{ASKING}mocks: {{Ask: {answer}}}\n", expect)
    assert [line_of(one) for one in outcome.mismatches] == []


@pytest.mark.parametrize(
    ("mocks", "said"),
    [
        ("{Charge: [{error: Busy}]}", "the mock of 'Charge' has 1 answer and was asked once more, in attempt 2"),
        (
            "{Charge: [{result: 1}, {result: 2}]}",
            "the mock of 'Charge' was asked once, 1 of its answers was not given",
        ),
    ],
)
def test_a_mock_that_is_used_otherwise_fails_with_its_line(tmp_path: Path, mocks: str, said: str) -> None:
    [mismatch] = played(tmp_path, f"{OK}mocks: {mocks}\n", "status: SUCCEEDED").mismatches
    assert mismatch.what == "mocks"
    assert (mismatch.message, mismatch.place) == (said, (2, 9))


def test_answers_may_be_left_when_it_is_not_strict(tmp_path: Path) -> None:
    given = f"{OK}mocks: {{Charge: [{{result: 1}}, {{result: 2}}]}}\nstrict: false\n"
    assert played(tmp_path, given, "status: SUCCEEDED").status == "passed"


@pytest.mark.parametrize("key", ANSWERS)
def test_every_key_of_an_answer_has_a_case(key: str) -> None:
    assert f"{key}:" in Path(__file__).read_text(encoding="utf-8")


# ---------------------------------------------------------------- the other keys

NAMES = {
    "StartAt": "Names",
    "States": {
        "Names": {
            "Type": "Pass",
            "QueryLanguage": "JSONata",
            "Output": "{% {'context': $states.context.Execution, 'machine': $states.context.StateMachine, 'uuid': $uuid()} %}",
            "End": True,
        }
    },
}


@pytest.mark.parametrize(
    ("given", "expect"),
    [
        ("executionName: n", "{context: {Name: n}}"),
        ("stateMachineName: m", "{machine: {Name: m}}"),
        ("account: 210987654321", "{context: {Id: ':210987654321:...'}}"),
        ("region: eu-west-1", "{context: {Id: '...:eu-west-1:...'}}"),
        ("roleArn: arn:aws:iam::1:role/r", "{context: {RoleArn: 'arn:aws:iam::1:role/r'}}"),
        ("type: EXPRESS", "{context: {Id: '...:express:...'}}"),
        ("at: 0", "{context: {StartTime: 1970-01-01T00:00:00...}}"),
        ("at: 2026-03-01T00:00:00Z", "{context: {StartTime: 2026-03-01T00:00:00...}}"),
        ("input: 7", "{context: {Input: 7}}"),
        ("inputFile: seven.yaml", "{context: {Input: [7, yes]}}"),
        ("description: what it is about", "{context: {Input: {}}}"),
    ],
)
def test_settings(tmp_path: Path, given: str, expect: str) -> None:
    (tmp_path / "seven.yaml").write_text("[7, yes]")
    expect = expect.replace("':2", "'...:2")
    file = folder(tmp_path, f"{given}\nexpect: {{outputIncludes: {expect}}}\n", machine=NAMES)
    assert [line_of(mismatch) for one in outcomes(file) for mismatch in one.mismatches] == []


def test_a_seed_decides_what_is_random(tmp_path: Path) -> None:
    file = folder(tmp_path, "scenarios: {a: {seed: 1}, b: {seed: 1}, c: {seed: x}}\nexpect: {status: SUCCEEDED}", machine=NAMES)
    made = [one.run.output["uuid"] for one in outcomes(file) if one.run is not None]
    assert made[0] == made[1] != made[2]


BOTH = {
    "StartAt": "Both",
    "States": {
        "Both": {
            "Type": "Parallel",
            "End": True,
            "Branches": [
                {
                    "StartAt": name,
                    "States": {name: {"Type": "Task", "Resource": f"{LAMBDA}{name}", "End": True}},
                }
                for name in ("a", "b")
            ],
        }
    },
}


@pytest.mark.parametrize(
    ("order", "expect", "status"),
    [
        ('"1"', "output: [1, 2]", "passed"),
        ("0.1", "status: SUCCEEDED", "passed"),
        ("7", "status: SUCCEEDED", "passed"),
        ('"5.5.5.5"', "status: SUCCEEDED", "failed"),
    ],
)
def test_an_order(tmp_path: Path, order: str, expect: str, status: str) -> None:
    tasks = "mocks: {a: {result: 1}, b: {result: 2}}\ntasks: false\n"
    [outcome] = outcomes(folder(tmp_path, f"{tasks}order: {order}\nexpect: {{{expect}}}", machine=BOTH))
    assert outcome.status == status
    if status == "failed":
        assert line_of(outcome.mismatches[0]).startswith("order: order '5.5.5.5': choice 1 is 5, but only ")


def test_an_express_machine_started_synchronously(tmp_path: Path) -> None:
    file = folder(tmp_path, "type: EXPRESS\nsynchronous: true\nexpect: {status: SUCCEEDED}", machine=NAMES)
    [outcome] = outcomes(file)
    assert outcome.run is not None
    assert "RedriveCount" not in outcome.run.output["context"]


@pytest.mark.parametrize(
    ("given", "expect"),
    [
        ("startAt: Done\ninput: {paid: 1, packed: 2}", "{path: [Done], output: {paid: 1, packed: 2}}"),
        (f"{OK}retryCount: 5\nmocks: {{Charge: [{{error: Busy}}]}}", "error: Busy"),
        (f"{OK}tasks: other.py", "outputIncludes: {paid: other}"),
        (f"{OK}tasks: [tasks.py, other.py]", "outputIncludes: {paid: other}"),
        (f"{OK}tasks: false\nmocks: {{charge: {{result: 1}}, pack: {{result: 2}}}}", "output: {paid: 1, packed: [2, 2]}"),
        (f"{OK}machine: template.yaml#Two\nsubstitutions: {{Word: hello}}", "output: hello"),
        (f"{OK}machine: sub", "path: [Charge, ...]"),
    ],
)
def test_machine_and_tasks(tmp_path: Path, given: str, expect: str) -> None:
    (tmp_path / "other.py").write_text("def charge(event, context):\n    return 'other'\ndef pack(event, context):\n    return 1\n")
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "sub").mkdir()
    folder(tmp_path / "sub", "")
    assert [line_of(one) for one in played(tmp_path, f"{given}\n", expect).mismatches] == []


TEMPLATE = """\
Resources:
  One: {Type: "AWS::Serverless::StateMachine", Properties: {Definition: {StartAt: A, States: {A: {Type: Succeed}}}}}
  Two:
    Type: AWS::Serverless::StateMachine
    Properties: {Definition: {StartAt: A, States: {A: {Type: Pass, Result: "${Word}", End: true}}}}
"""


def test_variables_are_in_sight(tmp_path: Path) -> None:
    machine = {
        "StartAt": "A",
        "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Parameters": {"x.$": "$x"}, "End": True}},
    }
    machine["States"]["A"]["Assign"] = {"x": 0}  # type: ignore[index]
    file = folder(tmp_path, "startAt: B\nvariables: {x: 5}\nexpect: {output: {x: 5}}", machine=machine)
    assert [one.status for one in outcomes(file)] == ["passed"]


def test_a_task_that_nobody_serves_fails_with_what_to_do(tmp_path: Path) -> None:
    outcome = played(tmp_path, f"{OK}tasks: false\n", "status: SUCCEEDED")
    assert "Charge" in line_of(outcome.mismatches[0])
    assert outcome.run is None


@pytest.mark.parametrize("key", [key for key in KEYS if key not in ("mockConfig", "testCase", "validation")])
def test_every_key_has_a_case(key: str) -> None:
    assert f"{key}:" in Path(__file__).read_text(encoding="utf-8")


# ---------------------------------------------------------------- several in a file

SHARED = """\
# the whole shop
x-order: &order {cents: 500, items: []}
input: *order
mocks: {Charge: {result: 1}, pack: {result: 2}}
expect: {status: SUCCEEDED, output: {paid: 1, packed: []}}
scenarios:
  as it is: {}
  another result:
    mocks: {Charge: {result: 3}}
    expect: {output: {paid: 3, packed: []}}
  another input:
    inputFile: input.json
    expect: {output: {paid: 1, packed: [2]}}
  later:
    skip: not yet
  never: {skip: true}
  wrong: {expect: {seconds: 5}, skip: false}
"""


def test_scenarios_share_what_stands_beside_them(tmp_path: Path) -> None:
    (tmp_path / "input.json").write_text('{"cents": 1, "items": [0]}')
    found = outcomes(folder(tmp_path, SHARED))
    assert [(one.scenario.name, one.status, one.scenario.place[0]) for one in found] == [
        ("as it is", "passed", 7),
        ("another result", "passed", 8),
        ("another input", "passed", 11),
        ("later", "skipped", 14),
        ("never", "skipped", 16),
        ("wrong", "failed", 17),
    ]
    assert [one.scenario.skip for one in found] == [None, None, None, "not yet", "skipped", None]


def test_a_list_of_scenarios_in_json_needs_no_yaml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "yaml", None)
    text = {"$schema": "x", "expect": {"waits": [60]}, "scenarios": [{"name": "a/b", "input": {"cents": 1, "items": []}}]}
    file = folder(tmp_path, json.dumps(text), "a.scenario.json")
    assert [(one.scenario.name, one.status) for one in outcomes(file)] == [("a/b", "passed")]
    with pytest.raises(ModuleNotFoundError, match=r"reading YAML needs PyYAML: pip install 'states\[yaml\]'"):
        load(folder(tmp_path, "expect: {status: SUCCEEDED}"))


@pytest.mark.parametrize(("text", "name"), [(OK, "a"), (OK + "name: the shop\n", "the shop")])
def test_a_file_may_be_one_scenario(tmp_path: Path, text: str, name: str) -> None:
    assert [one.name for one in load(folder(tmp_path, text + "expect: {status: SUCCEEDED}"))] == [name]


def test_the_machine_may_lie_one_folder_up(tmp_path: Path) -> None:
    folder(tmp_path, "")
    (tmp_path / "cases").mkdir()
    file = tmp_path / "cases" / "a.scenario.yaml"
    file.write_text(OK + "expect: {status: SUCCEEDED}")
    assert [one.status for one in outcomes(file)] == ["passed"]


def test_a_scenario_is_played_alike_again_and_again(tmp_path: Path) -> None:
    [scenario] = load(folder(tmp_path, BUSY + "expect: {seconds: 65.5}"))
    assert [play(scenario).status for _ in range(3)] == ["passed"] * 3


# ---------------------------------------------------------------- what is shown


@pytest.mark.parametrize(
    ("given", "expect", "shown"),
    [
        (
            OK,
            "output: {paid: 1, packed: [A, B]}",
            [
                "✗ a  ",
                "a.scenario.yaml:1:1",
                "output  ",
                "a.scenario.yaml:3:3",
                '$.paid  expected 1  found {"receipt":500}',
                "✓ Minute",
                "SUCCEEDED in 1m",
                "state   Done",
            ],
        ),
        (OK, "visits: {Charge: {given: {}}}", ["given of Charge", "state   Charge", 'given   {"cents": 500}']),
        (REFUSED, "seconds: 0", ["status", "expected  SUCCEEDED", "Charge failed: Refused"]),
        (OK, "path: [Done]", ["path  ", "expected  Done", "found     Charge → Minute → Each → Done"]),
        (f"{OK}mocks: {{Charge: [{{error: Busy}}]}}\n", "seconds: 0", ["asked once more, in attempt 2", "● Charge", "RUNNING for 1 s"]),
    ],
)
def test_a_failure_shows(tmp_path: Path, given: str, expect: str, shown: list[str]) -> None:
    text = plain(played(tmp_path, given, expect))
    folded = " ".join(text.split())
    assert [part for part in shown if " ".join(part.split()) not in folded] == [], text
    assert max(map(len, text.splitlines())) <= 100
    assert "\x1b" not in text


def test_data_cannot_drive_the_terminal(tmp_path: Path) -> None:
    outcome = played(tmp_path, 'input: {cents: "\\e[2J", items: []}\n', 'output: "\\e[31m"')
    assert "\x1b" not in plain(outcome) + line_of(outcome.mismatches[0])


def test_many_differences_are_counted(tmp_path: Path) -> None:
    given = f"input: {{cents: 1, items: []}}\nmocks: {{Charge: {{result: {list(range(50))}}}}}\n"
    outcome = played(tmp_path, given, "outputIncludes: {paid: " + str(list(range(1, 51))) + "}")
    assert "… 30 more" in plain(outcome)
    assert "30 more differences" in line_of(outcome.mismatches[0])


# ---------------------------------------------------------------- comparing


@pytest.mark.parametrize(
    ("compare", "expected", "found", "paths"),
    [
        (differences, {"a": 1}, {"a": 1.0}, []),
        (differences, {"a": 1}, {"a": True}, ["$.a"]),
        (differences, {"a": None}, {}, ["$.a"]),
        (differences, {}, {"a": None}, ["$.a"]),
        (differences, {"a b": {"x": 1, "y": [1, {"z": 2}]}}, {"a b": {"x": 2, "y": [1, {"z": 3}]}}, ["$['a b'].x", "$['a b'].y[1].z"]),
        (differences, [1, 2], [1], ["$[1]"]),
        (differences, [], {}, ["$"]),
        (differences, "a...", "abc", ["$"]),
        (missing, "a...", "abc", []),
        (missing, {"a": {}}, {"a": {"b": 1}}, []),
        (missing, {"a": {}}, {"a": []}, ["$.a"]),
        (missing, [{"a": 1}], [{"a": 1, "b": 2}], []),
        (missing, [], [1], ["$[0]"]),
        (missing, {"a": 1}, {"b": 1}, ["$.a"]),
        (missing, None, None, []),
        (missing, 1, True, ["$"]),
    ],
)
def test_differences(compare: Any, expected: Any, found: Any, paths: list[str]) -> None:
    assert [one.path for one in compare(expected, found)] == paths


@pytest.mark.parametrize(
    ("pattern", "text", "whether"),
    [
        ("a", "a", True),
        ("a", "ab", False),
        ("...", "", True),
        ("a...a", "a", False),
        ("a...b...c", "a b c", True),
        ("a...c...b", "a b c", False),
        ("a...", "line\nline", False),
        ("l...e", "line\nline", True),
        ("/n.l/", "line\nline n\nl", True),
        ("/", "/", True),
        ("//", "//", True),
        ("/a/", "/a/", True),
    ],
)
def test_patterns(pattern: str, text: str, whether: bool) -> None:
    assert matches(pattern, text) is whether


@pytest.mark.parametrize(
    ("wanted", "found", "whether"),
    [
        ("", "", True),
        ("A", "", False),
        ("*", "", True),
        ("A*A", "A", False),
        ("A*A", "AA", True),
        ("*B*", "ABC", True),
        ("A*BC*D", "ABXBCD", True),
        ("A*CB*D", "ABXBCD", False),
        ("*AB", "AAB", True),
        ("A", "AB", False),
    ],
)
def test_fits(wanted: str, found: str, whether: bool) -> None:
    assert fits(["..." if name == "*" else name for name in wanted], list(found)) is whether


# ---------------------------------------------------------------- the state that failed

#: A branch fails; the Parallel around it is what the path ends with.
FAN_OUT: dict[str, Any] = {
    "StartAt": "Assess",
    "States": {
        "Assess": {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": "Detect", "States": {"Detect": {"Type": "Task", "Resource": f"{LAMBDA}detect", "End": True}}},
                {"StartAt": "Other", "States": {"Other": {"Type": "Pass", "End": True}}},
            ],
            "End": True,
        }
    },
}
BOOM = 'input: {id: 7}\nmocks: {Detect: {error: Boom, cause: "it went boom"}}\n'


@pytest.mark.parametrize(
    "expect", ["{error: Boom2}", "{cause: quiet}", "{cause: {a: 1}}", "{status: SUCCEEDED}", "{status: FAILED, error: Boom2}"]
)
def test_another_failure_than_expected_shows_the_state_that_failed_and_why(tmp_path: Path, expect: str) -> None:
    [outcome] = outcomes(folder(tmp_path, f"{BOOM}expect: {expect}\n", machine=FAN_OUT))
    shown = plain(outcome)
    for told in ("Detect failed: Boom", "it went boom", "Assess › branch 1 › Detect", '{"id": 7}', "no Retry and no Catch here"):
        assert told in shown
    assert "state  Assess\n" not in shown


def test_a_failure_that_did_not_come_shows_the_last_state(tmp_path: Path) -> None:
    [outcome] = outcomes(folder(tmp_path, "mocks: {Detect: {result: 1}}\nexpect: {error: Boom}\n", machine=FAN_OUT))
    assert "state   Assess\n" in plain(outcome)


# ---------------------------------------------------------------- texts that look like numbers


@pytest.mark.parametrize(
    ("account", "found"),
    [("012345678901", "012345678901"), ("'012345678901'", "012345678901"), ("123456789012", "123456789012")],
)
def test_an_account_is_taken_as_it_is_written(tmp_path: Path, account: str, found: str) -> None:
    machine = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"id.$": "$$.Execution.RoleArn"}, "End": True}}}
    [scenario] = load(folder(tmp_path, f"account: {account}\nexpect: {{status: SUCCEEDED}}\n", machine=machine))
    assert scenario.options["account"] == found


def test_a_number_as_error_or_substitution_is_the_text_that_is_written(tmp_path: Path) -> None:
    machine = {"StartAt": "A", "States": {"A": {"Type": "Fail", "Error": "${Code}"}}}
    [outcome] = outcomes(folder(tmp_path, "substitutions: {Code: 010}\nexpect: {error: 010}\n", machine=machine))
    assert outcome.status == "passed", plain(outcome)
    json_file = folder(tmp_path, '{"substitutions": {"Code": 10}, "expect": {"error": 10}}', "b.scenario.json", machine=machine)
    assert [one.status for one in outcomes(json_file)] == ["passed"]
