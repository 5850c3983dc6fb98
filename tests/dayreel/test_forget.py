"""`dayreel forget` on a home with video, index and thumbnails: everything goes, and the look afterwards says so."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dayreel import forgetting
from dayreel.cli import main
from dayreel.commands import forget as forget_command
from dayreel.embedders import embedder_factory
from dayreel.forgetting import check
from dayreel.settings import Settings
from index.indexer import Indexer
from index.search import Searcher
from tests.support.forgetting import NAME, SIZE, film, seconds
from tests.support.segments import files
from tests.support.stores import lines
from tests.support.terminal import run_on_terminal
from timeline.forgetting.applying import apply
from timeline.forgetting.plan import Selection
from timeline.forgetting.selection import select
from timeline.keys import derive
from timeline.model import ALL_TIME, Window
from timeline.pictures import Pictures
from timeline.rewriting import Rewriting
from timeline.spool import Spool
from timeline.thumbnails import Thumbnails, ThumbnailWriter
from timeline.video import SegmentReader

PAGES = [
    ["morning mail arrived", "lunch at noon"], ["the code is 4711-abc", "kind regards"], ["the code is 4711-abc"],
    ["evening news came", "good night all"],
]  # fmt: skip
NOON = "2025-11-22T12:00:0"


@pytest.fixture
def day(store):
    """A recorded, read, indexed minute with thumbnails."""
    store.ids = film(store, PAGES, [Window("Mail", "Inbox"), *[Window("Chat", "Quill")] * 2, Window("News", "Page")])
    store.writer.db.conn.execute("DELETE FROM segments WHERE name != ?", [NAME])
    with (
        Pictures(store.home, store.key, store.reader) as pictures,
        ThumbnailWriter(store.home, store.key) as thumbnails,
    ):
        for one in store.ids:
            frame = store.reader.frame(one)
            thumbnails.note(frame, pictures.bgr(frame))
    index(store)
    return store


def index(store) -> None:
    indexer = Indexer.open(store.home, store.key, embedder_factory("use"))
    indexer.catch_up(store.reader)
    indexer.close()


def forget(store, *arguments: str) -> int:
    """Run the command without being asked."""
    return main(["forget", "--home", str(store.home.root), "--json", "--yes", *arguments])


def found(store, query: str) -> list[str]:
    with Searcher.open(store.home, store.key, None) as searcher:
        return [hit.text for hit in searcher.search(query, mode="text")]


def test_a_text_is_gone_from_everything(day, capsys):
    """From search, the picture, the file; the check finds nothing, and the rest is searchable."""
    assert found(day, "4711")
    assert forget(day, "--text", "4711-ABC") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["left"] == []
    assert (told["forgotten"]["covered_frames"], told["forgotten"]["frames"]) == (2, 0)
    assert found(day, "4711") == []
    assert found(day, "regards") == ["kind regards"]
    segment = day.reader.segment(day.reader.frame(day.ids[1]).segment_id)
    with SegmentReader(day.home.video / segment.name, derive(day.key, "video"), *SIZE) as file:
        assert np.ptp(file.picture(1_000_000)[40:60, 100:300]) < 24
        assert np.ptp(file.picture(0)[40:60, 100:300]) > 100
    assert day.writer.db.conn.execute("SELECT count(*) FROM forgetting").fetchone() == (0,)


def test_a_time_is_gone_from_everything(day, capsys):
    """Frames, file, thumbnails."""
    assert forget(day, "--between", f"{NOON}1", f"{NOON}2") == 0
    assert json.loads(capsys.readouterr().out)["left"] == []
    assert found(day, "4711") == []
    [name] = files(day.home)
    with SegmentReader(day.home.video / name, derive(day.key, "video"), *SIZE) as file:
        assert file.times() == [0, 3_000_000]


def test_an_application_is_gone_from_everything(day, capsys):
    """With its title, which stood in the full text as well."""
    assert found(day, "Quill")
    assert forget(day, "--app", "chat") == 0
    assert json.loads(capsys.readouterr().out)["left"] == []
    assert found(day, "Quill") == []
    assert day.reader.counts().frames == 2


def test_a_rule_removes_its_past(day, capsys):
    """What the privacy settings exclude today goes from what was recorded before they did."""
    (day.home.root / "config.toml").write_text('[privacy]\napps = ["chat"]\ntitles = ["^Page$"]\n', encoding="utf-8")
    assert forget(day, "--rule") == 0
    assert json.loads(capsys.readouterr().out)["left"] == []
    assert [frame.window.app for frame in day.reader.frames(ALL_TIME)] == ["Mail"]


@pytest.mark.parametrize(("kind", "frames"), [("", 4), ("passage:", 4), ("frame:", 3)])
def test_one_thing_goes_by_its_id(day, capsys, kind, frames):
    """A search result by the id that search shows, a frame by frame:ID."""
    with Searcher.open(day.home, day.key, None) as searcher:
        [hit] = searcher.search("lunch", mode="text")
    assert forget(day, "--id", f"{kind}{hit.frame_id if kind == 'frame:' else hit.passage_id}") == 0
    assert json.loads(capsys.readouterr().out)["left"] == []
    assert found(day, "lunch") == []
    assert day.reader.counts().frames == frames


def test_what_is_left_is_told(day, capsys, monkeypatch):
    """A step that did nothing is found out, by place, and never by what it says."""
    monkeypatch.setattr(forgetting, "forget_missing", lambda *_: 0)
    monkeypatch.setattr(Rewriting, "step", lambda *_, **__: False)
    monkeypatch.setattr(forgetting, "RECORDER_CLOSES_WITHIN_S", 0.0)
    assert forget(day, "--text", "4711-abc") == 1
    left = json.loads(capsys.readouterr().out)["left"]
    assert any(place.startswith("index.db") for place in left)
    assert any(place.startswith("video") for place in left)
    assert "4711" not in str(left)


def test_nothing_is_not_forgotten(day, capsys):
    """Exit code 3 and null."""
    assert forget(day, "--text", "never shown anywhere") == 3
    assert capsys.readouterr().out.strip() == "null"


@pytest.mark.parametrize(
    "arguments",
    [[], ["--app", "a", "--text", "b"], ["--last", "5m", "--between", "1", "2"], ["--id", "x"], ["--text", "a"],
     ["--id", "1", "--last", "5m"], ["--last", "soon"], ["--app", ""], ["--title", " "], ["--text", ""],
     ["--between", "2025-11-23", "2025-11-22"], ["--between", "2025-02-31", "2025-03-01"], ["--title", "("]],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(day, capsys, arguments):
    """Exit code 2 and a sentence; 12 for a pattern that would make no setting either."""
    assert forget(day, *arguments) == (12 if "(" in arguments else 2)
    assert capsys.readouterr().err.startswith("dayreel: ")


def test_times_the_wrong_way_round_are_told_in_the_words_of_the_option(day, capsys):
    """Not in those of `search`."""
    assert forget(day, "--between", "2025-11-23", "2025-11-22") == 2
    assert capsys.readouterr().err == "dayreel: --between takes the earlier time first.\n"


def test_frames_that_came_meanwhile_are_read_and_forgotten_too(day, capsys, monkeypatch):
    """Recorded after it was counted what would go, and before it went."""
    tell = forget_command._tell

    def late(context, seen) -> None:
        tell(context, seen)
        frame = day.writer.add_frame(day.new_frame(30, segment_id=day.reader.frame(day.ids[0]).segment_id))
        monkeypatch.setattr(forget_command, "read_before", lambda *_: day.read(frame, lines("again 4711-abc")))

    monkeypatch.setattr(forget_command, "_tell", late)
    assert forget(day, "--text", "4711-abc") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["left"], told["unread_frames"]) == ([], 0)
    assert found(day, "4711") == []


def test_frames_that_nobody_has_read_are_told(day, capsys, monkeypatch):
    """They may show the text: "nothing found" is not said of them."""
    day.writer.add_frame(day.new_frame(30, segment_id=day.reader.frame(day.ids[0]).segment_id))
    monkeypatch.setattr(forget_command, "read_before", lambda *_: None)
    assert forget(day, "--text", "4711-abc") == 0
    assert json.loads(capsys.readouterr().out)["unread_frames"] == 1


def test_nobody_to_ask_is_no_consent(day, capsys, monkeypatch):
    """Without a terminal and without --yes nothing happens."""
    with Path(os.devnull).open() as nobody:
        monkeypatch.setattr("sys.stdin", nobody)
        assert main(["forget", "--home", str(day.home.root), "--app", "Chat"]) == 2
    assert day.reader.counts().frames == 4


@pytest.mark.parametrize(("answer", "frames"), [("n", 4), ("", 4), ("y", 2)])
def test_a_person_is_asked(day, answer, frames):
    """On a terminal, after it was said what would go; anything but yes is no."""
    command = [sys.executable, "-m", "dayreel", "forget", "--app", "Chat", "--home", str(day.home.root)]
    environment = {**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    code, shown = run_on_terminal(command, environment, Path(__file__).parents[2], [("[y/N] ", answer)])
    assert (code, day.reader.counts().frames) == (0, frames)
    assert shown.index("2 frames go") < shown.index("cannot be undone")


def test_raw_pictures_go_or_are_covered(day):
    """Of a dropped frame the entry is removed, of a covered one it is written anew, covered."""
    spool, run = Spool(day.home, day.key), day.writer.db.conn.execute
    with Pictures(day.home, day.key, day.reader) as pictures:
        names = [spool.put(pictures.bgr(day.reader.frame(one))) for one in day.ids[1:3]]
    for name, one in zip(names, day.ids[1:3], strict=True):
        run("UPDATE frames SET spool_name = ? WHERE id = ?", [name, one])
        run("UPDATE jobs SET state = 'waiting' WHERE frame_id = ?", [one])
    apply(day.writer, Selection(text="4711-abc"), select(day.reader.db, Selection(text="4711-abc")))
    apply(day.writer, Selection(seconds(2, 3)), select(day.reader.db, Selection(seconds(2, 3))))
    forgetting.finish(day.home, day.key, Settings(), day.writer)
    left = [path.name for path in day.home.spool.iterdir()]
    assert left == [day.reader.frame(day.ids[1]).spool_name]
    assert np.ptp(spool.get(left[0])[40:60, 100:300]) == 0


@pytest.mark.parametrize("where", ["raw_pictures", "thumbnails", "stray_files", "_cover"])
def test_killed_anywhere_the_next_run_finishes(day, where):
    """Killed after a step, the same command on nothing more ends it, and the check finds nothing."""
    program = (
        "import os, signal, sys\n"
        "from timeline.forgetting.finishing import Finishing\n"
        f"inner = Finishing.{where}\n"
        "def die(self, *a, **k):\n    inner(self, *a, **k)\n    os.kill(os.getpid(), signal.SIGKILL)\n"
        f"Finishing.{where} = die\n"
        "from dayreel.cli import main\nmain(sys.argv[1:])\n"
    )
    command = [sys.executable, "-c", program, "forget", "--yes", "--text", "4711-abc", "--home", str(day.home.root)]
    assert subprocess.run(command, check=False, timeout=60).returncode == -signal.SIGKILL
    assert found(day, "kind") is not None
    assert forget(day, "--text", "4711-abc") == 3
    assert check(day.home, day.key, text="4711-abc") == []
    assert day.writer.db.conn.execute("SELECT count(*) FROM forgetting").fetchone() == (0,)


def test_a_worker_leaves_the_video_to_its_process(day):
    """All else is done; the steps that follow the video stay for whoever comes after it."""
    apply(day.writer, Selection(text="4711-abc"), select(day.reader.db, Selection(text="4711-abc")))
    assert forgetting.finish(day.home, day.key, Settings(), day.writer, video=False).open_segments == 1
    assert found(day, "4711") == []
    assert [row[0] for row in day.writer.db.conn.execute("SELECT step FROM forgetting")] == ["check", "sweep"]


def test_thumbnails_of_what_went_are_gone(day):
    """Those of other frames stay."""
    assert forget(day, "--between", f"{NOON}1", f"{NOON}2") == 0
    thumbnails = Thumbnails(day.home, day.key)
    assert thumbnails.of(day.reader.frame(day.ids[0])) is not None
    thumbnails.close()
