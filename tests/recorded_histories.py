"""Recorded histories with their placeholders filled in again, so that they read as AWS prints them; their timestamps are lost."""

from __future__ import annotations

import json
import re
from typing import Any

from states.drivers.virtual import EPOCH

SPECIAL = re.compile(r"[\\\[\](){}+*?^$|]")


def history_of(case: dict[str, Any], with_times: bool = False) -> list[dict[str, Any]]:
    """The events of a case, as `get_execution_history()["events"]` gave them; with times, an event follows another by a millisecond."""
    text = json.dumps(case["expected"]["history"])
    for pattern, placeholder in filled_in(case):
        text = text.replace(json.dumps(placeholder)[1:-1], json.dumps(pattern)[1:-1])
    events: list[dict[str, Any]] = json.loads(text)
    for event in events:
        if with_times:
            event["timestamp"] = EPOCH + event["id"] / 1000
    return events


def filled_in(case: dict[str, Any]) -> list[tuple[str, str]]:
    """What stands for each placeholder of the case."""
    known = [(pattern, placeholder) for pattern, placeholder in case["replacements"] if not SPECIAL.search(pattern)]
    general = [("us-east-1", "<region>"), ("aws", "<partition>"), ("111111111111", "<account>")]
    return sorted([*known, *general], key=lambda pair: -len(pair[1]))
