"""The services of the invoice machine: a table of orders, a price list, a topic and a queue."""

from __future__ import annotations

import json
from typing import Any

from states import TaskContext, TaskError, function

PRICES = {"pen": 120, "paper": 450, "printer": 21900}  #: cents for one
LINES = {
    "A-1": [("pen", 3)],
    "A-2": [("printer", 5), ("paper", 10), ("pen", 0)],
    "A-3": [("paper", 2), ("quill", 1), ("pen", 10)],
    "A-4": [("quill", 2)],
    "A-5": [("pen", 100)],
}
CUSTOMERS = {"A-2": ("regular", "SE", 0.25), "A-3": ("regular", "SE", 0.25), "A-5": ("new", "NO", 0.25)}


class UnknownProduct(Exception):
    """The price list does not have it."""


@function("dynamodb:getItem")
def get_item(request: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Amazon DynamoDB: an answer without an Item means that there is none."""
    id = request["Key"]["Id"]["S"]
    if id not in LINES:
        return {}
    kind, country, vat = CUSTOMERS.get(id, ("new", "DE", 0.19))
    order = {
        "id": id,
        "currency": "EUR",
        "customer": {"kind": kind, "country": country, "vat": vat},
        "lines": [{"product": product, "quantity": quantity} for product, quantity in LINES[id]],
    }
    return {"Item": {"Id": {"S": id}, "Document": {"S": json.dumps(order)}}}


def find_price(event: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    context.sleep(0.05)
    if event["product"] == "printer" and context.attempt == 1:
        raise TaskError("Lambda.TooManyRequestsException", "Rate Exceeded.")
    if event["product"] not in PRICES:
        raise UnknownProduct(f"no price for {event['product']}")
    return {"cents": PRICES[event["product"]]}


@function("sns:publish")
def publish(request: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Amazon SNS: there is no topic for Norway."""
    topic = request["TopicArn"].rpartition(":")[2]
    if topic == "invoices-no":
        raise TaskError("SNS.NotFoundException", "Topic does not exist")
    return {"MessageId": f"{topic}: {request['Subject']}: {request['Message']}"}


@function("sqs:sendMessage")
def send_message(request: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    return {"MessageId": f"letter-{request['MessageBody']['invoice']['number']}"}
