"""Coverage of state machines: what their tests have seen happen, over all executions of a process or of several.

    collector = Collector()
    with collector.watching():
        ...  # executions
    found = measure(collector, ["machines"], exclude=["order/TimeoutSeconds fired"])
    report("term-missing", found, sys.stdout)
    report("html:coverage", found, sys.stdout)

`goals` says what there is to see, `probe` and `collector` count it, `results` gives it names and lines, and the other modules are reports.
What a name needs is imported when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from states.coverage.collector import Collector
    from states.coverage.reporting import FORMATS, NotWritten, check_spec, report
    from states.coverage.results import Results, measure

__all__ = ["FORMATS", "Collector", "NotWritten", "Results", "check_spec", "measure", "report"]

#: Where each public name comes from.
_PLACES = {
    "Results": "states.coverage.results",
    "measure": "states.coverage.results",
    "Collector": "states.coverage.collector",
    "FORMATS": "states.coverage.reporting",
    "NotWritten": "states.coverage.reporting",
    "check_spec": "states.coverage.reporting",
    "report": "states.coverage.reporting",
}


def __getattr__(name: str) -> Any:
    """Imports a public name at its first use."""
    from importlib import import_module

    place = _PLACES.get(name)
    if place is None:
        raise AttributeError(f"module 'states.coverage' has no attribute {name!r}")
    return getattr(import_module(place), name)
