"""Debugger: a session with what is needed to tell of it; what the commands work on.

A Reply is what a command came to. Nothing is written here.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from states.debugging import differences, told
from states.debugging.moments import ENDED, Moment
from states.debugging.screen import ROOM, Screen, Size, screen
from states.debugging.session import Session
from states.debugging.told import Teller
from states.interpreter import setup
from states.machine import Machine
from states.views import words

Json = Any

MOST_LINES = 12  #: of data after a movement


class Reply(NamedTuple):
    """What a command came to: lines to show, whether the cursor is somewhere else now, and whether that was all."""

    lines: tuple[str, ...] = ()
    moved: bool = False
    quits: bool = False


class Debugger:
    """A session driven by lines of text. `width` is how long a line of data may be."""

    def __init__(self, session: Session, machine: Machine, width: int = 100) -> None:
        self.session = session
        self.machine = machine
        self.teller = Teller(machine)
        self.width = width

    def screen(self, size: Size = ROOM, scrolled: int = 0) -> Screen:
        return screen(self.session, self.teller, size, scrolled)

    def here(self, why: str = "") -> Reply:
        """Where the cursor is now: the place, what was decided there, and the data."""
        moment = self.session.moment
        place = self.teller.place(moment)
        lines = [self.teller.heading(moment, self.session.started_at) + (f"  {place}" if place else "")]
        lines += [why] if why else []
        lines += [moment.note] if moment.note and moment.kind != ENDED else []
        lines += _data(moment, self.width - 4)
        lines += [f"    ${words.clean(name)} = {short(moment.variables[name], self.width - 10)}" for name in moment.assigned]
        return Reply(tuple(lines), moved=True)


def _data(moment: Moment, width: int) -> list[str]:
    if moment.kind in (setup.RETRIED, setup.EXHAUSTED, setup.RULE):
        return []
    failed = told.failure(moment.value) if moment.kind in (setup.FAILED, setup.CAUGHT, ENDED) else None
    if failed == (None, None):
        return []
    if failed is not None:
        return [f"    {words.clip(words.failure_text(*failed), width)}"]
    return [f"  {line.mark} {line.text}" for line in differences.lines(moment.before, moment.value, width, MOST_LINES)]


def short(value: Json, width: int) -> str:
    return differences.one_line(value, max(8, width))
