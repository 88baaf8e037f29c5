"""Integers by a picture: `$formatInteger`, `$parseInteger`, and the numbers within dates.

A picture is `1`, `001`, `#,##0` (digits), `a` or `A` (letters), `i` or `I` (Roman), `w`, `W` or `Ww` (words); `;o` behind it makes an
ordinal.

Source: https://www.w3.org/TR/xpath-functions-31/#formatting-integers, https://docs.jsonata.org/numeric-functions#formatinteger
"""

# ruff: noqa: ARG001 - every function of the table is given the run, whether it needs it or not

from __future__ import annotations

import re
from functools import lru_cache
from math import floor, isfinite, nan
from typing import Any, Final, NamedTuple

from states.language.jsonata.data import UNDEFINED
from states.language.jsonata.errors import JsonataError
from states.language.jsonata.limits import Run
from states.language.jsonata.number_pictures import regular_interval
from states.language.jsonata.numbers import shortest_or_name

DECIMAL, LETTERS, ROMAN, WORDS, SEQUENCE = "decimal", "letters", "roman", "words", "sequence"
LOWER, UPPER, TITLE = "lower", "upper", "title"


def _list(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_FEW: Final = _list(
    "Zero One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve Thirteen Fourteen Fifteen Sixteen Seventeen Eighteen Nineteen"
)
_ORDINALS: Final = _list(
    "Zeroth First Second Third Fourth Fifth Sixth Seventh Eighth Ninth Tenth Eleventh Twelfth Thirteenth Fourteenth Fifteenth Sixteenth "
    "Seventeenth Eighteenth Nineteenth"
)
_TENS: Final = _list("Twenty Thirty Forty Fifty Sixty Seventy Eighty Ninety")
_POWERS: Final = _list("Thousand Million Billion Trillion")
_NUMERALS: Final = _list("m cm d cd c xc l xl x ix v iv i")
_ROMAN: Final = tuple(zip((1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1), _NUMERALS, strict=True))
_ROMAN_DIGITS: Final = {"M": 1000, "D": 500, "C": 100, "L": 50, "X": 10, "V": 5, "I": 1}
_ZEROS: Final = tuple(
    map(
        ord,
        "0\u0660\u06f0\u07c0\u0966\u09e6\u0a66\u0ae6\u0b66\u0be6\u0c66\u0ce6\u0d66\u0de6\u0e50\u0ed0\u0f20\u1040\u1090\u17e0\u1810"
        "\u1946\u19d0\u1a80\u1a90\u1b50\u1bb0\u1c40\u1c50\ua620\ua8d0\ua900\ua9d0\ua9f0\uaa50\uabf0\uff10",
    )
)


class Format(NamedTuple):
    """A picture, understood. `separators` are (digits to the right, character); `regular` their distance, 0 when irregular."""

    primary: str
    case: str = LOWER
    ordinal: bool = False
    zero: int = 0x30
    mandatory: int = 0
    optional: int = 0
    regular: int = 0
    separators: tuple[tuple[int, str], ...] = ()
    token: str = ""


_NAMED: Final = {
    "A": Format(LETTERS, UPPER),
    "a": Format(LETTERS),
    "I": Format(ROMAN, UPPER),
    "i": Format(ROMAN),
    "W": Format(WORDS, UPPER),
    "Ww": Format(WORDS, TITLE),
    "w": Format(WORDS),
}


@lru_cache(maxsize=256)
def analyse(picture: str) -> Format:
    """Raises D3131 for digits of several scripts."""
    primary, semicolon, modifier = picture.rpartition(";")
    if not semicolon:
        primary, modifier = picture, ""
    ordinal = modifier.startswith("o")
    if primary in _NAMED:
        return _NAMED[primary]._replace(ordinal=ordinal)
    zero: int | None = None
    mandatory = optional = position = 0
    separators: list[tuple[int, str]] = []
    for char in reversed(primary):
        group = next((start for start in _ZEROS if start <= ord(char) <= start + 9), None)
        if group is not None:
            if zero is not None and group != zero:
                raise JsonataError("D3131")
            zero = group
            mandatory += 1
            position += 1
        elif char == "#":
            optional += 1
            position += 1
        else:
            separators.append((position, char))
    if zero is None:
        return Format(SEQUENCE, ordinal=ordinal, token=primary)
    same = len({char for _, char in separators}) == 1
    regular = regular_interval(tuple(place for place, _ in separators)) if same else 0
    return Format(DECIMAL, LOWER, ordinal, zero, mandatory, optional, regular, tuple(separators))


def format_integer(run: Run, value: Any, picture: Any) -> Any:
    if value is UNDEFINED:
        return UNDEFINED
    if picture is UNDEFINED:
        raise JsonataError("T0410", index=2)
    if not isfinite(value):
        return shortest_or_name(value)
    form = analyse(picture)
    run.length(abs(value) / 1000 if form.primary == ROMAN else 0)
    return formatted(floor(value), form)


def formatted(value: int, form: Format) -> str:
    """The text of an integer. Raises D3130 for a numbering this engine does not know."""
    sign, value = "-" if value < 0 else "", abs(value)
    if form.primary == LETTERS:
        return sign + _letters(value, "A" if form.case == UPPER else "a")
    if form.primary == ROMAN:
        return sign + _cased(_roman(value), UPPER if form.case == UPPER else TITLE)
    if form.primary == WORDS:
        return sign + _cased(_words(value, form.ordinal), form.case)
    if form.primary == SEQUENCE:
        raise JsonataError("D3130", value=form.token)
    text = str(value).rjust(form.mandatory, "0")
    if form.zero != 0x30:
        text = "".join(chr(ord(char) + form.zero - 0x30) for char in text)
    text = _separated(text, form)
    return sign + (text + _suffix(text) if form.ordinal else text)


def _cased(text: str, case: str) -> str:
    return text.upper() if case == UPPER else text.lower() if case == LOWER else text


def _separated(text: str, form: Format) -> str:
    if form.regular:
        char = form.separators[0][1]
        for number in range((len(text) - 1) // form.regular, 0, -1):
            at = len(text) - number * form.regular
            text = text[:at] + char + text[at:]
        return text
    for position, char in reversed(form.separators):
        at = len(text) - position
        if at > 0:
            text = text[:at] + char + text[at:]
    return text


def _suffix(text: str) -> str:
    if text[-2:-1] == "1":
        return "th"
    return {"1": "st", "2": "nd", "3": "rd"}.get(text[-1], "th")


def _letters(value: int, first: str) -> str:
    letters = ""
    while value > 0:
        value, place = divmod(value - 1, 26)
        letters = chr(ord(first) + place) + letters
    return letters


def _roman(value: int) -> str:
    text = ""
    for size, numeral in _ROMAN:
        count, value = divmod(value, size)
        text += numeral * count
    return text


def _words(number: int, ordinal: bool, before: str = "") -> str:
    """English words; `before` is what joins them to words that stand before."""
    joint = {"": "", "and": " and ", "comma": " and " if number < 100 else ", "}[before]
    if number <= 19:
        return joint + (_ORDINALS if ordinal else _FEW)[number]
    if number < 100:
        tens, rest = _TENS[number // 10 - 2], number % 10
        if rest:
            return f"{joint}{tens}-{_words(rest, ordinal)}"
        return joint + (tens[:-1] + "ieth" if ordinal else tens)
    if number < 1000:
        size, name = 100, "Hundred"
    else:
        power = min((len(str(number)) - 1) // 3, len(_POWERS))
        size, name = 10 ** (3 * power), _POWERS[power - 1]
    rest = number % size
    joint = ", " if before else ""
    text = f"{joint}{_words(number // size, False)} {name}"
    if rest:
        return text + _words(rest, ordinal, "comma")
    return text + "th" if ordinal else text


# Reading


def parse_integer(run: Run, text: Any, picture: Any) -> Any:
    if text is UNDEFINED:
        return UNDEFINED
    if picture is UNDEFINED:
        raise JsonataError("T0410", index=2)
    return parse(text, analyse(picture))


def parse(text: str, form: Format) -> float:
    """The integer of a text, NaN where there is none. Raises D3130."""
    if form.primary == LETTERS:
        first = ord("A" if form.case == UPPER else "a")
        total: int = sum((ord(char) - first + 1) * 26**place for place, char in enumerate(reversed(text[-4000:])))
        return total
    if form.primary == ROMAN:
        return _from_roman(text if form.case == UPPER else text.upper())
    if form.primary == WORDS:
        return _from_words(text.lower())
    if form.primary == SEQUENCE:
        raise JsonataError("D3130", value=form.token)
    digits = text[:-2] if form.ordinal else text
    for char in [","] if form.regular else [char for _, char in form.separators]:
        digits = digits.replace(char, "")
    if form.zero != 0x30:
        digits = "".join(chr(max(0, ord(char) - form.zero + 0x30)) for char in digits)
    return leading_integer(digits)


_INTEGER: Final = re.compile(r"\s*([-+]?[0-9]{1,4000})", re.ASCII)


def leading_integer(text: str) -> float:
    """The integer a text begins with, NaN where it begins with none."""
    found = _INTEGER.match(text)
    return int(found[1]) if found else nan


def _from_roman(text: str) -> float:
    total = largest = 0
    for char in reversed(text):
        value = _ROMAN_DIGITS.get(char)
        if value is None:
            return nan
        if value < largest:
            total -= value
        else:
            largest = value
            total += value
    return total


def _word_values() -> dict[str, int]:
    found = {word.lower(): value for words in (_FEW, _ORDINALS) for value, word in enumerate(words)}
    for place, word in enumerate([*_TENS, "Hundred"]):
        found[word.lower()] = found[word.lower()[:-1] + "ieth"] = (place + 2) * 10
    found["hundredth"] = 100
    for place, word in enumerate(_POWERS):
        found[word.lower()] = found[word.lower() + "th"] = 1000 ** (place + 1)
    return found


WORD_VALUES: Final = _word_values()
_BETWEEN_WORDS: Final = re.compile(r",\s|\sand\s|[\s\\-]")


def _from_words(text: str) -> float:
    segments: list[float] = [0]
    for word in _BETWEEN_WORDS.split(text):
        value = WORD_VALUES.get(word)
        if value is None:
            return nan
        if value < 100:
            top = segments.pop()
            if top >= 1000:
                segments.append(top)
                top = 0
            segments.append(top + value)
        else:
            segments.append(segments.pop() * value)
    return sum(segments)
