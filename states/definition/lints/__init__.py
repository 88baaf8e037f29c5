"""What AWS lets pass, but a colleague would not: a function a finding, each from an outline to warnings.

AWS's own three warnings come first and are looked for in any definition. The others judge only a definition that has no error: about a
broken one nothing is certain, and its errors come first. A lint speaks only of what is certain. Nothing here runs when a definition
is loaded to be run.

A lint's docstring says what is right, `Why:` it matters, and its `Source:`; `pages` makes the manual of it.

Source: none; each lint names its own
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

from states.definition.diagnostics import Diagnostic
from states.definition.lints import choices, data, handlers, looks, loops, tasks, variables
from states.definition.outline import Outline

Find = Callable[[Outline], Iterator[Diagnostic]]


class Lint(NamedTuple):
    """A finding's code and what looks for it."""

    code: str
    find: Find


AWS: tuple[Lint, ...] = (
    Lint("NO_DOLLAR", looks.keys_of_paths_end_in_dollar),
    Lint("NO_PATH", looks.fields_of_paths_end_in_path),
    Lint("PASS_RESULT_IS_STATIC", looks.results_are_literal),
)
OWN: tuple[Lint, ...] = (
    Lint("ERROR_NEVER_CAUGHT", handlers.runtime_errors_are_not_named),
    Lint("ERROR_ALREADY_TAKEN", handlers.errors_are_taken_once),
    Lint("ERROR_NOT_RAISED", handlers.errors_can_be_raised),
    Lint("CALLBACK_WITHOUT_TIMEOUT", tasks.callbacks_end),
    Lint("TOKEN_NOT_PASSED", tasks.tokens_are_passed),
    Lint("CHOICE_WITHOUT_DEFAULT", choices.choices_cover),
    Lint("CHOICE_RULE_NEVER_TRUE", choices.rules_can_be_true),
    Lint("PATH_NEVER_PRODUCED", data.paths_are_produced),
    Lint("RESULT_REPLACES_INPUT", data.results_keep_the_input),
    Lint("VARIABLE_NOT_ASSIGNED", variables.variables_are_assigned),
    Lint("VARIABLE_OF_OUTER_SCOPE", variables.scopes_are_kept),
    Lint("LOOP_WITHOUT_EXIT", loops.loops_end),
    Lint("LOOP_EXCEEDS_HISTORY", loops.loops_fit_the_history),
)

MAX_FAULTS = 1000  #: of one lint; more than anybody reads


def aws_warnings(outline: Outline) -> list[Diagnostic]:
    """The warnings AWS has."""
    return found(AWS, outline)


def warnings(outline: Outline) -> list[Diagnostic]:
    """The warnings AWS has not; the definition has no error."""
    return found(OWN, outline)


def found(lints: tuple[Lint, ...], outline: Outline) -> list[Diagnostic]:
    return [fault for lint in lints for fault in islice(lint.find(outline), MAX_FAULTS)]
