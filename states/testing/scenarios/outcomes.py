"""What came of a scenario: passed, or what was expected and not found, each with its place in the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from states.testing.scenarios.differences import Difference

if TYPE_CHECKING:
    from states.definition.formats.documents import Part
    from states.testing.runs import Run
    from states.testing.scenarios.reading import Scenario

Json = Any

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


class Mismatch(NamedTuple):
    """One thing that is not as expected. `what` names it: `output`, `visits of Receipt: input`.

    `expected` and `found` are texts to show, empty where `differences` or `message` say it. `part` is the expectation in the file, `state`
    the state whose data matters.
    """

    what: str
    part: Part
    message: str = ""
    expected: str = ""
    found: str = ""
    differences: tuple[Difference, ...] = ()
    state: str | None = None

    @property
    def place(self) -> tuple[int, int]:
        """Line and column in the file of the scenario."""
        return self.part.place


@dataclass(frozen=True, slots=True)
class Outcome:
    """A scenario that was played. `seconds` is how long that took here, not on the virtual clock."""

    scenario: Scenario
    mismatches: tuple[Mismatch, ...] = ()
    run: Run | None = field(default=None, compare=False)
    seconds: float = 0.0

    @property
    def status(self) -> str:
        """passed, failed or skipped."""
        if self.scenario.skip is not None:
            return SKIPPED
        return FAILED if self.mismatches else PASSED
