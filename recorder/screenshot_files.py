"""Which files of the named paths are screenshots or videos, in what order, and how long each screenshot stood.

Reads folders, file dates and sidecars; never decodes a picture and writes nothing.  Called by recorder.importing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import groupby, pairwise
from pathlib import Path

from recorder.screenshot_time import taken_at
from recorder.sidecar import SUFFIX as SIDECAR_SUFFIX
from recorder.sidecar import Sidecar, read_sidecar, sidecar_of
from timeline.clip import moves
from timeline.clock import SECOND_US, to_us
from timeline.errors import WrongUsage
from timeline.model import Window

PICTURE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff"})
VIDEO_SUFFIXES = frozenset(
    {".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".flv", ".wmv", ".asf", ".ts", ".mts", ".m2ts", ".mpg", ".mpeg"}
    | {".3gp", ".ogv"}
)
STANDS_AT_MOST_US = (
    60 * SECOND_US
)  # the next picture of the folder may be hours away, and nothing says what was between
_NAMED_IN_SENTENCE = 3  # files; a folder of thousands must not fill the terminal


@dataclass(frozen=True, slots=True)
class Screenshot:
    """A picture file, the span in which it stood on the screen, and the window that had the focus."""

    path: Path
    taken_us: int
    """What the file states; start_us is later when several files state the same second or minute."""
    start_us: int
    end_us: int
    offset_s: int
    window: Window
    named: bool
    """Whether the user named the file itself, and not a folder above it."""


@dataclass(frozen=True, slots=True)
class VideoFile:
    """A video file, and the windows that are known of its time."""

    path: Path
    sidecar: Sidecar
    named: bool
    """Whether the user named the file itself, and not a folder above it."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What the named paths hold: pictures by folder and time, videos by path, a sentence for each folder's rest."""

    pictures: tuple[Screenshot, ...]
    videos: tuple[VideoFile, ...] = ()
    left_out: tuple[str, ...] = ()
    refused: tuple[Path, ...] = ()
    """Named by the user, but neither by their suffix, or no files at all: pipes, devices."""


def list_files(paths: Sequence[Path], zone: tzinfo | None = None) -> Listing:
    """Return the pictures and videos of files and folders, each once.

    Raises WrongUsage for a missing path or a bad sidecar.
    """
    roots: dict[Path, Path] = {}  # picture or video -> the named path it came by
    left_out: list[str] = []
    refused: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside, others = _files_below(path)
            roots.update({file: roots.get(file, path) for file in inside})
            left_out += [_sentence(path, others)] if others else []
        elif not path.exists():
            raise WrongUsage(f"{path} does not exist: name a picture, a video or a folder of them.")
        elif _is_wanted(path) and path.is_file():
            roots[path] = path
        else:
            refused.append(path)
    videos = {path: root for path, root in sorted(roots.items()) if _is_video(path)}
    pictures = {path: root for path, root in roots.items() if path not in videos}
    return Listing(
        pictures=tuple(_timed(pictures, zone)),
        videos=tuple(
            VideoFile(path, _sidecar_of_video(path, root, zone), root == path) for path, root in videos.items()
        ),
        left_out=tuple(left_out),
        refused=tuple(refused),
    )


def _is_wanted(path: Path) -> bool:
    return path.suffix.lower() in PICTURE_SUFFIXES | VIDEO_SUFFIXES


def _is_video(path: Path) -> bool:
    suffix = path.suffix.lower()
    return suffix in VIDEO_SUFFIXES or (suffix == ".gif" and moves(path))


def _is_file(path: Path) -> bool:
    """Tell whether there is a file: not for a link to nothing, a pipe, or a name in a folder that may not be opened."""
    try:
        return path.is_file()
    except PermissionError:
        return False


def _files_below(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return pictures and videos below a folder, and the other files; hidden files and sidecars are in neither."""
    wanted: list[Path] = []
    others: list[Path] = []
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.startswith(".") or name.endswith(SIDECAR_SUFFIX):
                continue
            path = Path(parent, name)
            (wanted if _is_wanted(path) and _is_file(path) else others).append(path)
    return wanted, others


def _sentence(folder: Path, others: Sequence[Path]) -> str:
    names = ", ".join(str(path.relative_to(folder)) for path in others[:_NAMED_IN_SENTENCE])
    more = ", ..." if len(others) > _NAMED_IN_SENTENCE else ""
    return f"Left out {len(others)} in {folder}, no pictures or videos: {names}{more}"


def _timed(roots: dict[Path, Path], zone: tzinfo | None) -> Iterator[Screenshot]:
    """Yield the screenshots folder by folder in order of time, each standing until the next one of its folder."""
    taken = {path: taken_at(path, zone) for path in roots}
    ordered = sorted(roots, key=lambda path: (path.parent, taken[path], path.name))
    for folder, group in groupby(ordered, key=lambda path: path.parent):
        files = list(group)
        sidecar = _sidecar_for(folder, roots[files[0]], zone)
        starts = _distinct(to_us(taken[path]) for path in files)
        for path, (start_us, next_us) in zip(files, pairwise([*starts, starts[-1] + STANDS_AT_MOST_US]), strict=True):
            yield Screenshot(
                path=path,
                taken_us=to_us(taken[path]),
                start_us=start_us,
                end_us=min(next_us, start_us + STANDS_AT_MOST_US),
                offset_s=_offset_s(taken[path]),
                window=sidecar.window_at(start_us),
                named=roots[path] == path,
            )


def _sidecar_for(folder: Path, root: Path, zone: tzinfo | None) -> Sidecar:
    """Return the sidecar of a folder, else of the nearest folder above it, up to the one the user named."""
    top = root if root.is_dir() else root.parent
    for place in (folder, *folder.parents):
        beside = sidecar_of(place.resolve())
        if beside.exists():
            return read_sidecar(beside, zone)
        if place == top:
            break
    return Sidecar()


def _sidecar_of_video(path: Path, root: Path, zone: tzinfo | None) -> Sidecar:
    """Return the sidecar beside a video, by its whole name or without its suffix, else that of its folder."""
    whole = path.resolve()
    beside = next((one for one in (sidecar_of(whole), sidecar_of(whole.with_suffix(""))) if one.exists()), None)
    return _sidecar_for(path.parent, root, zone) if beside is None else read_sidecar(beside, zone)


def _distinct(starts_us: Iterable[int]) -> list[int]:
    """Return ascending instants, equal ones a second apart: names state whole seconds, Flameshot's only minutes."""
    distinct: list[int] = []
    for start_us in starts_us:
        crowded = bool(distinct) and start_us <= distinct[-1]
        distinct.append(distinct[-1] + SECOND_US if crowded else start_us)
    return distinct


def _offset_s(moment: datetime) -> int:
    return round((moment.utcoffset() or timedelta()).total_seconds())
