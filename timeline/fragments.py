"""The fragments of a segment's MP4, one a frame: how long the frame of one lasts.

Owns the few boxes of ISO 14496-12 that say it, and changes nothing else of a fragment.  A fragment is written before
the next frame tells how long its own stood, so each says 1 us; players go by the next one's time, and have none after
the last.  Called by `dayreel export`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

MOST_US = 2**32 - 1  # the field has 32 bits: 71 minutes
_HEADER_BYTES = 8
_FLAGS_AT = 8  # of the box: version (1 byte) and flags (3 bytes) follow its header
_TFHD_OPTIONAL = ((0x000001, 8), (0x000002, 4))  # what may stand between track id and duration
_TFHD_DURATION, _TRUN_DURATION = 0x000008, 0x000100
_TRUN_OPTIONAL = ((0x000001, 4), (0x000004, 4))  # data offset, flags of the first sample


def with_last_frame_lasting(records: Iterable[bytes], duration_us: int) -> Iterator[bytes]:
    """Yield the records of a segment, the last one's frame lasting as long as is told."""
    last: bytes | None = None
    for record in records:
        if last is not None:
            yield last
        last = record
    if last is not None:
        yield lasting(last, duration_us)


def lasting(fragment: bytes, duration_us: int) -> bytes:
    """Return a fragment of one frame with another duration; as it is when it is no such fragment."""
    changed = bytearray(fragment)
    for traf in _boxes(fragment, b"moof", b"traf"):
        for start, end in _boxes(fragment, b"tfhd", within=traf):
            _set(changed, start, end, start + 16, _TFHD_DURATION, _TFHD_OPTIONAL, duration_us)
        for start, end in _boxes(fragment, b"trun", within=traf):
            _set(changed, start, end, start + 16, _TRUN_DURATION, _TRUN_OPTIONAL, duration_us)
    return bytes(changed)


def _set(
    data: bytearray, start: int, end: int, at: int, flag: int, optional: tuple[tuple[int, int], ...], value: int
) -> None:
    """Write a field over that a box has when its flag is set, behind those that other flags announce."""
    flags = int.from_bytes(data[start + _FLAGS_AT + 1 : start + _FLAGS_AT + 4], "big")
    at += sum(size for one, size in optional if flags & one)
    if flags & flag and at + 4 <= end:
        data[at : at + 4] = max(1, min(value, MOST_US)).to_bytes(4, "big")


def _boxes(data: bytes, *path: bytes, within: tuple[int, int] | None = None) -> Iterator[tuple[int, int]]:
    """Yield where the boxes on a path of kinds begin and end."""
    start, stop = within or (0, len(data))
    if within is not None:
        start += _HEADER_BYTES
    while start + _HEADER_BYTES <= stop:
        size = int.from_bytes(data[start : start + 4], "big")
        if size < _HEADER_BYTES or start + size > stop:
            return
        if data[start + 4 : start + 8] == path[0]:
            found = (start, start + size)
            if len(path) == 1:
                yield found
            else:
                yield from _boxes(data, *path[1:], within=found)
        start += size
