"""What is drawn before nobody on a display that does not tell of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from recorder.presence import IDLE
from tests.support.desk import open_desk
from tests.support.painted_desktop import grey, window

CARET = (slice(10, 20), slice(10, 12))


@dataclass
class Left:
    """Nobody is there, unless something happens."""

    idle_s: float | None = 3600.0
    unattended: bool = False

    def look(self, playing: bool = False) -> str | None:
        return None if playing else IDLE


def test_what_is_drawn_before_nobody_wakes_a_polled_display(tmp_path: Path) -> None:
    """A whole new picture is recorded; the look before it was the last that was idle."""
    with open_desk(tmp_path, presence=Left()) as desk:
        desk.poll()
        desk.poll()
        assert desk.frames() == []
        desk.screen.pictures[0] = grey(200)
        desk.poll()
        assert len(desk.frames()) == 1


def test_a_caret_before_nobody_wakes_nothing(tmp_path: Path) -> None:
    """Nor does a clock: too little is drawn."""
    with open_desk(tmp_path, presence=Left()) as desk:
        desk.poll()
        desk.screen.pictures[0] = grey(40)
        desk.screen.pictures[0][CARET] = 0
        desk.poll()
        assert desk.frames() == []


def test_nobody_glances_at_what_is_secret(tmp_path: Path) -> None:
    """Nothing is grabbed while an excluded window has the focus."""
    with open_desk(tmp_path, presence=Left()) as desk:
        desk.windows.desktop = (window(1, "KeePassXC", "vault", active=True),)
        desk.poll()
        desk.poll()
        assert desk.screen.grabs == 0
