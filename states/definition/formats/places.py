"""From a part of a definition to its place in the file it was written in, whatever that file is.

A scalar of YAML or JSON stands for characters (`value`), and each of those is written somewhere (`spread`). A definition that is a text
inside a template is pieced together from such scalars (`Text`); a place in it is led back to the place in the file. All of this happens
only when a fault has to be shown.

Source: https://yaml.org/spec/1.2.2/#7-flow-style-productions and #8-block-style-productions (how scalars are folded and escaped)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from states.definition.positions import Entry, Positions, find
from states.definition.source import Source

ESCAPE = re.compile(r"\\(?:[uU][dD][89abAB]..\\u[dD][c-fC-F]..|x..|u....|U........|.)", re.DOTALL)
NEWLINE_ESCAPE = re.compile(r"\\[ \t]*\r?\n[ \t]*")
BLANKS = re.compile(r"[ \t\r\n\x85\u2028\u2029]*")
REST_IS_BLANK = re.compile(r"[ \t]*[\r\n\x85\u2028\u2029]")
WHITE = " \t\r\n\x85\u2028\u2029"


class Scalar(NamedTuple):
    """A scalar as it is written: from `start` to `end` in the file, in a style (`"`, `'`, `|`, `>` or empty), and what it stands for."""

    start: int
    end: int
    style: str
    value: str


def spread(text: str, scalar: Scalar) -> list[int]:
    """Where each character of a scalar is written, and where it ends: one offset more than it has characters.

    A run of blanks that was folded has the place of its beginning. Where the two cannot be brought together, the last place known.

    >>> spread('a: "x\\\\ny"', Scalar(3, 9, '"', "x\\ny"))
    [4, 5, 7, 8]
    """
    place, end, quote = scalar.start, scalar.end, scalar.style
    if quote in ("|", ">"):
        place = min(text.find("\n", place, end) + 1 or end, end)
    elif quote:
        place, end = place + 1, end - 1
    is_block = quote in ("|", ">")
    offsets: list[int] = []
    value, count = scalar.value, len(scalar.value)
    fresh = is_block  # at the beginning of a line of a block, where indentation is no part of the value
    while len(offsets) < count:
        character = value[len(offsets)]
        if fresh and character not in WHITE:
            place = BLANKS.match(text, place, end).end()  # type: ignore[union-attr]
        if quote == '"' and text.startswith("\\", place):
            broken = NEWLINE_ESCAPE.match(text, place, end)
            if broken:
                place = broken.end()
                continue
            offsets.append(place)
            place = ESCAPE.match(text, place).end()  # type: ignore[union-attr]
        elif character in WHITE and (
            fresh or text[place : place + 1] != character or character == "\n" or REST_IS_BLANK.match(text, place, end)
        ):
            while len(offsets) < count and value[len(offsets)] in WHITE:
                offsets.append(place)
            place = BLANKS.match(text, place, end).end()  # type: ignore[union-attr]
            fresh = False
            continue
        elif text[place : place + 1] == character and place < end:
            offsets.append(place)
            place += 2 if quote == "'" and character == "'" else 1
        else:
            skipped = BLANKS.match(text, place, end).end()  # type: ignore[union-attr]
            if skipped == place:  # not to be brought together
                offsets.extend([min(place, end)] * (count - len(offsets)))
                break
            place = skipped
        fresh = False
    offsets.append(min(place, end))
    return offsets


# --- a text that was pieced together -----------------------------------------------------------------------------------------------


class Piece(NamedTuple):
    """Some characters and where they come from: those of `origin` from `start` on, or all from the one place `at`."""

    string: str
    at: int
    origin: Callable[[], Sequence[int]] | None = None
    start: int = 0

    def offsets(self) -> Sequence[int]:
        if self.origin is None:
            return [self.at] * len(self.string)
        return self.origin()[self.start : self.start + len(self.string)]

    def cut(self, begin: int, end: int) -> Piece:
        return self._replace(string=self.string[begin:end], start=self.start + begin)


class Text:
    """A text made of pieces."""

    __slots__ = ("pieces", "string")

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = list(pieces)
        self.string = "".join(piece.string for piece in pieces)

    @classmethod
    def whole(cls, text: str) -> Text:
        """The text of a whole file."""
        return cls([Piece(text, 0, lambda: range(len(text)))])

    def offsets(self) -> list[int]:
        """Where each character comes from."""
        return [offset for piece in self.pieces for offset in piece.offsets()]

    def replaced(self, pattern: re.Pattern[str], by: Callable[[re.Match[str]], str | None]) -> Text:
        """With each match that `by` gives another text for replaced by it; a match does not reach from one piece into the next."""
        made: list[Piece] = []
        for piece in self.pieces:
            done = 0
            for match in pattern.finditer(piece.string):
                other = by(match)
                if other is not None:
                    made.append(piece.cut(done, match.start()))
                    at = piece.cut(match.start(), match.end())
                    made.append(At(other, at))
                    done = match.end()
            made.append(piece.cut(done, len(piece.string)))
        return Text([piece for piece in made if piece.string])


def At(string: str, piece: Piece) -> Piece:  # noqa: N802
    """A text that stands where a piece begins."""
    if piece.origin is None:
        return Piece(string, piece.at)
    origin, start = piece.origin, piece.start
    return Piece(string, piece.at, lambda: [origin()[start]] * len(string))


# --- positions ---------------------------------------------------------------------------------------------------------------------


class InTree(Positions):
    """The places of a definition that is a part of a file: the entries are known, `scalars` are by the offset of their value."""

    def __init__(self, text: str, root: Entry, scalars: Callable[[int], Scalar | None]) -> None:
        self._text = text
        self._root, self.repeated = root, []
        self._lines = lines(text)
        self._scalars = scalars

    def find_within(self, location: str, offset: int) -> tuple[int, int] | None:
        found = find(self._root, location)
        scalar = self._scalars(found.value) if found is not None else None
        if scalar is None:
            return None
        offsets = spread(self._text, scalar)
        return self.line_and_column(offsets[min(offset, len(offsets) - 1)])


class InText(Positions):
    """The places of a definition that is a JSON text inside a file."""

    def __init__(self, inner: Text, text: str) -> None:
        super().__init__(inner.string)
        self._offsets = inner.offsets()
        self._lines = lines(text)

    def line_and_column(self, offset: int) -> tuple[int, int]:
        return super().line_and_column(self._offsets[min(offset, len(self._offsets) - 1)])


class Mapped(Source):
    """The source of a definition that is not the whole of its file: `text` is the file's."""

    __slots__ = ("_make",)

    def __init__(self, text: str, name: str, make: Callable[[], Positions]) -> None:
        super().__init__(text, name)
        self._make = make

    def positions(self) -> Positions:
        if self._positions is None:
            self._positions = self._make()
        return self._positions


def lines(text: str) -> list[int]:
    """The offsets at which lines begin."""
    return [0, *(match.end() for match in re.finditer("\n", text))]
