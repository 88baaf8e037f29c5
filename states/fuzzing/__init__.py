"""Fuzzing: inputs and faults under which a machine ends badly, each made as small as a person would write it.

`Hunt` looks for them; `from_schema`, `from_examples` and `from_machine` are strategies of inputs for tests with hypothesis, `faults_of` are
the faults that a machine's tasks may have. Needs hypothesis: `pip install 'states[fuzz]'`.

The public names; each is imported when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from states.fuzzing.adversaries import Fault, faults_of
    from states.fuzzing.hunt import Found, Hunt, Report
    from states.fuzzing.playing import Case, Ending
    from states.fuzzing.schemas import InvalidSchema
    from states.fuzzing.strategies import from_examples, from_machine, from_schema

__all__ = [
    "Case",
    "Ending",
    "Fault",
    "Found",
    "Hunt",
    "InvalidSchema",
    "Report",
    "faults_of",
    "from_examples",
    "from_machine",
    "from_schema",
]

#: Where each public name comes from.
_PLACES = {
    "states.fuzzing.adversaries": ("Fault", "faults_of"),
    "states.fuzzing.hunt": ("Found", "Hunt", "Report"),
    "states.fuzzing.playing": ("Case", "Ending"),
    "states.fuzzing.schemas": ("InvalidSchema",),
    "states.fuzzing.strategies": ("from_examples", "from_machine", "from_schema"),
}


def __getattr__(name: str) -> Any:
    """Imports a public name at its first use."""
    from importlib import import_module

    for place, names in _PLACES.items():
        if name in names:
            return getattr(import_module(place), name)
    raise AttributeError(f"module 'states.fuzzing' has no attribute {name!r}")
