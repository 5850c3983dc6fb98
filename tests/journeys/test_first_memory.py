"""The whole way on a real screen: recorded, read, found, asked, shown."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.support.product import Product, wait_until
from tests.support.virtual_screen import VirtualScreen, open_virtual_screen

pytestmark = pytest.mark.journey

ENGLISH = "The quarterly churn report goes to finance on Friday, budget 41,900 EUR"
CHINESE_PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>发布计划</title>
<body style="font: 22px 'Noto Sans CJK SC'; margin: 60px"><h1>三月发布计划</h1>
<p>上传模块的修复还需要在海上观察一周，正式发布推迟到三月二十五日。</p><p>客户通知由陈立起草。</p></body></html>"""
START_S = 60.0
PAINTED_S = 4.0  # a browser paints for two seconds, the recorder looks once a second
END_S = 10.0  # as `dayreel record` promises


@dataclass(frozen=True, slots=True)
class Memory:
    """A home with a short recorded morning in it."""

    product: Product
    exit_code: int
    ended_in_s: float
    second: subprocess.CompletedProcess[str]
    """A second recorder on the same home, while the first ran."""


@pytest.fixture(scope="module")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Memory:
    """An English note in a terminal and a Chinese page in a browser, recorded and read."""
    folder = tmp_path_factory.mktemp("journey")
    with open_virtual_screen(folder) as screen:
        product = Product(folder / "home", screen.display)
        recorder = product.start("record")
        try:
            _show_things(screen, product, folder)
            second = product.run("record")
        finally:
            recorder.send_signal(signal.SIGINT)
            told_at = time.monotonic()
            exit_code = recorder.wait(5 * END_S)
        ended_in_s = time.monotonic() - told_at
    product.run("work", "--until-idle")
    return Memory(product, exit_code, ended_in_s, second)


def test_the_recording_ends_when_told(memory: Memory) -> None:
    """SIGINT ends it in time, with exit code 0."""
    assert memory.exit_code == 0
    assert memory.ended_in_s <= END_S


def test_a_second_recorder_is_refused(memory: Memory) -> None:
    """One home has one recorder; the other is told so in a sentence."""
    assert memory.second.returncode == 9
    assert "Traceback" not in memory.second.stderr


def test_nothing_waits_after_work(memory: Memory) -> None:
    """All frames are searchable."""
    status = memory.product.status()
    assert (status["pending"], status["recording"]) == (0, False)
    assert status["frames"] >= 2


def test_the_english_note_is_found_in_its_terminal(memory: Memory) -> None:
    """By a phrase, with the class of the window."""
    first = memory.product.data("search", '"quarterly churn report"')[0]
    assert first["app"] == "Notes"
    assert "41,900" in first["text"]


def test_the_chinese_page_is_found_in_its_browser(memory: Memory) -> None:
    """By a word of two characters, with title and class of the window."""
    first = memory.product.data("search", "推迟")[0]
    assert first["app"] == "Chromium"
    assert "发布计划" in first["title"]


def test_a_question_is_answered_from_the_record_with_a_quote(memory: Memory) -> None:
    """Without a language model; the quote stands in the record."""
    answer = memory.product.data("ask", "How much is the budget of the churn report today?", "--no-llm")
    assert any("41,900" in citation["quote"] for citation in answer["citations"])
    assert (answer["model"], answer["endpoint"]) == (None, None)


def test_the_picture_of_a_result_is_written(memory: Memory, tmp_path: Path) -> None:
    """As a PNG of the screen's size."""
    first = memory.product.data("search", "churn report")[0]
    done = memory.product.run("frame", "--id", first["frame"], "--out", str(tmp_path / "then.png"))
    assert done.returncode == 0
    with Image.open(tmp_path / "then.png") as picture:
        assert (picture.format, picture.size) == ("PNG", (1280, 800))


def test_the_text_of_an_instant_is_given_in_lines(memory: Memory) -> None:
    """The line that was typed, with its box on the screen."""
    lines = memory.product.data("text", _middle(memory.product.data("search", "churn report")[0]))
    boxes = [line["box"] for line in lines if "churn" in line["text"]]
    assert boxes
    assert all(0 <= x0 < x1 <= 1280 and 0 <= y0 < y1 <= 800 for x0, y0, x1, y1 in boxes)


def test_words_never_shown_are_not_found(memory: Memory) -> None:
    """Exit code 3 and an empty list."""
    done = memory.product.run("search", '"hippopotamus gearbox"', "--mode", "text", "--json")
    assert (done.returncode, done.stdout.strip()) == (3, "[]")


def _show_things(screen: VirtualScreen, product: Product, folder: Path) -> None:
    wait_until(lambda: product.frames() > 0, START_S, "the recorder kept no first frame")
    _and_kept(product, lambda: screen.open_terminal("Notes", "notes.txt", "90x12+60+60", f"echo '{ENGLISH}'"))
    (folder / "plan.html").write_text(CHINESE_PAGE, encoding="utf-8")
    _and_kept(product, lambda: _browse(screen, folder / "plan.html", folder / "profile"))


def _browse(screen: VirtualScreen, page: Path, profile: Path) -> None:
    screen.start(
        "chromium", "--no-sandbox", "--test-type", "--disable-gpu", "--no-first-run", f"--user-data-dir={profile}",
        "--window-position=0,0", "--window-size=1280,770", f"file://{page}",
    )  # fmt: skip
    wait_until(lambda: _focus_browser(screen), START_S, "the browser did not come up")


def _focus_browser(screen: VirtualScreen) -> bool:
    """Tell whether a window of the browser has the focus now; a window may go while it is looked for, or after."""
    try:
        windows = screen.xdotool("search", "--onlyvisible", "--class", "chromium").splitlines()
        if windows:
            screen.focus(windows[-1])
    except subprocess.CalledProcessError:
        return False
    return bool(windows)


def _and_kept(product: Product, act: Callable[[], object]) -> None:
    """Do something on the screen and wait until the recorder has kept what it looks like then."""
    before = product.status()["newest_frame"]
    act()
    wait_until(lambda: bool(product.status()["newest_frame"] != before), START_S, "the recorder kept no new frame")
    time.sleep(PAINTED_S)


def _middle(result: dict[str, Any]) -> str:
    """Return the instant in the middle of a result's span."""
    start, end = (datetime.fromisoformat(result[name]) for name in ("start", "end"))
    return (start + (end - start) / 2).isoformat()
