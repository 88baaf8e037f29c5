"""Paths: what they select, what they say when there is nothing, what they refuse, and what a reference path writes."""

from __future__ import annotations

import copy
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.errors import StatesError
from states.language.paths import InvalidPath, PathError, compile_path, compile_reference_path
from tests.language.given import GivenScope, cases, identical

CASES = cases("paths")
SCOPE = GivenScope(CASES["context"], CASES["variables"])


def by_path(name: str, key: str | None = None) -> list[Any]:
    return [pytest.param(case, id=case["path"] or "empty") for case in CASES[name] if key is None or key in case]


@pytest.mark.parametrize("case", by_path("cases", "result"))
def test_a_path_selects(case: dict[str, Any]) -> None:
    data = copy.deepcopy(CASES["given"])
    assert identical(compile_path(case["path"]).evaluate(data, SCOPE), case["result"])
    assert identical(data, CASES["given"]), "the data were changed"


@pytest.mark.parametrize("case", by_path("cases", "missing"))
def test_a_definite_path_that_finds_nothing_says_so_as_jayway_does(case: dict[str, Any]) -> None:
    with pytest.raises(PathError) as caught:
        compile_path(case["path"]).evaluate(CASES["given"], SCOPE)
    assert (caught.value.message, caught.value.missing, caught.value.path) == (case["missing"], True, case["path"])


@pytest.mark.parametrize("case", by_path("cases", "error"))
def test_a_path_that_cannot_be_applied_is_no_missing_path(case: dict[str, Any]) -> None:
    with pytest.raises(PathError) as caught:
        compile_path(case["path"]).evaluate(CASES["given"], SCOPE)
    assert (caught.value.message, caught.value.missing, caught.value.path) == (case["error"], False, case["path"])


@pytest.mark.parametrize("case", by_path("cases", "invalid"))
def test_a_text_that_is_no_path_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(InvalidPath) as caught:
        compile_path(case["path"])
    assert case["invalid"] in str(caught.value)


@pytest.mark.parametrize(
    ("text", "root", "definite", "is_reference", "names"),
    [
        ("$", "$", True, True, ()),
        ("$$", "$$", True, True, ()),
        ("$v", "$v", True, True, ()),
        ("$.a.b", "$", True, True, ("a", "b")),
        ("$$.a", "$$", True, True, ("a",)),
        ("$.a[0]", "$", True, True, None),
        ("$.a[-1]", "$", True, False, None),
        ("$.a['b','c']", "$", True, False, None),
        ("$['b','c'].a", "$", False, False, None),
        ("$.a.length()", "$", True, False, None),
        ("$.a[*]", "$", False, False, None),
        ("$.a[0,1]", "$", False, False, None),
        ("$.a[1:]", "$", False, False, None),
        ("$..a", "$", False, False, None),
        ("$.a[?(@.b)]", "$", False, False, None),
    ],
)
def test_what_a_compiled_path_knows_of_itself(text: str, root: str, definite: bool, is_reference: bool, names: Any) -> None:
    path = compile_path(text)
    assert (path.text, path.root, path.definite, path.is_reference, path.names) == (text, root, definite, is_reference, names)


def test_a_path_is_compiled_once() -> None:
    assert compile_path("$.a.b") is compile_path("$.a.b")
    assert compile_reference_path("$.a.b") is compile_reference_path("$.a.b")


@pytest.mark.parametrize("data", ["abc", 1, True, None, 1.5])
@pytest.mark.parametrize("text", ["$.a", "$.a.b", "$.a.b.c", "$.a.b.c.d", "$[0]", "$[0].a", "$.a[0]"])
def test_scalars_have_no_parts(text: str, data: Any) -> None:
    with pytest.raises(PathError):
        compile_path(text).evaluate(data, SCOPE)
    with pytest.raises(PathError):
        compile_path(f"$.x{text[1:]}").evaluate({"x": data}, SCOPE)


# Reference paths


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{case['path']} {case['into']}") for case in CASES["puts"]])
def test_a_reference_path_writes(case: dict[str, Any]) -> None:
    into = copy.deepcopy(case["into"])
    put = compile_reference_path(case["path"]).put
    if "fails" in case:
        with pytest.raises(StatesError) as caught:
            put(into, case["value"])
        assert (caught.value.error, caught.value.cause) == ("States.ResultPathMatchFailure", case["fails"])
    else:
        assert identical(put(into, case["value"]), case["result"])
    assert identical(into, case["into"]), "the document was changed in place"


@pytest.mark.parametrize("case", by_path("not_references"))
def test_a_path_that_names_no_single_place_is_no_reference_path(case: dict[str, Any]) -> None:
    with pytest.raises(InvalidPath) as caught:
        compile_reference_path(case["path"])
    assert case["message"] in str(caught.value)


def test_what_stands_beside_the_path_is_shared() -> None:
    data: Any = {"a": {"b": 1, "c": {"d": [1]}}, "e": [1, 2]}
    changed = compile_reference_path("$.a.b").put(data, 2)
    assert changed["e"] is data["e"]
    assert changed["a"]["c"] is data["a"]["c"]
    assert changed["a"] is not data["a"]


NAMES = st.text(st.characters(exclude_characters="'\\", exclude_categories=["Cs"]), min_size=1, max_size=5)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4), max_leaves=15
)


@given(data=st.dictionaries(NAMES, JSON, max_size=4), names=st.lists(NAMES, min_size=1, max_size=4), value=JSON)
def test_what_was_put_is_got(data: Any, names: list[str], value: Any) -> None:
    path = compile_reference_path("$" + "".join(f"['{name}']" for name in names))
    try:
        written = path.put(data, value)
    except StatesError:  # a scalar or an array stands where an object is needed
        with pytest.raises(PathError):
            path.evaluate(data, SCOPE)
    else:
        assert path.evaluate(written, SCOPE) is value


def places(data: Any, text: str = "$") -> list[tuple[str, Any]]:
    """Every place of a document as a path, with its value."""
    found = [(text, data)]
    if isinstance(data, dict):
        for name, child in data.items():
            found += places(child, f"{text}['{name}']")
    if isinstance(data, list):
        for position, child in enumerate(data):
            found += places(child, f"{text}[{position}]")
    return found


@given(st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=10))
def test_every_place_of_a_document_has_a_path(data: Any) -> None:
    for text, value in places(data):
        assert compile_path(text).evaluate(data, SCOPE) is value
    if isinstance(data, dict | list):
        below = places(data)[1:]
        assert len(compile_path("$..*").evaluate(data, SCOPE)) == len(below)


@given(st.text(alphabet="$.[]*?()'\"@,:-0123ab=&|!<>/ \\", max_size=25))
def test_any_text_is_a_path_or_is_refused(text: str) -> None:
    try:
        path = compile_path("$" + text)
    except InvalidPath:
        return
    try:
        value = path.evaluate({"a": [{"b": 1}, 2], "b": None}, GivenScope({"a": 1}, {"a": [1], "b": {}}))
    except PathError:
        return
    assert path.definite or isinstance(value, list)


# Hostile definitions and data


@pytest.mark.parametrize(
    "text",
    [
        "$." + "a" * 20_000,
        "$" + "[0]" * 20_000,
        "$.a[?(" + "(" * 3_000 + "1==1" + ")" * 3_000 + ")]",
        "$.a[?(" + "!" * 3_000 + "(1==1))]",
        "$.a[" + "9" * 6_000 + "]",
        "$.a[?(@.b == " + "9" * 6_000 + ")]",
        "$.a[?(@.b =~ /" + "(a|a)*" * 40 + "b/)]",
        "$.a[?(@.b =~ /(a*)*b/)]",
        "$.a[?(@.b =~ /(?:a|aa)+b/)]",
        "$.a[?(@.b =~ /(a)\\1/)]",
    ],
)
def test_a_hostile_path_is_refused(text: str) -> None:
    with pytest.raises(InvalidPath):
        compile_path(text)


def test_a_regular_expression_does_not_run_for_ever() -> None:
    path = compile_path("$.a[?(@ =~ /a*a*a*b/)]")
    assert path.evaluate({"a": ["aab", "aac"]}, SCOPE) == ["aab"]
    with pytest.raises(PathError, match="not supported"):
        path.evaluate({"a": ["a" * 5000]}, SCOPE)


def test_a_deep_document_is_scanned() -> None:
    data: Any = {"leaf": 1}
    for _ in range(20_000):
        data = {"n": data}
    assert compile_path("$..leaf").evaluate(data, SCOPE) == [1]
    with pytest.raises(PathError, match="Filter: "):
        compile_path("$[0]").evaluate(data, SCOPE)


def test_many_plain_names_are_no_recursion() -> None:
    data: Any = 1
    for _ in range(3_000):
        data = {"a": data}
    assert compile_path("$" + ".a" * 3_000).evaluate(data, SCOPE) == 1
    assert compile_path("$" + ".a" * 3_000).evaluate(compile_reference_path("$" + ".a" * 3_000).put(data, 2), SCOPE) == 2


def test_plain_paths_import_no_jsonpath_library() -> None:
    program = (
        "import sys; from states.language.paths import compile_path;"
        "compile_path('$.a[0]').evaluate({'a': [1]}, None); compile_path('$.a[*]'); compile_path('$.a.length()').evaluate({'a': []}, None);"
        "sys.exit('jsonpath_ng' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
