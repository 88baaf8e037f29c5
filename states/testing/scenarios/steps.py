"""What happens during a scenario: time that passes, answers to task tokens, a stop, and what is expected in between.

Each step is a mapping with one of the keys of STEPS, and what goes with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from states.definition.formats.documents import Part
from states.testing.scenarios import forms
from states.testing.scenarios.expectations import EXPECTATIONS, Expectation
from states.testing.scenarios.faults import Wrong
from states.testing.scenarios.forms import Form, Reading
from states.testing.scenarios.outcomes import Mismatch

if TYPE_CHECKING:
    from states.testing.runs import Run

EXPECTED = "a list of steps"
EXPECT = "expect"


def expectations_of(named: dict[str, Part], reading: Reading) -> tuple[Expectation, ...]:
    """The expectations of an `expect`."""
    reading.faults.check_keys(named, EXPECTATIONS, "expect")
    known = ((name, partial(EXPECTATIONS[name][0], part, reading)) for name, part in named.items() if name in EXPECTATIONS)
    found = dict(forms.gather(known))
    if len(found) < len(named):
        raise Wrong
    return tuple(Expectation(name, named[name], wanted) for name, wanted in found.items())


def _expect(part: Part, reading: Reading) -> tuple[Expectation, ...]:
    named = forms.members(part, reading, "what is expected (a mapping)")
    if not named:
        reading.faults.expect(part, "what is expected at this moment")
    return expectations_of(named, reading)


def _stop(part: Part, reading: Reading) -> dict[str, Any]:
    """`true`, or the error and cause of the stop."""
    if part.value is True:
        return {}
    named = forms.members(part, reading, "true, or error and cause")
    reading.faults.check_keys(named, FAILURE, "stop")
    if any(name not in FAILURE for name in named):
        raise Wrong
    return dict(forms.gather((name, partial(FAILURE[name], one, reading)) for name, one in named.items()))


FAILURE: dict[str, Form] = {"error": forms.scalar_text, "cause": forms.json_text}

#: The steps: what each may be, what may go with it, and what it does with the run.
STEPS: dict[str, tuple[Form, dict[str, Form], Callable[..., Any]]] = {
    "advance": (forms.duration, {}, lambda run, seconds: run.clock.advance(seconds)),
    "until": (forms.state, {}, lambda run, name: run.run_until(name)),
    "success": (forms.state, {"output": forms.json}, lambda run, name, output=None: run.send_task_success(name, output)),
    "failure": (forms.state, FAILURE, lambda run, name, error=None, cause=None: run.send_task_failure(name, error, cause)),
    "heartbeat": (forms.state, {}, lambda run, name: run.send_task_heartbeat(name)),
    "stop": (_stop, {}, lambda run, more: run.stop(**more)),
    EXPECT: (_expect, {}, lambda _, __: None),
}


class Step(NamedTuple):
    """One step, read. Doing it gives the mismatches that it came upon."""

    name: str
    part: Part
    wanted: Any
    more: dict[str, Any]

    def do(self, run: Run) -> Iterator[Mismatch]:
        if self.name == EXPECT:
            for expectation in self.wanted:
                yield from expectation.check(run)
        else:
            STEPS[self.name][2](run, self.wanted, **self.more)


def steps_form(part: Part, reading: Reading) -> tuple[Step, ...]:
    found: list[Step] = forms.list_of(_step, EXPECTED)(part, reading)
    return tuple(found)


def _step(part: Part, reading: Reading) -> Step:
    faults = reading.faults
    named = forms.members(part, reading, f"a step, with one of {', '.join(STEPS)}")
    is_one_of = [name for name in named if name in STEPS]
    if len(is_one_of) != 1:
        has = f"this one has {' and '.join(is_one_of)}" if is_one_of else f"this one has {', '.join(named) or 'nothing'}"
        faults.refuse(part, f"a step has one of {', '.join(STEPS)}; {has}")
    name = is_one_of[0]
    form, goes_with, _ = STEPS[name]
    faults.check_keys(named, [name, *goes_with], f"the step {name!r}")
    if any(key != name and key not in goes_with for key in named):
        raise Wrong
    read = {key: form if key == name else goes_with[key] for key in named}
    values = dict(forms.gather((key, partial(read[key], named[key], reading)) for key in named))
    return Step(name, part, values.pop(name), values)
