"""One frame: when and where it was, its text and its picture.

Asks the reading and the picture lane in exclusive workers: while the user moves on, a request that has not begun is
dropped for the newer one, and the old text and picture stay until the new ones are finished.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual import events, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.strip import Strip

from timeline.clock import at_offset
from timeline.errors import DayreelError, UnreadablePicture
from timeline.model import Box, Frame
from tui import wording
from tui.lanes import Lanes
from tui.literal import literal, literal_lines
from tui.marks import Marks, marked_text
from tui.panes import PicturePane, TextPane
from tui.picture import Canvas, Painter, enlarged
from tui.picture_mode import PictureMode
from tui.services import PictureSource

_QUICK_TO_PAINT = "halfblock"  # 15 ms; sixels take longer to paint than a large picture takes to decode
_ROOM_COLUMNS, _ROOM_ROWS = 68, 26  # below this a picture beside the text leaves too little of either


class FrameView(Vertical):
    """The frame under the cursor."""

    def __init__(self, lanes: Lanes, mode: PictureMode, *, id: str) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._lanes = lanes
        self._picture_mode = mode
        self._painter = Painter()
        self._frame: Frame | None = None
        self._marks = Marks()
        self._shown: tuple[int, str | None, Marks] | None = None  # what the text and the picture depend on
        self._where = ""  # which frame of how many
        self._picture_wanted: bool | None = None  # None: wherever there is room

    def compose(self) -> ComposeResult:
        yield PicturePane(pixels=self._picture_mode.kind == "sixel", id="picture")
        yield TextPane(id="text", can_focus=False)

    def show(self, frame: Frame, marks: Marks, number: int, count: int) -> None:
        """Show a frame, the `number`-th of `count`; nothing is fetched again while frame and marks stay the same."""
        before = self._shown
        self._shown = (frame.id, frame.spool_name, marks)
        self._frame, self._marks = frame, marks
        self.border_title = heading(frame)
        self._where = wording.FRAME_OF.format(number=number, count=count)
        self.border_subtitle = Content(self._where)
        if before != self._shown:
            self._fetch_text(frame, marks)
            self._repaint()

    def say(self, sentence: str) -> None:
        """Show a sentence of the program in place of a frame."""
        self._frame = self._shown = None
        self.border_title = self.border_subtitle = ""
        self.query_one(TextPane).say(sentence)
        self.query_one(PicturePane).show(())

    def toggle_picture(self) -> None:
        """Show or hide the picture; where there is room for one of both only, it takes the place of the text."""
        self._picture_wanted = not self.has_class("-picture")
        self._arrange()

    def scroll_text(self, pages: int) -> None:
        """Scroll the text by pages."""
        pane = self.query_one(TextPane)
        pane.scroll_relative(y=pages * max(pane.size.height - 1, 1), animate=False)

    def on_resize(self, event: events.Resize) -> None:
        self._arrange()

    def on_picture_pane_resized(self) -> None:
        self._repaint()

    def _arrange(self) -> None:
        """Decide which of text and picture is seen."""
        room = self.size.width >= _ROOM_COLUMNS and self.size.height >= _ROOM_ROWS
        shown = room if self._picture_wanted is None else self._picture_wanted
        shown = shown and self._picture_mode.kind != "off"
        self.set_class(shown, "-picture")
        self.set_class(shown and not room, "-only-picture")

    def _repaint(self) -> None:
        pane = self.query_one(PicturePane)
        if self._frame is None or not self.has_class("-picture") or not (pane.size.width and pane.size.height):
            return
        canvas = Canvas(pane.size.width, pane.size.height, self._picture_mode, pane.backdrop)
        self._fetch_picture(self._frame, self._marks, canvas)

    @work(exclusive=True, group="text")
    async def _fetch_text(self, frame: Frame, marks: Marks) -> None:
        pane = self.query_one(TextPane)
        try:
            lines = await self._lanes.reading.run(lambda reader: reader.lines(frame.id))
        except DayreelError as error:
            pane.say(literal_lines(str(error)))
            return
        if lines:
            pane.show(marked_text(lines, marks, frame.id))
        else:
            pane.say(wording.NO_TEXT if frame.spool_name is None else wording.NOT_READ_YET)

    @work(exclusive=True, group="picture")
    async def _fetch_picture(self, frame: Frame, marks: Marks, canvas: Canvas) -> None:
        """Show the picture of a frame: the small one until the large one is there, and where that is gone for good."""
        pane, boxes = self.query_one(PicturePane), marks.boxes_on(frame.id)
        painted = canvas.mode.kind == _QUICK_TO_PAINT and await self._show_small(frame, boxes, canvas)
        try:
            strips = await self._lanes.picture.run(
                lambda pictures: self._painter.paint(pictures.bgr(frame), boxes, canvas)
            )
        except UnreadablePicture as error:
            if painted or await self._show_small(frame, boxes, canvas):
                self.border_subtitle = Content(f"{wording.SMALL_PICTURE}  {self._where}")
            else:
                pane.say(literal(str(error)))
        except DayreelError as error:
            pane.say(literal(str(error)))
        else:
            pane.show(strips)

    async def _show_small(self, frame: Frame, boxes: Sequence[Box], canvas: Canvas) -> bool:
        """Show the thumbnail of a frame in the frame's size and tell whether there is one."""

        def paint(pictures: PictureSource) -> list[Strip] | None:
            small = pictures.thumbnail(frame)
            if small is None:
                return None
            return self._painter.paint(enlarged(small, frame.width, frame.height), boxes, canvas)

        try:
            strips = await self._lanes.picture.run(paint)
        except DayreelError:  # the large picture, or its error, is what is told
            return False
        if strips is not None:
            self.query_one(PicturePane).show(strips)
        return strips is not None


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
