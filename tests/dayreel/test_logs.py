"""What the log tells of failures: their kind and place, never their message."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from dayreel.logs import log_to_home
from dayreel.settings import Settings
from dayreel.worker import Worker
from ocr.picture_file import load_picture
from tests.support.stores import StoreUnderTest
from timeline.model import Line, Picture
from timeline.spool import Spool

WORD = "QUAGGA4419"


class FailingEngine:
    """An engine that fails on every page, with what it saw in its message."""

    name = "failing"

    def read(self, picture: Picture) -> list[Line]:
        page = f"{WORD} on a page of {picture.shape}"
        raise ValueError(page)


@pytest.fixture
def _logged(store: StoreUnderTest) -> Iterator[None]:
    """The log of the store's home, while the test runs."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    log_to_home(store.home)
    yield
    for handler in root.handlers:
        handler.close()
    root.handlers[:], logging.raiseExceptions = before, True
    root.setLevel(level)


@pytest.mark.usefixtures("_logged")
def test_an_engine_that_fails_on_a_page_tells_nothing_of_it(
    store: StoreUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real worker reads; its log names frame, class and place, the database the class."""
    picture = load_picture(Path(__file__).parents[1] / "ocr" / "pictures" / "english.png")
    height, width = picture.shape[:2]
    name = Spool(store.home, store.key).put(picture)
    store.writer.add_frame(store.new_frame(0, width=width, height=height, spool_name=name))
    monkeypatch.setattr("dayreel.reading.choose_engine", lambda *_: FailingEngine())
    with Worker(store.home, Settings()) as worker:
        worker.work_until_idle(threading.Event())
    log = store.home.log.read_text()
    assert "was not read: ValueError in " in log
    assert "test_logs.py:" in log
    assert WORD not in log
    assert store.writer.db.execute("SELECT error FROM jobs").fetchone() == ("ValueError",)
