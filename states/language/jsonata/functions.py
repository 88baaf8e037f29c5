"""The table of functions: name, signature, how many arguments a higher-order function hands it, and what does the work.

Functions with pictures (numbers, integers, dates) live in modules that are imported when the first of them is called. `$eval` is not
there, as on AWS, nor anything else that is not in the table: calling it is T1006.

Source: https://docs.jsonata.org (2.0.6), https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from states.language.jsonata import collections, dialect, numbers, sorting, strings
from states.language.jsonata.frames import Native
from states.language.jsonata.limits import Run
from states.language.jsonata.signatures import compile_signature


def _format_number(run: Run, *arguments: Any) -> Any:
    from states.language.jsonata import number_pictures

    return number_pictures.format_number(run, *arguments)


def _format_integer(run: Run, *arguments: Any) -> Any:
    from states.language.jsonata import integer_pictures

    return integer_pictures.format_integer(run, *arguments)


def _parse_integer(run: Run, *arguments: Any) -> Any:
    from states.language.jsonata import integer_pictures

    return integer_pictures.parse_integer(run, *arguments)


def _from_millis(run: Run, *arguments: Any) -> Any:
    from states.language.jsonata import moments

    return moments.from_millis(run, *arguments)


def _to_millis(run: Run, *arguments: Any) -> Any:
    from states.language.jsonata import moments

    return moments.to_millis(run, *arguments)


_TABLE: Final[list[tuple[str, str, int, Callable[..., Any]]]] = [
    ("sum", "<a<n>:n>", 1, numbers.total),
    ("count", "<a:n>", 1, collections.count),
    ("max", "<a<n>:n>", 1, numbers.maximum),
    ("min", "<a<n>:n>", 1, numbers.minimum),
    ("average", "<a<n>:n>", 1, numbers.average),
    ("string", "<x-b?:s>", 1, strings.string),
    ("substring", "<s-nn?:s>", 3, strings.substring),
    ("substringBefore", "<s-s:s>", 2, strings.substring_before),
    ("substringAfter", "<s-s:s>", 2, strings.substring_after),
    ("lowercase", "<s-:s>", 1, strings.lowercase),
    ("uppercase", "<s-:s>", 1, strings.uppercase),
    ("length", "<s-:n>", 1, strings.length),
    ("trim", "<s-:s>", 1, strings.trim),
    ("pad", "<s-ns?:s>", 3, strings.pad),
    ("match", "<s-f<s:o>n?:a<o>>", 3, strings.match),
    ("contains", "<s-(sf):b>", 2, strings.contains),
    ("replace", "<s-(sf)(sf)n?:s>", 4, strings.replace),
    ("split", "<s-(sf)n?:a<s>>", 3, strings.split),
    ("join", "<a<s>s?:s>", 2, strings.join),
    ("base64encode", "<s-:s>", 1, strings.base64_encode),
    ("base64decode", "<s-:s>", 1, strings.base64_decode),
    ("encodeUrlComponent", "<s-:s>", 1, strings.encode_url_component),
    ("encodeUrl", "<s-:s>", 1, strings.encode_url),
    ("decodeUrlComponent", "<s-:s>", 1, strings.decode_url_component),
    ("decodeUrl", "<s-:s>", 1, strings.decode_url),
    ("formatNumber", "<n-so?:s>", 3, _format_number),
    ("formatBase", "<n-n?:s>", 2, numbers.format_base),
    ("formatInteger", "<n-s:s>", 2, _format_integer),
    ("parseInteger", "<s-s:n>", 2, _parse_integer),
    ("number", "<(nsb)-:n>", 1, numbers.number),
    ("floor", "<n-:n>", 1, numbers.floor),
    ("ceil", "<n-:n>", 1, numbers.ceil),
    ("round", "<n-n?:n>", 2, numbers.round_),
    ("abs", "<n-:n>", 1, numbers.absolute),
    ("sqrt", "<n-:n>", 1, numbers.square_root),
    ("power", "<n-n:n>", 2, numbers.power),
    ("boolean", "<x-:b>", 1, collections.boolean),
    ("not", "<x-:b>", 1, collections.not_),
    ("exists", "<x:b>", 1, collections.exists),
    ("type", "<x:s>", 1, collections.type_of),
    ("map", "<af>", 2, collections.map_),
    ("filter", "<af>", 2, collections.filter_),
    ("single", "<af?>", 2, collections.single),
    ("reduce", "<afj?:j>", 3, collections.reduce),
    ("sift", "<o-f?:o>", 2, collections.sift),
    ("each", "<o-f:a>", 2, collections.each),
    ("zip", "<a+>", 0, collections.zip_),
    ("keys", "<x-:a<s>>", 1, collections.keys),
    ("lookup", "<x-s:x>", 2, collections.lookup),
    ("append", "<xx:a>", 2, collections.append),
    ("spread", "<x-:a<o>>", 1, collections.spread),
    ("merge", "<a<o>:o>", 1, collections.merge),
    ("reverse", "<a:a>", 1, collections.reverse),
    ("sort", "<af?:a>", 2, sorting.sort_array),
    ("shuffle", "<a:a>", 1, collections.shuffle),
    ("distinct", "<x:x>", 1, collections.distinct),
    ("clone", "<(oa)-:o>", 1, collections.clone),
    ("error", "<s?:x>", 1, collections.error),
    ("assert", "<bs?:x>", 2, collections.assert_),
    ("now", "<s?s?:s>", 2, dialect.now),
    ("millis", "<:n>", 0, dialect.millis),
    ("toMillis", "<s-s?:n>", 2, _to_millis),
    ("fromMillis", "<n-s?s?:s>", 3, _from_millis),
    ("partition", "<xn?:a>", 2, dialect.partition),
    ("range", "<n?n?n?:a>", 3, dialect.range_),
    ("hash", "<s?s?:s>", 2, dialect.hash_),
    ("random", "<n?:n>", 1, dialect.random),
    ("uuid", "<:s>", 0, dialect.uuid),
    ("parse", "<s?:x>", 1, dialect.parse),
]

#: Every function there is, by its name without the dollar sign.
BUILTINS: Final[dict[str, Native]] = {
    name: Native(name, work, compile_signature(signature), arity) for name, signature, arity, work in _TABLE
}
