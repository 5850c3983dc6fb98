"""Where secrets stood on the last pictures, known again by their pixels: an engine that misreads one does not show it.

Owns what it remembers of them: the grey levels below each hidden box, in memory only, never on the disk.  Whoever types
beside a secret makes a new picture with each word, and whoever switches windows comes back to it.  Called by the worker
between looking at a picture and storing what was read on it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from timeline.errors import UnreadablePicture
from timeline.hidden import HiddenBox, hidden_on
from timeline.home import Home
from timeline.keys import Key, derive
from timeline.model import Box, Frame, Picture
from timeline.reader import Reader
from timeline.redaction import holds
from timeline.video import SegmentReader

MOST = 256  # boxes of a stream that are remembered: five private keys of fifty lines
DIFFERING_SHARE = 0.02  # of a box's pixels: a caret, another character; text that went away differs by a sixth
CONTRAST_SHARE = 0.25  # of a box's contrast by which a pixel must differ: video and its colours shift it by less
LEAST_CONTRAST = 16  # grey levels: a box without any text in it is nothing to know again

Stream = tuple[str, int]
Shades = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a secret looked like: grey levels (height, width)."""

    one: HiddenBox
    shades: Shades


class SeenSecrets:
    """The secrets of the last pictures of each monitor and source."""

    def __init__(self, home: Home, key: Key, reader: Reader) -> None:
        self._home, self._reader = home, reader
        self._secret = derive(key, "video")
        self._streams: dict[Stream, OrderedDict[Box, _Seen]] = {}

    def on(self, frame: Frame, picture: Picture) -> list[HiddenBox]:
        """Return the boxes of a picture that look as they did when a secret stood there."""
        seen = self._seen(frame)
        again = [each for each in seen.values() if _same(each.shades, picture, each.one.box)]
        for each in again:
            seen.move_to_end(each.one.box)
        return [each.one for each in again]

    def remember(self, frame: Frame, picture: Picture, hidden: Iterable[HiddenBox]) -> bool:
        """Remember what is hidden on a picture (not painted over), and tell whether anything of it is new."""
        seen, new = self._seen(frame), False
        for one in hidden:
            shades = _shades(picture, one.box)
            if not shades.size or _contrast(shades) < LEAST_CONTRAST:
                continue
            new |= not any(holds(box, one.box) for box in seen)
            seen[one.box] = _Seen(one, shades)
            seen.move_to_end(one.box)
        while len(seen) > MOST:
            seen.popitem(last=False)
        return new

    def _seen(self, frame: Frame) -> OrderedDict[Box, _Seen]:
        """Return what is remembered of a frame's stream; at first that is what the last frame with secrets showed."""
        stream = (frame.source, frame.monitor)
        if stream not in self._streams:
            self._streams[stream] = OrderedDict()
            last = self._last_with_secrets(frame)
            if last is not None:
                with suppress(UnreadablePicture):  # nothing to look at: then there is nothing to know again
                    self.remember(last, self._as_recorded(last), hidden_on(self._reader.db, last.id))
        return self._streams[stream]

    def _last_with_secrets(self, frame: Frame) -> Frame | None:
        row = self._reader.db.conn.execute(
            "SELECT id FROM frames WHERE source = ? AND monitor = ? AND id < ?"
            " AND EXISTS (SELECT 1 FROM hidden h WHERE h.frame_id = frames.id) ORDER BY id DESC LIMIT 1",
            [frame.source, frame.monitor, frame.id],
        ).fetchone()
        return None if row is None else self._reader.frame(row[0])

    def _as_recorded(self, frame: Frame) -> Picture:
        """Return what the video holds of a frame; where its secrets are written out already, that is a flat block."""
        segment = self._reader.segment(frame.segment_id)
        path = self._home.video / segment.name
        with SegmentReader(path, self._secret, segment.width, segment.height) as reader:
            return reader.picture(frame.pts_us)


def _same(was: Shades, picture: Picture, box: Box) -> bool:
    now = _shades(picture, box)
    if now.shape != was.shape:  # a picture of another size
        return False
    differing = np.abs(now - was) > max(LEAST_CONTRAST / 2, CONTRAST_SHARE * _contrast(was))
    return float(differing.mean()) <= DIFFERING_SHARE


def _contrast(shades: Shades) -> int:
    return int(shades.max()) - int(shades.min())


def _shades(picture: Picture, box: Box) -> Shades:
    """Return the grey levels below a box: the mean of the colours, in which coloured text on black is seen as well."""
    part = picture[max(0, box.y0) : max(0, box.y1), max(0, box.x0) : max(0, box.x1)]
    grey = part[:, :, 0].astype(np.int16)  # channel by channel: a third of what numpy's sum takes
    grey += part[:, :, 1]
    grey += part[:, :, 2]
    return grey // 3
