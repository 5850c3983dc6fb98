"""Each screen as a picture: SVG, at two sizes, dark in English and light in Chinese.

Compared with tests/tui/snapshots; `DAYREEL_SNAPSHOTS=write pytest tests/tui/test_tui_snapshots.py` writes them anew:
look at what changed before it is committed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tui import wording
from tui.look import DARK, LIGHT, Look

FOLDER = Path(__file__).with_name("snapshots")
SCREENS = {  # each name, and the keys that lead to it from the main screen
    "timeline": ("home", "right"),
    "week": ("minus",),
    "search": ("slash", "b", "m", "2", "5"),
    "ask": ("a", "x", "enter"),
    "digest": ("s",),
    "calendar": ("c",),
    "settings": ("comma",),
    "forget": ("f",),
    "help": ("question_mark",),
}


def unnamed(svg: str) -> str:
    """Return a picture without the number that names its parts, which differs from run to run."""
    return re.sub(r"terminal-\d+", "terminal", svg)


@pytest.mark.parametrize(("theme", "language"), [(DARK, "en"), (LIGHT, "zh")])
@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
def test_every_screen_looks_as_before(play, services, theme, language, size):
    """The clock stands, the picture is a stub, nothing blinks."""
    wording.use(language)
    services.is_recording, services.pending = True, 14
    different = []

    async def steps(journey):
        for name, keys in SCREENS.items():
            await journey.press(*keys)
            for blinking in journey.app.screen.query("Input"):
                blinking.cursor_blink = False
            await journey.settle()
            svg = unnamed(journey.app.export_screenshot(simplify=True))
            path = FOLDER / f"{name}-{size[0]}x{size[1]}-{theme}-{language}.svg"
            if os.environ.get("DAYREEL_SNAPSHOTS") == "write":
                FOLDER.mkdir(exist_ok=True)
                path.write_text(svg, encoding="utf-8")
            elif not path.exists() or path.read_text(encoding="utf-8") != svg:
                different.append(path.name)
            if name == "week":
                await journey.press("plus")
            elif name != "timeline":
                await journey.press("escape")

    play(steps, size=size, look=Look(theme=theme, still=True))
    assert different == []
