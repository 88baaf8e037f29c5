"""Is the meaning right? A function a rule, each from an outline to the faults it finds.

A rule takes any JSON without falling over: what has the wrong shape is `schema`'s to tell, and is passed by here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from states.definition.diagnostics import Diagnostic
from states.definition.outline import Outline
from states.definition.rules import expressions, fields, limits, resources, retries, transitions

Rule = Callable[[Outline], Iterator[Diagnostic]]

RULES: tuple[Rule, ...] = (
    *fields.RULES,
    *expressions.RULES,
    *retries.RULES,
    *resources.RULES,
    *limits.RULES,
    *transitions.RULES,
)


def faults(outline: Outline) -> list[Diagnostic]:
    """What every rule finds, rule by rule."""
    return [fault for rule in RULES for fault in rule(outline)]
