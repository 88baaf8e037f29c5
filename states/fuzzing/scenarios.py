"""Findings as scenarios that `states test` plays: the smallest case of each, with mocks in place of its faults and what came of it.

Each passes as long as its fault is there. A task that failed some times and then did its work is mocked with all it answered.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from states.fuzzing.hunt import Found
from states.fuzzing.playing import IDLE, Player
from states.tasks.mocks import EVERY_TIME, Answer

Json = Any

ENDINGS = (".scenario.yaml", ".scenario.yml", ".scenario.json")
MARK = "Found by states fuzz"
DESCRIPTION = f"{MARK}. Each of these passes as long as its fault is there; when it is mended, expect what should be."


def document(found: Sequence[Found], player: Player, machine: str, tasks: Sequence[str] = ()) -> dict[str, Json]:
    """The scenario file of findings; `machine` and `tasks` are paths as they are written into it."""
    named: dict[str, Json] = {}
    for each in found:
        name = title(each)
        named[name if name not in named else f"{name} ({len(named) + 1})"] = scenario(each, player)
    return {"description": DESCRIPTION, "machine": machine, **({"tasks": list(tasks)} if tasks else {}), "scenarios": named}


def title(found: Found) -> str:
    """`Refund: States.Runtime, when Ship fails with NoAddress`."""
    ending = found.ending
    where = ending.state or ", ".join(ending.loop[:3]) or "the machine"
    idle = f"a retrier names {ending.error}, but is not asked"
    what = {"events": "never ends", "overtime": "is not over in time", "retry": idle}.get(ending.kind, str(ending.error))
    when = " and ".join(f"{fault.state} {in_words(fault.answer)}" for fault in found.case.faults)
    return f"{where}: {what}{', when ' + when if when else ''}"


def in_words(answer: Answer) -> str:
    """What a task does: `fails with Busy twice`."""
    often = {None: " every time", 1: "", 2: " twice"}.get(answer.times, f" {answer.times} times")
    if answer.kind == "error":
        return f"fails with {answer.error}{'' if answer.cause else ' without a cause'}{often}"
    if answer.kind == "never":
        start = "shows that it is alive but " if answer.heartbeat else ""
        return f"{start}never answers" if answer.times is None else f"{start}does not answer{often}"
    text = json.dumps(answer.value)
    return f"gives {text if len(text) < 60 else f'{len(text):,} characters'}{often}"


def scenario(found: Found, player: Player) -> dict[str, Json]:
    """One scenario."""
    ending, case = found.ending, found.case
    execution = player.run(case)
    mocks: dict[str, Json] = {name: {"result": case.results.get(name)} for name in player.unserved}
    for fault in case.faults:
        if fault.answer.times is EVERY_TIME:
            mocks[fault.state] = written(fault.answer)
        elif fault.state in player.asked:
            mocks[fault.state] = [
                {**written(answer), **({"times": times} if times > 1 else {})} for answer, times in runs(player.asked[fault.state].answers)
            ]
    expect: dict[str, Json] = {"status": execution.status, "error": execution.error, "visited": ending.state}
    if ending.kind == IDLE and ending.state is not None:
        expect |= {"attempts": {ending.state: len(player.asked[ending.state].answers)}}
    return {
        "input": case.input,
        **({"mocks": mocks} if mocks else {}),
        "expect": {key: value for key, value in expect.items() if value is not None},
    }


def runs(answers: Sequence[Answer]) -> list[tuple[Answer, int]]:
    """Each answer, and how often it was given one after the other."""
    return [(group[0], len(group)) for _, same in groupby(answers, key=lambda answer: repr(written(answer))) if (group := list(same))]


def written(answer: Answer) -> dict[str, Json]:
    """An answer by the keys of a scenario, without how often it is given."""
    if answer.kind == "never":
        every = answer.heartbeat
        return {"never": True, **({"heartbeat": every, "beats": round(answer.after / every)} if every else {})}
    after = {"after": answer.after} if answer.after else {}
    if answer.kind == "error":
        return {"error": answer.error, **({"cause": answer.cause} if answer.cause is not None else {}), **after}
    return {"result": answer.value, **after}


def text(document: dict[str, Json], path: str) -> str:
    """The document as JSON, or as YAML with a line for each part."""
    if path.endswith(".json"):
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    head = [f"{key}: {_flow(value)}" for key, value in document.items() if key != "scenarios"]
    lines = [*head, "scenarios:"]
    for name, each in document["scenarios"].items():
        lines += ["", f"  {_flow(name)}:"]
        for key, value in each.items():
            if key == "mocks":
                lines += [f"    {key}:", *(f"      {_flow(state)}: {_flow(answers)}" for state, answers in value.items())]
            else:
                lines.append(f"    {key}: {_flow(value)}")
    return "\n".join(lines) + "\n"


def _flow(value: Json) -> str:
    """A value in YAML's flow style, which JSON is."""
    return json.dumps(value)
