"""Variables: read where some state has assigned them, and assigned in one scope only.

A block may read the variables of the blocks around it, but for a Map in DISTRIBUTED mode; what it assigns ends with it. A reference sees
the values from before its own state.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from states.definition.diagnostics import WARNING, Diagnostic
from states.definition.graph import transitions
from states.definition.hints import did_you_mean
from states.definition.lints.looks import members
from states.definition.outline import JSONPATH, Node, Outline, Part
from states.definition.rules.expressions import PATHS, TEMPLATES, place_of
from states.definition.rules.fields import COMPARISONS
from states.definition.rules.jsonata import expressions

ANY = "*"  #: in a set of names: any other may be there too
Names = frozenset[str]
NONE: Names = frozenset()

MAX_FOLLOWED = 2_000_000  #: names times states; nothing is said of a machine that has more
MAX_COMPARED = 10_000  #: names looked at for hints in all

QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
NAMED = re.compile(r"(?<![\w.$\]])\$([^\W\d]\w*)")


def variables_are_assigned(outline: Outline) -> Iterator[Diagnostic]:
    """A variable is assigned on some way to the state that reads it, in the same block or in one around it.

    Why: to read a variable that is not there ends the execution. What the same state assigns is not there yet, what a branch or iteration
    has assigned is there no more, and a Map in DISTRIBUTED mode sees none from outside.
    Source: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
    """
    read = [(node, place, name) for node in outline.nodes for place, name in reads(node)]
    asked = frozenset(name for _, _, name in read) | {ANY}
    if not read or len(asked) * len(outline.nodes) > MAX_FOLLOWED:
        return
    entered: dict[int, Names] = {}
    for part in outline.parts:
        ways_in = flow(part, outer(part, entered), asked)
        for node in part.nodes.values():
            entered[id(node)] = ways_in.get(node.name, frozenset({ANY}))
    budget = MAX_COMPARED
    names = every_name(outline)
    for node, place, name in read:
        if not entered[id(node)] & {name, ANY}:
            hint = did_you_mean(name, names) if budget > 0 and name not in names else ""
            budget -= len(names)
            message = f"No state on the way here assigns ${name}"
            yield Diagnostic("VARIABLE_NOT_ASSIGNED", message, node.location + place, WARNING, hint)


def every_name(outline: Outline) -> list[str]:
    """The variables that are assigned anywhere."""
    found = (assigned(fields, node.language) for node in outline.nodes for _, fields in node.pieces if "Assign" in fields)
    return sorted({name for names in found for name in names} - {ANY})


def outer(part: Part, entered: dict[int, Names]) -> Names:
    """What a block may read when it begins."""
    if part.owner is None or is_distributed(part):
        return NONE
    return entered[id(part.owner)]


def is_distributed(part: Part) -> bool:
    config = part.value.get("ProcessorConfig")
    return type(config) is dict and config.get("Mode") != "INLINE" and "Mode" in config


def flow(part: Part, first: Names, asked: Names) -> dict[str, Names]:
    """The variables, of those asked for, that may have been assigned when each state of a block is entered."""
    start = part.value.get("StartAt")
    if type(start) is not str or start not in part.nodes:
        return {}
    known = {start: first}
    waiting = [start]
    while waiting:
        name = waiting.pop()
        for target, new in ways_out(part.nodes[name]):
            leaving = known[name] | (new & asked) if new else known[name]
            for reached in [target] if target in part.nodes else part.nodes:
                before = known.get(reached)
                after = leaving if before is None else before | leaving
                if after != before:
                    known[reached] = after
                    waiting.append(reached)
    return known


def ways_out(node: Node) -> Iterator[tuple[str, Names]]:
    """Each target of a state and what is assigned on the way to it. A name that is no state (a `${substitution}`) may be any of them."""
    for way in transitions(node):
        holder = node.value
        if way.kind in ("choice", "catch"):
            field, _, index = way.place.removesuffix("/Next").removesuffix("]").removeprefix("/").partition("[")
            holder = node.value[field][int(index)]
        yield way.target, assigned(holder, node.language)


def assigned(fields: dict[str, Any], language: str) -> Names:
    """The names an Assign sets."""
    assign = fields.get("Assign")
    if type(assign) is not dict:
        return frozenset({ANY}) if "Assign" in fields else NONE
    found = {key.removesuffix(".$") if language == JSONPATH else key for key in assign}
    return frozenset({ANY if "${" in name else name for name in found})


def reads(node: Node) -> Iterator[tuple[str, str]]:
    """Place within the state and name of each variable it reads."""
    if node.language == JSONPATH:
        for place, text in path_texts(node):
            if "$" in text and "${" not in text:
                yield from ((place, name) for name in named(text))
    else:
        for place, text in expressions(node):
            if "$" in text and "${" not in text:
                yield from ((place, name) for name in named_by_jsonata(text[2:-2].strip()))


@lru_cache(maxsize=4096)
def named(text: str) -> tuple[str, ...]:
    """The variables of a path or an intrinsic call."""
    if text.startswith(("$.", "$$", "$[")):
        return ()
    return tuple(dict.fromkeys(NAMED.findall(QUOTED.sub("''", text))))


@lru_cache(maxsize=4096)
def named_by_jsonata(text: str) -> tuple[str, ...]:
    from states.language import jsonata

    try:
        return tuple(sorted(jsonata.compile(text).variables - {"states", ""}))
    except jsonata.JsonataError:
        return ()


def path_texts(node: Node) -> Iterator[tuple[str, str]]:
    """Place and text of each path and intrinsic call of a JSONPath state."""
    for place, fields in node.pieces:
        for field, value in fields.items():
            if field in PATHS:
                if type(value) is str:
                    yield f"{place}/{field}", value
            elif field in TEMPLATES:
                for way, key, member in members(value):
                    if type(key) is str and key.endswith(".$") and type(member) is str:
                        yield f"{place}/{field}/{place_of((*way, key))}", member
    if node.type == "Choice":
        for place, rule in node.rules:
            for field, value in rule.items() if type(rule) is dict else ():
                if type(value) is str and (field == "Variable" or (field in COMPARISONS and field.endswith("Path"))):
                    yield f"{place}/{field}", value


def scopes_are_kept(outline: Outline) -> Iterator[Diagnostic]:
    """A branch or an iteration assigns no variable that a block around it assigns.

    Why: a block reads the variables around it and cannot change them; the outer one keeps its value, whatever is assigned inside.
    Source: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
    """
    own: dict[int, Names] = {}
    for part in outline.parts:
        owner = part.owner
        around = NONE if owner is None or is_distributed(part) else own[id(owner.block)]
        here = frozenset(name for node in part.nodes.values() for _, fields in node.pieces for name in assigned(fields, node.language))
        own[id(part)] = (around | here) - {ANY}
        for node in part.nodes.values() if around & here else ():
            for place, fields in node.pieces:
                for name in sorted(assigned(fields, node.language) & around):
                    key = name if name in fields["Assign"] else f"{name}.$"
                    message = f"${name} is a variable of a block around this one, which cannot be assigned here"
                    yield Diagnostic("VARIABLE_OF_OUTER_SCOPE", message, f"{node.location}{place}/Assign/{key}", WARNING)
