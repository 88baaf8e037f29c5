"""The graph of a machine as an SVG, coloured by what was reached: states, ways, and what each retrier, Map and clock did.

States stand in the order of `views.diagram`, placed by `layered`; branches and processors are drawn inside their state. A choice rule, a
catcher and Default stand on their way as a label. Colours come from the style sheet around the picture: `hit`, `part`, `miss`, `out`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Iterable, Sequence
from html import escape
from itertools import pairwise
from math import copysign
from typing import NamedTuple

from states.coverage import goals
from states.coverage.layered import TooLarge, layout
from states.coverage.results import Covered, Measured
from states.definition.graph import Transition, transitions
from states.definition.outline import Node, Outline, Part
from states.views import diagram, words

HIT, PART, MISS, OUT = "hit", "part", "miss", "out"
STATUSES = (HIT, PART, MISS, OUT)

PAD, LINE, CHIP = 12.0, 16.0, 18.0  #: pixels around the text of a state, from line to line, and of a row of chips
NARROWEST = 110.0
LONGEST_NAME, LONGEST_LABEL = 44, 40
MARGIN = 14.0
BOLD = 1.14  #: how much wider a bold text is
NARROW, WIDE, WIDEST = " !'(),-./:;IJ[\\]fijlrt|", "#&+<=>^w~×", "%@MWm…"
STRAIGHT = 40.0  #: how much more a Next wants to be straight than another way


class Fragment(NamedTuple):
    """A part of the picture, drawn from its own left upper corner."""

    width: float
    height: float
    svg: str

    def at(self, x: float, y: float) -> str:
        return f'<g transform="translate({x:.1f} {y:.1f})">{self.svg}</g>'


def picture(machine: Covered) -> str:
    """The `<svg>` of a machine; empty when the graph is too large to be drawn."""
    try:
        drawn = Picture(machine).whole()
    except TooLarge:
        return ""
    width, height = drawn.width + 2 * MARGIN, drawn.height + 2 * MARGIN
    arrows = "".join(
        f'<marker id="arrow-{status}" class="arrow {status}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto-start-reverse"><path d="M0 0.5 8 4 0 7.5z"/></marker>'
        for status in STATUSES
    )
    label = escape(f"The graph of {words.clean(machine.name)}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{label}" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.1f} {height:.1f}"><defs>{arrows}</defs>{drawn.at(MARGIN, MARGIN)}</svg>'
    )


def status_of(found: Sequence[Measured]) -> str:
    """`hit` when each of these goals was reached, `miss` when none was, `part` when some were; `out` when nothing counts.

    An excluded goal that was never reached does not count.
    """
    counting = [one for one in found if one.times or not one.is_excluded]
    if not counting:
        return OUT
    reached = sum(1 for one in counting if one.times)
    return HIT if reached == len(counting) else PART if reached else MISS


def text_width(text: str, size: float) -> float:
    """How wide a text may become: in DejaVu Sans, the widest of the fonts that the pages name."""
    return sum(map(letter_width, text)) * size


def letter_width(c: str) -> float:
    if c in NARROW:
        return 0.42
    if c in WIDEST or unicodedata.east_asian_width(c) in "WF":
        return 1.0
    return 0.84 if c in WIDE or c.isupper() else 0.66


class Picture:
    def __init__(self, machine: Covered) -> None:
        self.outline = Outline(machine.definition, machine.type)
        self.inner = diagram.inner_parts(self.outline)
        self.found = {one.goal.name: one for one in machine.measured}
        self.of_state: dict[str, list[Measured]] = {}
        for one in machine.measured:
            self.of_state.setdefault(one.goal.state, []).append(one)

    def whole(self) -> Fragment:
        return self.block(self.outline.parts[0])

    def named(self, location: str, *outcomes: str) -> list[Measured]:
        names = [f"{location} {outcome}" for outcome in outcomes]
        return [self.found[name] for name in names if name in self.found]

    # ------------------------------------------------------------ a block

    def block(self, part: Part) -> Fragment:
        nodes = diagram.in_order(part)
        start: Hashable = ("start",)
        boxes: dict[Hashable, Fragment] = {start: dot("start")}
        edges: list[tuple[Hashable, Hashable]] = []
        looks: list[tuple[str, str]] = []  # classes and title of each edge

        def way(source: Hashable, target: Hashable, found: list[Measured], kind: str) -> None:
            edges.append((source, target))
            looks.append((f"way {kind} {status_of(found)}", title_of(found)))

        for node in nodes:
            boxes[node.name] = self.state(node)
        if nodes:
            way(start, nodes[0].name, self.named(nodes[0].location, goals.ENTERED), "next")
        for node in nodes:
            for one in transitions(node):
                outcome = goals.TRUE if one.kind == "choice" else goals.TAKEN
                place = one.place.removesuffix("/Next") if one.kind in ("choice", "catch") else one.place
                taken = self.named(node.location + place, outcome)
                if one.kind == "next":
                    way(node.name, one.target, taken, "next")
                    continue
                key = ("label", node.name, one.place)
                boxes[key] = label(node, one, self.named(node.location + place, goals.TRUE, goals.FALSE, goals.TAKEN))
                way(node.name, key, taken, f"{one.kind} stem")
                way(key, one.target, taken, one.kind)
            if node.value.get("End"):
                found = self.named(f"{node.location}/End", goals.TAKEN)
                boxes[("end", node.name)] = dot(f"end {status_of(found)}", title_of(found))
                way(node.name, ("end", node.name), found, "next stem")
        weights = [STRAIGHT if " next " in classes else 1.0 for classes, _ in looks]
        drawing = layout({key: (box.width, box.height) for key, box in boxes.items()}, edges, weights)
        paths = []
        for points, back, (classes, title) in zip(drawing.routes, drawing.backward, looks, strict=True):
            arrow = "" if " stem " in classes else f' marker-end="url(#arrow-{classes.rpartition(" ")[2]})"'
            paths.append(f'<path class="{classes}"{arrow} d="{curve(points, back)}">{title}</path>')
        drawn = [box.at(*drawing.boxes[key]) for key, box in boxes.items()]
        return Fragment(drawing.width, drawing.height, "".join([*paths, *drawn]))

    # ------------------------------------------------------------ a state

    def state(self, node: Node) -> Fragment:
        """A box with name, type, what it works with, its chips, and its blocks."""
        own = self.of_state.get(node.location, [])
        entered = self.named(node.location, goals.ENTERED)
        status = status_of(entered) if status_of(entered) != HIT else status_of(own)
        name = words.clip(words.clean(node.name), LONGEST_NAME)
        works_on = words.clip(words.clean(diagram.works_on(node)), LONGEST_NAME)
        detail = f"{node.type}  {works_on}" if works_on else str(node.type)
        count = f"{entered[0].times:,}×" if entered and entered[0].times else ""
        inside = [self.inside(block, number) for number, block in enumerate(self.inner.get(diagram.id_of(node), []), 1)]
        inside_width = sum(one.width for one in inside) + PAD * (len(inside) - 1) if inside else 0.0
        made = [chip(one) for one in own if one.goal.kind in (goals.RETRY, goals.TIMEOUT, goals.MAP)]
        head = text_width(name, 13.5 * BOLD) + text_width(count, 11) + PAD
        width = max(NARROWEST, head, text_width(detail, 11.5), inside_width, *(one.width for one in made)) + 2 * PAD
        chips, chips_height = rows_of(made, width - 2 * PAD)
        height = PAD + 2 * LINE + chips_height + 4
        parts = [
            f'<text class="name" x="{PAD}" y="{PAD + 10}">{escape(name)}</text>',
            f'<text class="count" x="{width - PAD:.1f}" y="{PAD + 10}" text-anchor="end">{count}</text>',
            f'<text class="detail" x="{PAD}" y="{PAD + 10 + LINE}">{escape(detail)}</text>',
            f'<g transform="translate({PAD} {PAD + 2 * LINE:.1f})">{chips}</g>',
        ]
        x = (width - inside_width) / 2
        for one in inside:
            parts.append(one.at(x, height))
            x += one.width + PAD
        height += max((one.height for one in inside), default=-PAD / 2) + PAD
        kind = (node.type or "").lower()
        bar = f'<path class="bar" d="M0 8 a8 8 0 0 1 8 -8 v{height:.1f} a8 8 0 0 1 -8 -8z"/>'
        frame = f'<rect class="box" width="{width:.1f}" height="{height:.1f}" rx="8"/>{bar}'
        line = entered[0].line if entered else None
        whole = f'<g class="state {kind} {status}">{title_of(own)}{frame}{"".join(parts)}</g>'
        return Fragment(width, height, f'<a href="#L{line}">{whole}</a>' if line and not inside else whole)

    def inside(self, part: Part, number: int) -> Fragment:
        """A branch or processor in its frame."""
        drawn = self.block(part)
        ended = self.named(part.location, goals.ENDED)
        title = f"branch {number}" if part.kind == "branch" else "each item"
        status = status_of(ended) if ended else "plain"
        wide, high = max(drawn.width, text_width(title, 11)) + 2 * PAD, drawn.height + 2 * PAD + LINE
        frame = f'<rect width="{wide:.1f}" height="{high:.1f}" rx="6"/><text class="detail" x="{PAD}" y="{PAD + 4}">{title}</text>'
        inner = drawn.at((wide - drawn.width) / 2, PAD + LINE)
        return Fragment(wide, high, f'<g class="block {status}">{title_of(ended)}{frame}{inner}</g>')


def label(node: Node, way: Transition, found: list[Measured]) -> Fragment:
    """What stands on the way of a choice rule, a catcher or Default."""
    text = words.clip(diagram.label_of(node, way), LONGEST_LABEL)
    width = text_width(text, 11) + 16
    look = f'<rect width="{width:.1f}" height="20" rx="10"/><text x="{width / 2:.1f}" y="14" text-anchor="middle">{escape(text)}</text>'
    return Fragment(width, 20.0, f'<g class="label {way.kind} {status_of(found)}">{title_of(found)}{look}</g>')


def chip(one: Measured) -> Fragment:
    """What a retrier, a clock or a Map did or did not."""
    within = one.goal.location.removeprefix(one.goal.state).strip("/")
    text = one.goal.outcome if one.goal.kind == goals.MAP else f"{within.removesuffix('Path')} {one.goal.outcome}"
    width = text_width(text, 10) + 12
    look = f'<rect width="{width:.1f}" height="15" rx="4"/><text x="{width / 2:.1f}" y="11" text-anchor="middle">{escape(text)}</text>'
    return Fragment(width, 15.0, f'<g class="chip {status_of([one])}">{title_of([one])}{look}</g>')


def rows_of(chips: Iterable[Fragment], room: float) -> tuple[str, float]:
    """Chips side by side, in as many rows as they need; the height of all."""
    drawn, x, y = [], 0.0, 0.0
    for one in chips:
        if x and x + one.width > room:
            x, y = 0.0, y + CHIP
        drawn.append(one.at(x, y))
        x += one.width + 4
    return "".join(drawn), y + CHIP if drawn else 0.0


def dot(classes: str, title: str = "") -> Fragment:
    return Fragment(12.0, 12.0, f'<g class="dot {classes}">{title}<circle cx="6" cy="6" r="5"/></g>')


def title_of(found: Sequence[Measured]) -> str:
    """What a browser shows when the pointer rests on a part."""
    lines = [f"{words.clean(one.goal.name)}: {said(one)}" for one in found]
    return f"<title>{escape(chr(10).join(lines))}</title>" if lines else ""


def said(one: Measured) -> str:
    """How often a goal was reached, in words."""
    return words.count(one.times, "time") if one.times else "excluded" if one.is_excluded else "never"


def curve(points: Sequence[tuple[float, float]], back: bool) -> str:
    """A smooth path through the points; it leaves and enters vertically, one that goes back up sideways."""
    first, last = points[0], points[-1]
    if not back:
        return f"M{first[0]:.1f} {first[1]:.1f}{steps(points)}"
    if first == last:
        first, last = (first[0], first[1] + 8), (last[0], last[1] - 8)
    out, home, corner = points[1][0], points[-2][0], min(8.0, abs(first[1] - last[1]) / 2)
    upwards = [(out, first[1] - corner), *points[2:-2], (home, last[1] + corner)]
    turn, back_turn = copysign(corner, out - first[0]), copysign(corner, home - last[0])
    leaves = f"M{first[0]:.1f} {first[1]:.1f}H{out - turn:.1f}Q{out:.1f} {first[1]:.1f} {out:.1f} {first[1] - corner:.1f}"
    return f"{leaves}{steps(upwards)}Q{home:.1f} {last[1]:.1f} {home - back_turn:.1f} {last[1]:.1f}H{last[0]:.1f}"


def steps(points: Sequence[tuple[float, float]]) -> str:
    """From point to point, each time from the vertical into the vertical."""
    made = []
    for (x0, y0), (x1, y1) in pairwise(points):
        if abs(x0 - x1) < 0.05 and abs(y0 - y1) < 0.05:
            continue  # an arrow points where the last step goes
        middle = (y0 + y1) / 2
        made.append(f"V{y1:.1f}" if abs(x0 - x1) < 0.05 else f"C{x0:.1f} {middle:.1f} {x1:.1f} {middle:.1f} {x1:.1f} {y1:.1f}")
    return "".join(made)
