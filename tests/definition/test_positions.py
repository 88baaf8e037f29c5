"""Where parts stand in the text: every location has its line and column, whatever the names in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from states.definition import positions
from states.definition.source import read
from tests.definition.machines import EVERYTHING, LITTLE, places

TEXT = json.dumps(EVERYTHING, indent=2)


@pytest.mark.parametrize(
    ("location", "key", "position"),
    [
        ("/", None, (1, 1)),
        ("", None, (1, 1)),
        ("/Comment", None, (2, 14)),
        ("/Comment", True, (2, 3)),
        ("/States", None, (7, 3)),
        ("/States", False, (7, 13)),
        ("/States/Prepare/Parameters/id.$", None, (13, 17)),
        ("/States/Hold for", None, (127, 5)),
        ("/Nothing", None, None),
        ("/States/Charge/Retry[2]", None, None),
        ("/States/Charge/Retry[99999999999]", None, None),
        ("/Comment/x", None, None),
        ("/States[0]", None, None),
        ("nonsense", None, None),
    ],
)
def test_a_location_has_a_line_and_a_column(location: str, key: bool | None, position: tuple[int, int] | None) -> None:
    assert read(TEXT).position(location, key) == position


def test_an_entry_of_a_list_is_pointed_at_by_its_value() -> None:
    text = '{"Retry": [\n  {"ErrorEquals": ["A", "B"]}]}'
    assert read(text).position("/Retry[0]") == (2, 3)
    assert read(text).position("/Retry[0]/ErrorEquals[1]") == (2, 25)


@pytest.mark.parametrize("name", ["a/b", "a[0]", "/", "[0]", 'a"b\\c', "é", "a/b/c[1]/d", ""])
def test_a_name_may_hold_anything(name: str) -> None:
    made = read(json.dumps({"States": {name: {"Next": "B"}, "z": 1}}))
    column = len('{"States": {') + len(json.dumps(name)) + len(': {"Next": ') + 1
    assert made.position(f"/States/{name}/Next") == (1, column)


def test_a_value_has_no_positions() -> None:
    assert read(LITTLE).position("/StartAt") is None


def location_of(document: Any, holder: Any, key: Any) -> str:
    """The location of a place in a document, found the slow way."""

    def search(value: Any, place: str) -> str | None:
        for step in list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
            here = f"{place}[{step}]" if isinstance(value, list) else f"{place}/{step}"
            if value is holder and step == key:
                return here
            found = search(value[step], here)
            if found is not None:
                return found
        return None

    found = search(document, "")
    assert found is not None
    return found


@pytest.mark.parametrize("indent", [None, 0, 1, 4])
def test_every_part_is_found_where_it_stands(indent: int | None) -> None:
    text = json.dumps(EVERYTHING, indent=indent)
    made = read(text)
    lines = text.split("\n")
    for holder, key in places(made.value):
        position = made.position(location_of(made.value, holder, key), key=False)
        assert position is not None
        line, column = position
        rest = "\n".join([lines[line - 1][column - 1 :], *lines[line:]])
        assert json.JSONDecoder().raw_decode(rest)[0] == holder[key]


names = st.text(st.characters(codec="utf-8"), max_size=6)
trees = st.recursive(
    st.none() | st.booleans() | st.integers() | names,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=10,
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(names, trees, max_size=4), st.booleans())
def test_the_index_has_the_shape_of_the_value(value: dict[str, Any], ascii_only: bool) -> None:
    def shape(entry: positions.Entry) -> Any:
        if isinstance(entry.inner, dict):
            return {key: shape(inner) for key, inner in entry.inner.items()}
        return [shape(inner) for inner in entry.inner] if isinstance(entry.inner, list) else 0

    def expected(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: expected(inner) for key, inner in part.items()}
        return [expected(inner) for inner in part] if isinstance(part, list) else 0

    root, again = positions.index(json.dumps(value, ensure_ascii=ascii_only))
    assert shape(root) == expected(value)
    assert again == []
