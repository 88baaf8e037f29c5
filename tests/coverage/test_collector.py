"""What is one machine, what is counted where, and how counts come together."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

import states
from states.coverage import Collector
from states.coverage.collector import Record
from states.interpreter.inspection import Inspector
from states.interpreter.setup import Setup
from states.running import watchers

PASS: dict[str, Any] = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
OTHER: dict[str, Any] = {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}
TWO = """
Resources:
  First:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {StartAt: A, States: {A: {Type: Pass, End: true}}}
  Second:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {StartAt: A, States: {A: {Type: Succeed}}}
"""


def saved(folder: Path, definition: Any = PASS, name: str = "m.asl.json") -> Path:
    path = folder / name
    path.write_text(definition if isinstance(definition, str) else json.dumps(definition))
    return path


def counts(collector: Collector) -> list[list[int]]:
    return [record.counts for record in collector.records]


def watched(*runs: Any, made_by: Any = lambda: "") -> Collector:
    collector = Collector(made_by)
    with collector.watching():
        for machine in runs:
            states.run(machine)
    return collector


# ---------------------------------------------------------------- what is one machine


def test_a_file_that_is_loaded_again_is_one_machine(tmp_path: Path) -> None:
    path = saved(tmp_path)
    machine = states.load(path)
    assert counts(watched(machine, machine, states.load(path), str(path), path)) == [[5, 5]]


def test_a_file_is_known_by_its_real_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(tmp_path)
    (tmp_path / "link.asl.json").symlink_to(path)
    monkeypatch.chdir(tmp_path)
    collector = watched(path, "m.asl.json", "./m.asl.json", "link.asl.json")
    assert counts(collector) == [[4, 4]]
    assert [record.path for record in collector.records] == [str(path.resolve())]


def test_a_file_that_was_changed_is_another_machine(tmp_path: Path) -> None:
    path = saved(tmp_path)
    collector = watched(path)
    saved(tmp_path, OTHER)
    with collector.watching():
        states.run(path)
    assert counts(collector) == [[1, 1], [1]]


def test_the_same_text_in_two_files_is_two_machines(tmp_path: Path) -> None:
    assert counts(watched(saved(tmp_path), saved(tmp_path, name="n.asl.json"))) == [[1, 1], [1, 1]]


def test_the_machines_of_a_template_are_several(tmp_path: Path) -> None:
    path = saved(tmp_path, TWO, "template.yaml")
    assert counts(watched(f"{path}#First", f"{path}#Second", f"{path}#First")) == [[2, 2], [1]]


def test_a_dictionary_is_known_by_its_content_and_called_after_its_first_maker() -> None:
    makers = iter(["test_b", "test_a", "test_c"])
    collector = watched(PASS, json.loads(json.dumps(PASS)), states.loads(OTHER), made_by=lambda: next(makers))
    assert [(record.made_by, record.counts) for record in collector.records] == [("test_b", [2, 2]), ("test_c", [1])]


def test_a_machine_of_a_text_with_a_name_that_is_no_file_has_no_path() -> None:
    (record,) = watched(states.loads(json.dumps(PASS), source="nowhere.asl.json")).records
    assert record.path == ""


def test_a_machine_that_never_ran_has_no_counts(tmp_path: Path) -> None:
    collector = Collector()
    record = collector.add(states.load(saved(tmp_path)))
    assert isinstance(record, Record)
    assert counts(collector) == [[0, 0]]


# ---------------------------------------------------------------- who is watched


def test_nothing_is_counted_before_and_after() -> None:
    machine = states.loads(PASS)
    collector = Collector()
    states.run(machine)
    with collector.watching():
        states.run(machine)
    states.run(machine)
    assert counts(collector) == [[1, 1]]
    assert collector.watch not in watchers


def test_watching_ends_with_an_error_too() -> None:
    collector = Collector()
    with pytest.raises(RuntimeError), collector.watching():
        raise RuntimeError
    assert collector.watch not in watchers


def test_a_probe_of_the_test_is_told_too() -> None:
    collector, inspector = Collector(), Inspector()
    with collector.watching():
        states.run(PASS, setup=Setup(probe=inspector))
    assert counts(collector) == [[1, 1]]
    assert list(inspector.attempts) == ["A#1"]


def test_two_collectors_count_the_same() -> None:
    one, two = Collector(), Collector()
    with one.watching(), two.watching():
        states.run(PASS)
    assert counts(one) == counts(two) == [[1, 1]]


def test_an_execution_that_goes_on_step_by_step_is_counted() -> None:
    waiting = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 9, "End": True}}}
    collector = Collector()
    with collector.watching():
        driver = states.start(waiting)
    assert counts(collector) == [[1, 0]]
    driver.run()
    assert counts(collector) == [[1, 1]]


def test_executions_in_real_time_and_in_threads_are_counted() -> None:
    machine = states.loads(PASS)
    collector = Collector()
    with collector.watching():
        with states.RealTime() as scheduler:
            for run in [scheduler.start(machine) for _ in range(20)]:
                run.result(timeout=30)
        threads = [threading.Thread(target=states.run, args=(machine,)) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert counts(collector) == [[30, 30]]


def test_an_execution_is_the_same_as_without() -> None:
    plain = states.run(PASS, {"n": 1})
    with Collector().watching():
        assert states.run(PASS, {"n": 1}).history == plain.history


# ---------------------------------------------------------------- from process to process


def test_data_is_json_and_adds_up(tmp_path: Path) -> None:
    path = saved(tmp_path)
    first, second = watched(path, path, PASS, made_by=lambda: "test_b"), watched(path, OTHER, PASS, made_by=lambda: "test_a")
    both = Collector()
    for one in (first, second):
        both.merge(json.loads(json.dumps(one.data())))
    assert [(record.made_by, record.counts) for record in both.records] == [("", [3, 3]), ("test_a", [2, 2]), ("test_a", [1])]
    turned = Collector()
    for one in (second, first):
        turned.merge(one.data())
    assert sorted((record.key, record.made_by, record.counts) for record in turned.records) == sorted(
        (record.key, record.made_by, record.counts) for record in both.records
    )


def test_merging_goes_on_where_counting_was() -> None:
    machine = states.loads(PASS)
    collector, data = Collector(lambda: "test_z"), watched(PASS, made_by=lambda: "test_a").data()
    with collector.watching():
        states.run(machine)
        collector.merge(data)
        states.run(machine)
    assert [(record.made_by, record.counts) for record in collector.records] == [("test_a", [3, 3])]


def test_goals_that_a_definition_has_no_more_are_left_out() -> None:
    data = watched(PASS).data()
    data["machines"][0]["counts"]["/States/Gone entered"] = 7
    collector = Collector()
    collector.merge(data)
    assert counts(collector) == [[1, 1]]


@pytest.mark.parametrize("data", [None, [], {}, {"states coverage": 2, "machines": []}])
def test_other_data_is_refused(data: Any) -> None:
    with pytest.raises(ValueError, match="no coverage data of version 1"):
        Collector().merge(data)
