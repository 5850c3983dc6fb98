"""Nothing of an excluded window is kept, whatever it does: each case shows a secret of its own to a real recorder.

docs/leaks.md lists the cases.  One desktop serves them all, with two recorders before it: one is told of changes by
the display, one polls.  Their workers stand still, as those that are an hour behind, and read what was spooled when the
recording is over; the homes are searched before and after that.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen

import pytest

from tests.leaks.scenes import SCENES, SETTINGS, VAULT, control, incognito
from tests.leaks.searching import Finding, in_bytes, search_files, search_pixels, search_stored
from tests.leaks.secrets_shown import SECRETS, Secret
from tests.leaks.staging import Stage, Watched, both_recording, settle
from tests.support.product import Product, children, wait_until
from tests.support.virtual_screen import open_virtual_screen

pytestmark = pytest.mark.journey

OTHERS = ("control", "at_start", "at_stop", "recorder_killed", "incognito")
NAMES = (*OTHERS, *(scene.__name__ for scene in SCENES))
OF = dict(zip(NAMES, SECRETS, strict=True))
READ_S = 300.0  # two readers of some hundred small frames each, on two cores
FEWEST_FRAMES = 30  # of a recording: less and the cases would have shown nothing
TRIGGERS = {"told": "", "polled": '[recorder]\ntrigger = "poll"\npoll_s = 0.25\n'}


@dataclass(slots=True)
class Searched:
    """What a recording left behind: findings before and after the worker has read it."""

    before: list[Finding] = field(default_factory=list)
    after: list[Finding] = field(default_factory=list)
    outside: list[Finding] = field(default_factory=list)
    frames: int = 0

    def of(self, name: str) -> list[Finding]:
        """All findings of one case's secret."""
        return [one for one in (*self.before, *self.after, *self.outside) if one.word == OF[name].word]


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Searched]:
    """Two recordings of one desktop at once, told of changes and polling, with all cases in them, searched."""
    folder = tmp_path_factory.mktemp("leaks")
    temporary = folder / "temporary"
    temporary.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(temporary))
        homes, watched = _recorded(folder)
        with ThreadPoolExecutor() as pool:
            found = dict(zip(homes, pool.map(_searched, homes.values()), strict=True))
        _read(list(homes.values()))
        for trigger, product in homes.items():
            found[trigger].after = search_stored(product.home, SECRETS)
    outside = search_files([temporary, *watched.opened], SECRETS)
    outside += [Finding(word, "process", "told") for told in watched.told for word in in_bytes(told, SECRETS)]
    for one in found.values():
        one.outside = outside
    return found


@pytest.fixture(params=list(TRIGGERS))
def searched(request: pytest.FixtureRequest, recordings: dict[str, Searched]) -> Searched:
    """One of the recordings."""
    return recordings[request.param]


def _searched(product: Product) -> Searched:
    """Search a home before it is read."""
    found = [*search_pixels(product.home, SECRETS), *search_stored(product.home, SECRETS)]
    return Searched(before=found, frames=product.frames())


def _read(products: Sequence[Product]) -> None:
    """Let all that was spooled be read."""
    workers = [product.start("work", "--until-idle") for product in products]
    assert [worker.wait(READ_S) for worker in workers] == [0] * len(workers)


def _recorded(folder: Path) -> tuple[dict[str, Product], Watched]:
    """Record all cases and return the homes and what was seen of the processes."""
    (folder / "screen_home").mkdir()
    with open_virtual_screen(folder / "screen_home", 1600, 800) as screen, ExitStack() as stack:
        screen.run("xrandr", "--setmonitor", "LEFT", "800/200x800/200+0+0", "screen")
        screen.run("xrandr", "--setmonitor", "RIGHT", "800/200x800/200+800+0", "none")
        homes, watched, stage = {}, Watched(), Stage(screen)
        stack.callback(stage.close)
        stage.open_ledger()
        first = stage.show(OF["at_start"], VAULT, f"{OF['at_start'].word} vault")
        stage.focus_ledger()
        for trigger, settings in TRIGGERS.items():
            homes[trigger] = product = Product(folder / trigger, screen.display)
            product.home.mkdir(mode=0o700)
            (product.home / "config.toml").write_text(settings + SETTINGS)
        with both_recording(list(homes.values()), watched) as recorders:
            settle()
            first.close()
            _play(stage, recorders, folder)
    return homes, watched


def _play(stage: Stage, recorders: Sequence[Popen[str]], folder: Path) -> None:
    control(stage, OF["control"])
    for scene in SCENES:
        scene(stage, OF[scene.__name__])
    incognito(stage, OF["incognito"], folder)
    _kill_the_recorders(stage, recorders, OF["recorder_killed"])
    last = stage.show(OF["at_stop"], VAULT, f"{OF['at_stop'].word} vault")
    stage.focus_ledger()
    settle()
    stage.screen.focus(last.window)  # it has the focus when the recording ends
    settle(0.2)


def _kill_the_recorders(stage: Stage, recorders: Sequence[Popen[str]], secret: Secret) -> None:
    """Kill them in front of an excluded window; the next ones start in front of it."""
    shown = stage.show(secret, VAULT, f"{secret.word} vault")
    stage.focus_ledger()
    settle(0.4)
    killed = [children(one.pid)["recorder"] for one in recorders]
    for process in killed:
        os.kill(process, signal.SIGKILL)

    def started_again() -> bool:
        return all(children(one.pid).get("recorder", old) != old for one, old in zip(recorders, killed, strict=True))

    wait_until(started_again, 30, "no recorder was started again")
    settle(3)
    shown.close()


@pytest.mark.parametrize("case", [name for name in NAMES if name != "control"])
def test_nothing_of_an_excluded_window_is_kept(searched: Searched, case: str) -> None:
    """Neither as text nor as pixels, in no file of the home and in none beside it."""
    assert searched.of(case) == []


@pytest.mark.parametrize(
    ("place", "how"),
    [
        ("spool", "colour"),
        ("video", "colour"),
        ("video", "text"),
        ("timeline.db", "page"),
        ("timeline.db", "table windows"),
    ],
)
def test_an_ordinary_window_is_found(searched: Searched, place: str, how: str) -> None:
    """What is not excluded is found before it is read: without this the suite would prove nothing."""
    assert Finding(OF["control"].word, place, how) in searched.before


@pytest.mark.parametrize(
    ("place", "how"),
    [("timeline.db", "table lines"), ("thumbnails.db", "table thumbnails"), ("index.db", "words of passages_text")],
)
def test_an_ordinary_window_is_found_after_reading(searched: Searched, place: str, how: str) -> None:
    """Text, thumbnail and full-text index of the same window."""
    assert Finding(OF["control"].word, place, how) in searched.after


def test_the_recorder_went_on_beside_what_it_must_not_see(searched: Searched) -> None:
    """Excluding a window does not end the recording of the rest."""
    assert searched.frames >= FEWEST_FRAMES
