"""JSONata in states: the cases of jsonata_states.json run every way, and what no case can say: seeds, limits, threads, imports.

How a case is written, and what "every way" is, say `cases` and `test_cases`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest

import states
from states.interpreter.execution import Execution
from tests.interpreter import test_cases
from tests.interpreter.cases import Case, load

CASES = load("jsonata_states")
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])


def test_the_names_of_the_cases_differ() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES) >= 100


@each_case
def test_straight(case: Case) -> None:
    test_cases.test_straight(case)


@each_case
def test_replayed(case: Case) -> None:
    test_cases.test_replayed(case)


@pytest.mark.parametrize("case", [case for case in CASES if "order" not in case], ids=lambda case: case["name"])
def test_in_other_orders(case: Case) -> None:
    test_cases.test_in_other_orders(case)


# ---------------------------------------------------------------- chance


def machine(**fields: Any) -> dict[str, Any]:
    """A JSONata machine of one Pass state."""
    return {"QueryLanguage": "JSONata", "StartAt": "S", "States": {"S": {"Type": "Pass", "End": True, **fields}}}


CHANCE = machine(Output={"random": "{% $random() %}", "uuid": "{% $uuid() %}", "shuffled": "{% $shuffle([1..20]) %}"})


def test_chance_comes_from_the_seed() -> None:
    first, again, other = (states.run(CHANCE, seed=seed).output for seed in (1, 1, 2))
    assert first == again
    assert all(first[name] != other[name] for name in first)
    assert 0 <= first["random"] < 1
    assert first["uuid"][14] == "4"
    assert sorted(first["shuffled"]) == list(range(1, 21))


def test_replay_draws_the_same() -> None:
    wait = {"Type": "Wait", "Seconds": "{% $floor($random() * 1000) %}", "Output": {"before": "{% $states.input %}"}, "Next": "S"}
    definition = machine(Output={"in": "{% $states.input %}", "uuid": "{% $uuid() %}", "now": "{% $now() %}"})
    definition = {**definition, "StartAt": "W", "States": {"W": wait, **definition["States"]}}
    driver = states.start(definition, {}, seed=7)
    execution = driver.run()
    again = Execution.replay(execution.machine, {}, driver.received, at=execution.started_at, names=execution.names, seed=7)
    assert again.history == execution.history
    assert again.output == execution.output


# ---------------------------------------------------------------- limits

LONG = machine(Output="{% $sum($map([1..20000], function($x){ $x * 2 })) %}")
TIME_OUT = "threw an error during evaluation: Expression evaluation timeout: Check for infinite loop"


def test_jsonata_seconds_bounds_an_evaluation() -> None:
    assert states.run(LONG, jsonata_seconds=1.0).output == 400_020_000
    execution = states.run(LONG, jsonata_seconds=0.001)
    assert (execution.status, execution.error) == ("FAILED", "States.QueryEvaluationError")
    assert execution.cause is not None
    assert execution.cause.endswith(TIME_OUT)


def test_jsonata_seconds_holds_in_child_executions_and_in_replay() -> None:
    processor = {**LONG, "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}
    del processor["QueryLanguage"]
    state = {"Type": "Map", "Items": [1], "ToleratedFailureCount": 1, "ItemProcessor": processor, "End": True}
    definition = {"QueryLanguage": "JSONata", "StartAt": "M", "States": {"M": state}}
    driver = states.start(definition, {}, jsonata_seconds=0.001)
    execution = driver.run()
    assert execution.output == []
    again = Execution.replay(execution.machine, {}, driver.received, at=execution.started_at, names=execution.names, jsonata_seconds=0.001)
    assert again.history == execution.history


@pytest.mark.parametrize(
    "expression",
    [
        "($f := function(){ $f() }; $f())",
        "$match('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', /^(a+)+$/)",
        "$replace('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', /(a|aa)+$/, '')",
        "$map([1..3000], function($x){ $map([1..3000], function($y){ $x * $y }) })",
        "$reduce([1..300000], function($a, $b){ $a & '0123456789012345678901234567890123456789' })",
        "$sort($map([1..300000], function($x){ $random() }), function($a, $b){ $a < $b })",
    ],
)
def test_an_expression_without_end_is_stopped(expression: str) -> None:
    execution = states.run(machine(Output={"v": f"{{% {expression} %}}"}), jsonata_seconds=0.05)
    assert execution.error == "States.QueryEvaluationError"
    assert execution.cause is not None
    assert execution.cause.endswith(TIME_OUT)


def test_a_hostile_expression_may_be_caught() -> None:
    state = {
        "Type": "Parallel",
        "Arguments": "{% ($f := function($n){ 1 + $f($n) }; $f(1)) %}",
        "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Pass", "End": True}}}],
        "Catch": [{"ErrorEquals": ["States.QueryEvaluationError"], "Next": "C"}],
        "End": True,
    }
    definition = {"QueryLanguage": "JSONata", "StartAt": "P", "States": {"P": state, "C": {"Type": "Succeed", "Output": "caught"}}}
    assert states.run(definition).output == "caught"


def test_variables_of_10_mib_may_be_alive() -> None:
    """Forty assignments of almost 256 KiB fit, the next does not; one variable may be assigned as often as one likes."""
    assert assigned([f"v{number}" for number in range(40)]).status == "SUCCEEDED"
    execution = assigned([f"v{number}" for number in range(41)])
    assert (execution.status, execution.error) == ("FAILED", "States.DataLimitExceeded")
    assert assigned(["v"] * 50).status == "SUCCEEDED"


def assigned(names: list[str]) -> Execution:
    """An execution that assigns 262,000 bytes to each of these variables, one after the other."""
    made: dict[str, Any] = {}
    for number, name in enumerate(names):
        made[f"S{number}"] = {"Type": "Pass", "Assign": {name: "{% $pad('', 262000, 'x') %}"}, "Next": f"S{number + 1}"}
    made[f"S{len(names)}"] = {"Type": "Succeed"}
    return states.run({"QueryLanguage": "JSONata", "StartAt": "S0", "States": made})


# ---------------------------------------------------------------- data, threads, imports


def test_state_data_does_not_change_under_an_expression() -> None:
    given = {"list": [3, 1, 2], "object": {"a": 1}}
    output = {"sorted": "{% $sort($states.input.list) %}", "changed": "{% $states.input.object ~> |$|{'b': 2}, 'a'| %}"}
    assert states.run(machine(Output=output), given).output == {"sorted": [1, 2, 3], "changed": {"b": 2}}
    assert given == {"list": [3, 1, 2], "object": {"a": 1}}


def test_one_machine_in_many_threads() -> None:
    loaded = states.loads(machine(Output={"n": "{% $sum($map([1..50], function($x){ $x * $states.input.n })) %}"}))
    with ThreadPoolExecutor(8) as pool:
        outputs = list(pool.map(lambda n: states.run(loaded, {"n": n}).output, range(64)))
    assert outputs == [{"n": 1275 * n} for n in range(64)]


def test_the_order_of_draws_is_the_order_of_the_text() -> None:
    seed = Random(3)
    drawn = [seed.random(), seed.random()]
    assert states.run(machine(Output=["{% $random() %}", "{% $random() %}"]), seed=3).output == drawn


@pytest.mark.parametrize(("query_language", "imported"), [("JSONPath", False), ("JSONata", True)])
def test_the_engine_is_imported_for_machines_that_need_it(query_language: str, imported: bool) -> None:
    state = {"Type": "Pass", "End": True, **({"Output": "{% 1 + 1 %}"} if imported else {})}
    definition = {"QueryLanguage": query_language, "StartAt": "S", "States": {"S": state}}
    program = f"import sys, states; states.run({definition!r}); print('states.language.jsonata.expression' in sys.modules)"
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert json.loads(printed.lower()) is imported
