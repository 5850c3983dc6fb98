"""What the terminal interface is given: the store, search, the assistant and the recorder's switch of one home.

Owns nothing that stays open: each part is opened by the thread that uses it, and closed by it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import tzinfo
from functools import cached_property
from pathlib import Path
from typing import Any

from assistant.answer import Answer
from assistant.categories import Categories, categories_of
from assistant.digest import Digest, digest
from assistant.question import Question
from dayreel import answering, background, outward, settings_file
from dayreel.context import Context
from dayreel.first_start import first_start_rows
from dayreel.settings import SECRET, Settings, explain_settings
from dayreel.store import Store
from index.search import Searcher
from timeline.clock import Clock, SystemClock, to_local
from timeline.errors import NothingFound
from timeline.forgetting.plan import Preview, Selection, Thing
from timeline.forgetting.previewing import preview
from timeline.forgetting.selection import select
from timeline.home import Home
from timeline.keys import load_key
from timeline.labels import put
from timeline.model import Frame, Interval, Picture, Window
from timeline.pausing import Pausing
from timeline.reader import Reader
from timeline.usage import Usage
from timeline.writer import Writer
from tui.services import Forgetting, Setting


class HomeServices:
    """Fulfils tui.services.Services for one home."""

    def __init__(self, home: Home, settings: Settings, clock: Clock) -> None:
        self._home, self._settings, self._clock = home, settings, clock
        self._endpoints = answering.endpoints_of(settings.assistant)
        self._outward = outward.Outward()

    @property
    def clock(self) -> Clock:
        return self._clock

    @property
    def zone(self) -> tzinfo | None:
        return None

    @property
    def model(self) -> str | None:
        return self._endpoints[0].model if self._endpoints else None

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        with Store.open(self._home, self._settings) as store:
            yield store.reader

    @contextmanager
    def pictures(self) -> Iterator[HomePictures]:
        with Store.open(self._home, self._settings) as store:
            yield HomePictures(store)

    @contextmanager
    def searcher(self) -> Iterator[Searcher]:
        with Store.open(self._home, self._settings) as store:
            yield store.searcher

    @contextmanager
    def assistant(self) -> Iterator[HomeAssistant]:
        with Store.open(self._home, self._settings) as store:
            yield HomeAssistant(self, store)

    def ask(
        self, store: Store, question: str, on_text: Callable[[str], None], previous: Question | None = None
    ) -> Answer:
        """Return an answer; an endpoint that fails says so in the answer's stream, and the record alone answers."""

        def talk(text: str) -> None:
            on_text(text + "\n\n")

        asked = answering.that_may_be_asked(self._home, self._endpoints, talk)
        return answering.ask(store, self._clock, asked, question, talk, on_text, previous)

    def recording(self) -> bool:
        return background.recording(self._home)

    def paused(self) -> bool:
        return Pausing(self._home, self._clock).current() is not None

    def before_first_start(self) -> Sequence[tuple[str, str]]:
        return first_start_rows(self._home)

    def start_recording(self) -> str:
        if background.start(self._home):
            return f"Recording into {self._home.root}."
        return "Recording runs already."

    def stop_recording(self) -> None:
        background.stop(self._home)

    def pause(self) -> None:
        Pausing(self._home, SystemClock()).pause()

    def resume(self) -> None:
        Pausing(self._home, SystemClock()).resume()

    @cached_property
    def _usage(self) -> Usage:
        return Usage(self._home)

    def disk_bytes(self) -> int:
        return self._usage.measure().total

    def copy(self, text: str) -> bool:
        return outward.copy(text)

    def view(self, picture: Picture) -> None:
        self._outward.view(picture)

    def save(self, picture: Picture, path: Path) -> Path:
        return outward.save(picture, path)

    def forget_preview(self, what: Forgetting) -> Preview | None:
        with Store.open(self._home, self._settings) as store:
            plan = select(store.reader.db, _selection(what))
            return None if plan.empty else preview(self._home, store.reader.db, plan)

    def forget(self, what: Forgetting) -> bool:
        """Do what `dayreel forget` does, without its question, which was asked already."""
        from dayreel.commands import forget

        context = _Silent(self._home, self._clock, as_json=True)
        options: dict[str, Any] = dict.fromkeys(("id", "app", "title", "text", "last", "between"))
        if what.moment_id is not None:
            options["id"] = f"moment:{what.moment_id}"
        if what.interval is not None:
            options["between"] = [_iso(what.interval.start_us), _iso(what.interval.end_us - 1)]
        options["app"] = what.app
        code = forget.run(context, argparse.Namespace(**options, rule=False, yes=True))
        if code == NothingFound.exit_code:
            raise NothingFound("There is nothing of that to forget any more.")
        return code == 0

    def settings(self) -> Sequence[Setting]:
        rows, choices = explain_settings(self._home.settings), _choices()
        return [
            Setting(
                row.name,
                ", ".join(row.value) if isinstance(row.value, tuple) else str(row.value),
                row.source,
                row.help,
                choices.get(row.name, ()),
                editable=row.name != SECRET and row.source in ("default", str(self._home.settings)),
            )
            for row in rows
        ]

    def change_setting(self, name: str, value: str) -> None:
        settings_file.change_setting(self._home.settings, name, value)

    def digest(self, interval: Interval) -> tuple[Digest, Categories]:
        with Store.open(self._home, self._settings) as store:
            categories = categories_of(store.reader)
            return digest(store.reader, interval, categories), categories

    def correct(self, window: Window, category: str, *, whole_app: bool) -> None:
        with Writer.open(self._home, load_key(self._home)) as writer:
            if not put(writer.db, window, category, whole_app=whole_app):
                raise NothingFound("That window has been forgotten meanwhile: nothing was changed.")

    def close(self) -> None:
        self._outward.close()


class _Silent(Context):
    """A run of a command whose words nobody reads: the interface tells how it ended."""

    def data(self, value: Any) -> None:
        pass

    def say(self, sentence: str) -> None:
        pass

    def talk(self, sentence: str) -> None:
        pass


def _selection(what: Forgetting) -> Selection:
    if what.moment_id is not None:
        return Selection(thing=Thing("moment", what.moment_id))
    assert what.interval is not None
    if what.app is None:
        return Selection(what.interval)
    from recorder.privacy import Gate

    return Selection(what.interval, excludes=Gate([what.app], []).excludes)


def _iso(at_us: int) -> str:
    return to_local(at_us).isoformat(timespec="microseconds")


def _choices() -> dict[str, tuple[str, ...]]:
    return {
        f"{section.name}.{one.name}": one.metadata["choices"]
        for section in fields(Settings)
        for one in fields(getattr(Settings(), section.name))
        if one.metadata["choices"]
    }


class HomePictures:
    """The pictures of one open store, large and small."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def bgr(self, frame: Frame) -> Picture:
        return self._store.pictures.bgr(frame)

    def thumbnail(self, frame: Frame) -> Picture | None:
        return self._store.thumbnails.of(frame)


class HomeAssistant:
    """Answers questions over one open store."""

    def __init__(self, services: HomeServices, store: Store) -> None:
        self._services, self._store = services, store
        self._previous: Question | None = None

    def ask(self, question: str, on_text: Callable[[str], None]) -> Answer:
        answer = self._services.ask(self._store, question, on_text, self._previous)
        self._previous = answer.asked or self._previous
        return answer
