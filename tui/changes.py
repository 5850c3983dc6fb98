"""What changed between two texts of a window, line by line.  Pure: lines in, Content out."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from textual.content import Content

from tui.literal import literal
from tui.marks import MarkedText

_AROUND = 2  # lines that stayed, shown before and after each change
_CUT = "⋯"


def changed_text(before: Sequence[str], after: Sequence[str], heading: str) -> MarkedText:
    """Return what left (-) and what came (+) under a heading, with a few lines around that stayed."""
    rows: list[tuple[Content, str]] = []
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for number, (what, first, last, new_first, new_last) in enumerate(opcodes):
        if what == "equal":
            rows += _stayed(before[first:last], at_start=number == 0, at_end=number == len(opcodes) - 1)
            continue
        rows += [(Content.styled(f"- {literal(line)}", "$text-error"), line) for line in before[first:last]]
        rows += [(Content.styled(f"+ {literal(line)}", "$text-success"), line) for line in after[new_first:new_last]]
    content, spans = Content.styled(heading, "$foreground 60% italic"), []
    for row, _ in rows:
        content = content + "\n"
        spans.append((len(content), len(content) + len(row)))
        content = content + row
    return MarkedText(content, None, tuple(spans))


def _stayed(lines: Sequence[str], *, at_start: bool, at_end: bool) -> list[tuple[Content, str]]:
    head = [] if at_start else list(lines[:_AROUND])
    tail = [] if at_end else list(lines[max(len(lines) - _AROUND, len(head)) :])
    cut = [_CUT] if len(head) + len(tail) < len(lines) else []
    return [(Content.styled(f"  {literal(line)}", "$foreground 60%"), line) for line in (*head, *cut, *tail)]
