"""What the runners of this folder share: the cases beside them, a scope to evaluate in, and what was recorded outside the project."""

from __future__ import annotations

import json
from collections.abc import Mapping
from random import Random
from typing import Any

import pytest

from states.language.values import dumps
from tests.shared import ROOT, SHARED


def cases(name: str) -> Any:
    """The value of `tests/cases/<name>.json`."""
    return json.loads((ROOT / "tests" / "cases" / f"{name}.json").read_text(encoding="utf-8"))


def recorded(name: str) -> str:
    """The text of a file of recordings; skips the test where there are none."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the recordings are not beside this project: {path.name}")
    return path.read_text(encoding="utf-8")


class GivenScope:
    """A scope made of given values."""

    def __init__(self, context: Any = None, variables: Mapping[str, Any] | None = None, seed: int = 0) -> None:
        self._context = {} if context is None else context
        self.variables = variables or {}
        self.random = Random(seed)

    def context(self) -> Any:
        return self._context

    def text(self, value: Any) -> str:
        return dumps(value)


def identical(a: Any, b: Any) -> bool:
    """Whether two values have the same JSON text: 1.0 is not 1, and keys stand in the same order."""
    return dumps(a) == dumps(b)
