"""Names, lines, sources and exclusions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import states
from states.coverage import Collector, Results, measure
from states.coverage.goals import Goal
from states.coverage.results import Covered, Measured, Tally, pattern
from states.coverage.text import percent

TASK = "arn:aws:lambda:us-east-1:123456789012:function:work"
ORDER = """{
  "StartAt": "Pay",
  "States": {
    "Pay": {
      "Type": "Task",
      "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work",
      "Retry": [
        {"ErrorEquals": ["A"]},
        {"ErrorEquals": ["B"], "MaxAttempts": 0}
      ],
      "Next": "Done"
    },
    "Done": {"Type": "Succeed"}
  }
}
"""
ORDER_LINES = {
    "/States/Pay entered": 4,
    "/States/Pay/Retry[0] recovered": 8,
    "/States/Pay/Retry[0] exhausted": 8,
    "/States/Pay/Retry[1] exhausted": 9,
    "/States/Pay/Next taken": 11,
    "/States/Done entered": 13,
}
YAML = """\
StartAt: Which
States:
  Which:
    Type: Choice
    Choices:
      - Variable: $.n
        NumericEquals: 1
        Next: Done
    Default: Done
  Done: {Type: Succeed}
"""
YAML_LINES = {
    "/States/Which entered": 3,
    "/States/Which/Choices[0] true": 6,
    "/States/Which/Choices[0] false": 6,
    "/States/Which/Default taken": 9,
    "/States/Done entered": 10,
}
TEMPLATE = """\
Resources:
  Inline:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: A
        States:
          A:
            Type: Pass
            Next: B
          B: {Type: Succeed}
  AsText:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionString: !Sub |
        {"StartAt": "A",
         "States": {
           "A": {"Type": "Task", "Resource": "${Work}", "Next": "C"},
           "C": {"Type": "Succeed"}}}
  Elsewhere:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: order.asl.json
"""
INLINE_LINES = {"/States/A entered": 8, "/States/A/Next taken": 10, "/States/B entered": 11}
TEXT_LINES = {"/States/A entered": 18, "/States/A/Next taken": 18, "/States/C entered": 19}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = {
        "flows/order.asl.json": ORDER,
        "flows/choose.asl.yaml": YAML,
        "flows/refund/machine.asl.json": '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}',
        "infra/template.yaml": TEMPLATE,
        "infra/order.asl.json": ORDER,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*machines: Any, sources: Any = (), made_by: str = "", **options: Any) -> Results:
    """The results of executions, and of sources beside them."""
    collector = Collector(lambda: made_by)
    with collector.watching():
        for machine in machines:
            states.run(machine, {"n": 1}, {"work": lambda event, context: event, "A": lambda event, context: event})
    return measure(collector, [str(source) for source in sources], **options)


def titles(results: Results) -> list[str]:
    return [machine.title for machine in results.machines]


def lines(machine: Covered) -> dict[str, int | None]:
    return {one.goal.name: one.line for one in machine.measured}


# ---------------------------------------------------------------- names and lines


@pytest.mark.parametrize(
    ("given", "title", "name", "expected"),
    [
        ("flows/order.asl.json", "flows/order.asl.json", "order", ORDER_LINES),
        ("flows/choose.asl.yaml", "flows/choose.asl.yaml", "choose", YAML_LINES),
        ("flows/refund/machine.asl.json", "flows/refund/machine.asl.json", "refund", {"/States/A entered": 1}),
        ("infra/template.yaml#Inline", "infra/template.yaml#Inline", "Inline", INLINE_LINES),
        ("infra/template.yaml#AsText", "infra/template.yaml#AsText", "AsText", TEXT_LINES),
        ("infra/template.yaml#Elsewhere", "infra/order.asl.json", "order", ORDER_LINES),
    ],
)
@pytest.mark.usefixtures("project")
def test_a_machine_has_a_name_and_its_goals_have_lines(given: str, title: str, name: str, expected: Any) -> None:
    (machine,) = run(states.load(given, substitutions={"Work": TASK})).machines
    assert (machine.title, machine.name) == (title, name)
    assert lines(machine) == expected


def test_a_machine_outside_the_root_is_called_by_its_whole_path(project: Path) -> None:
    (machine,) = run("infra/order.asl.json", root=str(project / "flows")).machines
    assert machine.title == str(project / "infra/order.asl.json")


def test_lines_are_those_of_the_file_when_it_was_loaded(project: Path) -> None:
    machine = states.load("flows/order.asl.json")
    (project / "flows/order.asl.json").write_text("\n\n\n" + ORDER)
    (found,) = run(machine).machines
    assert lines(found) == ORDER_LINES


def test_other_substitutions_are_the_same_machine(project: Path) -> None:
    name = "infra/template.yaml#AsText"
    loaded = [states.load(name, substitutions={"Work": resource}) for resource in (TASK, f"{TASK}:1", TASK)]
    (machine,) = run(*loaded, sources=[name]).machines
    assert [one.times for one in machine.measured] == [3, 3, 3]


def test_machines_without_a_file_are_listed_when_asked_for() -> None:
    definition = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
    assert run(definition, made_by="test_x.py::test").machines == ()
    (machine,) = run(definition, made_by="test_x.py::test", inline=True).machines
    assert (machine.title, machine.name, machine.path) == ("test_x.py::test", "test_x.py::test", "")
    assert json.loads(machine.text) == definition
    assert lines(machine) == {"/States/A entered": 4, "/States/A/End taken": 6}


# ---------------------------------------------------------------- sources

ALL_FLOWS = ["flows/choose.asl.yaml", "flows/order.asl.json", "flows/refund/machine.asl.json"]


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ([], ["flows/order.asl.json", "infra/template.yaml#Inline"]),
        (["flows"], ALL_FLOWS),
        (["flows/order.asl.json"], ["flows/order.asl.json"]),
        (["flows/order.asl.json", "flows/refund"], ["flows/order.asl.json", "flows/refund/machine.asl.json"]),
        (["infra"], ["infra/order.asl.json", "infra/template.yaml#AsText", "infra/template.yaml#Inline"]),
        (["infra/template.yaml#Inline"], ["infra/template.yaml#Inline"]),
        (["infra/template.yaml#AsText"], ["infra/template.yaml#AsText"]),
    ],
)
@pytest.mark.usefixtures("project")
def test_sources_are_shown_and_nothing_else(sources: list[str], expected: list[str]) -> None:
    found = run("flows/order.asl.json", states.load("infra/template.yaml#Inline"), sources=sources)
    assert titles(found) == expected


@pytest.mark.usefixtures("project")
def test_a_source_that_never_ran_counts() -> None:
    found = run("flows/order.asl.json", sources=["flows"])
    assert {machine.title: machine.tally() for machine in found.machines} == {
        "flows/choose.asl.yaml": Tally(0, 5),
        "flows/order.asl.json": Tally(3, 6),
        "flows/refund/machine.asl.json": Tally(0, 1),
    }
    assert found.percent == 25.0


def test_what_is_no_definition_is_said(project: Path) -> None:
    (project / "flows/broken.asl.json").write_text('{"StartAt": "A",\n "States": {"A": {"Type": "Pass", "Next": "B"}}}')
    found = run(sources=["flows"])
    assert titles(found) == ALL_FLOWS
    assert found.unreadable == (("flows/broken.asl.json", "2: Missing 'Next' target: B"),)


@pytest.mark.parametrize(
    ("sources", "exclude", "unreadable", "unmatched"),
    [
        (["flows"], [], [], []),
        (["none"], [], [("none", "no definition is in this folder")], []),
        (["none", "none"], [], [("none", "no definition is in this folder")], []),
        (["none", "flows"], ["none"], [], []),
        (["none", "flows"], ["non"], [("none", "no definition is in this folder")], ["non"]),
        (["flows/gone.asl.json"], [], [("flows/gone.asl.json", "No such file or directory")], []),
        (
            ["flows/order.asl.json#X"],
            [],
            [("flows/order.asl.json#X", "flows/order.asl.json has no state machine 'X'; it has none with a name")],
            [],
        ),
    ],
)
def test_a_source_without_definitions(project: Path, sources: list[str], exclude: list[str], unreadable: Any, unmatched: list[str]) -> None:
    (project / "none").mkdir()
    (project / "none/x.json").write_text("{}")
    found = run(sources=sources, exclude=exclude)
    assert (list(found.unreadable), list(found.unmatched)) == (unreadable, unmatched)


def test_sources_are_called_as_from_the_root(project: Path) -> None:
    (project / "none").mkdir()
    given = [str(project / "none"), str(project.parent / "gone.asl.json")]
    assert [name for name, _ in run(sources=given).unreadable] == ["none", str(project.parent.resolve() / "gone.asl.json")]


# ---------------------------------------------------------------- is it enough?

BAD = (("a.asl.json", "1: no"), ("b.asl.json", "2: no"), ("c.asl.json", "3: no"))


@pytest.mark.parametrize(
    ("reached", "total", "unreadable", "least", "said"),
    [
        (1, 2, (), None, []),
        (1, 2, (), 50.0, []),
        (1, 2, (), 50.1, ["50.0% is less than 50.1%"]),
        (29_999, 30_000, (), 100.0, ["99.99% is less than 100%"]),
        (1, 1, (), 100.0, []),
        (1, 1, (), float("nan"), ["100.0% is less than nan%"]),
        (0, 0, (), None, []),
        (0, 0, (), 0.0, []),
        (0, 0, (), 1.0, ["nothing was measured; expected at least 1%"]),
        (0, 0, BAD[:1], 1.0, ["a.asl.json could not be read: 1: no"]),
        (1, 2, BAD[:1], None, ["a.asl.json could not be read: 1: no"]),
        (1, 2, BAD[:2], 0.0, ["a.asl.json could not be read: 1: no (and 1 other)"]),
        (1, 2, BAD, 60.0, ["a.asl.json could not be read: 1: no (and 2 others)", "50.0% is less than 60%"]),
        (1, 1, (("a\x1b", "b\n"),), None, [r"a\x1b could not be read: b"]),
    ],
)
def test_faults(reached: int, total: int, unreadable: Any, least: float | None, said: list[str]) -> None:
    goal = Goal("state", "/States/A", "/States/A", "entered")
    measured = tuple(Measured(goal, 1, int(number < reached), False) for number in range(total))
    machines = (Covered("t", "n", "", "", {}, "STANDARD", measured),) if total else ()
    told = Results(machines, "/", unreadable).faults(least)
    assert [line.removeprefix("coverage of state machines: ").rstrip() for line in told] == said


@pytest.mark.usefixtures("project")
def test_a_machine_of_which_everything_is_excluded_was_measured() -> None:
    assert run(sources=["flows"], exclude=["*"]).faults(100.0) == []


# ---------------------------------------------------------------- exclusions


@pytest.mark.parametrize(
    ("text", "name", "whether"),
    [
        ("order/States/Pay entered", "order/States/Pay entered", True),
        ("order/States/Pay", "order/States/Pay entered", False),
        ("*", "order/States/Pay entered", True),
        ("order/*", "order/States/Pay/Retry[0] exhausted", True),
        ("*/Retry[0] exhausted", "order/States/Pay/Retry[0] exhausted", True),
        ("*/Retry[0] exhausted", "order/States/Pay/Retry0 exhausted", False),
        ("*/Retry[?] exhausted", "order/States/Pay/Retry[1] exhausted", True),
        ("*/Retry[?] exhausted", "order/States/Pay/Retry[12] exhausted", False),
        ("a.c", "abc", False),
        ("a*", "a\nb", True),
        ("", "a", False),
    ],
)
def test_a_pattern(text: str, name: str, whether: bool) -> None:
    assert bool(pattern(text).fullmatch(name)) is whether


@pytest.mark.parametrize(
    "exclude",
    [
        ["order/States/Pay/Retry[0] *"],
        ["flows/order.asl.json/States/Pay/Retry[0] *"],
        ["*/Retry[0] recovered", "*/Retry[0] exhausted", "order/States/Pay/Retry[0] exhausted"],
    ],
)
@pytest.mark.usefixtures("project")
def test_excluded_goals_do_not_count(exclude: list[str]) -> None:
    (machine,) = run("flows/order.asl.json", exclude=exclude).machines
    assert [one.goal.name for one in machine.excluded] == ["/States/Pay/Retry[0] recovered", "/States/Pay/Retry[0] exhausted"]
    assert [one.goal.name for one in machine.missed] == ["/States/Pay/Retry[1] exhausted"]
    assert machine.tally() == Tally(3, 4)
    assert machine.tally("retry") == Tally(0, 1)


@pytest.mark.usefixtures("project")
def test_a_pattern_that_excludes_nothing_is_said_when_everything_was_looked_at() -> None:
    exclude = ["order/*", "nothing", "*/Retry[7] exhausted"]
    assert run("flows/order.asl.json", sources=["flows"], exclude=exclude).unmatched == ("nothing", "*/Retry[7] exhausted")
    assert run("flows/choose.asl.yaml", exclude=exclude).unmatched == ()


# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("reached", "total", "said", "number"),
    [(0, 0, "100%", 100.0), (0, 7, "0.0%", 0.0), (1, 3, "33.3%", 100 / 3), (1999, 2000, "99.9%", 99.95), (5, 5, "100%", 100.0)],
)
def test_percent(reached: int, total: int, said: str, number: float) -> None:
    assert percent(Tally(reached, total)) == said
    assert Tally(reached, total).percent == pytest.approx(number)
