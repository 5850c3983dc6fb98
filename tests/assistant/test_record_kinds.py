"""Kinds of questions answered from the record: how long, how often, how many, which, in what order, what changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

import pytest

from assistant.answer import Answer, Assistant
from index.search import Searcher
from tests.support.stores import NOON_US, SECOND_US, StoreUnderTest
from timeline.clock import FixedClock
from timeline.labels import put, set_name
from timeline.model import Gap, Window

EVENING_US = NOON_US + 6 * 3600 * SECOND_US  # Saturday 2025-11-22, 18:00
SHELL, LOG, PAGE, GUIDE = (
    Window("XTerm", "build"),
    Window("XTerm", "git log"),
    Window("Chromium", "asyncio — Python documentation - Chromium"),
    Window("Chromium", "部署指南 - Chromium"),
)
PLAN = Window("gedit", "plan.md - gedit")
DAY = (
    (0, 600, SHELL, ("make test", "build failed with 3 errors")),
    (600, 1500, PAGE, ("TaskGroup waits for all of its tasks", "timeout cancels them")),
    (1500, 1800, SHELL, ("make test", "build passed")),
    (1800, 2400, PLAN, ("Plan of the release", "freeze on 12 December", "Nora writes the notes")),
    (2400, 2700, LOG, ("commit 9f3ac0d fix flaky retry",)),
    (2700, 3300, GUIDE, ("先备份数据库，再执行迁移", "迁移需要十分钟")),
    (3900, 4500, PLAN, ("Plan of the release", "freeze on 19 December", "Nora writes the notes", "Li tests")),
)  # fmt: skip


@dataclass
class Office:
    """A recorded day, and who answers questions about it."""

    store: StoreUnderTest
    searcher: Searcher

    def ask(self, question: str) -> Answer:
        """Return the answer of the record on that evening, in UTC."""
        return Assistant(self.store.reader, self.searcher, FixedClock(EVENING_US), None, UTC).ask(question)

    def lines(self, question: str) -> list[str]:
        return self.ask(question).answer.splitlines()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    store = StoreUnderTest.make(tmp_path_factory.mktemp("office") / "home")
    for start_s, end_s, window, texts in DAY:
        store.frame(start_s, texts, window, end_s=end_s)
    store.writer.add_gap(Gap(NOON_US + 3300 * SECOND_US, NOON_US + 3900 * SECOND_US, "paused"))
    store.index_text()
    with Searcher.open(store.home, store.key, None) as searcher:
        yield Office(store, searcher)
    store.close()


def test_how_long_a_program_was_used(office: Office) -> None:
    """The total, and the windows that make it up; the longest is the first proof."""
    answer = office.ask("how long was I in the terminal today?")
    assert answer.answer.splitlines() == [
        "XTerm: 20 min on the screen, Sat 22 Nov 2025 00:00 – 18:00. [1]",
        "12:00–12:30, XTerm · build: 15 min [1]",
        "12:40–12:45, XTerm · git log: 5 min [2]",
    ]
    assert answer.citations[0].window == SHELL


@pytest.mark.parametrize(
    ("question", "total"),
    [
        ("how much time did I spend in the browser today", "25 min"),
        ("how long did I read the asyncio page?", "15 min"),
        ("how long was plan.md open", "20 min"),
        ("how much time did I spend coding today?", "20 min"),
        ("how long did I read about timeout", "15 min"),
        ("how long was I at the computer today", "1 h 5 min"),
        ("今天在终端里花了多久", "20 分钟"),
        ("今天我在浏览器里待了多长时间", "25 分钟"),
        ("部署指南看了多久", "10 分钟"),
        ("今天编程花了多少时间", "20 分钟"),
    ],
)
def test_durations_are_added_up(office: Office, question: str, total: str) -> None:
    """By program, title, category, or the words that were read there."""
    assert total in office.lines(question)[0]


def test_a_duration_that_stands_in_a_text_is_found_there(office: Office) -> None:
    """How long a migration takes is no time at the screen."""
    assert "迁移需要十分钟" in office.ask("迁移需要多久").citations[0].quote


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("how often did I open plan.md today", "twice"),
        ("how many times was I in the git log", "once"),
        ("今天打开过几次 build", "2 次"),
    ],
)
def test_visits_are_counted(office: Office, question: str, said: str) -> None:
    """Another window between parts two visits, as a break does."""
    assert said in office.lines(question)[0]


@pytest.mark.parametrize(
    ("question", "first", "cited"),
    [
        ("how many pages did I open today?", "2 pages", [PAGE, GUIDE]),
        ("how many applications did I use today?", "3 applications", [SHELL, PAGE, PLAN]),
        ("which documents did I work on today?", "Documents", [PAGE, PLAN, GUIDE]),
        ("今天看了哪些网页", "网页", [PAGE, GUIDE]),
        ("今天用了几个应用", "3 个应用", [SHELL, PAGE, PLAN]),
    ],
)
def test_things_are_counted_and_listed(office: Office, question: str, first: str, cited: list[Window]) -> None:
    """Each with its time and a proof, in the order in which they came."""
    answer = office.ask(question)
    assert answer.answer.startswith(first)
    assert {each.window.title for each in answer.citations} == {each.title for each in cited}


@pytest.mark.parametrize(
    ("question", "window"),
    [
        ("what did I do right after the git log?", GUIDE),
        ("what was I doing just before the git log?", PLAN),
        ("what did I look at before the build passed", PAGE),
        ("看部署指南之前我在做什么", LOG),
        ("git log 之后我打开了什么", GUIDE),
    ],
)
def test_what_came_before_and_after(office: Office, question: str, window: Window) -> None:
    """The neighbour is told first, with its proof, then what it is beside."""
    answer = office.ask(question)
    assert answer.citations[0].window == window
    assert len(answer.citations) == 2


def test_an_event_that_is_not_in_the_record_is_said(office: Office) -> None:
    """There is nothing to be before or after of."""
    answer = office.ask("what did I do after the tax return?")
    assert answer.citations == ()
    assert answer.answer.endswith("What it should have come before or after is not in the record.")


def test_a_search_is_confined_by_an_event(office: Office) -> None:
    """The plan after the git log is the second one."""
    answer = office.ask("what is the freeze in the plan after the git log?")
    assert "19 December" in answer.answer
    assert "12 December" not in answer.answer


def test_what_changed_is_told_line_by_line(office: Office) -> None:
    """New lines and lines that are gone, each with the frame that shows it."""
    lines = office.lines("what changed in plan.md today?")
    assert [line.split(" [")[0] for line in lines[1:]] == [
        "New: “freeze on 19 December”",
        "New: “Li tests”",
        "No longer there: “freeze on 12 December”",
    ]


def test_what_changed_in_chinese(office: Office) -> None:
    """The same sentences."""
    assert "新增：“Li tests” [3]" in office.lines("今天 plan.md 里改了什么")


def test_what_stood_unchanged_is_said(office: Office) -> None:
    """There is nothing to compare."""
    assert "only once" in office.lines("what changed in the git log today?")[-1]


@pytest.mark.parametrize(
    ("question", "beginning"),
    [
        ("when did I last use the terminal", "Last on the screen on Sat 22 Nov 2025 at 12:45, XTerm · git log"),
        ("when did I first open the browser today", "First on the screen on Sat 22 Nov 2025 at 12:10, Chromium"),
        ("when did I start working today", "First on the screen on Sat 22 Nov 2025 at 12:00, XTerm · build"),
        ("今天几点结束工作的", "最后一次出现在屏幕上是 2025年11月22日周六 13:15，gedit"),
        ("when did I last open plan.md", "Last on the screen on Sat 22 Nov 2025 at 13:15, gedit"),
    ],
)
def test_first_and_last_of_windows(office: Office, question: str, beginning: str) -> None:
    """Programs and titles have times as texts have."""
    assert office.ask(question).answer.startswith(beginning)


def test_what_was_done_in_a_program(office: Office) -> None:
    """Only its windows are told."""
    answer = office.ask("what did I do in the terminal today?")
    assert {each.window for each in answer.citations} == {SHELL, LOG}


def test_a_week_is_told_by_categories_days_and_sessions(office: Office) -> None:
    """Short enough for a stand-up, each day and session with a proof."""
    lines = office.lines("summarise my week for the stand-up")
    assert lines[0].startswith("reading 25 min, ")
    assert lines[1].startswith("Sat 22 Nov 2025: 1 h 5 min; ")
    assert all(line.endswith("]") for line in lines[1:])


def test_a_correction_counts_at_once(tmp_path: Path) -> None:
    """A category of the user's is measured like any other."""
    store = StoreUnderTest.make(tmp_path / "home")
    store.frame(0, ["build"], SHELL, end_s=600)
    set_name(store.writer.db, "coding", "hacking")
    put(store.writer.db, SHELL, "meetings", whole_app=True)
    store.index_text()
    with Searcher.open(store.home, store.key, None) as searcher:
        answer = Office(store, searcher).ask("how long was I in meetings today?")
    store.close()
    assert answer.answer.startswith("meetings: 10 min")


@pytest.mark.parametrize(
    "question",
    [
        "how long was I in Photoshop today?",
        "how often did I open the invoice?",
        "which documents about tractors did I read",
        "how many meetings did I have today?",
        "今天开会开了多久",
        "上次打开发票是什么时候",
        "what changed in budget.xlsx",
        "when did I last use the mail program",
    ],
)
def test_what_never_happened_is_not_measured(office: Office, question: str) -> None:
    """No citation, no number."""
    answer = office.ask(question)
    assert answer.citations == ()
    assert answer.answer.startswith(("The record holds no answer", "记录中没有"))


def test_a_pause_is_the_reason_in_chinese(office: Office) -> None:
    """Why nothing was recorded is said in the language of the question."""
    assert office.ask("今天12:56到13:04我做了什么").answer.endswith("没有任何记录：已暂停。")
