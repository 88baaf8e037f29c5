"""Inspected: the data of a visit after every filter, as lines below it in a trace.

What a filter changed is written out: whole, or, where it kept most of what it was given and there is no room for all, as what it added
(+), changed (~) and left out (-). Filters that changed nothing are only named. Takes the records of an `Inspector`, one for each attempt.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html for the order of the filters
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from rich.text import Text

from states.definition import every_block
from states.histories.machines import definition_at
from states.machine import Machine, Map
from states.views import visits, words
from states.views.changes import ADDED, STYLES, cut, drawn, equal, fits, size
from states.views.events import text_of, value_of
from states.views.visits import Visit

Json = Any
Record = Mapping[str, Json]

LABEL = 16  #: columns of the name of a filter, where none is longer
FEWEST = 24  #: columns of a value, however narrow the terminal
MOST_ITEMS = 4  #: of a Map whose selected items are shown

Step = tuple[str, str, str | None]  #: field of a record, name of the filter, field of what the filter is given

_INPUT: list[Step] = [("afterInputPath", "InputPath", "input"), ("afterParameters", "Parameters", "afterInputPath")]
_SELECTOR: Step = ("afterResultSelector", "ResultSelector", "result")
_OUTPUT: list[Step] = [("afterResultPath", "ResultPath", "result"), ("output", "OutputPath", "afterResultPath")]
_WORK: list[Step] = [("result", "result", None), _SELECTOR, ("afterResultPath", "ResultPath", "afterResultSelector"), _OUTPUT[1]]
_ITEMS: list[Step] = [("afterItemSelector", "ItemSelector", None), ("afterItemBatcher", "ItemBatcher", None)]
_PATHS: list[Step] = [("afterInputPath", "InputPath", "input"), ("output", "OutputPath", "afterInputPath")]

JSONPATH: dict[str, list[Step]] = {
    "Pass": [*_INPUT, ("result", "Result", "afterParameters"), *_OUTPUT],
    "Task": [*_INPUT, *_WORK],
    "Choice": _PATHS,
    "Wait": _PATHS,
    "Succeed": _PATHS,
    "Fail": [],
    "Parallel": [*_INPUT, *_WORK],
    "Map": [*_INPUT, ("afterItemsPath", "ItemsPath", "afterParameters"), *_ITEMS, *_WORK],
}

_ANSWERED: list[Step] = [("result", "result", None), ("output", "Output", "result")]
_ASKED: list[Step] = [("afterArguments", "Arguments", "input"), *_ANSWERED]
_GIVEN: list[Step] = [("output", "Output", "input")]

JSONATA: dict[str, list[Step]] = {
    "Pass": _GIVEN,
    "Task": _ASKED,
    "Choice": _GIVEN,
    "Wait": _GIVEN,
    "Succeed": _GIVEN,
    "Fail": [],
    "Parallel": _ASKED,
    "Map": [("afterItemsPath", "Items", "input"), *_ITEMS, *_ANSWERED],
}

#: Fields that a record may lack although the state went on.
_OPTIONAL = frozenset({"afterItemSelector", "afterItemBatcher", "afterArguments"})

#: What happens before the work of an attempt is asked for: from attempt to attempt the same.
_BEFORE = frozenset({"afterInputPath", "afterParameters", "afterArguments", "afterItemsPath"})

#: Filters whose result is compared with the input of the state.
_INTO_INPUT = frozenset({"afterResultPath", "output"})

_LIMITS = {
    "maxConcurrency": "MaxConcurrency",
    "toleratedFailureCount": "ToleratedFailureCount",
    "toleratedFailurePercentage": "ToleratedFailurePercentage",
}

#: Fields that a record of a Map has whatever the machine says, and those of the definition that ask for them.
_DECLARED = {"afterItemBatcher": ("ItemBatcher",), "maxConcurrency": ("MaxConcurrency", "MaxConcurrencyPath")}


class Inspected:
    """What to show below the visits of a trace. `attempts` has the records by place, as an Inspector keeps them."""

    def __init__(self, attempts: Mapping[str, Sequence[Record]], machine: Machine) -> None:
        self.attempts = attempts
        self._states = {name: state for block in every_block(machine) for name, state in block.states.items()}
        self._definition = machine.definition

    def records(self, visit: Visit) -> Sequence[Record]:
        """The records of a visit; none where it is not inspected. Of a Map without what the machine does not declare."""
        records, state = self.attempts.get(visit.place, ()), self._states.get(visit.name)
        if not isinstance(state, Map):
            return records
        declared = definition_at(self._definition, state.location) or {}
        hidden = {field for field, names in _DECLARED.items() if not any(name in declared for name in names)}
        return [{field: value for field, value in record.items() if field not in hidden} for record in records]

    def lines(self, visit: Visit, number: int, width: int) -> Iterator[Text]:
        """The lines of the record of this number, from 0."""
        records = self.records(visit)
        is_jsonata = visit.name in self._states and self._states[visit.name].query_language == "JSONata"
        steps = (JSONATA if is_jsonata else JSONPATH).get(visit.type, [])
        column = max([LABEL, *(len(label) + 1 for field, label in _LIMITS.items() for record in records if field in record)])
        lines = _Lines(visit, steps, column if width - column >= FEWEST else LABEL, width, self._before(visit))
        yield from lines.of(records[number], records[number - 1] if number else None, number == len(records) - 1)

    def _before(self, visit: Visit) -> _Before:
        """The visit before in the same chain, as far as it is inspected."""
        before = visit.chain.visits[visit.ordinal - 2] if 1 < visit.ordinal <= len(visit.chain.visits) else None
        records = self.records(before) if before is not None else ()
        if before is None or not records:
            return _Before()
        known = {**records[-1].get("variables", {}), **{name: value_of(value) for name, value in (before.assigned or {}).items()}}
        return _Before(before.name, value_of(before.output), known)


class _Before(NamedTuple):
    """What the state before gave, and the variables that were in sight there or that it assigned."""

    name: str | None = None
    output: Json = None
    variables: Mapping[str, Json] = {}


class _Lines:
    def __init__(self, visit: Visit, steps: list[Step], column: int, width: int, before: _Before) -> None:
        self.visit = visit
        self.steps = steps
        self.column = column
        self.room = max(FEWEST, width - column)
        self.before = before
        self.same: list[str] = []  # filters that changed nothing, not told yet

    def of(self, record: Record, earlier: Record | None, is_last: bool) -> Iterator[Text]:
        known = earlier is not None and _is_alike(record, earlier, ("input", "variables"))
        if known:
            self.same.append("input")
        else:
            yield from self._input(record["input"])
            yield from self._variables(record.get("variables", {}))
        yield from self._steps(record, earlier if known else None)
        yield from self._flush(known)
        yield from self._failure(record, is_last)
        if is_last:
            if self.visit.status == visits.CAUGHT:
                yield from self._changed("output", "Catch", value_of(self.visit.output), record["input"], record["input"])
            for name, value in (self.visit.assigned or {}).items():
                yield from self._valued(f"{ADDED} ${name}", value_of(value), style=STYLES[ADDED])

    def _input(self, value: Json) -> Iterator[Text]:
        before = self.before
        if before.name is not None and not fits(value, self.room) and equal(value, before.output):
            told = Text(f"the output of {words.clean(before.name)}", style="dim").append(f"  {size(value)}", style="italic")
            yield self._labelled("input", told)
        else:
            yield from self._valued("input", value)

    def _variables(self, variables: Mapping[str, Json]) -> Iterator[Text]:
        """Those in sight, a line each; those that were shown before by name only."""
        known = self.before.variables
        old = [name for name, value in variables.items() if name in known and equal(value, known[name])]
        if old:
            names = words.clip(", ".join(f"${words.clean(name)}" for name in old), self.room)
            yield self._labelled("variables", Text(f"{names} as before", style="dim"))
        for name, value in variables.items():
            if name not in old:
                yield self._labelled(f"${name}", cut(value, self.room, 1)[0])

    def _steps(self, record: Record, earlier: Record | None) -> Iterator[Text]:
        for field, label, given in self.steps:
            if field not in record:
                continue
            value = record[field]
            before = record.get(given, record["input"]) if given is not None else None
            if field == "result":
                yield from self._limits(record, earlier is not None)
            if earlier is not None and field in _BEFORE and _is_alike(record, earlier, (field,)):
                self.same.append(label)
            elif given is not None and equal(value, before):
                self.same += [label] if label != "Result" else []
            else:
                yield from self._flush(earlier is not None)
                yield from self._changed(field, label, value, before, record["input"])
        if "result" not in record:
            yield from self._limits(record, earlier is not None)

    def _limits(self, record: Record, is_known: bool) -> Iterator[Text]:
        for field, label in _LIMITS.items():
            if field in record:
                yield from self._flush(is_known)
                yield self._labelled(label, Text(text_of(record[field])))

    def _changed(self, field: str, label: str, value: Json, before: Json, input: Json) -> Iterator[Text]:
        if field in _INTO_INPUT and equal(value, input):
            yield self._labelled(label, Text("the input again", style="dim"))
        elif field in ("afterItemSelector", "afterItemBatcher"):
            yield from self._listed(label, value)
        else:
            yield from self._valued(label, value, input if label in ("ResultPath", "Output") else before)

    def _flush(self, is_known: bool) -> Iterator[Text]:
        """The filters that changed nothing, in a line."""
        if self.same:
            word = "as before" if is_known and "input" in self.same else "unchanged"
            line = Text(", ".join(self.same), style="dim")
            line.append(f"  {word}", style="dim italic")
            self.same = []
            yield line

    def _failure(self, record: Record, is_last: bool) -> Iterator[Text]:
        """Which filter, or whose work, failed."""
        visit, attempts = self.visit, self.visit.attempts
        if "output" in record or not self.steps:
            return
        if is_last and visit.status not in (visits.FAILED, visits.CAUGHT, visits.TIMED_OUT):
            return
        reached = max((number for number, (field, _, _) in enumerate(self.steps) if field in record), default=-1)
        following = [
            step for step in self.steps[reached + 1 :] if step[0] not in _OPTIONAL or (step[0] == "afterArguments" and not attempts)
        ]
        error, cause = visit.error, visit.cause
        if not is_last:
            failed = next((attempt for attempt in attempts if attempt.error is not None), None)
            error, cause = (failed.error, failed.cause) if failed is not None else (error, cause)
        yield self._labelled(following[0][1] if following else "", Text(f"✗ {words.failure_text(error, cause)}", style="red"))

    # ------------------------------------------------------------ values

    def _listed(self, label: str, members: list[Json]) -> Iterator[Text]:
        """What was made for each item, a line each."""
        for number, member in enumerate(members[:MOST_ITEMS]):
            head = f"[{number}] "
            line = cut(member, self.room - len(head), 1)[0]
            yield self._labelled(label if not number else "", Text.assemble((head, "dim"), line))
        if len(members) > MOST_ITEMS:
            yield self._labelled("", Text(f"… {len(members) - MOST_ITEMS:,} more", style="dim italic"))

    def _valued(self, label: str, value: Json, given: Json = None, style: str = "") -> Iterator[Text]:
        lines = drawn(value, given, self.room)
        for number, line in enumerate(lines):
            yield self._labelled(label if not number else "", line, style)

    def _labelled(self, label: str, value: Text, style: str = "") -> Text:
        """A name and its value; the long name of a variable moves the value."""
        label = words.clip(words.clean(label), 2 * LABEL)
        head = f"{label} " if label else ""
        return Text.assemble((f"{head:<{self.column}}", style or "cyan"), value)


def _is_alike(record: Record, other: Record, fields: Sequence[str]) -> bool:
    return all(field in record and field in other and equal(record[field], other[field]) for field in fields)
