"""Stopping: the commands that say where to stop: at a state, on an error, when a condition becomes true."""

from __future__ import annotations

from states.debugging import conditions
from states.debugging.debugger import Debugger, Reply
from states.debugging.moments import Moment
from states.debugging.session import ERROR, STATE, WHEN, Wrong
from states.interpreter import setup
from states.machine import Machine
from states.views import words


def break_at(debugger: Debugger, rest: str) -> Reply:
    session = debugger.session
    if not rest:
        return stops(debugger)
    name, mark, number = rest.rpartition("#")
    is_place = bool(mark) and number.partition(".")[0].isdecimal()
    state = debugger.teller.state((name if is_place else rest).rpartition("]/")[2])
    if state is None:
        raise Wrong(f"break: {no_state(debugger.machine, rest)}")
    if is_place:
        stop = session.add_stop(STATE, rest, lambda moment: moment.kind == setup.ENTERED and moment.place == rest)
    else:
        stop = session.add_stop(STATE, rest, lambda moment: moment.kind == setup.ENTERED and moment.name == rest)
    return Reply((f"stop {stop.number}: {words.clean(str(stop))}",))


def no_state(machine: Machine, name: str) -> str:
    """Says that there is no state of this name, and which there is."""
    from states.definition import every_block
    from states.definition.hints import did_you_mean

    hint = did_you_mean(name, [known for block in every_block(machine) for known in block.states])
    return f"the machine has no state {words.clip(words.clean(name), 80)!r}{'; ' if hint else ''}{hint}"


def on(debugger: Debugger, rest: str) -> Reply:
    word, _, error = rest.partition(" ")
    if word != "error":
        raise Wrong(f"on: expected on error, or on error NAME, found on {words.clip(words.clean(rest), 40)}".rstrip())
    error = error.strip()

    def holds(moment: Moment) -> bool:
        return moment.kind == setup.FAILED and (not error or moment.value["Error"] == error)

    stop = debugger.session.add_stop(ERROR, rest, holds)
    return Reply((f"stop {stop.number}: {words.clean(str(stop))}",))


def when(debugger: Debugger, rest: str) -> Reply:
    try:
        holds = conditions.condition(rest)
    except conditions.InvalidExpression as fault:
        raise Wrong(f"when: {words.clean(str(fault))}") from None
    stop = debugger.session.add_stop(WHEN, rest, holds)
    return Reply((f"stop {stop.number}: {words.clean(str(stop))}",))


def stops(debugger: Debugger, _: str = "") -> Reply:
    stops = debugger.session.stops
    return Reply(
        tuple(f"stop {stop.number}: {words.clean(str(stop))}" for stop in stops) or ("no stops; break STATE, on error, when EXPR",)
    )


def delete(debugger: Debugger, rest: str) -> Reply:
    stop = debugger.session.delete_stop(number("delete", rest))
    return Reply((f"stop {stop.number} is gone: {words.clean(str(stop))}",))


def number(word: str, text: str) -> int:
    if not text.isdecimal() or len(text) > 6:
        raise Wrong(f"{word}: expected a number, found {words.clip(words.clean(text), 40) or 'nothing'}")
    return int(text)
