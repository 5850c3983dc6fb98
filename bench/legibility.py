"""What the video's settings cost in legible text and in bytes.

    python bench/legibility.py --data DIR [--only bytes|pages|sequences]
        [--crf 22 ...] [--gop 10 ...] [--preset veryfast ...] [--x264 NAME=VALUE:... ...]

DIR holds screens whose text is known (NAME.png, NAME.json, score.py) and sequences/NAME/NNN.png with their texts.

bytes: for each setting, kB a frame of each sequence by itself and of all in one stream (begun in the middle of the
first sequence, so that key frames do not fall on a change of sequence), median CPU milliseconds of coding a frame,
median and 95th percentile of the milliseconds of decoding a random frame of that stream from its key frame on.

pages, sequences: the percentage of English words, Chinese characters, code (exact tokens) and of all words that the
product's engine reads on decoded frames; beside each the points lost against the originals read in the same run, and
the 95 % interval of the paired difference over the pages.  pages: a decoded frame is the second of two, the first of
which was another page.  sequences: every third frame of each sequence, coded in its place.  "4:2:0 alone" is the loss
of colour without any coding: what no quality wins back, and how far reading wavers by itself.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bench.encodings import Coded, Setting, decode, decode_last, encode, subsampled, x264
from bench.known_screens import ALL, Page, Reading, load_pages, load_score, lost, read_pages, recall
from ocr.engines import choose_engine
from timeline.model import Picture

SEEKS = 60
FIRST, EVERY = 2, 3  # the frames of a sequence that are read
CRFS, GOPS, PRESETS = (20, 22, 24, 26, 28), (10, 20, 30), ("veryfast",)
PLAIN = ""
TUNED = "qcomp=1:scenecut=0:me=umh:merange=64:ref=4"
Coding = Callable[[Setting], Iterator[Picture]]


def main() -> None:
    options = _options()
    gops = options.gop or GOPS
    settings = [
        Setting(crf, gop, x264(preset, more))
        for preset in options.preset or PRESETS
        for more in options.x264 or (PLAIN, TUNED)
        for crf in options.crf or CRFS
        for gop in gops
    ]
    sequences = {one.name: load_pages(one) for one in sorted((options.data / "sequences").iterdir()) if one.is_dir()}
    if options.only in (None, "bytes"):
        print("bytes:", *sequences, "one stream | CPU ms a frame | seek ms p50 p95", sep="  ")
        for setting in settings:
            print_bytes(setting, [[page.picture for page in pages] for pages in sequences.values()])
    readable = [setting for setting in settings if setting.gop == max(gops)]  # the distance changes nothing in a frame
    if options.only in (None, "pages"):
        pages = load_pages(options.data)
        print_readings("pages", options.data, pages, readable, lambda setting: changed_frames(pages, setting))
    if options.only in (None, "sequences"):
        chosen = [page for one in sequences.values() for page in one[FIRST::EVERY]]
        every = list(sequences.values())
        print_readings("sequences", options.data, chosen, readable, lambda setting: frames_in_place(every, setting))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder of screens and sequences")
    parser.add_argument("--crf", type=int, action="append", help=f"{CRFS} unless given; may be repeated")
    parser.add_argument("--gop", type=int, action="append", help=f"{GOPS} unless given; may be repeated")
    parser.add_argument("--preset", action="append", help=f"{PRESETS} unless given; may be repeated")
    parser.add_argument("--x264", action="append", help=f"none and {TUNED} unless given; may be repeated")
    parser.add_argument("--only", choices=("bytes", "pages", "sequences"))
    return parser.parse_args()


def changed_frames(pages: Sequence[Page], setting: Setting) -> Iterator[Picture]:
    """Yield each page as it looks when it was coded as a change of the page before it (the first: of the last)."""
    for place, page in enumerate(pages):
        yield decode_last(encode([pages[place - 1].picture, page.picture], setting))


def frames_in_place(sequences: Sequence[Sequence[Page]], setting: Setting) -> Iterator[Picture]:
    """Yield the chosen frames of each sequence as they look when the whole sequence was coded."""
    for pages in sequences:
        yield from list(decode(encode([page.picture for page in pages], setting)))[FIRST::EVERY]


def print_bytes(setting: Setting, sequences: Sequence[Sequence[Picture]]) -> None:
    """Print one row: kB a frame by sequence and as one stream, CPU, seek."""
    sizes = [_kilobytes(encode(pictures, setting)) for pictures in sequences]
    every = [picture for pictures in sequences for picture in pictures]
    middle = len(sequences[0]) // 2
    stream = encode([*every[middle:], *every[:middle]], setting)
    cpu_ms = statistics.median(1000 * coded.cpu_s for coded in stream)
    seeks = sorted(_seek_ms(stream))
    cells = "".join(f"{size:8.1f}" for size in [*sizes, _kilobytes(stream)])
    spent = f"| {cpu_ms:4.0f} | {statistics.median(seeks):4.0f} {seeks[len(seeks) * 95 // 100]:4.0f}"
    print(cells, spent, setting.name, flush=True)


def print_readings(name: str, data: Path, pages: Sequence[Page], settings: Sequence[Setting], coding: Coding) -> None:
    """Print what is read on the originals of pages and on what each setting makes of them."""
    engine, score = choose_engine("auto"), load_score(data)
    originals = read_pages(engine, score, pages, (page.picture for page in pages))
    plain = read_pages(engine, score, pages, (subsampled(page.picture) for page in pages))
    print(f"{name}: recall in percent (points lost, 95 % interval) of", ", ".join(ALL))
    _print_reading("originals", originals, originals)
    _print_reading("4:2:0 alone", originals, plain)
    for setting in settings:
        _print_reading(setting.name, originals, read_pages(engine, score, pages, coding(setting)))


def _print_reading(name: str, originals: Reading, reading: Reading) -> None:
    cells = []
    for kind in ALL:
        points, least, most = lost(originals[kind], reading[kind])
        cells.append(f"{recall(reading[kind]):6.2f} ({points:5.2f}, {least:5.2f} to {most:5.2f})")
    print(" ".join(cells), name, flush=True)


def _kilobytes(frames: Sequence[Coded]) -> float:
    return sum(len(coded.data) for coded in frames) / len(frames) / 1000


def _seek_ms(stream: Sequence[Coded]) -> Iterator[float]:
    """Yield the wall milliseconds of decoding random frames, each from its key frame on."""
    dice = random.Random(1)
    for _ in range(SEEKS):
        place = dice.randrange(len(stream))
        key = max(at for at in range(place + 1) if stream[at].key)
        started = time.perf_counter()
        decode_last(stream[key : place + 1])
        yield 1000 * (time.perf_counter() - started)


if __name__ == "__main__":
    main()
