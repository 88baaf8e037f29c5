"""The expectation `visits`: how often a state was visited, and what it had and gave."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from states.definition.formats.documents import Part
from states.testing.scenarios import comparing, forms
from states.testing.scenarios.differences import differences, missing
from states.testing.scenarios.faults import Wrong
from states.testing.scenarios.forms import Form, Reading
from states.testing.scenarios.outcomes import Mismatch

if TYPE_CHECKING:
    from states.testing.runs import Run
    from states.views.visits import Visit

Json = Any
Check = Callable[[str, Part, Any, "Visit", str], Iterator[Mismatch]]

EXPECTED = "how often it was visited (a number), what a visit had (a mapping), or that of each visit (a list)"


def _value(data: Json) -> Json:
    from states.views.events import value_of

    return value_of(data)


def _given(visit: Visit) -> Json:
    return visit.attempts[-1].input if visit.attempts else None


def _data(found: Callable[[Visit], Json], compare: comparing.Compare) -> Check:
    def check(what: str, part: Part, wanted: Json, visit: Visit, state: str) -> Iterator[Mismatch]:
        return comparing.data(what, part, wanted, _value(found(visit)), compare, state)

    return check


def _text(field: str) -> Check:
    return lambda what, part, wanted, visit, state: comparing.text(what, part, wanted, getattr(visit, field), state)


def _attempts(what: str, part: Part, wanted: int, visit: Visit, state: str) -> Iterator[Mismatch]:
    return comparing.number(what, part, wanted, max(1, len(visit.attempts)), state)


def _seconds(what: str, part: Part, wanted: float, visit: Visit, state: str) -> Iterator[Mismatch]:
    if visit.exited is None:
        yield Mismatch(what, part, expected=comparing.in_seconds(wanted), found="it has not ended", state=state)
    else:
        yield from comparing.seconds(what, part, wanted, round(visit.exited - visit.entered, 6), state)


def _assigned(visit: Visit) -> Json:
    return {name: _value(value) for name, value in (visit.assigned or {}).items()}


#: The keys of what is expected of a visit: what each may be, and its check. `visit` says which one, from 1 or from the end with -1.
VISIT: dict[str, tuple[Form, Check]] = {
    "input": (forms.json, _data(lambda visit: visit.input, differences)),
    "inputIncludes": (forms.with_patterns, _data(lambda visit: visit.input, missing)),
    "given": (forms.json, _data(_given, differences)),
    "givenIncludes": (forms.with_patterns, _data(_given, missing)),
    "output": (forms.json, _data(lambda visit: visit.output, differences)),
    "outputIncludes": (forms.with_patterns, _data(lambda visit: visit.output, missing)),
    "assigned": (forms.json, _data(_assigned, differences)),
    "error": (forms.pattern, _text("error")),
    "cause": (forms.pattern_or_part, _text("cause")),
    "attempts": (forms.whole(1), _attempts),
    "seconds": (forms.duration, _seconds),
}


def visits_form(part: Part, reading: Reading) -> dict[str, Any]:
    found: dict[str, Any] = forms.by_state(_of_state, "what is expected of the visits of each state")(part, reading)
    return found


def _of_state(part: Part, reading: Reading) -> Any:
    """A number, or pairs of the number of a visit and what is expected of it."""
    if type(part.value) is list:
        each = forms.gather((None, partial(_visit, one, reading, may_choose=False)) for one in part.items())
        return [(number, one[1], one[2]) for number, (_, one) in enumerate(each, 1)]
    if type(part.value) is dict:
        return _visit(part, reading)
    if type(part.value) is int and part.value >= 0:
        return part.value
    return reading.faults.expect(part, EXPECTED)


def _visit(part: Part, reading: Reading, may_choose: bool = True) -> tuple[int, dict[str, Any], Part]:
    named = forms.members(part, reading, "what is expected of a visit (a mapping)")
    chosen = named.pop("visit", None) if may_choose else None
    reading.faults.check_keys(named, VISIT, "a visit")
    number = 1 if chosen is None else _number(chosen, reading)
    known = ((name, partial(VISIT[name][0], one, reading)) for name, one in named.items() if name in VISIT)
    found = dict(forms.gather(known))
    if len(found) < len(named):
        raise Wrong
    return number, found, part


def _number(part: Part, reading: Reading) -> int:
    if type(part.value) is not int or part.value == 0:
        reading.faults.expect(part, "the number of a visit: 1 is the first, -1 the last")
    return int(part.value)


def visits(run: Run, wanted: dict[str, Any], part: Part) -> Iterator[Mismatch]:
    """Holds what is expected of visits against those of the run."""
    for name, expected in wanted.items():
        found, member = run.visits(name), comparing.member(part, name)
        if type(expected) is int:
            yield from comparing.number(f"visits of {name}", member, expected, len(found), name)
            continue
        if type(expected) is list and len(expected) != len(found):
            yield from comparing.number(f"visits of {name}", member, len(expected), len(found), name)
        for number, fields, at in expected if type(expected) is list else [expected]:
            place = number - 1 if number > 0 else number
            if -len(found) <= place < len(found):
                yield from _fields(name, number, fields, at, found[place])
            elif type(expected) is not list:
                times = "once" if len(found) == 1 else f"{len(found)} times"
                yield Mismatch(f"visits of {name}", member, f"{name!r} was visited {times}; there is no visit {number}", state=name)


def _fields(name: str, number: int, fields: dict[str, Any], part: Part, visit: Visit) -> Iterator[Mismatch]:
    which = name if number == 1 else f"{name}, visit {number}"
    for field, wanted in fields.items():
        yield from VISIT[field][1](f"{field} of {which}", comparing.member(part, field), wanted, visit, name)
