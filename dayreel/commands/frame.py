"""`dayreel frame`: the picture at a time, as a PNG file."""

from __future__ import annotations

import argparse
from pathlib import Path

from dayreel import shapes
from dayreel.context import Context
from dayreel.store import Store
from timeline.clock import iso, to_local
from timeline.errors import NothingFound, WrongUsage
from timeline.model import Frame
from timeline.phrases import parse_instant, parse_when


def run(context: Context, options: argparse.Namespace) -> int:
    """Write the picture of a frame."""
    from ocr.picture_file import save_picture

    if (options.when is None) == (options.id is None):
        raise WrongUsage("Say which frame: WHEN, or --id ID.")
    try:
        with Store.open(context.home, context.settings) as store:
            frame = (
                _by_id(store, options.id) if options.id else frame_then(context, store, options.when, options.monitor)
            )
            save_picture(store.pictures.bgr(frame), Path(options.out))
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
                "file": options.out,
            }
        )
    else:
        context.talk(f"{options.out}: {frame.width}x{frame.height}, {iso(frame.start_us, frame.offset_s)}")
    return 0


def frame_then(context: Context, store: Store, when: str, monitor: int | None = None) -> Frame:
    """Return the frame whose span holds a time, or the first one inside a phrase's interval.

    Raises NothingFound, with the reason where one is known.
    """
    now = to_local(context.clock.now_us())
    then, instant_us = parse_when(when, now), parse_instant(when, now)
    found = store.reader.frame_at(instant_us, monitor)
    if found is None and then.end_us - then.start_us > 1:
        found = next(iter(store.reader.frames(then, monitor)), None)
    if found is not None:
        return found
    reason = next((f" ({gap.reason})" for gap in store.reader.gaps(then)), "")
    raise NothingFound(f"Nothing was recorded at {shapes.local(instant_us)}{reason}.")


def _by_id(store: Store, name: str) -> Frame:
    frame = store.reader.frame(int(name)) if name.isdecimal() and len(name) < 19 else None
    if frame is None:
        raise NothingFound(f"There is no frame with the id {name}.")
    return frame
