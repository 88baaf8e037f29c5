"""Retriers and catchers: States.ALL stands alone and last, and names that begin with `States.` are AWS's own.

Source: https://states-language.net/spec.html#errors
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from states import errors
from states.definition.diagnostics import RESERVED_ERROR_NAME, SCHEMA_VALIDATION_FAILED, WARNING, Diagnostic
from states.definition.hints import did_you_mean
from states.definition.outline import Node, Outline


def error_names(node: Node) -> Iterator[tuple[str, bool, list[Any]]]:
    """Place within the state, whether it stands in the last of its retriers or catchers, and names of each ErrorEquals."""
    for field in ("Retry", "Catch"):
        written = node.value.get(field)
        if type(written) is list:
            for index, entry in enumerate(written):
                if type(entry) is dict and type(entry.get("ErrorEquals")) is list:
                    yield f"/{field}[{index}]/ErrorEquals", index == len(written) - 1, entry["ErrorEquals"]


def all_stands_alone_and_last(outline: Outline) -> Iterator[Diagnostic]:
    """States.ALL is the only name of the last retrier or catcher."""
    for node in outline.nodes:
        for place, last, names in error_names(node):
            if errors.ALL in names and not (last and len(names) == 1):
                message = "States.ALL must appear alone and at end of list"
                yield Diagnostic(SCHEMA_VALIDATION_FAILED, message, f"{node.location}{place}[{names.index(errors.ALL)}]")


def reserved_names_exist(outline: Outline) -> Iterator[Diagnostic]:
    """A name that begins with `States.` is one that AWS raises. AWS deploys others too, so this is a warning."""
    for node in outline.nodes:
        for place, _, names in error_names(node):
            for index, name in enumerate(names):
                if type(name) is str and name.startswith("States.") and not is_known(name):
                    message = f"No error is called {name}: names that begin with 'States.' are reserved"
                    hint = did_you_mean(name, errors.RESERVED_NAMES)
                    yield Diagnostic(RESERVED_ERROR_NAME, message, f"{node.location}{place}[{index}]", WARNING, hint)


def is_known(name: str) -> bool:
    return name in errors.RESERVED_NAMES or name.startswith("States.Http.") or "${" in name


RULES = (all_stands_alone_and_last, reserved_names_exist)
