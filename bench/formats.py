"""Bytes an hour of ways to keep one screen, and what can be read on what they kept.

    python bench/formats.py --data DIR [--scenes FILE] [--keep FOLDER] [--states 24]
    python bench/formats.py --folder FOLDER [--states 24]

The first plays the day of DIR/workday.py with the recorder's process and a camera beside it (bench/played_screens.py)
and compares; the second compares again what was kept, say after `dayreel work --tidy` on FOLDER/home.

Printed for each way, fed by the same screen: frames, megabytes an hour, how many times less than raw frames (BGRA, four
bytes a pixel) every two seconds, CPU milliseconds of coding a frame (median), and the percentage of the words and
Chinese characters of the states shown (DIR's truth, evenly chosen states) that the product's engine reads on the
picture that the way gives for the middle of the state.  "exact" are the kept frames without any loss: the baseline of
the reading.  PNG, JPEG and WebP hold each frame that the recorder kept; "every 2 s" is H.264 (crf 22, veryfast, a key
frame every 60) of the screen every two seconds; "segments" are the recorder's files as they are now, "re-encoded" the
bytes of their frames coded as timeline.reencoding would.  Then the other files of the home, in megabytes an hour.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from bench.day_truth import State, read_truth
from bench.encodings import Coded, Encoder, Setting, decode, x264
from bench.played_screens import STEP_S, Played, play
from bench.word_recall import words_found
from ocr.engines import choose_engine
from timeline import reencoding
from timeline.clock import SECOND_US
from timeline.encoders import GOP
from timeline.keys import load_key
from timeline.model import ALL_TIME, Frame, Picture
from timeline.pictures import Pictures
from timeline.reader import Reader
from timeline.spool import Spool

EVERY_TWO_SECONDS = Setting(22, 60, x264("veryfast"))
SMALLER = Setting(reencoding.QUALITIES[0], GOP, reencoding.SMALLEST)
STILLS: dict[str, dict[str, Any]] = {
    "PNG": {"format": "PNG"},
    "JPEG q80": {"format": "JPEG", "quality": 80},
    "WebP q85": {"format": "WEBP", "quality": 85},
}


@dataclass(frozen=True, slots=True)
class Kept:
    """What one way keeps of a day: its pictures' instants, their bytes and CPU, and the pictures at chosen places."""

    name: str
    times_s: Sequence[float]
    size_bytes: int
    cpu_ms: Sequence[float]
    pictures: dict[int, Picture]


Wanted = Callable[[Sequence[float]], set[int]]
"""Which places of a series of instants are to be read."""


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="formats-") as scratch:
        if options.folder:
            played = Played(options.folder)
        else:
            played = play(options.data / "workday.py", options.scenes, options.keep or Path(scratch) / "played")
        compare(played, options.states)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--data", type=Path, help="the folder of workday.py")
    source.add_argument("--folder", type=Path, help="a folder that was kept before")
    parser.add_argument("--scenes", type=Path, help="other scenes than those of workday.py")
    parser.add_argument("--keep", type=Path, help="keep home, truth and exact screens in this new folder")
    parser.add_argument("--states", type=int, default=24, help="how many states are read in each way; 0 for none")
    return parser.parse_args()


def compare(played: Played, states: int) -> None:
    """Print the table."""
    ticks = played.ticks()
    hours = (ticks[-1].at_s - ticks[0].at_s + STEP_S) / 3600
    chosen = _evenly([one for one in read_truth(played.truth) if one.texts and not one.secret], states)
    middles = [(state.start + state.end) / 2 for state in chosen]
    key = load_key(played.home)
    with Reader.open(played.home, key) as reader, Pictures(played.home, key, reader) as pictures:
        frames, spool = reader.frames(ALL_TIME), Spool(played.home, key)
        raw_bytes = 4 * frames[0].width * frames[0].height * len(ticks)
        print(f"{60 * hours:.1f} minutes, {len(frames)} frames kept, {len(ticks)} looks; raw {raw_bytes / 1e9:.1f} GB")
        print(f"{'':12}{'frames':>7}{'MB/hour':>9}{'ratio':>8}{'CPU ms':>8}{'read %':>8}")

        def wanted(times_s: Sequence[float]) -> set[int]:
            return {place_at(times_s, middle) for middle in middles}

        for kept in _ways(played, frames, spool, pictures, wanted):
            share = _read(kept, chosen, middles)
            print(
                f"{kept.name:12}{len(kept.times_s):7}{kept.size_bytes / hours / 1e6:9.2f}"
                f"{raw_bytes / max(1, kept.size_bytes):8.0f}{statistics.median(kept.cpu_ms or [0]):8.1f}{share:8.2f}",
                flush=True,
            )
    for name, size_bytes in _other_files(played).items():
        print(f"{name:12}{'':7}{size_bytes / hours / 1e6:9.2f}")


def _ways(played: Played, frames: Sequence[Frame], spool: Spool, pictures: Pictures, wanted: Wanted) -> Iterator[Kept]:
    """Yield what each way keeps."""
    times_s = [frame.start_us / SECOND_US for frame in frames]
    places = wanted(times_s)
    exact = {place: _exact(spool, frames[place]) for place in places}
    yield Kept("exact", times_s, sum(4 * frame.width * frame.height for frame in frames), [], exact)
    for name, options in STILLS.items():
        yield _stills(name, options, times_s, (_exact(spool, frame) for frame in frames), places)
    yield _grid(played, wanted)
    video_bytes = sum(path.stat().st_size for path in played.home.video.rglob("*") if path.is_file())
    decoded = {place: _decoded(pictures, frames[place]) for place in places}
    yield Kept("segments", times_s, video_bytes, [], decoded)
    yield _smaller(frames, pictures, times_s, places)


def _exact(spool: Spool, frame: Frame) -> Picture:
    """Return a frame as it was grabbed; a home whose frames were read has none left."""
    picture = None if frame.spool_name is None else spool.get(frame.spool_name)
    if picture is None:
        raise SystemExit("formats: the spool no longer holds every frame exactly; play the day again")
    return picture


def _decoded(pictures: Pictures, frame: Frame) -> Picture:
    return pictures.bgr(replace(frame, spool_name=None))


def _stills(
    name: str, options: dict[str, Any], times_s: Sequence[float], screens: Iterable[Picture], places: set[int]
) -> Kept:
    """Return what a format of still pictures makes of every frame."""
    size_bytes, cpu_ms, pictures = 0, [], {}
    for place, screen in enumerate(screens):
        file, started = BytesIO(), time.process_time()
        Image.fromarray(np.ascontiguousarray(screen[:, :, ::-1])).save(file, **options)
        cpu_ms.append(1000 * (time.process_time() - started))
        size_bytes += file.tell()
        if place in places:
            pictures[place] = np.ascontiguousarray(np.asarray(Image.open(file).convert("RGB"))[:, :, ::-1])
    return Kept(name, times_s, size_bytes, cpu_ms, pictures)


def _grid(played: Played, wanted: Wanted) -> Kept:
    """Return what H.264 makes of the screen every two seconds."""
    ticks, spool = played.ticks(), played.exact()
    times_s = [tick.at_s for tick in ticks]
    return _video(
        "every 2 s", EVERY_TWO_SECONDS, times_s, _seen(spool, [tick.entry for tick in ticks]), wanted(times_s)
    )


def _seen(spool: Spool, entries: Iterable[str]) -> Iterator[Picture]:
    """Yield the exact screens of some looks; one that did not change is read once."""
    for name, same in groupby(entries):
        picture = spool.get(name)
        assert picture is not None
        for _ in same:
            yield picture


def _smaller(frames: Sequence[Frame], pictures: Pictures, times_s: Sequence[float], places: set[int]) -> Kept:
    """Return what re-encoding makes of the recorder's segments: each by itself, from its decoded frames."""
    size_bytes = 0
    cpu_ms: list[float] = []
    chosen: dict[int, Picture] = {}
    for _, group in groupby(enumerate(frames), key=lambda pair: pair[1].segment_id):
        members = list(group)
        first = members[0][0]
        screens = (_decoded(pictures, frame) for _, frame in members)
        kept = _video("", SMALLER, times_s, screens, {place - first for place in places})
        size_bytes += kept.size_bytes
        cpu_ms += kept.cpu_ms
        chosen.update({first + place: picture for place, picture in kept.pictures.items()})
    return Kept("re-encoded", times_s, size_bytes, cpu_ms, chosen)


def _video(name: str, setting: Setting, times_s: Sequence[float], screens: Iterable[Picture], places: set[int]) -> Kept:
    """Return what an encoder makes of screens."""
    encoder: Encoder | None = None
    coded: list[Coded] = []
    for screen in screens:
        encoder = encoder or Encoder(screen.shape[1], screen.shape[0], setting)
        coded += encoder.encode(screen)
    coded += encoder.finish() if encoder is not None else ()
    pictures = {place: picture for place, picture in enumerate(decode(coded)) if place in places}
    return Kept(name, times_s, sum(len(one.data) for one in coded), [1000 * one.cpu_s for one in coded], pictures)


def _read(kept: Kept, states: Sequence[State], middles: Sequence[float]) -> float:
    """Return the percentage of the states' words that can be read on the pictures kept."""
    engine = choose_engine("auto")
    there = found = 0
    for state, middle in zip(states, middles, strict=True):
        picture = kept.pictures[place_at(kept.times_s, middle)]
        read = words_found(state.texts, (line.text for line in engine.read(picture)))
        there, found = there + read.there, found + read.found
    return 100 * found / there if there else float("nan")


def place_at(times_s: Sequence[float], at_s: float) -> int:
    """Return the place of the last instant that is not after another, the first where all are."""
    return max((place for place, one in enumerate(times_s) if one <= at_s), default=0)


def _evenly(states: Sequence[State], count: int) -> list[State]:
    """Return so many states, evenly spread."""
    if count >= len(states):
        return list(states)
    return [states[place * len(states) // count] for place in range(count)]


def _other_files(played: Played) -> dict[str, int]:
    """Return the bytes of the home's other files, without the spool, which is only waiting to be read."""
    groups = {
        "timeline": "timeline.db*",
        "index": "index.db*",
        "vectors": "vectors.index",
        "thumbnails": "thumbnails.db*",
    }
    root = played.home.root
    return {name: sum(path.stat().st_size for path in root.glob(pattern)) for name, pattern in groups.items()}


if __name__ == "__main__":
    main()
