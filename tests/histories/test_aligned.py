"""Aligned: what belongs together, by the fewest that have no counterpart, and how much is searched for it."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from states.histories import aligned

CASES: list[tuple[str, str, str, str]] = [
    # a line for each place: the name in both, -name only in the first, +name only in the second
    ("the same", "abc", "abc", "a b c"),
    ("nothing in either", "", "", ""),
    ("nothing in the first", "", "ab", "+a +b"),
    ("nothing in the second", "ab", "", "-a -b"),
    ("one more", "abc", "abxc", "a b +x c"),
    ("one less", "abc", "ac", "a -b c"),
    ("another one", "abc", "axc", "a -b +x c"),
    ("another beginning and end", "abc", "xby", "-a +x b -c +y"),
    ("nothing in common", "ab", "xy", "-a -b +x +y"),
    ("one more round", "abcabcd", "abcabcabcd", "a b c a b c +a +b +c d"),
    ("one round less", "ababac", "abac", "a b a -b -a c"),
    ("something more in two rounds", "abcabcabc", "abxcabcabxc", "a b +x c a b c a b +x c"),
    ("something else in each round", "abcabc", "aqcaqc", "a -b +q c a -b +q c"),
]


def told(a: Any, b: Any) -> str:
    return " ".join(f"-{a[i]}" if j is None else f"+{b[j]}" if i is None else a[i] for i, j in aligned.pairs(a, b))


@pytest.mark.parametrize(("a", "b", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_belongs_together(a: str, b: str, expected: str) -> None:
    assert told(a, b) == expected


def longest_common(a: str, b: str) -> int:
    """The length of the longest common subsequence, by the table."""
    row = [0] * (len(b) + 1)
    for name in a:
        before = 0
        for place, other in enumerate(b, 1):
            before, row[place] = row[place], before + 1 if name == other else max(row[place], row[place - 1])
    return row[-1]


def check(a: Any, b: Any) -> int:
    """That each place comes once, in order, and with its like; gives how many have a counterpart."""
    found = list(aligned.pairs(a, b))
    assert [i for i, _ in found if i is not None] == list(range(len(a)))
    assert [j for _, j in found if j is not None] == list(range(len(b)))
    both = [(i, j) for i, j in found if i is not None and j is not None]
    assert all(a[i] == b[j] for i, j in both)
    return len(both)


@pytest.mark.parametrize("seed", range(100))
def test_as_much_as_can_be_is_matched(seed: int) -> None:
    random = Random(seed)
    names = "abcdefgh"[: random.randint(1, 8)]
    a, b = ("".join(random.choice(names) for _ in range(random.randint(0, 40))) for _ in "ab")
    assert check(a, b) == longest_common(a, b)


@pytest.mark.parametrize("seed", range(40))
def test_a_search_that_is_given_up_still_matches_what_is_alike(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aligned, "FIRST", 4)
    monkeypatch.setattr(aligned, "LATER", 2)
    random = Random(seed)
    a, b = ("".join(random.choice("abc") for _ in range(random.randint(20, 60))) for _ in "ab")
    assert 0 < check(a, b) <= longest_common(a, b)


LOOP = [f"S{place % 3}" for place in range(9999)]


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int, int]]:
    """How long the two are that each search is given, and how many edits it may make."""
    found: list[tuple[int, int, int]] = []
    way = aligned._way

    def spy(a: list[int], b: list[int], start: tuple[int, int], most: int) -> Any:
        found.append((len(a) - start[0], len(b) - start[1], most))
        return way(a, b, start, most)

    monkeypatch.setattr(aligned, "_way", spy)
    return found


@pytest.mark.parametrize(
    ("other", "matched", "searches"),
    [
        (LOOP, 9999, []),
        (LOOP[:9000], 9000, []),
        ([*LOOP[:5000], "X", *LOOP[5000:]], 9999, []),
        ([*LOOP[:6], "X", *LOOP[6:9990], "Y", *LOOP[9990:]], 9999, [(9984, 9986, aligned.FIRST)]),
        ([name.replace("S1", "Q") for name in LOOP[:900]] + LOOP[900:], 9699, [(898, 898, aligned.FIRST)]),
    ],
    ids=["the same", "fewer rounds", "one more", "two more, far apart", "renamed for a while"],
)
def test_only_what_lies_between_the_first_and_the_last_difference_is_searched(
    other: list[str], matched: int, searches: Any, searched: list[Any]
) -> None:
    assert check(LOOP, other) == matched
    assert searched == searches


def test_histories_that_have_nothing_in_common_are_searched_within_bounds(searched: list[Any]) -> None:
    assert check(LOOP, [f"T{place % 3}" for place in range(9999)]) == 0
    assert [most for _, _, most in searched] == [aligned.FIRST] + [aligned.LATER] * (len(searched) - 1)
    assert len(searched) <= 2 + 2 * len(LOOP) // aligned.LATER
