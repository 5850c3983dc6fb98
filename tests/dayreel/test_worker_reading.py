"""The worker on what it reads: waiting for power, and reading what moved in vain once it rests."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import numpy as np
import pytest

from dayreel.reading import SETTLE_AFTER_S, FrameReading
from dayreel.settings import IndexSettings, OcrSettings, Settings
from dayreel.worker import Worker
from ocr.engine import holds
from tests.support.stores import NOON_US, SECOND_US, StoreUnderTest, line
from timeline.model import Box, Frame, Line, Picture, Window
from timeline.spool import Spool

PLACE = Box(100, 100, 420, 132)


@dataclass(slots=True)
class Counting:
    """An engine that reads one line where the picture is not white, and counts how often it is asked."""

    name: str = "counting"
    asked: list[Box | None] = field(default_factory=list)

    def read(self, picture: Picture, part: Box | None = None) -> list[Line]:
        self.asked.append(part)
        shade = int(picture[116, 108, 0])
        found = [Line("a film", PLACE, 0.6)] if shade < 200 else []
        return [one for one in found if holds(part, one.box)]


def film(shade: int) -> Picture:
    """Return a white picture with noise at one place."""
    picture = np.full((360, 640, 3), 255, np.uint8)
    noise = np.random.default_rng(shade).integers(0, 160, (32, 320, 3), np.uint8)
    picture[100:132, 100:420] = noise
    return picture


def frame(number: int) -> Frame:
    """Return the frame of so many seconds after noon."""
    at_us = NOON_US + number * SECOND_US
    return Frame(number, 0, at_us, at_us, 0, 640, 360, Window(), 1, 1, 0, None, "screen")


def test_what_moves_in_vain_is_left_alone() -> None:
    """Of sixty pictures of a film fewer than half are read, and what is missed is told."""
    engine = Counting()
    reading = FrameReading(OcrSettings(), engine)
    for number in range(60):
        reading.read(frame(number), film(number))
    assert len(engine.asked) < 30


def test_what_was_left_out_is_read_when_it_rests() -> None:
    """The newest frame, once, when nothing has waited for a while."""
    reading = FrameReading(OcrSettings(), Counting())
    for number in range(6):
        reading.read(frame(number), film(number))
    assert list(reading.fuller(SETTLE_AFTER_S / 2)) == []
    assert [one.frame.id for one in reading.fuller(SETTLE_AFTER_S)] == [5]
    assert list(reading.fuller(SETTLE_AFTER_S)) == []


def test_two_monitors_do_not_mix() -> None:
    """The picture of one is not compared with that of the other."""
    engine = Counting()
    reading = FrameReading(OcrSettings(), engine)
    for monitor in (0, 1, 0, 1):
        one = frame(monitor)
        reading.read(
            Frame(**{**{name: getattr(one, name) for name in one.__slots__}, "monitor": monitor}), film(monitor)
        )
    assert engine.asked == [None, None]


def test_reading_waits_for_power(store: StoreUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below the level a frame stays a job; it is read as soon as the battery is charged."""
    low = [True]
    monkeypatch.setattr("dayreel.worker.battery_below", lambda percent: low[0] and percent == 15)
    monkeypatch.setattr("dayreel.worker.WAIT_LOOK_S", 0.0)
    entry = Spool(store.home, store.key).put(film(1))
    frame_id = store.writer.add_frame(store.new_frame(0, width=640, height=360, spool_name=entry))
    stop = threading.Event()
    with Worker(store.home, Settings(index=IndexSettings(embedder="none"), ocr=OcrSettings())) as worker:
        worker._reading = FrameReading(OcrSettings(), Counting())
        thread = threading.Thread(target=worker.work, args=(stop,))
        thread.start()
        try:
            stop.wait(1.5)
            assert store.reader.counts().pending == 1
            low[0] = False
            for _ in range(200):
                if not store.reader.counts().pending:
                    break
                stop.wait(0.1)
        finally:
            stop.set()
            thread.join()
    assert [one.text for one in store.reader.lines(frame_id)] == [line("a film").text]
