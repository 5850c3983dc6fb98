"""Pages of real English text that every machine has: the docstrings of Python's library, two columns of lines a page.

Owns how they are cut to lines, with a box for each word as an engine reads them.  Used where a store is filled.
"""

from __future__ import annotations

import ast
import random
import re
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from timeline.model import Box, Line, Word

SIZE_PX = (1920, 1080)
COLUMNS, ROWS, ROW_PX, LETTER_PX = 2, 60, 17, 9
LINE_CHARACTERS = 96  # of a column
FEWEST_WORDS = 4  # of a line: shorter ones are headings and ends of sentences
OTHERS = frozenset(("test", "tests", "idle_test", "site-packages", "lib2to3"))  # no library, or not everywhere


def pages() -> Iterator[list[Line]]:
    """Yield pages of the library's docstrings; when all were shown, their lines in another order."""
    chosen, lines = random.Random(1), list(docstring_lines())
    while True:
        for start in range(0, len(lines) - COLUMNS * ROWS, COLUMNS * ROWS):
            yield [_line(text, place) for place, text in enumerate(lines[start : start + COLUMNS * ROWS])]
        chosen.shuffle(lines)


def docstring_lines() -> Iterator[str]:
    """Yield the lines of the library's docstrings, headings and ends of sentences left out."""
    for path in sorted(Path(sysconfig.get_path("stdlib")).rglob("*.py")):
        if OTHERS.isdisjoint(path.parts):
            for node in ast.walk(ast.parse(path.read_bytes())):
                if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                    told = (ast.get_docstring(node) or "").splitlines()
                    yield from (line.strip()[:LINE_CHARACTERS] for line in told if len(line.split()) >= FEWEST_WORDS)


def _line(text: str, place: int) -> Line:
    """Return a line at its place on a page, as an engine reads it."""
    x, y = 20 + place // ROWS * (SIZE_PX[0] // COLUMNS), 30 + place % ROWS * ROW_PX
    words = tuple(
        Word(one[0], Box(x + LETTER_PX * one.start(), y, x + LETTER_PX * one.end(), y + ROW_PX - 3))
        for one in re.finditer(r"\S+", text)
    )
    return Line(text, Box(x, y, x + LETTER_PX * len(text), y + ROW_PX - 3), 0.97, words)
