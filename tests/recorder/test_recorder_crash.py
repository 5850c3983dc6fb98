"""A recorder killed without warning: what was committed is there, and the next start goes on."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from recorder.segments import Segments
from timeline.home import Home
from timeline.keys import Key, derive
from timeline.model import Interval
from timeline.reader import Reader
from timeline.spool import Spool
from timeline.video import decodable_pts
from timeline.writer import Writer

pytestmark = pytest.mark.crash

KEY = Key(bytes(range(32)), "file")
ROUNDS = 5
RECORDING = """
import sys, threading
from pathlib import Path
import numpy as np
from recorder.keeper import Keeper
from recorder.polling import Polling
from recorder.privacy import Gate
from recorder.recorder import Recorder
from recorder.segments import Segments
from tests.support.painted_desktop import ListedWindows, PaintedScreen, grey, window
from timeline.clock import SystemClock
from timeline.home import Home
from timeline.keys import Key, derive
from timeline.spool import Spool
from timeline.writer import Writer

class BusyScreen(PaintedScreen):
    grabs = 0

    def grab(self, monitor, part=None):
        self.grabs += 1
        if self.grabs == 3:  # two frames have been committed
            print("recording", flush=True)
        self.pictures = [np.random.default_rng().integers(0, 255, (200, 320, 4), np.uint8)]
        return super().grab(monitor, part)

home, key = Home(Path(sys.argv[1])), Key(bytes(range(32)), "file")
writer = Writer.open(home, key)
keeper = Keeper(writer, Spool(home, key), Segments(home, key, writer))
recorder = Recorder(BusyScreen([grey(0)]), ListedWindows((window(1, "Editor", "notes", active=True),)), Polling(),
                    Gate([], []), keeper, SystemClock(), interval_s=0.0, poll_s=0.0)
recorder.run(threading.Event())
"""


def record_until_killed(home: Home, after_s: float) -> None:
    """Record as fast as possible in a process of its own and kill it some time after its first frames."""
    command = [sys.executable, "-c", RECORDING, str(home.root)]
    with subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"recording\n"
        time.sleep(after_s)
        os.kill(process.pid, signal.SIGKILL)


def test_every_committed_frame_is_decodable_after_kill_9(tmp_path: Path) -> None:
    """Killed at random instants, the recorder loses no committed frame, and the next start has nothing to mend."""
    home, moments = Home(tmp_path / "home"), random.Random(7)
    for _ in range(ROUNDS):
        record_until_killed(home, 0.4 * moments.random())
    with Reader.open(home, KEY) as reader:
        frames = reader.frames(Interval(0, 1 << 60))
        decodable = {
            segment_id: set(decodable_pts(home.video / reader.segment(segment_id).name, derive(KEY, "video")))
            for segment_id in {frame.segment_id for frame in frames}
        }
    assert len(decodable) == ROUNDS
    assert [frame.id for frame in frames if frame.pts_us not in decodable[frame.segment_id]] == []
    with Writer.open(home, KEY) as writer:
        assert Segments(home, KEY, writer).close_left_open(Spool(home, KEY)) == 0
        assert writer.open_segments() == []
