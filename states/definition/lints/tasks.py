"""Tasks that wait for somebody else.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from states.definition.diagnostics import WARNING, Diagnostic
from states.definition.lints.handlers import has_any
from states.definition.lints.looks import members
from states.definition.outline import JSONATA, Node, Outline
from states.definition.rules.resources import TOKEN

LIMITS = ("TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath")
MAY_HOLD_THE_TOKEN = re.compile(r"Task\.Token|\$\{|\$\$(?![.\[])|\$\$\.\.|\$\$\.Task(?!\.)|\$\$[.]?\[|states\.context(?!\.(?!Task))")


def resource(node: Node) -> str:
    found = node.value.get("Resource")
    return found if node.type == "Task" and type(found) is str else ""


def callbacks_end(outline: Outline) -> Iterator[Diagnostic]:
    """A Task that waits for a token or for an activity's worker has TimeoutSeconds or HeartbeatSeconds, or else the machine has a timeout.

    Why: when the answer is lost, the execution waits for a year.
    Source: https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html
    """
    if "TimeoutSeconds" in outline.definition:
        return
    for node in outline.nodes:
        name = resource(node)
        if name and (name.endswith(TOKEN) or is_activity(name)) and not has_any(node.value, *LIMITS):
            what = "a token" if name.endswith(TOKEN) else "an activity's worker"
            message = f"The Task waits for {what} without end: it has neither TimeoutSeconds nor HeartbeatSeconds"
            yield Diagnostic("CALLBACK_WITHOUT_TIMEOUT", message, node.location, WARNING, key="Resource")


def is_activity(name: str) -> bool:
    return name.startswith("arn:") and ":states:" in name and ":activity:" in name


def tokens_are_passed(outline: Outline) -> Iterator[Diagnostic]:
    """A Task that waits for a token hands the token on.

    Why: nobody can answer with a token that nobody was told.
    Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
    """
    for node in outline.nodes:
        if resource(node).endswith(TOKEN):
            field = "Arguments" if node.language == JSONATA else "Parameters"
            given = node.value.get(field)
            if type(given) is dict and not any(map(may_hold_the_token, texts(given))) and not reads_variables(given):
                token = "$states.context.Task.Token" if node.language == JSONATA else "$$.Task.Token"
                message = f"The Task waits for a token, but its {field} hand none on"
                yield Diagnostic("TOKEN_NOT_PASSED", message, f"{node.location}/{field}", WARNING, f"the token is {token}")


def may_hold_the_token(text: str) -> bool:
    return MAY_HOLD_THE_TOKEN.search(text) is not None


def texts(value: Any) -> Iterator[str]:
    return (member for _, _, member in members(value) if type(member) is str)


def reads_variables(value: Any) -> bool:
    """Whether a template reads a variable or the whole input: an earlier state may have put a token there."""
    return any(re.search(r"(?<![\w.])\$(?!states\b)[A-Za-z_]", text) for text in texts(value))
