"""What an expression may read besides its own data: the Context Object, variables, chance, and texts as the caller wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any, Protocol


class Scope(Protocol):
    """Handed to every evaluation beside the data that `$` names."""

    @property
    def variables(self) -> Mapping[str, Any]:
        """The variables in sight, by name without `$`."""
        ...

    @property
    def random(self) -> Random:
        """The execution's seeded generator (States.UUID, States.MathRandom)."""
        ...

    @property
    def now(self) -> float:
        """The time of the evaluation, seconds since the epoch (`$now()`)."""
        ...

    @property
    def jsonata_seconds(self) -> float:
        """What one JSONata evaluation may take; AWS allows one second."""
        ...

    def context(self) -> Any:
        """The Context Object (`$$`), built when asked for."""
        ...

    def text(self, value: Any) -> str:
        """JSON text of a value as an error's cause quotes it: the caller's own spelling when it is the execution's input."""
        ...
