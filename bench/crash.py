"""Kills the recorder and the worker at random instants while the screen changes, and looks at what is left.

    python bench/crash.py [--kills 200] [--worker-kills 20] [--minutes 10] [--seed 1] [--read]

Both processes run as the supervisor runs them, without it: it would give up a child that dies so often.  A killed one
is started again at once, so it is also killed while it starts and mends.  Meanwhile a reader of the store notes every
frame that it sees committed: the baseline of what must be found in the end.

Printed as one JSON object: databases that are not whole; frames; committed frames that were seen and are gone; frames
without a picture; half done frames, the most that one kill left (in the segment and not committed, which is the only
loss there can be); seconds from the newest instant that the store knew of to the kill; how many gaps say that the
recorder was killed, and seconds that neither a frame nor a gap accounts for; with --read the same after all was read
(the spool is empty then, so the video alone holds the pictures) and the frames never read.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bench.busy_screen import open_busy_screen, recording_environment
from bench.left_store import broken_databases, lost_pictures
from tests.support.product import ROOT, Product, wait_until
from timeline.clock import SECOND_US
from timeline.home import Home
from timeline.keys import Key, derive, load_key
from timeline.model import ALL_TIME, Segment
from timeline.reader import Reader
from timeline.rows import SEGMENT_QUERY, segment_of
from timeline.video import decodable_pts
from timeline.writer import Writer

MODULES = {"recorder": "dayreel.recorder_process", "worker": "dayreel.worker_process"}
FIRST_FRAME_S = 60.0
LOOK_S = 0.05  # between two looks at what was committed
END_S = 30.0


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What is left after the kills; what may be lost is 0 when all is well."""

    kills: dict[str, int]
    broken_databases: list[str]
    frames: int
    seen_committed: int
    seen_and_gone: int
    without_picture: int
    half_done: int
    most_half_done: int
    unknown_s: dict[str, float]
    """From the newest instant the store knew of to the kill, where the killed recorder had kept a frame."""
    killed_gaps: int
    told_kills: int
    untold_kills: int
    unaccounted_s: float
    without_picture_when_read: int | None
    never_read: int | None


@dataclass(slots=True)
class _Notes:
    """What was seen while it happened."""

    committed: dict[int, int] = field(default_factory=dict)
    """Frames and the instants at which they began."""
    half_done: set[tuple[int, int]] = field(default_factory=set)
    most_half_done: int = 0
    unknown_s: list[float] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200, help="of the recorder")
    parser.add_argument("--worker-kills", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--read", action="store_true", help="read all frames in the end, which takes long")
    options = parser.parse_args()
    kills = {"recorder": options.kills, "worker": options.worker_kills}
    with tempfile.TemporaryDirectory(prefix="crash-") as folder:
        dice = random.Random(options.seed)
        left = kill_and_look(Path(folder), kills, 60 * options.minutes, dice, read=options.read)
    print(json.dumps(asdict(left), indent=1))


def kill_and_look(folder: Path, kills: dict[str, int], seconds: float, dice: random.Random, *, read: bool) -> Aftermath:
    """Record a busy screen for so long, kill each role so often, and return what is left."""
    home = Home(folder / "home")
    due = sorted((dice.uniform(0, seconds), role) for role, count in kills.items() for _ in range(count))
    with open_busy_screen(folder / "programs") as screen:
        home.create()
        key = load_key(home, create=True)
        Writer.open(home, key).close()
        notes = _hound(home, key, screen.display, due)
    broken, found = broken_databases(home), _begun(home, key)
    gone = sum(found.get(frame_id) != begun_us for frame_id, begun_us in notes.committed.items())
    without, (told, untold) = lost_pictures(home), _kills_told(home, key)
    if read:
        Product(home.root).run("work", "--until-idle")
    return Aftermath(
        kills=kills,
        broken_databases=sorted({*broken, *broken_databases(home)}),
        frames=len(found),
        seen_committed=len(notes.committed),
        seen_and_gone=gone,
        without_picture=without,
        half_done=len(notes.half_done),
        most_half_done=notes.most_half_done,
        unknown_s={"median": _rounded(statistics.median(notes.unknown_s)), "most": _rounded(max(notes.unknown_s))},
        killed_gaps=_killed_gaps(home, key),
        told_kills=told,
        untold_kills=untold,
        unaccounted_s=_rounded(unaccounted_us(*_accounts(home, key)) / SECOND_US),
        without_picture_when_read=lost_pictures(home) if read else None,
        never_read=_never_read(home, key) if read else None,
    )


def _hound(home: Home, key: Key, display: str, due: Sequence[tuple[float, str]]) -> _Notes:
    """Run both processes, kill each when it is due and start it again; end them in the end."""
    notes = _Notes()
    processes = {role: _start(home, display, role) for role in MODULES}
    started_us = dict.fromkeys(MODULES, _now_us())
    with Reader.open(home, key) as reader:
        try:
            wait_until(lambda: _look(reader, notes) > 0, FIRST_FRAME_S, "the recorder kept no frame")
            begin = time.monotonic()
            for at_s, role in due:
                while time.monotonic() < begin + at_s:
                    _look(reader, notes)
                    time.sleep(LOOK_S)
                _kill(processes[role])
                if role == "recorder":
                    _note_kill(home, key, reader, notes, started_us[role])
                processes[role], started_us[role] = _start(home, display, role), _now_us()
            before = _look(reader, notes)
            wait_until(lambda: _look(reader, notes) > before, FIRST_FRAME_S, "the recorder did not go on")
        finally:
            for process in processes.values():
                _close_pipe(process)  # as a supervisor that ends
            for process in processes.values():
                process.wait(END_S)
    return notes


def _start(home: Home, display: str, role: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", MODULES[role], "--home", str(home.root)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, cwd=ROOT, env=recording_environment(display))


def _kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    _close_pipe(process)


def _close_pipe(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    with suppress(BrokenPipeError):  # it was killed
        process.stdin.write(b".")  # says that its supervisor ends: without this byte it was killed
        process.stdin.flush()
    with suppress(BrokenPipeError):
        process.stdin.close()


def _look(reader: Reader, notes: _Notes) -> int:
    """Note the frames that were committed since the last look and return how many there are."""
    newest = max(notes.committed, default=0)
    rows = reader.db.conn.execute("SELECT id, start_us FROM frames WHERE id > ?", [newest]).fetchall()
    notes.committed.update(rows)
    return len(notes.committed)


def _note_kill(home: Home, key: Key, reader: Reader, notes: _Notes, started_us: int) -> None:
    """Note what the recorder that has just been killed left half done, and what the store knows."""
    killed_us = _now_us()
    _look(reader, notes)
    left = {mark for segment in _open_segments(reader) for mark in _uncommitted(home, key, reader, segment)}
    notes.most_half_done = max(notes.most_half_done, len(left - notes.half_done))
    notes.half_done |= left
    (known_us,) = reader.db.conn.execute("SELECT max(end_us) FROM frames WHERE start_us >= ?", [started_us]).fetchone()
    if known_us is not None:
        notes.unknown_s.append(max(0, killed_us - known_us) / SECOND_US)


def _open_segments(reader: Reader) -> list[Segment]:
    return [segment_of(row) for row in reader.db.conn.execute(f"{SEGMENT_QUERY} WHERE closed = 0")]


def _uncommitted(home: Home, key: Key, reader: Reader, segment: Segment) -> set[tuple[int, int]]:
    """Return the frames of a segment's file that were never committed, by segment and time."""
    rows = reader.db.conn.execute("SELECT pts_us FROM frames WHERE segment_id = ?", [segment.id])
    known = {pts_us for (pts_us,) in rows}
    path = home.video / segment.name
    times = decodable_pts(path, derive(key, "video")) if path.exists() else []
    return {(segment.id, pts_us) for pts_us in times if pts_us not in known}


def _begun(home: Home, key: Key) -> dict[int, int]:
    with Reader.open(home, key) as reader:
        return {frame.id: frame.start_us for frame in reader.frames(ALL_TIME)}


def _kills_told(home: Home, key: Key) -> tuple[int, int]:
    """Return how many runs of the recorder before the last are told as killed, and how many are not."""
    with Reader.open(home, key) as reader:
        rows = reader.db.conn.execute("SELECT reason FROM recordings ORDER BY id").fetchall()
    told = sum(reason == "the recorder was killed" for (reason,) in rows[:-1])
    return told, len(rows[:-1]) - told


def _killed_gaps(home: Home, key: Key) -> int:
    with Reader.open(home, key) as reader:
        return sum(gap.reason == "the recorder was killed" for gap in reader.gaps(ALL_TIME))


def _accounts(home: Home, key: Key) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return the stretches of frames and of gaps."""
    with Reader.open(home, key) as reader:
        frames = [(frame.start_us, frame.end_us) for frame in reader.frames(ALL_TIME)]
        return frames, [(gap.start_us, gap.end_us) for gap in reader.gaps(ALL_TIME)]


def unaccounted_us(frames: Iterable[tuple[int, int]], gaps: Iterable[tuple[int, int]]) -> int:
    """Return how long, between the first frame and the last, neither a frame nor a gap tells what was."""
    stretches = sorted(frames)
    if not stretches:
        return 0
    reached, end, missing = stretches[0][0], max(stop for _, stop in stretches), 0
    for start, stop in sorted([*stretches, *gaps]):
        missing += max(0, min(start, end) - reached)
        reached = max(reached, stop)
    return missing


def _never_read(home: Home, key: Key) -> int:
    """Return how many frames have no reading."""
    with Reader.open(home, key) as reader:
        rows = reader.db.conn.execute(
            "SELECT count(*) FROM frames f LEFT JOIN readings r ON r.frame_id = f.id WHERE r.frame_id IS NULL"
        )
        return int(rows.fetchone()[0])


def _now_us() -> int:
    return time.time_ns() // 1000


def _rounded(seconds: float) -> float:
    return round(seconds, 3)


if __name__ == "__main__":
    main()
