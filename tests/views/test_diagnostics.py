"""Diagnostics: place, code, message, the line, and the caret below the fault."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from states.definition import validate
from states.definition.diagnostics import WARNING, Diagnostic
from states.views.diagnostics import Diagnostics, summary
from tests.views.stories import drawn

TEXT = """\
{
  "StartAt": "Charge",
  "States": {
    "Charge": {"Type": "Pass", "Next": "Shp"},
    "Ship": {"Type": "Succeed"}
  }
}
"""

EXPECTED = """\
order.asl.json:4:40  ERROR MISSING_TRANSITION_TARGET  /States/Charge/Next  Missing 'Next' target: Shp
  4 | "Charge": {"Type": "Pass", "Next": "Shp"},
    |                                    ^
"""


def shown(text: str, width: int = 120) -> str:
    return drawn(Diagnostics(validate(text, source="order.asl.json"), {"order.asl.json": text}), width)


def test_shows_place_code_message_line_and_caret() -> None:
    assert shown(TEXT).startswith(EXPECTED)


def test_shows_the_hint() -> None:
    assert 'did you mean "Ship"?' in shown(TEXT)


@pytest.mark.parametrize("width", [40, 60, 120])
def test_the_caret_stands_below_the_fault_of_a_long_line(width: int) -> None:
    text = TEXT.replace("\n", " ") + " " * 2000
    lines = shown(text, width).splitlines()
    carets = [(lines[place - 1], line) for place, line in enumerate(lines) if line.endswith("^")]
    assert carets
    above, below = carets[0]
    assert above[len(below) - 1 :].startswith('"Shp"')
    assert cell_len(above) <= width


def test_wide_characters_before_the_fault() -> None:
    text = '{"StartAt": "A", "Comment": "注文", "States": {"A": {"Type": "Pass", "Next": "漢"}}}'
    above, below = shown(text).splitlines()[1:3]
    assert cell_len(above.partition('"漢"')[0]) == len(below) - 1


@pytest.mark.parametrize(
    "fault",
    [
        Diagnostic("CODE", "message"),
        Diagnostic("CODE", "message", "/States/A", line=99, column=1, source="x"),
        Diagnostic("CODE", "message", "/States/A", line=1, column=500, source="x"),
        Diagnostic("CODE", "two\nlines \x1b[2J", "no place", severity=WARNING, hint="try"),
    ],
)
def test_a_fault_without_a_line_is_shown_all_the_same(fault: Diagnostic) -> None:
    text = drawn(Diagnostics([fault], {"x": "one line"}), 80)
    assert "CODE" in text
    assert "\x1b" not in text


def test_many_are_counted() -> None:
    assert "… 150 more" in drawn(Diagnostics([Diagnostic("CODE", str(n)) for n in range(200)]))


@pytest.mark.parametrize(
    ("severities", "text"),
    [
        ([], "no errors"),
        (["ERROR"], "1 error"),
        (["ERROR", "ERROR", "WARNING"], "2 errors, 1 warning"),
        (["WARNING"], "no errors, 1 warning"),
    ],
)
def test_a_summary(severities: list[str], text: str) -> None:
    assert summary([Diagnostic("CODE", "message", severity=severity) for severity in severities]) == text
