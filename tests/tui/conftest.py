"""A day and its services in memory: two days, two scripts, one gap, text that looks like markup."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.answer import Answer, Citation
from assistant.categories import Categories
from assistant.digest import Digest, digest
from dayreel import outward
from index.filters import Filters
from index.search import Hit
from timeline.clock import FixedClock, to_local, to_us
from timeline.errors import DayreelError, SettingsWrong
from timeline.forgetting.plan import Preview
from timeline.model import ALL_TIME, Box, Frame, Gap, Interval, Line, Moment, Picture, Window, Word
from tui import wording
from tui.app import DayreelApp
from tui.look import DEFAULT_LOOK, Look
from tui.picture_mode import PictureMode
from tui.services import Forgetting, Setting
from tui.timeline_screen import TimelineScreen

ZONE = timezone(timedelta(hours=8))
OFFSET_S = 8 * 3600
WIDTH, HEIGHT = 320, 180


def at(clock: str, day: int = 22) -> int:
    """Return the instant of a wall clock time in November 2026."""
    hour, minute = map(int, clock.split(":"))
    return to_us(datetime(2026, 11, day, hour, minute, tzinfo=ZONE))


@dataclass
class Store:
    """What was recorded, as the tests write it down."""

    frames: list[Frame] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    texts: dict[int, list[str]] = field(default_factory=dict)

    def add(self, window: Window, times: str, texts: list[list[str]], day: int = 22, monitor: int = 0) -> Moment:
        """Add a moment of `times` (`09:00-09:12`) with one frame for each text, evenly spread."""
        start_us, end_us = (at(clock, day) for clock in times.split("-"))
        moment_id, first = len(self.moments) + 1, len(self.frames) + 1
        edges = [start_us + (end_us - start_us) * n // len(texts) for n in range(len(texts) + 1)]
        for n, text in enumerate(texts):
            span = (edges[n], edges[n + 1], OFFSET_S)
            frame = Frame(first + n, monitor, *span, WIDTH, HEIGHT, window, moment_id, 1, 0, None, "screen")
            self.frames.append(frame)
            self.texts[frame.id] = text
        moment = Moment(moment_id, monitor, start_us, end_us, OFFSET_S, window, first, len(self.frames))
        self.moments.append(moment)
        return moment

    def newest_frame(self) -> Frame | None:
        return max(self.frames, key=lambda frame: frame.start_us, default=None)

    def frames_of(self, interval: Interval) -> list[Frame]:
        inside = (f for f in self.frames if interval.start_us <= f.start_us < interval.end_us)
        return sorted(inside, key=lambda frame: (frame.start_us, frame.id))


@dataclass
class MemoryReader:
    """timeline.reader.Reader over a Store."""

    store: Store
    services: MemoryServices

    def newest_frame(self) -> Frame | None:
        return self.store.newest_frame()

    def frames(self, interval: Interval) -> list[Frame]:
        return self.store.frames_of(interval)

    def moments(self, interval: Interval) -> list[Moment]:
        return [m for m in self.store.moments if m.start_us < interval.end_us and m.end_us > interval.start_us]

    def gaps(self, interval: Interval) -> list[Gap]:
        return [g for g in self.store.gaps if g.start_us < interval.end_us and g.end_us > interval.start_us]

    def lines(self, frame_id: int) -> list[Line]:
        return [line(text, 10 + 14 * row) for row, text in enumerate(self.store.texts.get(frame_id, []))]

    def active_days(self, interval: Interval) -> dict[date, int]:
        days: dict[date, int] = {}
        for one in self.moments(interval):
            day = to_local(one.start_us, ZONE).date()
            days[day] = days.get(day, 0) + one.end_us - one.start_us
        return days

    def sighting(self, frame_id: int, text: str) -> Interval | None:
        seen = [frame for frame in self.store.frames if text in self.store.texts[frame.id]]
        return Interval(seen[0].start_us, seen[-1].end_us) if seen else None

    def pending(self) -> int:
        if self.services.pending_error is not None:
            raise self.services.pending_error
        return self.services.pending


def line(text: str, y: int) -> Line:
    """Return a line of text at a height, its words side by side."""
    words, x = [], 10
    for word in text.split():
        words.append(Word(word, Box(x, y, x + 6 * len(word), y + 12)))
        x += 6 * (len(word) + 1)
    return Line(text, Box(10, y, max(x, 11), y + 12), 0.99, tuple(words))


@dataclass
class MemoryServices:
    """Services in memory; what a test wants to go wrong is set as an error."""

    store: Store
    clock: FixedClock
    zone: tzinfo | None = ZONE
    model: str | None = None
    pending: int = 0
    is_recording: bool = False
    is_paused: bool = False
    first_start: tuple[tuple[str, str], ...] = ()
    store_error: DayreelError | None = None
    pending_error: DayreelError | None = None
    picture_error: DayreelError | None = None
    small: Picture | None = None
    search_error: DayreelError | None = None
    ask_error: DayreelError | None = None
    start_error: DayreelError | None = None
    pieces: tuple[str, ...] = ()
    asked: list[str] = field(default_factory=list)
    searched: list[tuple[str, str, bool]] = field(default_factory=list)
    pictured: list[int] = field(default_factory=list)
    open_count: int = 0
    copied: list[str] = field(default_factory=list)
    viewed: list[Picture] = field(default_factory=list)
    forgotten: list[Forgetting] = field(default_factory=list)
    corrected: list[tuple[Window, str]] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)
    closed: bool = False

    def pause(self) -> None:
        self.is_paused = True

    def resume(self) -> None:
        self.is_paused = False

    def disk_bytes(self) -> int:
        return 1_240_000_000

    def copy(self, text: str) -> bool:
        self.copied.append(text)
        return True

    def view(self, picture: Picture) -> None:
        self.viewed.append(picture)

    def save(self, picture: Picture, path: Path) -> Path:
        return outward.save(picture, path)

    def forget_preview(self, what: Forgetting) -> Preview | None:
        if what.interval is not None and what.app is None and what.interval.start_us > at("10:31"):
            return None
        return Preview(3, 1, 1, 2, 12, 1, 3, 1000, 7.5, None, None, ())

    def forget(self, what: Forgetting) -> bool:
        self.forgotten.append(what)
        self.store.frames = [frame for frame in self.store.frames if frame.moment_id != what.moment_id]
        self.store.moments = [moment for moment in self.store.moments if moment.id != what.moment_id]
        return True

    def settings(self) -> list[Setting]:
        def value(name: str, default: str) -> str:
            return self.written.get(name, default)

        return [
            Setting("tui.picture", value("tui.picture", "auto"), "default", "how frames are drawn", ("auto", "off")),
            Setting("storage.budget", value("storage.budget", "50 GB"), "config.toml", "how much room"),
            Setting("assistant.model", "qwen3", "DAYREEL_MODEL", "the model to ask", editable=False),
        ]

    def change_setting(self, name: str, value: str) -> None:
        if value == "much":
            raise SettingsWrong("storage.budget must be a size.")
        self.written[name] = value

    def digest(self, interval: Interval) -> tuple[Digest, Categories]:
        return digest(MemoryReader(self.store, self), interval, Categories()), Categories()

    def correct(self, window: Window, category: str, *, whole_app: bool) -> None:
        self.corrected.append((window, category))

    def close(self) -> None:
        self.closed = True

    @contextmanager
    def reader(self) -> Iterator[MemoryReader]:
        if self.store_error is not None:
            raise self.store_error
        self.open_count += 1
        yield MemoryReader(self.store, self)
        self.open_count -= 1

    @contextmanager
    def pictures(self) -> Iterator[MemoryServices]:
        yield self

    def thumbnail(self, frame: Frame) -> Picture | None:
        return self.small

    def bgr(self, frame: Frame) -> Picture:
        if self.picture_error is not None:
            raise self.picture_error
        self.pictured.append(frame.id)
        picture = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
        picture[:, : WIDTH // 2] = (200, 120, 40)
        return picture

    @contextmanager
    def searcher(self) -> Iterator[MemoryServices]:
        yield self

    def search(
        self, query: str, filters: Filters, limit: int, mode: str = "hybrid", *, unfinished: bool = False
    ) -> list[Hit]:
        if self.search_error is not None:
            raise self.search_error
        self.searched.append((query, mode, unfinished))
        found = [self._hit(frame, text, query) for frame in self.store.frames for text in self.store.texts[frame.id]]
        inside = filters.interval or ALL_TIME
        return [
            hit
            for hit in found
            if hit is not None
            and filters.app in (None, hit.window.app)
            and inside.start_us <= hit.start_us < inside.end_us
        ][:limit]

    def _hit(self, frame: Frame, text: str, query: str) -> Hit | None:
        where = text.casefold().find(query.casefold())
        if where < 0:
            return None
        found = text[where : where + len(query)]
        snippet = f"{text[:where]}**{found}**{text[where + len(query) :]}"
        row = self.store.texts[frame.id].index(text)
        boxes = tuple(word.box for word in line(text, 10 + 14 * row).words if found in word.text)
        return Hit(
            passage_id=frame.id, start_us=frame.start_us, end_us=frame.end_us, offset_s=frame.offset_s,
            window=frame.window, monitor=frame.monitor, frame_id=frame.id, text=text, snippet=snippet, score=1.0,
            boxes=boxes,
        )  # fmt: skip

    @contextmanager
    def assistant(self) -> Iterator[MemoryServices]:
        yield self

    def ask(self, question: str, on_text: Callable[[str], None]) -> Answer:
        self.asked.append(question)
        for piece in self.pieces:
            on_text(piece)
        if self.ask_error is not None:
            raise self.ask_error
        return self.answer()

    def answer(self) -> Answer:
        cited = [frame for frame in self.store.frames if self.store.texts[frame.id]][:2]
        citations = tuple(
            Citation(f.id, f.start_us, f.end_us, f.offset_s, f.window, self.store.texts[f.id][0], f.id) for f in cited
        )
        words = "You read about bm25 [1] and [red]fixed[/red] a test [2]." if citations else "Nothing was found."
        model = self.model
        return Answer(
            words, citations, Interval(at("00:00"), at("12:00")), model, "http://localhost" if model else None, 0, 0
        )

    def recording(self) -> bool:
        return self.is_recording

    def paused(self) -> bool:
        return self.is_paused

    def before_first_start(self) -> tuple[tuple[str, str], ...]:
        return self.first_start

    def start_recording(self) -> str:
        if self.start_error is not None:
            raise self.start_error
        self.is_recording = True
        return "Recording has started."

    def stop_recording(self) -> None:
        self.is_recording = False


def a_day() -> Store:
    """Return yesterday and today: English, Chinese, code with brackets, a gap."""
    store = Store()
    store.add(Window("Firefox", "Train times to Hangzhou"), "15:00-15:20", [["G7349 leaves Hongqiao at 18:26"]], day=21)
    store.add(
        Window("Firefox", "SQLite FTS5 Extension"),
        "08:05-08:40",
        [
            ["SQLite FTS5 Extension", "The bm25 function returns a rank; better matches are smaller numbers."],
            ["The highlight function returns a copy of the text with the matches marked."],
            ["The snippet function is like highlight, but returns a short fragment of it."],
        ],
    )
    store.add(
        Window("Code", "reader.py - dayreel"),
        "08:40-09:38",
        [
            ["def frames(self, interval):", "    return [red]rows[/red]"],
            ["class Reader:", '    """Answers questions."""'],
        ],
    )
    store.gaps.append(Gap(at("09:38"), at("10:05"), "stopped"))
    store.add(
        Window("微信", "产品讨论组"),
        "10:05-10:21",
        [
            ["张伟：下午三点开会，讨论全文检索的方案。", "李娜：好的，我把会议室订在二楼。"],
            ["张伟：记得带上昨天的测试数据。"],
        ],
    )
    store.add(Window("Alacritty", "make test"), "10:21-10:31", [["$ make test", "212 passed in 4.02s"]])
    return store


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """English words, whatever a test chose."""
    yield
    wording.use("en")


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody types or moves in a test: what waits for a pause of the user's comes at once."""
    monkeypatch.setattr("tui.search_screen._PAUSE_S", 0.0)
    monkeypatch.setattr("tui.search_screen._REST_S", 0.0)


@pytest.fixture
def store() -> Store:
    """A store with two days."""
    return a_day()


@pytest.fixture
def services(store: Store) -> MemoryServices:
    """Services over that store, at 10:31 of its second day."""
    return MemoryServices(store, FixedClock(at("10:31")))


_UNTIL_ANSWERED = ("dialog", "record", "change", "correct")  # workers that wait for the user


@dataclass
class Journey:
    """A running interface and the keys pressed on it."""

    app: DayreelApp
    pilot: Any

    @property
    def screen(self) -> TimelineScreen:
        """The main screen, whatever lies on top of it."""
        return next(screen for screen in self.app.screen_stack if isinstance(screen, TimelineScreen))

    async def settle(self) -> None:
        """Wait until nothing is being asked any more and all is drawn."""
        for _ in range(4):
            await self.pilot.pause()
            workers = (worker for worker in self.app.workers if worker.group not in _UNTIL_ANSWERED)
            waiting = [worker for worker in workers if not worker.is_finished]
            if waiting:
                await self.app.workers.wait_for_complete(waiting)
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        """Press keys, then wait."""
        await self.pilot.press(*keys)
        await self.settle()

    async def type(self, text: str) -> None:
        """Put a text into the input that has the focus, as a paste does, then wait."""
        self.app.focused.insert_text_at_cursor(text)  # type: ignore[union-attr]
        await self.settle()

    def text_of(self, selector: str) -> str:
        """Return the plain text of a static of the screen on top."""
        return str(self.app.screen.query_one(selector).render())

    @property
    def heading(self) -> str:
        """Return the heading of the frame."""
        return self.screen.query_one("#frame")._border_title.plain  # the public getter gives markup


Play = Callable[[Journey], Coroutine[Any, Any, None]]


@pytest.fixture
def play(services: MemoryServices) -> Callable[..., None]:
    """Return a function that runs an async test inside the interface at 80x24, or at another size."""

    def run(
        steps: Play,
        size: tuple[int, int] = (80, 24),
        kind: str = "halfblock",
        look: Look = DEFAULT_LOOK,
        slow: bool = False,
    ) -> None:
        async def inside() -> None:
            app = DayreelApp(services, replace(PictureMode(), kind=kind, slow=slow), look)
            async with app.run_test(size=size) as pilot:
                journey = Journey(app, pilot)
                await journey.settle()
                await steps(journey)

        asyncio.run(inside())

    return run
