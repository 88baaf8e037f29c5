"""The screen drawn for terminals of many sizes: it fits, it shows where the cursor is, and no data drives the terminal."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest

from states.debugging.debugger import Debugger
from states.debugging.screen import Size
from states.debugging.shown import KEYS, LOWEST, NARROWEST, places_for, text_of
from states.views.console import console
from tests.debugging.test_laws import of_machine
from tests.debugging.worlds import debugger, play, sample, to_the_end
from tests.shared import ROOT

SIZES = [(NARROWEST, LOWEST), (80, 24), (100, 30), (120, 40), (200, 60), (300, 13)]

EVIL = {
    "StartAt": "A\u001b[31m",
    "States": {
        "A\u001b[31m": {"Type": "Pass", "Result": {"\u001b]0;x\u0007": "\u202e\u0000\n漢字" * 40}, "ResultPath": "$.x", "End": True}
    },
}


def drawn(debugger: Debugger, columns: int, lines: int, message: tuple[str, ...] = ()) -> list[str]:
    screen = debugger.screen()
    screen = debugger.screen(places_for(screen, columns, lines, message).size())
    return text_of(console(io.StringIO()), screen, columns, lines, message)


def width(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)


@pytest.mark.parametrize(("columns", "lines"), SIZES)
@pytest.mark.parametrize("name", ["shop", "fan", "jsonata"])
def test_every_screen_fits(name: str, columns: int, lines: int) -> None:
    found = sample(name)
    to_the_end(found)
    for index in range(len(found.session.moments)):
        found.session._move(index)
        for message in ((), ("one",), ("one", "two", "three" * 100)):
            text = drawn(found, columns, lines, message)
            assert len(text) <= lines
            assert max(map(width, text)) <= columns
            assert found.session.moment.place in text[0] or columns < 60


@pytest.mark.parametrize(("columns", "lines"), SIZES)
def test_no_data_drives_the_terminal(columns: int, lines: int) -> None:
    found = debugger(EVIL, {"\u001b[2J": "\u0007"})
    while True:
        text = "".join(drawn(found, columns, lines, ("said",)))
        assert text.isprintable()
        if found.session.moment.kind == "executionEnded":
            break
        play(found, "step")


def test_the_screen_at_80_by_24() -> None:
    found = sample("shop")
    play(found, "break Charge; c; s 3")
    text = "\n".join(line.rstrip() for line in drawn(found, 80, 24, ("hello",)))
    assert re.search(r"test  Charge#2  asked the task  \+200 ms +moment 9", text)
    assert "✓ InputPath  ✓ Parameters  › Resource  ResultSelector  ResultPath  OutputPath" in text
    assert "given to the task" in text
    assert '{"cents": 4900, "for": "order 7"}' in text
    assert "✓ Reserve" in text
    assert "› ● Charge" in text
    assert "\nhello\n" in text
    assert text.count("quit") == 1


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("s 3", ['+   "reservation"', "data after ResultPath"]),
        ("on error; c", ["failure", "✗ Charge", "Busy: try again", '"errorMessage": "try again"']),
        ("on error; c; s", ["Retry[0] takes it", "… Charge"]),
        ("break Charge; c 2", ["Charge ×2"]),
        ("break Big?; c; s", ["Choices[0] does not hold", "what the rules see"]),
        ("c", ["execution  SUCCEEDED", "output of the execution", "✓ Done"]),
        ("set $.a 1", ["future 2 of 2", '"a": 1']),
    ],
)
def test_what_the_screen_shows(script: str, expected: list[str]) -> None:
    found = sample("shop")
    play(found, script)
    text = "\n".join(drawn(found, 120, 40))
    assert [part for part in expected if part not in text] == []


def test_the_picture_in_the_manual(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = of_machine(Path("machines/order/inputs/gateway_busy.json"))
    found.session.title = "order"
    play(found, "next 2; step")
    picture = (ROOT / "docs" / "debugging.md").read_text().partition("```text\n")[2].partition("```")[0]
    assert [line.rstrip() for line in drawn(found, 90, 24)] == picture.splitlines()


@pytest.mark.parametrize("most", [1, 2, 3, 5, 12])
@pytest.mark.parametrize("path", ["order/inputs/gateway_busy.json", "thumbnails/inputs"], ids=["order", "thumbnails"])
def test_the_line_of_the_place_is_among_the_lines(path: str, most: int) -> None:
    found = of_machine(next(iter(sorted((ROOT / "machines").glob(f"{path}*"))[0].glob("*.json")), ROOT / "machines" / path))
    to_the_end(found)
    text = (ROOT / "machines" / path.partition("/")[0] / "machine.asl.json").read_text().splitlines()
    for moment in found.session.moments[:-1]:
        lines = found.teller.source(moment, most)
        assert len(lines) == most
        assert [line.number for line in lines if line.is_here] == [found.teller.line(moment)]
        assert all(text[line.number - 1].strip() == line.text.strip() for line in lines)


def test_variables_are_shown_and_new_ones_marked() -> None:
    found = sample("fan")
    assert "variables" not in "\n".join(drawn(found, 80, 24))
    play(found, "s")
    text = "\n".join(drawn(found, 80, 24))
    assert "+ $rate 2" in text
    play(found, "s")
    assert "+ $rate 2" not in "\n".join(drawn(found, 80, 24))
    assert "$rate 2" in "\n".join(drawn(found, 80, 24))


def test_many_variables_are_counted() -> None:
    names = {f"v{n:02}": n for n in range(30)}
    machine: dict[str, Any] = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": names, "End": True}}}
    found = debugger(machine, {})
    play(found, "s")
    screen = found.screen(Size(variables=4))
    assert [variable.name for variable in screen.variables] == ["v00", "v01", "v02", "… 27 more"]
    assert found.screen(Size(variables=0)).variables == ()


def test_data_that_is_longer_scrolls() -> None:
    found = debugger({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}, {f"k{n}": {"x": list(range(9))} for n in range(40)})
    size = Size(data=5, width=30)
    first = found.screen(size).data
    assert len(first) == 5
    scrolled = found.screen(size, 3).data
    assert len(scrolled) == 5
    assert found.screen(size, 10_000).data == found.screen(size, 9_000).data


def test_each_key_on_the_bar_does_something() -> None:
    from states.command.picture import KEYS as NAMED
    from states.debugging.commands import COMMANDS

    letters = {command.letter for command in COMMANDS.values()}
    assert [key for key, _ in KEYS if key not in letters and key not in NAMED and key not in (":", ".")] == []
