"""Diagrams: every state and every way is in every picture, and no name breaks the notation."""

from __future__ import annotations

import re
from typing import Any

import pytest
from rich.cells import cell_len

import states
from states.definition.graph import graph
from states.machine import Machine
from states.views import diagram
from tests.shared import ROOT
from tests.views.stories import FAIL, PASS, WAYS, block, both, drawn, each, task

ORDER = block(
    Validate={"Type": "Choice", "Choices": [{"Variable": "$.total", "NumericGreaterThan": 0, "Next": "Charge"}], "Default": "Refuse"},
    Charge=task(
        "charge-card",
        Retry=[{"ErrorEquals": ["Busy", "States.Timeout"], "MaxAttempts": 2}],
        Catch=[{"ErrorEquals": ["States.ALL"], "Next": "Refuse"}],
    ),
    Pack=both(block(Box=PASS), block(Label={"Type": "Wait", "Seconds": 90}), Next="Done"),
    Refuse=FAIL,
    Done={"Type": "Succeed"},
)

TREE = """\
order  STANDARD, JSONPath
├── Validate  Choice
│     $.total > 0 → Charge
│     default → Refuse
├── Charge    Task      charge-card  → Pack
│     retry Busy, States.Timeout: 2 times after 1 s, then ×2
│     catch States.ALL → Refuse
├── Pack      Parallel  → Done
│   ├── branch 1
│   │   └── Box  Pass      end
│   └── branch 2
│       └── Label  Wait      1m 30s  end
├── Done      Succeed
└── Refuse    Fail      Stop
"""

MERMAID = """\
stateDiagram-v2
    state "Validate" as s1
    state "Charge" as s2
    state "Pack" as s3 {
        state "Box" as s6
        [*] --> s6
        s6 --> [*]
        --
        state "Label" as s7
        [*] --> s7
        s7 --> [*]
    }
    state "Done" as s5
    state "Refuse" as s4
    [*] --> s1
    s1 --> s2 : $.total #gt; 0
    s1 --> s4 : default
    s2 --> s3
    s2 --> s4 : catch States.ALL
    s3 --> s5
    s5 --> [*]
    s4 --> [*]
"""


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines()]


def test_the_tree() -> None:
    assert lines(drawn(diagram.tree(states.loads(ORDER), "order"), 100)) == lines(TREE)


def test_mermaid() -> None:
    assert diagram.mermaid(states.loads(ORDER)) == MERMAID


def test_dot() -> None:
    text = diagram.dot(states.loads(ORDER), "order")
    assert text.startswith('digraph "order" {\n')
    assert 's1 [label="Validate\\nChoice", shape=diamond]' in text
    assert 'subgraph cluster_s3_2 {\n        label="Pack: branch 2"' in text
    assert 's2 -> s4 [label="catch States.ALL", style=dashed, color=red]' in text
    assert text.count("{") == text.count("}")


def machines() -> list[Any]:
    samples = [states.load(path) for path in sorted((ROOT / "machines").glob("*/machine.asl.json"))]
    ways = [states.loads(definition) for definition, _, _ in WAYS.values()]
    return [*ways, *samples]


@pytest.mark.parametrize("machine", machines(), ids=lambda machine: machine.source)
def test_every_state_and_every_way_is_in_every_picture(machine: Machine) -> None:
    made = graph(machine)
    transitions = [edge for edge in made.edges(data=True) if edge[2]["kind"] not in ("branch", "processor")]
    count = sum(len(data["kinds"]) for _, _, data in transitions)
    mermaid, dot = diagram.mermaid(machine), diagram.dot(machine, "m")
    assert len(re.findall(r'^ *state "', mermaid, re.MULTILINE)) == len(made)
    assert len(re.findall(r"^ *s\d+ --> s\d+", mermaid, re.MULTILINE)) == count
    assert len(re.findall(r"^ *s\d+ \[label=", dot, re.MULTILINE)) == len(made)
    assert len(re.findall(r"^ *s\d+ -> s\d+ \[label=", dot, re.MULTILINE)) == count
    tree = drawn(diagram.tree(machine, "m"), 200)
    assert [name for name in made if name not in tree] == []


@pytest.mark.parametrize("name", ['quo"te', "semi;colon", "hash #1", "a: b", "back\\slash", "{curly}", "two\nlines", "[*]", "ünï 漢"])
def test_no_name_breaks_the_notation(name: str) -> None:
    machine = states.loads(block(**{name: PASS, "B": PASS}))
    mermaid, dot = diagram.mermaid(machine), diagram.dot(machine, name)
    assert re.fullmatch(r'state "[^";{}\n]*(?:[^"\n]*)" as s1', mermaid.splitlines()[1].strip())
    assert len(mermaid.splitlines()) == 6
    assert re.search(r'^ *s1 \[label="(?:[^"\\]|\\.)*"\]$', dot, re.MULTILINE)


@pytest.mark.parametrize("width", [40, 80])
def test_the_tree_keeps_to_the_terminal(width: int) -> None:
    definition = block(
        A=task(Retry=[{"ErrorEquals": ["An.Error.With.A.Long.Name"] * 5}], Catch=[{"ErrorEquals": ["States.ALL"], "Next": "B"}]), B=PASS
    )
    text = drawn(diagram.tree(states.loads(definition), "order"), width)
    assert [line for line in text.splitlines() if cell_len(line) > width] == []


WRAPPED = """\
m  STANDARD, JSONPath
├── A  Task      work  → B
│     retry Lambda.ServiceException,
│           Lambda.AWSLambdaException,
│           Lambda.SdkClientException: 3
│           times after 1 s, then ×2
│     catch States.ALL → B
└── B  Pass      end
"""


def test_a_long_line_goes_on_further_in() -> None:
    errors = ["Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException"]
    definition = block(A=task(Retry=[{"ErrorEquals": errors}], Catch=[{"ErrorEquals": ["States.ALL"], "Next": "B"}]), B=PASS)
    assert drawn(diagram.tree(states.loads(definition), "m"), 40) == WRAPPED


@pytest.mark.parametrize("width", [100, 60, 30])
def test_no_line_of_a_tree_begins_at_the_margin(width: int) -> None:
    text = drawn(diagram.tree(states.load(ROOT / "machines/order/machine.asl.json"), "order"), width)
    states_lines = text.splitlines()[text.splitlines().index(next(line for line in text.splitlines() if line.startswith("├"))) :]
    assert [line for line in states_lines if line[0] not in "├└│ " or line != line.rstrip()] == []
    assert "TooManyRequestsException" in re.sub(r"[│\s]", "", text)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ({"Variable": "$.a", "StringEquals": "x"}, '$.a = "x"'),
        ({"Variable": "$.a", "StringEqualsPath": "$.b"}, "$.a = $.b"),
        ({"Variable": "$.a", "StringMatches": "log-*"}, '$.a matches "log-*"'),
        ({"Variable": "$.a", "NumericLessThanEquals": 3}, "$.a <= 3"),
        ({"Variable": "$.a", "TimestampGreaterThanEqualsPath": "$.t"}, "$.a >= $.t"),
        ({"Variable": "$.a", "BooleanEquals": True}, "$.a = true"),
        ({"Variable": "$.a", "IsPresent": True}, "$.a is present"),
        ({"Variable": "$.a", "IsPresent": False}, "$.a is not present"),
        ({"Variable": "$.a", "IsNull": True}, "$.a is null"),
        ({"Not": {"Variable": "$.a", "IsString": True}}, "not ($.a is string)"),
        ({"And": [{"Variable": "$.a", "IsNull": False}, {"Variable": "$.b", "NumericEquals": 1}]}, "$.a is not null and $.b = 1"),
        (
            {
                "And": [
                    {"Variable": "$.a", "IsNull": True},
                    {"Or": [{"Variable": "$.b", "IsNull": True}, {"Variable": "$.c", "IsNull": True}]},
                ]
            },
            "$.a is null and ($.b is null or $.c is null)",
        ),
        ({"Condition": "{% $states.input.n > 3 %}"}, "$states.input.n > 3"),
        ({"Variable": "$.a", "Next": "B"}, "$.a"),
    ],
)
def test_conditions_in_words(rule: dict[str, Any], text: str) -> None:
    assert diagram.condition(rule) == text


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (task("charge:live"), "charge:live"),
        ({"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken"}, "sqs:sendMessage.waitForTaskToken"),
        ({"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "pay"}}, "lambda pay"),
        ({"Type": "Task", "Resource": "arn:aws:states:us-east-1:1:activity:sign"}, "sign"),
        ({"Type": "Wait", "Seconds": 7200}, "2h"),
        ({"Type": "Wait", "SecondsPath": "$.s"}, "$.s seconds"),
        ({"Type": "Wait", "Timestamp": "2026-01-01T00:00:00Z"}, "until 2026-01-01T00:00:00Z"),
        (each(block(B=PASS), MaxConcurrency=3), "3 at once"),
        (each({**block(B=PASS), "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}), "distributed"),
        (task(Retry=[{"ErrorEquals": ["E"], "MaxAttempts": 0}]), "retry E: never"),
        (task(Retry=[{"ErrorEquals": ["E"], "MaxAttempts": 1, "IntervalSeconds": 30}]), "retry E: once after 30 s"),
    ],
)
def test_what_a_state_works_with(state: Any, text: str) -> None:
    assert text in drawn(diagram.tree(states.loads(block(A=state)), "m"), 100)


def test_a_comment_and_a_limit_are_in_the_title() -> None:
    machine = states.loads({**block(A=PASS), "Comment": "It passes.", "TimeoutSeconds": 3600}, type="EXPRESS")
    assert drawn(diagram.tree(machine, "m")).startswith("m  EXPRESS, JSONPath, at most 1h\nIt passes.\n")
