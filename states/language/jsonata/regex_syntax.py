"""JavaScript's regular expressions: pattern text -> parts, and the same in Python's notation.

What differs between the two is settled here: `$` does not stand before a last line break, `\\d` and `\\w` are ASCII, `[^]` is any
character, unknown escapes stand for themselves, groups are named with `(?<name>`. Lookbehind has to be of fixed width, as Python demands.

Source: https://262.ecma-international.org (21.2 RegExp, Annex B)
"""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from states.language.jsonata.errors import JsonataError

SEQUENCE: Final = "sequence"  # parts
CHOICE: Final = "choice"  # parts
REPEAT: Final = "repeat"  # parts[0], low, high (None: no bound), lazy
GROUP: Final = "group"  # parts[0], number
LOOK: Final = "look"  # parts[0], text is `?=` or `?!`
CHAR: Final = "char"  # one character; text is Python's notation
ASSERT: Final = "assert"  # of no width; text is Python's notation
BACK: Final = "back"  # number

MAX_REPEAT: Final = 1000
_MAX_NESTING: Final = 100


class Part(NamedTuple):
    """A part of a pattern; which fields mean something depends on the kind."""

    kind: str
    text: str = ""
    parts: tuple[Any, ...] = ()
    low: int = 0
    high: int | None = None
    lazy: bool = False
    number: int = 0


_CLASSES: Final = {"d": "[0-9]", "D": "[^0-9]", "w": "[A-Za-z0-9_]", "W": "[^A-Za-z0-9_]", "s": r"[\s\ufeff]", "S": r"[^\s\ufeff]"}
_IN_SET: Final = {"d": "0-9", "D": r"\D", "w": "A-Za-z0-9_", "W": r"\W", "s": r"\s\ufeff", "S": r"\S", "b": r"\x08"}
_CONTROLS: Final = {"t": r"\t", "n": r"\n", "r": r"\r", "f": r"\f", "v": r"\v", "0": r"\x00"}
_QUANTIFIER: Final = re.compile(r"\{(\d+)(?:(,)(\d*))?\}")
_HEX: Final = {"x": re.compile(r"[0-9a-fA-F]{2}"), "u": re.compile(r"[0-9a-fA-F]{4}")}
_GROUP_NAME: Final = re.compile(r"\?<([A-Za-z_$][\w$]*)>")


class Reader:
    """Reads a pattern once; `groups` counts its capturing groups."""

    def __init__(self, pattern: str, multiline: bool) -> None:
        self.pattern = pattern
        self.multiline = multiline
        self.at = 0
        self.groups = 0
        self.names: dict[str, int] = {}
        self.nesting = 0

    def read(self) -> Part:
        """The whole pattern. Raises S0303."""
        part = self.choice()
        if self.at < len(self.pattern):
            raise self.fault("unmatched )")
        return part

    def fault(self, reason: str) -> JsonataError:
        return JsonataError("S0303", reason=f"/{self.pattern}/: {reason}")

    def peek(self, text: str) -> bool:
        return self.pattern.startswith(text, self.at)

    def take(self, text: str) -> bool:
        found = self.peek(text)
        self.at += len(text) if found else 0
        return found

    def choice(self) -> Part:
        self.nesting += 1
        if self.nesting > _MAX_NESTING:
            raise self.fault("nested too deeply")
        branches = [self.sequence()]
        while self.take("|"):
            branches.append(self.sequence())
        self.nesting -= 1
        return branches[0] if len(branches) == 1 else Part(CHOICE, parts=tuple(branches))

    def sequence(self) -> Part:
        parts: list[Part] = []
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            part = self.atom()
            parts.append(self.quantified(part))
        return parts[0] if len(parts) == 1 else Part(SEQUENCE, parts=tuple(parts))

    def quantified(self, part: Part) -> Part:
        bounds: tuple[int, int | None]
        if self.take("*"):
            bounds = (0, None)
        elif self.take("+"):
            bounds = (1, None)
        elif self.take("?"):
            bounds = (0, 1)
        elif found := _QUANTIFIER.match(self.pattern, self.at):
            self.at = found.end()
            low = int(found[1])
            bounds = (low, low if not found[2] else int(found[3]) if found[3] else None)
            if max(low, bounds[1] or 0) > MAX_REPEAT:
                raise self.fault(f"more than {MAX_REPEAT} repetitions")
            if bounds[1] is not None and bounds[1] < low:
                raise self.fault("numbers out of order in quantifier")
        else:
            return part
        lazy = self.take("?")
        if part.kind == ASSERT or self.pattern[self.at : self.at + 1] in ("*", "+", "?"):
            raise self.fault("nothing to repeat")
        return Part(REPEAT, parts=(part,), low=bounds[0], high=bounds[1], lazy=lazy)

    def atom(self) -> Part:
        char = self.pattern[self.at]
        self.at += 1
        if char == "(":
            return self.group()
        if char == "[":
            return self.set()
        if char == "\\":
            return self.escape()
        if char == ".":
            return Part(CHAR, r"[^\n\r\u2028\u2029]")
        if char == "^":
            return Part(ASSERT, "(?m:^)" if self.multiline else r"\A")
        if char == "$":
            return Part(ASSERT, "(?m:$)" if self.multiline else r"\Z")
        if char in "*+?":
            raise self.fault("nothing to repeat")
        return Part(CHAR, re.escape(char))

    def group(self) -> Part:
        number = 0
        kind = ""
        if named := _GROUP_NAME.match(self.pattern, self.at):
            self.at = named.end()
            self.groups += 1
            number = self.names[named[1]] = self.groups
        elif self.peek("?"):
            kind = next((look for look in ("?:", "?=", "?!", "?<=", "?<!") if self.take(look)), "")
            if not kind:
                raise self.fault("invalid group")
        else:
            self.groups += 1
            number = self.groups
        inner = self.choice()
        if not self.take(")"):
            raise self.fault("unterminated group")
        if number:
            return Part(GROUP, parts=(inner,), number=number)
        if kind in ("?<=", "?<!"):
            return Part(ASSERT, f"({kind}{python_text(inner)})")
        return Part(SEQUENCE, parts=(inner,)) if kind == "?:" else Part(LOOK, kind, parts=(inner,))

    def escape(self) -> Part:
        char = self.pattern[self.at : self.at + 1]
        if not char:
            raise self.fault("\\ at end of pattern")
        self.at += 1
        if char in _CLASSES:
            return Part(CHAR, _CLASSES[char])
        if char in "bB":
            return Part(ASSERT, rf"(?a:\{char})")
        if char in "123456789":
            digits = char
            while self.pattern[self.at : self.at + 1].isdigit():
                digits += self.pattern[self.at]
                self.at += 1
            if int(digits) > self.groups:
                raise self.fault("a reference to a group that is not complete")
            return Part(BACK, number=int(digits))
        if char == "k" and (named := re.compile(r"<([\w$]+)>").match(self.pattern, self.at)) and named[1] in self.names:
            self.at = named.end()
            return Part(BACK, number=self.names[named[1]])
        return Part(CHAR, self.character(char))

    def character(self, char: str) -> str:
        """An escape that stands for one character, in Python's notation."""
        if char in _CONTROLS:
            return _CONTROLS[char]
        if char in _HEX and (found := _HEX[char].match(self.pattern, self.at)):
            self.at = found.end()
            return rf"\u{int(found.group(), 16):04x}"
        if char == "c" and self.pattern[self.at : self.at + 1].isalpha():
            self.at += 1
            return rf"\x{ord(self.pattern[self.at - 1]) % 32:02x}"
        return re.escape(char)

    def set(self) -> Part:
        negated = self.take("^")
        if self.take("]"):
            return Part(CHAR, r"[\s\S]" if negated else r"[^\s\S]")
        text = ""
        while not self.take("]"):
            char = self.pattern[self.at : self.at + 1]
            if not char:
                raise self.fault("unterminated character class")
            self.at += 1
            if char == "\\":
                char = self.pattern[self.at : self.at + 1]
                self.at += 1
                text += _IN_SET.get(char) or self.character(char)
            else:
                text += char if char == "-" else re.escape(char)
        return Part(CHAR, f"[{'^' if negated else ''}{text}]")


def python_text(part: Part) -> str:
    """The part in Python's notation; capturing groups keep their numbers, since they stand in the same order."""
    if part.kind == SEQUENCE:
        return "".join(map(python_text, part.parts))
    if part.kind == CHOICE:
        return f"(?:{'|'.join(map(python_text, part.parts))})"
    if part.kind == REPEAT:
        high = "" if part.high is None else part.high
        return f"(?:{python_text(part.parts[0])}){{{part.low},{high}}}{'?' if part.lazy else ''}"
    if part.kind == GROUP:
        return f"({python_text(part.parts[0])})"
    if part.kind == LOOK:
        return f"({part.text}{python_text(part.parts[0])})"
    if part.kind == BACK:
        return f"(?:\\{part.number})"
    return part.text
