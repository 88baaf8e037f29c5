"""Pictures of a Machine: a tree for the terminal, Mermaid and DOT as text.

What leads where comes from `definition.graph`; a Choice's condition is written out as people would say it.

Source: https://mermaid.js.org/syntax/stateDiagram.html, https://graphviz.org/doc/info/lang.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text
from rich.tree import Tree

from states.definition.graph import Transition, transitions
from states.definition.outline import Node, Outline, Part
from states.machine import Machine
from states.views import words

Json = Any

SYMBOLS = {"Equals": "=", "LessThan": "<", "GreaterThan": ">", "LessThanEquals": "<=", "GreaterThanEquals": ">=", "Matches": "matches"}
KINDS = ("String", "Numeric", "Boolean", "Timestamp")
LONGEST_LABEL = 60


# ---------------------------------------------------------------- what the pictures show


def condition(rule: Mapping[str, Json]) -> str:
    """A choice rule in words.

    >>> condition({"And": [{"Variable": "$.n", "NumericGreaterThan": 3}, {"Not": {"Variable": "$.x", "IsPresent": True}}], "Next": "A"})
    '$.n > 3 and not ($.x is present)'
    """
    if "Condition" in rule:
        return str(rule["Condition"]).removeprefix("{%").removesuffix("%}").strip()
    for combinator, word in (("And", " and "), ("Or", " or ")):
        if isinstance(rule.get(combinator), list):
            parts = [condition(part) for part in rule[combinator] if isinstance(part, dict)]
            return word.join(f"({part})" if " or " in part and combinator == "And" else part for part in parts)
    if isinstance(rule.get("Not"), dict):
        return f"not ({condition(rule['Not'])})"
    variable = str(rule.get("Variable", "?"))
    for operator, operand in rule.items():
        if operator not in ("Variable", "Next", "Comment", "Assign", "Output"):
            return f"{variable} {_comparison(operator, operand)}"
    return variable


def _comparison(operator: str, operand: Json) -> str:
    if operator.startswith("Is"):
        what = "".join(f" {c.lower()}" if c.isupper() else c for c in operator[2:]).strip()
        return f"is {'' if operand is not False else 'not '}{what}"
    name, is_path = operator.removesuffix("Path"), operator.endswith("Path")
    for kind in KINDS:
        if name.startswith(kind) and name.removeprefix(kind) in SYMBOLS:
            return f"{SYMBOLS[name.removeprefix(kind)]} {operand if is_path else json.dumps(operand, ensure_ascii=False)}"
    return f"{operator} {json.dumps(operand, ensure_ascii=False)}"


def label_of(node: Node, way: Transition) -> str:
    """What stands beside the way from a state to the next; empty for a plain Next."""
    if way.kind == "choice":
        return words.clip(words.clean(condition(entry_of(node, way))), LONGEST_LABEL)
    if way.kind == "catch":
        return words.clip(f"catch {errors_of(entry_of(node, way))}", LONGEST_LABEL)
    return "" if way.kind == "next" else way.kind


def entry_of(node: Node, way: Transition) -> Mapping[str, Json]:
    """The choice rule or catcher a transition stands in: `/Choices[2]/Next`."""
    field, _, rest = way.place.removeprefix("/").partition("[")
    found: Mapping[str, Json] = node.value[field][int(rest.partition("]")[0])]
    return found


def errors_of(entry: Mapping[str, Json]) -> str:
    return words.clean(", ".join(str(name) for name in entry.get("ErrorEquals", ())))


def inner_parts(outline: Outline) -> dict[int, list[Part]]:
    """The blocks inside each state, by the identity of its node."""
    inner: dict[int, list[Part]] = {}
    for part in outline.parts:
        if part.owner is not None:
            inner.setdefault(id_of(part.owner), []).append(part)
    return inner


def in_order(part: Part) -> list[Node]:
    """The states of a block in the order of the way through them: StartAt first, what nothing leads to last."""
    found: dict[str, Node] = {}
    waiting = [part.value.get("StartAt")]
    while waiting:
        name = waiting.pop()
        if name in part.nodes and name not in found:
            found[name] = part.nodes[name]
            waiting.extend(reversed([way.target for way in transitions(found[name])]))
    return [*found.values(), *(node for name, node in part.nodes.items() if name not in found)]


def works_on(node: Node) -> str:
    """What a state works with: the function of a Task, the seconds of a Wait, the error of a Fail."""
    value = node.value
    if node.type == "Task":
        resource = str(value.get("Resource", ""))
        parameters = value.get("Parameters") or value.get("Arguments")
        name = parameters.get("FunctionName") if isinstance(parameters, dict) else None
        if ":lambda:invoke" in resource and isinstance(name, str):
            return f"lambda {name.rpartition(':function:')[2]}"
        for kind in (":function:", ":activity:", ":states:::"):
            if kind in resource:
                return resource.rpartition(kind)[2]
        return resource
    if node.type == "Wait":
        for field, text in (("Seconds", None), ("Timestamp", "until {}"), ("SecondsPath", "{} seconds"), ("TimestampPath", "until {}")):
            if field in value:
                given = value[field]
                return words.duration(given) if text is None and isinstance(given, (int, float)) else (text or "{}").format(given)
    if node.type == "Fail":
        return str(value.get("Error", value.get("ErrorPath", "")))
    if node.type == "Map":
        is_distributed = value.get("ItemProcessor", {}).get("ProcessorConfig", {}).get("Mode") == "DISTRIBUTED"
        at_once = value.get("MaxConcurrency")
        return ", ".join(filter(None, ["distributed" if is_distributed else "", f"{at_once} at once" if at_once else ""]))
    return ""


# ---------------------------------------------------------------- the tree


def tree(machine: Machine, title: str) -> Tree:
    """The machine as a rich tree: each state below its block, with where it leads."""
    outline = Outline(machine.definition, machine.type)
    root = Tree(_title(machine, title), guide_style="bright_black", highlight=False)
    _grow(root, outline.parts[0], inner_parts(outline))
    return root


def _title(machine: Machine, title: str) -> Text:
    text = Text(words.clean(title), style="bold")
    limit = f", at most {words.duration(machine.timeout_seconds)}" if machine.timeout_seconds is not None else ""
    text.append(f"  {machine.type}, {machine.query_language}{limit}", style="not bold dim")
    if machine.comment:
        text.append(f"\n{words.clean(machine.comment)}", style="not bold italic dim")
    return text


def _grow(root: Tree, part: Part, inner: dict[int, list[Part]]) -> None:
    nodes = in_order(part)
    width = max((len(node.name) for node in nodes), default=0)
    for place, node in enumerate(nodes):
        following = nodes[place + 1].name if place + 1 < len(nodes) else None
        grown = root.add(_state_lines(node, width, following))
        parts = inner.get(id_of(node), [])
        for number, block in enumerate(parts, 1):
            label = f"branch {number}" if block.kind == "branch" else "each item"
            _grow(grown.add(Text(label, style="dim italic")), block, inner)


TYPE_STYLES = {"Choice": "magenta", "Wait": "yellow", "Succeed": "green", "Fail": "red", "Parallel": "blue", "Map": "blue", "Task": "cyan"}


class _Hanging:
    """Lines of text, each wrapped to the width with what follows its first line further in."""

    def __init__(self, lines: list[tuple[Text, int]]) -> None:
        self.lines = lines

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = options.max_width
        for line, indent in self.lines:
            first = line if line.cell_len <= width else line.wrap(console, width)[0]
            rest = line[len(first) :]
            yield _trimmed(first)
            margin = Text(" " * min(indent, width // 3))
            for more in rest.wrap(console, width - len(margin)) if rest else ():
                yield margin + _trimmed(more)


def _trimmed(line: Text) -> Text:
    line.rstrip()
    return line


def _state_lines(node: Node, width: int, following: str | None) -> _Hanging:
    """`Charge  Task  charge-card  → Ship`, then retriers and other ways out, each on a line of its own."""
    text = Text(words.clean(node.name).ljust(width), style="bold")
    text.append(f"  {node.type or '?':<8}", style=f"not bold {TYPE_STYLES.get(node.type or '', 'dim')}")
    works_with = words.clean(works_on(node))
    if works_with:
        text.append(f"  {words.clip(works_with, LONGEST_LABEL)}", style="not bold")
    ways = list(transitions(node))
    plain = [way for way in ways if way.kind == "next"]
    for way in plain:
        text.append(f"  → {words.clean(way.target)}", style="not bold dim" if way.target == following else "not bold")
    if not ways and node.type not in ("Succeed", "Fail"):
        text.append("  end", style="not bold dim")
    lines = [(text, width + 2)]
    lines += [(Text(f"  retry {errors_of(entry)}: {_retry(entry)}", style="yellow"), 8) for entry in node.value.get("Retry", ())]
    for way in ways:
        if way.kind != "next":
            style, word = ("red", "catch ") if way.kind == "catch" else ("", "")
            label = label_of(node, way).removeprefix("catch ")
            lines.append((Text(f"  {word}{label} → {words.clean(way.target)}", style=style), 2 + len(word)))
    return _Hanging(lines)


def _retry(entry: Mapping[str, Json]) -> str:
    """`3 times after 1 s, ×2`."""
    times, seconds, rate = entry.get("MaxAttempts", 3), entry.get("IntervalSeconds", 1), entry.get("BackoffRate", 2.0)
    if times == 0:
        return "never"
    after = f" after {words.duration(seconds)}" if isinstance(seconds, (int, float)) else ""
    grows = f", then ×{rate:g}" if isinstance(rate, (int, float)) and rate != 1 and times != 1 else ""
    return f"{'once' if times == 1 else f'{times} times'}{after}{grows}"


# ---------------------------------------------------------------- Mermaid


def mermaid(machine: Machine) -> str:
    """The machine as a Mermaid state diagram; Parallel and Map are composite states."""
    outline = Outline(machine.definition, machine.type)
    ids = _ids(outline, "s")
    inner = inner_parts(outline)
    lines = ["stateDiagram-v2", *(f"    {line}" for line in _mermaid_block(outline.parts[0], ids, inner))]
    return "\n".join(lines) + "\n"


def _mermaid_block(part: Part, ids: dict[int, str], inner: dict[int, list[Part]]) -> Iterator[str]:
    nodes = in_order(part)
    for node in nodes:
        id = ids[id_of(node)]
        parts = inner.get(id_of(node), [])
        yield f'state "{_mermaid_text(node.name)}" as {id}' + (" {" if parts else "")
        for number, block in enumerate(parts):
            if number:
                yield "    --"
            yield from (f"    {line}" for line in _mermaid_block(block, ids, inner))
        if parts:
            yield "}"
    if nodes:
        yield f"[*] --> {ids[id_of(nodes[0])]}"
    for node in nodes:
        for way in transitions(node):
            label = _mermaid_text(label_of(node, way))
            yield f"{ids[id_of(node)]} --> {ids[id_of(part.nodes[way.target])]}" + (f" : {label}" if label else "")
        if _ends(node):
            yield f"{ids[id_of(node)]} --> [*]"


def _ends(node: Node) -> bool:
    return node.value.get("End") is True or node.type in ("Succeed", "Fail")


#: What would end a label or a line of Mermaid, as its entity codes.
_MERMAID_CODES = str.maketrans({"#": "#35;", ";": "#59;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "{": "#123;", "}": "#125;", ":": "#58;"})


def _mermaid_text(text: str) -> str:
    return words.clean(text).translate(_MERMAID_CODES)


# ---------------------------------------------------------------- DOT

SHAPES = {"Choice": "diamond", "Succeed": "doublecircle", "Fail": "octagon", "Wait": "oval"}


def dot(machine: Machine, title: str) -> str:
    """The machine as a Graphviz digraph; branches and processors are clusters."""
    outline = Outline(machine.definition, machine.type)
    ids = _ids(outline, "s")
    lines = [
        f"digraph {_dot_text(title)} {{",
        "    compound=true",
        '    node [shape=box, style=rounded, fontname="Helvetica"]',
        '    edge [fontname="Helvetica", fontsize=10]',
        "    start [shape=point]",
        f"    start -> {ids[id_of(in_order(outline.parts[0])[0])]}",
        *(f"    {line}" for line in _dot_block(outline.parts[0], ids, inner_parts(outline))),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _dot_block(part: Part, ids: dict[int, str], inner: dict[int, list[Part]]) -> Iterator[str]:
    nodes = in_order(part)
    for node in nodes:
        id = ids[id_of(node)]
        shape = f", shape={SHAPES[node.type]}" if node.type in SHAPES else ""
        name = _dot_text(f"{node.name}\n{node.type}")
        yield f"{id} [label={name}{shape}]"
        for number, block in enumerate(inner.get(id_of(node), []), 1):
            label = f"{node.name}: branch {number}" if block.kind == "branch" else f"{node.name}: each item"
            yield f"subgraph cluster_{id}_{number} {{"
            yield f"    label={_dot_text(label)}"
            yield from (f"    {line}" for line in _dot_block(block, ids, inner))
            yield "}"
            first = in_order(block)
            if first:
                yield f"{id} -> {ids[id_of(first[0])]} [style=dotted]"
    for node in nodes:
        for way in transitions(node):
            style = {"catch": ", style=dashed, color=red", "default": ", style=dashed"}.get(way.kind, "")
            label = label_of(node, way)
            yield f"{ids[id_of(node)]} -> {ids[id_of(part.nodes[way.target])]} [label={_dot_text(label)}{style}]"


def _dot_text(text: str) -> str:
    lines = [words.clean(line).replace("\\", "\\\\").replace('"', '\\"') for line in text.split("\n")]
    return '"' + "\\n".join(lines) + '"'


id_of: Callable[[Node], int] = id


def _ids(outline: Outline, prefix: str) -> dict[int, str]:
    """A short name for each state that any notation takes."""
    return {id_of(node): f"{prefix}{number}" for number, node in enumerate(outline.nodes, 1)}
