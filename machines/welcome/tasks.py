"""The functions of the welcome machine, which fail in three ways."""

from __future__ import annotations

from datetime import date
from typing import Any

from states import TaskContext


class MailboxFull(Exception):
    """The mail came back."""


def read_signup(event: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """A form as it was filled in: what was left empty is left out."""
    signup = {"name": event["name"].title(), "born": birthday(event["born"]).isoformat()}
    return {**signup, "email": event["email"]} if event.get("email") else signup


def birthday(text: str) -> date:
    day, month, year = text.split(".")
    return date(int(year), int(month), int(day))


def send_welcome(mail: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    if mail["to"].startswith("full@"):
        raise MailboxFull(f"{mail['to']} takes no more mail")
    context.sleep(0.3)
    return {"message": f"mail to {mail['to']}: {mail['text']}"}
