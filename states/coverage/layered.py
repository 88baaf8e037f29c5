"""A layered layout of a directed graph: boxes in rows from top to bottom, edges through the gaps between them.

Loops are turned round, rows are the longest ways from the start, long edges go through narrow boxes of their own, rows are ordered by the
middle of their neighbours, and places in a row are the nearest to those middles that keep the boxes apart. Numbers are pixels.

Source: Sugiyama, Tagawa, Toda, "Methods for visual understanding of hierarchical system structures" (1981); pool adjacent violators
(Ayer and others, 1955) for the places in a row.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

Key = Hashable
Point = tuple[float, float]

GAP_X, GAP_Y = 26.0, 30.0
THIN = 10.0  #: width of the place where a long edge passes a row
SWEEPS = 10
MOST_PASSES = 10_000  #: places where long edges pass rows; a graph that needs more is not drawn


class TooLarge(ValueError):
    """The graph has more edges past rows than anybody could follow."""


class Drawing(NamedTuple):
    """`boxes` has the left upper corner of each box; `routes` the points of each edge, from its source to its target, in the given order.

    A route goes down from point to point; one that goes back up (see `backward`) leaves and enters its boxes at a side.
    """

    boxes: dict[Key, Point]
    routes: list[list[Point]]
    backward: list[bool]
    width: float
    height: float


def layout(sizes: Mapping[Key, Point], edges: Sequence[tuple[Key, Key]], weights: Sequence[float] = ()) -> Drawing:
    """Places boxes of these sizes (width, height), the first of them at the top. Raises TooLarge.

    `weights` says how much each edge wants to be straight, 1.0 where nothing is said.

    >>> layout({"a": (10, 10), "b": (10, 10)}, [("a", "b")]).boxes
    {'a': (0.0, 0.0), 'b': (0.0, 40.0)}
    """
    graph = Rows(sizes, edges, weights or [1.0] * len(edges))
    graph.order()
    graph.place()
    return graph.drawing()


class Rows:
    """The graph on its way to a drawing. A key of a pass is a tuple ("pass", edge, row)."""

    def __init__(self, sizes: Mapping[Key, Point], edges: Sequence[tuple[Key, Key]], weights: Sequence[float]) -> None:
        self.sizes: dict[Key, Point] = dict(sizes)
        self.edges = edges
        self.backward = back_edges(list(sizes), edges)
        self.row = rows(list(sizes), [edge for edge, back in zip(edges, self.backward, strict=True) if not back])
        self.links: list[tuple[Key, Key]] = []
        self.weights: dict[tuple[Key, Key], float] = {}
        self.passes: list[list[Key]] = []
        count = 0
        for number, (source, target) in enumerate(edges):
            top, bottom = self.row[source], self.row[target]
            span = range(bottom, top + 1) if self.backward[number] else range(top + 1, bottom)
            count += len(span)
            if count > MOST_PASSES:
                raise TooLarge(f"the graph has more than {MOST_PASSES:,} edges past its rows")
            chain: list[Key] = [("pass", number, row) for row in span]
            for place, key in zip(span, chain, strict=True):
                self.sizes[key] = (THIN, 0.0)
                self.row[key] = place
            whole = chain if self.backward[number] else [source, *chain, target]
            for link in pairwise(whole):
                self.links.append(link)
                self.weights[link] = weights[number]
            self.passes.append(chain)
        self.lines: list[list[Key]] = [[] for _ in range(max(self.row.values(), default=-1) + 1)]
        for key in self.sizes:
            self.lines[self.row[key]].append(key)
        self.above: dict[Key, list[Key]] = {key: [] for key in self.sizes}
        self.below: dict[Key, list[Key]] = {key: [] for key in self.sizes}
        for upper, lower in self.links:
            self.below[upper].append(lower)
            self.above[lower].append(upper)
        self.x: dict[Key, float] = {}

    # ------------------------------------------------------------ the order in each row

    def order(self) -> None:
        best, fewest = [line[:] for line in self.lines], self.crossings()
        for sweep in range(SWEEPS if fewest else 0):
            down = sweep % 2 == 0
            near = self.above if down else self.below
            for line in self.lines[1:] if down else reversed(self.lines[:-1]):
                self._sort(line, near)
            found = self.crossings()
            if found < fewest:
                best, fewest = [line[:] for line in self.lines], found
        self.lines = best

    def _sort(self, line: list[Key], near: Mapping[Key, list[Key]]) -> None:
        """By the middle of the neighbours; a box that has none stays where it is."""
        places = self._places(near, line)
        middle = {}
        for own, key in enumerate(line):
            around = [places[other] for other in near[key]]
            middle[key] = sum(around) / len(around) if around else own
        line.sort(key=middle.__getitem__)

    def _places(self, near: Mapping[Key, list[Key]], line: list[Key]) -> dict[Key, int]:
        others = {self.row[other] for key in line for other in near[key]}
        return {key: place for row in others for place, key in enumerate(self.lines[row])}

    def crossings(self) -> int:
        """How many pairs of links cross each other."""
        found = 0
        for upper, lower in pairwise(self.lines):
            place = {key: number for number, key in enumerate(lower)}
            seen: list[int] = []
            for key in upper:
                ends = sorted(place[other] for other in self.below[key])
                found += sum(len(seen) - bisect_left(seen, end + 1) for end in ends)
                for end in ends:
                    insort(seen, end)
        return found

    # ------------------------------------------------------------ places

    def place(self) -> None:
        for line in self.lines:
            left = 0.0
            for key in line:
                self.x[key] = left + self.sizes[key][0] / 2
                left += self.sizes[key][0] + GAP_X
        for sweep in range(4 * SWEEPS):
            near = (self.above, self.below)[sweep % 2 : sweep % 2 + 1] if sweep < 3 * SWEEPS else (self.above, self.below)
            for line in self.lines if sweep % 2 == 0 else reversed(self.lines):
                self._settle(line, near)
        for chain in self.passes:
            self._straighten(chain)
        left = min((self.x[key] - self.sizes[key][0] / 2 for key in self.x), default=0.0)
        self.x = {key: x - left for key, x in self.x.items()}

    def _settle(self, line: list[Key], near: Sequence[Mapping[Key, list[Key]]]) -> None:
        """Moves a row to where its neighbours want it."""
        wishes, weights, apart = [], [], []
        for place, key in enumerate(line):
            pull = [(self._weight(key, other), self.x[other]) for around in near for other in around[key]]
            weight = sum(one for one, _ in pull)
            wishes.append(sum(one * x for one, x in pull) / weight if pull else self.x[key])
            weights.append(weight or 0.1)
            if place:
                apart.append(self._apart(line[place - 1], key))
        for key, x in zip(line, spread(wishes, weights, apart), strict=True):
            self.x[key] = x

    def _weight(self, key: Key, other: Key) -> float:
        weight = self.weights.get((key, other)) or self.weights[other, key]
        return weight * (4.0 if is_pass(key) and is_pass(other) else 1.0)

    def _apart(self, left: Key, right: Key) -> float:
        """How far the middles of two neighbours in a row are apart at least."""
        gap = GAP_X / 2 if is_pass(left) and is_pass(right) else GAP_X
        return (self.sizes[left][0] + self.sizes[right][0]) / 2 + gap

    def _straighten(self, chain: Sequence[Key]) -> None:
        """Lets a long edge run straight as far as the rows it passes have room."""
        run: list[Key] = []
        low, high = float("-inf"), float("inf")
        for key in chain:
            line = self.lines[self.row[key]]
            place = line.index(key)
            left = self.x[line[place - 1]] + self._apart(line[place - 1], key) if place else float("-inf")
            right = self.x[line[place + 1]] - self._apart(key, line[place + 1]) if place + 1 < len(line) else float("inf")
            if max(low, left) > min(high, right):
                self._align(run, low, high)
                run, low, high = [], left, right
            run, low, high = [*run, key], max(low, left), min(high, right)
        self._align(run, low, high)

    def _align(self, run: Sequence[Key], low: float, high: float) -> None:
        if run:
            x = min(max(sum(self.x[key] for key in run) / len(run), low), high)
            self.x.update(dict.fromkeys(run, x))

    def drawing(self) -> Drawing:
        tops, bottoms, y = [], [], 0.0
        for line in self.lines:
            height = max((self.sizes[key][1] for key in line), default=0.0)
            tops.append(y)
            bottoms.append(y + height)
            y += height + GAP_Y
        boxes: dict[Key, Point] = {}
        for key in self.x:
            if not is_pass(key):
                width, height = self.sizes[key]
                top, bottom = tops[self.row[key]], bottoms[self.row[key]]
                boxes[key] = (self.x[key] - width / 2, (top + bottom - height) / 2)
        routes = [self._route(number, boxes, tops, bottoms) for number in range(len(self.edges))]
        right = max((self.x[key] + self.sizes[key][0] / 2 for key in self.x), default=0.0)
        return Drawing(boxes, routes, self.backward, right, bottoms[-1] if bottoms else 0.0)

    def _route(self, number: int, boxes: Mapping[Key, Point], tops: Sequence[float], bottoms: Sequence[float]) -> list[Point]:
        source, target = self.edges[number]
        chain = self.passes[number]
        if self.backward[number]:
            first, last = self._side(source, chain[-1], boxes), self._side(target, chain[0], boxes)
            between = [(self.x[key], (tops[self.row[key]] + bottoms[self.row[key]]) / 2) for key in reversed(chain)]
            return [first, *between, last]
        x = self._port(source, number, True)
        points = [(x, boxes[source][1] + self.sizes[source][1]), (x, bottoms[self.row[source]])]
        for key in chain:
            points += [(self.x[key], tops[self.row[key]]), (self.x[key], bottoms[self.row[key]])]
        x = self._port(target, number, False)
        return [*points, (x, tops[self.row[target]]), (x, boxes[target][1])]

    def _side(self, key: Key, beside: Key, boxes: Mapping[Key, Point]) -> Point:
        """The middle of a box's side that faces a pass in its row."""
        width, height = self.sizes[key]
        x, y = boxes[key]
        return x + (width if self.x[beside] > self.x[key] else 0.0), y + height / 2

    def _port(self, key: Key, number: int, leaves: bool) -> float:
        """Where an edge touches a box: beside the others, in the order of where they lead."""
        near = (self.below if leaves else self.above)[key]
        if len(near) < 2:
            return self.x[key]
        chain = self.passes[number]
        other = (chain[0] if leaves else chain[-1]) if chain else self.edges[number][1 if leaves else 0]
        places = sorted(self.x[one] for one in near)
        room = min(self.sizes[key][0] * 0.7, 16.0 * (len(places) - 1))
        return self.x[key] - room / 2 + room * places.index(self.x[other]) / (len(places) - 1)


def is_pass(key: Key) -> bool:
    return type(key) is tuple and bool(key) and key[0] == "pass"


def back_edges(keys: Sequence[Key], edges: Sequence[tuple[Key, Key]]) -> list[bool]:
    """Which edges lead back to a box on the way to them, found depth first in the given order."""
    ways: dict[Key, list[int]] = {key: [] for key in keys}
    for number, (source, _) in enumerate(edges):
        ways[source].append(number)
    back = [False] * len(edges)
    state: dict[Key, int] = {}
    for start in keys:
        stack = [(start, 0)] if start not in state else []
        state.setdefault(start, 1)
        while stack:
            key, place = stack.pop()
            if place == len(ways[key]):
                state[key] = 2
                continue
            stack.append((key, place + 1))
            number = ways[key][place]
            target = edges[number][1]
            if state.get(target) == 1:
                back[number] = True
            elif target not in state:
                state[target] = 1
                stack.append((target, 0))
    return back


def rows(keys: Sequence[Key], edges: Sequence[tuple[Key, Key]]) -> dict[Key, int]:
    """The row of each box: one below the lowest that leads to it."""
    into = dict.fromkeys(keys, 0)
    ways: dict[Key, list[Key]] = {key: [] for key in keys}
    for source, target in edges:
        into[target] += 1
        ways[source].append(target)
    found = dict.fromkeys(keys, 0)
    ready = [key for key in keys if not into[key]]
    for key in ready:  # grows while it is walked
        for target in ways[key]:
            found[target] = max(found[target], found[key] + 1)
            into[target] -= 1
            if not into[target]:
                ready.append(target)
    return found


def spread(wishes: Sequence[float], weights: Sequence[float], apart: Sequence[float]) -> list[float]:
    """The places nearest to the wishes (in squares, by weight) that keep so far apart, in order.

    >>> spread([0.0, 0.0, 9.0], [1.0, 1.0, 1.0], [4.0, 4.0])
    [-2.0, 2.0, 9.0]
    """
    blocks: list[tuple[float, float, int]] = []  # mean, weight, members: wishes without the room between them
    offset, offsets = 0.0, []
    for number, wish in enumerate(wishes):
        offset += apart[number - 1] if number else 0.0
        offsets.append(offset)
        mean, weight, members = wish - offset, weights[number], 1
        while blocks and blocks[-1][0] >= mean:
            other, more, count = blocks.pop()
            mean = (mean * weight + other * more) / (weight + more)
            weight, members = weight + more, members + count
        blocks.append((mean, weight, members))
    places = [mean for mean, _, members in blocks for _ in range(members)]
    return [place + offset for place, offset in zip(places, offsets, strict=True)]
