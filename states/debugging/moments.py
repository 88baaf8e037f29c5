"""Moments: every place inside a state at which an execution can be looked at, noted while it runs, and values changed there.

A moment is a small tuple that shares its values with the execution, which changes none in place; so looking back costs nothing and runs
nothing. A filter that changes nothing gives no moment. The recorder is the one probe that may change a frame: where a `Given` says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from states.errors import StatesError
from states.interpreter import setup
from states.machine import ABSENT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from states.interpreter.frame import Frame

Json = Any

ENDED = "executionEnded"  #: the last moment: the execution is over

#: The filters in the order data goes through them; one that comes again too late is only looked at again.
ORDER = {
    kind: rank
    for rank, kinds in enumerate(
        (
            (setup.ENTERED,),
            (setup.AFTER_INPUT_PATH,),
            (setup.AFTER_PARAMETERS, setup.AFTER_ARGUMENTS),
            (setup.ITEMS,),
            (setup.AFTER_ITEM_SELECTOR, setup.AFTER_ITEM_BATCHER),
            (setup.RULE, setup.ASKED),
            (setup.RESULT,),
            (setup.AFTER_RESULT_SELECTOR,),
            (setup.AFTER_RESULT_PATH,),
            (setup.AFTER_OUTPUT,),
        )
    )
    for kind in kinds
}

#: What comes once for each item or child execution, beside the state's own data.
OF_ITEMS = frozenset({setup.AFTER_ITEM_SELECTOR, setup.AFTER_ITEM_BATCHER})

#: What gives a moment even where the value is the one before.
ALWAYS = frozenset({setup.ENTERED, setup.RULE, setup.ASKED}) | OF_ITEMS

#: Values that are not the ones before, changed.
MADE = frozenset({setup.ASKED, setup.RESULT, setup.ITEMS}) | OF_ITEMS

#: Kinds whose note is an index of a retrier or catcher, and the words around its number.
HANDLED = {
    setup.RETRIED: "Retry[{}] takes it",
    setup.EXHAUSTED: "Retry[{}] matches, but its attempts are used up",
    setup.CAUGHT: "Catch[{}] takes it",
}


class Moment(NamedTuple):
    """A place in time. `value` is the data there, `before` the data it was made of (ABSENT where it was made of nothing).

    `place` names the visit (`Fan out#2[0]/Charge#1`), `path` the chain it is in (`Fan out#2[0]/`); both are empty when the execution has
    ended. `input` is the state's raw input, `result` its result (ABSENT before), `assigned` the names of variables it set. `events` is the
    length of the history so far, `at` seconds since the epoch.
    """

    kind: str
    place: str
    path: str
    name: str
    attempt: int
    value: Json
    before: Json
    input: Json
    result: Json
    variables: Mapping[str, Json]
    assigned: tuple[str, ...]
    note: str
    events: int
    at: float


class Given(NamedTuple):
    """A value that is given to a visit when an attempt of it begins: `name` of a variable, or None for the state's input."""

    place: str
    attempt: int
    name: str | None
    value: Json


class Recorder:
    """The probe: `moments` grows while the execution runs."""

    kinds = setup.PLACES

    def __init__(self, given: tuple[Given, ...] = ()) -> None:
        self.moments: list[Moment] = []
        self._given: dict[tuple[str, int], list[Given]] = {}
        for each in given:
            self._given.setdefault((each.place, each.attempt), []).append(each)
        self._open: dict[str, _Visit] = {}

    def note(self, frame: Frame, kind: str, value: Json) -> None:
        place = f"{frame.path}{frame.step.name}#{frame.visits}"
        if kind == setup.ENTERED:
            for given in self._given.get((place, frame.attempt), ()):
                give(frame, given)
            visit = self._open[frame.path] = _Visit(frame.input)
            self._add(frame, place, visit, kind, frame.input, ABSENT)
            return
        visit = self._open.get(frame.path) or _Visit(frame.input)
        if kind in ORDER:
            self._filtered(frame, place, visit, kind, value)
        elif kind == setup.LEFT:
            self._left(frame, place, visit, *value)
        else:
            self._decided(frame, place, visit, kind, value)

    def ended(self, status: str, value: Json, events: int, at: float, variables: Mapping[str, Json]) -> None:
        """The execution is over; `value` is its output or its failure."""
        self.moments.append(Moment(ENDED, "", "", "", 1, value, ABSENT, ABSENT, ABSENT, variables, (), status, events, at))

    def _filtered(self, frame: Frame, place: str, visit: _Visit, kind: str, value: Json) -> None:
        rank, note = ORDER[kind], ""
        if kind == setup.RESULT:
            visit.result = value
        may_be_same = kind in ALWAYS or (kind == setup.RESULT and frame.step.type != "Pass")
        if rank < visit.rank or (value is visit.value and not may_be_same):
            return
        before = visit.value
        if kind == setup.RULE:
            index, held = value
            value, note, before = visit.value, f"Choices[{index}] {'holds' if held else 'does not hold'}", ABSENT
        elif kind == setup.ASKED and frame.step.type == "Wait":
            from states.views.words import moment

            value, note, before = visit.value, f"until {moment(value)} UTC", ABSENT
        elif kind in MADE:
            before = ABSENT
        elif kind == setup.AFTER_RESULT_PATH:
            before = visit.input
        visit.rank = rank
        if kind not in OF_ITEMS:
            visit.value = value
        self._add(frame, place, visit, kind, value, before, note)

    def _left(self, frame: Frame, place: str, visit: _Visit, output: Json, assigned: Json) -> None:
        self._add(frame, place, visit, setup.LEFT, output, visit.input, assigned=tuple(assigned or ()))
        self._open.pop(frame.path, None)

    def _decided(self, frame: Frame, place: str, visit: _Visit, kind: str, value: Json) -> None:
        if isinstance(value, StatesError):
            visit.failure = {"Error": value.error, "Cause": value.cause}
        note = HANDLED[kind].format(value) if kind in HANDLED else ""
        self._add(frame, place, visit, kind, visit.failure, ABSENT, note)

    def _add(
        self,
        frame: Frame,
        place: str,
        visit: _Visit,
        kind: str,
        value: Json,
        before: Json,
        note: str = "",
        assigned: tuple[str, ...] = (),
    ) -> None:
        engine: Any = frame.engine
        events = len(engine.root.history.recorded)
        path, name, variables = frame.path, frame.step.name, frame.variables
        made = (kind, place, path, name, frame.attempt, value, before, visit.input, visit.result, variables, assigned, note)
        self.moments.append(Moment(*made, events, engine.now))


class _Visit:
    """What the recorder knows of a visit while it lasts: the last value, and how far through the filters it is."""

    __slots__ = ("failure", "input", "rank", "result", "value")

    def __init__(self, input: Json) -> None:
        self.input = self.value = input
        self.result: Json = ABSENT
        self.failure: Json = None
        self.rank = 0


def give(frame: Frame, given: Given) -> None:
    """Changes a frame whose state is about to begin: another input, which its ...StateEntered event shows too, or another variable."""
    engine: Any = frame.engine
    if given.name is not None:
        frame.variables = {**frame.variables, given.name: given.value}
        frame.variables_size = engine.measure(frame.variables)
        return
    frame.input = given.value
    frame.size = engine.measure(given.value)
    if frame.attempt == 1:
        recorded = engine.history.recorded
        recorded[frame.entered_id - 1] = (*recorded[frame.entered_id - 1][:4], given.value)
