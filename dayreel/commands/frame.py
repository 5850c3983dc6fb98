"""`dayreel frame`: the picture at a time, as a PNG file."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from dayreel import background, shapes
from dayreel.context import Context
from dayreel.store import Store
from timeline.clock import SECOND_US, iso, to_local
from timeline.errors import NothingFound, UnreadablePicture, WrongUsage
from timeline.model import Frame, Picture
from timeline.phrases import parse_instant, parse_when

STILL_STANDS_US = 8 * SECOND_US  # a recorder writes every 5 s how long a still frame has stood


def run(context: Context, options: argparse.Namespace) -> int:
    """Write the picture of a frame."""
    from ocr.picture_file import save_picture

    if not options.out:
        raise WrongUsage("--out needs the name of a file.")
    if (options.when is None) == (options.id is None):
        raise WrongUsage("Say which frame: WHEN, or --id ID.")
    try:
        with Store.open(context.home, context.settings) as store:
            if options.id is not None:
                frame = _by_id(store, options.id)
            else:
                frame = frame_then(context, store, options.when, options.monitor)
            save_picture(picture_left(store, frame, context.talk), Path(options.out))
            windows = [shapes.placed(one) for one in store.reader.windows_of(frame.id)]
    except NothingFound as nothing:
        if context.as_json:
            context.data(None)
        context.talk(f"dayreel: {nothing}")
        return nothing.exit_code
    if context.as_json:
        context.data(
            {
                "id": str(frame.id),
                "start": iso(frame.start_us, frame.offset_s),
                "end": iso(frame.end_us, frame.offset_s),
                "monitor": frame.monitor,
                "width": frame.width,
                "height": frame.height,
                "app": frame.window.app,
                "title": frame.window.title,
                "url": frame.window.url,
                "windows": windows,
                "file": options.out,
            }
        )
    else:
        context.talk(f"{options.out}: {frame.width}x{frame.height}, {iso(frame.start_us, frame.offset_s)}")
    return 0


def picture_left(store: Store, frame: Frame, talk: Callable[[str], None]) -> Picture:
    """Return the picture of a frame, the small one where the large one is gone, saying so."""
    try:
        return store.pictures.bgr(frame)
    except UnreadablePicture as gone:
        small = store.thumbnails.of(frame)
        if small is None:
            raise
        talk(f"{gone} Written was the small picture that is left ({small.shape[1]}x{small.shape[0]}).")
        return small


def frame_then(context: Context, store: Store, when: str, monitor: int | None = None) -> Frame:
    """Return the frame whose span holds a time, or the first one inside a phrase's interval.

    Raises NothingFound, with the reason where one is known.
    """
    now = to_local(context.clock.now_us())
    then, instant_us = parse_when(when, now), parse_instant(when, now)
    found = store.reader.frame_at(instant_us, monitor)
    if found is None and background.recording(context.home):
        found = _standing_now(store, instant_us, context.clock.now_us(), monitor)
    if found is None and then.end_us - then.start_us > 1:
        found = next(iter(store.reader.frames(then, monitor)), None)
    if found is not None:
        return found
    reason = next((f" ({gap.reason})" for gap in store.reader.gaps(then)), "")
    raise NothingFound(f"Nothing was recorded at {shapes.local(instant_us)}{reason}.")


def _standing_now(store: Store, at_us: int, now_us: int, monitor: int | None) -> Frame | None:
    """Return the frame that stands since the recorder last wrote how long it has stood."""
    last = store.reader.frame_at(at_us - STILL_STANDS_US, monitor) if at_us <= now_us else None
    newest = store.reader.frame_at(last.end_us - 1, monitor) if last is not None else None
    return newest if newest is not None and at_us - newest.end_us < STILL_STANDS_US else None


def _by_id(store: Store, name: str) -> Frame:
    frame = store.reader.frame(int(name)) if name.isascii() and name.isdecimal() and len(name) < 19 else None
    if frame is None:
        raise NothingFound(f"There is no frame with the id {name}.")
    return frame
