"""Regular expressions: JavaScript's notation, and the counting matcher against Python's own."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from states.language import jsonata
from states.language.jsonata import regexes
from states.language.jsonata.limits import DEFAULT, Run
from states.language.jsonata.regex_machine import Machine
from states.language.jsonata.regex_syntax import Reader, python_text


def first(pattern: str, text: str, flags: str = "") -> Any:
    found = regexes.compile_regex(pattern, flags, 0).find(text, 0, Run(DEFAULT, None, None))
    return None if found is None else (found.start, found.text, *found.groups)


@pytest.mark.parametrize(
    ("pattern", "flags", "text", "found"),
    [
        ("b+", "", "abbc", (1, "bb")),
        ("B", "i", "abc", (1, "b")),
        ("^b", "", "a\nb", None),
        ("^b", "m", "a\nb", (2, "b")),
        ("a$", "", "a\n", None),
        ("a$", "m", "a\nb", (0, "a")),
        (r"\d\w\s", "", "٣x 3é 3x ", (6, "3x ")),
        ("[^]", "", "\n", (0, "\n")),
        ("[]", "", "a", None),
        (r"\/", "", "a/b", (1, "/")),
        (r"(?<y>\d{4})-\k<y>", "", "2024-2024", (0, "2024-2024", "2024")),
        (r"(a)|(b)", "", "b", (0, "b", None, "b")),
        (r"a{,2}", "", "a{,2}", (0, "a{,2}")),
        (r"\u00e9\x41\cA\0", "", "éA\x01\0", (0, "éA\x01\0")),
        (r"[\w-]+", "", "a-b", (0, "a-b")),
        (r"[[]", "", "[", (0, "[")),
        (r"(?=ab)a", "", "acab", (2, "a")),
        (r"a(?!b)", "", "abac", (2, "a")),
        (r"(?<=\$)\d+", "", "5 $42", (3, "42")),
        (r"\bé", "", "é", None),
        (r".", "", "\u2028x", (1, "x")),
        (r"(?:a*?)*", "", "aa", (0, "aa")),
        (r"(?:\b)*a", "", "a", (0, "a")),
    ],
)
def test_patterns_mean_what_they_mean_in_javascript(pattern: str, flags: str, text: str, found: Any) -> None:
    assert first(pattern, text, flags) == found


@pytest.mark.parametrize("pattern", ["a**", "(a", "a)", "[a", "[b-a]", "a{3,2}", "a{1001}", "(?<=a+)b", r"\1(a)", "?", "(?P<a>b)", "^*"])
def test_what_is_no_pattern_is_a_syntax_error(pattern: str) -> None:
    with pytest.raises(jsonata.JsonataError) as caught:
        regexes.Regex(pattern, "", 0)
    assert caught.value.code == "S0303"


ATOMS = st.sampled_from(["a", "b", "[ab]", "[^a]", ".", r"\w", "(a)", "(ab|b)", "(?:a|ab)", "(ba*)", r"\b", "^", "$", "(?=a)", "(?!b)"])
QUANTIFIERS = st.sampled_from(["", "", "", "*", "+", "?", "*?", "+?", "{2}", "{1,2}", "{0,2}?", "{2,}"])


@st.composite  # repetitions of what may be empty are left out: there JavaScript goes on where Python stops, and the matcher with it
def patterns(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.tuples(ATOMS, QUANTIFIERS), min_size=1, max_size=5))
    text = "".join(atom + ("" if atom in ("^", "$", r"\b") else quantifier) for atom, quantifier in parts)
    return f"(?:{text}[ab]){draw(QUANTIFIERS)}" if draw(st.booleans()) else text


@settings(max_examples=300, deadline=None)
@given(patterns(), st.text("ab\n", max_size=8))
def test_the_counting_matcher_finds_what_python_finds(pattern: str, text: str) -> None:
    reader = Reader(pattern, False)
    part = reader.read()
    wanted = re.compile(python_text(part)).search(text)
    found = Machine(part, reader.groups, 0).search(text, 0, Run(DEFAULT, None, None))
    assert (None if found is None else (found[0], found[1])) == (None if wanted is None else wanted.span())
