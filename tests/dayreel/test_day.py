"""`dayreel day`, `week` and `category` over a recorded hour."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dayreel.cli import main
from dayreel.digesting import language_of
from tests.support.stores import NOON_US, SECOND_US, StoreUnderTest
from timeline.model import Gap, Window

NOW = "2025-11-22T18:00:00+00:00"
SHELL = Window("XTerm", "deploy log")
PAGE = Window("Chromium", "asyncio — Python 3.11 documentation - Chromium")


@pytest.fixture
def in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The zone and the locale of the machine do not matter."""
    with monkeypatch.context() as changed:
        changed.setenv("TZ", "UTC")
        changed.setenv("LC_ALL", "C.UTF-8")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def home(tmp_path: Path, in_utc: None) -> Path:
    store = StoreUnderTest.make(tmp_path / "home")
    store.frame(0, ["deploy finished"], SHELL, end_s=600)
    store.frame(600, ["Coroutines"], PAGE, end_s=1500)
    store.writer.add_gap(Gap(NOON_US + 1500 * SECOND_US, NOON_US + 3600 * SECOND_US, "paused"))
    store.close()
    return tmp_path / "home"


def run(home: Path, capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert main(["--home", str(home), "--now", NOW, *arguments]) == code
    return capsys.readouterr().out


def data(home: Path, capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Any:
    return json.loads(run(home, capsys, *arguments, "--json", code=code))


def test_a_day_as_json(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Sessions, totals and gaps in the shape that is promised."""
    day = data(home, capsys, "day")
    assert (day["date"], day["active_s"]) == ("2025-11-22", 1500)
    assert day["sessions"][0] == {
        "start": "2025-11-22T12:00:00.000+00:00",
        "end": "2025-11-22T12:10:00.000+00:00",
        "app": "XTerm",
        "title": "deploy log",
        "category": "coding",
        "summary": "coding for 10 min: deploy log (XTerm)",
        "active_s": 600,
    }
    assert day["by_app"] == [{"app": "Chromium", "active_s": 900}, {"app": "XTerm", "active_s": 600}]
    assert day["by_category"] == [{"category": "reading", "active_s": 900}, {"category": "coding", "active_s": 600}]
    assert [gap["reason"] for gap in day["gaps"]] == ["paused"]
    assert [page["name"] for page in day["pages"]] == ["asyncio — Python 3.11 documentation"]


def test_a_day_without_a_record_is_not_found(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The shape stays, and the code says so."""
    day = data(home, capsys, "day", "yesterday", code=3)
    assert (day["date"], day["active_s"], day["sessions"]) == ("2025-11-21", 0, [])


def test_a_day_of_an_empty_home_is_not_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing was ever recorded."""
    assert data(tmp_path / "nothing", capsys, "day", code=3)["active_s"] == 0


def test_a_day_in_chinese(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The language is an option."""
    assert run(home, capsys, "day", "今天", "--language", "zh").splitlines()[:4] == [
        "2025年11月22日周六：屏幕前 25 分钟",
        "",
        "时段",
        "  12:00–12:10  编程 10 分钟：deploy log (XTerm)",
    ]


def test_a_week_as_markdown(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Monday to Sunday."""
    lines = run(home, capsys, "week", "--markdown").splitlines()
    assert lines[0] == "# Mon 17 Nov 2025 – Sun 23 Nov 2025: 25 min at the screen"
    assert "## By category" in lines
    assert "- reading: 15 min" in lines


def test_a_week_has_each_days_total(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Seven of them."""
    week = data(home, capsys, "week", "2025-11-19")
    assert (week["week"], week["from"], week["to"]) == ("2025-W47", "2025-11-17", "2025-11-23")
    assert [day["active_s"] for day in week["days"]] == [0, 0, 0, 0, 0, 1500, 0]


def test_a_date_that_is_none_is_refused(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With a sentence."""
    assert main(["--home", str(home), "day", "bananas"]) == 2
    assert "not understood as a time" in capsys.readouterr().err


def test_a_correction_is_kept_and_used(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The window at that time, from then on."""
    run(home, capsys, "category", "add", "operations")
    run(home, capsys, "category", "correct", "12:05", "operations")
    day = data(home, capsys, "day")
    assert [each["category"] for each in day["by_category"]] == ["reading", "operations"]


def test_a_category_takes_another_name(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Everywhere."""
    rows = data(home, capsys, "category", "rename", "reading", "study")
    assert {"category": "reading", "name": "study", "built_in": True, "examples": 0} in rows
    assert data(home, capsys, "day")["by_category"][0]["category"] == "study"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("correct", "12:05", "no such thing"), 2),
        (("correct", "2025-11-20T12:00", "coding"), 3),
        (("add", "coding"), 2),
        (("add", ""), 2),
        (("add",), 2),
        (("rename", "reading", "coding"), 2),
        (("list", "--whole-app"), 2),
    ],
)
def test_what_cannot_be_done_is_told(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int
) -> None:
    """In one sentence, and nothing is changed."""
    assert main(["--home", str(home), "--now", NOW, "category", *arguments]) == code
    assert capsys.readouterr().err.startswith("dayreel: ")


def test_the_language_is_that_of_the_locale_unless_said() -> None:
    """As other programs do."""
    assert language_of(None, {"LANG": "zh_CN.UTF-8"}) == "zh"
    assert language_of(None, {"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}) == "en"
    assert language_of("zh", {}) == "zh"
