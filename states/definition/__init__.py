"""Text -> Machine, or diagnostics: `source`, `schema`, the rules, `parser`, in this order.

`load` and `loads` give a Machine or raise InvalidDefinition with every fault; `validate` gives the faults and never raises on a bad
definition, and it alone asks the `lints` too. Warnings stop nothing.

Source: https://states-language.net/spec.html
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from states.definition import diagnostics, parser, rules, schema
from states.definition.diagnostics import Diagnostic, InvalidDefinition, errors
from states.definition.naming import is_plain, split
from states.definition.outline import Outline
from states.definition.parser import every_block, unsupported
from states.definition.source import MAX_BYTES, Readable, Source, Unreadable, place, read
from states.machine import Machine

__all__ = ["Diagnostic", "InvalidDefinition", "every_block", "load", "loads", "unsupported", "validate"]

Definition = str | bytes | bytearray | dict[str, Any] | Readable


def load(path: str | os.PathLike[str], *, type: str | None = None, substitutions: Mapping[str, str] | None = None) -> Machine:
    """The Machine of a file, in JSON or YAML, or of a template: `template.yaml#OrderMachine`, or its path when it holds one machine.

    `type` is STANDARD or EXPRESS; None is what a template says, else STANDARD. `substitutions` stand for `${Name}`. Raises OSError when
    the file cannot be read (FileNotFoundError when it is missing), InvalidDefinition when it holds no valid definition, ValueError when
    the template holds no such machine or several, ModuleNotFoundError when it is YAML and PyYAML is not installed.
    """
    name = os.fspath(path)
    with open(split(name)[0], "rb") as file:
        content = file.read(MAX_BYTES + 1)
    if is_plain(name, content, substitutions):
        return loads(content, type=type or "STANDARD", source=name)
    from states.definition.formats import open_definition

    found = open_definition(name, substitutions)
    return loads(found, type=type or found.type or "STANDARD", source=found.source)


def loads(definition: Definition, *, type: str = "STANDARD", source: str = "<string>") -> Machine:
    """The Machine of a text (or a value made of dicts and lists); `source` names it in diagnostics. Raises InvalidDefinition.

    >>> loads('{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}').states["A"].type
    'Succeed'
    """
    read_from, outline, found = examine(definition, type, source)
    if outline is not None and not errors(found):
        found += parser.not_runnable(outline)
    if outline is None or errors(found):
        raise InvalidDefinition(place(found, read_from))
    return parser.parse(outline, read_from.text, read_from.name, read_from.position)


def validate(
    definition: Definition, *, type: str = "STANDARD", source: str = "<string>", rules: Mapping[str, str] | None = None
) -> list[Diagnostic]:
    """Every fault of a definition, errors and warnings; empty when there is none. In order: shape, meaning, warnings; each in the text's.

    `rules` says how much warnings count, by code: "off", "warning" or "error" (see `lints.severities`; ValueError for a code there is not).
    Warnings that AWS does not have are looked for only when there is no error.

    >>> [fault.message for fault in validate('{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}')]
    ["Missing 'Next' target: B", 'Workflow has no terminal state']
    """
    from states.definition import lints
    from states.definition.lints import severities

    read_from, outline, found = examine(definition, type, source)
    if outline is not None:
        found += lints.aws_warnings(outline)
        if not errors(found):
            found += lints.warnings(outline)
    return place(severities.applied(found, outline, rules or {}), read_from)


def examine(definition: Definition, type: str, name: str) -> tuple[Source, Outline | None, list[Diagnostic]]:
    """Source, outline (None when there is nothing to look at) and faults, not yet placed."""
    if type not in ("STANDARD", "EXPRESS"):
        raise ValueError(f"type is STANDARD or EXPRESS, not {type!r}")
    try:
        source = read(definition, name)
    except Unreadable as unreadable:
        where = unreadable.diagnostic.source
        return Source("", name if where == "<string>" else where), None, [unreadable.diagnostic]
    outline = Outline(source.value, type)
    repeated = [duplicate_key(location) for location in source.duplicates]
    return source, outline, [*schema.faults(outline), *rules.faults(outline), *repeated]


def duplicate_key(location: str) -> Diagnostic:
    message = f"The key {location.rpartition('/')[2]!r} stands in this object twice; the last one counts"
    return Diagnostic(diagnostics.DUPLICATE_KEY, message, location, severity=diagnostics.WARNING)
