"""The functions of the order machine: a warehouse, a payment gateway and a carrier.

A card's name decides how the gateway behaves, as the test cards of payment providers do.
"""

from __future__ import annotations

from typing import Any

from states import TaskContext, function

STOCK = {"mug": 40, "teapot": 3, "samovar": 0}


class OutOfStock(Exception):
    """The warehouse has fewer than were ordered."""


class GatewayBusy(Exception):
    """The gateway asks to try again later."""


class CardDeclined(Exception):
    """The bank refuses the charge; trying again does not help."""


class NoSuchAddress(Exception):
    """The carrier cannot deliver there."""


def reserve_stock(order: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    for item in order["items"]:
        left = STOCK.get(item["sku"], 0)
        if item["quantity"] > left:
            raise OutOfStock(f"{item['quantity']} {item['sku']} ordered, {left} left")
    context.sleep(0.2)
    return {"id": f"reservation-{order['order']}"}


@function("charge-card", timeout_seconds=60)
def charge_card(charge: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    card = charge["card"]
    if card == "declined":
        raise CardDeclined("insufficient funds")
    if card == "gateway-down" or (card == "gateway-busy" and context.attempt <= 2):
        raise GatewayBusy("503, try again")
    if card == "gateway-silent" or (card == "gateway-slow" and context.attempt == 1):
        context.sleep(45)  # the state waits 10 seconds for it
    context.sleep(0.8)
    return {"receipt": f"{charge['cents'] / 100:.2f} EUR for {charge['reference']}", "charge": "charge-77"}


def ship_order(order: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    if order["address"]["country"] == "AQ":
        raise NoSuchAddress(f"no carrier goes to {order['address']['city']}")
    context.sleep(1.5)
    return {"parcel": f"parcel-{order['order']}"}


def refund_payment(payment: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    if context.attempt == 1:
        raise GatewayBusy("503, try again")
    return {"refunded": payment["charge"]}


def release_stock(reservation: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    context.sleep(0.1)
    return {"released": reservation["id"]}
