"""The names of Lambda functions: bare, with a qualifier, as a partial ARN, as a whole ARN.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html (FunctionName)
"""

from __future__ import annotations


def short_name(name: str) -> str:
    """The bare name of a function.

    >>> short_name("arn:aws:lambda:us-east-1:123456789012:function:charge:live"), short_name("charge:1")
    ('charge', 'charge')
    """
    if ":function:" in name:
        return name.rpartition(":function:")[2].partition(":")[0]
    return name if name.startswith("arn:") else name.partition(":")[0]


def qualifier_of(name: str) -> str | None:
    """The version or alias a name ends with, None when it has none."""
    rest = name.rpartition(":function:")[2] if ":function:" in name else name
    return rest.partition(":")[2] or None


def unqualified(name: str) -> str:
    """The name without its version or alias."""
    qualifier = qualifier_of(name)
    return name[: -len(qualifier) - 1] if qualifier else name
