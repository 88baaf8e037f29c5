"""JUnit's XML: a test case a definition, which fails with its errors; warnings stand in its output.

Source: https://github.com/testmoapp/junitxml (the common form of Jenkins, GitLab and others)
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from states.definition.diagnostics import ERROR, Diagnostic
from states.reports.checked import Checked, counted, ordered
from states.reports.text import line

#: What XML 1.0 has no characters for.
NO_CHARACTER = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def write(checked: Sequence[Checked]) -> str:
    failures = sum(any(fault.severity == ERROR for fault in one.diagnostics) for one in checked)
    numbers = f'tests="{len(checked)}" failures="{failures}" errors="0"'
    cases = "".join(case(one) for one in checked)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<testsuites {numbers}>\n"
        f'<testsuite name="states validate" {numbers} skipped="0" time="0">\n'
        f"{cases}</testsuite>\n</testsuites>\n"
    )


def case(one: Checked) -> str:
    """A definition. Several errors are one failure, since a test fails once."""
    found = ordered(one.diagnostics)
    errors = [fault for fault in found if fault.severity == ERROR]
    warnings = [fault for fault in found if fault.severity != ERROR]
    inner = ""
    if errors:
        codes = " ".join(dict.fromkeys(fault.code for fault in errors))
        inner += f'<failure message="{escaped(counted(found))}" type="{escaped(codes)}">{text(errors)}</failure>\n'
    if warnings:
        inner += f"<system-out>{text(warnings)}</system-out>\n"
    file = found[0].source if found else one.source.partition("#")[0]
    head = f'<testcase classname="states.validate" name="{escaped(one.source)}" file="{escaped(file)}" time="0"'
    return f"{head}>\n{inner}</testcase>\n" if inner else f"{head}/>\n"


def text(faults: Sequence[Diagnostic]) -> str:
    return escaped("\n".join(line(fault) for fault in faults)).replace("&#10;", "\n")


def escaped(string: str) -> str:
    """For an attribute or a text.

    >>> escaped('a<b & "c"\\x00')
    'a&lt;b &amp; &quot;c&quot;?'
    """
    return NO_CHARACTER.sub("?", string).translate(ESCAPES)
