"""The recorder: looks at the screen once a second and keeps what has changed and may be kept.

Owns the order of one poll and the last frame of each monitor.  Never reads text and never keeps a pixel that the gate
has not passed.  Called by the recorder's process.

The order of safety for a frame: its raw pixels are in the spool (renamed into place), then in the segment, then
`Writer.add_frame` commits it with its reading job: that line is the commit point.  Whatever fails before leaves no
frame.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recorder.absences import Absences
from recorder.changes import changed_tiles
from recorder.desktop import Desktop, Grab, Monitor, ScreenSource, WindowSource, active_window, monitor_of
from recorder.privacy import EXCLUDED, Decision, Gate, paint
from recorder.segments import Segments
from timeline.clock import SECOND_US, Clock, offset_s
from timeline.errors import DiskFull, NoScreen
from timeline.home import DISK_FULL_WAIT_S
from timeline.model import NewFrame, PlacedWindow, Window
from timeline.spool import Spool
from timeline.writer import FIRST_SPAN_US, Writer

GRAB_TRIES = 3  # a window being dragged stands still at the third try, or at the next poll
FLUSH_EVERY_US = 5 * SECOND_US  # how much of a still frame's time a crash may cost
SETTLE_S = 1.0  # a page is painted this long after its title at the latest (measured with Chromium on a busy machine)
SUSPENDED_AFTER_US = 30 * SECOND_US  # between two polls: a busy machine is late by seconds, a sleeping one by more

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Sight:
    """Whose frame a monitor's picture is: the window, and whether it has the focus."""

    window: Window
    active: bool


@dataclass(frozen=True, slots=True)
class _View:
    """One poll: what was grabbed, between which windows, and what the gate says to it."""

    at_us: int
    decision: Decision
    desktop: Desktop = ()
    grabs: tuple[tuple[Monitor, Grab], ...] = ()


@dataclass(slots=True)
class _Kept:
    """The last committed frame of a monitor; the screen has looked like it until `end_us`."""

    frame_id: int
    picture: Grab
    sight: _Sight
    end_us: int
    flushed_us: int
    settling: bool = False
    """Whether the last poll was the first to see another window."""


class Recorder:
    """Records one display into one timeline."""

    def __init__(
        self,
        screen: ScreenSource,
        windows: WindowSource,
        gate: Gate,
        writer: Writer,
        spool: Spool,
        segments: Segments,
        clock: Clock,
        interval_s: float = 1.0,
    ) -> None:
        self._screen, self._windows, self._gate = screen, windows, gate
        self._writer, self._spool, self._segments = writer, spool, segments
        self._clock, self._interval_s = clock, interval_s
        self._absences = Absences(writer)
        self._kept: dict[int, _Kept] = {}
        self._polled_us: int | None = None

    def run(self, stop: threading.Event) -> None:
        """Record until `stop` is set; a full disk is waited for.  Raises NoScreen when the display has gone."""
        self._segments.close_left_open(self._spool)
        recording_id = self._writer.begin_recording(self._clock.now_us())
        reason = "the recorder failed"
        try:
            while not stop.is_set():
                started_s = self._clock.monotonic_s()
                pause_s = self._poll()
                stop.wait(max(0.0, pause_s - (self._clock.monotonic_s() - started_s)))
            reason = "stopped"
        except NoScreen:
            reason = "no screen"
            raise
        finally:
            self._finish(recording_id, reason)

    def step(self) -> None:
        """Look once at all monitors and keep what has changed; nothing when the windows would not stand still.

        Raises NoScreen when the display has gone, DiskFull when there was no room; frames kept before stay whole.
        """
        view = self._look()
        self._note_sleep(view.at_us)
        self._polled_us = view.at_us
        if view.decision.verdict == "skip":
            self._leave(view.at_us, view.decision.reason or EXCLUDED)
        elif view.decision.verdict == "keep":
            self._keep(view)
        self._segments.close_finished(view.at_us)

    def close(self) -> None:
        """Write the ends of the last frames and close the segments.  Raises DiskFull when even that has no room."""
        self._forget()
        self._absences.end(self._clock.now_us())
        self._segments.close()

    def _poll(self) -> float:
        """Take one step and return the seconds until the next."""
        try:
            self.step()
        except DiskFull as error:
            if self._absences.reason != "disk full":
                log.warning("%s  Recording waits and goes on by itself.", error)
            self._leave(self._clock.now_us(), "disk full")
            return DISK_FULL_WAIT_S
        settling = any(kept.settling for kept in self._kept.values())
        return min(self._interval_s, SETTLE_S) if settling else self._interval_s

    def _finish(self, recording_id: int, reason: str) -> None:
        try:
            self.close()
            self._writer.end_recording(recording_id, self._clock.now_us(), reason)
        except DiskFull:
            log.warning("the disk is full: the end of this recording could not be written")

    def _look(self) -> _View:
        """Grab all monitors between two looks at the windows; what is excluded from the start is not even grabbed."""
        at_us, decision = self._clock.now_us(), Decision("again")
        for _ in range(GRAB_TRIES):
            before, at_us = self._windows.look(), self._clock.now_us()
            decision = self._gate.decide(before, before)
            if decision.verdict == "skip":
                return _View(at_us, decision)
            monitors = self._screen.monitors()
            grabs = [(monitor, grab) for monitor in monitors if (grab := self._screen.grab(monitor)) is not None]
            after = self._windows.look()
            decision = self._gate.decide(before, after)
            if decision.verdict != "again":
                return _View(at_us, decision, after, tuple(grabs))
        return _View(at_us, decision)

    def _keep(self, view: _View) -> None:
        sights = self._sights([monitor for monitor, _ in view.grabs], view.desktop)
        for monitor, grab in view.grabs:
            paint(grab, [monitor.own(mask) for mask in view.decision.masks])
            self._take(monitor, grab, sights[monitor.index], view.at_us, view.desktop)
        self._forget(set(self._kept) - set(sights))
        self._absences.end(view.at_us)

    def _take(self, monitor: Monitor, grab: Grab, sight: _Sight, at_us: int, desktop: Desktop) -> None:
        """Let the last frame of a monitor stand longer, or commit a new one."""
        kept = self._kept.get(monitor.index)
        if kept is not None:
            if _must_settle(kept, sight):
                return
            kept.end_us = max(kept.end_us, at_us)
            if kept.sight == sight and _same(kept.picture, grab):
                if kept.end_us - kept.flushed_us >= FLUSH_EVERY_US:
                    self._flush(kept)
                return
            self._flush(kept)
        frame_id = self._commit(monitor, grab, sight, at_us, self._placed(monitor, desktop))
        self._kept[monitor.index] = _Kept(frame_id, grab, sight, at_us, at_us)

    def _placed(self, monitor: Monitor, desktop: Desktop) -> tuple[PlacedWindow, ...]:
        """Return what lies on a monitor, the lowest first; an excluded window is not even named."""
        return tuple(
            PlacedWindow(seen.window, monitor.own(seen.box))
            for seen in desktop
            if seen.box is not None and seen.box.intersects(monitor.box) and not self._gate.excludes(seen.window)
        )

    def _commit(
        self, monitor: Monitor, grab: Grab, sight: _Sight, at_us: int, windows: tuple[PlacedWindow, ...]
    ) -> int:
        offset = offset_s(at_us)
        spool_name = self._spool.put(np.ascontiguousarray(grab[:, :, :3]))
        try:
            segment_id, pts_us = self._segments.write(monitor.index, grab, at_us, offset)
            return self._writer.add_frame(  # the commit point
                NewFrame(
                    monitor=monitor.index,
                    at_us=at_us,
                    offset_s=offset,
                    width=monitor.width,
                    height=monitor.height,
                    window=sight.window,
                    segment_id=segment_id,
                    pts_us=pts_us,
                    spool_name=spool_name,
                    active=sight.active,
                    windows=windows,
                )
            )
        except BaseException:
            self._spool.remove(spool_name)
            raise

    def _sights(self, monitors: Sequence[Monitor], desktop: Desktop) -> dict[int, _Sight]:
        """Return the window of each monitor: the one with the focus, elsewhere the topmost that may be named."""
        active = active_window(desktop)
        focus = None if active is None else monitor_of(active.box, monitors)
        sights = {
            monitor.index: _Sight(self._topmost(monitor, monitors, desktop), active=False) for monitor in monitors
        }
        if active is not None and monitors:
            sights[monitors[0].index if focus is None else focus] = _Sight(active.window, active=True)
        return sights

    def _topmost(self, monitor: Monitor, monitors: Sequence[Monitor], desktop: Desktop) -> Window:
        for seen in reversed(desktop):
            if seen.furniture or self._gate.excludes(seen.window):
                continue
            if monitor_of(seen.box, monitors) == monitor.index:
                return seen.window
        return Window()

    def _note_sleep(self, at_us: int) -> None:
        """Note the time in which the machine slept, if it did: no frame may seem to have stood for all of it."""
        if self._polled_us is not None and self._absences.reason is None:
            pause_us = max(SUSPENDED_AFTER_US, round(3 * self._interval_s * SECOND_US))
            if at_us - self._polled_us > pause_us:
                self._leave(self._polled_us + FIRST_SPAN_US, "suspended")

    def _leave(self, at_us: int, reason: str) -> None:
        """Record nothing from here on; the last frames stood until they were last seen."""
        self._absences.begin(at_us, reason)
        try:
            self._forget()
        except DiskFull:
            self._kept.clear()  # their last seconds are lost, nothing else

    def _forget(self, monitors: set[int] | None = None) -> None:
        """Write how long the last frames stood, of these monitors or of all, and let go of them."""
        for monitor in list(self._kept) if monitors is None else monitors:
            self._flush(self._kept[monitor])
            del self._kept[monitor]

    def _flush(self, kept: _Kept) -> None:
        if kept.end_us > kept.flushed_us:
            self._writer.extend_frame(kept.frame_id, kept.end_us)
            kept.flushed_us = kept.end_us


def _must_settle(kept: _Kept, sight: _Sight) -> bool:
    """Note whether this poll is the first to see another window, which then waits for the next one.

    A window says its new title up to a second before it paints what the title names: else the old text would be kept
    under the new title.
    """
    kept.settling = kept.sight != sight and not kept.settling
    return kept.settling


def _same(before: Grab, after: Grab) -> bool:
    return before.shape == after.shape and changed_tiles(before, after) is None
