"""One frame: when and where it was, its text and its picture.

Asks the reading and the picture lane in exclusive workers: while the user moves on, a request that has not begun is
dropped for the newer one, and the old text and picture stay until the new ones are finished.  While one moves quickly
only thumbnails are painted; text and sharp picture come where one stops.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from textual import events, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.strip import Strip

from timeline.clock import at_offset
from timeline.errors import DayreelError, UnreadablePicture
from timeline.model import Box, Frame, Line, Picture
from tui import wording
from tui.changes import changed_text
from tui.lanes import Lanes
from tui.literal import literal, literal_lines
from tui.marks import MarkedText, Marks, marked_text
from tui.panes import PicturePane, TextPane
from tui.picture import Canvas, Painter
from tui.picture_mode import PictureMode
from tui.services import PictureSource, TimelineReader
from tui.view import View, side_by_side

_ROOM_COLUMNS, _ROOM_ROWS = 68, 26  # below this a picture beside the text leaves too little of either
_BESIDE_COLUMNS = 150  # from here the text stands to the right of the picture
_QUICK_S = 0.4  # two steps that close together are a movement
_REST_S = 0.15  # of no step after which a movement is over
_TEXT_REST_S = 0.1  # the same for the text
_SLOW_REST_S = 0.8  # over a slow link
_MOST_COMPARED = 60  # frames that are looked through for a change


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What else of its day a frame is shown with."""

    number: int
    count: int
    earlier: tuple[Frame, ...] = ()
    """Of the same window, the newest first."""
    later: tuple[Frame, ...] = ()
    beside: tuple[Frame, ...] = ()
    """What the other monitors showed; empty when only one is looked at."""
    film: float = 0.0
    """Frames a second while the day is played."""


class FrameView(Vertical):
    """The frame under the cursor."""

    def __init__(self, lanes: Lanes, mode: PictureMode, *, id: str) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._lanes = lanes
        self._picture_mode = mode
        self._painter = Painter()
        self._frame: Frame | None = None
        self._marks = Marks()
        self._around = Surroundings(0, 0)
        self._shown: tuple[object, ...] | None = None  # what the text and the picture depend on
        self._picture_wanted: bool | None = None  # None: wherever there is room
        self._view = View()
        self._compared = 0  # -1: with what the window showed before, 1: afterwards
        self._stepped_s = 0.0
        self._moving = False

    def compose(self) -> ComposeResult:
        yield PicturePane(pixels=self._picture_mode.kind == "sixel", id="picture")
        yield TextPane(id="text")

    def show(self, frame: Frame, marks: Marks, around: Surroundings) -> None:
        """Show a frame; nothing is fetched again while it and its marks stay the same."""
        before = self._shown
        self._shown = (frame.id, frame.spool_name, marks, tuple(one.id for one in around.beside))
        another = self._frame is None or self._frame.id != frame.id
        self._frame, self._marks, self._around = frame, marks, around
        self.border_title = heading(frame)
        self._tell_where()
        if before != self._shown:
            if another:
                now_s = time.monotonic()
                self._moving, self._stepped_s = now_s - self._stepped_s < _QUICK_S, now_s
                self._view = self._view.centred_on(marks.boxes_on(frame.id), frame.width, frame.height)
            self._fetch_text(frame, marks)
            self._repaint()

    def say(self, sentence: str) -> None:
        """Show a sentence of the program in place of a frame."""
        for group in ("text", "picture"):  # what is still on its way would be shown over it
            self.workers.cancel_group(self, group)
        self._frame = self._shown = None
        self.border_title = self.border_subtitle = ""
        self.query_one(TextPane).say(sentence)
        self.query_one(PicturePane).show(())

    def toggle_picture(self) -> None:
        """Show or hide the picture; where there is room for one of both only, it takes the place of the text."""
        self._picture_wanted = not self.has_class("-picture")
        self._arrange()

    def zoom(self, step: int) -> None:
        """Look at the picture from nearer (1) or farther (-1); the first time nearer at the first mark."""
        if self._frame is None:
            return
        nearer = self._view.zoomed(step)
        if self._view.zoom == 1:
            nearer = nearer.centred_on(self._marks.boxes_on(self._frame.id), self._frame.width, self._frame.height)
        self._look(nearer)

    def pan(self, right: float, down: float) -> None:
        """Look at another part of the picture, so many parts of the pane away."""
        self._look(self._view.moved(right, down))

    def compare(self) -> None:
        """Show what changed in the window: since it was different before, until it is afterwards, or its text again."""
        self._compared = {0: -1, -1: 1, 1: 0}[self._compared]
        if self._frame is not None:
            self._fetch_text(self._frame, self._marks)

    def scroll_text(self, pages: int) -> None:
        """Scroll the text by pages."""
        pane = self.query_one(TextPane)
        pane.scroll_relative(y=pages * max(pane.size.height - 1, 1), animate=False)

    def on_resize(self, event: events.Resize) -> None:
        self._arrange()

    def on_picture_pane_resized(self) -> None:
        self._repaint()

    def on_picture_pane_zoomed(self, event: PicturePane.Zoomed) -> None:
        self.zoom(event.step)

    def on_picture_pane_dragged(self, event: PicturePane.Dragged) -> None:
        self.pan(event.right, event.down)

    def _look(self, view: View) -> None:
        if view != self._view:
            self._view = view
            self._tell_where()
            self._repaint()

    def _tell_where(self, note: str = "") -> None:
        around = self._around
        parts = [note, wording.FRAME_OF.format(number=around.number, count=around.count)]
        if self._view.zoom != 1:
            parts.append(f"{self._view.zoom:g}×")
        if around.film:
            parts.append(wording.PLAYING.format(speed=around.film))
        self.border_subtitle = Content("  ".join(part for part in parts if part))

    def _arrange(self) -> None:
        """Decide which of text and picture is seen, and whether side by side."""
        room = self.size.width >= _ROOM_COLUMNS and self.size.height >= _ROOM_ROWS
        shown = room if self._picture_wanted is None else self._picture_wanted
        shown = shown and self._picture_mode.kind != "off"
        self.set_class(shown, "-picture")
        self.set_class(shown and not room, "-only-picture")
        self.set_class(self.size.width >= _BESIDE_COLUMNS, "-beside")

    def _repaint(self) -> None:
        pane = self.query_one(PicturePane)
        if self._frame is None or not self.has_class("-picture") or not (pane.size.width and pane.size.height):
            return
        canvas = Canvas(pane.size.width, pane.size.height, self._picture_mode, pane.backdrop, self._view)
        self._fetch_picture(self._frame, self._marks, canvas, self._around.beside)

    @work(exclusive=True, group="text")
    async def _fetch_text(self, frame: Frame, marks: Marks) -> None:
        pane, compared = self.query_one(TextPane), self._compared
        others = self._around.earlier if compared < 0 else self._around.later
        if self._moving:  # a new text lays out the whole screen anew, 30 ms
            await asyncio.sleep(_TEXT_REST_S)
        try:
            if compared:
                pane.show(await self._lanes.reading.run(lambda reader: _changes(reader, frame, others, compared)))
                return
            lines = await self._lanes.reading.run(lambda reader: reader.lines(frame.id))
        except DayreelError as error:
            pane.say(literal_lines(str(error)))
            return
        if lines:
            pane.show(marked_text(lines, marks, frame.id))
        else:
            pane.say(wording.NO_TEXT if frame.spool_name is None else wording.NOT_READ_YET)

    @work(exclusive=True, group="picture")
    async def _fetch_picture(self, frame: Frame, marks: Marks, canvas: Canvas, beside: Sequence[Frame]) -> None:
        """Show the picture of a frame: the small one until the large one is there, and where that is gone for good."""
        pane, boxes = self.query_one(PicturePane), marks.boxes_on(frame.id)
        if canvas.mode.slow:
            await asyncio.sleep(_SLOW_REST_S if self._moving else 0)
            painted = False
        else:
            painted = not beside and await self._show_small(frame, boxes, canvas)
            if painted and self._moving:
                await asyncio.sleep(_REST_S)

        def paint(pictures: PictureSource) -> list[Strip]:
            whole, every = _whole(pictures, frame, boxes, beside)
            return self._painter.paint(whole, every, canvas)

        try:
            strips = await self._lanes.picture.run(paint)
        except UnreadablePicture as error:
            if painted or await self._show_small(frame, boxes, canvas):
                self._tell_where(wording.SMALL_PICTURE)
            else:
                pane.say(literal(str(error)))
        except DayreelError as error:
            pane.say(literal(str(error)))
        else:
            pane.show(strips)

    async def _show_small(self, frame: Frame, boxes: Sequence[Box], canvas: Canvas) -> bool:
        """Show the thumbnail of a frame in the frame's size, in half-blocks, and tell whether there is one."""
        quick = replace(canvas, mode=replace(canvas.mode, kind="halfblock"))

        def paint(pictures: PictureSource) -> list[Strip] | None:
            small = pictures.thumbnail(frame)
            if small is None:
                return None
            return self._painter.paint(small, boxes, quick, (frame.width, frame.height))

        try:
            strips = await self._lanes.picture.run(paint)
        except DayreelError:  # the large picture, or its error, is what is told
            return False
        if strips is not None:
            self.query_one(PicturePane).show(strips)
        return strips is not None


def _whole(
    pictures: PictureSource, frame: Frame, boxes: Sequence[Box], beside: Sequence[Frame]
) -> tuple[Picture, Sequence[Box]]:
    """Return the picture of a frame, with those of the other monitors beside it in the monitors' order."""
    if not beside:
        return pictures.bgr(frame), boxes
    every = sorted((frame, *beside), key=lambda one: one.monitor)
    own = [boxes if one.id == frame.id else () for one in every]
    return side_by_side([pictures.bgr(one) for one in every], own)


def _changes(reader: TimelineReader, frame: Frame, others: Sequence[Frame], side: int) -> MarkedText:
    """Return what changed between a frame and the nearest one of its window with another text."""
    now = _texts(reader.lines(frame.id))
    for other in others[:_MOST_COMPARED]:
        then = _texts(reader.lines(other.id))
        if then and then != now:
            when = f"{at_offset(other.start_us, other.offset_s):%H:%M:%S}"
            if side < 0:
                return changed_text(then, now, wording.CHANGED_BEFORE.format(when=when))
            return changed_text(now, then, wording.CHANGED_AFTER.format(when=when))
    sentence = wording.NO_CHANGE_BEFORE if side < 0 else wording.NO_CHANGE_AFTER
    return MarkedText(Content.styled(sentence, "$foreground 60% italic"), None)


def _texts(lines: Sequence[Line]) -> list[str]:
    return [line.text for line in lines]


def heading(frame: Frame) -> Content:
    """Return when a frame stood on the screen, in which application and under which title."""
    start, end = (at_offset(us, frame.offset_s) for us in (frame.start_us, frame.end_us))
    stood = f"{start:%H:%M:%S}" if f"{start:%H:%M:%S}" == f"{end:%H:%M:%S}" else f"{start:%H:%M:%S}–{end:%H:%M:%S}"
    return Content.assemble(
        (stood, "bold"),
        "  ",
        (literal(frame.window.app or wording.UNKNOWN_APP), "$text-accent"),
        f"  {literal(frame.window.title)}" if frame.window.title else "",
    )
