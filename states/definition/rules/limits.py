"""Limits: lengths of names and labels, and heartbeats that come before their timeout. Plain ranges of numbers are in the schemas.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html; https://states-language.net/spec.html
"""

from __future__ import annotations

from collections.abc import Iterator

from states.definition.diagnostics import (
    DUPLICATE_LABEL_NAME,
    INVALID_LABEL_NAME,
    INVALID_STATE_NAME,
    SCHEMA_VALIDATION_FAILED,
    Diagnostic,
)
from states.definition.outline import Outline

MAX_NAME = 80
MAX_LABEL = 40
NOT_IN_A_LABEL = frozenset('<>{}[]?*"#%\\^|~`$&,;:/')


def names_have_a_length(outline: Outline) -> Iterator[Diagnostic]:
    """A state's name has 1 to 80 characters."""
    for node in outline.nodes:
        if not node.name:
            yield Diagnostic(INVALID_STATE_NAME, "State name cannot be empty", node.location)
        elif len(node.name) > MAX_NAME and "${" not in node.name:
            message = f"State name cannot be longer than {MAX_NAME} characters: it has {len(node.name)}"
            yield Diagnostic(INVALID_STATE_NAME, message, node.location)


def labels_are_names(outline: Outline) -> Iterator[Diagnostic]:
    """A Map's Label has 1 to 40 characters that may stand in an ARN, and no other Map has it."""
    seen: set[str] = set()
    for node in outline.nodes:
        label = node.value.get("Label") if node.type == "Map" else None
        if type(label) is not str or "${" in label:
            continue
        bad = next((character for character in label if not may_be_in_a_label(character)), None)
        if not label:
            yield Diagnostic(INVALID_LABEL_NAME, "Label cannot be empty", f"{node.location}/Label")
        elif len(label) > MAX_LABEL:
            message = f"Label cannot be longer than {MAX_LABEL} characters: it has {len(label)}"
            yield Diagnostic(INVALID_LABEL_NAME, message, f"{node.location}/Label")
        elif bad:
            yield Diagnostic(INVALID_LABEL_NAME, f"Label contains an invalid character: {bad!r}", f"{node.location}/Label")
        elif label in seen:
            yield Diagnostic(DUPLICATE_LABEL_NAME, f"Duplicate Label name: {label}", f"{node.location}/Label")
        seen.add(label)


def may_be_in_a_label(character: str) -> bool:
    return character not in NOT_IN_A_LABEL and character.isprintable() and not character.isspace()


def heartbeats_come_before_the_timeout(outline: Outline) -> Iterator[Diagnostic]:
    """HeartbeatSeconds is smaller than TimeoutSeconds."""
    for node in outline.nodes:
        heartbeat, timeout = node.value.get("HeartbeatSeconds"), node.value.get("TimeoutSeconds")
        if type(heartbeat) is int and type(timeout) is int and heartbeat >= timeout:
            message = f"HeartbeatSeconds ({heartbeat}) must be smaller than TimeoutSeconds ({timeout})"
            yield Diagnostic(SCHEMA_VALIDATION_FAILED, message, f"{node.location}/HeartbeatSeconds")


RULES = (names_have_a_length, labels_are_names, heartbeats_come_before_the_timeout)
