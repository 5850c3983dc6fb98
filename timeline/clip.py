"""Somebody else's video file, read once from its start or from any instant: screen recordings taken in.

Owns how a foreign file is opened, what it says about itself, and which of its pictures are worth decoding.  Knows no
rows, writes nothing and holds one decoded picture at a time.  Called by recorder.videos.

Decoding is most of the cost.  Of pictures on which no other one builds (half of a usual H.264 file) those that are
shown for an instant only are passed over, and of the rest one is handed out every LOOK_US: the last that was shown
before the next look, so that what stands is never missed, however the file spaces its pictures.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, cast

from timeline.clip_picture import Shot
from timeline.clock import SECOND_US
from timeline.closing import Closing
from timeline.errors import UnreadablePicture

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.codeccontext import VideoCodecContext
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

LOOK_US = 100_000  # between two looks; what stood for less was seen by nobody
BRIEF_US = 50_000  # a picture shown for less may be passed over: four in a row are 0.2 s
AHEAD = 24  # packets looked at before one is decoded, to know how long its picture is shown; codecs reorder up to 16
UNKNOWN_STEP_US = 40_000  # a picture whose file states no times is shown for so long: 25 a second
LAST_STANDS_US = 60 * SECOND_US  # beyond its own duration the last picture is believed to stand for so long at most
MOST_PIXELS = 200_000_000  # as for pictures: a file of some kB may claim more, and decoding it would fill the memory
# Containers, and nothing that names other files or addresses: a play list may have any suffix.
_FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,gif,mpegts,mpeg,flv,asf,ogg,apng"
_OPTIONS = {"protocol_whitelist": "file", "format_whitelist": _FORMATS}


@dataclass(frozen=True, slots=True)
class ClipFacts:
    """What a file says about itself; `length_us` as far as it states one."""

    width: int
    height: int
    length_us: int | None
    created: datetime | None
    """When it was made, as its container says; without an offset where that claims to be UTC (many a writer errs)."""
    by_android: bool
    """Whether Android's muxer wrote it, which states the end of the recording as its time."""


class Clip(Closing):
    """One open video file.  Its pictures may be walked through once."""

    def __init__(self, path: Path, container: InputContainer, stream: VideoStream) -> None:
        self._path, self._container, self._stream = path, container, stream
        self.facts = _facts(container, stream)
        self.end_us = 0
        """Where the pictures end, once all were walked through."""
        self.damaged_us: int | None = None
        """Where the first part lies that could not be decoded; None while there was none."""
        self._clock = _PictureClock(stream)

    @classmethod
    def open(cls, path: Path) -> Clip:
        """Return the clip of a file.  Raises UnreadablePicture when there is none in it that can be decoded."""
        import av

        if not path.stat().st_size:
            raise UnreadablePicture(f"{path} is empty: its recording never got to the disk.")
        try:
            container = av.open(f"file:{path}", options=_OPTIONS, metadata_errors="replace")
        except (av.error.FFmpegError, OSError) as error:
            if isinstance(error, PermissionError):
                raise UnreadablePicture(f"{path} may not be read; check its permissions.") from error
            raise UnreadablePicture(f"{path} is no video, is damaged, or was cut off before its index.") from error
        try:
            return cls(path, container, _video_stream(path, container))
        except BaseException:
            container.close()
            raise

    def close(self) -> None:
        self._container.close()

    def length_us(self) -> int:
        """Return how long the clip is: as its file states, else as it is found to be (browsers do not state it)."""
        if self.facts.length_us is not None:
            return self.facts.length_us
        with Clip.open(self._path) as other:
            return other.walked_us()

    def walked_us(self) -> int:
        """Walk to the end without decoding, and return where the last picture begins."""
        times = (packet.pts for packet in self._packets() if packet.pts is not None)
        return max(0, self._clock.instant_us(max(times, default=0)))

    def moves(self) -> bool:
        """Tell whether there is more than one picture, by decoding two."""
        return len(list(islice(self._decoded(), 2))) == 2

    def shots(self, from_us: int = 0) -> Iterator[Shot]:
        """Yield the pictures that stood at each look, from an instant on; afterwards `end_us` is where they end.

        Each tenth of a second has one look: its last picture, told with the time of its first, since what stands there
        may have come with that one.  The tenths are counted from the clip's start, wherever the walk begins.
        """
        held: VideoFrame | None = None
        first_us = held_us = 0
        for frame, at_us in self._timed(from_us):
            if held is None:
                first_us = at_us
            elif at_us // LOOK_US > held_us // LOOK_US:
                yield Shot(held, first_us)
                first_us = at_us
            held, held_us = frame, at_us
        if held is not None:
            self.end_us = self._end_us(held, held_us)
            yield Shot(held, first_us)

    def _timed(self, from_us: int) -> Iterator[tuple[VideoFrame, int]]:
        """Yield pictures with their times, of those before an instant only the one that it shows."""
        if from_us:
            self._seek(from_us)
        shown: tuple[VideoFrame, int] | None = None  # the newest picture not later than the instant
        for frame in self._decoded():
            at_us = self._clock.time_us(frame)
            if at_us <= from_us:
                shown = (frame, at_us)
                continue
            if shown is not None:
                yield shown[0], from_us
                shown = None
            yield frame, at_us
        if shown is not None:
            yield shown[0], from_us

    def _decoded(self) -> Iterator[VideoFrame]:
        import av

        decoder = self._stream.codec_context
        for packet, brief in _with_brevity(self._packets()):
            decoder.skip_frame = "NONREF" if brief else "DEFAULT"
            try:
                frames = decoder.decode(packet)
            except av.error.EOFError:
                return
            except av.error.FFmpegError:
                self._note_damage(packet)
                continue
            for frame in frames:
                if frame.is_corrupt:
                    self._note_damage(packet)
                else:
                    yield frame

    def _packets(self) -> Iterator[Packet[VideoStream]]:
        import av

        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
            except av.error.FFmpegError:  # a tail that is missing
                self._note_damage()
                return
            if packet is None:
                return
            yield packet

    def _seek(self, from_us: int) -> None:
        """Go to the key picture before an instant; where a file has no way to, it is decoded from its start."""
        import av

        try:
            self._container.seek(self._clock.pts(from_us), stream=self._stream, backward=True)
        except av.error.FFmpegError:
            with suppress(av.error.FFmpegError):
                self._container.seek(0)

    def _note_damage(self, packet: Packet[VideoStream] | None = None) -> None:
        if packet is not None and packet.has_sidedata("encryption_info"):
            raise _encrypted(self._path)
        if self.damaged_us is None:
            self.damaged_us = self._clock.last_us

    def _end_us(self, frame: VideoFrame, at_us: int) -> int:
        """Return when the last picture ends: its own duration, or until the stated end where that is near."""
        own_us = at_us + self._clock.duration_us(frame)
        stated_us = self.facts.length_us or 0
        if self.damaged_us is not None or stated_us < own_us:
            return own_us
        return min(stated_us, max(own_us, at_us + LAST_STANDS_US))


def moves(path: Path) -> bool:
    """Tell whether a file (a GIF) holds more than one picture; False for what cannot be read."""
    import av

    try:
        with Clip.open(path) as clip:
            return clip.moves()
    except (UnreadablePicture, av.error.FFmpegError, OSError):
        return False


class _PictureClock:
    """Times of pictures in microseconds from the clip's start: never standing, never going back."""

    def __init__(self, stream: VideoStream) -> None:
        self._tick = _tick_us(stream)
        self._first_pts = stream.start_time or 0
        rate = stream.average_rate
        self._step_us = round(SECOND_US / rate) if rate and rate <= 1000 else UNKNOWN_STEP_US
        self._shift_us = 0  # grows where files were joined and the second one's times begin anew
        self.last_us = -1

    def time_us(self, frame: VideoFrame) -> int:
        """Return when a picture is shown; pictures are asked about in the order in which they are shown."""
        if frame.pts is None:
            at_us = self.last_us + self._step_us
        else:
            at_us = self.instant_us(frame.pts) + self._shift_us
            if at_us < self.last_us - SECOND_US:
                self._shift_us += self.last_us + self._step_us - at_us
                at_us = self.last_us + self._step_us
        self.last_us = max(at_us, self.last_us + 1, 0)
        return self.last_us

    def instant_us(self, pts: int) -> int:
        """Return a time of the stream in microseconds from its start."""
        return round((pts - self._first_pts) * self._tick)

    def pts(self, at_us: int) -> int:
        """Return an instant in the stream's own time."""
        return int(at_us / self._tick) + self._first_pts

    def duration_us(self, frame: VideoFrame) -> int:
        """Return for how long a picture is shown, as far as the file says."""
        return round(frame.duration * self._tick) if frame.duration else self._step_us


def _video_stream(path: Path, container: InputContainer) -> VideoStream:
    """Return the stream of moving pictures, one that can be decoded."""
    from av.stream import Disposition

    streams = [one for one in container.streams.video if not one.disposition & Disposition.attached_pic]
    if not streams:
        raise UnreadablePicture(f"{path} holds no moving picture, only sound or a cover.")
    stream = streams[0]
    codec = cast("VideoCodecContext | None", stream.codec_context)  # none where libav knows no decoder
    if codec is None:
        raise UnreadablePicture(f"The video in {path} is of a kind that is not known here: convert it to H.264 first.")
    if not 0 < codec.width * codec.height <= MOST_PIXELS:
        raise UnreadablePicture(f"The pictures in {path} have no size that can be decoded.")
    codec.thread_count = 1  # two cost a sixth more in all, and reading the text takes far longer than this
    return stream


def _facts(container: InputContainer, stream: VideoStream) -> ClipFacts:
    notes = {**container.metadata, **stream.metadata}
    codec = stream.codec_context
    return ClipFacts(
        width=codec.width,
        height=codec.height,
        length_us=_length_us(container, stream),
        created=_created(notes),
        by_android=any(name.startswith("com.android.") for name in container.metadata),
    )


def _length_us(container: InputContainer, stream: VideoStream) -> int | None:
    if stream.duration:
        return round(stream.duration * _tick_us(stream))
    return container.duration or None  # microseconds


def _encrypted(path: Path) -> UnreadablePicture:
    return UnreadablePicture(f"The video in {path} is encrypted: import a copy that plays without a key.")


def _tick_us(stream: VideoStream) -> Fraction:
    return SECOND_US * (stream.time_base or Fraction(1, SECOND_US))


def _created(notes: dict[str, str]) -> datetime | None:
    for name in ("com.apple.quicktime.creationdate", "creation_time"):
        with suppress(KeyError, ValueError):
            moment = datetime.fromisoformat(notes[name])
            if moment.year >= 1990:  # 1904 and 1970 stand for "not set"
                return moment.replace(tzinfo=None) if name == "creation_time" else moment
    return None


def _with_brevity(packets: Iterator[Packet[VideoStream]]) -> Iterator[tuple[Packet[VideoStream], bool]]:
    """Yield each packet, and whether its picture is known to be shown for an instant only.

    Packets come in the order of decoding: what is shown next may have been yielded before.
    """
    ahead: deque[Packet[VideoStream]] = deque()
    around: deque[int] = deque(maxlen=2 * AHEAD)  # times of the packets ahead and of those just yielded
    for packet in packets:
        ahead.append(packet)
        if packet.pts is not None:
            around.append(packet.pts)
        if len(ahead) > AHEAD:
            first = ahead.popleft()
            yield first, _is_brief(first, around)
    for packet in ahead:
        yield packet, _is_brief(packet, around)


def _is_brief(packet: Packet[VideoStream], around: Iterable[int]) -> bool:
    if packet.pts is None or packet.time_base is None:
        return False
    next_pts = min((pts for pts in around if pts > packet.pts), default=None)
    return next_pts is not None and (next_pts - packet.pts) * packet.time_base * SECOND_US < BRIEF_US
