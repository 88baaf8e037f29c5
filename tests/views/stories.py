"""Machines for the tests of the views: run on the virtual clock, told in a few words."""

from __future__ import annotations

import io
from typing import Any

from rich.console import Console

import states
from states.interpreter.execution import Execution
from states.views.story import Story, read
from states.views.visits import Chain, Visit

Json = Any


class Flaky(Exception):
    pass


class Broken(Exception):
    pass


def work(event: Json, context: states.TaskContext) -> Json:
    """Takes half a second; fails as the event asks: `{"fail": 2}` twice, `{"fail": 99}` always."""
    context.sleep(0.5)
    if isinstance(event, dict) and context.attempt <= event.get("fail", 0):
        raise Flaky("try again")
    return event


def broken(event: Json, context: states.TaskContext) -> Json:
    raise Broken("it is broken")


TASKS = {"work": work, "broken": broken}


def task(name: str = "work", **fields: Json) -> Json:
    return {"Type": "Task", "Resource": f"arn:aws:lambda:us-east-1:123456789012:function:{name}", **fields}


def block(**named: Json) -> Json:
    """States one after the other, in the order given; those that say where they lead keep it."""
    names = list(named)
    made = {}
    for place, (name, state) in enumerate(named.items()):
        is_last = place == len(names) - 1
        leads = {"Next", "End", "Choices"} & state.keys() or state["Type"] in ("Succeed", "Fail")
        made[name] = state if leads else {**state, **({"End": True} if is_last else {"Next": names[place + 1]})}
    return {"StartAt": names[0], "States": made}


PASS = {"Type": "Pass"}
FAIL = {"Type": "Fail", "Error": "Stop", "Cause": "no way on"}
RETRY = [{"ErrorEquals": ["Flaky"], "IntervalSeconds": 1, "MaxAttempts": 3}]
CATCH = [{"ErrorEquals": ["States.ALL"], "Next": "After"}]


def each(processor: Json, **fields: Json) -> Json:
    return {"Type": "Map", "ItemProcessor": processor, **fields}


def both(*branches: Json, **fields: Json) -> Json:
    return {"Type": "Parallel", "Branches": list(branches), **fields}


#: Name -> definition, input, and the way it takes in a few words (see `told`).
WAYS: dict[str, tuple[Json, Json, str]] = {
    "one state": (block(A=PASS), {}, "A"),
    "a wait": (block(A={"Type": "Wait", "Seconds": 5}, B={"Type": "Succeed"}), {}, "A B"),
    "a choice": (
        block(A={"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 1, "Next": "B"}], "Default": "B"}, B=PASS),
        {"n": 1},
        "A B",
    ),
    "a task": (block(A=task()), {}, "A/1"),
    "retries": (block(A=task(Retry=RETRY)), {"fail": 2}, "A/3"),
    "retries used up": (block(A=task(Retry=RETRY)), {"fail": 9}, "A:FAILED/4"),
    "caught": (block(A=task("broken", Catch=CATCH), After=PASS), {}, "A:CAUGHT/1 After"),
    "fail": (block(A=PASS, B=FAIL), {}, "A B:FAILED"),
    "branches": (block(A=both(block(B=task(), C=PASS), block(D=PASS)), E=PASS), {}, "A/1{0: B/1 C | 1: D} E"),
    "branches of branches": (
        block(A=both(block(B=both(block(C=PASS), block(D=task()))), block(E=task()))),
        {},
        "A/1{0: B/1{0: C | 1: D/1} | 1: E/1}",
    ),
    "a branch fails": (
        block(A=both(block(B=task("broken")), block(C={"Type": "Wait", "Seconds": 9}))),
        {},
        "A:FAILED/1{0: B:FAILED/1 | 1: C:ABORTED}",
    ),
    "a branch stops": (block(A=both(block(B=FAIL), block(C=task()))), {}, "A:FAILED/1{0: B:FAILED | 1: C:ABORTED}"),
    "a branch fails, caught": (
        block(A=both(block(B=task("broken")), block(C=task()), Catch=CATCH), After=PASS),
        {},
        "A:CAUGHT/1{0: B:FAILED/1 | 1: C:ABORTED/1} After",
    ),
    "branches again": (
        block(A=both(block(B=task("broken")), Retry=[{"ErrorEquals": ["Broken"], "MaxAttempts": 2}])),
        {},
        "A:FAILED/3{0: B:FAILED/1}",
    ),
    "items": (block(A=each(block(B=task()))), [1, 2, 3], "A/1{0: B/1 | 1: B/1 | 2: B/1}"),
    "no items": (block(A=each(block(B=task()))), [], "A/1"),
    "items one by one": (block(A=each(block(B=PASS, C=task()), MaxConcurrency=1)), [1, 2], "A/1{0: B C/1 | 1: B C/1}"),
    "items of items": (
        block(A=each(block(B=each(block(C=PASS))))),
        [[1], [2, 3]],
        "A/1{0: B/1{0: C} | 1: B/1{0: C | 1: C}}",
    ),
    "an item fails": (
        block(A=each(block(B=task()))),
        [{}, {"fail": 1}, {}],
        "A:FAILED/1{0: B/1 | 1: B:FAILED/1 | 2: B:ABORTED/1}",
    ),
    "items again": (
        block(A=each(block(B=PASS, C=task("broken")), Retry=[{"ErrorEquals": ["Broken"], "MaxAttempts": 1}], Catch=CATCH), After=PASS),
        [1],
        "A:CAUGHT/2{0: B C:FAILED/1} After",
    ),
    "an inner map fails twice over": (
        block(A=each(block(B=each(block(C=task("broken")))), Retry=[{"ErrorEquals": ["Broken"], "MaxAttempts": 1}])),
        [[1]],
        "A:FAILED/2{0: B:FAILED/1{0: C:FAILED/1}}",
    ),
    "a wrong path": (block(A={"Type": "Pass", "InputPath": "$.nothing"}), {}, "A:FAILED"),
    "a wrong path inside": (
        block(A=each(block(B={"Type": "Pass", "InputPath": "$.nothing"}), Catch=CATCH), After=PASS),
        [{}],
        "A:FAILED/1{0: B:FAILED}",
    ),
    "the machine's time is up": ({**block(A={"Type": "Wait", "Seconds": 60}), "TimeoutSeconds": 5}, {}, "A:TIMED_OUT"),
    "the task's time is up": (block(A=task(TimeoutSeconds=1, Retry=[])), {}, "A/1"),
    "a loop": (
        block(
            A={"Type": "Pass", "Result": 3},
            B={"Type": "Choice", "Choices": [{"Variable": "$", "NumericEquals": 0, "Next": "D"}], "Default": "C"},
            C={"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($, -1)"}, "OutputPath": "$.n", "Next": "B"},
            D={"Type": "Succeed"},
        ),
        {},
        "A B C B C B C B D",
    ),
}


def execute(name: str) -> Execution:
    definition, input, _ = WAYS[name]
    return states.run(states.loads(definition), input, TASKS)


def story(name: str) -> Story:
    return read(execute(name).history.recorded)


def told(chain: Chain) -> str:
    """A chain in a few words: `A/3{0: B | 1: C:FAILED}` is A with three attempts around two chains; SUCCEEDED is not said."""
    return " ".join(_visit(visit) for visit in chain.visits)


def _visit(visit: Visit) -> str:
    status = "" if visit.status == "SUCCEEDED" else f":{visit.status}"
    attempts = f"/{len(visit.attempts)}" if visit.attempts else ""
    inside = " | ".join(f"{chain.index}: {told(chain)}" for chain in visit.chains)
    return f"{visit.name}{status}{attempts}" + (f"{{{inside}}}" if inside else "")


def drawn(renderable: Any, width: int = 100, *, color: bool = False) -> str:
    """What a console of this width shows."""
    file = io.StringIO()
    system = "truecolor" if color else None
    console = Console(file=file, width=width, force_terminal=color, color_system=system, highlight=False, markup=False, emoji=False)
    console.print(renderable, end="")
    return file.getvalue()
