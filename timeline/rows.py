"""Rows of timeline.db as values of the model: the queries' columns and their order, in one place."""

from __future__ import annotations

from timeline.database import Row
from timeline.model import Box, Frame, Moment, PlacedWindow, Segment, Span, Window

FRAME_QUERY = (
    "SELECT f.id, f.monitor, f.start_us, f.end_us, f.offset_s, f.width, f.height, w.app, w.title, w.url,"
    " f.moment_id, f.segment_id, f.pts_us, f.spool_name, f.source, f.active"
    " FROM frames f JOIN windows w ON w.id = f.window_id"
)
MOMENT_QUERY = (
    "SELECT m.id, m.monitor, m.start_us, m.end_us, m.offset_s, w.app, w.title, w.url, m.first_frame, m.last_frame"
    " FROM moments m JOIN windows w ON w.id = m.window_id"
)
SPAN_QUERY = "SELECT id, start_us, end_us, offset_s, monitor, frame_id FROM passage_spans"
SPAN_QUERY_OF_PASSAGES = "SELECT passage_id, id, start_us, end_us, offset_s, monitor, frame_id FROM passage_spans"
PLACED_QUERY = (
    "SELECT w.app, w.title, w.url, l.x0, l.y0, l.x1, l.y1, l.pid, l.workspace"
    " FROM frames f JOIN layout_windows l ON l.layout_id = f.layout_id JOIN windows w ON w.id = l.window_id"
)
SEGMENT_QUERY = "SELECT id, name, monitor, start_us, width, height, closed, pixels FROM segments"


def frame_of(row: Row) -> Frame:
    """Return the frame of a row of FRAME_QUERY."""
    (frame_id, monitor, start_us, end_us, offset_s, width, height, app, title, url,
     moment_id, segment_id, pts_us, spool_name, source, active) = row  # fmt: skip
    return Frame(
        id=frame_id, monitor=monitor, start_us=start_us, end_us=end_us, offset_s=offset_s, width=width, height=height,
        window=Window(app, title, url), moment_id=moment_id, segment_id=segment_id, pts_us=pts_us,
        spool_name=spool_name, source=source, active=bool(active),
    )  # fmt: skip


def moment_of(row: Row) -> Moment:
    """Return the moment of a row of MOMENT_QUERY."""
    moment_id, monitor, start_us, end_us, offset_s, app, title, url, first_frame, last_frame = row
    return Moment(moment_id, monitor, start_us, end_us, offset_s, Window(app, title, url), first_frame, last_frame)


def span_of(row: Row) -> Span:
    """Return the span of a row of SPAN_QUERY."""
    return Span(*row)


def segment_of(row: Row) -> Segment:
    """Return the segment of a row of SEGMENT_QUERY."""
    segment_id, name, monitor, start_us, width, height, closed, pixels = row
    return Segment(segment_id, name, monitor, start_us, width, height, bool(closed), pixels)


def placed_of(row: Row) -> PlacedWindow:
    """Return the window of a row of PLACED_QUERY."""
    app, title, url, x0, y0, x1, y1, pid, workspace = row
    return PlacedWindow(Window(app, title, url), Box(x0, y0, x1, y1), pid, workspace)
