"""The JSON shapes of the command line, to the letter of docs/command-line.md.  Pure: values in, plain values out."""

from __future__ import annotations

from typing import Any

from assistant.answer import Answer, Citation
from index.search import Hit
from timeline.clock import iso, offset_s
from timeline.model import Box, Gap, Interval, Line, PlacedWindow

Json = dict[str, Any]


def box(one: Box) -> list[int]:
    """Return a box as [x0, y0, x1, y1]."""
    return [one.x0, one.y0, one.x1, one.y1]


def local(at_us: int) -> str:
    """Return an instant in the present zone of this machine."""
    return iso(at_us, offset_s(at_us))


def hit(one: Hit) -> Json:
    """Return a search result."""
    return {
        "id": str(one.passage_id),
        "start": iso(one.start_us, one.offset_s),
        "end": iso(one.end_us, one.offset_s),
        "app": one.window.app,
        "title": one.window.title,
        "url": one.window.url,
        "monitor": one.monitor,
        "frame": str(one.frame_id),
        "text": one.text,
        "snippet": one.snippet,
        "score": round(one.score, 6),
        "boxes": [box(each) for each in one.boxes],
    }


def citation(one: Citation) -> Json:
    """Return the proof of a statement."""
    return {
        "id": str(one.passage_id),
        "start": iso(one.start_us, one.offset_s),
        "end": iso(one.end_us, one.offset_s),
        "app": one.window.app,
        "title": one.window.title,
        "quote": one.quote,
        "frame": str(one.frame_id),
    }


def answer(one: Answer) -> Json:
    """Return an answer with its citations."""
    return {
        "answer": one.answer,
        "citations": [citation(each) for each in one.citations],
        "interval": None if one.interval is None else interval(one.interval),
        "model": one.model,
        "endpoint": one.endpoint,
        "tokens": {"prompt": one.prompt_tokens, "completion": one.completion_tokens},
    }


def interval(one: Interval) -> Json:
    """Return a stretch of time."""
    return {"start": local(one.start_us), "end": local(one.end_us)}


def gap(one: Gap) -> Json:
    """Return a stretch in which nothing was recorded."""
    return {"start": local(one.start_us), "end": local(one.end_us), "reason": one.reason}


def placed(one: PlacedWindow) -> Json:
    """Return a window as it lay on a frame."""
    return {
        "app": one.window.app,
        "title": one.window.title,
        "url": one.window.url,
        "pid": one.pid,
        "workspace": one.workspace,
        "box": box(one.box),
    }


def text_line(one: Line, monitor: int) -> Json:
    """Return a line of `dayreel text`."""
    return {"text": one.text, "box": box(one.box), "monitor": monitor}


def read_line(one: Line) -> Json:
    """Return a line of `dayreel read`."""
    words = [{"text": word.text, "box": box(word.box)} for word in one.words]
    return {"text": one.text, "box": box(one.box), "confidence": round(one.confidence, 3), "words": words}
