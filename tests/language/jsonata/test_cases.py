"""Tables of expressions, each with its value, with nothing, or with the error and its sentence."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from states.language import jsonata
from tests.language.given import identical
from tests.shared import ROOT

FILES = sorted((ROOT / "tests" / "cases" / "jsonata").glob("*.json"))


def cases() -> list[Any]:
    found = []
    for path in FILES:
        table = json.loads(path.read_text(encoding="utf-8"))
        found += [pytest.param(table["given"], case, id=f"{path.stem}: {case['expression'][:60]}") for case in table["cases"]]
    return found


def outcome(expression: str, given: Any) -> dict[str, Any]:
    try:
        value = jsonata.compile(expression).evaluate(given)
    except jsonata.JsonataError as error:
        return {"error": error.code} if error.kind == jsonata.INTERNAL else {"error": error.code, "message": error.message}
    if value is jsonata.UNDEFINED:
        return {"undefined": True}
    return {"function": True} if isinstance(value, jsonata.FunctionValue) else {"result": value}


@pytest.mark.parametrize(("given", "case"), cases())
def test_an_expression_gives_its_value_nothing_or_its_error(given: Any, case: dict[str, Any]) -> None:
    wanted = {key: value for key, value in case.items() if key != "expression"}
    found = outcome(case["expression"], given)
    assert found.keys() == wanted.keys(), found
    assert identical(found, wanted), found


def test_evaluation_changes_nothing_it_is_given() -> None:
    for path in FILES:
        table = json.loads(path.read_text(encoding="utf-8"))
        before = json.dumps(table["given"])
        for case in table["cases"]:
            outcome(case["expression"], table["given"])
        assert json.dumps(table["given"]) == before


def test_threads_find_what_one_finds() -> None:
    table = json.loads((ROOT / "tests" / "cases" / "jsonata" / "paths.json").read_text(encoding="utf-8"))
    wrong: list[Any] = []

    def work() -> None:
        for case in table["cases"] * 3:
            found = outcome(case["expression"], table["given"])
            if "result" in case and found.get("result") != case["result"]:
                wrong.append((case, found))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
