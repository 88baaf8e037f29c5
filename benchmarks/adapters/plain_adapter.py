"""Plain Python: a function a workload that does what its definition says.

No states, no history, no parsing of the input: what the same handlers cost with no interpreter at all.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from typing import Any

from measure import Peer, main


def identity(event: Any, context: Any = None) -> Any:  # noqa: ARG001
    return event


def passes(data: Any) -> Any:
    for _ in range(1000):
        value = data["a"]["b"]
        data = {**data, "r": {"v": value, "s": f"item-{value}"}}
    return data


def counter_loop(data: Any) -> Any:
    while data["i"] < data["n"]:
        data = {"i": data["i"] + 1, "n": data["n"]}
    return data


def tasks(data: Any) -> Any:
    for _ in range(200):
        data = identity(data)
    return data


def map_of_tasks(data: Any) -> Any:
    return [identity({"v": item["v"], "k": "x"}) for item in data["items"]]


def branch(data: Any) -> Any:
    for _ in range(20):
        data = {**data, "r": {"v": data["a"]["b"]}}
    return data


def branches(data: Any) -> Any:
    return [branch(data) for _ in range(10)]


def small_run(data: Any) -> Any:
    data = {"kind": data["kind"], "n": data["n"]}
    return {**identity(data), "done": {"ok": True}} if data["kind"] == "order" else data


def large_payload(data: Any) -> Any:
    for _ in range(100):
        data = {**data, "out": data["meta"]}
    return data


def summary(items: list[Any]) -> dict[str, Any]:
    named = ", ".join(f"{item['name']}-{item['price']}" for item in items if item["price"] > 10)
    return {"items": items, "summary": named, "total": sum(item["price"] for item in items), "label": f"n={len(items)}"}


def jsonata(data: Any) -> Any:
    for _ in range(200):
        data = summary(data["items"])
    return data


def process(data: Any) -> Any:
    return {"v": data["v"], "r": "yes"}


def wait(data: Any) -> Any:
    time.sleep(1)
    return data


BY_HAND: dict[str, Callable[[Any], Any]] = {
    "W1": passes,
    "W2": counter_loop,
    "W3": tasks,
    "W4": map_of_tasks,
    "W5": branches,
    "W6": small_run,
    "W7": large_payload,
    "W8": jsonata,
    "W9": process,
    "W10": wait,
}


class Plain(Peer):
    version = platform.python_version()

    def __init__(self, workload: dict[str, Any]) -> None:
        super().__init__(workload)
        self.by_hand = BY_HAND[workload["name"]]

    def run(self) -> Any:
        return self.by_hand(self.input)


if __name__ == "__main__":
    main(Plain)
