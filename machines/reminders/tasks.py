"""The services of the reminders machine: a calendar, e-mail and text messages."""

from __future__ import annotations

from typing import Any

from states import TaskContext, TaskError, function


def appointment_status(event: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """What the calendar says: some appointments are cancelled or moved on a certain day, one makes it think for long."""
    appointment = event["appointment"]
    if context.attempt == 1 and "patience" in appointment:
        context.sleep(appointment["patience"] + 0.5)
    for word, to in (("cancelled", None), ("moved", "2026-01-20T10:00:00Z")):
        if event["today"] == appointment.get(word) and appointment["at"] != to:
            return {"word": word, "to": to}
    return {"word": "on"}


@function("aws-sdk:sesv2:sendEmail")
def send_email(request: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    context.sleep(0.2)
    (address,) = request["Destination"]["ToAddresses"]
    if address.endswith("@nowhere.example"):
        raise TaskError("SesV2.MessageRejectedException", f"{address} does not exist")
    return {"MessageId": f"email to {address}"}


@function("sns:publish")
def publish(request: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    context.sleep(0.1)
    return {"MessageId": f"text to {request['PhoneNumber']}"}
