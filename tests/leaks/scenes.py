"""The cases of the leak suite: what an excluded window does while the recorder looks.

Each scene shows one secret, lets its window do something, and takes it away again.  docs/leaks.md lists them.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.leaks.secrets_shown import Secret
from tests.leaks.staging import Stage, settle
from tests.support.product import ROOT, wait_until

Scene = Callable[[Stage, Secret], None]
VAULT = "Keepassxc"  # excluded by default
BANK = "Bankhaus"  # in a title: excluded by the settings of the suite
BROWSER_S = 60.0
SETTINGS = f'[privacy]\ntitles = ["{BANK}"]\n'


def control(stage: Stage, secret: Secret) -> None:
    """An ordinary window, with the focus and without: it must be found everywhere."""
    shown = stage.show(secret, "Notebook", f"{secret.word} notes")
    settle(1.5)
    stage.screen.focus(shown.window)
    settle(1.5)
    stage.focus_ledger()
    shown.close()


def focused(stage: Stage, secret: Secret) -> None:
    shown = stage.show(secret, VAULT, f"{secret.word} vault")
    stage.screen.focus(shown.window)
    settle(1.2)
    stage.focus_ledger()
    shown.close()


def unfocused(stage: Stage, secret: Secret) -> None:
    shown = stage.show(secret, VAULT, f"{secret.word} vault")
    stage.focus_ledger()
    settle(1.5)
    shown.close()


def partly_covered(stage: Stage, secret: Secret) -> None:
    """By a window over its middle, which comes, moves and goes."""
    shown = stage.show(secret, VAULT, f"{secret.word} vault", "600x300+60+60")
    cover = stage.screen.open_terminal("Cover", "cover", "30x8+200+140")
    stage.screen.focus(cover)
    settle()
    for x in range(200, 420, 20):
        stage.screen.xdotool("windowmove", cover, str(x), "160")
        time.sleep(0.05)
    settle()
    stage.screen.xdotool("windowkill", cover)
    stage.focus_ledger()
    settle()
    shown.close()


def between_two_looks(stage: Stage, secret: Secret) -> None:
    """It comes up for a moment, at moments that fit no rhythm."""
    shown = stage.show(secret, VAULT, f"{secret.word} vault", "500x260+80+80")
    chance = random.Random(secret.word)
    for _ in range(8):
        shown.do("iconify")
        time.sleep(chance.uniform(0.05, 0.3))
        shown.do("deiconify")
        time.sleep(chance.uniform(0.01, 0.25))
    stage.focus_ledger()
    settle()
    shown.close()


def title_turns(stage: Stage, secret: Secret) -> None:
    """A window whose title names something excluded before it shows it, and no more after it has gone."""
    shown = stage.show(secret, "Reader", f"{BANK} {secret.word}")
    stage.focus_ledger()
    for _ in range(3):
        settle()
        shown.do("cover")
        shown.do("title", "Weather")
        settle(1.6)
        shown.do("title", f"{BANK} {secret.word}")
        shown.do("uncover")
    settle()
    shown.close()


def late_pixels(stage: Stage, secret: Secret) -> None:
    """A title that turns harmless half a second before its page does, as browsers' do."""
    shown = stage.show(secret, "Reader", f"{BANK} {secret.word}")
    stage.focus_ledger()
    settle()
    shown.do("title", "Weather")
    time.sleep(0.5)
    shown.do("cover")
    settle(1.6)
    shown.close()


def private_browser(stage: Stage, secret: Secret) -> None:
    """A private window of Firefox, in Japanese, with a film lifted out of it."""
    shown = stage.show(secret, "Firefox", f"{secret.word} — Mozilla Firefox プライベートブラウジング")
    stage.focus_ledger()
    settle()
    shown.do("title", "Picture-in-Picture")
    settle()
    shown.close()


def menu_and_tooltip(stage: Stage, secret: Secret) -> None:
    """Beside their window: a menu that says whose it is, a tooltip that does not, a dialog of another class."""
    shown = stage.show(secret, VAULT, f"{secret.word} vault", "300x120+40+40")
    stage.focus_ledger()
    for kind, place in (("menu", (380, 60)), ("tip", (60, 300)), ("dialog", (420, 330))):
        shown.do(kind, *place)
        stage.focus_ledger()
        settle()
    shown.do("calm")
    shown.close()


def menu_of_one_window(stage: Stage, secret: Secret) -> None:
    """The same, of a window that is excluded by its title alone."""
    shown = stage.show(secret, "Reader", f"{BANK} {secret.word}", "300x120+40+40")
    for kind, place in (("menu", (380, 60)), ("tip", (60, 300))):
        shown.do(kind, *place)
        stage.focus_ledger()
        settle()
    shown.do("calm")
    shown.close()


def nameless(stage: Stage, secret: Secret) -> None:
    """A pop-up without any property, of an excluded application."""
    words = [*map(str, secret.colour), "300", "400", "1.5", VAULT]
    stage.screen.start("env", f"PYTHONPATH={ROOT}", sys.executable, "-m", "tests.leaks.nameless_window", *words)
    stage.screen.xdotool("search", "--sync", "--onlyvisible", "--class", f"^{VAULT}$")
    stage.focus_ledger()
    settle(2.2)


def dragged(stage: Stage, secret: Secret) -> None:
    """From one monitor to the other and back, with the ledger focused all the while."""
    shown = stage.show(secret, VAULT, f"{secret.word} vault", "300x200+60+60")
    stage.focus_ledger()
    settle(0.3)
    shown.do("sweep", 60, 60, 1200, 300, 1.2)
    shown.do("sweep", 1200, 300, 640, 40, 0.8)
    settle()
    shown.close()


def off_the_edge(stage: Stage, secret: Secret) -> None:
    """Half beyond each edge of the screen."""
    shown = stage.show(secret, VAULT, f"{secret.word} vault", "400x240+60+60")
    stage.focus_ledger()
    for x, y in ((-200, 100), (1400, 200), (300, 680), (200, -120)):
        shown.do("move", x, y)
        settle(0.5)
    shown.close()


def flung(stage: Stage, secret: Secret) -> None:
    """To and fro, faster than any hand."""
    shown = stage.show(secret, VAULT, f"{secret.word} vault", "240x160+60+60")
    stage.focus_ledger()
    shown.do("fling", 2.0)
    settle(0.3)
    shown.close()


def minimised(stage: Stage, secret: Secret) -> None:
    shown = stage.show(secret, VAULT, f"{secret.word} vault")
    for _ in range(3):
        stage.screen.focus(shown.window)
        settle(0.4)
        stage.screen.xdotool("windowminimize", "--sync", shown.window)
        stage.focus_ledger()
        settle(0.4)
    shown.close()


def another_workspace(stage: Stage, secret: Secret) -> None:
    shown = stage.show(secret, VAULT, f"{secret.word} vault")
    stage.screen.xdotool("set_desktop_for_window", shown.window, "1")
    for number in (1, 0, 1, 0):
        stage.screen.xdotool("set_desktop", str(number))
        settle(0.4)
    stage.focus_ledger()
    shown.close()


def closing(stage: Stage, secret: Secret) -> None:
    """Closed with the focus, then killed without it: what lies below is painted later."""
    shown = stage.show(secret, VAULT, f"{secret.word} vault")
    stage.screen.focus(shown.window)
    settle(0.4)
    shown.close()
    settle(0.4)
    again = stage.show(secret, VAULT, f"{secret.word} vault", "500x300+200+100")
    stage.focus_ledger()
    settle(0.4)
    again.end()
    settle(0.4)


def incognito(stage: Stage, secret: Secret, folder: Path) -> None:
    """Opened from an ordinary window of a real Chromium, whose private windows bear no mark; with a menu."""
    page = folder / "secret.html"
    page.write_text(f"<title>{secret.word}</title><body bgcolor='{secret.tk_colour}'><h1>{secret.word}</h1>")
    screen = stage.screen
    screen.start(
        "chromium", "--no-sandbox", "--test-type", "--disable-gpu", "--no-first-run", "--window-position=20,20",
        "--window-size=700,420", f"--user-data-dir={folder / 'profile'}", "data:text/html,<title>Plain</title>",
    )  # fmt: skip
    ordinary = _browser_window(stage, "^Plain")
    screen.focus(ordinary)
    screen.xdotool("key", "ctrl+shift+n")
    private = _browser_window(stage, "^New Incognito")
    screen.focus(private)
    screen.xdotool("key", "ctrl+l")
    screen.xdotool("type", page.as_uri())
    screen.xdotool("key", "Return")
    _browser_window(stage, f"^{secret.word}")
    settle()
    stage.focus_ledger()
    settle(1.5)
    screen.focus(private)
    screen.xdotool("key", "alt+f")
    settle()
    screen.xdotool("key", "Escape")
    stage.focus_ledger()
    settle()
    screen.xdotool("windowclose", private)
    settle()
    screen.xdotool("windowclose", ordinary)


def _browser_window(stage: Stage, title: str) -> str:
    found: list[str] = []

    def came() -> bool:
        try:
            found[:] = stage.screen.xdotool("search", "--onlyvisible", "--name", title).splitlines()
        except subprocess.CalledProcessError:  # none yet
            return False
        return bool(found)

    wait_until(came, BROWSER_S, "the browser's window did not come up")
    return found[-1]


SCENES: tuple[Scene, ...] = (
    focused,
    unfocused,
    partly_covered,
    between_two_looks,
    title_turns,
    late_pixels,
    private_browser,
    menu_and_tooltip,
    menu_of_one_window,
    nameless,
    dragged,
    off_the_edge,
    flung,
    minimised,
    another_workspace,
    closing,
)
