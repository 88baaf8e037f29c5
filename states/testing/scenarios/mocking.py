"""The mocks of a scenario: answers as they are written, read into those of `states.tasks.mocks`."""

from __future__ import annotations

from functools import partial
from typing import Any

from states.definition.formats.documents import Part
from states.tasks import mocks
from states.tasks.mocks import EVERY_TIME, Answer, MockError
from states.testing.bench import Bench
from states.testing.scenarios import forms
from states.testing.scenarios.faults import UNKNOWN_NAME, WRONG_VALUE, Wrong
from states.testing.scenarios.forms import Form, Reading
from states.testing.service_models import NONE

ALWAYS = "always"
EXPECTED = "an answer (with result, error, never or response) or a list of them"


def times(part: Part, reading: Reading) -> int | None:
    """How often an answer is given; `always` is for ever."""
    if part.value == ALWAYS:
        return EVERY_TIME
    if type(part.value) is not int or part.value < 1:
        reading.faults.expect(part, f"a whole number, 1 or more, or {ALWAYS}")
    return int(part.value)


def error_name(part: Part, reading: Reading) -> str | None:
    """The name of an error; null for none, as SendTaskFailure may leave it out."""
    return None if part.value is None else forms.scalar_text(part, reading)


#: The keys of an answer, and what each may be.
ANSWERS: dict[str, Form] = {
    "result": forms.json,
    "resultFile": forms.data_of_file,
    "response": forms.json,
    "error": error_name,
    "never": forms.true,
    "cause": forms.json_text,
    "after": forms.duration,
    "heartbeat": forms.duration,
    "beats": forms.whole(1),
    "submitted": forms.json,
    "times": times,
    "within": forms.text,
}
KINDS = ("result", "resultFile", "response", "error", "never")

#: Which keys go with which answer, besides those of ALL.
ALL = ("times", "within")
GOES_WITH = {
    "result": ("after", "heartbeat", "submitted"),
    "resultFile": ("after", "heartbeat", "submitted"),
    "response": ("after", "heartbeat", "submitted"),
    "error": ("cause", "after", "heartbeat"),
    "never": ("heartbeat", "beats"),
}


def put_on(bench: Bench, named: dict[str, Part], reading: Reading) -> None:
    """Puts the mocks on the bench; every fault in them is told first."""
    forms.gather((name, partial(_mock, bench, name, part, reading)) for name, part in named.items())


def _mock(bench: Bench, name: str, part: Part, reading: Reading) -> None:
    """Both the name and the answers are looked at, whatever is wrong with the other."""
    line, column = part.place
    where = f"{part.document.path}:{line}:{column}"
    named = partial(_put, bench, name, [mocks.error(None)], where, part, reading, UNKNOWN_NAME, NONE)
    answers: list[Answer] = dict(forms.gather([("name", named), ("answers", partial(_answers, name, part, reading))]))["answers"]
    _put(bench, name, answers, where, part, reading, WRONG_VALUE, bench.validation)


def _put(bench: Bench, name: str, answers: list[Answer], where: str, part: Part, reading: Reading, code: str, validation: str) -> None:
    try:
        bench.mock(name, *answers, where=where, validation=validation)
    except MockError as fault:
        message, _, hint = str(fault).removeprefix(f"{where}: ").partition("; did")
        reading.faults.key(part, message.replace("validation='NONE'", "validation: NONE"), code, f"did{hint}" if hint else "")
        raise Wrong from None


def _answers(name: str, part: Part, reading: Reading) -> list[Answer]:
    is_list = type(part.value) is list
    if is_list and not part.value:
        reading.faults.refuse(part, f"the mock of {name!r} has no answer; expected {EXPECTED}")
    parts = part.items() if is_list else [part]
    answers = [answer for _, answer in forms.gather((None, partial(_answer, one, reading, not is_list)) for one in parts)]
    unheard = mocks.never_given(answers)
    if unheard is not None:
        reading.faults.refuse(parts[unheard], "this answer is never given: one before it is given for ever")
    return answers


def _answer(part: Part, reading: Reading, is_alone: bool) -> Answer:
    """One answer; one that stands alone is given every time."""
    faults = reading.faults
    named = forms.members(part, reading, EXPECTED)
    faults.check_keys(named, ANSWERS, "an answer")
    kinds = [kind for kind in KINDS if kind in named]
    if not kinds:
        faults.refuse(part, f"an answer has one of {', '.join(KINDS)}; this one has none of them")
    if len(kinds) > 1:
        later = max((named[kind] for kind in kinds), key=lambda one: one.entry.key)
        faults.key(later, f"an answer is one thing; this one has {' and '.join(kinds)}")
        raise Wrong
    kind = kinds[0]
    stray = [name for name in named if name in ANSWERS and name not in (kind, *ALL, *GOES_WITH[kind])]
    for name in stray:
        faults.key(named[name], f"{name!r} does not go with {kind!r}, which may have {', '.join([*GOES_WITH[kind], *ALL])}")
    if stray or any(name not in ANSWERS for name in named):
        raise Wrong
    known = [(name, partial(ANSWERS[name], one, reading)) for name, one in named.items() if name in ANSWERS]
    values = dict(forms.gather(known))
    values.setdefault("times", EVERY_TIME if is_alone else 1)
    return _made(kind, values, part, reading)


def _made(kind: str, values: dict[str, Any], part: Part, reading: Reading) -> Answer:
    value = values.pop(kind)
    try:
        if kind == "never":
            return mocks.never(**values)
        if kind == "error":
            return mocks.error(value, values.pop("cause", None), **values)
        return mocks.response(value, **values) if kind == "response" else mocks.result(value, **values)
    except (ValueError, TypeError) as fault:
        reading.faults.refuse(part, str(fault))
