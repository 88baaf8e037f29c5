"""Live: nothing of a run that is over at once, pictures of one that lasts, and nothing left behind."""

from __future__ import annotations

import io
from threading import Event

import pytest
from rich.console import Console

import states
from states.views import live
from tests.views.stories import block, execute, task


class Terminal(Console):
    """A terminal in memory that tells when something was drawn."""

    def __init__(self) -> None:
        self.shown = Event()
        self.text = io.StringIO()
        super().__init__(file=self.text, force_terminal=True, width=80, height=20, color_system=None)

    def print(self, *objects: object, **options: object) -> None:  # type: ignore[override]
        super().print(*objects, **options)  # type: ignore[arg-type]
        if "runs work" in self.text.getvalue():
            self.shown.set()


def test_a_quick_run_is_not_shown() -> None:
    def never() -> Console:
        raise AssertionError("nothing was to be shown")

    with live.Live([], states.loads(block(A=task())), never):
        pass


@pytest.mark.parametrize("clock", [None, lambda: 1767225700.0])
def test_shows_what_runs_while_it_runs(clock: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "DELAY", 0.0)
    monkeypatch.setattr(live, "PAUSE", 0.001)
    terminal = Terminal()
    recorded = execute("a task").history.recorded[:4]
    with live.Live(recorded, states.loads(block(A=task())), lambda: terminal, title="order", clock=clock):  # type: ignore[arg-type]
        assert terminal.shown.wait(20)
    text = terminal.text.getvalue()
    assert "order" in text
    assert ("RUNNING for 1m 40s" in text) == (clock is not None)
    assert text.rstrip().endswith(("\x1b[2K", "\x1b[?25h", "\x1b[1A\x1b[2K"))
