"""What taking in a screen recording costs and finds, beside reading a frame of it every two seconds.

    python bench/video_import.py [--data DIR] [--clip FILE]

DIR holds one folder a sequence of screens: PNG files, each with a JSON file of the same name that lists its words
({"words": [{"t": text}]}).  A clip of them is made (H.264, 30 pictures a second, each screen shown for two to six
seconds); without DIR the bundled recording is taken, whose words are not known.  FILE names a clip of one's own
instead: then only the speed is told.

Printed for both ways: frames, CPU seconds of decoding and choosing (and as a multiple of real time), CPU seconds of
keeping them, and how many of the sampled words that stood for two seconds or more are among the first five results of a
search for them, at a time when they stood.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

from dayreel.demo.tour import TOUR
from ocr.picture_file import load_picture
from recorder.clip_frames import ClipFrame, ClipFrames
from recorder.intake import Kept, Stages
from recorder.segments import Segments
from timeline.clip import Clip
from timeline.clip_picture import Shot
from timeline.clock import SECOND_US, to_us
from timeline.home import Home
from timeline.imports import frame_digest
from timeline.keys import load_key
from timeline.model import Window
from timeline.spool import Spool
from timeline.writer import Writer

RATE = 30
EVERY_US = 2 * SECOND_US
START_US = to_us(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
FIRST = 5  # results looked at
SAMPLED = 150  # words
RAREST = 4  # a word that stands on more screens than this tells nothing
WORD_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Shown:
    """A screen and when the clip shows it."""

    path: Path
    start_us: int
    end_us: int


@dataclass(frozen=True, slots=True)
class Way:
    """What one way of choosing frames cost."""

    name: str
    frames: list[ClipFrame]
    cpu_s: float
    length_s: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a folder of folders of screens with their words")
    parser.add_argument("--clip", type=Path, help="a video of one's own")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dayreel-video-") as scratch:
        folder = Path(scratch)
        shown: list[Shown] = []
        clip = options.clip
        if clip is None:
            clip = folder / "clip.mp4"
            shown = make_clip(clip, screens_of(options.data))
        words = sampled_words(shown)
        for way in (chosen(clip), every_two_seconds(clip)):
            report(way, folder / way.name, words)


def screens_of(data: Path | None) -> list[Path]:
    """Return the screens in the order in which the clip shows them."""
    folders = sorted(one for one in data.iterdir() if one.is_dir()) if data else [TOUR.recording]
    return [path for folder in folders for path in sorted(folder.glob("*.png"))]


def make_clip(path: Path, screens: list[Path]) -> list[Shown]:
    """Write the clip and return what it shows when."""
    import av

    seconds = random.Random(1)
    shown, at = [], 0
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"preset": "veryfast", "crf": "23"})
        stream.height, stream.width = load_picture(screens[0]).shape[:2]
        for screen in screens:
            picture, begin = load_picture(screen), at
            if picture.shape[:2] != (stream.height, stream.width):
                continue
            for _ in range(round(seconds.uniform(2, 6) * RATE)):
                frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
                frame.pts, frame.time_base = at, Fraction(1, RATE)
                container.mux(stream.encode(frame))
                at += 1
            shown.append(Shown(screen, begin * SECOND_US // RATE, at * SECOND_US // RATE))
        container.mux(stream.encode(None))
    return shown


def sampled_words(shown: list[Shown]) -> dict[str, list[Shown]]:
    """Return some of the rarer words and when each stood; none where the truth is not known."""
    stood: dict[str, list[Shown]] = {}
    for one in shown:
        truth = one.path.with_suffix(".json")
        words = json.loads(truth.read_text())["words"] if truth.exists() else []
        for word in {entry["t"] for entry in words}:
            if len(word) >= WORD_LETTERS and word.isalpha():
                stood.setdefault(word, []).append(one)
    rare = sorted(word for word, where in stood.items() if len(where) <= RAREST)
    return {word: stood[word] for word in random.Random(2).sample(rare, min(SAMPLED, len(rare)))}


def chosen(clip: Path) -> Way:
    """Return the frames that an import keeps.  Their pictures are made here, as an import does."""
    begun = time.process_time()
    with Clip.open(clip) as opened:
        frames = [frame for frame in ClipFrames(opened).frames() if frame.shot.bgr() is not None]
        length_s = opened.end_us / SECOND_US
    return Way("chosen", frames, time.process_time() - begun, length_s)


def every_two_seconds(clip: Path) -> Way:
    """Return a frame every two seconds, all pictures decoded: the baseline."""
    import av

    begun = time.process_time()
    taken: list[Shot] = []
    at_us = 0
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        for frame in container.decode(stream):
            at_us = round(frame.time * SECOND_US)
            if at_us >= len(taken) * EVERY_US:
                taken.append(Shot(frame, at_us))
                taken[-1].bgr()
    ends = [*(shot.at_us for shot in taken[1:]), at_us]
    frames = [ClipFrame(shot, shot.at_us, end) for shot, end in zip(taken, ends, strict=True)]
    return Way("every_2_s", frames, time.process_time() - begun, at_us / SECOND_US)


def report(way: Way, folder: Path, words: dict[str, list[Shown]]) -> None:
    """Keep the frames in a store of their own, have them read, search, and print one line."""
    begun = time.process_time()
    keep(way, folder)
    keeping_s = time.process_time() - begun
    speed = way.length_s / way.cpu_s
    line = (
        f"{way.name:10}  {len(way.frames):4} frames of {way.length_s:.0f} s"
        f"  decoding and choosing {way.cpu_s:.1f} s of CPU ({speed:.1f}x real time)  keeping {keeping_s:.1f} s"
    )
    if words:
        done = run(folder, "work", "--until-idle")
        if done.returncode:
            raise RuntimeError(f"the worker ended with {done.returncode}: {done.stderr}")
        line += f"  words found {found(folder, words)} of {len(words)} (first {FIRST} results)"
    print(line, flush=True)


def keep(way: Way, folder: Path) -> None:
    """Put frames through spool, segments and commit."""
    home = Home(folder)
    home.create()
    key = load_key(home, create=True)
    with Writer.open(home, key) as writer:
        segments = Segments(home, key, writer)
        stages = Stages(writer, Spool(home, key), segments)
        for frame in way.frames:
            start_us, end_us = START_US + frame.start_us, START_US + frame.end_us
            kept = Kept(frame.shot.bgr(), start_us, end_us, 0, Window())
            stages.keep(kept, frame_digest(b"bench", frame.start_us))
        segments.close()


def found(folder: Path, words: dict[str, list[Shown]]) -> int:
    """Return how many words are found at a time when they stood."""
    done = run(folder, "search", "--queries", "-", "--limit", str(FIRST), "--json", talk_in="\n".join(words))
    answers = (json.loads(line) for line in done.stdout.splitlines())
    return sum(stands(list(results), where) for results, where in zip(answers, words.values(), strict=True))


def stands(results: list[dict[str, str]], where: list[Shown]) -> bool:
    """Tell whether one of the results is of a time when the word stood."""
    return any(start < one.end_us and one.start_us < end for start, end in spans_us(results) for one in where)


def spans_us(results: list[dict[str, str]]) -> Iterator[tuple[int, int]]:
    """Yield the spans of results, from the clip's start."""
    for result in results:
        start, end = (to_us(datetime.fromisoformat(result[name])) - START_US for name in ("start", "end"))
        yield start, end


def run(folder: Path, *arguments: str, talk_in: str = "") -> subprocess.CompletedProcess[str]:
    """Run dayreel on a store."""
    command = [sys.executable, "-m", "dayreel", "--home", str(folder), *arguments]
    return subprocess.run(command, input=talk_in, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    main()
