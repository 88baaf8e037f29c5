"""The functions of the quote machine: two lookups and a sum."""

from __future__ import annotations

from typing import Any

from states import TaskContext, function

PRICE = 25.0  #: of one piece, EUR
DISCOUNTS = {"C-100": "0.1", "C-200": "0"}  #: what the table holds, as DynamoDB writes numbers


@function("dynamodb:getItem")
def get_item(request: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Amazon DynamoDB: an answer without an Item means that there is none."""
    id = request["Key"]["Id"]["S"]
    context.sleep(0.02)
    return {"Item": {"Id": {"S": id}, "Discount": {"N": DISCOUNTS[id]}}} if id in DISCOUNTS else {}


def exchange_rate(currency: str, context: TaskContext) -> dict[str, Any]:
    """Euro are known at once; for kronor a bank is asked that never answers in time."""
    context.sleep(0.1 if currency == "EUR" else 2.5)
    return {"rate": 1.0, "of": "today"}


def make_quote(event: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    euros = event["quantity"] * PRICE * (1 - float(event["discount"]))
    return {"price": round(euros * event["rate"]["rate"], 2), "currency": event["currency"], "rate_of": event["rate"]["of"]}
