"""The functions of the approval machine: a message to a manager, a director at work, and a queue.

How a manager behaves is simulated: the answer to the task token is sent now and arrives `after` so many seconds.
"""

from __future__ import annotations

from typing import Any

from states import TaskContext, function

HOUR, DAY = 3600, 86400


def ask_manager(request: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Sends the token away and returns at once; the state goes on waiting."""
    token, manager = request["token"], request["expense"]["manager"]
    if manager == "grace":
        context.send_task_success(token, {"approved": True, "by": manager, "note": "enjoy the conference"}, after=5 * HOUR)
    elif manager == "edsger":
        context.send_task_heartbeat(token, after=20 * HOUR)  # the message was opened
        context.send_task_success(token, {"approved": False, "by": manager, "note": "considered harmful"}, after=42 * HOUR)
    elif manager == "zeno":
        for day in range(3):
            context.send_task_heartbeat(token, after=day * DAY + 12 * HOUR)  # opened, and put off
    return {"sent_to": f"{manager}@example.com"}  # nobody else ever opens the message


@function("director-approval")
def director(expense: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """The worker of an activity: reads for three hours, and shows every 30 minutes that it is still there."""
    for _ in range(6):
        context.sleep(HOUR / 2)
        context.heartbeat()
    return {"approved": expense["cents"] < 100_000, "by": "director", "note": f"decided instead of {expense['manager']}"}


@function("sqs:sendMessage")
def send_message(request: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Amazon SQS, as far as this machine needs it."""
    return {"MessageId": f"message-{request['MessageBody']['employee']}", "MD5OfMessageBody": "d41d8cd98f00b204e9800998ecf8427e"}
