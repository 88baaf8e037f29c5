"""Looking: the commands that show the data, the way there, and what became of a failure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from states.debugging import conditions, told
from states.debugging.debugger import Debugger, Reply
from states.debugging.moments import ENDED
from states.debugging.rows import CAUGHT, FAILED, RUNNING, SUCCEEDED, rows
from states.debugging.session import Session, Wrong
from states.interpreter import setup
from states.language import values
from states.machine import ABSENT
from states.views import words

Json = Any

MOST_SHOWN = 400  #: lines of `show`
MARKS = {SUCCEEDED: "✓", FAILED: "✗", CAUGHT: "✓", RUNNING: "●"}


def show(debugger: Debugger, rest: str) -> Reply:
    moment = debugger.session.moment
    word = rest.strip()
    if not word:
        return Reply(tuple(_pretty(moment.value)))
    if word in ("input", "result", "before", "variables"):
        value = dict(moment.variables) if word == "variables" else getattr(moment, word)
    else:
        try:
            value = conditions.value_of(word)(moment)
        except conditions.InvalidExpression as fault:
            raise Wrong(f"show: {words.clean(str(fault))}") from None
    if value is ABSENT:
        raise Wrong(f"show: {words.clip(words.clean(word), 80)} has no value here")
    return Reply(tuple(_pretty(value)))


def _pretty(value: Json) -> Iterator[str]:
    try:
        lines = json.dumps(value, indent=2, ensure_ascii=False).splitlines()
    except RecursionError:
        lines = [values.dumps(value)]
    for line in lines[:MOST_SHOWN]:
        yield words.clip(words.clean(line), 10_000)
    if len(lines) > MOST_SHOWN:
        yield f"… {len(lines) - MOST_SHOWN:,} more lines; show PATH shows a part"


def where(debugger: Debugger, _: str) -> Reply:
    session, moment = debugger.session, debugger.session.moment
    place = debugger.teller.place(moment)
    lines = [debugger.teller.heading(moment, session.started_at) + (f"  {place}" if place else "")]
    lines += [f"inside {told.way(moment)}"] if moment.path else []
    events = words.count(moment.events, "event")
    lines += [f"at {words.moment(moment.at)} UTC, after {events}, moment {session.index + 1:,} of future {session.future.number}"]
    for row in rows(session.moments, session.index, 20):
        mark = ">" if row.is_here else MARKS.get(row.status, "…")
        attempts = f"  attempt {row.attempt}" if row.attempt > 1 else ""
        label = f"{row.label} " if row.label else ""
        lines.append(f"  {mark} {'  ' * min(row.depth, 20)}{label}{row.name}{attempts}  +{words.duration(row.at - session.started_at)}")
    held = session.held_up() if session.index == len(session.moments) - 1 else ""
    return Reply((*lines, held) if held else tuple(lines))


def why(debugger: Debugger, _: str) -> Reply:
    """What became of the last failure, at the cursor or before it."""
    session = debugger.session
    index = next((i for i in range(session.index, -1, -1) if session.moments[i].kind == setup.FAILED), None)
    over = told.failure(session.moment.value) if session.moment.kind == ENDED else None
    if over is not None and (index is None or not _led_to_the_end(session, index)):
        return Reply((f"the execution {session.moment.note}", *([f"  {words.failure_text(*over)}"] if any(over) else [])))
    if index is None:
        raise Wrong("why: nothing has failed so far")
    failed = session.moments[index]
    lines = [f"{words.clean(failed.place)} failed" + (f", attempt {failed.attempt}" if failed.attempt > 1 else "")]
    lines += [f"  {words.failure_text(failed.value['Error'], failed.value['Cause'])}"]
    place = debugger.teller.place(failed)
    lines += [f"  at {place}"] if place else []
    after = index + 1
    while session.future.reach(after) and session.moments[after].place == failed.place and session.moments[after].note:
        lines.append(f"  {session.moments[after].note}  {debugger.teller.place(session.moments[after])}".rstrip())
        after += 1
    if after == index + 1:
        state = debugger.teller.state(failed.name)
        has = [field for field in ("retry", "catch") if getattr(state, field, ())]
        lines.append("  nobody took it: " + (f"no {' and no '.join(has)} of {failed.name} matches" if has else "no Retry and no Catch"))
    return Reply(tuple(lines))


def _led_to_the_end(session: Session, index: int) -> bool:
    """Whether the execution ended because of this failure: nothing began after it."""
    return session.moment.note == "FAILED" and all(moment.kind != setup.ENTERED for moment in session.moments[index:])
