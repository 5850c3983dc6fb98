"""What a search or an answer marks on the frames it leads to, and the text of a frame with those marks.

Pure: values in, Content out.  Text of the screen is never parsed as markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from textual.content import Content

from timeline.model import Box, Line

MATCH_STYLE = "$background on $warning"
PASSAGE_STYLE = "$text on $warning 25%"
_PARAGRAPH = 0.8  # of a line's height: a wider distance to the line above begins a new block
_MATCH = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Marks:
    """Words to mark wherever they stand, and boxes in the pixels of one frame."""

    words: tuple[str, ...] = ()
    boxes: tuple[Box, ...] = ()
    frame_id: int | None = None

    def boxes_on(self, frame_id: int) -> tuple[Box, ...]:
        """Return the boxes when they belong to this frame."""
        return self.boxes if frame_id == self.frame_id else ()


@dataclass(frozen=True, slots=True)
class MarkedText:
    """The text of a frame, where its first mark stands (None without one), and where each line does, in characters."""

    content: Content
    first_mark: int | None
    lines: tuple[tuple[int, int], ...] = ()


def words_of_snippet(snippet: str) -> tuple[str, ...]:
    """Return the different matched words of a snippet, which marks them as `**word**`."""
    return tuple(dict.fromkeys(match.strip() for match in _MATCH.findall(snippet) if match.strip()))


def snippet_content(snippet: str, lead: int = 24) -> Content:
    """Return a snippet as one line with its matches marked, cut so that the first stands near its beginning."""
    flat = " ".join(snippet.split())
    first = flat.find("**")
    if first > lead:
        start = flat.find(" ", first - lead, first - lead // 2) + 1 or first - lead  # at a word, where there are any
        flat = "…" + flat[start:]
    pieces: list[Content] = []
    for index, piece in enumerate(_MATCH.split(flat)):
        pieces.append(Content.styled(piece, MATCH_STYLE) if index % 2 else Content(piece))
    return Content("").join(pieces)


def marked_text(lines: Sequence[Line], marks: Marks, frame_id: int) -> MarkedText:
    """Return the lines of a frame, blank lines between blocks, with the marks on them."""
    text, starts = _join(lines)
    content = Content(text)
    found: list[int] = []
    if not marks.words:
        boxes = marks.boxes_on(frame_id)
        for line, start in zip(lines, starts, strict=True):
            if any(_holds_centre(box, line.box) for box in boxes):
                content = content.stylize(PASSAGE_STYLE, start, start + len(line.text))
                found.append(start)
    for start, end in _occurrences(text, marks.words):
        content = content.stylize(MATCH_STYLE, start, end)
        found.append(start)
    spans = tuple((start, start + len(line.text)) for line, start in zip(lines, starts, strict=True))
    return MarkedText(content, min(found, default=None), spans)


def _join(lines: Sequence[Line]) -> tuple[str, list[int]]:
    """Return the lines as one text, and where each begins in it."""
    pieces: list[str] = []
    for above, line in pairwise((None, *lines)):
        assert line is not None
        pieces.append(_break(above, line) + line.text)
    starts, at = [], 0
    for piece, line in zip(pieces, lines, strict=True):
        at += len(piece)
        starts.append(at - len(line.text))
    return "".join(pieces), starts


def _break(above: Line | None, line: Line) -> str:
    if above is None:
        return ""
    distance = line.box.y0 - above.box.y1
    return "\n\n" if distance > _PARAGRAPH * line.box.height or distance < -2 * line.box.height else "\n"


def _occurrences(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Return where the words stand, longest first at each place, whatever their case."""
    ordered = sorted((word for word in words if word), key=len, reverse=True)
    if not ordered:
        return []
    pattern = "|".join(r"\s+".join(re.escape(part) for part in word.split()) for word in ordered)
    return [match.span() for match in re.finditer(pattern, text, re.IGNORECASE)]


def _holds_centre(box: Box, other: Box) -> bool:
    x, y = (other.x0 + other.x1) / 2, (other.y0 + other.y1) / 2
    return box.x0 <= x < box.x1 and box.y0 <= y < box.y1
