"""Changing: the commands that make another future, and those that go between futures."""

from __future__ import annotations

import re
from typing import Any

from states.debugging.debugger import Debugger, Reply
from states.debugging.session import Session, Wrong
from states.debugging.stopping import number
from states.errors import StatesError
from states.language import values
from states.views import words

Json = Any


def set_value(debugger: Debugger, rest: str) -> Reply:
    from states.language.paths import InvalidPath, compile_reference_path

    path_text, json_text = _path_and_json(rest)
    try:
        path = compile_reference_path(path_text)
    except InvalidPath as fault:
        raise Wrong(f"set: {words.clean(path_text)} names no one place: {fault}") from None
    session = debugger.session
    begun = session.moments[session.begun()]
    value = _json("set", json_text)
    name = None if path.root == "$" else path.root.removeprefix("$")
    if name == "$":
        raise Wrong("set: the Context Object is not changed; $ is the state's input, $name a variable")
    if name is not None and name not in begun.variables:
        there = ", ".join(f"${each}" for each in sorted(begun.variables)[:10])
        raise Wrong(f"set: no variable ${name} is in sight where {begun.place} begins" + (f"; there is {there}" if there else ""))
    base = begun.input if name is None else begun.variables[name]
    put = compile_reference_path("$" + path_text[len(path.root) :]).put
    try:
        changed = put(base, value)
    except StatesError as fault:
        raise Wrong(f"set: {words.clean(str(fault.cause or fault.error))}") from None
    session.give(name, changed, f"{attempt(session)}: set {path_text} {words.clip(json_text, 60)}")
    return _branched(debugger)


def _path_and_json(text: str) -> tuple[str, str]:
    """A path and the JSON after it; blanks in brackets are the path's."""
    match = _PATH.match(text)
    if match is None or not text[match.end() :].strip():
        found = words.clip(words.clean(text), 60) or "nothing"
        raise Wrong(f'set: expected a path and JSON, such as set $.total 5 or set $name "x", found {found}')
    return match[0], text[match.end() :].strip()


_PATH = re.compile(r"\$(?:[^\s\[]|\[\s*(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[^\]\"']*)\s*\])*")


def _json(word: str, text: str) -> Json:
    try:
        return values.loads(text)
    except (ValueError, RecursionError) as fault:
        found = words.clip(words.clean(text), 60) or "nothing"
        reason = f" ({fault})" if text else ""
        raise Wrong(f'{word}: expected JSON, such as 5, "text" or {{"a": 1}}, found {found}{reason}') from None


def result(debugger: Debugger, rest: str) -> Reply:
    session = debugger.session
    output = _json("result", rest)
    session.answer(output, None, f"{attempt(session)}: result {words.clip(rest, 60)}")
    return _branched(debugger)


def fail(debugger: Debugger, rest: str) -> Reply:
    session = debugger.session
    error, _, cause = rest.partition(" ")
    if not error:
        raise Wrong("fail: expected an error name and perhaps a cause, such as fail CardDeclined no money")
    session.answer(None, (error, cause.strip() or None), f"{attempt(session)}: fail {words.clip(rest, 60)}")
    return _branched(debugger)


def attempt(session: Session) -> str:
    """`ChargeCard#2`, `ChargeCard#2 attempt 3`."""
    moment = session.moment
    return moment.place if moment.attempt == 1 else f"{moment.place} attempt {moment.attempt}"


def _branched(debugger: Debugger) -> Reply:
    session = debugger.session
    made = session.future
    said = f"future {made.number}, from future {made.parent.number if made.parent else 1}: {words.clean(made.changes[-1].text)}"
    here = debugger.here(session.held_up() if session.index == len(session.moments) - 1 else "")
    return Reply((said, *here.lines), moved=True)


def futures(debugger: Debugger, _: str) -> Reply:
    session = debugger.session
    lines = []
    for future in session.futures:
        mark = ">" if future is session.future else " "
        status = future.execution.status if future.is_over else f"as far as {words.count(len(future.moments), 'moment')}"
        told_ = "as it was" if future.parent is None else f"from {future.parent.number}, {words.clean(future.changes[-1].text)}"
        lines.append(f"{mark} {future.number}  {status}  {told_}")
    return Reply(tuple(lines))


def switch(debugger: Debugger, rest: str) -> Reply:
    debugger.session.switch(number("switch", rest))
    return debugger.here(f"future {debugger.session.future.number}")
