"""Checks in every order: what must hold whatever comes first, and if it does not, in which order, and what that order does differently.

The order told is one from which, as far as a few more runs show, no departure from first-in first-out can be left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import Any

from states.drivers.ordered import InvalidOrder, order_text, places_of
from states.history import details_of
from states.language.values import dumps
from states.orders.every import LIMIT, NotRepeatable, Orders, Run, every_order
from states.running import RunSettings

MOST_SHORTENING = 100  #: runs in which a shorter failing order is looked for
MOST_LOOKING = 20  #: further orders that are tried to find one that passes, when the first fails
MOST_CALLS = 8
LONGEST_EVENT = 160  #: characters of an event's details
LONGEST_FAULT = 2000

Check = Callable[[Run], Any]


class OrderFailed(AssertionError):
    """A check failed in one order. `order` repeats it (`states.run(..., order=order)`), `run` is its driver, `tried` how many were run.

    `passing` is the order most like it in which the check holds, None when none was seen. `complete` says whether there are no
    orders besides those that were run; what the check raised is `__cause__`.
    """

    def __init__(self, message: str, order: str, run: Run, passing: str | None, tried: int, complete: bool) -> None:
        super().__init__(message)
        self.order = order
        self.run = run
        self.passing = passing
        self.tried = tried
        self.complete = complete


def check_every_order(
    machine: Any,
    input: Any = None,
    tasks: Any = None,
    check: Check | None = None,
    settings: RunSettings | None = None,
    *,
    limit: int = LIMIT,
    **options: Any,
) -> Orders:
    """Checks every order: `check(run)` raises, or gives False, when something is wrong. Gives the orders, which are over.

    The other arguments are those of `every_order`. Raises OrderFailed for the first order that fails, after looking for a shorter one; it
    tells how to repeat it, and what differs from an order that passes.
    """
    if check is None:
        raise TypeError("check_every_order needs a check: a callable that takes a run, and raises or gives False when something is wrong")
    orders = every_order(machine, input, tasks, settings, limit=limit, **options)
    for run in orders:
        fault = fault_of(check, run)
        if fault is not None:
            tried, complete = orders.tried, orders.complete
            run, fault = shortest(orders, check, run, fault)
            passing = similar(orders, check, run)
            message = report(run, fault, passing, tried)
            raise OrderFailed(message, run.order, run, passing.order if passing is not None else None, tried, complete) from fault
    return orders


def fault_of(check: Check, run: Run) -> Exception | None:
    """What a check has against a run, None when nothing."""
    try:
        held = check(run)
    except Exception as fault:
        return fault
    return AssertionError("the check gave False") if held is False else None


def shortest(orders: Orders, check: Check, run: Run, fault: Exception) -> tuple[Run, Exception]:
    """A failing run from which no single departure can be left out, as far as a few runs tell."""
    left = MOST_SHORTENING
    is_shorter = True
    while is_shorter:
        is_shorter = False
        for order in simpler(run.order):
            if not left:
                return run, fault
            left -= 1
            tried, found = _tried(orders, check, order)
            if tried is not None and found is not None and _weight(tried) < _weight(run):
                run, fault, is_shorter = tried, found, True
                break
    return run, fault


def similar(orders: Orders, check: Check, run: Run) -> Run | None:
    """A run in which the check holds: of an order with one departure less, the first-in first-out one, or any that comes next."""
    for order in (*list(simpler(run.order))[:MOST_SHORTENING], *(["0"] if run.order != "0" else [])):
        tried, fault = _tried(orders, check, order)
        if tried is not None and fault is None:
            return tried
    for _, other in zip(range(MOST_LOOKING), orders, strict=False):
        if fault_of(check, other) is None:
            return other
    return None


def simpler(order: str) -> Iterator[str]:
    """The orders with one departure less, or a smaller one, and those that end before one.

    >>> list(simpler("0.2.1"))
    ['0.2', '0', '0.1.1', '0.0.1']
    """
    places = places_of(order)
    found = []
    for number in reversed(range(len(places))):
        if places[number]:
            found += [places[:number], [*places[:number], places[number] - 1, *places[number + 1 :]]]
            found += [[*places[:number], 0, *places[number + 1 :]]]
    texts = dict.fromkeys(order_text(each) for each in found)
    yield from (text for text in texts if text != order)


def _tried(orders: Orders, check: Check, order: str) -> tuple[Run | None, Exception | None]:
    """A run in this order and what the check has against it; None when there is no such order."""
    try:
        run = orders.repeat(order)
    except (InvalidOrder, NotRepeatable):
        return None, None
    return run, fault_of(check, run)


def _weight(run: Run) -> tuple[int, int, int]:
    places = [choice.place for choice in run.choices]
    return sum(map(bool, places)), len(run.order), sum(places)


# ---------------------------------------------------------------- the report


def report(run: Run, fault: Exception, passing: Run | None, tried: int) -> str:
    """What failed, in which order, how to repeat it, and what differs."""
    name = "the first-in first-out order" if run.order == "0" else f'order "{run.order}"'
    told = str(fault)[:LONGEST_FAULT].replace("\n", "\n    ")
    lines = [
        f"the check failed in {name}: {type(fault).__name__}{': ' if told else ''}{told}",
        f'  repeat it  states.run(..., order="{run.order}")',
        f"  tried      {tried:,} {'order' if tried == 1 else 'orders'}, {_before(tried)}",
    ]
    if passing is None:
        return "\n".join([*lines, "  passes in  none that was tried"])
    lines.append(f'  passes in  order "{passing.order}"{", first-in first-out" if passing.order == "0" else ""}')
    return "\n".join([*lines, *differences(run, passing)])


def _before(tried: int) -> str:
    return "the one before passed" if tried == 2 else "those before passed" if tried > 2 else "the first of all"


def differences(run: Run, passing: Run) -> Iterator[str]:
    """Where two runs part, in which order they call, and the first event that differs."""
    for number, (here, there) in enumerate(zip(run.choices, passing.choices, strict=False), 1):
        if here != there:
            yield f"  parts at   choice {number}: {here.taken} comes first here, {there.taken} there"
            break
    if run.calls != passing.calls:
        first = next(n for n, (here, there) in enumerate(zip_longest(run.calls, passing.calls)) if here != there)
        yield f"  calls      here   {_calls(run.calls, first)}"
        yield f"             there  {_calls(passing.calls, first)}"
    history, passed = run.execution.history, passing.execution.history
    for number, (one, other) in enumerate(zip_longest(history.recorded, passed.recorded)):
        if one != other:
            yield f"  events     {number + 1} is the first that differs"
            yield f"             here   {_event(history[number] if one is not None else None)}"
            yield f"             there  {_event(passed[number] if other is not None else None)}"
            return
    yield "  events     all alike; only what the tasks did differs"


def _calls(calls: list[str], first: int) -> str:
    """The calls from about the first that matters."""
    start = first if first > MOST_CALLS // 2 else 0
    shown = calls[start : start + MOST_CALLS]
    return ("… " if start else "") + ", ".join(shown) + (" …" if len(calls) > start + MOST_CALLS else "")


def _event(event: dict[str, Any] | None) -> str:
    if event is None:
        return "none: it is over"
    details = {key: value for key, value in details_of(event).items() if not key.endswith("Details")}
    text = dumps(details) if details else ""
    return f"{event['type']} {text if len(text) <= LONGEST_EVENT else text[:LONGEST_EVENT] + '…'}".rstrip()
