"""Screen: what there is to see at the cursor, as plain values that can be compared; `shown` draws it.

The same moment of the same future gives the same screen, whichever way the cursor came.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from states.debugging import differences
from states.debugging.differences import Line as DataLine
from states.debugging.moments import ENDED, Moment
from states.debugging.rows import Row, rows
from states.debugging.session import Session
from states.debugging.told import Line, Teller, failure
from states.interpreter import setup
from states.machine import ABSENT
from states.views import words

Json = Any

#: What is next to the data where it is not the data itself.
TITLES = {
    setup.ENTERED: "input",
    setup.ASKED: "given to the task",
    setup.RESULT: "result",
    setup.LEFT: "output, compared with the input",
    setup.RULE: "what the rules see",
    setup.ITEMS: "items",
}


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable in sight; `is_new` where the state that is left assigned it."""

    name: str
    text: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Size:
    """How many lines and columns each part has room for."""

    trace: int = 12
    data: int = 12
    variables: int = 8
    source: int = 5
    width: int = 60


FAILURES = frozenset({setup.FAILED, setup.RETRIED, setup.EXHAUSTED, setup.CAUGHT, ENDED})
ROOM = Size()
MOST_LINES = 10_000  #: that can be scrolled through


@dataclass(frozen=True, slots=True)
class Screen:
    """`heading` says where the cursor is, `note` what was decided there; `filters` are those of the state: done, here or next."""

    title: str
    future: int
    futures: int
    number: int
    status: str
    heading: str
    time: str
    note: str
    filters: tuple[tuple[str, str], ...]
    data_title: str
    data: tuple[DataLine, ...]
    variables: tuple[Variable, ...]
    trace: tuple[Row, ...]
    source_title: str
    source: tuple[Line, ...]
    started_at: float


def screen(session: Session, teller: Teller, size: Size = ROOM, scrolled: int = 0) -> Screen:
    """The screen at the session's cursor; `scrolled` leaves out so many lines of the data."""
    moment, future = session.moment, session.future
    is_end = moment.kind == ENDED
    about = session.moments[session.index - 1] if is_end and session.index else moment
    told = failure(moment.value)
    title = TITLES.get(moment.kind) or (
        "failure" if told is not None else "output of the execution" if is_end else f"data {teller.kind(moment)}"
    )
    if moment.kind == setup.ASKED and moment.note:
        title = "data"
    return Screen(
        title=words.clean(session.title),
        future=future.number,
        futures=len(session.futures),
        number=session.index + 1,
        status=moment.note if is_end else "RUNNING",
        heading=teller.heading(moment, session.started_at),
        time=words.moment(moment.at),
        note="" if is_end else moment.note,
        filters=teller.filters(moment),
        data_title=title,
        data=_data(moment, size, scrolled),
        variables=_variables(session, size),
        trace=rows(session.moments, session.index, size.trace),
        source_title=teller.place(about),
        source=teller.source(about, size.source),
        started_at=session.started_at,
    )


def _data(moment: Moment, size: Size, scrolled: int) -> tuple[DataLine, ...]:
    """A sketch that fits, where it says enough; else the beginning, or the part that was scrolled to, of all lines."""
    failed = failure(moment.value) if moment.kind in FAILURES else None
    if failed is not None:
        return _failure(failed, size)
    sketch = differences.lines(moment.before, moment.value, size.width, size.data)
    if not scrolled and len(sketch) > size.data // 3:
        return sketch
    every = differences.lines(moment.before, moment.value, size.width, MOST_LINES)
    if len(every) <= size.data:
        return every
    first = min(scrolled, len(every) - size.data)
    shown, left = every[first : first + size.data], len(every) - size.data - first
    return (*shown[:-1], DataLine(differences.SAME, f"… {left + 1:,} more lines, page down")) if left else shown


def _failure(failed: tuple[str | None, str | None], size: Size) -> tuple[DataLine, ...]:
    """What happened, as a text, and where the cause is a document the document below it."""
    if failed == (None, None):
        return ()
    lines = [DataLine(differences.SAME, line) for line in wrap(words.failure_text(*failed), size.width)]
    document = words.lambda_error(failed[1])
    if document is not None and len(lines) + 3 < size.data:
        more = differences.lines(ABSENT, document, size.width, size.data - len(lines) - 1)
        lines += [DataLine(differences.SAME, ""), *more]
    return tuple(lines[: size.data])


def _variables(session: Session, size: Size) -> tuple[Variable, ...]:
    moment = session.moment
    if not moment.variables or size.variables < 1:
        return ()
    names = sorted(moment.variables, key=lambda name: (name not in moment.assigned, name))
    shown = [
        Variable(words.clean(name), _short(moment.variables[name], max(8, size.width - len(name) - 4)), name in moment.assigned)
        for name in names[: size.variables]
    ]
    if len(names) > size.variables:
        shown[-1] = Variable(f"… {len(names) - size.variables + 1:,} more", "", False)
    return tuple(shown)


def _short(value: Json, width: int) -> str:
    return "" if value is ABSENT else differences.one_line(value, width)
