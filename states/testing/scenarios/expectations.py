"""What a scenario may expect of its run: a table of keys, each with its form and its check.

A check gives the Mismatches of a run, none when it is as expected. To add one: an entry, a function, a case that passes and one that fails.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from states.definition.formats.documents import Part
from states.definition.hints import did_you_mean
from states.testing.scenarios import comparing, forms
from states.testing.scenarios.differences import differences, missing
from states.testing.scenarios.faults import UNKNOWN_NAME, Wrong
from states.testing.scenarios.forms import Form, Reading
from states.testing.scenarios.outcomes import Mismatch
from states.testing.scenarios.sequences import events_form, fits, path_form, readable
from states.testing.scenarios.visiting import visits, visits_form

if TYPE_CHECKING:
    from states.testing.runs import Run

Json = Any
Check = Callable[["Run", Any, Part], Iterator[Mismatch]]

STATUSES = ("SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "RUNNING")


class Expectation(NamedTuple):
    """One expectation of a file, read: `check` holds it against a run."""

    name: str
    part: Part
    wanted: Any

    def check(self, run: Run) -> Iterator[Mismatch]:
        return EXPECTATIONS[self.name][1](run, self.wanted, self.part)


# ---------------------------------------------------------------- data


def output_is(compare: comparing.Compare) -> Check:
    def check(run: Run, wanted: Json, part: Part) -> Iterator[Mismatch]:
        if run.status != "SUCCEEDED" and wanted is not None:
            yield Mismatch("output", part, message=f"there is no output: the execution is {run.status}")
        else:
            yield from comparing.data("output", part, wanted, run.output, compare)

    return check


def text_of(name: str, found: Callable[[Run], str | None]) -> Check:
    return lambda run, wanted, part: comparing.text(name, part, wanted, found(run))


def status(run: Run, wanted: str, part: Part) -> Iterator[Mismatch]:
    if run.status != wanted:
        yield Mismatch("status", part, expected=wanted, found=run.status + (f", {run.error}" if run.error else ""))


# ---------------------------------------------------------------- the way it took


def sequence_of(name: str, found: Callable[[Run], Sequence[str]], arrow: str = " → ") -> Check:
    """Compares names in order, where `...` stands for any number of them."""

    def check(run: Run, wanted: list[Any], part: Part) -> Iterator[Mismatch]:
        names = found(run)
        if not fits(wanted, names):
            yield Mismatch(name, part, expected=readable(wanted, arrow), found=readable(list(names), arrow))

    return check


def events(run: Run, wanted: Any, part: Part) -> Iterator[Mismatch]:
    """The types of the events in order, or how many there are of each."""
    if type(wanted) is not dict:
        yield from sequence_of("events", lambda run: run.events)(run, wanted, part)
        return
    counted = Counter(run.events)
    for type_, number in wanted.items():
        yield from comparing.number(f"events {type_}", comparing.member(part, type_), number, counted[type_])


def visited(run: Run, wanted: list[str], part: Part) -> Iterator[Mismatch]:
    for name in wanted:
        if not run.visits(name):
            yield Mismatch("visited", part, message=f"{name!r} was not visited; the path is {readable(run.path)}", state=name)


def not_visited(run: Run, wanted: list[str], part: Part) -> Iterator[Mismatch]:
    for name in wanted:
        if count := len(run.visits(name)):
            times = "once" if count == 1 else f"{count} times"
            yield Mismatch("notVisited", part, message=f"{name!r} was visited {times}; the path is {readable(run.path)}", state=name)


def attempts(run: Run, wanted: dict[str, int], part: Part) -> Iterator[Mismatch]:
    for name, number in wanted.items():
        yield from comparing.number(f"attempts of {name}", comparing.member(part, name), number, run.attempts(name), name)


# ---------------------------------------------------------------- time


def seconds(run: Run, wanted: float, part: Part) -> Iterator[Mismatch]:
    return comparing.seconds("seconds", part, wanted, run.clock.seconds if run.status == "RUNNING" else run.seconds)


def waits(run: Run, wanted: Any, part: Part) -> Iterator[Mismatch]:
    """The times that passed in Wait states and before retries: in order, or by state."""
    if type(wanted) is list:
        yield from _waits("waits", wanted, [wait.seconds for wait in run.waits], part)
        return
    for name, lengths in wanted.items():
        found = [wait.seconds for wait in run.waits if wait.state_name == name]
        yield from _waits(f"waits of {name}", lengths, found, comparing.member(part, name), name)


def _waits(what: str, wanted: list[float], found: list[float], part: Part, state: str | None = None) -> Iterator[Mismatch]:
    if len(wanted) != len(found) or not all(map(comparing.same_seconds, wanted, found)):
        yield Mismatch(what, part, expected=comparing.listed(wanted), found=comparing.listed(found), state=state)


def waits_form(part: Part, reading: Reading) -> Any:
    expected = "a list of durations, or such a list for each state"
    lengths = forms.one_or_more(forms.duration, expected)
    return forms.by_state(lengths, expected)(part, reading) if type(part.value) is dict else lengths(part, reading)


def waiting(run: Run, wanted: list[str], part: Part) -> Iterator[Mismatch]:
    found = run.waiting
    if sorted(found) != sorted(wanted):
        yield Mismatch("waiting", part, expected=", ".join(wanted) or "nothing", found=", ".join(found) or "nothing")


def left(run: Run, wanted: dict[str, float], part: Part) -> Iterator[Mismatch]:
    """How long the states still wait."""
    for name, number in wanted.items():
        found = run.left(name) if name in run.waiting else None
        if found is None or abs(found - number) > 0.0005:
            shown = (
                "it does not wait" if name not in run.waiting else "until an answer comes" if found is None else comparing.in_seconds(found)
            )
            yield Mismatch(f"left of {name}", comparing.member(part, name), expected=comparing.in_seconds(number), found=shown, state=name)


def waiting_until(run: Run, wanted: dict[str, float], part: Part) -> Iterator[Mismatch]:
    from states.views import words

    for name, moment in wanted.items():
        until = run.until(name) if name in run.waiting else None
        if until is None or abs(until.timestamp() - moment) > 0.0005:
            shown = "it does not wait" if name not in run.waiting else "an answer" if until is None else words.moment(until.timestamp())
            yield Mismatch(f"waitingUntil of {name}", comparing.member(part, name), expected=words.moment(moment), found=shown, state=name)


# ---------------------------------------------------------------- what mocks were asked


def asked(name: str, compare: comparing.Compare) -> Check:
    """What a mock was given, each time, or how often it was asked."""

    def check(run: Run, wanted: dict[str, Any], part: Part) -> Iterator[Mismatch]:
        for mock_name, expected in wanted.items():
            times = run.mocks[mock_name].asked
            what, member = f"{name} of {mock_name}", comparing.member(part, mock_name)
            if type(expected) is int:
                yield from comparing.number(what, member, expected, len(times))
            else:
                yield from comparing.data(what, member, expected, [one.event for one in times], compare)

    return check


def asked_form(form: Form) -> Form:
    """By the names of mocks: a list of what each was given, or a number."""

    def read(part: Part, reading: Reading) -> dict[str, Any]:
        named = forms.members(part, reading, "for each mock what it was given each time, or how often it was asked")
        return dict(forms.gather((name, partial(one, name, member, reading)) for name, member in named.items()))

    def one(name: str, part: Part, reading: Reading) -> Any:
        if name not in reading.mocked:
            hint = did_you_mean(name, reading.mocked)
            reading.faults.key(part, f"the scenario has no mock {name!r}", UNKNOWN_NAME, hint)
            raise Wrong
        if type(part.value) is int and part.value >= 0:
            return part.value
        if type(part.value) is not list:
            reading.faults.expect(part, "a list of what it was given each time, or how often it was asked")
        return form(part, reading)

    return read


STATES = forms.one_or_more(forms.state, "a list of names of states")

#: The keys of `expect`: what each may be, and its check.
EXPECTATIONS: dict[str, tuple[Form, Check]] = {
    "status": (forms.one_of(*STATUSES), status),
    "output": (forms.json, output_is(differences)),
    "outputIncludes": (forms.with_patterns, output_is(missing)),
    "outputFile": (forms.data_of_file, output_is(differences)),
    "error": (forms.pattern, text_of("error", lambda run: run.error)),
    "cause": (forms.pattern_or_part, text_of("cause", lambda run: run.cause)),
    "path": (path_form, sequence_of("path", lambda run: run.path)),
    "visited": (STATES, visited),
    "notVisited": (STATES, not_visited),
    "visits": (visits_form, visits),
    "attempts": (forms.by_state(forms.whole(0), "a number for each state"), attempts),
    "waits": (waits_form, waits),
    "seconds": (forms.duration, seconds),
    "events": (events_form, events),
    "asked": (asked_form(forms.json), asked("asked", differences)),
    "askedIncludes": (asked_form(forms.with_patterns), asked("askedIncludes", missing)),
    "waiting": (STATES, waiting),
    "waitingUntil": (forms.by_state(forms.moment, "a timestamp for each state"), waiting_until),
    "left": (forms.by_state(forms.duration, "a duration for each state"), left),
}
