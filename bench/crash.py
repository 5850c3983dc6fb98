"""Kills the recorder and the worker at random moments while the screen changes, and looks at what is left.

    python bench/crash.py [--kills 10] [--seed N]        kills each of the two that often

Printed as one JSON object: whether both databases are whole, committed frames, those whose picture could not be had
right after the kills and after all was read, frames never read.  tests/crash runs a short one.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.support.product import Product, children, wait_until
from tests.support.virtual_screen import open_virtual_screen
from timeline.database import open_database
from timeline.errors import UnreadablePicture
from timeline.home import Home
from timeline.keys import load_key
from timeline.model import Interval
from timeline.pictures import Pictures
from timeline.reader import Reader

KILLS_A_SESSION = 4  # fewer of one child than make the supervisor give it up
START_S = 60.0  # a killed child is back, and both have begun to work, within this
END_S = 10.0  # as `dayreel record` promises
ALL_TIME = Interval(0, 2**62)
# A line that differs each time, and a long one now and then, so that each look at the screen finds a change.
BUSY = 'n=0; while :; do n=$((n+1)); echo "09:14:$n uploader finished item $((n*7919 % 9973))"; sleep 0.4; done'


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What is left after the kills; each list of problems is empty when all is well."""

    recorder_kills: int
    worker_kills: int
    broken_databases: list[str]
    frames: int
    lost_after_kills: int
    lost_in_the_end: int
    """Frames without a picture once all were read and the spool was emptied: the video alone."""
    pending: int
    unread: int
    spool_bytes: int
    late_ends: int
    """Sessions that took longer to end than `dayreel record` promises, or not with 0."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=10, help="of each of the two (10)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    dice = random.Random(options.seed)
    victims = ["recorder", "worker"] * options.kills
    with tempfile.TemporaryDirectory(prefix="crash-") as folder:
        print(json.dumps(asdict(kill_and_look(Path(folder), victims, dice)), indent=1))


def kill_and_look(folder: Path, victims: Sequence[str], dice: random.Random) -> Aftermath:
    """Record a busy screen, kill the victims one after the other and return what is left."""
    home = Home(folder / "home")
    (folder / "programs").mkdir()
    late_ends = 0
    with open_virtual_screen(folder / "programs") as screen:
        product = Product(home.root, screen.display)
        screen.open_terminal("Busy", "uploader log", "110x40+20+20", BUSY)
        for start in range(0, len(victims), KILLS_A_SESSION):
            late_ends += not _session(product, victims[start : start + KILLS_A_SESSION], dice)
    broken, lost = broken_databases(home), lost_pictures(home)
    product.run("work", "--until-idle")
    status = product.status()
    return Aftermath(
        recorder_kills=victims.count("recorder"),
        worker_kills=victims.count("worker"),
        broken_databases=sorted({*broken, *broken_databases(home)}),
        frames=status["frames"],
        lost_after_kills=lost,
        lost_in_the_end=lost_pictures(home),
        pending=status["pending"],
        unread=_unread(home),
        spool_bytes=status["bytes"]["spool"],
        late_ends=late_ends,
    )


def broken_databases(home: Home) -> list[str]:
    """Return the names of the databases that SQLite or SQLCipher finds a fault in."""
    broken = []
    for path in (home.database, home.index_database):
        db = open_database(path, load_key(home), read_only=True)
        faults = [row[0] for row in db.conn.execute("PRAGMA cipher_integrity_check")]
        faults += [row[0] for row in db.conn.execute("PRAGMA integrity_check") if row[0] != "ok"]
        db.close()
        broken += [path.name] if faults else []
    return broken


def lost_pictures(home: Home) -> int:
    """Return how many committed frames have no picture of their size."""
    key, lost = load_key(home), 0
    with Reader.open(home, key) as reader, Pictures(home, key, reader) as pictures:
        for frame in reader.frames(ALL_TIME):
            shape = None
            with suppress(UnreadablePicture):
                shape = pictures.bgr(frame).shape
            lost += shape != (frame.height, frame.width, 3)
    return lost


def _session(product: Product, victims: Sequence[str], dice: random.Random) -> bool:
    """Record, kill each victim in its turn, end; tell whether it ended in time and well."""
    recorder = product.start("record")
    try:
        for victim in victims:
            _wait_for_work(product, recorder.pid)
            time.sleep(dice.uniform(0, 3))
            os.kill(children(recorder.pid)[victim], signal.SIGKILL)
        _wait_for_work(product, recorder.pid)
    finally:
        recorder.send_signal(signal.SIGINT)
        told_at = time.monotonic()
        code = recorder.wait(5 * END_S)
    return code == 0 and time.monotonic() - told_at <= END_S


def _wait_for_work(product: Product, supervisor: int) -> None:
    """Wait until both children run and frames come in."""
    wait_until(lambda: len(children(supervisor)) == len(("recorder", "worker")), START_S, "a child did not come back")
    frames = product.frames()
    wait_until(lambda: product.frames() > frames, START_S, "no new frames came in")


def _unread(home: Home) -> int:
    """Return how many frames have no reading."""
    with Reader.open(home, load_key(home)) as reader:
        rows = reader.db.conn.execute(
            "SELECT count(*) FROM frames f LEFT JOIN readings r ON r.frame_id = f.id WHERE r.frame_id IS NULL"
        )
        return int(rows.fetchone()[0])


if __name__ == "__main__":
    main()
