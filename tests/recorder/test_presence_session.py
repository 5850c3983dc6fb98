"""Locks, sleep, shut-down and inhibition as services on a real message bus tell of them."""

from __future__ import annotations

import select
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from recorder.dbus import Bus
from recorder.inhibitors import Inhibitors
from recorder.leaps import SUSPENDED
from recorder.session import LOCKED, PASSING_S, SHUT_DOWN, Session
from tests.support.message_bus import MessageBus, Service, open_message_bus
from timeline.clock import FixedClock

LOGIN = "org.freedesktop.login1"
MANAGER_PATH = "/org/freedesktop/login1"
SESSION_PATH = "/org/freedesktop/login1/session/_32"
GNOME = "org.gnome.ScreenSaver"


@pytest.fixture
def message_bus(tmp_path: Path) -> Iterator[MessageBus]:
    """A bus that stands for the system's and the session's alike."""
    with open_message_bus(tmp_path) as bus:
        yield bus


@pytest.fixture
def bus(message_bus: MessageBus) -> Iterator[Bus]:
    """The recorder's connection to it."""
    connected = Bus.connect(message_bus.address)
    assert connected is not None
    with connected:
        yield connected


@pytest.fixture
def login(message_bus: MessageBus) -> Iterator[Service]:
    """A login1 with one session, not locked."""
    methods = {(f"{LOGIN}.Manager", "GetSessionByPID"): ("o", (SESSION_PATH,))}
    properties = {
        (f"{LOGIN}.Session", "LockedHint"): ("b", False),
        (f"{LOGIN}.Manager", "BlockInhibited"): ("s", "sleep:handle-lid-switch"),
    }
    with message_bus.service(LOGIN, methods=methods, properties=properties) as service:
        yield service


def told(session: Session) -> str | None:
    """What the session says once its next signal has come."""
    assert select.select(session.filenos(), [], [], 10)[0]
    time.sleep(0.05)
    return session.reason()


def hint(login: Service, locked: bool) -> None:
    """Tell that the session was locked or unlocked."""
    changed = {"LockedHint": ("b", locked)}
    body = (f"{LOGIN}.Session", changed, [])
    login.emit(SESSION_PATH, "org.freedesktop.DBus.Properties", "PropertiesChanged", "sa{sv}as", *body)


def test_a_session_that_says_nothing_is_there(bus: Bus, login: Service) -> None:
    """Neither locked nor asleep."""
    assert Session(FixedClock(0), bus, None).reason() is None


def test_a_lock_is_told_and_its_end_too(bus: Bus, login: Service) -> None:
    """The hint of login1 wakes the recorder both times."""
    session = Session(FixedClock(0), bus, None)
    hint(login, True)
    assert told(session) == LOCKED
    hint(login, False)
    assert told(session) is None


def test_a_session_that_is_locked_already_is_known_at_the_start(bus: Bus, login: Service) -> None:
    """A recorder that is started again behind a lock."""
    login.properties[f"{LOGIN}.Session", "LockedHint"] = ("b", True)
    assert Session(FixedClock(0), bus, None).reason() == LOCKED


def test_the_session_of_the_users_display_is_found_from_outside_of_it(bus: Bus, login: Service) -> None:
    """A service of the user's runs in no session of its own."""
    login.methods.clear()
    login.methods[f"{LOGIN}.Manager", "GetUser"] = ("o", ("/org/freedesktop/login1/user/_1000",))
    login.properties[f"{LOGIN}.User", "Display"] = ("(so)", ("2", SESSION_PATH))
    login.properties[f"{LOGIN}.Session", "LockedHint"] = ("b", True)
    assert Session(FixedClock(0), bus, None).reason() == LOCKED


def test_a_sleep_is_known_from_its_announcement_to_its_end(bus: Bus, login: Service) -> None:
    """login1 announces it before the machine stops."""
    session = Session(FixedClock(0), bus, None)
    login.emit(MANAGER_PATH, f"{LOGIN}.Manager", "PrepareForSleep", "b", True)
    assert told(session) == SUSPENDED
    login.emit(MANAGER_PATH, f"{LOGIN}.Manager", "PrepareForSleep", "b", False)
    assert told(session) is None


def test_a_sleep_that_never_came_is_forgotten(bus: Bus, login: Service) -> None:
    """After a minute awake nothing is left of the announcement."""
    clock = FixedClock(0)
    session = Session(clock, bus, None)
    login.emit(MANAGER_PATH, f"{LOGIN}.Manager", "PrepareForSleep", "b", True)
    assert told(session) == SUSPENDED
    clock.sleep(8 * 3600)
    assert session.reason() == SUSPENDED
    clock.advance(PASSING_S)
    assert session.reason() is None


def test_a_shut_down_is_told(bus: Bus, login: Service) -> None:
    """Before the recorder is stopped by it."""
    session = Session(FixedClock(0), bus, None)
    login.emit(MANAGER_PATH, f"{LOGIN}.Manager", "PrepareForShutdown", "b", True)
    assert told(session) == SHUT_DOWN


@pytest.mark.parametrize("name", [GNOME, "org.freedesktop.ScreenSaver", "org.xfce.ScreenSaver"])
def test_a_screen_saver_tells_of_its_lock(message_bus: MessageBus, bus: Bus, name: str) -> None:
    """Each desktop's own, on the session's bus."""
    session = Session(FixedClock(0), None, bus)
    with message_bus.service(name) as saver:
        assert told(session) is None
        saver.emit("/" + name.replace(".", "/"), name, "ActiveChanged", "b", True)
        assert told(session) == LOCKED
        saver.emit("/" + name.replace(".", "/"), name, "ActiveChanged", "b", False)
        assert told(session) is None


def test_a_screen_saver_that_is_active_already_is_known_at_the_start(message_bus: MessageBus, bus: Bus) -> None:
    """It is asked once."""
    with message_bus.service(GNOME, methods={(GNOME, "GetActive"): ("b", (True,))}):
        assert Session(FixedClock(0), None, bus).reason() == LOCKED


def test_a_screen_saver_that_ends_locks_nothing(message_bus: MessageBus, bus: Bus) -> None:
    """One that crashed behind its lock does not stop the recording for ever."""
    with message_bus.service(GNOME, methods={(GNOME, "GetActive"): ("b", (True,))}):
        session = Session(FixedClock(0), None, bus)
        assert session.reason() == LOCKED
    assert told(session) is None


def test_the_signals_of_others_lock_nothing(message_bus: MessageBus, bus: Bus) -> None:
    """Only the owner of the name is heard."""
    session = Session(FixedClock(0), None, bus)
    with message_bus.service("org.example.Other") as other:
        other.emit("/org/gnome/ScreenSaver", GNOME, "ActiveChanged", "b", True)
        assert not select.select(session.filenos(), [], [], 0.5)[0]
        assert session.reason() is None


def test_a_bus_that_goes_away_locks_nothing(message_bus: MessageBus, bus: Bus, login: Service) -> None:
    """What it said last may stand no more, and there is nothing left to wait for."""
    login.properties[f"{LOGIN}.Session", "LockedHint"] = ("b", True)
    session = Session(FixedClock(0), bus, None)
    message_bus.daemon.kill()
    message_bus.daemon.wait()
    assert told(session) is None
    assert session.filenos() == ()


def test_without_a_bus_there_is_one_line_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither an address nor a socket behind it is an error."""
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    caplog.set_level("INFO")
    assert Bus.connect("SESSION") is None
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'none'}")
    assert Bus.connect("SYSTEM") is None
    assert [record.message for record in caplog.records] == [
        "there is no session bus to ask (KeyError)",
        "there is no system bus to ask (FileNotFoundError)",
    ]
    session = Session(FixedClock(0), None, None)
    assert (session.reason(), session.filenos()) == (None, ())


def test_a_service_that_hangs_is_given_up(message_bus: MessageBus, bus: Bus) -> None:
    """No answer in time is None, and the next call is answered as ever."""
    with message_bus.service("org.example.Slow") as slow:
        slow.connection.sock.shutdown(0)
        assert bus.call(("org.example.Slow", "/", "org.example.Slow"), "Anything", timeout_s=0.05) is None
        assert "org.freedesktop.DBus" in bus.names()


@pytest.mark.parametrize(
    ("name", "tables"),
    [
        (LOGIN, {"properties": {(f"{LOGIN}.Manager", "BlockInhibited"): ("s", "idle:sleep")}}),
        ("org.gnome.SessionManager", {"properties": {("org.gnome.SessionManager", "InhibitedActions"): ("u", 12)}}),
        (
            "org.freedesktop.PowerManagement",
            {"methods": {("org.freedesktop.PowerManagement.Inhibit", "HasInhibit"): ("b", (True,))}},
        ),
    ],
)
def test_a_film_is_no_absence(message_bus: MessageBus, bus: Bus, name: str, tables: dict[str, object]) -> None:
    """Whoever plays it says so to login1, to GNOME or to the power manager."""
    inhibitors = Inhibitors(bus, bus)
    assert not inhibitors.idle_inhibited()
    with ExitStack() as stack:
        stack.enter_context(message_bus.service(name, **tables))
        assert inhibitors.idle_inhibited()


def test_what_keeps_the_machine_from_sleeping_only_is_no_film(bus: Bus, login: Service) -> None:
    """A download that must not be cut off needs nobody to watch it."""
    assert not Inhibitors(bus, None).idle_inhibited()
