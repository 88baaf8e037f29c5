"""The layout of graphs: boxes never touch, edges go down, loops go back, and nothing takes long."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from states.coverage import layered
from states.coverage.layered import GAP_X, TooLarge, back_edges, layout, rows, spread

Edges = list[tuple[Any, Any]]


def sizes(keys: Any) -> dict[Any, tuple[float, float]]:
    return {key: (40.0 + 7 * number % 60, 20.0 + 5 * number % 30) for number, key in enumerate(keys)}


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ([], []),
        ([(0, 1), (1, 2)], [False, False]),
        ([(0, 1), (1, 0)], [False, True]),
        ([(0, 0)], [True]),
        ([(0, 1), (1, 2), (2, 0), (2, 1)], [False, False, True, True]),
        ([(1, 0)], [False]),
        ([(0, 1), (0, 2), (1, 2), (2, 3)], [False] * 4),
    ],
)
def test_the_edges_that_lead_back(edges: Edges, expected: list[bool]) -> None:
    assert back_edges([0, 1, 2, 3], edges) == expected


def test_a_row_is_the_longest_way() -> None:
    assert rows([0, 1, 2, 3, 4], [(0, 1), (1, 2), (0, 2), (2, 3)]) == {0: 0, 1: 1, 2: 2, 3: 3, 4: 0}


@pytest.mark.parametrize(
    ("wishes", "weights", "apart", "expected"),
    [
        ([], [], [], []),
        ([5.0], [1.0], [], [5.0]),
        ([0.0, 10.0], [1.0, 1.0], [4.0], [0.0, 10.0]),
        ([0.0, 0.0], [1.0, 1.0], [4.0], [-2.0, 2.0]),
        ([0.0, 0.0], [3.0, 1.0], [4.0], [-1.0, 3.0]),
        ([10.0, 0.0, 0.0], [1.0, 1.0, 1.0], [1.0, 1.0], [7 / 3, 10 / 3, 13 / 3]),
    ],
)
def test_places_are_the_nearest_to_the_wishes(wishes: Any, weights: Any, apart: Any, expected: Any) -> None:
    assert spread(wishes, weights, apart) == pytest.approx(expected)


GRAPHS = st.integers(1, 14).flatmap(
    lambda count: st.tuples(st.just(count), st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=30))
)


@settings(max_examples=120, deadline=None)
@given(GRAPHS)
def test_boxes_do_not_touch_and_edges_meet_them(graph: tuple[int, Edges]) -> None:
    count, edges = graph
    boxes = sizes(range(count))
    drawing = layout(boxes, edges, [1.0 + number % 3 for number in range(len(edges))])
    assert set(drawing.boxes) == set(range(count))
    for one, other in combinations(range(count), 2):
        (x1, y1), (x2, y2) = drawing.boxes[one], drawing.boxes[other]
        beside = x1 + boxes[one][0] <= x2 - GAP_X / 2 + 0.01 or x2 + boxes[other][0] <= x1 - GAP_X / 2 + 0.01
        below = y1 + boxes[one][1] <= y2 or y2 + boxes[other][1] <= y1
        assert beside or below
    for key, (x, y) in drawing.boxes.items():
        width, height = boxes[key]
        assert -0.01 <= x <= x + width <= drawing.width + 0.01
        assert -0.01 <= y <= y + height <= drawing.height + 0.01
    for (source, target), route, back in zip(edges, drawing.routes, drawing.backward, strict=True):
        left, top = drawing.boxes[source]
        assert left <= route[0][0] <= left + boxes[source][0] + 0.01
        left, top = drawing.boxes[target]
        assert left <= route[-1][0] <= left + boxes[target][0] + 0.01
        if not back:
            assert route[-1][1] == pytest.approx(top)
            assert all(one[1] <= other[1] + 0.01 for one, other in pairwise(route))


def test_crossings_are_untied() -> None:
    edges: Edges = [("s", "a"), ("s", "b"), ("a", "y"), ("b", "x")]
    drawing = layout(sizes(["s", "a", "b", "x", "y"]), edges)
    assert (drawing.boxes["a"] < drawing.boxes["b"]) == (drawing.boxes["y"][0] < drawing.boxes["x"][0])


def test_a_chain_is_straight() -> None:
    keys = list(range(6))
    drawing = layout(sizes(keys), list(pairwise(keys)))
    middles = [drawing.boxes[key][0] + sizes(keys)[key][0] / 2 for key in keys]
    assert middles == pytest.approx([middles[0]] * 6, abs=0.5)


def test_a_long_edge_runs_straight_past_the_rows() -> None:
    keys = list(range(8))
    drawing = layout(sizes(keys), [*pairwise(keys), (0, 7)])
    passed = {round(x, 3) for x, _ in drawing.routes[-1][2:-2]}
    assert len(passed) == 1


def test_what_nobody_could_follow_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layered, "MOST_PASSES", 10)
    keys = list(range(8))
    with pytest.raises(TooLarge, match="more than 10 edges"):
        layout(sizes(keys), [*pairwise(keys), (0, 7), (0, 6)])


def test_nothing_is_a_drawing_too() -> None:
    assert layout({}, []) == ({}, [], [], 0.0, 0.0)
