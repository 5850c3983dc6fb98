"""Stores with something to forget: frames of written pages with real video, read as they are written."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from tests.support.stores import NOON_US, SECOND_US, StoreUnderTest, lines
from timeline.forgetting.applying import apply
from timeline.forgetting.neighbours import Neighbours
from timeline.forgetting.plan import Plan, Selection
from timeline.forgetting.selection import select
from timeline.keys import derive
from timeline.model import Interval, Line, Picture, PlacedWindow, Window
from timeline.pictures import Pictures
from timeline.plain_pages import plain_pages
from timeline.video import SegmentWriter

SIZE = (640, 360)
NAME = "2025-11-22/120000-m0-0000000a.mp4.sealed"
SHELL = Window("xterm", "shell")


def seconds(start_s: float, end_s: float) -> Interval:
    """Return an interval in seconds after noon."""
    return Interval(NOON_US + round(start_s * SECOND_US), NOON_US + round(end_s * SECOND_US))


def written(what: Sequence[Line]) -> Picture:
    """Return a white page with lines of text where their boxes are."""
    picture = np.full((SIZE[1], SIZE[0], 3), 255, np.uint8)
    for line in what:
        at = (line.box.x0, line.box.y1 - 4)
        cv2.putText(picture, line.text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.5, (20, 20, 20), 1, cv2.LINE_AA)
    return picture


def film(
    store: StoreUnderTest,
    pages: Sequence[Sequence[str]],
    windows: Sequence[Window] = (),
    placed: Sequence[PlacedWindow] = (),
    unread: Sequence[int] = (),
) -> list[int]:
    """Record pages of text, a second apart, into one closed segment, read them, and return the ids of the frames.

    `unread`: of these, by their place, nothing was read.
    """
    path = store.home.video / NAME
    path.parent.mkdir(exist_ok=True)
    segment_id, ids = store.writer.open_segment(NAME, 0, NOON_US, *SIZE), list[int]()
    with SegmentWriter.create(path, derive(store.key, "video"), *SIZE, NOON_US, 16, 10) as file:
        for number, texts in enumerate(pages):
            read = lines(*texts)
            pts_us = file.write(written(read), NOON_US + number * SECOND_US)
            window = windows[number] if windows else SHELL
            new = store.new_frame(
                number,
                window,
                segment_id=segment_id,
                pts_us=pts_us,
                width=SIZE[0],
                height=SIZE[1],
                windows=tuple(placed),
            )
            ids.append(store.writer.add_frame(new))
            store.read(ids[-1], [] if number in unread else read)
    store.writer.close_segment(segment_id)
    return ids


def forget(store: StoreUnderTest, selection: Selection, *, look: bool = False) -> Plan:
    """Forget, with or without a look at the pixels beside."""
    plan = select(store.reader.db, selection)
    if look:
        with Pictures(store.home, store.key, store.reader) as pictures:
            plan = Neighbours(store.reader.db, lambda one: pictures.bgr(store.reader.frame(one)), selection.text).added(
                plan
            )
    return apply(store.writer, selection, plan)


def texts_of(store: StoreUnderTest) -> list[str]:
    """Return the texts of all passages."""
    return [one.text for one in store.reader.changed_passages(0, 1000)]


def in_pages(store: StoreUnderTest, word: str) -> bool:
    """Tell whether a word stands in a page of the timeline or of its log, as they lie on the disk."""
    return any(word.encode() in page for page in plain_pages(store.home.database, store.key))
