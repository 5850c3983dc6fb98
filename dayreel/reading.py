"""Frames to lines: the engine, and for each stream of pictures what is remembered of it.

Owns which reader reads which frame and when a reading is made fuller; stores nothing.  Called by dayreel.worker.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

from dayreel.settings import OcrSettings
from ocr.engine import Engine
from ocr.engines import choose_engine
from ocr.incremental import IncrementalReader
from timeline.model import Frame, Line, Picture

SETTLE_AFTER_S = 3.0  # without a frame to read: then what moved in vain is looked at as it came to rest
WHOLE_AFTER_S = 60.0  # without a frame to read: then the whole is read anew, where much was carried over
MOST_STREAMS = 8  # monitors that are remembered: each takes 15 to 60 MB


@dataclass(frozen=True, slots=True)
class Fuller:
    """A frame that was read in part, and what all of it holds."""

    frame: Frame
    picture: Picture
    lines: list[Line]


@dataclass(slots=True)
class _Stream:
    reader: IncrementalReader
    frame: Frame


class FrameReading:
    """Reads the frames of all streams with one engine."""

    def __init__(self, settings: OcrSettings, engine: Engine | None = None) -> None:
        self._settings, self._engine = settings, engine
        self._streams: OrderedDict[tuple[str, int], _Stream] = OrderedDict()

    def load(self) -> None:
        """Load the engine; takes a second the first time.  Raises PartMissing where none can be used."""
        if self._engine is None:
            self._engine = choose_engine(self._settings.engine, self._settings.languages)

    def read(self, frame: Frame, picture: Picture) -> list[Line]:
        """Return the lines of a frame in reading order.  Whatever an engine raises; then the stream is begun anew."""
        self.load()
        assert self._engine is not None
        which = (frame.source, frame.monitor)
        stream = self._streams.pop(which, None) or _Stream(IncrementalReader(self._engine), frame)
        lines = stream.reader.read(picture, frame.start_us).lines
        stream.frame = frame
        self._streams[which] = stream
        while len(self._streams) > MOST_STREAMS:
            self._streams.popitem(last=False)
        return lines

    def fuller(self, quiet_s: float) -> Iterator[Fuller]:
        """Yield, after so many seconds without a frame to read, the newest frames of which more can be read now."""
        for which, stream in list(self._streams.items()):
            reader = stream.reader
            due = (reader.unsettled and quiet_s >= SETTLE_AFTER_S) or (reader.worn and quiet_s >= WHOLE_AFTER_S)
            picture = reader.picture if due else None
            if picture is None:
                continue
            del self._streams[which]  # stays out when reading fails
            reading = reader.settle()
            self._streams[which] = stream
            if reading is not None:
                yield Fuller(stream.frame, picture, reading.lines)
