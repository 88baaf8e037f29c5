"""Listeners: who is told of the executions that are made here, and of what a test asks about them.

Empty unless somebody, as the pytest plugin, puts itself there. A module of its own that imports nothing, so that who listens need not
import what is needed to run a machine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from states.drivers.virtual import Virtual

#: Told of each execution on the virtual clock before it starts.
made: list[Callable[[Virtual], None]] = []

#: Told of each state that a test asks a Run about: its name, and which visit, counted from 1, or from the end with -1.
asked: list[Callable[[Virtual, str, int], None]] = []
