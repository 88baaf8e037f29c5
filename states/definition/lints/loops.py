"""Loops: a way out of each, and no more of them than a history holds.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from states.definition.diagnostics import WARNING, Diagnostic
from states.definition.graph import reached, transitions
from states.definition.lints.looks import members
from states.definition.outline import JSONPATH, Node, Outline, Part
from states.definition.rules.transitions import has_open_target, is_terminal

MAX_EVENTS = 25_000
MAX_COUNTERS = 20  #: looked at in a block
STARTED = 2  #: events of an execution beside those of its states: its start and its end

#: Events of one passage through a state that does not fail: at least these.
EVENTS = {"Pass": 2, "Task": 5, "Choice": 2, "Wait": 2, "Succeed": 2, "Fail": 1, "Parallel": 4, "Map": 4}


def loops_end(outline: Outline) -> Iterator[Diagnostic]:
    """From every state a way leads to the end.

    Why: a loop that nothing leaves runs until it fails, at the latest with the 25,000th event of its history.
    Source: https://docs.aws.amazon.com/step-functions/latest/dg/bp-history-limit.html
    """
    for part in outline.parts:
        if part.nodes and not has_open_target(part):
            caught = caught_in(part)
            if caught:
                first = next(name for name in part.nodes if name in caught)
                others = len(caught) - 1
                beside = f" and {others} other{'s' if others > 1 else ''}" if others else ""
                message = f'No way leads from "{first}"{beside} to an end of the workflow'
                yield Diagnostic("LOOP_WITHOUT_EXIT", message, part.nodes[first].location, WARNING)


def caught_in(part: Part) -> set[str]:
    """The states that are reached and from which no end is."""
    before: dict[str, list[str]] = {name: [] for name in part.nodes}
    for name, node in part.nodes.items():
        for way in transitions(node):
            if way.target in before:
                before[way.target].append(name)
    leading = {name for name, node in part.nodes.items() if is_terminal(node)}
    waiting = list(leading)
    while waiting:
        for name in before[waiting.pop()]:
            if name not in leading:
                leading.add(name)
                waiting.append(name)
    return reached(part) - leading


# --- counting loops ----------------------------------------------------------------------------------------------------------------

PLUS = re.compile(r"\s*States\.MathAdd\(\s*(\$\.[\w.]+)\s*,\s*(-?\d+)\s*\)\s*\Z")
#: Comparisons that hold until a counter that grows gets to a constant, and from then on.
BEFORE = frozenset({"NumericLessThan", "NumericLessThanEquals"})
AFTER = frozenset({"NumericGreaterThan", "NumericGreaterThanEquals"})


class Count(NamedTuple):
    """A state that adds `step` to what lies at `path`."""

    node: Node
    path: str
    step: int


def loops_fit_the_history(outline: Outline) -> Iterator[Diagnostic]:
    """A loop that counts to a constant makes fewer than 25,000 events.

    Why: a Standard execution fails with its 25,001st event; a long loop belongs into a Map in DISTRIBUTED mode or a child execution.
    Source: https://docs.aws.amazon.com/step-functions/latest/dg/bp-history-limit.html
    """
    if outline.type == "EXPRESS":
        return
    for part in outline.parts:
        for count in islice(counts(part), MAX_COUNTERS):
            found = budget(part, count)
            if found is not None:
                rounds, events, limit = found
                message = f"The loop runs {rounds:,} times with at least {events} events each: {rounds * events:,} of {MAX_EVENTS:,}"
                yield Diagnostic("LOOP_EXCEEDS_HISTORY", message, limit, WARNING)


def counts(part: Part) -> Iterator[Count]:
    """The states that count a number up or down at a place of the data."""
    for node in part.nodes.values():
        if node.type == "Pass" and node.language == JSONPATH and not {"InputPath", "OutputPath"} & node.value.keys():
            for way, key, text in members(node.value.get("Parameters")):
                match = PLUS.match(text) if type(text) is str and type(key) is str and key.endswith(".$") else None
                place = ".".join([node.value.get("ResultPath", "$"), *map(str, way), str(key).removesuffix(".$")]) if match else ""
                if match and place == match[1] and int(match[2]):
                    yield Count(node, place, int(match[2]))


def budget(part: Part, count: Count) -> tuple[int, int, str] | None:
    """Rounds, events of a round and the place of the limit, when the loop is certain to be too long.

    Certain is a single ring of states, whose one Choice compares the counter with a constant and which one Pass with a Result leads into.
    """
    ring = ring_of(part, count.node)
    choice = [node for node in ring if node.type == "Choice"]
    rule = limit_of(choice[0], count, ring) if len(choice) == 1 else None
    first = start_of(part, count, ring)
    if rule is None or first is None or not all(node is count.node or leaves(node, count.path) for node in ring):
        return None
    limit, place = rule
    rounds = (limit - first) // count.step if count.step > 0 else (first - limit) // -count.step
    events = sum(EVENTS.get(node.type or "", 0) for node in ring)
    return (rounds, events, place) if rounds * events + STARTED > MAX_EVENTS else None


def ring_of(part: Part, node: Node) -> list[Node]:
    """The states of the only way from a state back to itself; empty when there is none, or more than one."""
    ahead, back = reachable(part, node.name, forwards=True), reachable(part, node.name, forwards=False)
    members = [part.nodes[name] for name in part.nodes if name in ahead and name in back]
    inside = {member.name for member in members}
    return members if members and all(sum(target in inside for target in targets(member)) == 1 for member in members) else []


def leaves(node: Node, path: str) -> bool:
    """Whether a state of the ring leaves the counter alone, and the ring only by its Choice."""
    if node.language != JSONPATH or {"Catch", "InputPath", "OutputPath"} & node.value.keys():
        return False
    written = node.value.get("ResultPath", "$") if node.type in ("Pass", "Task", "Parallel", "Map") else None
    return written is None or (type(written) is str and written != "$" and not f"{path}.".startswith(f"{written}."))


def targets(node: Node) -> set[str]:
    return {way.target for way in transitions(node)}


def reachable(part: Part, name: str, *, forwards: bool) -> set[str]:
    """The states that a state leads to, or that lead to it; itself only by a loop."""
    ways: dict[str, set[str]] = {}
    for node in part.nodes.values():
        for target in targets(node):
            pair = (node.name, target) if forwards else (target, node.name)
            ways.setdefault(pair[0], set()).add(pair[1])
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for target in ways.get(waiting.pop(), ()):
            if target in part.nodes and target not in found:
                found.add(target)
                waiting.append(target)
    return found


def limit_of(choice: Node, count: Count, ring: list[Node]) -> tuple[int, str] | None:
    """The constant a Choice compares the counter with, and its place; None when the Choice asks anything else."""
    rules = choice.value.get("Choices")
    if choice.language != JSONPATH or type(rules) is not list or len(rules) != 1 or type(rules[0]) is not dict:
        return None
    rule: dict[str, Any] = rules[0]
    stays = rule.get("Next") in {node.name for node in ring}
    known = BEFORE if stays == (count.step > 0) else AFTER
    operator = next((name for name in rule if name in known or (name == "NumericEquals" and not stays)), None)
    if operator is None or rule.get("Variable") != count.path or type(rule[operator]) is not int:
        return None
    return rule[operator], f"{choice.location}/Choices[0]/{operator}"


def start_of(part: Part, count: Count, ring: list[Node]) -> int | None:
    """The number the counter begins with: the Result of the one Pass that leads into the ring."""
    inside = {node.name for node in ring}
    into = [node for node in part.nodes.values() if node.name not in inside and targets(node) & inside]
    if len(into) != 1 or into[0].type != "Pass" or into[0].language != JSONPATH or part.value.get("StartAt") in inside:
        return None
    names = count.path.removeprefix("$.").split(".")
    where = into[0].value.get("ResultPath", "$")
    value: Any = into[0].value.get("Result", into[0].value.get("Parameters"))
    if type(where) is not str or {"OutputPath"} & into[0].value.keys():
        return None
    prefix = [] if where == "$" else where.removeprefix("$.").split(".")
    if names[: len(prefix)] != prefix:
        return None
    for name in names[len(prefix) :]:
        value = value.get(name) if type(value) is dict else None
    return value if type(value) is int else None
