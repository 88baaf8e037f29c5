"""Commands: a line of text -> something a session does, and what is said about it.

A command is its word, the beginning of its word, or its letter. What cannot be read or done is Wrong, in one line.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from states.debugging import changing, looking, stopping
from states.debugging.debugger import Debugger, Reply
from states.debugging.session import Session, Wrong
from states.views import words


class Command(NamedTuple):
    """A command: its letter, what it takes, what it does in a few words, and how."""

    letter: str
    takes: str
    help: str
    act: Callable[[Debugger, str], Reply]


def do(debugger: Debugger, line: str) -> Reply:
    """Does what a line says. Raises Wrong."""
    word, _, rest = line.strip().partition(" ")
    return COMMANDS[named(word)].act(debugger, rest.strip()) if word else Reply()


def named(word: str) -> str:
    """The command of a word, the beginning of one, or a letter."""
    if word in COMMANDS:
        return word
    found = [name for name, command in COMMANDS.items() if command.letter == word]
    found = found or [name for name in COMMANDS if name.startswith(word.lower())]
    if len(found) == 1:
        return found[0]
    if found:
        raise Wrong(f"{words.clean(word)} may be {' or '.join(found)}")
    from difflib import get_close_matches

    near = get_close_matches(word, COMMANDS, 1)
    raise Wrong(f"there is no command {words.clip(words.clean(word), 40)}; " + (f"did you mean {near[0]}?" if near else "help lists them"))


def split(text: str) -> list[str]:
    """The commands of a text: one a line, or several with `;` between them; a `;` in a string or in brackets is part of its command.

    A line that begins with # is a comment.

    >>> split('break A; continue\\n# so\\nresult {"a": "b; c"}')
    ['break A', 'continue', 'result {"a": "b; c"}']
    """
    found = []
    for line in text.splitlines():
        if line.lstrip().startswith("#"):
            continue
        start = depth = 0
        for match in _PIECE.finditer(line):
            depth += {"{": 1, "[": 1, "(": 1, "}": -1, "]": -1, ")": -1}.get(match[0], 0)
            if match[0] == ";" and depth <= 0:
                found.append(line[start : match.start()])
                start, depth = match.end(), 0
        found.append(line[start:])
    return [command.strip() for command in found if command.strip()]


_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|[;{}()\[\]]')


# ---------------------------------------------------------------- moving


def _mover(name: str) -> Callable[[Debugger, str], Reply]:
    """A movement without an argument, or so many times."""

    def move(debugger: Debugger, rest: str) -> Reply:
        why = ""
        for number in range(_times(name, rest)):
            try:
                why = getattr(debugger.session, name)()
            except Wrong:
                if number == 0:
                    raise
                break
        return debugger.here(why)

    return move


def _times(name: str, rest: str) -> int:
    if not rest:
        return 1
    if not rest.isdecimal() or len(rest) > 6 or int(rest) < 1:
        raise Wrong(f"{name.replace('go_on', 'continue')}: expected nothing, or how many times, found {words.clip(words.clean(rest), 40)}")
    return int(rest)


def _until(debugger: Debugger, rest: str) -> Reply:
    return debugger.here(debugger.session.until(_time(debugger.session, rest)))


def _time(session: Session, text: str) -> float:
    """A time such as 2026-01-01T00:01:30Z, or +90, +90s, +5m, +2h after the one at the cursor."""
    from states.language import durations, timestamps

    try:
        if text.startswith("+"):
            return session.moment.at + durations.seconds_of(text[1:])
        return timestamps.parse(text)
    except ValueError:
        raise Wrong(
            f"until: expected a time such as 2026-01-01T00:01:30Z, or +90s, +5m, +2h, found {words.clean(text) or 'nothing'}"
        ) from None


# ---------------------------------------------------------------- help and end


def _help(_: Debugger, rest: str) -> Reply:
    if rest:
        name = named(rest)
        return Reply((_usage(name),))
    return Reply(tuple(_usage(name) for name in COMMANDS))


def _usage(name: str) -> str:
    command = COMMANDS[name]
    return f"{command.letter or ' '}  {f'{name} {command.takes}'.strip():<22}  {command.help}"


def _quit(_: Debugger, __: str) -> Reply:
    return Reply(quits=True)


COMMANDS: dict[str, Command] = {
    "step": Command("s", "[N]", "in: to the next place, of any state, branch or filter", _mover("step")),
    "next": Command("n", "[N]", "over: to the next state of this chain", _mover("next")),
    "out": Command("o", "", "out of the branch or iteration", _mover("out")),
    "continue": Command("c", "[N]", "to the next stop, or the end", _mover("go_on")),
    "until": Command("u", "TIME", "to a time: 2026-01-01T00:01:30Z, or +90s, +5m, +2h from here", _until),
    "back": Command("b", "[N]", "one place back", _mover("back")),
    "previous": Command("p", "[N]", "back to where this state, or the one before it, began", _mover("previous")),
    "reverse-continue": Command("r", "[N]", "back to the stop before, or the beginning", _mover("reverse")),
    "break": Command("", "STATE", "stop where a state begins; a place such as Charge#2 is one visit", stopping.break_at),
    "on": Command("", "error [NAME]", "stop where something fails", stopping.on),
    "when": Command("", "EXPR", "stop where a condition in JSONPath or JSONata becomes true", stopping.when),
    "stops": Command("", "", "list the stops", stopping.stops),
    "delete": Command("d", "N", "take a stop away", stopping.delete),
    "show": Command("x", "[EXPR]", "the data here in full; input, result, variables, a path, or JSONata", looking.show),
    "where": Command("w", "", "the place, the time, and the way there", looking.where),
    "why": Command("y", "", "the last failure, and who took it", looking.why),
    "set": Command("", "PATH JSON", "another future: the state begins with another input ($...) or variable ($name)", changing.set_value),
    "result": Command("", "JSON", "another future: the task gives this", changing.result),
    "fail": Command("", "ERROR [CAUSE]", "another future: the task fails", changing.fail),
    "futures": Command("f", "", "list the futures", changing.futures),
    "switch": Command("", "N", "go to another future", changing.switch),
    "help": Command("h", "[COMMAND]", "this list", _help),
    "quit": Command("q", "", "leave", _quit),
}
