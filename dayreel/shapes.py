"""The JSON shapes of the command line, to the letter of docs/command-line.md.  Pure: values in, plain values out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from assistant.answer import Answer, Citation
from assistant.categories import Categories
from assistant.digest import Digest, Notable
from assistant.digest_text import session_summary
from assistant.question import Language
from assistant.sessions import Session
from index.search import Hit
from timeline.clock import SECOND_US, iso, offset_s
from timeline.model import Box, Frame, Gap, Interval, Line, Moment, PlacedWindow

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


def moment(one: Moment) -> Json:
    """Return the continuous stretch of a window."""
    return {
        "id": str(one.id),
        "start": iso(one.start_us, one.offset_s),
        "end": iso(one.end_us, one.offset_s),
        "monitor": one.monitor,
        "app": one.window.app,
        "title": one.window.title,
        "url": one.window.url,
    }


def seen(one: Frame) -> Json:
    """Return which frame it was that showed something."""
    return {
        "frame": str(one.id),
        "start": iso(one.start_us, one.offset_s),
        "end": iso(one.end_us, one.offset_s),
        "monitor": one.monitor,
        "app": one.window.app,
        "title": one.window.title,
    }


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


def digest(one: Digest, categories: Categories, language: Language) -> Json:
    """Return what a time was spent on."""
    return {
        "active_s": seconds(one.active_us),
        "sessions": [session(each, categories, language) for each in one.sessions],
        "by_app": [{"app": app, "active_s": seconds(spent)} for app, spent in one.by_app.items()],
        "by_category": [
            {"category": categories.name(key), "active_s": seconds(spent)} for key, spent in one.by_category.items()
        ],
        "by_project": [{"project": name, "active_s": seconds(spent)} for name, spent in one.by_project.items()],
        "documents": [notable(each) for each in one.documents],
        "pages": [notable(each) for each in one.pages],
        "gaps": [gap(each) for each in one.gaps],
    }


def session(one: Session, categories: Categories, language: Language) -> Json:
    """Return a stretch of the same work; `active_s` leaves out what lies between its parts."""
    return {
        "start": iso(one.start_us, one.activities[0].moment.offset_s),
        "end": iso(one.end_us, one.activities[-1].moment.offset_s),
        "app": one.window.app,
        "title": one.window.title,
        "category": categories.name(one.category),
        "summary": session_summary(one, categories, language),
        "active_s": seconds(one.active_us),
    }


def notable(one: Notable) -> Json:
    """Return a document or page that was shown."""
    return {
        "name": one.name,
        "app": one.window.app,
        "url": one.window.url,
        "first": iso(one.first_us, one.offset_s),
        "active_s": seconds(one.active_us),
    }


def days_of(one: Digest, days: Sequence[tuple[date, Interval]]) -> list[Json]:
    """Return how long each day was spent at the screen."""
    activities = [each for session in one.sessions for each in session.activities]
    return [
        {
            "date": day.isoformat(),
            "active_s": seconds(
                sum(max(min(each.end_us, whole.end_us) - max(each.start_us, whole.start_us), 0) for each in activities)
            ),
        }
        for day, whole in days
    ]


def seconds(duration_us: int) -> float:
    """Return a duration in seconds, to the millisecond."""
    return round(duration_us / SECOND_US, 3)
