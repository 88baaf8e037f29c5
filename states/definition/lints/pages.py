"""The manual of the codes, made from the rules themselves and from the cases that test them.

    python -m states.definition.lints.pages > docs/rules.md        # in the project's folder

What, why and source of a lint are its docstring; wrong and right fragments are the first case of a code, run as a test like all others.

Source: none
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from states.definition import lints
from states.definition.diagnostics import CODES, WARNINGS

CASES = ("tests/cases/diagnostics.json", "tests/cases/lints.json")
Case = dict[str, Any]

SPECIFICATION = "https://states-language.net/spec.html"
API = "https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html"
GUIDE = "https://docs.aws.amazon.com/step-functions/latest/dg"

#: Why, and source, of the codes that are no lint's.
ABOUT = {
    "INVALID_JSON_DESCRIPTION": ("Nothing else can be judged before the text can be read.", API),
    "SCHEMA_VALIDATION_FAILED": ("AWS creates no state machine from such a definition.", SPECIFICATION),
    "MISSING_TRANSITION_TARGET": ("An execution could not go on there, or would never get there.", f"{SPECIFICATION}#transitions"),
    "MISSING_END_STATE": ("An execution could only fail or run for ever.", f"{SPECIFICATION}#transitions"),
    "DUPLICATE_STATE_NAME": ("The history and the console name a state by its name alone.", f"{SPECIFICATION}#states-fields"),
    "INVALID_STATE_NAME": ("A name has 1 to 80 characters.", f"{SPECIFICATION}#states-fields"),
    "DUPLICATE_LABEL_NAME": ("The Label is a part of the ARN of a Map Run.", f"{GUIDE}/state-map-distributed.html"),
    "INVALID_LABEL_NAME": ("The Label is a part of the ARN of a Map Run.", f"{GUIDE}/state-map-distributed.html"),
    "TOO_DEEPLY_NESTED": ("No real definition is a hundred levels deep, and reading it would be a risk.", API),
    "INVALID_JSONATA_EXPRESSION": ("It could not be evaluated.", f"{GUIDE}/transforming-data.html"),
    "UNSUPPORTED_JSONATA_EXPRESSION": ("At the top level of an expression is no context to read from.", f"{GUIDE}/transforming-data.html"),
    "DEFINITION_TOO_LARGE": ("AWS takes no more.", f"{GUIDE}/service-quotas.html"),
    "DUPLICATE_KEY": ("The first value is lost without a word.", "https://www.rfc-editor.org/rfc/rfc8259#section-4"),
    "RESERVED_ERROR_NAME": ("A handler for an error that nobody raises never runs.", f"{SPECIFICATION}#errors"),
    "INVALID_VARIABLE_NAME": ("It can be assigned and never read.", f"{GUIDE}/workflow-variables.html"),
    "NOT_SUPPORTED": ("Said when a machine is loaded to be run, never by `validate`.", "docs/running.md"),
    "UNKNOWN_CODE": ("The warning that was meant still appears, or the wrong one does not.", "docs/rules.md"),
}

#: Wrong and right texts of the codes that are about reading.
TEXTS = {
    "INVALID_JSON_DESCRIPTION": (
        '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}',
        '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}',
    ),
    "DUPLICATE_KEY": (
        '{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 1, "Seconds": 2, "End": true}}}',
        '{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 2, "End": true}}}',
    ),
}


class Page(NamedTuple):
    """What the manual says of a code."""

    code: str
    what: str
    why: str
    source: str


def page(code: str) -> Page:
    for lint in (*lints.AWS, *lints.OWN):
        if lint.code == code:
            return Page(code, *parts(lint.find.__doc__ or ""))
    return Page(code, CODES[code], *ABOUT[code])


def parts(docstring: str) -> tuple[str, str, str]:
    """What, why and source of a docstring."""
    text = " ".join(docstring.split())
    what, _, rest = text.partition(" Why: ")
    why, _, source = rest.partition(" Source: ")
    return what, why[:1].upper() + why[1:], source


def code_of(case: Case) -> str:
    return str(case.get("code") or case["faults"][0]["code"])


def manual(cases: list[Case]) -> str:
    """The whole page, as Markdown."""
    by_code = {code: [case for case in cases if code_of(case) == code] for code in CODES}
    errors = [code for code in CODES if code not in WARNINGS]
    warnings = [code for code in CODES if code in WARNINGS]
    return "\n".join(
        [*introduction(errors, warnings), *(line for code in (*errors, *warnings) for line in section(page(code), by_code[code]))]
    )


def introduction(errors: Iterable[str], warnings: Iterable[str]) -> Iterator[str]:
    yield from ("# The codes of `states validate`", "", "<!-- Made by `python -m states.definition.lints.pages`; do not edit. -->", "")
    yield from (
        "An error is what AWS refuses, a warning what it lets pass and somebody should look at. The warnings that AWS has itself come",
        "with the errors; the others are looked for when there is no error. How much a warning counts is set, the nearest last:",
        "",
        '- for a call: `states.validate(definition, rules={"NO_DOLLAR": "off", "CALLBACK_WITHOUT_TIMEOUT": "error"})`;',
        "- for a project, in its `pyproject.toml`:",
        "",
        "  ```toml",
        "  [tool.states.rules]",
        '  NO_DOLLAR = "off"',
        '  CALLBACK_WITHOUT_TIMEOUT = "error"',
        "  ```",
        "",
        "- for a machine by its `Comment`, or for one state, and all inside it, by the state's:",
        "",
        "  ```json",
        '  "Comment": "The queue is emptied by hand. states: off CALLBACK_WITHOUT_TIMEOUT, TOKEN_NOT_PASSED"',
        "  ```",
        "",
        "  `states:`, then `off`, `warning` or `error`, then codes.",
        "",
    )
    for title, codes in (("Errors", errors), ("Warnings", warnings)):
        yield from (f"**{title}:** " + ", ".join(f"[`{code}`](#{code.lower()})" for code in codes), "")


def section(about: Page, cases: list[Case]) -> Iterator[str]:
    severity = "warning" if about.code in WARNINGS else "error"
    yield from (f"## {about.code}", "", f"*{severity}* · {about.what}", "", f"Why: {about.why}", "")
    if about.code in TEXTS:
        wrong, right = TEXTS[about.code]
        yield from (*fragment("Wrong:", wrong), *fragment("Right:", right))
    elif cases:
        yield from example(cases[0])
        if len(cases) > 1:
            yield from ("Also:", "", *(f"- {case['rule']}: {said(case)}" for case in cases[1:]), "")
    yield from (f"Source: {about.source}", "")


def example(case: Case) -> Iterator[str]:
    kind = f" (of type {case['type']})" if "type" in case else ""
    yield from fragment(f"Wrong{kind}, {case['rule']}:", json.dumps(case["wrong"], indent=2, ensure_ascii=False))
    yield from (
        "```text",
        *(f"{fault['line']}:{fault['column']} {fault['location']} {shown(fault)}" for fault in case["faults"]),
        "```",
        "",
    )
    yield from fragment("Right:", json.dumps(case["right"], indent=2, ensure_ascii=False))


def fragment(title: str, text: str) -> Iterator[str]:
    yield from (title, "", "```json", text, "```", "")


def said(case: Case) -> str:
    return f"`{case['faults'][0]['message'].strip().replace('`', chr(39))}`"


def shown(fault: dict[str, Any]) -> str:
    return str(fault["message"]) + (f" ({fault['hint']})" if "hint" in fault else "")


def read(paths: Iterable[str] = CASES) -> list[Case]:
    """The cases of files."""
    found: list[Case] = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            found += json.load(file)
    return found


if __name__ == "__main__":
    print(manual(read()), end="")
