"""Two forgettings of one home at the same time: both end well, nothing is left of either, nothing else is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dayreel.forgetting import check
from tests.support.forgetting import NAME, film
from timeline.model import ALL_TIME, Window
from timeline.pictures import Pictures

ROOT = Path(__file__).parents[2]
PAGES = [["morning mail arrived"], ["the code is 4711-abc"], ["balance of ninety crowns"], ["evening news came"]] * 3
WINDOWS = [Window("Mail", "Inbox"), Window("Chat", "Quill"), Window("Bank", "Account"), Window("News", "Page")] * 3


def begin(home: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start a forgetting."""
    return subprocess.Popen(
        [sys.executable, "-m", "dayreel", "forget", "--yes", "--home", str(home), *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(
    ("second", "frames"), [(("--app", "Bank"), 9), (("--text", "4711-abc"), 12), (("--app", "Chat"), 9)]
)
def test_two_at_once_both_end_well(store, second, frames):
    """Of different things in the same segment, of the very same, and of one that holds the other."""
    film(store, PAGES, WINDOWS)
    store.writer.db.conn.execute("DELETE FROM segments WHERE name != ?", [NAME])
    both = [begin(store.home.root, "--text", "4711-abc"), begin(store.home.root, *second)]
    for one in both:
        said, talk = one.communicate(timeout=120)
        assert one.returncode in (0, 3), talk
        assert "Traceback" not in talk
        assert "Found" not in said
    assert check(store.home, store.key, text="4711-abc") == []
    with Pictures(store.home, store.key, store.reader) as pictures:
        there = list(store.reader.frames(ALL_TIME))
        assert len(there) == frames
        assert all(pictures.bgr(frame).any() for frame in there)
    assert len([path for path in store.home.video.rglob("*") if path.is_file()]) == 1
