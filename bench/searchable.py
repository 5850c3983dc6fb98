"""How soon what is typed can be found: bench/searchable.py [--lines 60].

Plays on a virtual screen of 1920x1080 with a window manager: a page of text beside a terminal in which words are
typed, which begins to scroll when it is full.  Each word is one that no other line has; the delay is from the writing
to the first look at which its frame is searchable.  At the end each word is searched with the command line.  Printed as
one JSON object, words in the empty part of the terminal and in the scrolling one apart.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.searchable_frames import SearchableFrames, spread, watched
from tests.support.product import Product, children, cpu_s, wait_until
from tests.support.virtual_screen import open_virtual_screen
from timeline.home import Home

ROWS = 30  # of the terminal
SETTLE_S = 12.0  # until the first whole reading is done
STANDS_S = (1.5, 3.5)
SYLLABLES = ("ba", "ko", "ri", "tel", "mun", "sav", "dor", "pli", "gre", "fon", "wex", "jup")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=60, help="words to write")
    options = parser.parse_args()
    print(json.dumps(measure(options.lines), indent=1))


def measure(lines: int) -> dict[str, Any]:
    """Return the figures."""
    with (
        tempfile.TemporaryDirectory(prefix="searchable-") as scratch,
        open_virtual_screen(Path(scratch), 1920, 1080) as screen,
    ):
        home, pipe = Home(Path(scratch) / "home"), Path(scratch) / "pipe"
        os.mkfifo(pipe)
        screen.open_terminal("Reading", "a long page", "100x50+1000+60", script="ls -la /usr/bin | head -48")
        terminal = screen.open_terminal("Writing", "log", f"100x{ROWS}+40+60", script=f"cat {pipe} 2>/dev/null")
        screen.focus(terminal)
        product = Product(home.root, screen.display)
        with pipe.open("w", buffering=1) as typed:
            recorder = product.start("record")
            try:
                wait_until(lambda: product.frames() > 0, 30, "the recorder kept no frame")
                with watched(home) as frames:
                    time.sleep(SETTLE_S)
                    before_s = _spent(recorder.pid)
                    words = _type(typed, lines)
                    wait_until(lambda: product.status()["pending"] == 0, 60, "frames are not read")
                    spent_s = {name: seconds - before_s[name] for name, seconds in _spent(recorder.pid).items()}
            finally:
                recorder.send_signal(signal.SIGINT)
                recorder.wait(15)
        return _figures(product, frames, words) | {"CPU s": {name: round(s, 1) for name, s in spent_s.items()}}


def _type(typed: Any, lines: int) -> list[tuple[str, float]]:
    chosen, words = random.Random(11), []
    for number in range(lines):
        word = "".join(chosen.sample(SYLLABLES, 4))
        words.append((word, time.time()))
        typed.write(f"note {number} about {word} of the day\n")
        time.sleep(chosen.uniform(*STANDS_S))
    return words


def _figures(product: Product, frames: SearchableFrames, words: list[tuple[str, float]]) -> dict[str, Any]:
    delays = [None if (done := frames.first_after(at)) is None else done - at for _, at in words]
    found = [bool(product.data("search", f'"{word}"', "--mode", "text")) for word, _ in words]
    parts = {"typed": delays[: ROWS - 2], "typed and scrolled": delays[ROWS - 2 :]}
    return {
        "words": len(words),
        "found by search": sum(found),
        "seconds until searchable": {
            name: spread(sorted(one for one in some if one is not None)) for name, some in parts.items()
        },
    }


def _spent(supervisor: int) -> dict[str, float]:
    return {name: cpu_s(process) for name, process in children(supervisor).items()}


if __name__ == "__main__":
    main()
