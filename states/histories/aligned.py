"""Aligned: which entries of two sequences of names belong together, by the fewest that have no counterpart.

Sequences that begin and end alike cost what they are long. What is between is searched in all ways at once, the fewest edits first (Myers'
greedy search); after so many edits the way that came furthest is taken, and the search begins anew there with fewer. So the work is bounded
by the length times a constant, and the alignment of histories that have little in common is not always the shortest.

Source: E. W. Myers, An O(ND) Difference Algorithm and Its Variations, 1986
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

FIRST = 1000  #: edits that are searched before a way is taken
LATER = 100  #: edits in each search after the first

Block = tuple[int, int, int]  #: where it begins in each, and how long it is


def pairs(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[int | None, int | None]]:
    """The places of both in their order, in pairs; None where one has no counterpart.

    >>> list(pairs("abcd", "acdx"))
    [(0, 0), (1, None), (2, 1), (3, 2), (None, 3)]
    """
    i = j = 0
    for start_a, start_b, length in (*blocks(a, b), (len(a), len(b), 0)):
        yield from ((place, None) for place in range(i, start_a))
        yield from ((None, place) for place in range(j, start_b))
        yield from zip(range(start_a, start_a + length), range(start_b, start_b + length), strict=True)
        i, j = start_a + length, start_b + length


def blocks(a: Sequence[str], b: Sequence[str]) -> Iterator[Block]:
    """The stretches that are the same in both, in order."""
    numbers: dict[str, int] = {}
    one, other = ([numbers.setdefault(name, len(numbers)) for name in names] for names in (a, b))
    end = min(len(one), len(other))
    start = next((place for place in range(end) if one[place] != other[place]), end)
    after = next((place for place in range(end - start) if one[-1 - place] != other[-1 - place]), end - start)
    one, other = one[: len(one) - after], other[: len(other) - after]
    if start:
        yield 0, 0, start
    i = j = start
    most = FIRST
    while i < len(one) and j < len(other):
        *found, (i, j, _) = _way(one, other, (i, j), most)
        yield from found
        most = LATER
    if after:
        yield len(one), len(other), after


def _way(a: list[int], b: list[int], start: tuple[int, int], most: int) -> list[Block]:
    """The stretches on the way of fewest edits to the end, or on that which came furthest with `most` edits; last, where it came to."""
    len_a, len_b = len(a), len(b)
    shift = start[0] - start[1]
    reached = {1: start[0]}  # by diagonal (place in a less place in b, 0 at the start) the furthest place in a
    steps: list[dict[int, int]] = []
    for edits in range(most + 1):
        steps.append(reached)
        now: dict[int, int] = {}
        for diagonal in range(-edits, edits + 1, 2):
            down, right = reached.get(diagonal + 1, -1), reached.get(diagonal - 1, -2) + 1
            i = down if diagonal == -edits or (diagonal != edits and right <= down) else right
            j = i - diagonal - shift
            if i < 0 or i > len_a or j > len_b:
                continue
            while i < len_a and j < len_b and a[i] == b[j]:
                i, j = i + 1, j + 1
            now[diagonal] = i
            if i == len_a and j == len_b:
                return _back(steps, diagonal, i, shift)
        reached = now
    diagonal = max(reached, key=lambda each: (2 * reached[each] - each, -abs(each)))
    return _back(steps, diagonal, reached[diagonal], shift)


def _back(steps: list[dict[int, int]], diagonal: int, i: int, shift: int) -> list[Block]:
    """The stretches of a way, found from its end."""
    found: list[Block] = [(i, i - diagonal - shift, 0)]
    for edits in range(len(steps) - 1, -1, -1):
        reached = steps[edits]
        down, right = reached.get(diagonal + 1, -1), reached.get(diagonal - 1, -2) + 1
        is_down = diagonal == -edits or (diagonal != edits and right <= down)
        start = down if is_down else right
        if i > start:
            found.append((start, start - diagonal - shift, i - start))
        diagonal, i = (diagonal + 1, down) if is_down else (diagonal - 1, right - 1)
    return found[::-1]
