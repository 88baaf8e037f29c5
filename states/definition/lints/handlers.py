"""Retriers and catchers that can never match.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from states import errors
from states.definition.diagnostics import WARNING, Diagnostic
from states.definition.outline import JSONATA, Node, Outline
from states.definition.rules.retries import error_names

#: Errors that come from a state of another kind than Task.
NOT_OF_A_TASK = {
    errors.NO_CHOICE_MATCHED: "a Choice",
    errors.BRANCH_FAILED: "a Parallel",
    errors.EXCEED_TOLERATED_FAILURE_THRESHOLD: "a Map",
    errors.ITEM_READER_FAILED: "a Map",
    errors.RESULT_WRITER_FAILED: "a Map",
}
#: Errors of one query language.
NOT_OF_JSONATA = frozenset({errors.RESULT_PATH_MATCH_FAILURE, errors.PARAMETER_PATH_FAILURE, errors.INTRINSIC_FAILURE})


def names(node: Node) -> Iterator[tuple[str, str]]:
    """Place and text of each name in an ErrorEquals."""
    for place, _, listed in error_names(node):
        yield from ((f"{place}[{index}]", name) for index, name in enumerate(listed) if type(name) is str)


def runtime_errors_are_not_named(outline: Outline) -> Iterator[Diagnostic]:
    """No retrier or catcher names States.Runtime.

    Why: States.Runtime ends the execution at once; neither its own name nor States.ALL takes it, so the handler never runs.
    Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
    """
    for node in outline.nodes:
        for place, name in names(node):
            if name == errors.RUNTIME:
                message = "States.Runtime is taken by no retrier and no catcher: it always ends the execution"
                yield Diagnostic("ERROR_NEVER_CAUGHT", message, node.location + place, WARNING)


def errors_are_taken_once(outline: Outline) -> Iterator[Diagnostic]:
    """No retrier or catcher names an error that one before it takes already.

    Why: the first entry that matches an error takes it, even when its attempts are used up; a later one never sees it.
    Source: https://states-language.net/spec.html#retrying-after-error
    """
    for node in outline.nodes:
        for field in ("Retry", "Catch"):
            if type(node.value.get(field)) is list:
                yield from taken_twice(node, field)


def taken_twice(node: Node, field: str) -> Iterator[Diagnostic]:
    seen: dict[str, str] = {}
    for place, name in names(node):
        if place.startswith(f"/{field}["):
            taker = next(
                (earlier for earlier in (name, errors.TASK_FAILED, errors.TIMEOUT) if earlier in seen and takes(earlier, name)), None
            )
            if taker is not None and "${" not in name:
                by = "itself" if taker == name else taker
                message = f"{name} never gets here: {seen[taker]} takes it already, by {by}"
                yield Diagnostic("ERROR_ALREADY_TAKEN", message, node.location + place, WARNING)
            seen.setdefault(name, place.removeprefix("/").partition("/")[0])


def takes(earlier: str, name: str) -> bool:
    """Whether an error of this name is always taken by the earlier one."""
    if earlier == errors.TASK_FAILED:
        return name == earlier or not name.startswith("States.")
    return name == earlier or (earlier == errors.TIMEOUT and name == errors.HEARTBEAT_TIMEOUT)


def errors_can_be_raised(outline: Outline) -> Iterator[Diagnostic]:
    """A retrier or catcher of a Task names only errors that the Task can end with.

    Why: a handler for an error of another kind of state, of the other query language, or of a heartbeat that is not asked for never runs.
    Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
    """
    for node in outline.nodes:
        if node.type == "Task":
            for place, name in names(node):
                reason = not_raised(node, name)
                if reason:
                    yield Diagnostic("ERROR_NOT_RAISED", f"This Task never ends with {name}: {reason}", node.location + place, WARNING)


def not_raised(node: Node, name: str) -> str:
    """Why a Task cannot raise an error, or nothing."""
    if name in NOT_OF_A_TASK:
        return f"it is the error of {NOT_OF_A_TASK[name]}"
    if name == errors.HEARTBEAT_TIMEOUT and not has_any(node.value, "HeartbeatSeconds", "HeartbeatSecondsPath"):
        return "it has no HeartbeatSeconds"
    if name in NOT_OF_JSONATA and node.language == JSONATA:
        return "it is an error of JSONPath, and the state's query language is JSONata"
    if name == errors.QUERY_EVALUATION_ERROR and node.language != JSONATA:
        return "it is an error of JSONata, and the state's query language is JSONPath"
    return ""


def has_any(fields: dict[str, Any], *wanted: str) -> bool:
    return any(name in fields for name in wanted)
