"""Order: the `^(...)` of a path, and `$sort` with or without a comparing function. Both are stable.

Source: https://docs.jsonata.org/sorting-grouping, https://docs.jsonata.org/array-functions#sort
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cmp_to_key
from typing import Any, Final

from states.language.jsonata.data import NUMBERS, UNDEFINED, Function, Tuples, truth
from states.language.jsonata.errors import JsonataError
from states.language.jsonata.frames import Evaluate, Frame
from states.language.jsonata.groups import row_frame
from states.language.jsonata.limits import Run
from states.language.values import string_order

Sort = Callable[[list[Any], Frame], list[Any]]

_PENDING: Final = object()


def compile_sort(terms: list[tuple[Evaluate, bool]], position: int) -> Sort:
    """What orders items by the values of terms, each ascending or descending; items without a value come last."""

    def sort(items: list[Any], frame: Frame) -> list[Any]:
        if len(items) <= 1:
            return items
        run = frame.run
        run.items(len(items))
        rows = isinstance(items, Tuples)

        def term_of(item: Any, place: int) -> Any:
            return terms[place][0](item["@"], row_frame(item, frame)) if rows else terms[place][0](item, frame)

        firsts = [term_of(item, 0) for item in items]
        if len(terms) == 1 and _is_uniform(firsts):
            order = sorted(range(len(items)), key=firsts.__getitem__, reverse=terms[0][1])
            return [items[place] for place in order]
        keys = [[first, *[_PENDING] * (len(terms) - 1)] for first in firsts]

        def compare(a: int, b: int) -> int:
            run.spend(8)
            for place, (_, descending) in enumerate(terms):
                for at in (a, b):
                    if keys[at][place] is _PENDING:
                        keys[at][place] = term_of(items[at], place)
                result = -_compare(keys[b][place], keys[a][place], descending, position)  # Python asks about (later, earlier)
                if result:
                    return result
            return 0

        return [items[place] for place in sorted(range(len(items)), key=cmp_to_key(compare))]

    return sort


def _is_uniform(keys: list[Any]) -> bool:
    """Whether Python's own order is the right one: numbers only, or ASCII strings only."""
    kinds = set(map(type, keys))
    if kinds <= NUMBERS:
        return all(key == key for key in keys)
    return kinds == {str} and all(map(str.isascii, keys))


def _compare(a: Any, b: Any, descending: bool, position: int) -> int:
    if a is UNDEFINED or b is UNDEFINED:
        return (a is UNDEFINED) - (b is UNDEFINED)
    for value in (a, b):
        if type(value) is not str and type(value) not in NUMBERS:
            raise JsonataError("T2008", position, value=value)
    if (type(a) is str) is not (type(b) is str):
        raise JsonataError("T2007", position, value=a, value2=b)
    result = string_order(a, b) if type(a) is str else (a > b) - (a < b)
    return -result if descending else result


def sort_array(run: Run, array: Any, comparator: Any) -> Any:
    """`$sort`: by the natural order of numbers or strings, or by a function that says whether two values are to be swapped."""
    if array is UNDEFINED or len(array) <= 1:
        return array
    run.items(len(array))
    if comparator is UNDEFINED:
        kinds = set(map(type, array))
        if not (kinds <= NUMBERS or kinds == {str}):
            raise JsonataError("D3070", index=1)
        run.spend(len(array))
        if kinds == {str} and not all(map(str.isascii, array)):
            return sorted(array, key=cmp_to_key(string_order))
        return sorted(array)
    return _merge_sorted(array, lambda a, b: truth_of_swap(run, comparator, a, b))


def truth_of_swap(run: Run, comparator: Function, a: Any, b: Any) -> bool:
    """Whether the function wants the two values swapped."""
    run.spend(4)
    return truth(comparator.call(run, None, [a, b]))


def _merge_sorted(array: list[Any], swaps: Callable[[Any, Any], bool]) -> list[Any]:
    """Merge sort that asks only whether the right one of two values comes first, so that any function gives the documented order."""
    if len(array) <= 1:
        return array
    middle = len(array) // 2
    left, right = _merge_sorted(array[:middle], swaps), _merge_sorted(array[middle:], swaps)
    merged: list[Any] = []
    i = j = 0
    while i < len(left) and j < len(right):
        if swaps(left[i], right[j]):
            merged.append(right[j])
            j += 1
        else:
            merged.append(left[i])
            i += 1
    return [*merged, *left[i:], *right[j:]]
