"""What the terminal interface is given: the store, search, the assistant and the recorder's switch of one home.

Owns nothing that stays open: each part is opened by the thread that uses it, and closed by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import tzinfo

from assistant.answer import Answer
from dayreel import answering, background
from dayreel.first_start import first_start_rows
from dayreel.settings import Settings
from dayreel.store import Store
from index.search import Searcher
from timeline.clock import Clock
from timeline.home import Home
from timeline.model import Frame, Picture
from timeline.pausing import Pausing
from timeline.reader import Reader


class HomeServices:
    """Fulfils tui.services.Services for one home."""

    def __init__(self, home: Home, settings: Settings, clock: Clock) -> None:
        self._home, self._settings, self._clock = home, settings, clock
        self._endpoint = answering.endpoint_of(settings.assistant)

    @property
    def clock(self) -> Clock:
        return self._clock

    @property
    def zone(self) -> tzinfo | None:
        return None

    @property
    def model(self) -> str | None:
        return None if self._endpoint is None else self._endpoint.model

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

    def ask(self, store: Store, question: str, on_text: Callable[[str], None]) -> Answer:
        """Return an answer; an endpoint that fails says so in the answer's stream, and the record alone answers."""
        return answering.ask(store, self._clock, self._endpoint, question, lambda text: on_text(text + "\n\n"), on_text)

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

    def ask(self, question: str, on_text: Callable[[str], None]) -> Answer:
        return self._services.ask(self._store, question, on_text)
