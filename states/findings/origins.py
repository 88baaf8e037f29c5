"""Origins: from the visit that ended an execution back to the failure that mattered.

A Fail state often only passes on what a catcher took before: then that failure is the one to look at. It is when the catcher led to the
Fail state by states that nothing but catchers lead to, or when the Fail state quotes its error or cause.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from states.definition import every_block
from states.machine import Block, Choice, State
from states.views import visits
from states.views.events import value_of
from states.views.lookup import Lookup
from states.views.visits import Visit

Json = Any

SHORTEST_QUOTE = 4  #: characters of a cause that is recognised inside another


def chain_of(culprit: Visit, lookup: Lookup) -> list[tuple[Visit, Visit]]:
    """Back from the visit that ended the execution: each visit whose failure was caught and led on, and the visit inside it that failed."""
    found: list[tuple[Visit, Visit]] = []
    while (caught := _caught_before(culprit, lookup)) is not None:
        culprit = innermost(caught)
        found.append((caught, culprit))
    return found


def names_state(visit: Visit, cause: str | None) -> bool:
    """Whether a cause says that the visit itself failed: a path of a Fail state that finds nothing, say."""
    return (cause or "").startswith(f"An error occurred while executing the state '{visit.name}' (")


def literals(state: State | None) -> tuple[str | None, str | None]:
    """Error and Cause of a Fail state as far as the definition says them: no event tells those of one inside a branch."""
    error, cause = getattr(state, "error", None), getattr(state, "cause", None)
    return (error if isinstance(error, str) else None), (cause if isinstance(cause, str) else None)


def innermost(visit: Visit) -> Visit:
    """The visit inside a failed Parallel or Map that made it fail; the visit itself when it failed by itself."""
    while True:
        lasts = [chain.visits[-1] for chain in visit.chains if chain.visits]
        inner = next((last for last in lasts if last.status == visits.FAILED), None)
        if inner is None:
            return visit
        visit = inner


def _caught_before(fail: Visit, lookup: Lookup) -> Visit | None:
    """The visit whose caught failure led to this Fail state, or to the Parallel or Map it stands in."""
    inside: Visit | None = fail if fail.type == "Fail" else None
    while inside is not None:
        before = inside.chain.visits[: inside.ordinal - 1]
        place = next((place for place in reversed(range(len(before))) if before[place].status == visits.CAUGHT), None)
        if place is not None:
            return before[place] if _led(before[place], before[place + 1 :], inside, fail, lookup) else None
        inside = inside.chain.owner
    return None


def _led(caught: Visit, between: list[Visit], visit: Visit, fail: Visit, lookup: Lookup) -> bool:
    """Whether a caught failure led, by the states between, to this visit, in which the Fail state is."""
    block = _block_of(visit.name, lookup)
    normal = _reached_without_catch(block) if block is not None else set()
    if _quotes(fail, caught) or (not between and visit is fail):
        return True
    if block is None:
        return not between or _holds(value_of(visit.input), caught.error, caught.cause)
    return visit.name not in normal or (bool(between) and not any(each.name in normal for each in between))


def _quotes(fail: Visit, caught: Visit) -> bool:
    """Whether a Fail state ended with the error or cause of the caught failure."""
    if caught.error is not None and fail.error == caught.error:
        return True
    cause = caught.cause or ""
    return len(cause) >= SHORTEST_QUOTE and cause in (fail.cause or "")


def _holds(data: Json, error: str | None, cause: str | None) -> bool:
    """Whether the data still hold the error output of a catcher."""
    waiting = [data]
    for each in waiting:  # grows while it is walked
        if isinstance(each, dict):
            if error is not None and each.get("Error") == error and each.get("Cause") == cause:
                return True
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
        if len(waiting) > 10_000:
            return False
    return False


def _block_of(name: str, lookup: Lookup) -> Block | None:
    """The block a state stands in."""
    if lookup.machine is None:
        return None
    return next((block for block in every_block(lookup.machine) if name in block.states), None)


def _reached_without_catch(block: Block) -> set[str]:
    """The states of a block that an execution may come to without any catcher."""
    waiting, reached = [block.start_at], set[str]()
    while waiting:
        name = waiting.pop()
        if name in reached or name not in block.states:
            continue
        reached.add(name)
        waiting += _leads_to(block.states, name)
    return reached


def _leads_to(states: Mapping[str, Any], name: str) -> Iterator[str]:
    state = states[name]
    if state.next is not None:
        yield state.next
    if isinstance(state, Choice):
        yield from (rule.next for rule in state.choices)
        if state.default is not None:
            yield state.default
