"""The recorder: looks at the screen when something was drawn on it, and keeps what has changed and may be kept.

Owns the loop, and the order in which gate, grab and commit follow each other.  Never reads text and never keeps a pixel
that the gate has not passed.  Called by the recorder's process.

What is worth a look is decided by recorder.stream, one for each monitor; how a frame is stored by recorder.keeper.
While the screen stands still nothing wakes this but the keep-alive, which writes how long the last frames have stood.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from recorder.absences import Absences
from recorder.changes import TILE_PX
from recorder.desktop import (
    Desktop,
    Grab,
    Monitor,
    ScreenSource,
    Stirring,
    Trigger,
    WindowSource,
    active_window,
)
from recorder.glances import Glances
from recorder.keeper import Keeper
from recorder.leaps import Leap, Leaps
from recorder.lingering import Lingering
from recorder.pauses import Pauses
from recorder.polling import Polling
from recorder.presence import IDLE, Attended
from recorder.privacy import EXCLUDED, Decision, Gate, paint
from recorder.sights import Documents, Sights
from recorder.stream import LOUD_TILES, Kept, Sight, Stream
from recorder.waiting import Waiting, stirred
from timeline.clock import SECOND_US, Clock
from timeline.errors import DiskFull, NoScreen
from timeline.home import DISK_FULL, DISK_FULL_WAIT_S
from timeline.model import Box
from timeline.pausing import PAUSED
from timeline.standing import Standing

STOPPED = "stopped"  # why nothing is recorded after a recorder that was told to end
GRAB_TRIES = 3  # a window being dragged stands still at the third try, or a little later
RETRY_S = 0.1
HAPPENS_PX = LOUD_TILES * TILE_PX**2  # drawn while nobody is there: more than a clock or a caret draws
UNATTENDED_INTERVAL_S = 15.0  # between two pictures of what moves before nobody: a page left open for the night
DOUBT_S = 30.0  # of input without any drawing: a key that is pressed nearly always draws something
KEEP_ALIVE_S = 5.0  # how much of a still frame's time a crash may cost
COLLECT_S = 0.05  # after the first drawing: the rest of a page comes in one piece then

log = logging.getLogger(__name__)


class Recorder:
    """Records one display into one timeline.

    `poll_s`: how often to look where `trigger` tells nothing.  `standing`: where a full disk is told of while it lasts.
    `alone`: no import writes to the timeline now, so that
    segments that are open were left by a recorder or importer that is gone.
    """

    def __init__(
        self,
        screen: ScreenSource,
        windows: WindowSource,
        trigger: Trigger,
        gate: Gate,
        keeper: Keeper,
        clock: Clock,
        *,
        interval_s: float = 2.0,
        poll_s: float = 1.0,
        presence: Attended | None = None,
        documents: Documents | None = None,
        standing: Standing | None = None,
        pauses: Pauses | None = None,
        alone: bool = True,
    ) -> None:
        self._screen, self._windows, self._trigger, self._gate = screen, windows, trigger, gate
        self._keeper, self._clock = keeper, clock
        self._interval_s, self._poll_s = interval_s, poll_s
        self._presence, self._pauses, self._alone = presence, pauses or Pauses(), alone
        self._sights = Sights(gate, documents)
        self._absences, self._leaps, self._lingering = Absences(keeper.writer, standing), Leaps(clock), Lingering()
        self._glances = Glances(screen, windows, gate)
        self._streams: dict[int, Stream] = {}
        self._drawn: tuple[tuple[Box, ...], float] = ((), 0.0)
        self._at_us, self._told_s = clock.now_us(), clock.monotonic_s()
        self._retry = self._happened = False

    def run(self, stop: threading.Event, why_stopped: Callable[[], str] = lambda: STOPPED) -> None:
        """Record until `stop` is set; a full disk is waited for.  Raises NoScreen when the display has gone.

        `why_stopped`: asked once `stop` is set, what the gap until the next recording is told with.
        """
        reason, recording_id = "the recorder failed", None
        with Waiting(stop) as waiting:
            while recording_id is None and not stop.is_set():
                recording_id = self._begin(waiting)
            try:
                while not stop.is_set():
                    self._wait(waiting, self._step_or_wait_for_room())
                reason = why_stopped()
            except NoScreen:
                reason = "no screen"
                raise
            finally:
                self._finish(recording_id, reason)

    def step(self) -> None:
        """Look once and keep what has changed and stood still; nothing when the windows would not stand still.

        Raises NoScreen when the display has gone, DiskFull when there was no room; frames kept before stay whole.
        """
        look, before_us = self._leaps.look(), self._at_us
        self._at_us = look.at_us
        if look.leap is not None:
            self._leap(look.leap)
        (before, before_s), self._drawn = self._drawn, ((), 0.0)
        drawn, now_s = self._trigger.take(), self._clock.monotonic_s()
        reason = self._absence((*before, *drawn), now_s)
        if reason is None:
            for stream in self._streams.values():
                stream.stir(before, before_s)
            reason = self._record(drawn, now_s)
        else:
            stirred(self._windows)  # what the display tells of them is read, else it piles up there
        if reason is None:
            self._absences.end(self._at_us)
        else:
            if reason == IDLE:
                self._stand_until_now()
            if reason == PAUSED and self._absences.reason != PAUSED:
                self._begin_pause(before_us)
            self._leave(self._at_us, reason)
        self._keep_alive()

    def close(self) -> None:
        """Write the ends of the last frames and close the segments.  Raises DiskFull when even that has no room."""
        for stream in self._streams.values():
            self._flush(stream.kept)
        self._streams.clear()
        self._absences.end(max(self._at_us, self._clock.now_us()))
        self._keeper.segments.close()

    def pause_s(self) -> float:
        """Return the seconds until the next step, unless something stirs before."""
        now_s = self._clock.monotonic_s()
        if self._retry:
            return RETRY_S
        if self._absences.reason is not None:
            return self._pauses.at_most_s(KEEP_ALIVE_S)
        waits = [stream.due_in_s(now_s) for stream in self._streams.values()]
        due = [due_s for due_s in (*waits, self._lingering.due_in_s(now_s)) if due_s is not None]
        return min([*due, self._poll_s if self._trigger.polled else KEEP_ALIVE_S])

    # Waiting

    def _begin(self, waiting: Waiting) -> int | None:
        """Close what was left open and note that a recorder runs; None after waiting for room on the disk."""
        try:
            if self._alone:
                self._keeper.segments.close_left_open(self._keeper.spool)
            return self._keeper.writer.begin_recording(self._clock.now_us())
        except DiskFull as error:
            log.warning("%s  Recording begins by itself when there is.", error)
            waiting.pause(DISK_FULL_WAIT_S)
            return None

    def _step_or_wait_for_room(self) -> float:
        """Take one step and return the seconds until the next."""
        try:
            self.step()
        except DiskFull as error:
            if self._absences.reason != DISK_FULL:
                log.warning("%s  Recording waits and goes on by itself.", error)
            self._leave(self._at_us, DISK_FULL)
            return DISK_FULL_WAIT_S
        return self.pause_s()

    def _wait(self, waiting: Waiting, pause_s: float) -> None:
        if self._retry:  # what refused a grab stays stirred
            waiting.pause(pause_s)
            return
        waiting.until(pause_s, self._sources())
        if self._absences.reason in (None, IDLE) and any(map(stirred, (self._trigger, self._windows))):
            self._drawn = self._trigger.take(), self._clock.monotonic_s()  # this stands from now on already
            waiting.pause(COLLECT_S)

    def _sources(self) -> list[Stirring]:
        """Return what is to be waited for: not for pixels while nobody is there, or in front of what is secret."""
        wanted: list[object] = [self._presence, self._pauses.news]
        if self._absences.reason in (None, EXCLUDED):
            wanted.append(self._windows)
        if self._absences.reason in (None, IDLE):
            wanted.append(self._trigger)
        if self._absences.reason is None:
            wanted.append(self._screen)
        return [one for one in wanted if isinstance(one, Stirring)]

    # Looking

    def _record(self, drawn: tuple[Box, ...], now_s: float) -> str | None:
        """Look at what was drawn and keep what is worth it; return why nothing may be recorded now, else None."""
        self._attend(self._screen.monitors())
        unattended = self._presence is not None and self._presence.unattended
        for stream in self._streams.values():
            stream.pace(max(self._interval_s, UNATTENDED_INTERVAL_S) if unattended else self._interval_s)
            stream.stir(drawn, now_s)
        self._doubt(bool(drawn), now_s)
        if any(stream.blind(now_s) for stream in self._streams.values()):
            self._poll_from_now_on()
        self._retry = False
        before = self._windows.look()
        for _ in range(GRAB_TRIES):
            plan = self._decide(before, before, now_s)
            if plan.verdict == "skip":
                return plan.reason or EXCLUDED
            masks = (*plan.masks, *self._lingering.masks(now_s))
            sights = self._turn(before, now_s)
            grabs = self._grab(masks, now_s)
            if not grabs:
                return None
            after = self._windows.look()
            if self._pauses.came():  # what was grabbed may have been shown after it was asked for
                return PAUSED
            decision = self._decide(before, after, now_s)
            if decision.verdict == "skip":
                return decision.reason or EXCLUDED
            if decision.verdict == "keep" and decision == plan:
                for stream, part, grab in grabs:
                    self._see(stream, part, grab, masks, sights[stream.monitor.index], after, now_s)
                return None
            before = after
        self._retry = True
        return None

    def _decide(self, before: Desktop, after: Desktop, now_s: float) -> Decision:
        decision = self._gate.decide(before, after)
        self._lingering.note(decision.secret, now_s)
        return decision

    def _attend(self, monitors: Sequence[Monitor]) -> None:
        """Begin a stream for each new monitor, and end those of monitors that went or changed."""
        for index, stream in list(self._streams.items()):
            if stream.monitor not in monitors:
                self._flush(stream.kept)
                del self._streams[index]
        for monitor in monitors:
            if monitor.index not in self._streams:
                self._streams[monitor.index] = Stream(monitor, self._interval_s, polled=self._trigger.polled)

    def _doubt(self, told: bool, now_s: float) -> None:
        """Look at all when the user does something and the display told nothing for long; it may never tell."""
        if told:
            self._told_s = now_s
        idle_s = None if self._presence is None else self._presence.idle_s
        if idle_s is not None and idle_s < DOUBT_S <= now_s - self._told_s:
            self._told_s = now_s
            for stream in self._streams.values():
                stream.doubt()

    def _poll_from_now_on(self) -> None:
        """Trust the display no more: some compositors paint past what the X server tells of."""
        log.warning("the screen changes where the display does not tell so: it is looked at again and again")
        self._trigger = Polling()
        monitors = [stream.monitor for stream in self._streams.values()]
        self._leave_streams()
        self._streams.clear()
        self._attend(monitors)

    def _turn(self, desktop: Desktop, now_s: float) -> dict[int, Sight]:
        sights = self._sights.of([stream.monitor for stream in self._streams.values()], desktop)
        active = active_window(desktop)
        for index, sight in sights.items():
            stream = self._streams[index]
            stream.turn_to(sight, now_s)
            stream.filled = sight.active and active is not None and stream.is_filled_by(active.box)
        return sights

    def _grab(self, masks: tuple[Box, ...], now_s: float) -> list[tuple[Stream, Box, Grab]]:
        """Grab what the streams want to see; nothing of monitors that have just changed."""
        grabs = []
        for stream in self._streams.values():
            part = stream.wants(stream.own_masks(masks), now_s)
            if part is None:
                continue
            grab = self._screen.grab(stream.monitor, part)
            if grab is None:
                self._retry = True
            else:
                grabs.append((stream, part, grab))
        return grabs

    def _see(
        self,
        stream: Stream,
        part: Box,
        grab: Grab,
        masks: tuple[Box, ...],
        sight: Sight,
        desktop: Desktop,
        now_s: float,
    ) -> None:
        own = stream.own_masks(masks)
        paint(grab, [Box(one.x0 - part.x0, one.y0 - part.y0, one.x1 - part.x0, one.y1 - part.y0) for one in own])
        if stream.see(grab, part, own, now_s):
            self._keep(stream, sight, desktop, now_s)

    def _keep(self, stream: Stream, sight: Sight, desktop: Desktop, now_s: float) -> None:
        if stream.kept is not None:
            stream.kept.end_us = max(stream.kept.end_us, self._at_us)
        before = stream.kept
        if before is not None and self._at_us - before.flushed_us > 2 * KEEP_ALIVE_S * SECOND_US:
            self._flush(before)  # else the new frame would seem to come after a pause
        seen = next((one for one in desktop if one.id == sight.id), None)
        named = sight if seen is None else replace(sight, window=self._sights.named(seen))
        frame_id = self._keeper.commit(
            stream.monitor, stream.picture, named, self._at_us, self._sights.placed(stream.monitor, desktop)
        )
        self._happened |= stream.keep(frame_id, sight, self._at_us, now_s)
        self._flush(before)  # after the commit, which somebody may wait for: it takes a sync of its own

    # Leaving and going on

    def _leap(self, leap: Leap) -> None:
        """End the last frames where nobody looked any more; no frame may seem to have stood over a leap."""
        self._leave_streams()
        self._absences.insert(leap.start_us, leap.end_us, leap.reason)
        if leap.end_us <= leap.start_us:  # the clock was set back: what comes now is no continuation
            self._keeper.segments.close()

    def _happens(self, drawn: tuple[Box, ...], now_s: float) -> bool:
        """Tell whether something worth keeping happens by itself: what a clock or a caret draws is too little."""
        if self._absences.reason == IDLE:
            drawn_px = sum(box.width * box.height for box in drawn)
            return (self._glances.drawn_px() if self._trigger.polled else drawn_px) > HAPPENS_PX
        self._glances.forget()
        happened, self._happened = self._happened, False
        return happened or any(stream.filled and stream.moves(now_s) for stream in self._streams.values())

    def _absence(self, drawn: tuple[Box, ...], now_s: float) -> str | None:
        """Return why nothing may be looked at now, None when it may: the user's own word comes first."""
        paused = self._pauses.look()
        playing = not paused and self._presence is not None and self._happens(drawn, now_s)
        reason = None if self._presence is None else self._presence.look(playing)  # also takes in what it was told
        if paused:
            self._glances.forget()
        return PAUSED if paused else reason

    def _begin_pause(self, before_us: int) -> None:
        """Let the absence begin when it was asked for, which may be some seconds ago, and end the segments."""
        self._leave(min(self._at_us, max(before_us, self._pauses.since_us or self._at_us)), PAUSED)
        self._keeper.segments.close()

    def _leave(self, at_us: int, reason: str) -> None:
        """Record nothing from here on; the last frames stood until they were last seen."""
        self._absences.begin(at_us, reason)
        self._leave_streams()

    def _leave_streams(self) -> None:
        for stream in self._streams.values():
            try:
                self._flush(stream.kept)
            except DiskFull:
                log.warning("the last seconds of a frame could not be written")
            stream.leave()

    def _stand_until_now(self) -> None:
        """Note that the last frames of monitors that stand still have stood until this look."""
        for stream in self._streams.values():
            if stream.kept is not None and stream.still:
                stream.kept.end_us = max(stream.kept.end_us, self._at_us)

    def _keep_alive(self) -> None:
        """Write how long the last frames have stood, now and then."""
        self._stand_until_now()
        for stream in self._streams.values():
            kept = stream.kept
            if kept is not None and stream.still and kept.end_us - kept.flushed_us >= KEEP_ALIVE_S * SECOND_US:
                self._flush(stream.kept)
        self._keeper.segments.close_finished(self._at_us)

    def _flush(self, kept: Kept | None) -> None:
        if kept is not None and kept.end_us > kept.flushed_us:
            self._keeper.writer.extend_frame(kept.frame_id, kept.end_us)
            kept.flushed_us = kept.end_us

    def _finish(self, recording_id: int | None, reason: str) -> None:
        try:
            self.close()
            if recording_id is not None:
                self._keeper.writer.end_recording(recording_id, self._clock.now_us(), reason)
        except DiskFull:
            log.warning("the disk is full: the end of this recording could not be written")
