"""From moments to seconds at the screen and sessions: nothing counts twice, breaks and gaps part."""

from __future__ import annotations

from assistant.projects import document_of, plain_title, project_of
from assistant.sessions import activities, sessions, time_by
from timeline.model import Gap, Interval, Moment, Window

SECOND = 1_000_000
DAY = Interval(0, 86_400 * SECOND)
CODE = Window("Code", "main.py - dayreel - Visual Studio Code")
SHELL = Window("gnome-terminal-server", "nora@desk: ~/src/dayreel")
CHAT = Window("Slack", "general")
MAIL = Window("thunderbird", "Inbox")
PAGE = Window("firefox", "asyncio documentation")


def moment(start_s: float, end_s: float, window: Window = CODE, monitor: int = 0, number: int = 0) -> Moment:
    return Moment(
        number or round(start_s * 10) + monitor + 1,
        monitor,
        round(start_s * SECOND),
        round(end_s * SECOND),
        0,
        window,
        1,
        1,
    )


def spent(*moments: Moment, gaps: tuple[Gap, ...] = ()) -> dict[str | None, float]:
    every = activities(moments, gaps, DAY, lambda one: one.monitor == 0)
    return {app: us / SECOND for app, us in time_by(every, lambda each: each.window.app).items()}


def parts(*moments: Moment, gaps: tuple[Gap, ...] = ()) -> list[tuple[str, float, float]]:
    category = {CODE: "coding", SHELL: "coding", CHAT: "communication", MAIL: "communication", PAGE: "reading"}
    every = activities(moments, gaps, DAY)
    found = sessions(every, lambda window: category.get(window, "other"), project_of)
    return [(one.category, one.start_us / SECOND, one.end_us / SECOND) for one in found]


def test_two_monitors_never_count_a_second_twice() -> None:
    """The one with the focus counts."""
    assert spent(moment(0, 100), moment(20, 60, CHAT, monitor=1)) == {"Code": 100}


def test_a_monitor_without_the_focus_counts_where_the_other_shows_nothing() -> None:
    """It was on the screen."""
    assert spent(moment(0, 100), moment(80, 130, CHAT, monitor=1)) == {"Code": 100, "Slack": 30}


def test_overlapping_windows_count_once() -> None:
    """The one that was begun last has the seconds they share."""
    assert spent(moment(0, 100), moment(90, 120, CHAT)) == {"Code": 90, "Slack": 30}


def test_gaps_inside_a_moment_are_not_counted() -> None:
    """Idle, locked, paused and excluded stretches are nobody's time."""
    gaps = (Gap(10 * SECOND, 20 * SECOND, "idle"), Gap(30 * SECOND, 35 * SECOND, "excluded"))
    assert spent(moment(0, 100), gaps=gaps) == {"Code": 85}


def test_what_was_taken_in_counts_while_the_recorder_was_stopped() -> None:
    """Screenshots of that time are its record."""
    assert spent(moment(0, 100), gaps=(Gap(0, 100 * SECOND, "stopped"),)) == {"Code": 100}


def test_moments_are_cut_to_the_interval() -> None:
    """A moment over midnight counts to both days."""
    every = activities([moment(86_000, 87_000)], (), DAY)
    assert [each.active_us / SECOND for each in every] == [400]


def test_one_project_goes_on_through_its_windows() -> None:
    """Editor and terminal in one folder are the same work."""
    assert parts(moment(0, 600), moment(600, 1200, SHELL)) == [("coding", 0, 1200)]


def test_a_break_ends_a_session() -> None:
    """Six minutes of nothing."""
    assert parts(moment(0, 600), moment(960, 1200)) == [("coding", 0, 600), ("coding", 960, 1200)]


def test_a_glance_at_the_chat_is_part_of_the_session() -> None:
    """The same work goes on before and after it."""
    assert parts(moment(0, 600), moment(600, 640, CHAT), moment(640, 1200)) == [("coding", 0, 1200)]


def test_ten_minutes_of_chat_are_a_session() -> None:
    """However much the work goes on afterwards."""
    found = parts(moment(0, 900), moment(900, 1500, CHAT), moment(1500, 2400))
    assert [category for category, _, _ in found] == ["coding", "communication", "coding"]


def test_an_empty_screen_on_the_way_is_no_session() -> None:
    """A few seconds without a category belong to what comes."""
    assert parts(moment(0, 5, Window()), moment(5, 100)) == [("coding", 0, 100)]


def test_projects_are_read_from_titles_and_addresses() -> None:
    """Of editors, shells and repositories on the web; nothing is guessed."""
    assert project_of(CODE) == "dayreel"
    assert project_of(SHELL) == "dayreel"
    assert project_of(Window("firefox", "Issues", "https://github.com/nora/dayreel/issues/7")) == "dayreel"
    assert project_of(Window("firefox", "the weather - in Rome")) is None
    assert project_of(Window("XTerm", "deploy log")) is None


def test_documents_are_files_named_by_titles() -> None:
    """The program's own name is none of it."""
    assert document_of(Window("gedit", "*notes.txt (~/work) - gedit")) == "notes.txt"
    assert document_of(Window("soffice", "预算 2026.xlsx - LibreOffice Calc")) == "预算 2026.xlsx"
    assert document_of(Window("firefox", "Node.js - Wikipedia")) is None
    assert plain_title(PAGE) == "asyncio documentation"
