"""`[tool.states]` of a project's pyproject.toml.

    [tool.states.rules]
    CALLBACK_WITHOUT_TIMEOUT = "error"
    NO_DOLLAR = "off"

Source: https://packaging.python.org/en/latest/specifications/pyproject-toml/
"""

from __future__ import annotations

from typing import Any

from states.definition.lints.severities import checked

MAX_UP = 32  #: folders looked in, the given one first


def settings(folder: str) -> dict[str, Any]:
    """The table `[tool.states]` of the nearest pyproject.toml, in a folder or above it; empty when there is none.

    `rules` is always there: a dict for the `rules` of `validate`. Raises ValueError for what is no TOML or no rules.
    """
    for level in range(MAX_UP):
        path = "/".join([folder or ".", *[".."] * level, "pyproject.toml"])
        try:
            with open(path, "rb") as file:
                text = file.read()
        except OSError:
            continue
        return read(text.decode(), path)
    return {"rules": {}}


def read(text: str, path: str) -> dict[str, Any]:
    """The table of a text; `path` names it in messages."""
    import tomllib

    try:
        table = tomllib.loads(text).get("tool", {}).get("states", {})
        if not isinstance(table, dict) or not isinstance(table.get("rules", {}), dict):
            raise ValueError("[tool.states] and its rules are tables")
        return {**table, "rules": dict(checked(table.get("rules", {})))}
    except (ValueError, AttributeError) as error:
        raise ValueError(f"{path}: {error}") from None
