"""Is the meaning right? A function a rule, each from an outline to the faults it finds.

A rule takes any JSON without falling over: what has the wrong shape is `schema`'s to tell, and is passed by here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from states.definition.diagnostics import Diagnostic
from states.definition.outline import Outline
from states.definition.rules import expressions, fields, jsonata, limits, resources, retries, transitions

Rule = Callable[[Outline], Iterator[Diagnostic]]

RULES: tuple[Rule, ...] = (
    *fields.RULES,
    *expressions.RULES,
    *jsonata.RULES,
    *retries.RULES,
    *resources.RULES,
    *limits.RULES,
    *transitions.RULES,
)


MAX_FAULTS = 1000  #: of one rule; more than anybody reads


def faults(outline: Outline) -> list[Diagnostic]:
    """What every rule finds, rule by rule, at most MAX_FAULTS of each."""
    return [fault for rule in RULES for fault in islice(rule(outline), MAX_FAULTS)]
