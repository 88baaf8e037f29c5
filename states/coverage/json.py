"""Coverage as JSON, for programs: every goal of every machine."""

from __future__ import annotations

import json
from typing import Any

from states.coverage.goals import KINDS
from states.coverage.results import Covered, Results, Tally

VERSION = 1  #: of the form


def write(results: Results) -> str:
    """`machines` have `goals`, each with `name`, `kind`, `location`, `outcome`, `line`, `count` and `excluded`; `totals` are over all."""
    made = {
        "version": VERSION,
        "totals": totals(results),
        "machines": [machine(one) for one in results.machines],
        "unreadable": [{"source": source, "message": message} for source, message in results.unreadable],
    }
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def machine(one: Covered) -> dict[str, Any]:
    found = [
        {
            "name": measured.goal.name,
            "kind": measured.goal.kind,
            "location": measured.goal.location,
            "outcome": measured.goal.outcome,
            "line": measured.line,
            "count": measured.times,
            "excluded": measured.is_excluded,
        }
        for measured in one.measured
    ]
    return {"machine": one.title, "name": one.name, "type": one.type, "totals": totals(one), "goals": found}


def totals(of: Covered | Results) -> dict[str, Any]:
    kinds = {kind: sum(of.tally(kind)) for kind in KINDS if of.tally(kind).total}
    return {**sum(of.tally()), "percent": round(of.tally().percent, 2), "kinds": kinds}


def sum(tally: Tally) -> dict[str, int]:
    return {"reached": tally.reached, "goals": tally.total}
