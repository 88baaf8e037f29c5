"""How diagnostics look: as a line, as an exception, as AWS's message."""

from __future__ import annotations

import pytest

from states.definition import InvalidDefinition, loads, validate
from states.definition.diagnostics import CODES, ERROR, WARNING, Diagnostic, aws_message, errors
from states.definition.hints import did_you_mean

TEXT = '{\n  "StartAt": "Charge",\n  "States": {\n    "Charge": {"Type": "Pass", "Next": "Shp"},\n    "Ship": {"Type": "Succeed"}\n  }\n}'


@pytest.mark.parametrize(
    ("diagnostic", "line"),
    [
        (
            Diagnostic("C", "m", "/States/A/Next", hint='did you mean "B"?', line=14, column=15, source="order.asl.json"),
            'order.asl.json:14:15  ERROR C  /States/A/Next  m  (did you mean "B"?)',
        ),
        (Diagnostic("C", "m"), "<string>  ERROR C  m"),
        (Diagnostic("C", "m", "/", WARNING), "<string>  WARNING C  /  m"),
    ],
)
def test_a_diagnostic_is_a_line(diagnostic: Diagnostic, line: str) -> None:
    assert str(diagnostic) == line


def test_an_invalid_definition_lists_every_fault() -> None:
    with pytest.raises(InvalidDefinition) as caught:
        loads(TEXT, source="order.asl.json")
    assert str(caught.value).splitlines() == [
        "order.asl.json:4:40  ERROR MISSING_TRANSITION_TARGET  /States/Charge/Next  Missing 'Next' target: Shp  (did you mean \"Ship\"?)",
        'order.asl.json:5:5  ERROR MISSING_TRANSITION_TARGET  /States/Ship  State "Ship" is not reachable.',
    ]
    assert isinstance(caught.value, ValueError)
    assert [fault.severity for fault in caught.value.diagnostics] == [ERROR, ERROR]


def test_the_message_of_create_state_machine() -> None:
    assert aws_message(validate(TEXT)) == (
        "Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: Shp at /States/Charge/Next, "
        'MISSING_TRANSITION_TARGET: State "Ship" is not reachable. at /States/Ship\''
    )


def test_warnings_are_not_in_the_message() -> None:
    assert aws_message([Diagnostic("W", "m", severity=WARNING), Diagnostic("E", "n")]) == "Invalid State Machine Definition: 'E: n at null'"
    assert errors([Diagnostic("W", "m", severity=WARNING)]) == []


def test_every_code_says_what_it_means() -> None:
    assert all(text.endswith(".") for text in CODES.values())


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("Shp", ["Charge", "Ship"], 'did you mean "Ship"?'),
        ("ship", ["Ship"], 'did you mean "Ship"?'),
        ("Nowhere", ["Charge", "Ship"], ""),
        ("", ["A"], ""),
        (5, ["5"], ""),
        ("x" * 200, ["x" * 199], ""),
    ],
)
def test_a_near_word_is_hinted_at(word: object, known: list[str], hint: str) -> None:
    assert did_you_mean(word, known) == hint
