"""Scenarios: cases in YAML or JSON files, run as tests without any Python.

`load` reads a file into Scenario values, or raises InvalidScenarios with every fault in it and its place; `play` runs one on the virtual
clock and gives an Outcome: what was expected and not found. `shown` draws it. The keys of a file are the tables KEYS, ANSWERS, STEPS,
EXPECTATIONS and VISIT; docs/scenarios.md has them all.

The public names; each is imported when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from states.testing.scenarios.folders import find
    from states.testing.scenarios.loading import Loader
    from states.testing.scenarios.outcomes import Mismatch, Outcome
    from states.testing.scenarios.playing import play
    from states.testing.scenarios.reading import InvalidScenarios, Scenario, load

__all__ = ["InvalidScenarios", "Loader", "Mismatch", "Outcome", "Scenario", "find", "load", "play"]

#: Where each public name comes from.
_PLACES = {
    "states.testing.scenarios.folders": ("find",),
    "states.testing.scenarios.loading": ("Loader",),
    "states.testing.scenarios.outcomes": ("Mismatch", "Outcome"),
    "states.testing.scenarios.playing": ("play",),
    "states.testing.scenarios.reading": ("InvalidScenarios", "Scenario", "load"),
}


def __getattr__(name: str) -> Any:
    """Imports a public name at its first use."""
    from importlib import import_module

    for place, names in _PLACES.items():
        if name in names:
            return getattr(import_module(place), name)
    raise AttributeError(f"module 'states.testing.scenarios' has no attribute {name!r}")
