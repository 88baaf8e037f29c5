"""The pytest plugin, seen as its users see it: each case is a test file that pytest runs, and what it then says."""

from __future__ import annotations

import gc
import json
import os
import re
import subprocess
import sys
import weakref
from pathlib import Path
from typing import Any

import pytest

import states
from states import listeners
from states.testing import Bench

pytest_plugins = ["pytester"]

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = ("-p", "states.pytest_plugin")  #: with no other found by itself, whether this one is installed or not
COLOUR = re.compile(r"\x1b\[[0-9;]*m")

ORDER = {
    "StartAt": "Charge",
    "States": {
        "Charge": {
            "Type": "Task",
            "Resource": "arn:aws:lambda:us-east-1:123456789012:function:charge",
            "Parameters": {"cents.$": "$.cents"},
            "ResultSelector": {"receipt.$": "$.id"},
            "ResultPath": "$.payment",
            "Retry": [{"ErrorEquals": ["Busy"]}],
            "Next": "Receipt",
        },
        "Receipt": {"Type": "Pass", "Parameters": {"text.$": "States.Format('receipt {}', $.payment.receipt)"}, "Next": "Done"},
        "Done": {"Type": "Succeed"},
        "Refund": {"Type": "Pass", "End": True},
    },
}
ORDER["States"]["Receipt"] |= {"Next": "Kind"}  # type: ignore[index]
ORDER["States"]["Kind"] = {  # type: ignore[index]
    "Type": "Choice",
    "Choices": [{"Variable": "$.text", "StringEquals": "refund", "Next": "Refund"}],
    "Default": "Done",
}
TASKS = "def charge(event, context):\n    return {'id': 77, 'cents': event['cents']}\n"


@pytest.fixture(scope="module", autouse=True)
def _everything_is_imported() -> None:
    """A run of pytest in this process forgets what it imported, and would import it again and again."""
    from states.definition.formats import open_definition
    from states.testing import machines, shown

    assert open_definition
    assert machines
    failed = Bench({"StartAt": "A", "States": {"A": {"Type": "Fail", "Error": "E"}}}).start()
    assert "E" in shown.section([(1, failed.driver, {"A": 1})], 1, 80)[0]


@pytest.fixture
def shop(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project with a machine in a folder, and one beside its tests."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    for name in ("NO_COLOR", "FORCE_COLOR", "PY_COLORS", "PYTEST_ADDOPTS"):
        monkeypatch.delenv(name, raising=False)
    folder = pytester.mkdir("machines") / "order"
    folder.mkdir()
    (folder / "machine.asl.json").write_text(json.dumps(ORDER, indent=2))
    (folder / "tasks.py").write_text(TASKS)
    tests = pytester.mkdir("tests")
    (tests / "beside.asl.json").write_text('{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}')
    return pytester


HEAD = "import pytest, states\nfrom states.testing import Bench, error, never, result\nINPUT = {'cents': 500}\n"


def run(shop: pytest.Pytester, test: str, *options: str, plugin: tuple[str, ...] = PLUGIN) -> tuple[dict[str, int], str]:
    """Runs a file of tests; how many passed and failed, and what was printed."""
    (shop.path / "tests" / "test_it.py").write_text(HEAD + test)
    done = shop.runpytest_inprocess("-p", "no:cacheprovider", *plugin, *options)
    outcomes = done.parseoutcomes()
    outcomes.pop("warnings", None)
    return outcomes, done.stdout.str() + done.stderr.str()


def in_process(shop: pytest.Pytester, *options: str, env: dict[str, str] | None = None) -> str:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options]
    env = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **(env or {})}
    path = os.pathsep.join([str(ROOT), *env.pop("PYTHONPATH", "").split(os.pathsep)])
    done = subprocess.run(command, cwd=shop.path, env={**os.environ, **env, "PYTHONPATH": path}, capture_output=True, text=True)
    return done.stdout + done.stderr


def section(printed: str) -> str:
    """What stands below the first section of ours, up to the next test."""
    below = re.split(r"^-+ States execution -+$", printed, maxsplit=1, flags=re.MULTILINE)
    assert len(below) == 2, printed
    return re.split(r"^(?:_{3}|={3}|-{3})", below[1], maxsplit=1, flags=re.MULTILINE)[0]


def section_of_failure(printed: str) -> str:
    """What stands below the name of the first test that failed."""
    return re.split(r"^_+ test_it _+$", printed, flags=re.MULTILINE)[1].partition("short test summary")[0]


# ---------------------------------------------------------------- fixtures and markers

PASSES = {
    "a factory": "def test_it(state_machine):\n    assert state_machine('machines/order').run(INPUT).output == {'text': 'receipt 77'}\n",
    "a path beside the test": "def test_it(state_machine):\n    assert state_machine('beside.asl.json').run().path == ['A']\n",
    "a path object": "import pathlib\ndef test_it(state_machine):\n"
    "    assert state_machine(pathlib.Path('beside.asl.json')).run().path == ['A']\n",
    "an absolute path": "def test_it(state_machine, request):\n"
    "    assert state_machine(str(request.path.parent / 'beside.asl.json')).run().path == ['A']\n",
    "a dictionary": "def test_it(state_machine):\n"
    "    assert state_machine({'StartAt': 'A', 'States': {'A': {'Type': 'Succeed'}}}).run().path == ['A']\n",
    "a Machine": "def test_it(state_machine):\n"
    "    assert state_machine(states.loads({'StartAt': 'A', 'States': {'A': {'Type': 'Succeed'}}})).run().path == ['A']\n",
    "tasks": "def test_it(state_machine):\n"
    "    bench = state_machine('machines/order', {'charge': lambda event, context: {'id': 1}})\n"
    "    assert bench.run(INPUT).output == {'text': 'receipt 1'}\n",
    "settings": "def test_it(state_machine):\n"
    "    bench = state_machine('machines/order', strict=False, name='seven')\n"
    "    run = bench.mock('Charge', result({'id': 1}), result({'id': 2})).run(INPUT)\n"
    "    assert run.execution.names.execution_name == 'seven'\n",
    "two machines": "def test_it(state_machine):\n"
    "    assert state_machine('machines/order').machine is not state_machine('beside.asl.json').machine\n",
    "a marker": "@pytest.mark.state_machine('machines/order')\n"
    "def test_it(machine_bench):\n    assert machine_bench.run(INPUT).status == 'SUCCEEDED'\n",
    "a marker with settings": "@pytest.mark.state_machine('machines/order', tasks={'charge': lambda e, c: {'id': 5}}, name='x')\n"
    "def test_it(machine_bench):\n    assert machine_bench.run(INPUT).output == {'text': 'receipt 5'}\n",
    "a marker of the class": "@pytest.mark.state_machine('machines/order')\nclass TestIt:\n"
    "    def test_it(self, machine_bench):\n        assert machine_bench.run(INPUT).status == 'SUCCEEDED'\n",
    "the nearest marker": "pytestmark = pytest.mark.state_machine('nowhere')\n@pytest.mark.state_machine('beside.asl.json')\n"
    "def test_it(machine_bench):\n    assert machine_bench.run().path == ['A']\n",
    "both fixtures": "@pytest.mark.state_machine('beside.asl.json')\ndef test_it(machine_bench, state_machine):\n"
    "    assert state_machine('machines/order').run(INPUT).path != machine_bench.run().path\n",
    "a bench of a test's own": "@pytest.fixture\ndef bench(state_machine):\n"
    "    return state_machine('machines/order').mock('Charge', {'id': 9})\n"
    "def test_it(bench):\n    assert bench.run(INPUT).output == {'text': 'receipt 9'}\n",
    "its own fixture comes first": "@pytest.fixture\ndef machine_bench():\n    return 7\ndef test_it(machine_bench):\n"
    "    assert machine_bench == 7\n",
}


@pytest.mark.parametrize("test", PASSES.values(), ids=PASSES)
def test_a_machine_of_a_test(shop: pytest.Pytester, test: str) -> None:
    outcomes, printed = run(shop, test, "--strict-markers", "--strict-config", "-W", "error")
    assert outcomes == {"passed": 1}, printed
    assert "States execution" not in printed


def test_the_machine_of_the_ini_file(shop: pytest.Pytester) -> None:
    shop.makeini("[pytest]\nstate_machine = machines/order\n")
    test = "def test_one(machine_bench):\n    assert machine_bench.run(INPUT).output == {'text': 'receipt 77'}\n"
    test += "def test_two(state_machine):\n    assert state_machine(name='n').run(INPUT).status == 'SUCCEEDED'\n"
    assert run(shop, test)[0] == {"passed": 2}


def test_a_machine_of_a_template(shop: pytest.Pytester) -> None:
    template = {"Resources": {"One": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"Definition": ORDER}}}}
    (shop.path / "template.json").write_text(json.dumps(template))
    test = "def test_it(state_machine):\n    assert state_machine('template.json#One').mock('Charge', {'id': 1}).run(INPUT).seconds == 0\n"
    assert run(shop, test)[0] == {"passed": 1}


#: What stands in a test, what is wrong with it, what is then said: no traceback, and nothing of the inside of the package.
REFUSED = {
    "no such folder": ("'machines/ordr'", ["machines/ordr: no such file or folder in ", "tests and ", 'did you mean "machines/order"?']),
    "no such file": ("'besides.asl.json'", ["besides.asl.json: no such file or folder", 'did you mean "beside.asl.json"?']),
    "a folder without a machine": ("'../tests'", ["../tests: the folder has no machine.asl.json; it has beside.asl.json"]),
    "no machine": ("", ["no machine: give one", "the ini option state_machine"]),
    "a target that is not there": (
        "'wrong.asl.json'",
        ["wrong.asl.json is no valid state machine", "wrong.asl.json:6:15", "MISSING_TRANSITION_TARGET", "Missing 'Next' target: B"],
    ),
    "no JSON": ("'text.asl.json'", ["text.asl.json", "INVALID_JSON_DESCRIPTION", ":1:"]),
    "a wrong dictionary": ("{'StartAt': 'A', 'States': {}}", ["the definition is no valid state machine", "SCHEMA_VALIDATION_FAILED"]),
    "no such machine in a template": ("'template.json#Two'", ["Two", "One"]),
}


@pytest.mark.parametrize(("machine", "said"), REFUSED.values(), ids=REFUSED)
def test_a_machine_that_cannot_be_used(shop: pytest.Pytester, machine: str, said: list[str]) -> None:
    template = {"Resources": {"One": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"Definition": ORDER}}}}
    wrong = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}
    (shop.path / "template.json").write_text(json.dumps(template))
    (shop.path / "tests" / "wrong.asl.json").write_text(json.dumps(wrong, indent=2))
    (shop.path / "tests" / "text.asl.json").write_text("hello")
    outcomes, printed = run(shop, f"def test_it(state_machine):\n    state_machine({machine})\n")
    assert outcomes == {"failed": 1}
    assert [part for part in said if part not in printed] == []
    assert "Traceback" not in printed
    assert "During handling" not in printed
    assert section_of_failure(printed).count(".py") == 0
    assert len(printed.splitlines()) < 30


def test_a_marker_whose_machine_cannot_be_used_is_an_error_of_the_fixture(shop: pytest.Pytester) -> None:
    outcomes, printed = run(shop, "@pytest.mark.state_machine('nowhere')\ndef test_it(machine_bench):\n    pass\n")
    assert outcomes == {"errors": 1}
    assert "nowhere: no such file or folder" in printed


# ---------------------------------------------------------------- what a failing test shows

ORDER_TEST = "@pytest.mark.state_machine('machines/order')\ndef test_it(machine_bench):\n    "

#: A test that fails, what it shows, and what it does not.
SHOWN = {
    "an execution that failed": (
        "run = machine_bench.mock('Charge', error('Declined', 'no funds')).run(INPUT)\n    assert run.status == 'SUCCEEDED'",
        [
            "machines/order/machine.asl.json",
            'input   {"cents": 500}',
            "✗ Charge  Task  Declined: no funds",
            "✗ FAILED after 0 s",
            "Charge failed: Declined",
            "E         Charge failed: Declined: no funds (machines/order/machine.asl.json:4)",
        ],
        ["Inside Charge"],
    ),
    "an error that is inside the state": (
        "run = machine_bench.mock('Charge', result({'no': 1})).run(INPUT)\n    assert run.status == 'SUCCEEDED'",
        ["Charge failed: States.", "Inside Charge, line 4", 'result          {"no": 1}', "ResultSelector  ✗ States.Runtime"],
        ["Inside Done"],
    ),
    "attempts": (
        "run = machine_bench.mock('Charge', error('Busy') * 2, {'id': 1}).run(INPUT)\n    assert run.seconds == 2",
        ["├─ ! attempt 1", "again after 2 s  Busy", "✓ SUCCEEDED in 3 s  2 retries"],
        [],
    ),
    "the last state when nothing was asked": (
        "assert machine_bench.run(INPUT).output == 1",
        ["✓ SUCCEEDED", 'output  {"text": "receipt 77"}', "Inside Done"],
        ["Inside Charge"],
    ),
    "the state that was asked about, after each filter": (
        "assert machine_bench.run(INPUT).visit('Charge').output == 1",
        [
            "Inside Charge, line 4",
            'input           {"cents": 500}',
            'result          {"id": 77, "cents": 500}',
            'ResultSelector  {"receipt": 77}',
            'ResultPath      {"cents": 500, "payment": {"receipt": 77}}   + payment',
            "OutputPath  unchanged",
        ],
        ["Inside Done"],
    ),
    "the one that was inspected": (
        "assert machine_bench.run(INPUT).inspect('Receipt')['afterParameters'] == 1",
        ["Inside Receipt", 'Parameters      {"text": "receipt 77"}'],
        ["Inside Done", "Inside Charge"],
    ),
    "two that were asked about, in that order": (
        "run = machine_bench.run(INPUT)\n    assert run.visit('Receipt').output == run.visit('Charge').output",
        ["Inside Receipt", "Inside Charge"],
        ["Inside Done"],
    ),
    "one that was not visited": (
        "assert machine_bench.run(INPUT).attempts('Refund') == 1",
        ["Refund was never visited"],
        ["Inside"],
    ),
    "one that still runs": (
        "run = machine_bench.mock('Charge', result({'id': 1}, after='2m')).start(INPUT)\n    assert run.status == 'SUCCEEDED'",
        ["● Charge  Task  runs charge", "● RUNNING for 0 s", "it waits in Charge", "Inside Charge"],
        [],
    ),
    "one that starts at a state": (
        "run = machine_bench.run({'payment': {'receipt': 1}}, start_at='Receipt')\n    assert run.path == []",
        ["started at Receipt"],
        ["Charge"],
    ),
    "the last three, the newest last": (
        "runs = [machine_bench.run({'cents': n}) for n in range(5)]\n    assert 0",
        ["execution 3 of 5", 'input   {"cents": 2}', "execution 4 of 5", "execution 5 of 5", "Inside Done"],
        ["execution 2 of 5", '{"cents": 1}'],
    ),
    "one that was asked about counts as new": (
        "runs = [machine_bench.run({'cents': n}) for n in range(9)]\n    assert runs[0].attempts('Charge') == 2",
        ["execution 1 of 9", "Inside Charge", "execution 8 of 9", "execution 9 of 9"],
        ["execution 7 of 9"],
    ),
    "those of a mock that was wrongly used": (
        "machine_bench.mock('Charge', result({'id': 1}), result(2)).run(INPUT)",
        ["MockError: the mock of 'Charge' was asked once, 1 of its answers was not given", "✓ SUCCEEDED"],
        ["def check_mocks", "in finish", "bench.py", "runs.py"],
    ),
    "a mock that was asked too often": (
        "machine_bench.mock('Charge', error('Busy') * 1).run(INPUT)",
        ["the mock of 'Charge' has 1 answer and was asked once more", "attempt 1", "● RUNNING"],
        ["bench.py", "mocks.py"],
    ),
    "a name that is wrong": (
        "machine_bench.run(INPUT).visit('Chrge')",
        ["the machine has no state 'Chrge'; did you mean \"Charge\"?", "✓ SUCCEEDED"],
        ["runs.py", "def _check_state"],
    ),
    "control characters": (
        "assert machine_bench.mock('Charge', error('E\\x1b[2J', 'c\\x07')).run(INPUT).output == 1",
        ["E\\x1b[2J"],
        ["\x1b", "\x07"],
    ),
    "one inside a child execution": (
        "inner = {'StartAt': 'I', 'States': {'I': {'Type': 'Pass', 'Parameters': {'item.$': '$'}, 'End': True}}}\n"
        "    inner['ProcessorConfig'] = {'Mode': 'DISTRIBUTED', 'ExecutionType': 'STANDARD'}\n"
        "    machine = {'StartAt': 'M', 'States': {'M': {'Type': 'Map', 'ItemProcessor': inner, 'End': True}}}\n"
        "    assert Bench(machine).run(['a', 'b']).inspect('I', 2)['output'] == 1",
        ["run 0", "Inside I, visit 2", 'Parameters      {"item": "b"}'],
        ["never visited"],
    ),
    "plain runs": (
        "assert states.run({'StartAt': 'A', 'States': {'A': {'Type': 'Pass', 'Result': 5, 'End': True}}}).output == 6",
        ["a definition in the test", "└─ ✓ A  Pass", "output  5", "Inside A"],
        [],
    ),
    "plain drivers": (
        "driver = states.start({'StartAt': 'A', 'States': {'A': {'Type': 'Wait', 'Seconds': 60, 'End': True}}})\n"
        "    driver.advance(15)\n    assert driver.execution.status == 'SUCCEEDED'",
        ["● A  Wait", "45 s left", "● RUNNING for 15 s"],
        [],
    ),
}


@pytest.mark.parametrize(("test", "shows", "hides"), SHOWN.values(), ids=SHOWN)
def test_a_failing_test_shows(shop: pytest.Pytester, test: str, shows: list[str], hides: list[str]) -> None:
    outcomes, printed = run(shop, f"{ORDER_TEST}{test}\n", "--color=no")
    assert outcomes == {"failed": 1}
    below = section(printed)
    assert [part for part in shows if part not in printed] == [], printed
    assert [part for part in hides if part in below or part in printed.replace(test, "")] == [], printed
    assert "fault of states" not in printed
    assert all(len(line) <= 80 for line in below.splitlines())


NOT_SHOWN = {
    "a test that passes": "machine_bench.run(INPUT)",
    "a test that is skipped": "machine_bench.run(INPUT)\n    pytest.skip('later')",
    "a test that is to fail": "machine_bench.run(INPUT)\n    pytest.xfail('known')",
    "a test without executions": "assert 0",
}


@pytest.mark.parametrize("test", NOT_SHOWN.values(), ids=NOT_SHOWN)
def test_nothing_is_shown_of(shop: pytest.Pytester, test: str) -> None:
    assert "States execution" not in run(shop, f"{ORDER_TEST}{test}\n")[1]


def test_executions_of_one_test_are_not_shown_for_the_next(shop: pytest.Pytester) -> None:
    outcomes, printed = run(shop, f"{ORDER_TEST}machine_bench.run(INPUT)\ndef test_other():\n    assert 0\n")
    assert outcomes == {"passed": 1, "failed": 1}
    assert "States execution" not in printed


def test_a_test_that_is_tried_again_begins_anew(shop: pytest.Pytester) -> None:
    (shop.path / "conftest.py").write_text(
        "from _pytest.runner import runtestprotocol\n"
        "def pytest_runtest_protocol(item, nextitem):\n"
        "    runtestprotocol(item, nextitem=nextitem, log=False)\n"
        "    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)\n"
        "    runtestprotocol(item, nextitem=nextitem)\n"
        "    return True\n"
    )
    printed = run(shop, f"{ORDER_TEST}[machine_bench.run(INPUT) for _ in range(2)]\n    assert 0\n")[1]
    assert re.findall(r"execution \d of \d", printed) == ["execution 1 of 2", "execution 2 of 2"]


def test_executions_of_a_fixture_are_shown(shop: pytest.Pytester) -> None:
    test = "@pytest.fixture\ndef done(state_machine):\n"
    test += "    run = state_machine('machines/order').run(INPUT)\n    yield run\n    assert 0, 'after'\n"
    outcomes, printed = run(shop, test + "def test_it(done):\n    assert done.output == 1\n")
    assert outcomes == {"failed": 1, "errors": 1}
    assert printed.count("States execution") == 2


def test_a_traceback_of_a_fault_of_ours_is_whole(shop: pytest.Pytester) -> None:
    test = "def test_it(state_machine, monkeypatch):\n    monkeypatch.setattr('states.running.checked_input', None)\n"
    printed = run(shop, f"{test}    state_machine('machines/order').run(INPUT)\n")[1]
    assert "running.py" in printed
    assert "TypeError: 'NoneType' object is not callable" in printed


def test_full_trace_shows_the_inside(shop: pytest.Pytester) -> None:
    printed = run(shop, f"{ORDER_TEST}machine_bench.run(INPUT).visit('Chrge')\n", "--full-trace")[1]
    assert "runs.py" in printed


@pytest.mark.parametrize(
    ("given", "ini", "count"), [([], "", 3), (["--states-executions=1"], "", 1), ([], "5", 5), (["--states-executions=0"], "5", 0)]
)
def test_how_many_executions_are_shown(shop: pytest.Pytester, given: list[str], ini: str, count: int) -> None:
    if ini:
        shop.makeini(f"[pytest]\nstates_executions = {ini}\n")
    printed = run(shop, f"{ORDER_TEST}[machine_bench.run(INPUT) for _ in range(9)]\n    assert 0\n", *given)[1]
    assert len(re.findall(r"execution \d of 9", printed)) == count


@pytest.mark.parametrize("wrong", ["many", "-1", "1.5", "", "9" * 50])
def test_a_number_of_executions_that_is_none(shop: pytest.Pytester, wrong: str) -> None:
    (shop.path / "tests" / "test_it.py").write_text("def test_it():\n    pass\n")
    done = shop.runpytest_inprocess(*PLUGIN, f"--states-executions={wrong}")
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    assert "--states-executions: expected how many executions a failing test shows, 0 or more, found" in done.stderr.str()


LONG = """
def test_it():
    states = {"C": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)", "pad.$": "$.pad"}, "Next": "L"},
              "L": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericLessThan": 90000, "Next": "C"}], "Default": "D"},
              "D": {"Type": "Succeed"}}
    run = Bench({"StartAt": "C", "States": states}).run({"n": 0, "pad": "x" * 5000})
    assert run.status == "SUCCEEDED"
"""

WIDE = """
def test_it():
    inner = {"StartAt": "I", "States": {"I": {"Type": "Pass", "Parameters": {"w.$": "$.x"}, "End": True}}}
    machine = {"StartAt": "M", "States": {"M": {"Type": "Map", "ItemProcessor": inner, "End": True}}}
    run = Bench(machine).run([{"x": 1}] * 2000 + [{"y": 1}])
    assert run.status == "SUCCEEDED"
"""


@pytest.mark.parametrize("test", [LONG, WIDE], ids=["25,000 events", "2,001 items"])
def test_what_is_shown_stays_short(shop: pytest.Pytester, test: str) -> None:
    outcomes, printed = run(shop, test)
    assert outcomes == {"failed": 1}
    assert 5 < len(section(printed).splitlines()) < 70
    assert len(section(printed)) < 8000


# ---------------------------------------------------------------- comparisons

COMPARED = {
    "a status": (
        "run.status == 'FAILED'",
        ["assert 'SUCCEEDED' == 'FAILED'", 'it went Charge → Receipt → Kind → Done and gave {"text": "receipt 77"}'],
    ),
    "a status on the right": ("'FAILED' == run.status", ["assert 'FAILED' == 'SUCCEEDED'", "it went Charge"]),
    "a path that goes another way": (
        "run.path == ['Charge', 'Receipt', 'Refund']",
        ["both:     Charge → Receipt", "run:      Kind → Done", "expected: Refund"],
    ),
    "a path that is longer": ("run.path == ['Charge']", ["both:     Charge", "run:      Receipt → Kind → Done", "expected: the end"]),
    "a path that is shorter": (
        "run.path == ['Charge', 'Receipt', 'Kind', 'Done', 'More']",
        ["both:     Charge → Receipt → Kind → Done", "run:      the end", "expected: More"],
    ),
    "a path that begins otherwise": ("run.path == ['Refund']", ["the first state differs", "expected: Refund"]),
    "a path on the right": ("['Refund'] == run.path", ["assert ['Refund'] == ['Charge',", "run:      Charge"]),
    "a path and a tuple": ("tuple(run.path) == ('A',) or run.path == ('A',)", ["expected: A"]),
    "a state in a path": ("'Refund' in run.path", ["assert 'Refund' in the path", "the path: Charge → Receipt → Kind → Done"]),
    "a state not in a path": ("'Charge' not in run.path", ["assert 'Charge' not in the path", "the path: Charge"]),
    "other values": ("run.output == {'text': 1}", ["{'text': 'receipt 77'} != {'text': 1}"]),
}


@pytest.mark.parametrize(("comparison", "said"), COMPARED.values(), ids=COMPARED)
def test_a_comparison_says(shop: pytest.Pytester, comparison: str, said: list[str]) -> None:
    outcomes, printed = run(shop, f"{ORDER_TEST}run = machine_bench.run(INPUT)\n    assert {comparison}\n")
    assert outcomes == {"failed": 1}
    assert [part for part in said if part not in printed] == [], printed


def test_a_status_and_a_path_are_a_text_and_a_list() -> None:
    run = Bench({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}).run()
    assert json.dumps([run.status, run.path]) == '["SUCCEEDED", ["A"]]'
    assert (repr(run.status), repr(run.path)) == ("'SUCCEEDED'", "['A']")
    assert {"SUCCEEDED": 1}[run.status] == 1
    assert [*run.path, "B"] == ["A", "B"]


# ---------------------------------------------------------------- surroundings


def test_the_colours_of_the_terminal(shop: pytest.Pytester) -> None:
    test = f"{ORDER_TEST}assert machine_bench.run(INPUT).output == 1\n"
    plain, coloured = run(shop, test, "--color=no")[1], run(shop, test, "--color=yes")[1]
    assert "\x1b" not in plain
    assert "\x1b[32m✓" in coloured
    assert section(COLOUR.sub("", coloured)) == section(plain)


@pytest.mark.parametrize("width", [20, 40, 80, 100, 160])
def test_the_width_of_the_terminal(shop: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    printed = run(shop, f"{ORDER_TEST}assert machine_bench.run(INPUT).output == 1\n")[1]
    widest = max(len(line) for line in section(printed).splitlines())
    assert widest == {20: 80, 160: 110}.get(width, min(width, 110))


def test_workers_know_width_and_colour_of_their_controller(shop: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    (shop.path / "tests" / "test_it.py").write_text(f"{HEAD}{ORDER_TEST}assert machine_bench.run(INPUT).output == 1\n")
    printed = in_process(shop, *PLUGIN, "-p", "xdist", "-n", "1", "--color=yes", env={"COLUMNS": "90"})
    assert "\x1b[32m✓" in printed
    assert max(len(line) for line in section(COLOUR.sub("", printed)).splitlines()) == 90
    assert "1 failed" in printed


def test_the_section_is_in_the_junit_file_without_colours(shop: pytest.Pytester) -> None:
    run(shop, f"{ORDER_TEST}assert machine_bench.run(INPUT).output == 1\n", "--color=yes", "--junitxml=junit.xml")
    written = (shop.path / "junit.xml").read_text()
    assert "States execution" in written
    assert "✓ SUCCEEDED" in written
    assert "#x1B" not in written.partition("States execution")[2]


def test_a_terminal_without_lines_and_marks_gets_others(shop: pytest.Pytester) -> None:
    (shop.path / "tests" / "test_it.py").write_text(f"{HEAD}{ORDER_TEST}assert machine_bench.run(INPUT).output == 1\n")
    printed = in_process(shop, *PLUGIN, env={"PYTHONIOENCODING": "ascii", "COLUMNS": "80"})
    assert "v SUCCEEDED" in printed
    assert "+- v Charge" in printed
    assert "\\u" not in printed


def entry_point(shop: pytest.Pytester) -> Path:
    """A folder that makes pytest find the plugin as an installed one."""
    info = shop.mkdir("site") / "fake_states-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: fake-states\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[pytest11]\nstates = states.pytest_plugin\n")
    return info.parent


@pytest.mark.parametrize(
    ("options", "is_there"), [((), True), (("-p", "states"), True), (("-p", "no:states"), False), (("-p", "no:xdist"), True)]
)
def test_the_plugin_as_it_is_installed(shop: pytest.Pytester, options: tuple[str, ...], is_there: bool) -> None:
    (shop.path / "tests" / "test_it.py").write_text(f"{HEAD}def test_it():\n    run = Bench('machines/order').run(INPUT)\n    assert 0\n")
    path = str(entry_point(shop))
    assert ("States execution" in in_process(shop, *options, env={"PYTHONPATH": path, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": ""})) is is_there
    assert (
        "state_machine(machine, tasks=None"
        in in_process(shop, "--markers", *options, env={"PYTHONPATH": path, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": ""})
    ) is is_there


def test_the_project_names_the_plugin() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["entry-points"]["pytest11"]["states"] == "states.pytest_plugin"


def test_a_plugin_that_is_not_used_imports_next_to_nothing() -> None:
    code = "import sys, pytest; before = set(sys.modules); import states.pytest_plugin; print(sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['states', 'states.listeners', 'states.pytest_plugin']"


# ---------------------------------------------------------------- what is kept


def test_nothing_is_kept_when_its_test_is_over(shop: pytest.Pytester) -> None:
    kept: list[weakref.ref[Any]] = []
    alive: list[int] = []

    class Watch:
        def pytest_runtest_logstart(self, nodeid: str) -> None:
            gc.collect()
            alive.append(sum(driver() is not None for driver in kept))

    def watch(driver: Any) -> None:
        kept.append(weakref.ref(driver))

    (shop.path / "tests" / "test_it.py").write_text(
        f"{HEAD}{ORDER_TEST}[machine_bench.run(INPUT) for _ in range(5)]\ndef test_next():\n    pass\n"
    )
    outside = list(listeners.made)  # the plugin of the session that runs this test keeps some too
    listeners.made[:] = [watch]
    try:
        done = shop.inline_run(*PLUGIN, "-p", "no:cacheprovider", plugins=[Watch()])
        assert listeners.made == [watch]
    finally:
        listeners.made[:] = outside
    assert done.ret == 0
    assert (len(kept), alive) == (5, [0, 0])


def test_only_the_last_executions_of_a_running_test_are_kept() -> None:
    from states.pytest_plugin import Kept

    kept = Kept(2)
    listeners.made.append(kept.made)
    listeners.asked.append(kept.asked)
    try:
        runs = [Bench({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}).run() for _ in range(4)]
        assert [number for number, _, _ in kept.last.values()] == [3, 4]
        runs[2].visit("A")
        states.run({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}})
        assert [(number, names) for number, _, names in kept.last.values()] == [(3, {"A": 1}), (5, {})]
    finally:
        listeners.made.remove(kept.made)
        listeners.asked.remove(kept.asked)
