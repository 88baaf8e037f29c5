"""Machines that are mocked from their histories: concurrent ones, and one with secrets."""

from __future__ import annotations

from typing import Any

import states
from states.tasks.functions import TaskError

ARN = "arn:aws:lambda:us-east-1:123456789012:function:"


def task(function: str, **fields: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": ARN + function, **({} if "Next" in fields else {"End": True}), **fields}


def block(start: str, **named: Any) -> dict[str, Any]:
    return {"StartAt": start, "States": named}


#: Every iteration calls the same two states, with retries, and takes longer the lower its number is.
EACH = block(
    "Each",
    Each={
        "Type": "Map",
        "ItemProcessor": block(
            "First",
            First=task("first", Retry=[{"ErrorEquals": ["Busy"], "IntervalSeconds": 1, "MaxAttempts": 3}], Next="Second"),
            Second=task("second", ResultPath="$.second"),
        ),
        "End": True,
    },
)

#: A Map in each branch of a Parallel, twice: the second time around the loop.
NESTED = block(
    "Twice",
    Twice={
        "Type": "Parallel",
        "Branches": [
            block(
                "Left",
                Left={"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": block("In left", **{"In left": task("first")}), "End": True},
            ),
            block(
                "Right",
                Right={
                    "Type": "Map",
                    "ItemsPath": "$.items",
                    "ItemProcessor": block("In right", **{"In right": task("first")}),
                    "End": True,
                },
            ),
        ],
        "ResultPath": "$.got",
        "Next": "Again",
    },
    Again=task("again", ResultPath="$.round", Next="Enough"),
    Enough={"Type": "Choice", "Choices": [{"Variable": "$.round", "NumericLessThan": 2, "Next": "Twice"}], "Default": "Done"},
    Done={"Type": "Succeed"},
)

#: The quick branch fails, and the slow one is never answered.
FAILING = block(
    "Both",
    Both={
        "Type": "Parallel",
        "Branches": [block("Slow", Slow=task("slow", TimeoutSeconds=900)), block("Quick", Quick=task("fails"))],
        "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.why", "Next": "Sorry"}],
        "End": True,
    },
    Sorry={"Type": "Pass", "End": True},
)


class Busy(Exception):
    pass


class Counting:
    """Tasks whose answers depend on what they are asked and on how often: what a mock must not mix up."""

    def __init__(self) -> None:
        self.rounds = 0

    def first(self, event: Any, context: Any) -> Any:
        number = event if isinstance(event, int) else event["n"]
        context.sleep(0.9 - number * 0.1)
        if number % 2 and context.attempt < 3:
            raise Busy(f"{number} is busy")
        return {"n": number, "first": f"first of {number} in {context.state_name}, round {self.rounds}"}

    def second(self, event: Any, context: Any) -> Any:
        context.sleep(0.5)
        return f"second of {event['n']}"

    def again(self, event: Any, context: Any) -> Any:
        self.rounds += 1
        return self.rounds

    def slow(self, event: Any, context: Any) -> Any:
        context.sleep(2)
        return "late"

    def fails(self, event: Any, context: Any) -> Any:
        context.sleep(1)
        raise TaskError("Broken", '{"reason":"no paper","at":[1,2]}')


#: By name: the definition and an input.
CONCURRENT: dict[str, tuple[dict[str, Any], Any]] = {
    "each": (EACH, [0, 1, 2, 3, 4]),
    "nested": (NESTED, {"items": [0, 2, 4]}),
    "failing": (FAILING, {}),
}


def ran(name: str, order: int | None = None) -> Any:
    """An execution of one of them that is over."""
    definition, given = CONCURRENT[name]
    tasks = Counting()
    return states.run(definition, given, {key: getattr(tasks, key) for key in ("first", "second", "again", "slow", "fails")}, order=order)


#: A card, a key and a customer that go through the data under other names, and into texts.
SECRETS = block(
    "Login",
    Login=task("login", Parameters={"user.$": "$.user", "password.$": "$.password"}, ResultPath="$.session", Next="Is admin"),
    **{
        "Is admin": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.session.role", "StringEquals": "admin", "Next": "Buy"}],
            "Default": "No",
        },
        "Buy": task(
            "buy",
            Parameters={"pay.$": "$.number", "note.$": "States.Format('Bearer {} for {}', $.session.token, $.user)"},
            ResultPath="$.bought",
            Catch=[{"ErrorEquals": ["Refused"], "ResultPath": "$.why", "Next": "Out"}],
            Next="Out",
        ),
        "Out": {
            "Type": "Pass",
            "Parameters": {"who.$": "$.user", "said.$": "$", "first.$": "States.ArrayGetItem(States.StringSplit($.user, '@'), 0)"},
            "End": True,
        },
        "No": {"Type": "Fail", "Error": "NoAdmin"},
    },
)
SECRET_INPUT = {"user": "ada@example.com", "password": "correct horse", "number": "4242 4242 4242 4242"}
HIDDEN = ("correct horse", "4242 4242 4242 4242", "session-key-77")


def logged_in(event: Any, context: Any) -> Any:
    return {"role": "admin", "token": "session-key-77", "expires": 1767225600000, "nothing": None}


def bought(event: Any, context: Any) -> Any:
    return {"paid_with": event["pay"], "text": f"{event['note']}, thanks", "json": f'{{"apiKey":"{event["note"]}"}}'}


def refused(event: Any, context: Any) -> Any:
    raise TaskError("Refused", f'{{"errorMessage":"card {event["pay"]} refused","token":"t-123456"}}')
