"""A recorder at work on a painted desktop, with the real gate, spool, segments and timeline."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from recorder.desktop import Trigger
from recorder.exclusions import DEFAULT_APPS, DEFAULT_TITLES
from recorder.keeper import Keeper
from recorder.pauses import Pauses
from recorder.polling import Polling
from recorder.presence import Attended
from recorder.privacy import Gate
from recorder.recorder import Recorder
from recorder.segments import Segments
from recorder.sights import Documents
from tests.support.painted_desktop import ListedWindows, PaintedScreen, grey, window
from timeline.clock import FixedClock
from timeline.home import Home
from timeline.keys import Key
from timeline.model import Frame, Gap, Interval
from timeline.reader import Reader
from timeline.spool import Spool
from timeline.writer import Writer

SECOND_US = 1_000_000
START_US = 1_795_312_800_000_000
ALL_TIME = Interval(0, 2 * START_US)
KEY = Key(bytes(range(32)), "file")
EDITOR = window(1, "Editor", "notes.txt", active=True)
VAULT = window(2, "KeePassXC", "vault", active=True)


@dataclass(slots=True)
class Desk:
    """A recorder at work on a painted desktop."""

    home: Home
    clock: FixedClock
    screen: PaintedScreen
    windows: ListedWindows
    writer: Writer
    keeper: Keeper
    recorder: Recorder

    def poll(self, seconds: float = 1.0) -> None:
        """Let time pass, then look once."""
        self.clock.advance(seconds)
        self.recorder.step()

    def record_until_a_frame_is_kept(self) -> bool:
        """Run the recorder's loop until it has kept its first frame, stop it and tell whether it has ended."""
        stop = threading.Event()
        thread = threading.Thread(target=self.recorder.run, args=(stop,))
        thread.start()
        while not self.frames():
            thread.join(0.02)
        stop.set()
        thread.join(10)
        return not thread.is_alive()

    def frames(self, monitor: int | None = None) -> list[Frame]:
        """All committed frames, in time order."""
        with Reader.open(self.home, KEY) as reader:
            return reader.frames(ALL_TIME, monitor)

    def gaps(self) -> list[Gap]:
        """All gaps, in time order."""
        with Reader.open(self.home, KEY) as reader:
            return reader.gaps(ALL_TIME)


@contextmanager
def open_desk(
    folder: Path,
    trigger: Trigger | None = None,
    *,
    presence: Attended | None = None,
    documents: Documents | None = None,
    pauses: Pauses | None = None,
    alone: bool = True,
) -> Iterator[Desk]:
    """One grey monitor with an editor on it, not looked at yet; polled unless a trigger is given."""
    home = Home(folder / "home")
    clock, screen, windows = FixedClock(START_US), PaintedScreen([grey(40)]), ListedWindows((EDITOR,))
    with Writer.open(home, KEY) as writer:
        keeper = Keeper(writer, Spool(home, KEY), Segments(home, KEY, writer))
        recorder = Recorder(
            screen,
            windows,
            trigger or Polling(),
            Gate(DEFAULT_APPS, DEFAULT_TITLES),
            keeper,
            clock,
            interval_s=1.0,
            presence=presence,
            documents=documents,
            pauses=pauses,
            alone=alone,
        )
        yield Desk(home, clock, screen, windows, writer, keeper, recorder)
        recorder.close()


def seconds(at_us: int) -> float:
    """Seconds since the test's start."""
    return (at_us - START_US) / SECOND_US
