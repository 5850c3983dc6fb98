"""Screenshots to take in, and taking them in through the real writer, spool and segments.

As a program, `python -m tests.support.taking_in HOME FOLDER N` takes a folder in and kills itself after N files.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, tzinfo
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from recorder.importing import import_files
from recorder.intake import ImportReport
from recorder.segments import Segments
from timeline.errors import UnreadablePicture
from timeline.home import Home
from timeline.keys import load_key
from timeline.model import Picture
from timeline.spool import Spool
from timeline.writer import Writer


def paint(path: Path, grey: int, size: tuple[int, int] = (128, 96)) -> None:
    """Write a picture of one grey."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, (grey, grey, grey)).save(path)


def load(path: Path) -> Picture:
    """Return the pixels of a picture file.  Raises UnreadablePicture."""
    try:
        with Image.open(path) as picture:
            return np.ascontiguousarray(np.asarray(picture.convert("RGB"))[..., ::-1])
    except UnidentifiedImageError as error:
        raise UnreadablePicture(f"{path} is no picture.") from error


def take_in(
    home: Home, *paths: Path, on_progress: Callable[[int, int], None] | None = None, zone: tzinfo = UTC
) -> ImportReport:
    """Take pictures in with a writer of its own, on a machine of that zone."""
    key = load_key(home)
    with Writer.open(home, key) as writer:
        segments = Segments(home, key, writer)
        try:
            return import_files(
                paths,
                writer=writer,
                spool=Spool(home, key),
                segments=segments,
                load=load,
                zone=zone,
                on_progress=on_progress,
            )
        finally:
            segments.close()


def _take_in_and_die(home: Path, folder: Path, after: int) -> None:
    def on_progress(done: int, _total: int) -> None:
        if done == after:
            os.kill(os.getpid(), signal.SIGKILL)

    take_in(Home(home), folder, on_progress=on_progress)


if __name__ == "__main__":
    _take_in_and_die(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
