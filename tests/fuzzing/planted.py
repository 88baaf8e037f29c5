"""Machines with one planted fault each: what they are given, what must be found, and the smallest case a person would write."""

from __future__ import annotations

from typing import Any, NamedTuple

Json = Any

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:"


def task(name: str, **more: Any) -> dict[str, Any]:
    """A Task of the function `name`, with an End unless it says Next."""
    return {"Type": "Task", "Resource": f"{LAMBDA}{name}", **({} if "Next" in more else {"End": True}), **more}


def machine(start: str, /, **states: Any) -> dict[str, Any]:
    return {"StartAt": start, "States": states}


def rule(variable: str, next: str, **operator: Any) -> dict[str, Any]:
    return {"Variable": variable, **operator, "Next": next}


class Planted(NamedTuple):
    """A machine and its fault: `kind`, `state` and `error` of the ending, the smallest input, and the faults of its tasks."""

    definition: dict[str, Any]
    kind: str
    state: str | None
    error: str | None
    input: Json = None
    faults: tuple[tuple[str, str, int | None], ...] = ()
    schema: Json = None
    examples: tuple[Json, ...] = ()
    tasks: Json = None


DONE = {"Type": "Succeed"}

NO_IS_PRESENT = machine(
    "HasDiscount",
    HasDiscount={"Type": "Choice", "Choices": [rule("$.discount", "Cheap", NumericGreaterThan=0)], "Default": "Full"},
    Cheap=DONE,
    Full=DONE,
)
NO_DEFAULT = machine(
    "Which",
    Which={"Type": "Choice", "Choices": [rule("$.kind", "A", StringEquals="card"), rule("$.kind", "B", StringEquals="cash")]},
    A=DONE,
    B=DONE,
)
NO_DEFAULT_NUMBER = machine(
    "Amount",
    Amount={"Type": "Choice", "Choices": [rule("$.n", "A", NumericLessThan=100), rule("$.n", "B", NumericGreaterThan=100)]},
    A=DONE,
    B=DONE,
)
SHADOWED_RETRIER = machine(
    "Charge",
    Charge=task(
        "charge",
        Retry=[
            {"ErrorEquals": ["States.TaskFailed"], "MaxAttempts": 1},
            {"ErrorEquals": ["Busy"], "MaxAttempts": 5},
        ],
    ),
)
GROWING = machine(
    "Start",
    Start={"Type": "Pass", "Parameters": {"text.$": "$.text", "n": 0}, "Next": "Double"},
    Double={
        "Type": "Pass",
        "Parameters": {"text.$": "States.Format('{}{}', $.text, $.text)", "n.$": "States.MathAdd($.n, 1)"},
        "Next": "Enough",
    },
    Enough={"Type": "Choice", "Choices": [rule("$.n", "Done", NumericGreaterThanEquals=20)], "Default": "Double"},
    Done=DONE,
)
ENDLESS = machine(
    "Count",
    Count={"Type": "Pass", "Parameters": {"n.$": "$.n"}, "Next": "More"},
    More={"Type": "Choice", "Choices": [rule("$.n", "Done", NumericLessThan=3)], "Default": "Count"},
    Done=DONE,
)
DROPPING_CATCHER = machine(
    "Ship",
    Ship=task("ship", ResultPath="$.parcel", Catch=[{"ErrorEquals": ["NoAddress"], "Next": "Refund"}], Next="Done"),
    Refund=task("refund", Parameters={"order.$": "$.order"}),
    Done=DONE,
)
UNHANDLED_TIMEOUT = machine("Ask", Ask=task("ask", TimeoutSeconds=10))
TIMEOUT_BESIDE_CATCH = machine(
    "Ask", Ask=task("ask", TimeoutSeconds=10, Catch=[{"ErrorEquals": ["No"], "Next": "Done"}], Next="Done"), Done=DONE
)
LOST_HEARTBEAT = machine(
    "Work",
    Work=task(
        "work",
        TimeoutSeconds=600,
        HeartbeatSeconds=60,
        Catch=[{"ErrorEquals": ["States.TaskFailed"], "ResultPath": "$.why", "Next": "Done"}],
        Next="Done",
    ),
    Done=DONE,
)
ITEMS_OVER_NULL = machine(
    "Each",
    Each={
        "Type": "Map",
        "ItemsPath": "$.items",
        "ItemProcessor": machine("Pack", Pack=task("pack")),
        "End": True,
    },
)
RESULT_OVER_NULL = machine(
    "Find",
    Find=task("find", Next="Each"),
    Each={"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": machine("Pack", Pack=task("pack")), "End": True},
)
CAUSELESS = machine(
    "Ask",
    Ask=task("ask", TimeoutSeconds=5, Catch=[{"ErrorEquals": ["States.ALL"], "ResultPath": "$.failure", "Next": "Sorry"}]),
    Sorry={"Type": "Fail", "ErrorPath": "$.failure.Error", "CausePath": "$.failure.Cause"},
)
TOO_MANY_ITEMS = machine(
    "Each",
    Each={
        "Type": "Map",
        "ItemsPath": "$.items",
        "ItemProcessor": machine("Note", Note={"Type": "Pass", "End": True}),
        "End": True,
    },
)
POLLING = machine(
    "Check",
    Check=task("check", Next="IsDone"),
    IsDone={"Type": "Choice", "Choices": [rule("$.status", "Done", StringEquals="DONE")], "Default": "Pause"},
    Pause={"Type": "Wait", "Seconds": 60, "Next": "Check"},
    Done=DONE,
)
JSONATA = {
    "QueryLanguage": "JSONata",
    **machine("Price", Price={"Type": "Pass", "Output": {"total": "{% $states.input.price * $states.input.count %}"}, "End": True}),
}
FIRST_OF_NONE = machine("First", First={"Type": "Pass", "Parameters": {"first.$": "$.items[0]"}, "End": True})

OBJECT = {"type": "object", "additionalProperties": False}

PLANTED: dict[str, Planted] = {
    "a missing IsPresent, by a schema": Planted(
        NO_IS_PRESENT, "runtime", "HasDiscount", "States.Runtime", {}, schema={**OBJECT, "properties": {"discount": {"type": "number"}}}
    ),
    "a missing IsPresent, by examples": Planted(
        NO_IS_PRESENT, "runtime", "HasDiscount", "States.Runtime", {"id": "a"}, examples=({"id": "a", "discount": 3}, {"id": "b"})
    ),
    "a Choice without Default": Planted(NO_DEFAULT, "runtime", "Which", "States.Runtime", {"kind": "other"}),
    "a Choice without Default, by examples": Planted(
        NO_DEFAULT, "runtime", "Which", "States.Runtime", {"kind": "other"}, examples=({"kind": "card"}, {"kind": "cash"})
    ),
    "a Choice without Default, at its boundary": Planted(
        NO_DEFAULT_NUMBER, "runtime", "Amount", "States.Runtime", {"n": 100}, examples=({"n": 7},)
    ),
    "a Choice without Default, by a schema": Planted(
        NO_DEFAULT_NUMBER,
        "runtime",
        "Amount",
        "States.Runtime",
        {"n": 100},
        schema={**OBJECT, "properties": {"n": {"type": "integer"}}, "required": ["n"]},
    ),
    "a retrier behind one that takes all": Planted(
        SHADOWED_RETRIER, "unhandled", "Charge", "Busy", {}, (("Charge", "error", 2),), tasks={"charge": {}}, examples=({},)
    ),
    "a payload that doubles up to the limit": Planted(GROWING, "limit", "Double", "States.DataLimitExceeded", {"text": "a"}),
    "a loop without an exit": Planted(ENDLESS, "events", None, "States.Runtime", {"n": 3}, examples=({"n": 1},)),
    "a catcher that drops what is needed later": Planted(
        DROPPING_CATCHER,
        "runtime",
        "Refund",
        "States.Runtime",
        {"order": "A-1"},
        (("Ship", "error", None),),
        examples=({"order": "A-1"}, {"order": "A-2"}),
        tasks={"ship": {}, "refund": {}},
    ),
    "a timeout that nobody handles": Planted(UNHANDLED_TIMEOUT, "timeout", "Ask", "States.Timeout", {}, (("Ask", "never", None),)),
    "a timeout beside a Catch, with tasks": Planted(
        TIMEOUT_BESIDE_CATCH, "timeout", "Ask", "States.Timeout", {}, (("Ask", "never", None),), tasks={"ask": {}}, examples=({},)
    ),
    "a lost heartbeat": Planted(LOST_HEARTBEAT, "timeout", "Work", "States.Timeout", {}, (("Work", "never", None),), tasks={"work": {}}),
    "an ItemsPath over null": Planted(
        ITEMS_OVER_NULL,
        "runtime",
        "Each",
        "States.Runtime",
        {"items": None},
        schema={**OBJECT, "properties": {"items": {"type": ["array", "null"], "items": {"type": "integer"}}}, "required": ["items"]},
    ),
    "an ItemsPath over null, by examples": Planted(
        ITEMS_OVER_NULL, "runtime", "Each", "States.Runtime", {"items": None}, examples=({"items": [1, 2]}, {"items": None})
    ),
    "an ItemsPath over a result that is null": Planted(RESULT_OVER_NULL, "runtime", "Each", "States.Runtime", {}),
    "a cause that a timeout does not have": Planted(CAUSELESS, "runtime", "Sorry", "States.Runtime", {}, (("Ask", "never", None),)),
    "more items than events": Planted(
        TOO_MANY_ITEMS,
        "events",
        None,
        "States.Runtime",
        schema={
            **OBJECT,
            "properties": {"items": {"type": "array", "items": {"type": "integer"}, "maxItems": 7_000}},
            "required": ["items"],
        },
    ),
    "a poll without a bound": Planted(POLLING, "events", None, "States.Runtime", {}),
    "a JSONata sum over what is missing": Planted(
        JSONATA, "runtime", "Price", "States.QueryEvaluationError", {"count": 2}, examples=({"price": 3, "count": 2}, {"count": 2})
    ),
    "the first of no items": Planted(
        FIRST_OF_NONE, "runtime", "First", "States.Runtime", {"items": []}, examples=({"items": [1]}, {"items": []})
    ),
}
