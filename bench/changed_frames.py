"""What reading a changed frame costs, beside Tesseract on every changed frame: bench/changed_frames.py --data DIR.

DIR holds workday.py, which plays scenes on a screen of its own (`--scenes FILE` for others).  The recorder keeps the
frames, raw; its worker stands still meanwhile.  Then each frame is read by what changed on it, whole by the same
engine, and by pytesseract in Chinese and English, one after the other in this process; CPU seconds are those of this
process and of the programs it starts.  `--home HOME` takes frames that were kept before; `--keep DIR` keeps them.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from bench.day_player import free_display, start_day
from bench.known_screens import forget_lines
from bench.played_day import follow, states, states_of
from ocr.engines import choose_engine
from ocr.incremental import IncrementalReader
from tests.support.product import Product, children, wait_until
from timeline.home import Home
from timeline.keys import load_key
from timeline.model import ALL_TIME, Frame, Picture
from timeline.pictures import Pictures
from timeline.reader import Reader

START_S = 30.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="the folder of workday.py")
    parser.add_argument("--scenes", type=Path, help="other scenes than those of workday.py")
    parser.add_argument("--home", type=Path, help="a home whose frames wait to be read")
    parser.add_argument("--keep", type=Path, help="keep the home in this new folder")
    options = parser.parse_args()
    if options.data is None and options.home is None:
        parser.error("name --data or --home")
    with tempfile.TemporaryDirectory(prefix="changed-frames-") as scratch:
        home = options.home or record(options.data / "workday.py", options.scenes, Path(scratch))
        if options.keep is not None:
            shutil.copytree(home, options.keep)
        print(json.dumps(measure(Home(home)), indent=1))


def record(player: Path, scenes: Path | None, folder: Path) -> Path:
    """Play the day and return the home in which its frames wait."""
    display, truth, ready, begin = free_display(), folder / "truth.jsonl", folder / "ready", folder / "begin"
    day, product = start_day(player, scenes, display, truth, ready, begin), Product(folder / "home", display)
    try:
        wait_until(ready.exists, START_S, "the virtual screen did not come up")
        recorder = product.start("record")
        wait_until(lambda: product.frames() > 0, START_S, "the recorder kept no frame")
        wait_until(lambda: "worker" in children(recorder.pid), START_S, "no worker was started")
        worker = children(recorder.pid)["worker"]
        os.kill(worker, signal.SIGSTOP)
        begin.touch()
        follow(recorder.pid, lambda: states(truth) < states_of(player, scenes))
        os.kill(worker, signal.SIGKILL)  # it stands still, and would be waited for
        recorder.send_signal(signal.SIGINT)
        recorder.wait(20)
    finally:
        day.wait(60)
    return folder / "home"


def measure(home: Home) -> dict[str, object]:
    """Return what each way took."""
    engine, tesseract = choose_engine("rapidocr"), choose_engine("tesseract")
    reader = IncrementalReader(choose_engine("rapidocr"))
    taken: dict[str, list[float]] = {"what changed": [], "whole": [], "pytesseract, every changed frame": []}
    for frame, picture in _frames(home):
        ways: tuple[Callable[[], object], ...] = (
            lambda: reader.read(picture, frame.start_us),  # noqa: B023
            lambda: engine.read(picture),  # noqa: B023
            lambda: tesseract.read(picture),  # noqa: B023
        )
        for name, way in zip(taken, ways, strict=True):
            forget_lines(engine)
            before_s = _cpu_s()
            way()
            taken[name].append(_cpu_s() - before_s)
    baseline = sum(taken["pytesseract, every changed frame"])
    return {
        name: {
            "frames": len(some),
            "CPU s a frame": round(sum(some) / len(some), 3),
            "median": round(median(some), 3),
            "share of pytesseract": round(sum(some) / baseline, 3),
        }
        for name, some in taken.items()
    }


def _frames(home: Home) -> Iterator[tuple[Frame, Picture]]:
    key = load_key(home)
    with Reader.open(home, key) as reader, Pictures(home, key, reader) as pictures:
        for frame in sorted(reader.frames(ALL_TIME), key=lambda one: one.id):
            yield frame, pictures.bgr(frame)


def _cpu_s() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


if __name__ == "__main__":
    main()
