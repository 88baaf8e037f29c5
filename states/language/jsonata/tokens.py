"""Text -> tokens, one at a time, because a `/` is a division after an operand and begins a regular expression elsewhere.

Source: https://docs.jsonata.org/overview
"""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from states.language.jsonata.errors import JsonataError

BLANKS: Final = " \t\n\r\v"
DOUBLE: Final = frozenset({"..", ":=", "!=", ">=", "<=", "**", "~>"})
SINGLE: Final = frozenset(".[]{}(),@#;:?+-*/%|=<>^&!~")
WORDS: Final[dict[str, Any]] = {"true": True, "false": False, "null": None}
ESCAPES: Final = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[Ee][-+]?[0-9]+)?")
_NAME = re.compile(r"[^ \t\n\r\v.\[\]{}(),@#;:?+\-*/%|=<>^&!~]*")
_HEX = re.compile(r"[0-9a-fA-F]{4}")


class Token(NamedTuple):
    """`kind` is operator, string, number, value (true, false, null), name, variable, regex or end."""

    kind: str
    value: Any
    position: int


class Tokens:
    """The tokens of a text, read on demand."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def next(self, after_operand: bool) -> Token:
        """The next token; `after_operand` says that a `/` here divides. Raises JsonataError."""
        text = self.text
        self._skip()
        start = self.at
        if start >= len(text):
            return Token("end", "(end)", len(text))
        char = text[start]
        if char == "/" and not after_operand:
            return Token("regex", self._regex(), start)
        pair = text[start : start + 2]
        if pair in DOUBLE:
            self.at += 2
            return Token("operator", pair, start)
        if char in SINGLE:
            self.at += 1
            return Token("operator", char, start)
        if char == '"' or char == "'":
            return Token("string", self._string(char), start)
        number = _NUMBER.match(text, start)
        if number:
            return Token("number", self._number(number.group()), start)
        if char == "`":
            end = text.find("`", start + 1)
            if end < 0:
                raise JsonataError("S0105", len(text))
            self.at = end + 1
            return Token("name", text[start + 1 : end], start)
        return self._word(start)

    def _skip(self) -> None:
        """Past blanks and comments."""
        text, at = self.text, self.at
        while at < len(text):
            if text[at] in BLANKS:
                at += 1
            elif text.startswith("/*", at):
                end = text.find("*/", at + 2)
                if end < 0:
                    raise JsonataError("S0106", at)
                at = end + 2
            else:
                break
        self.at = at

    def _word(self, start: int) -> Token:
        match = _NAME.match(self.text, start)
        word = match.group() if match else ""
        self.at = start + len(word)
        if word.startswith("$"):
            return Token("variable", word[1:], start)
        if word in WORDS:
            return Token("value", WORDS[word], start)
        if word in ("and", "or", "in"):
            return Token("operator", word, start)
        return Token("name", word, start)

    def _number(self, text: str) -> float:
        value = float(text)
        if value in (float("inf"), float("-inf")):
            raise JsonataError("S0102", self.at, token=text)
        self.at += len(text)
        return int(value) if value == int(value) and abs(value) < 2**63 else value

    def _string(self, quote: str) -> str:
        text, at = self.text, self.at + 1
        parts: list[str] = []
        while at < len(text):
            char = text[at]
            if char == quote:
                self.at = at + 1
                joined = "".join(parts)
                return joined if joined.isascii() else paired(joined)
            if char == "\\":
                at += 1
                char = text[at : at + 1]
                if char in ESCAPES:
                    parts.append(ESCAPES[char])
                elif char == "u":
                    if not _HEX.match(text, at + 1):
                        raise JsonataError("S0104", at)
                    parts.append(chr(int(text[at + 1 : at + 5], 16)))
                    at += 4
                else:
                    raise JsonataError("S0103", at, token=char)
            else:
                parts.append(char)
            at += 1
        raise JsonataError("S0101", self.at)

    def _regex(self) -> tuple[str, str]:
        """(pattern, flags): up to the next `/` that is neither escaped nor within brackets."""
        text, at = self.text, self.at + 1
        start, depth = at, 0
        while at < len(text):
            char = text[at]
            if char == "/" and depth == 0 and (at - len(text[start:at].rstrip("\\")) - start) % 2 == 0:
                if at == start:
                    raise JsonataError("S0301", at)
                pattern = text[start:at]
                end = at + 1
                while text[end : end + 1] in ("i", "m"):
                    end += 1
                self.at = end
                return pattern, text[at + 1 : end]
            if text[at - 1] != "\\":
                if char in "([{":
                    depth += 1
                elif char in ")]}":
                    depth -= 1
            at += 1
        raise JsonataError("S0302", self.at)


def paired(text: str) -> str:
    """Surrogate pairs that were written as two escapes become one character."""
    if not any("\ud800" <= char <= "\udfff" for char in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
