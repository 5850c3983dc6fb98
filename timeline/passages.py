"""Lines of a frame to passages: blocks of lines that are read together and found together.

Pure: takes lines in reading order, returns lists of lines.  The writer calls it; the indexes see only its results.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

from timeline.model import Box, Line

LEAST_WEIGHT = 100.0  # words: shorter blocks are joined with the next one of the same column (docs/decisions/0006)
MOST_WEIGHT = 160.0  # words: a longer block is cut between two lines; about the 1,000 characters of a result
CHINESE_WEIGHT = 0.6  # of a word: 260 Chinese characters weigh as much as 160 words
PARAGRAPH_GAP = 0.9  # of a line's height: a wider gap ends a paragraph
BLOCK_GAP = 3.0  # of a line's height: a wider gap ends a block, however short it is
LOOSE_WEIGHT = 1.0  # words: what is no longer belongs to no passage
MARK_DIGITS = 2  # of a number in the margin; a longer one may be what a row is about
CELLS_APART = 20  # heights; what is further away is no cell of the same row
ROW_CELLS = 4  # the last lines of a passage, one of which is the lowest of its last row
_CHINESE = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]")


def build_passages(lines: Sequence[Line]) -> list[list[Line]]:
    """Return the lines grouped into passages, in order, never across columns.

    What stands alone and is no more than a word (icons, initials, buttons) is no passage of its own, and what stands in
    the margin of a text (the initial of who wrote it, a number, a bullet) parts none: all of it together is the last.
    """
    marks = {place for place, line in enumerate(lines) if _is_mark(line, lines)}
    blocks = _blocks([line for place, line in enumerate(lines) if place not in marks])
    kept = [block for block in blocks if not _is_loose(block)]
    inside = {id(line) for block in kept for line in block}
    rest = [line for line in lines if id(line) not in inside]
    return [*kept, *([rest] if rest else [])]


def passage_text(lines: Sequence[Line]) -> str:
    """Return the text of a passage: its lines, one below the other."""
    return joined(line.text for line in lines)


def joined(texts: Iterable[str]) -> str:
    """Return the texts of a passage's lines as its own."""
    return "\n".join(texts)


def text_hash(text: str) -> bytes:
    """Return what identifies a text in every table: 16 bytes of BLAKE2b of it with white space folded."""
    return hashlib.blake2b(" ".join(text.split()).encode(), digest_size=16).digest()


def weight_of(text: str) -> float:
    """Return the length of a text in words, a Chinese, Japanese or Korean character being part of one."""
    chinese = len(_CHINESE.findall(text))
    return chinese * CHINESE_WEIGHT + len(_CHINESE.sub(" ", text).split())


def _blocks(lines: Sequence[Line]) -> list[list[Line]]:
    blocks: list[list[Line]] = []
    weight = 0.0
    for line in lines:
        own = weight_of(line.text)
        if not blocks or _begins_anew(blocks[-1], line, weight, own):
            blocks.append([])
            weight = 0.0
        blocks[-1].append(line)
        weight += own
    return blocks


def _is_loose(block: Sequence[Line]) -> bool:
    return sum(weight_of(line.text) for line in block) <= LOOSE_WEIGHT


def _is_mark(line: Line, lines: Sequence[Line]) -> bool:
    """Tell whether a line is one character, or a small number, with nothing before it in its row."""
    most = MARK_DIGITS if line.text.isdigit() else 1
    return len(line.text) <= most and not any(_precedes(other.box, line.box) for other in lines)


def _precedes(box: Box, other: Box) -> bool:
    """Tell whether a box stands in the row of another, near enough on its left to be a cell of the same table."""
    return other.x0 - CELLS_APART * other.height < box.x1 <= other.x0 and _in_one_row(box, other)


def _begins_anew(passage: Sequence[Line], line: Line, weight: float, own: float) -> bool:
    last = passage[-1].box
    if weight + own > MOST_WEIGHT:
        return True
    if _same_row(last, line.box):  # the cells of a table's row belong together
        return False
    if _other_column(passage, line):
        return True
    gap = (line.box.y0 - max(one.box.y1 for one in passage[-ROW_CELLS:])) / max(1, min(last.height, line.box.height))
    return gap > BLOCK_GAP or (weight >= LEAST_WEIGHT and gap > PARAGRAPH_GAP)


def _same_row(last: Box, box: Box) -> bool:
    """Tell whether a line stands to the right of the last one, at half its height or more."""
    return box.x0 >= last.x1 and _in_one_row(last, box)


def _in_one_row(one: Box, other: Box) -> bool:
    shared = min(one.y1, other.y1) - max(one.y0, other.y0)
    return shared * 2 >= min(one.height, other.height)


def _other_column(passage: Sequence[Line], line: Line) -> bool:
    """Tell whether a line stands beside or above the passage instead of below it."""
    left = min(one.box.x0 for one in passage)
    right = max(one.box.x1 for one in passage)
    above = line.box.y1 <= passage[-1].box.y0
    return above or line.box.x0 >= right or line.box.x1 <= left
