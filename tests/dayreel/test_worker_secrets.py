"""The worker on pictures with secrets: none is stored, none is shown, and none is left in the video."""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from dayreel.cli import main
from dayreel.reading import FrameReading
from dayreel.settings import IndexSettings, OcrSettings, PrivacySettings, Settings
from dayreel.worker import Worker
from ocr.engine import holds
from ocr.engines import choose_engine
from tests.support.stores import NOON_US, SECOND_US, StoreUnderTest, line
from timeline.hidden import SHADE, hidden_on
from timeline.keys import derive
from timeline.model import Box, Line, Picture, Window
from timeline.pictures import Pictures
from timeline.redaction import MARK
from timeline.rewriting import Rewriting
from timeline.spool import Spool
from timeline.thumbnails import Thumbnails
from timeline.video import SegmentReader, SegmentWriter

CARD = "4539 5787 6362 1486"
MISREAD = "4539 S787 6362 1486"
SIZE = (640, 360)
FONT = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf", 20)
NEVER = threading.Event()


@dataclass(slots=True)
class ScriptedEngine:
    """An engine that reads what it is told to, picture for picture; one such picture is drawn by `drawn`."""

    readings: Iterator[Sequence[str]]
    name: str = "scripted"

    def read(self, picture: Picture, part: Box | None = None) -> list[Line]:
        made = [at_place(text, row) for row, text in enumerate(next(self.readings)) if text]
        return [one for one in made if holds(part, one.box)]


def at_place(text: str, row: int) -> Line:
    """Return a line where `drawn` draws it: 12 px a character."""
    made = line(text, row)
    words = tuple(replace(word, box=_wider(word.box)) for word in made.words)
    return Line(text, _wider(made.box), 0.9, words)


def _wider(box):
    return replace(box, x0=20 + (box.x0 - 100) * 12 // 10, x1=20 + (box.x1 - 100) * 12 // 10, y1=box.y0 + 24)


def drawn(*texts: str) -> Picture:
    """Return a white picture with lines of text on it, in a fixed font."""
    picture = Image.new("RGB", SIZE, "white")
    for row, text in enumerate(texts):
        ImageDraw.Draw(picture).text((20, 40 + 30 * row), text, fill="black", font=FONT)
    return np.ascontiguousarray(np.asarray(picture)[:, :, ::-1])


def commit(store: StoreUnderTest, *pictures: Picture, spooled: bool = True, close: bool = True) -> list[int]:
    """Commit pictures as a recorder does, one segment, a second apart, and return the frames' ids."""
    name = "2025-11-22/120000-m0-0000000b.mp4.sealed"
    (store.home.video / name).parent.mkdir(exist_ok=True)
    segment_id = store.writer.open_segment(name, 0, NOON_US, *SIZE)
    spool, ids = Spool(store.home, store.key), []
    with SegmentWriter.create(store.home.video / name, derive(store.key, "video"), *SIZE, NOON_US, 16, 10) as file:
        for number, picture in enumerate(pictures):
            pts_us = file.write(picture, NOON_US + number * SECOND_US)
            entry = spool.put(picture) if spooled else None
            new = store.new_frame(
                number, segment_id=segment_id, pts_us=pts_us, spool_name=entry, width=SIZE[0], height=SIZE[1]
            )
            ids.append(store.writer.add_frame(new))
    if close:
        store.writer.close_segment(segment_id)
    return ids


def settings(*secrets: str) -> Settings:
    """Return settings without an embedder, hiding these kinds."""
    return Settings(index=IndexSettings(embedder="none"), privacy=PrivacySettings(secrets=secrets or ("all",)))


def read(store: StoreUnderTest, *readings: Sequence[str], secrets: Sequence[str] = ()) -> None:
    """Let a worker read what waits, by an engine that reads these lines."""
    with Worker(store.home, settings(*secrets)) as worker:
        engine = ScriptedEngine(iter(readings)) if readings else choose_engine("auto")
        worker._reading = FrameReading(OcrSettings(), engine)
        worker.work_until_idle(NEVER)


def shown(store: StoreUnderTest, frame_id: int) -> Picture:
    """Return the picture that readers get of a frame."""
    with Pictures(store.home, store.key, store.reader) as pictures:
        return pictures.bgr(store.reader.frame(frame_id))


def covered(picture: Picture, row: int = 1) -> bool:
    """Tell whether the middle of a card that was drawn behind `card ` on a row is a flat block."""
    return bool(np.ptp(picture[44 + 30 * row : 60 + 30 * row, 84:300]) < 12)


def test_a_real_engine_s_secret_is_neither_stored_nor_shown(store):
    """The text around it is; what was drawn is read by the engine that reads screens."""
    [frame_id] = commit(store, drawn("the report goes to finance", f"card {CARD}"))
    read(store)
    text = " ".join(one.text for one in store.reader.lines(frame_id))
    assert "finance" in text
    assert "6362" not in text
    assert [one.kind for one in hidden_on(store.reader.db, frame_id)] == ["payment-card"]
    assert covered(shown(store, frame_id))


def test_the_index_does_not_know_a_secret(store, capsys):
    """The words around it are found, a group of its digits is not."""
    commit(store, drawn("the report goes to finance", f"card {CARD}"))
    read(store, ["the report goes to finance", f"card {CARD}"])
    home = ["--home", str(store.home.root), "--json", "search", "--mode", "text"]
    assert main([*home, "finance"]) == 0
    assert main([*home, "6362"]) == 3


def test_the_thumbnail_is_made_of_the_covered_picture(store):
    """Also where an older thumbnail looks alike but for a line, and where one was made before the frame was read."""
    first, second = commit(store, drawn("one", ""), drawn("one", f"card {CARD}"))
    read(store, ["one"], ["one", f"card {CARD}"])
    with Thumbnails(store.home, store.key) as thumbnails:
        small = [thumbnails.of(store.reader.frame(one)) for one in (first, second)]
    share = small[0].shape[1] / SIZE[0]  # of the large picture's pixels
    rows, columns = (slice(round(a * share), round(b * share)) for a, b in ((74, 90), (86, 298)))
    assert np.ptp(small[0][rows]) < 12
    assert (abs(small[1][rows, columns].astype(int) - SHADE) < 12).all()


def test_a_secret_that_is_misread_later_stays_hidden(store):
    """Typing beside it makes a new picture; the pixels are the same, so the secret is."""
    ids = commit(store, drawn("a", f"card {CARD} ok"), drawn("ab", f"card {CARD} ok"), drawn("abc", f"card {CARD} ok"))
    read(store, ["a", f"card {CARD} ok"], ["ab", f"card {MISREAD} ok"], ["abc", f"card {MISREAD} ok"])
    for frame_id in ids:
        assert store.reader.lines(frame_id)[1].text == f"card {MARK} ok"
        assert covered(shown(store, frame_id))


def test_a_secret_is_known_again_after_another_window(store):
    """Whoever switches away and comes back does not show it."""
    card, other = drawn("a", f"card {CARD} ok"), drawn("", "", "quite another window")
    *_, last = commit(store, card, other, card)
    read(store, ["a", f"card {CARD} ok"], ["", "", "quite another window"], ["a", f"card {MISREAD} ok"])
    assert store.reader.lines(last)[1].text == f"card {MARK} ok"


@pytest.mark.parametrize("spooled", [True, False])
def test_a_secret_is_known_again_by_the_next_worker(store, spooled):
    """From the video, as long as the secret stands in it."""
    _, second = commit(store, drawn("a", f"card {CARD} ok"), drawn("ab", f"card {CARD} ok"), spooled=spooled)
    store.writer.db.conn.execute("UPDATE jobs SET state = 'done' WHERE frame_id = ?", [second])
    read(store, ["a", f"card {CARD} ok"])
    store.writer.db.conn.execute("UPDATE jobs SET state = 'waiting' WHERE frame_id = ?", [second])
    read(store, ["ab", f"card {MISREAD} ok"])
    assert store.reader.lines(second)[1].text == f"card {MARK} ok"
    assert covered(shown(store, second))


def test_what_stands_there_later_is_not_hidden(store):
    """Another text at the same place is another text."""
    _, second = commit(store, drawn("a", f"card {CARD}"), drawn("a", "card is no longer here"))
    read(store, ["a", f"card {CARD}"], ["a", "card is no longer here"])
    assert store.reader.lines(second)[1].text == "card is no longer here"
    assert hidden_on(store.reader.db, second) == ()


def test_kinds_that_are_switched_off_are_kept(store):
    """As they were read and shown."""
    [frame_id] = commit(store, drawn("a", f"card {CARD}"))
    read(store, ["a", f"card {CARD}"], secrets=["-payment-card"])
    assert store.reader.lines(frame_id)[1].text == f"card {CARD}"
    assert not covered(shown(store, frame_id))


def test_tidy_writes_the_secret_out_of_the_video(store):
    """The segment's own pixels are a flat block then, and nothing is left to write."""
    commit(store, drawn("a", f"card {CARD}"), drawn("ab", f"card {CARD}"))
    read(store, ["a", f"card {CARD}"], ["ab", f"card {CARD}"])
    with Worker(store.home, settings()) as worker:
        worker.tidy(NEVER)
    [name] = [one for one, pixels in store.reader.segment_pixels().items() if pixels != "gone" and "0000-m0" in one]
    with SegmentReader(store.home.video / name, derive(store.key, "video"), *SIZE) as video:
        assert [covered(video.picture(at_us)) for at_us in video.times()] == [True, True]
    assert Rewriting(store.home, store.key, store.writer).waiting() == 0


def test_a_frame_that_was_forgotten_meanwhile_leaves_nothing(store):
    """Its job goes, no thumbnail is made, and the next frame is read."""
    first, second = commit(store, drawn("one"), drawn("two"))

    def forget() -> Sequence[str]:
        for table, column in (("jobs", "frame_id"), ("frames", "id")):
            store.writer.db.conn.execute(f"DELETE FROM {table} WHERE {column} = ?", [first])
        return ["one"]

    with Worker(store.home, settings()) as worker:
        engine = ScriptedEngine(forget() if number == 0 else ["two"] for number in itertools.count())
        worker._reading = FrameReading(OcrSettings(), engine)
        worker.work_until_idle(NEVER)
    [(jobs,)] = store.writer.db.conn.execute("SELECT count(*) FROM jobs WHERE frame_id = ?", [first]).fetchall()
    assert jobs == 0
    assert store.reader.lines(first) == []
    assert [one.text for one in store.reader.lines(second)] == ["two"]


def test_files_that_no_row_names_are_swept_at_the_start(store):
    """What a kill left on either side of a swap holds what was written out."""
    commit(store, drawn("one"))
    left = store.home.video / "2025-11-22/120000-m0-0000000c.mp4.sealed"
    left.write_bytes(b"left")
    os.utime(left, (0, 0))  # long ago: a young one may be just about to be named
    read(store, ["one"])
    assert not left.exists()


def test_an_export_shows_no_secret_that_waits_to_be_written_out(store, tmp_path):
    """Nor does it leave its sealed copy behind."""
    import av

    commit(store, drawn("a", f"card {CARD}"))
    read(store, ["a", f"card {CARD}"])
    assert main(["--home", str(store.home.root), "export", str(tmp_path / "out")]) == 0
    [file] = (tmp_path / "out").iterdir()
    with av.open(str(file)) as video:
        [picture] = [frame.to_ndarray(format="bgr24") for frame in video.decode(video=0)]
    assert covered(picture)


def test_secrets_in_titles_and_addresses_are_not_stored(store):
    """Neither of the window with the focus nor of those beside it."""
    window = Window("Chromium", "Your code is 482913 - Mail", "https://joe:hunter22xy@host.example/")
    frame_id = store.writer.add_frame(store.new_frame(0, window))
    kept = store.reader.frame(frame_id).window
    assert (kept.title, kept.url) == (f"Your code is {MARK} - Mail", f"https://joe:{MARK}@host.example/")
