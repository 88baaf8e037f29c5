"""Faults of scenario files: each with its line, its column, and what was expected."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from states.testing import Bench
from states.testing.scenarios import InvalidScenarios, find, load
from tests.testing.scenario_files import SHOP, faults, folder, outcomes

E = "expect: {status: SUCCEEDED}\n"

#: A file; line and column of its one fault; what is said, with the hint.
FAULTS: list[tuple[str, int, int, str]] = [
    # the file
    ("", 1, 1, "expected a scenario, or shared settings and scenarios (a mapping)"),
    ("[]", 1, 1, "expected a scenario, or shared"),
    ("scenarios: 5", 1, 12, "expected scenarios: a mapping from name to scenario, or a list of scenarios with names"),
    (E + "scenarios: {}", 2, 12, "expected scenarios: a mapping"),
    (E + "scenarios: []", 2, 12, "expected scenarios: a mapping"),
    (E + "scenarios:\n  a: 5", 3, 6, "expected a scenario (a mapping), found the number 5"),
    (E + "scenarios:\n  - {input: 1}", 3, 5, "scenario 1 of the list has no name; expected name: a text"),
    (E + "scenarios:\n  - {name: 5}", 3, 12, "scenario 1 of the list has no name"),
    (E + "scenarios:\n  - {name: a}\n  - {name: a}", 4, 12, "two scenarios are called 'a'"),
    (E + "scenarios:\n  a: {name: b}", 3, 7, "a scenario of a mapping is called by its key, 'a'"),
    (E + "scenarios:\n  a: {}\n  a: {}", 4, 3, "'a' is given twice"),
    (E + 'scenarios:\n  a b: {}\n  "a\\nb": {}', 4, 11, "two scenarios are called 'a b'"),
    (E + 'scenarios:\n  - {name: "\\e"}\n  - {name: "\\\\x1b"}', 4, 12, "two scenarios are called '\\\\x1b'"),
    (E + "scenarios:\n\ta: {}", 3, 1, "found a tab; YAML is indented with spaces"),
    (E + "input: !!python/name:os.system", 2, 8, "The tag !!python/name:os.system is not known here"),
    (E + "input: !Sub x", 2, 8, "The tag !Sub is not known here"),
    (E + "input: .inf", 2, 8, ".inf is no number in JSON"),
    (E + "input: 1\ninput: 2", 3, 1, "'input' is given twice"),
    ("expect: {status: FAILED, status: SUCCEEDED}", 1, 26, "'status' is given twice"),
    ("a: b: c", 1, 5, "mapping values are not allowed"),
    ("a: *x", 1, 4, "The alias *x has no anchor"),
    ("a: 1\n---\nb: 1", 2, 1, "The file holds more than one YAML document"),
    ("{" * 300, 1, 300, ""),
    # keys
    (E + "inputs: {}", 2, 1, "a scenario file has no key 'inputs' did you mean \"input\"?"),
    (E + "what: {}", 2, 1, "a scenario file has no key 'what'; it may have name, description"),
    (E + "scenario: {a: {}}", 2, 1, "a scenario file has no key 'scenario'"),
    (E + "mock: {}\nscenarios: {a: {}}", 2, 1, "the shared part has no key 'mock' did you mean \"mocks\"?"),
    (E + "name: x\nscenarios: {a: {}}", 2, 1, "the shared part has no key 'name'"),
    (E + "scenarios:\n  a:\n    iput: 1", 4, 5, "a scenario has no key 'iput' did you mean \"input\"?"),
    (E + "input: 1\ninputFile: a.scenario.yaml", 3, 1, "a scenario has input or inputFile, not both"),
    (E + "name: 5", 2, 7, "expected a text, found the number 5"),
    (E + "description: []", 2, 14, "expected a text, found an empty array"),
    (E + "skip: 5", 2, 7, "expected a text, found the number 5"),
    (E + "type: FAST", 2, 7, 'expected one of STANDARD, EXPRESS, found the text "FAST"'),
    (E + "type: EXPRES", 2, 7, 'expected one of STANDARD, EXPRESS did you mean "EXPRESS"?'),
    (E + "startAt: Chrge", 2, 10, "the machine has no state 'Chrge' did you mean \"Charge\"?"),
    (E + "startAt: [Charge]", 2, 10, 'expected a text, found the array ["Charge"]'),
    (E + "variables: 5", 2, 12, "expected a value for each name, found the number 5"),
    (E + "retryCount: -1", 2, 13, "expected a whole number, 0 or more, found the number -1"),
    (E + "retryCount: true", 2, 13, "expected a whole number, 0 or more, found true"),
    (E + "at: 2026-02-30T00:00:00Z", 2, 5, "expected a timestamp such as"),
    (E + "at: -1", 2, 5, "expected a timestamp such as"),
    (E + "seed: [1]", 2, 7, "expected a number or a text, found the array [1]"),
    (E + "validation: strict", 2, 13, 'expected one of STRICT, PRESENT, NONE did you mean "STRICT"?'),
    (E + "order: [1]", 2, 8, 'expected a whole number, or an order such as "0.2.1", found the array [1]'),
    (E + "order: first", 2, 8, "order"),
    (E + "strict: 1", 2, 9, "expected true or false, found the number 1"),
    (E + "synchronous: yes", 2, 14, 'expected true or false, found the text "yes"'),
    (E + "region: 5", 2, 9, "expected a text"),
    (E + "mockConfig: a.scenario.yaml", 2, 1, "mockConfig needs testCase"),
    (E + "testCase: a", 2, 1, "testCase needs mockConfig"),
    # the files it names
    (E + "machine: nowhere.json", 2, 10, "cannot read the machine "),
    (E + "machine: machin.asl.json", 2, 10, 'no such file or folder did you mean "machine.asl.json"?'),
    (E + "machine: ./foldr", 2, 10, 'no such file or folder did you mean "folder"?'),
    (E + "machine: template.yml#One", 2, 10, 'no such file or folder did you mean "template.yaml"?'),
    (E + "machine: [a]", 2, 10, "expected a text"),
    (E + "machine: template.yaml#Nix", 2, 10, "has no state machine 'Nix'; it has One, Two"),
    (E + "machine: template.yaml", 2, 10, "holds 2 machines; name one"),
    (E + "machine: folder", 2, 10, "cannot read the machine "),
    (E + "inputFile: nowhere.json", 2, 12, "nowhere.json: No such file or directory"),
    (E + "inputFile: [a]", 2, 12, "expected a text"),
    (E + "tasks: nowhere.py", 2, 8, "cannot read the tasks "),
    (E + "tasks: no_such_module_anywhere", 2, 8, "cannot import the tasks no_such_module_anywhere: ModuleNotFoundError"),
    (E + "tasks: broken.py", 2, 8, "broken.py: SyntaxError"),
    (E + "tasks: exits.py", 2, 8, "exits.py: SystemExit"),
    (E + "tasks: 5", 2, 8, "expected a text"),
    ("expect: {outputFile: nowhere.json}", 1, 22, "No such file"),
    (E + "substitutions: 5", 2, 16, "expected a value for each name"),
    # mocks
    (E + "mocks: 5", 2, 8, "expected answers for each name, found the number 5"),
    (E + "mocks: {Chrge: {result: 1}}", 2, 9, "the machine has no state and no resource 'Chrge' did you mean \"charge\"?"),
    (E + "mocks: {Done: {result: 1}}", 2, 9, "'Done' is a Pass state: only Task, Parallel and Map states"),
    (E + "mocks: {Charge: 5}", 2, 17, "expected an answer (with result, error, never or response) or a list of them, found the number 5"),
    (E + "mocks: {Charge: []}", 2, 17, "the mock of 'Charge' has no answer"),
    (E + "mocks: {Charge: {}}", 2, 17, "an answer has one of result, resultFile, response, error, never; this one has none"),
    (E + "mocks: {Charge: [{result: 1}, {after: 2}]}", 2, 31, "an answer has one of result"),
    (E + "mocks: {Charge: {result: 1, error: x}}", 2, 29, "an answer is one thing; this one has result and error"),
    (E + "mocks: {Charge: {reslt: 1, result: 1}}", 2, 18, "an answer has no key 'reslt' did you mean \"result\"?"),
    (
        E + "mocks: {Charge: {result: 1, cause: x}}",
        2,
        29,
        "'cause' does not go with 'result', which may have after, heartbeat, submitted, times",
    ),
    (E + "mocks: {Charge: {error: E, submitted: x}}", 2, 28, "'submitted' does not go with 'error'"),
    (E + "mocks: {Charge: {never: true, after: 1}}", 2, 31, "'after' does not go with 'never'"),
    (E + "mocks: {Charge: {never: false}}", 2, 25, "expected true, found false"),
    (E + "mocks: {Charge: {never: true, heartbeat: 5}}", 2, 17, "needs beats"),
    (E + "mocks: {Charge: {error: true}}", 2, 25, "expected a text, found true"),
    (E + "mocks: {Charge: {result: 1, after: soon}}", 2, 36, "expected a duration such as"),
    (E + "mocks: {Charge: {result: 1, after: -1}}", 2, 36, "expected a duration such as"),
    (E + "mocks: {Charge: {result: 1, times: 0}}", 2, 36, "expected a whole number, 1 or more, or always, found the number 0"),
    (E + "mocks: {Charge: {result: 1, times: often}}", 2, 36, "expected a whole number, 1 or more, or always"),
    (E + "mocks: {Charge: [{result: 1, times: always}, {result: 2}]}", 2, 46, "this answer is never given"),
    (E + "mocks: {Charge: [{result: 1, times: always}, {result: 2, within: x}]}", 2, 46, "this answer is never given"),
    (E + "mocks: {Charge: {result: 1, within: 1}}", 2, 37, "expected a text, found the number 1"),
    (E + "mocks: {Charge: {result: 1, after: 1, heartbeat: 0}}", 2, 17, "heartbeat is a duration above 0"),
    (E + "mocks: {Charge: {resultFile: nowhere.json}}", 2, 30, "No such file"),
    # what is expected
    ("input: 1", 1, 1, "the scenario expects nothing, so it cannot fail"),
    ("scenarios: {a: {input: 1}}", 1, 13, "the scenario expects nothing"),
    ("expect: {}", 1, 9, "expect is empty, so the scenario cannot fail"),
    ("expect: SUCCEEDED", 1, 9, 'expected what is expected (a mapping), found the text "SUCCEEDED"'),
    ("expect: {stats: SUCCEEDED}", 1, 10, "expect has no key 'stats' did you mean \"status\"?"),
    ("expect: {status: Succeeded}", 1, 18, 'expected one of SUCCEEDED, FAILED, TIMED_OUT, ABORTED, RUNNING did you mean "SUCCEEDED"?'),
    ("expect: {error: [a]}", 1, 17, 'expected a text, found the array ["a"]'),
    ("expect: {error: /(/}", 1, 17, "no regular expression: missing )"),
    ("expect: {cause: /(/}", 1, 17, "no regular expression"),
    ("expect: {outputIncludes: {a: [/(/]}}", 1, 31, "no regular expression"),
    ("expect: {path: Charge}", 1, 16, 'expected a list of names of states, in order, found the text "Charge"'),
    ("expect: {path: [Charge, Mint]}", 1, 25, "the machine has no state 'Mint'"),
    ("expect: {path: [5]}", 1, 17, "expected a text"),
    ("expect: {path: [{times: 2}]}", 1, 17, "expected a name, or times and path"),
    ("expect: {path: [{times: 2, pth: []}]}", 1, 28, "a repeated path has no key 'pth' did you mean \"path\"?"),
    ("expect: {path: [{times: 999999, path: [Charge]}]}", 1, 17, "the path has more than 100,000 names"),
    ("expect: {visited: Chrge}", 1, 19, "the machine has no state 'Chrge'"),
    ("expect: {notVisited: [Charge, Packk]}", 1, 31, "the machine has no state 'Packk' did you mean \"Pack\"?"),
    ("expect: {attempts: {Chrge: 1}}", 1, 21, "the machine has no state 'Chrge'"),
    ("expect: {attempts: {Charge: 1.5}}", 1, 29, "expected a whole number, 0 or more, found the number 1.5"),
    ("expect: {attempts: 3}", 1, 20, "expected a number for each state, found the number 3"),
    ("expect: {waits: [2 sleeps]}", 1, 18, "expected a duration such as"),
    ("expect: {waits: {Chrge: [1]}}", 1, 18, "the machine has no state 'Chrge'"),
    ("expect: {seconds: long}", 1, 19, "expected a duration such as"),
    ("expect: {events: [TaskFaild]}", 1, 19, "there is no event 'TaskFaild' did you mean \"TaskFailed\"?"),
    ("expect: {events: {TaskFaild: 1}}", 1, 19, "there is no event 'TaskFaild'"),
    ("expect: {events: {TaskFailed: x}}", 1, 31, "expected a whole number"),
    ("expect: {events: 5}", 1, 18, "expected a list of types of events, or how many there are of each"),
    ("expect: {asked: {Charge: 1}}", 1, 18, "the scenario has no mock 'Charge'"),
    ("mocks: {Charge: {result: 1}}\nexpect: {asked: {Chrge: 1}}", 2, 18, "the scenario has no mock 'Chrge' did you mean \"Charge\"?"),
    ("mocks: {Charge: {result: 1}}\nexpect: {asked: {Charge: x}}", 2, 26, "expected a list of what it was given each time"),
    ("expect: {visits: {Chrge: 1}}", 1, 19, "the machine has no state 'Chrge'"),
    ("expect: {visits: {Charge: x}}", 1, 27, "expected how often it was visited (a number), what a visit had"),
    ("expect: {visits: {Charge: {inpt: 1}}}", 1, 28, "a visit has no key 'inpt' did you mean \"input\"?"),
    ("expect: {visits: {Charge: {visit: 0}}}", 1, 35, "expected the number of a visit"),
    ("expect: {visits: {Charge: [{visit: 1}]}}", 1, 29, "a visit has no key 'visit'"),
    ("expect: {visits: {Charge: [5]}}", 1, 28, "expected what is expected of a visit (a mapping)"),
    ("expect: {left: {Charge: x}}", 1, 25, "expected a duration such as"),
    ("expect: {waitingUntil: {Charge: x}}", 1, 33, "expected a timestamp such as"),
    # what happens
    (E + "during: 5", 2, 9, "expected a list of steps, found the number 5"),
    (E + "during: [5]", 2, 10, "expected a step, with one of advance, until"),
    (E + "during: [{}]", 2, 10, "a step has one of advance, until, success, failure, heartbeat, stop, expect; this one has nothing"),
    (E + "during: [{wait: 5}]", 2, 10, "; this one has wait"),
    (E + "during: [{advance: 5, stop: true}]", 2, 10, "; this one has advance and stop"),
    (E + "during: [{advance: 2 weekends}]", 2, 20, "expected a duration such as"),
    (E + "during: [{until: Chrge}]", 2, 18, "the machine has no state 'Chrge'"),
    (E + "during: [{success: Charge, outpt: 1}]", 2, 28, "the step 'success' has no key 'outpt' did you mean \"output\"?"),
    (E + "during: [{heartbeat: Charge, output: 1}]", 2, 30, "the step 'heartbeat' has no key 'output'"),
    (E + "during: [{failure: Charge, error: []}]", 2, 35, "expected a text"),
    (E + "during: [{stop: false}]", 2, 17, "expected true, or error and cause, found false"),
    (E + "during: [{stop: {err: 1}}]", 2, 18, "stop has no key 'err'"),
    (E + "during: [{expect: {}}]", 2, 19, "expected what is expected at this moment"),
    (E + "during: [{expect: {stats: 1}}]", 2, 20, "expect has no key 'stats'"),
]


@pytest.fixture
def around(tmp_path: Path) -> Path:
    """A folder with what the files name."""
    machine = "{Type: AWS::Serverless::StateMachine, Properties: {Definition: {StartAt: A, States: {A: {Type: Succeed}}}}}"
    (tmp_path / "template.yaml").write_text(f"Resources:\n  One: {machine}\n  Two: {machine}\n")
    (tmp_path / "folder").mkdir()
    (tmp_path / "broken.py").write_text("def (:")
    (tmp_path / "exits.py").write_text("raise SystemExit(3)")
    return tmp_path


@pytest.mark.parametrize(("text", "line", "column", "said"), FAULTS, ids=[f"{case[3]} | {case[0]}"[:90] for case in FAULTS])
def test_a_fault_is_told_with_its_place(around: Path, text: str, line: int, column: int, said: str) -> None:
    found = faults(folder(around, text))
    assert len(found) == 1, found
    if said:
        assert found[0][:2] == (line, column), found
    assert said in found[0][2]


def test_every_fault_of_a_file_is_told_in_order(around: Path) -> None:
    text = "input: 1\nmock: {}\nmocks: {A: {}}\nscenarios:\n  a: {at: x, expect: {seconds: x, path: [B, C]}}\n  b: {expect: 5}\n"
    assert [fault[0] for fault in faults(folder(around, text))] == [2, 3, 3, 5, 5, 5, 5, 6]


def test_a_fault_of_the_shared_part_is_told_once(around: Path) -> None:
    text = "machine: nix\nexpect: {seconds: x}\nscenarios: {a: {}, b: {}, c: {}}"
    assert [fault[0] for fault in faults(folder(around, text))] == [1, 2]


def test_an_invalid_definition_is_told_with_its_own_faults(around: Path) -> None:
    broken = {"StartAt": "Chrge", "States": {**SHOP["States"], "Pause": {"Type": "Wait", "Seconds": 1, "Next": "Nix"}}}
    file = folder(around, E + "scenarios: {a: {}, b: {}}")
    (around / "machine.asl.json").write_text(json.dumps(broken, indent=1))
    with pytest.raises(InvalidScenarios) as raised:
        load(file)
    found = raised.value.diagnostics
    assert (found[0].source, found[0].line) == (str(file), 1)
    assert "machine.asl.json has " in found[0].message
    assert {fault.source for fault in found[1:]} == {str(around / "machine.asl.json")}
    assert all(fault.line is not None for fault in found[1:])
    assert "MISSING_TRANSITION_TARGET" in {fault.code for fault in found}


def test_a_bad_data_file_is_told_with_its_own_place(around: Path) -> None:
    (around / "bad.json").write_text('{"a":\n  nix}')
    with pytest.raises(InvalidScenarios) as raised:
        load(folder(around, E + "inputFile: bad.json"))
    places = [(Path(fault.source).name, fault.line) for fault in raised.value.diagnostics]
    assert places == [("a.scenario.yaml", 2), ("bad.json", 2)]


def test_a_scenario_without_a_machine_says_where_it_was_looked_for(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    file = tmp_path / "in" / "a.scenario.yaml"
    file.write_text(E)
    [(line, column, said)] = faults(file)
    assert (line, column) == (1, 1)
    assert "none beside the file or one folder up; expected machine: with its file" in said


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('{"expect": {"status": "SUCCEEDED"},\n "inptu": 1}', 2, "did you mean"),
        ('{"expect": {"status": "SUCCEEDED"},\n "input": 1,}', 2, "Expecting property name"),
        ('{"expect": {},\n "expect": {"status": "FAILED"}}', 2, "'expect' is given twice"),
        ("", 1, ""),
        ("\ufeff[1]", 1, "expected a scenario"),
    ],
)
def test_faults_in_json(around: Path, text: str, line: int, said: str) -> None:
    [fault] = faults(folder(around, text, "a.scenario.json"))
    assert (fault[0] or 1) == line
    assert said in fault[2]


BOMB = "x-a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n" + "".join(
    f"x-{chr(b)}: &{chr(b)} [{', '.join([f'*{chr(b - 1)}'] * 10)}]\n" for b in range(98, 108)
)


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        (BOMB + E, "a.scenario.yaml", "The aliases add more than 4,000,000 characters to the file"),
        ("[" * 100_000, "a.scenario.yaml", "nest"),
        ("[" * 100_000, "a.scenario.json", "nest"),
        ('{"a":' * 3000 + "1" + "}" * 3000, "a.scenario.json", "nest"),
        (f"expect: {{output: {'[' * 500}{']' * 500}}}", "a.scenario.yaml", "nest"),
        ("a: \x00", "a.scenario.yaml", "control characters are not allowed"),
    ],
)
def test_a_hostile_file_is_refused(around: Path, text: str, name: str, said: str) -> None:
    [fault] = faults(folder(around, text, name))
    assert said in fault[2]


def test_a_file_that_is_too_large_is_refused(around: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("states.testing.scenarios.loading.MAX_FILE", 100)
    monkeypatch.setattr("states.definition.formats.files.MAX_FILE", 100)
    [fault] = faults(folder(around, E + "#" * 100))
    assert "larger than the 100 bytes" in fault[2]


def test_what_is_not_text_is_refused(around: Path) -> None:
    file = folder(around, "")
    file.write_bytes(b"input: 1\n\xff\xfe\x00")
    assert [(line, said) for line, _, said in faults(file)] == [(2, "The file is not UTF-8: byte 0xff at offset 9 (invalid start byte)")]


def test_an_empty_data_file_is_no_definition(around: Path) -> None:
    (around / "empty.json").write_text(" ")
    said = [said for _, _, said in faults(folder(around, E + "inputFile: empty.json"))]
    assert [one for one in said if "definition" in one.lower()] == []
    assert "The file is empty; expected JSON" in said


def test_the_files_of_folders_are_found_sorted_and_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "b.scenario.yml",
        "a/z.scenario.json",
        "a/a.scenario.yaml",
        "a/a.yaml",
        ".git/x.scenario.yaml",
        "node_modules/x.scenario.yaml",
        ".scenario.yaml",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    monkeypatch.chdir(tmp_path)
    assert list(find(["."])) == ["b.scenario.yml", "a/a.scenario.yaml", "a/z.scenario.json"]
    assert list(find(["a/a.yaml", "a", "a/z.scenario.json"])) == ["a/a.yaml", "a/a.scenario.yaml", "a/z.scenario.json"]


# ---------------------------------------------------------------- mock configuration files

CONFIGURED = E + "input: {cents: 1, items: []}\nmockConfig: mocks.json\ntestCase: Happy\nmocks: {Charge: {result: 1}}"


def test_a_mock_configuration_is_put_on_the_bench_before_the_mocks(around: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str, list[str]]] = []
    monkeypatch.setattr(Bench, "mock_config", lambda bench, path, case: asked.append((path, case, [*bench.mocks])), raising=True)
    (around / "mocks.json").write_text("{}")
    [scenario] = load(folder(around, CONFIGURED))
    assert asked == [(str(around / "mocks.json"), "Happy", [])]
    assert [*scenario.bench.mocks] == ["Charge"]


@pytest.mark.parametrize("fault", [ValueError, KeyError, OSError, AssertionError])
def test_what_is_wrong_with_a_mock_configuration_is_told_where_it_is_named(
    around: Path, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    def refuse(*_: object) -> None:
        raise fault("no test case Happy\nand more")

    monkeypatch.setattr(Bench, "mock_config", refuse, raising=True)
    (around / "mocks.json").write_text("{}")
    [(line, column, said)] = faults(folder(around, CONFIGURED))
    assert (line, column) == (4, 11)
    assert "no test case Happy" in said


def test_a_mock_configuration_that_is_not_there(around: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Bench, "mock_config", lambda *_: None, raising=False)
    [(line, column, said)] = faults(folder(around, CONFIGURED))
    assert (line, column) == (3, 13)
    assert said.endswith("mocks.json: no such file")


def test_a_real_mock_configuration(around: Path) -> None:
    given = {"Throw": {"Error": "Busy", "Cause": ""}}
    config = {
        "StateMachines": {"any": {"TestCases": {"Happy": {"Charge": "A"}, "Sad": {"Charge": "B"}}}},
        "MockedResponses": {"A": {"0": {"Return": {"x": 1}}}, "B": {"0-1": given, "2": {"Return": 2}}},
    }
    (around / "mocks.json").write_text(json.dumps(config))
    text = "input: {cents: 1, items: []}\nmockConfig: mocks.json\nscenarios:\n"
    text += "  a: {testCase: Happy, expect: {outputIncludes: {paid: {x: 1}}}}\n"
    text += "  b: {testCase: Sad, expect: {outputIncludes: {paid: 2}, attempts: {Charge: 3}}}\n"
    assert [one.status for one in outcomes(folder(around, text))] == ["passed", "passed"]
    [(line, _, said)] = faults(folder(around, text.replace("Sad", "Sadd")))
    assert (line, "Sadd" in said) == (5, True)
    (around / "mocks.json").write_text('{"StateMachines": {},\n "Mocked": {}}')
    assert {fault[0] for fault in faults(folder(around, CONFIGURED))} >= {3, 2}


SENDS = {"StartAt": "S", "States": {"S": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {}, "End": True}}}
SENDS["States"]["S"]["Parameters"] = {"QueueUrl": "https://q", "MessageBody": "b"}  # type: ignore[index]


@pytest.mark.parametrize(("validation", "line"), [("", 2), ("validation: STRICT\n", 3), ("validation: NONE\n", None)])
def test_an_answer_that_aws_cannot_give_is_told(tmp_path: Path, validation: str, line: int | None) -> None:
    pytest.importorskip("botocore")
    text = f"{validation}expect: {{output: {{MessageId: 5}}}}\nmocks: {{S: {{result: {{MessageId: 5}}}}}}"
    found = faults(folder(tmp_path, text, machine=SENDS))
    assert [fault[:2] for fault in found] == ([] if line is None else [(line, 9)])
    assert all("validation: NONE lets it pass" in fault[2] for fault in found)
