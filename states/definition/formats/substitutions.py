"""`${Name}` in definitions: replaced where a value is known, left as it is written where none is.

The rules take a substitution that is left for any text. One that stands outside a string (`"MaxAttempts": ${retries}`, or Terraform's
`${jsonencode(...)}`) is no JSON until it is replaced; then a value of the kind its field takes stands in for it.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/development-options.html (DefinitionSubstitutions);
https://developer.hashicorp.com/terraform/language/functions/templatefile
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from states.definition.formats.documents import plain
from states.definition.formats.places import Text

NAMED = re.compile(r"\$\{([^${}!]+)\}")

#: Strings (a substitution in one may hold quotes), and what stands outside of them.
#: Possessive, and a string without an end goes on to the end of the text, so that no text takes long.
OUTSIDE = re.compile(r'("(?:[^"\\$]|\\.|\$\{[^{}]*+\}|\$)*+(?:"|\Z))|\$\{(?:[^{}]|\{[^{}]*+\})*+\}|%\{[^{}]*+\}', re.DOTALL)
QUOTES_INSIDE = re.compile(r"\$\{[^{}\n]*\}")
FIELD = re.compile(r'"([^"\\]*)"\s*:\s*\Z')

BOOLEAN_FIELDS = {"End", "BooleanEquals", "IsPresent", "IsNull", "IsString", "IsNumeric", "IsBoolean", "IsTimestamp"}
NUMBER_FIELDS = re.compile(r"(Seconds|MaxAttempts|MaxConcurrency|BackoffRate|Percentage|Count|MaxItems\w*|MaxInputBytes\w*|Numeric\w+)\Z")
OBJECT_FIELDS = {"States", "ItemProcessor", "Iterator", "Parameters", "ResultSelector"}


def substituted(text: Text, values: Mapping[str, Any]) -> Text:
    """The text with what is known put in."""
    if not values or "${" not in text.string:
        return text
    return text.replaced(NAMED, lambda match: plain(values[match[1].strip()]) if match[1].strip() in values else None)


def substituted_value(value: Any, values: Mapping[str, Any]) -> Any:
    """A value with what is known put into its texts and keys; the value itself is not changed."""
    if type(value) is str:
        if "${" not in value:
            return value
        return NAMED.sub(lambda match: plain(values[match[1].strip()]) if match[1].strip() in values else match[0], value)
    if type(value) is dict:
        return {key: substituted_value(member, values) for key, member in value.items()}
    if type(value) is list:
        return [substituted_value(item, values) for item in value]
    return value


def filled(text: Text) -> Text:
    """The text with a value for each substitution outside a string, so that it can be JSON.

    >>> filled(Text.whole('{"MaxAttempts": ${n}, "Result": ${jsonencode({a = 1})}, "End": ${end}, "Comment": "${c}"}')).string
    '{"MaxAttempts": 1, "Result": "${jsonencode}", "End": true, "Comment": "${c}"}'
    """
    string = text.string

    def by(match: Any) -> str | None:
        found = match[0]
        if match[1] is not None:
            if not found.endswith('"'):
                return None
            inner = found[1:-1]
            tamed = QUOTES_INSIDE.sub(lambda one: one[0].replace('"', "'"), inner) if '"' in inner and "${" in inner else inner
            return None if tamed == inner else f'"{tamed}"'
        if found.startswith("%"):
            return " "
        before = FIELD.search(string, max(0, match.start() - 200), match.start())
        field = before[1] if before else ""
        if field in BOOLEAN_FIELDS:
            return "true"
        if field in OBJECT_FIELDS:
            return "{}"
        if NUMBER_FIELDS.search(field):
            return "1"
        name = re.match(r"\$\{~?\s*([\w.:-]+)", found)
        return f'"${{{name[1] if name else "value"}}}"'

    return text.replaced(OUTSIDE, by)
