"""The figures: JSONata's official suite, generated expressions, and what AWS was seen to answer.

The three files lie beside this project. Every case that is answered otherwise is listed here with its reason; `pytest -s` prints
the figures.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from states.language import jsonata
from states.language.values import equal
from tests.language.given import recorded

Outcome = tuple[str, Any]

NO_EVAL = "AWS has no $eval"
LONG = "AWS writes an integer of 64 bits in full; jsonata-js rounds it to 15 digits"
AT_ONCE = "jsonata-js evaluates the members of an array or object at once, and another one's error comes first; here they stand in order"
NO_BASE64 = "AWS fails on what is no base64 (measured); jsonata-js reads over it"

#: Cases whose value, nothing or error differs.
DIFFERENT = {
    "function-eval/case000.json#0": NO_EVAL,
    "function-eval/case002.json#0": NO_EVAL,
    "function-eval/case004.json#0": NO_EVAL,
    "function-eval/case008.json#0": NO_EVAL,
    "function-eval/case008.json#1": NO_EVAL,
    "function-eval/case008.json#2": NO_EVAL,
    "function-eval/case008.json#3": NO_EVAL,
    "fuzz145": LONG,
    "fuzz518": LONG,
    "fuzz1546": LONG,
    "fuzz1826": LONG,
    "fuzz2796": LONG,
    "fuzz3345": LONG,
    "fuzz3370": NO_BASE64,
}
#: Cases that fail as they should, with another code.
OTHER_CODE = dict.fromkeys(
    [
        "fuzz49",
        "fuzz500",
        "fuzz980",
        "fuzz1108",
        "fuzz1152",
        "fuzz1527",
        "fuzz1556",
        "fuzz1923",
        "fuzz2116",
        "fuzz2253",
        "fuzz3011",
        "fuzz3403",
    ],
    AT_ONCE,
)


def outcome(expression: str, bindings: dict[str, Any], context: Any = jsonata.UNDEFINED) -> Outcome:
    try:
        value = jsonata.compile(expression).evaluate(bindings, context=context)
    except jsonata.JsonataError as error:
        return "error", error
    if value is jsonata.UNDEFINED:
        return "undefined", None
    return "function" if isinstance(value, jsonata.FunctionValue) else "value", value


def judge(lines: list[dict[str, Any]], evaluate: Callable[[dict[str, Any]], Outcome], wanted: str) -> tuple[float, float]:
    """(share of equal outcomes, share of equal codes among those that fail); checks that the lists above are complete."""
    right = failing = coded = 0
    for case in lines:
        kind, found = evaluate(case)
        same = kind == case[wanted] and (kind != "value" or equal(found, case["result"]))
        right += same
        assert same is (case["id"] not in DIFFERENT), (case["id"], case["expression"], kind, found)
        if case[wanted] == "error":
            failing += 1
            same_code = kind == "error" and found.code == case["code"]
            coded += same_code
            assert same_code is (case["id"] not in OTHER_CODE), (case["id"], case["expression"], found)
    return right / len(lines), coded / failing


def read(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in recorded(f"jsonata-suite/{name}").splitlines()]


def test_the_official_suite() -> None:
    def evaluate(case: dict[str, Any]) -> Outcome:
        return outcome(case["expression"], case.get("bindings") or {}, case.get("data", jsonata.UNDEFINED))

    cases = [case for case in read("official.jsonl") if case["same_in_2_0_6"]]
    outcomes, codes = judge(cases, evaluate, "want")
    print(f"\nofficial suite: {len(cases)} cases, {outcomes:.2%} the same outcome, {codes:.2%} of the errors with the code")
    assert outcomes >= 0.99
    assert codes >= 0.97


def test_generated_expressions() -> None:
    bindings = json.loads(recorded("jsonata-suite/generated_bindings.json"))
    # The file's keys are sorted; the values recorded show the order they were evaluated in.
    given = bindings["states"]["input"]
    given["objs"] = [{key: member[key] for key in ("id", "g", "p", "tags") if key in member} for member in given["objs"]]
    before = json.dumps(bindings)
    cases = read("generated.jsonl")
    outcomes, codes = judge(cases, lambda case: outcome(case["expression"], bindings), "outcome")
    print(f"\ngenerated: {len(cases)} cases, {outcomes:.2%} the same outcome, {codes:.2%} of the errors with the code")
    assert outcomes >= 0.995
    assert codes >= 0.99
    assert json.dumps(bindings) == before


def test_what_aws_answered() -> None:
    facts = json.loads(recorded("aws/jsonata_facts.json"))
    wrong = [fact["expression"] for fact in facts if not agrees(fact)]
    print(f"\nAWS: {len(facts)} facts, {1 - len(wrong) / len(facts):.2%} answered as AWS did")
    assert wrong == []


def agrees(fact: dict[str, Any]) -> bool:
    wanted, expression = fact["aws_error"], fact["expression"]
    faults = jsonata.faults(expression)
    if wanted is not None and wanted["class"] == "definition":
        return [fault[:2] for fault in faults] == [(wanted["code"], wanted["message"])]
    kind, found = outcome(expression, {"states": {"input": fact["input"]}})
    if wanted is None:
        return not faults and kind == "value" and equal(found, fact["aws_result"]) and type(found) is type(fact["aws_result"])
    tail = wanted["cause_tail"] or ""
    if wanted["class"] == "undefined":
        return kind == "undefined"
    if wanted["class"] == "type":
        return kind == ("function" if "unsupported" in tail else "value")
    if kind != "error" or found.kind != wanted["class"]:
        return False
    if wanted["class"] == "thrown":
        return found.code == wanted["code"] and tail in ("", f"{found.code}: {found.message}")
    return wanted["class"] == "internal" or found.message == tail or ("timeout" in found.message and "timeout" in tail)
