"""A matcher that counts its steps: for the patterns and texts on which Python's own might not come back.

A pattern is compiled to a program; the places where there is a choice are put on a stack and come back to when a path fails. It finds what
Python's `re` finds, slowly, and raises the run's time-out when the steps are used up.

Source: R. Cox, Regular Expression Matching: the Virtual Machine Approach (2009)
"""

from __future__ import annotations

import re
from typing import Any, Final

from states.language.jsonata.errors import JsonataError
from states.language.jsonata.limits import Run
from states.language.jsonata.regex_syntax import ASSERT, BACK, CHAR, CHOICE, GROUP, LOOK, REPEAT, SEQUENCE, Part

ONE, RUN, SPLIT, JUMP, SAVE, BACKREF, AHEAD, MOVED, DONE = range(9)
_MOST_INSTRUCTIONS: Final = 20_000

Saves = tuple[int, ...]


class Machine:
    """The program of a pattern. `search` gives (start, end, ends of the groups) of the first match from a place on, or None."""

    def __init__(self, part: Part, groups: int, flags: int) -> None:
        self.flags = flags
        self.slots = 2 * (groups + 1)
        self.program: list[tuple[int, Any, Any, Any]] = []
        self._compile(part)
        self._add(DONE)

    # Program

    def _add(self, operation: int, a: Any = None, b: Any = None, c: Any = None) -> int:
        if len(self.program) > _MOST_INSTRUCTIONS:
            raise JsonataError("S0303", reason="the pattern is too large")
        self.program.append((operation, a, b, c))
        return len(self.program) - 1

    def _compile(self, part: Part) -> None:
        if part.kind == SEQUENCE:
            for inner in part.parts:
                self._compile(inner)
        elif part.kind in (CHAR, ASSERT):
            self._add(ONE, re.compile(part.text, self.flags).match)
        elif part.kind == GROUP:
            self._add(SAVE, 2 * part.number)
            self._compile(part.parts[0])
            self._add(SAVE, 2 * part.number + 1)
        elif part.kind == CHOICE:
            self._choice(part)
        elif part.kind == REPEAT:
            self._repeat(part)
        elif part.kind == BACK:
            self._add(BACKREF, part.number)
        elif part.kind == LOOK:
            start = self._add(AHEAD)
            self._compile(part.parts[0])
            self._add(DONE)
            self.program[start] = (AHEAD, len(self.program), part.text == "?!", None)

    def _choice(self, part: Part) -> None:
        ends = []
        for branch in part.parts[:-1]:
            split = self._add(SPLIT)
            self._compile(branch)
            ends.append(self._add(JUMP))
            self.program[split] = (SPLIT, split + 1, len(self.program), None)
        self._compile(part.parts[-1])
        for end in ends:
            self.program[end] = (JUMP, len(self.program), None, None)

    def _repeat(self, part: Part) -> None:
        (inner,) = part.parts
        if inner.kind == CHAR:
            high = "" if part.high is None else part.high
            self._add(RUN, re.compile(f"(?:{inner.text}){{0,{high}}}", self.flags).match, part.low, part.lazy)
            return
        for _ in range(part.low):
            self._compile(inner)
        for _ in range(1 if part.high is None else part.high - part.low):
            split = self._add(SPLIT)
            slot = self.slots
            self.slots += 1
            self._add(SAVE, slot)
            self._compile(inner)
            self._add(MOVED, slot)
            if part.high is None:
                self._add(JUMP, split)
            targets = (split + 1, len(self.program))
            self.program[split] = (SPLIT, *(targets[::-1] if part.lazy else targets), None)

    # Work

    def search(self, text: str, start: int, run: Run) -> tuple[int, int, Saves] | None:
        for at in range(start, len(text) + 1):
            run.spend(1)
            found = self._match(0, text, at, (-1,) * self.slots, run)
            if found is not None:
                end, saves = found
                return at, end, saves
        return None

    def _match(self, begin: int, text: str, at: int, saves: Saves, run: Run) -> tuple[int, Saves] | None:
        program = self.program
        stack: list[tuple[int, int, Saves, int]] = []  # (instruction, place, saves, other places: how far down or up still)
        counter = begin
        steps = 0
        while True:
            steps += 1
            if steps > 1000:
                run.spend(steps)
                steps = 0
            operation, a, b, c = program[counter]
            failed = False
            if operation == ONE:
                found = a(text, at)
                if found is None:
                    failed = True
                else:
                    at = found.end()
                    counter += 1
            elif operation == SPLIT:
                stack.append((b, at, saves, 0))
                counter = a
            elif operation == RUN:
                length = a(text, at).end() - at
                if length < b:
                    failed = True
                else:
                    counter += 1
                    if length > b:
                        stack.append((counter, at + b, saves, length - b) if c else (counter, at + length, saves, b - length))
                    at += b if c else length
            elif operation == SAVE:
                saves = (*saves[:a], at, *saves[a + 1 :])
                counter += 1
            elif operation == JUMP:
                counter = a
            elif operation == MOVED:
                failed = saves[a] == at
                counter += 1
            elif operation == BACKREF:
                low, high = saves[2 * a], saves[2 * a + 1]
                word = text[low:high] if 0 <= low <= high else ""
                if self._same(text[at : at + len(word)], word):
                    at += len(word)
                    counter += 1
                else:
                    failed = True
            elif operation == AHEAD:
                inner = self._match(counter + 1, text, at, saves, run)
                if (inner is None) is b:
                    saves = inner[1] if inner is not None else saves
                    counter = a
                else:
                    failed = True
            else:
                run.spend(steps)
                return at, saves
            if failed:
                if not stack:
                    run.spend(steps)
                    return None
                counter, at, saves, more = stack.pop()
                if more:
                    step = 1 if more > 0 else -1
                    at += step
                    if more != step:
                        stack.append((counter, at, saves, more - step))

    def _same(self, a: str, b: str) -> bool:
        return a == b or (bool(self.flags & re.IGNORECASE) and a.lower() == b.lower())
