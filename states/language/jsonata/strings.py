"""String functions. A character is a code point; positions that a regular expression gives count as JavaScript does.

Source: https://docs.jsonata.org/string-functions
"""

# ruff: noqa: ARG001 - every function of the table is given the run, whether it needs it or not

from __future__ import annotations

import re
from collections.abc import Iterator
from math import floor, isfinite
from typing import Any, Final

from states.language.jsonata import errors
from states.language.jsonata.data import UNDEFINED, Function, Sequence, text_of
from states.language.jsonata.errors import JsonataError
from states.language.jsonata.limits import Run
from states.language.jsonata.regexes import Found, Regex, match_object


def string(run: Run, value: Any, prettify: Any) -> Any:
    if value is UNDEFINED:
        return UNDEFINED
    return run.text(text_of(value, run, 2 if prettify is True else 0))


def length(run: Run, text: Any) -> Any:
    return UNDEFINED if text is UNDEFINED else len(text)


def substring(run: Run, text: Any, start: Any, count: Any) -> Any:
    if text is UNDEFINED:
        return UNDEFINED
    if start is UNDEFINED:
        start = 0
    if len(text) + start < 0:
        start = 0
    if count is UNDEFINED:
        return text[_cut(start) :]
    if count <= 0:
        return ""
    end = start + count if start >= 0 else len(text) + start + count
    return text[_cut(start) : _cut(end)]


def _cut(place: float) -> int:
    """A position as an index of a slice: towards zero, and no further than any string goes."""
    return int(max(-(2**40), min(2**40, place))) if place == place else 0


def substring_before(run: Run, text: Any, chars: Any) -> Any:
    if text is UNDEFINED:
        return UNDEFINED
    before, found, _ = _around(text, chars)
    return before if found else text


def substring_after(run: Run, text: Any, chars: Any) -> Any:
    if text is UNDEFINED:
        return UNDEFINED
    _, found, after = _around(text, chars)
    return after if found else text


def _around(text: str, chars: Any) -> tuple[str, bool, str]:
    if chars is UNDEFINED:
        chars = "undefined"
    place = text.find(chars)
    return text[: max(place, 0)], place >= 0, text[place + len(chars) :]


def lowercase(run: Run, text: Any) -> Any:
    return UNDEFINED if text is UNDEFINED else run.text(text.lower())


def uppercase(run: Run, text: Any) -> Any:
    return UNDEFINED if text is UNDEFINED else run.text(text.upper())


_BLANKS: Final = re.compile(r"[ \t\n\r]+")


def trim(run: Run, text: Any) -> Any:
    """Blanks at both ends taken off, those between become one each."""
    return UNDEFINED if text is UNDEFINED else _BLANKS.sub(" ", text).removeprefix(" ").removesuffix(" ")


def pad(run: Run, text: Any, width: Any, char: Any) -> Any:
    if text is UNDEFINED:
        return UNDEFINED
    if char is UNDEFINED or char == "":
        char = " "
    missing = abs(width) - len(text) if width is not UNDEFINED else 0
    if missing <= 0:
        return text
    run.length(missing)
    missing = floor(missing)
    padding = (char * (missing // len(char) + 1))[:missing]
    return run.text(text + padding if width > 0 else padding + text)


def join(run: Run, texts: Any, separator: Any) -> Any:
    if texts is UNDEFINED:
        return UNDEFINED
    if separator is UNDEFINED:
        separator = ""
    run.length(sum(map(len, texts)) + len(separator) * len(texts))
    run.spend(len(texts))
    return run.text(separator.join(texts))


# Matching


def matches(run: Run, matcher: Function, text: str) -> Iterator[Any]:
    """What a regular expression, or a function in its place, finds in a text, one after the other: Found or an object."""
    if isinstance(matcher, Regex):
        yield from matcher.find_all(text, run)
        return
    arguments: list[Any] = [text]
    while True:
        found = matcher.call(run, None, arguments)
        if found is UNDEFINED:
            return
        if found is None or not _is_match(found):
            raise JsonataError("T1010")
        yield found
        following, arguments = found.get("next", UNDEFINED), []
        if not isinstance(following, Function):
            return
        matcher = following


def _is_match(found: Any) -> bool:
    if not isinstance(found, dict):
        return False
    return (
        type(found.get("start")) in (int, float)
        or type(found.get("end")) in (int, float)
        or isinstance(found.get("groups"), list)
        or isinstance(found.get("next"), Function)
    )


def _parts(found: Any) -> tuple[str, int, int, list[Any]]:
    """(text of the match, start, end, groups) of what `matches` gave."""
    if isinstance(found, Found):
        return found.text, found.start, found.end, found.groups
    groups = found.get("groups", [])
    return str(found.get("match", "")), int(found.get("start", 0)), int(found.get("end", 0)), groups if isinstance(groups, list) else []


def contains(run: Run, text: Any, token: Any) -> Any:
    if text is UNDEFINED:
        return UNDEFINED
    if token is UNDEFINED:
        raise JsonataError("T0410", index=2)
    if isinstance(token, str):
        return token in text
    return next(matches(run, token, text), None) is not None


def match(run: Run, text: Any, pattern: Any, limit: Any) -> Any:
    if text is UNDEFINED:
        return UNDEFINED
    if limit is not UNDEFINED and limit < 0:
        raise JsonataError("D3040", value=limit, index=3)
    result = Sequence()
    if limit == 0:
        return result
    for found in matches(run, _matcher(pattern, 2), text):
        if isinstance(found, Found):
            result.append(found.as_result())
        else:
            shown, start, _, groups = _parts(found)
            result.append({"match": shown, "index": start, "groups": groups})
        run.items(len(result))
        if limit is not UNDEFINED and len(result) >= limit:
            break
    return result


def _matcher(pattern: Any, index: int) -> Function:
    if not isinstance(pattern, Function):
        raise JsonataError("T0410", index=index)
    return pattern


def split(run: Run, text: Any, separator: Any, limit: Any) -> Any:
    if text is UNDEFINED:
        return UNDEFINED
    if limit is not UNDEFINED and limit < 0:
        raise JsonataError("D3020", value=limit, index=3)
    if limit == 0:
        return []
    if separator is UNDEFINED:
        return [text]
    if isinstance(separator, str):
        parts = text.split(separator) if separator else list(text)
        run.items(len(parts))
        return parts if limit is UNDEFINED or not isfinite(limit) else parts[: floor(limit)]
    result: list[Any] = []
    position = 0
    for found in matches(run, separator, text):
        _, start, end, _ = _parts(found)
        result.append(text[position:start])
        position = end
        run.items(len(result))
        if limit is not UNDEFINED and len(result) >= limit:
            return result
    result.append(text[position:])
    return result


def replace(run: Run, text: Any, pattern: Any, replacement: Any, limit: Any) -> Any:
    if text is UNDEFINED:
        return UNDEFINED
    if pattern == "":
        raise JsonataError("D3010", value=pattern, index=2)
    if limit is not UNDEFINED and limit < 0:
        raise JsonataError("D3011", value=limit, index=4)
    if limit == 0:
        return text
    for index, argument in ((2, pattern), (3, replacement)):
        if argument is UNDEFINED:
            raise JsonataError("T0410", index=index)
    if isinstance(pattern, str):
        count = text.count(pattern)
        if count and not isinstance(replacement, str):
            raise JsonataError("D3012", value=replacement)
        if limit is not UNDEFINED:
            count = min(count, -(-limit // 1))
        if not count:
            return text
        run.length(len(text) + count * (len(replacement) - len(pattern)))
        return run.text(text.replace(pattern, replacement, int(count)))
    return _replace_matches(run, text, pattern, replacement, limit)


def _replace_matches(run: Run, text: str, pattern: Function, replacement: Any, limit: Any) -> str:
    result: list[str] = []
    position = size = 0
    for number, found in enumerate(matches(run, pattern, text), 1):
        shown, start, _, groups = _parts(found)
        if isinstance(replacement, str):
            new: Any = _substituted(replacement, shown, groups)
        else:
            new = replacement.call(run, None, [match_object(found) if isinstance(found, Found) else found])
            if not isinstance(new, str):
                raise JsonataError("D3012", value=new)
        result += [text[position:start], new]
        size += start - position + len(new)
        if size > run.bytes:
            raise errors.bound(errors.TOO_LARGE)
        run.spend(4)
        position = start + len(shown)
        if limit is not UNDEFINED and number >= limit:
            break
    return run.text("".join(result) + text[position:])


def _substituted(template: str, shown: str, groups: list[Any]) -> str:
    """The replacement text: `$$` is a dollar, `$0` the match, `$n` a group (as many digits as there are groups with)."""
    result: list[str] = []
    position = 0
    while (dollar := template.find("$", position)) >= 0:
        result.append(template[position:dollar])
        position = dollar + 1
        char = template[position : position + 1]
        if char == "$":
            result.append("$")
            position += 1
        elif char == "0":
            result.append(shown)
            position += 1
        else:
            digits = _group_digits(template[position:], len(groups))
            if not digits:
                result.append("$")
                continue
            if 0 < int(digits) <= len(groups) and isinstance(groups[int(digits) - 1], str):
                result.append(groups[int(digits) - 1])
            position += len(str(int(digits)))
    return "".join([*result, template[position:]])


def _group_digits(rest: str, groups: int) -> str:
    most = len(str(groups)) if groups else 1
    found = re.match(r"[0-9]*", rest[:most])
    digits = found.group() if found else ""
    if most > 1 and digits and int(digits) > groups:
        digits = digits[: most - 1]
    return digits


# Encodings


def base64_encode(run: Run, text: Any) -> Any:
    if text is UNDEFINED:
        return UNDEFINED
    from base64 import b64encode

    return run.text(b64encode(text.encode("utf-8", "surrogatepass")).decode("ascii"))


def base64_decode(run: Run, text: Any) -> Any:
    if text is UNDEFINED:
        return UNDEFINED
    from base64 import b64decode
    from binascii import Error

    try:
        return b64decode(text + "=" * (-len(text) % 4), validate=True).decode("utf-8", "replace")
    except (Error, ValueError):
        raise errors.internal(f"{errors.render(text)} is no base64") from None


_COMPONENT: Final = "-_.!~*'()"
_URL: Final = _COMPONENT + ";/?:@&=+$,#"


def _encoded(text: Any, safe: str, name: str) -> Any:
    if text is UNDEFINED:
        return UNDEFINED
    from urllib.parse import quote

    try:
        return quote(text, safe=safe)
    except UnicodeEncodeError:
        raise JsonataError("D3140", value=text, name=name) from None


_ESCAPED: Final = re.compile(r"(?:%[0-9a-fA-F]{2})+")


def _decoded(text: Any, reserved: str, name: str) -> Any:
    if text is UNDEFINED:
        return UNDEFINED

    def decode(found: re.Match[str]) -> str:
        chars = bytes.fromhex(found.group().replace("%", "")).decode("utf-8")
        return "".join(f"%{ord(char):02X}" if char in reserved else char for char in chars)

    try:
        if "%" in _ESCAPED.sub("", text):
            raise ValueError
        return _ESCAPED.sub(decode, text)
    except ValueError:
        raise JsonataError("D3140", value=text, name=name) from None


def encode_url_component(run: Run, text: Any) -> Any:
    return _encoded(text, _COMPONENT, "encodeUrlComponent")


def encode_url(run: Run, text: Any) -> Any:
    return _encoded(text, _URL, "encodeUrl")


def decode_url_component(run: Run, text: Any) -> Any:
    return _decoded(text, "", "decodeUrlComponent")


def decode_url(run: Run, text: Any) -> Any:
    return _decoded(text, ";/?:@&=+$,#", "decodeUrl")
