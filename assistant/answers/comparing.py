"""What changed in a document or page between two times: the lines that are new, and those that are gone.

Compares the text that could be read in the first and in the last stretch in which the window stood on the screen; lines
count as the same when they differ by no more than misread signs.  Called by record.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from assistant.answers.finding import answering
from assistant.answers.making import Asked, RecordAnswer
from assistant.answers.runs import Run, window_runs
from assistant.evidence import Evidence
from assistant.proof import Citation, plain
from assistant.quoting import LONGEST_QUOTE
from assistant.wording import clock_text, day_text, window_text
from timeline.model import Frame, Interval, Passage, Window

SAME = 0.85  # of two lines that differ only in how they were read; a changed figure is told apart below
MOST_LINES = 6
SHORTEST_LINE = 4  # characters: icons and numbers of pages are no change of a text


def changed(made: RecordAnswer, asked: Asked, evidence: Sequence[Evidence]) -> None:
    """Tell what changed between the first and the last time the document stood on the screen in the time asked for."""
    seen = _stretches(asked, evidence)
    if not seen:
        return
    first, last, words = seen[0], seen[-1], asked.wording
    window = window_text(last.window, asked.language)
    made.add(
        words.compared.format(window=window, first=_when(first, asked), last=_when(last, asked)),
        asked.cite(last.activities[-1]),
    )
    before, after = _lines(first, asked, last=False), _lines(last, asked, last=True)
    if before == after:
        made.add(words.seen_once)
        return
    new, gone = _unlike(after, before), _unlike(before, after)
    for line, citation in new[:MOST_LINES]:
        made.add(words.added.format(quote=plain(line, [line])), citation)
    for line, citation in gone[:MOST_LINES]:
        made.add(words.gone.format(quote=plain(line, [line])), citation)
    if not new and not gone:
        made.add(words.unchanged)


def _stretches(asked: Asked, evidence: Sequence[Evidence]) -> list[Run]:
    """Return when the window stood on the screen: one of that name, else the one whose text holds the words."""
    every = window_runs(asked.activities)
    if not asked.question.subject.is_any:
        named = [one for one in every if asked.is_meant(one.window)]
        if named:
            return [one for one in named if one.window == named[-1].window]
    found = answering(asked.question, evidence) if asked.question.words else []
    return [one for one in every if found and one.window == found[0].window]


_Cited = tuple[str, Citation]


def _lines(run: Run, asked: Asked, *, last: bool) -> list[_Cited]:
    """Return what could be read in a stretch: of the last the newest text, of the first the oldest."""
    frames = [frame for each in run.activities for frame in _frames(asked, each.start_us, each.end_us, run.window)]
    told: dict[str, Citation] = {}
    for frame in reversed(frames) if last else frames:
        own = [one for one in asked.reader.passages_of_frame(frame.id) if one.window == run.window]
        if own:
            told.update((line, _citation(line, one, frame)) for one in own for line in _kept(one))
            break  # another frame may show the same text half typed
    return list(told.items())


def _frames(asked: Asked, start_us: int, end_us: int, window: Window) -> list[Frame]:
    return [one for one in asked.reader.frames(Interval(start_us, end_us)) if one.window == window]


def _kept(passage: Passage) -> Iterable[str]:
    return (line.strip()[:LONGEST_QUOTE] for line in passage.text.split("\n") if len(line.strip()) >= SHORTEST_LINE)


def _citation(line: str, passage: Passage, frame: Frame) -> Citation:
    return Citation(passage.id, frame.start_us, frame.end_us, frame.offset_s, passage.window, line, frame.id)


def _unlike(lines: Sequence[_Cited], others: Sequence[_Cited]) -> list[_Cited]:
    """Return the lines to which none of the others is like."""
    exact = {_folded(text) for text, _ in others}
    return [each for each in lines if _folded(each[0]) not in exact and not _is_like(each[0], others)]


def _is_like(line: str, others: Sequence[_Cited]) -> bool:
    figures = _figures(line)
    return any(
        figures == _figures(other) and SequenceMatcher(None, line, other, autojunk=False).ratio() >= SAME
        for other, _ in others
    )


def _figures(line: str) -> str:
    return "".join(char for char in line if char.isdecimal())


def _folded(line: str) -> str:
    return "".join(line.casefold().split())


def _when(run: Run, asked: Asked) -> str:
    offset_s = run.activities[0].moment.offset_s
    return f"{day_text(run.start_us, offset_s, asked.language)} {clock_text(run.start_us, offset_s)}"
