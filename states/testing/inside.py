"""Inside: the data in one attempt of a state, step by step, as lines for a failing test.

A step that changes nothing is left out, and of a value that a part was put into only that part is shown.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html for the order of the steps
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from states.views import words
from states.views.events import text_of
from states.views.visits import Visit

Json = Any

MOST_DATA_LINES = 8  #: of one value
LONGEST_ERROR = 400  #: characters

#: The data of a state in the order it is made: its name in an inspection, and what made it.
STEPS = (
    ("input", "input"),
    ("afterInputPath", "InputPath"),
    ("afterParameters", "Parameters"),
    ("afterArguments", "Arguments"),
    ("afterItemsPath", "items"),
    ("afterItemSelector", "ItemSelector"),
    ("afterItemBatcher", "ItemBatcher"),
    ("result", "result"),
    ("afterResultSelector", "ResultSelector"),
    ("afterResultPath", "ResultPath"),
    ("output", "output"),
)
ALWAYS = frozenset({"input", "output"})  #: shown even when they are what came before

METADATA = frozenset({"SdkHttpMetadata", "SdkResponseMetadata"})  #: members of a service's answer that tell nothing of its work


def rows(visit: Visit, record: Mapping[str, Json], width: int) -> Iterator[tuple[str, list[str]]]:
    """What was made of the input, step by step, a label and its lines each; a step that changes nothing is left out."""

    def lines(value: Json) -> list[str]:
        return words.data_lines(value, width, MOST_DATA_LINES)

    if record.get("variables"):
        yield "variables", lines(record["variables"])
    steps = [(label, record[field]) for field, label in STEPS if field in record]
    for place, (label, value) in enumerate(steps):
        is_same = place > 0 and text_of(value) == text_of(steps[place - 1][1])
        if label == "ResultPath" and not is_same:
            yield label, _but(value, [key for key in _members(value) if _has_same(record["input"], key, value)], "as before", width)
        elif label == "result" and not is_same and not METADATA.isdisjoint(_members(value)):
            yield label, _but(value, METADATA.intersection(value), "of metadata", width)
        elif not is_same or label in ALWAYS or (label == "result" and visit.type != "Pass"):
            yield label, ["the same"] if is_same else lines(value)
    for name, value in (visit.assigned or {}).items():
        yield f"${words.clean(name)}", lines(value)
    if visit.error is not None and "output" not in record:
        yield "error", [words.clip(words.failure_text(visit.error, visit.cause), LONGEST_ERROR)]


def _members(value: Json) -> Iterable[str]:
    return value if isinstance(value, dict) else ()


def _has_same(before: Json, key: str, value: dict[str, Json]) -> bool:
    return isinstance(before, dict) and key in before and before[key] is value[key]


def _but(value: Json, hidden: Collection[str], word: str, width: int) -> list[str]:
    """The lines of a value of which some members are not shown."""
    if not hidden:
        return words.data_lines(value, width, MOST_DATA_LINES)
    rest = {key: member for key, member in value.items() if key not in hidden}
    told = f"{{… {words.count(len(hidden), 'member')} {word}"
    lines = words.data_lines(rest, width, MOST_DATA_LINES)
    if len(lines) > 1:
        return [f"{told},", *lines[1:]]
    one = f"{told}, {lines[0][1:]}" if rest else f"{told}}}"
    return [one] if len(one) <= width else [f"{told},", f"  {lines[0][1:-1]}", "}"]


def tells_more(visit: Visit, record: Mapping[str, Json]) -> bool:
    """Whether the data inside a state that failed tells more than its input and what its task was given."""
    given = visit.attempts[-1].input if visit.attempts else None
    known = {text_of(visit.input), text_of(given)}
    return bool(record.get("variables")) or any(text_of(record[field]) not in known for field, _ in STEPS if field in record)
