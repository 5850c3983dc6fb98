"""`dayreel frame`: the picture of a time, the small one where the large one was let go."""

from __future__ import annotations

import json
from pathlib import Path

from dayreel.cli import main
from ocr.picture_file import load_picture
from tests.support.segments import record
from tests.support.stores import StoreUnderTest
from timeline.pictures import Pictures
from timeline.segment_rows import note_gone
from timeline.thumbnails import ThumbnailWriter


def let_go(store: StoreUnderTest) -> int:
    """Record a segment, let its pixels go, and return the id of a frame in it."""
    segment = record(store, size=(1280, 720))
    frame_id = store.reader.frame_ids(0, 1)[0]
    frame = store.reader.frame(frame_id)
    with Pictures(store.home, store.key, store.reader) as pictures, ThumbnailWriter(store.home, store.key) as making:
        making.note(frame, pictures.bgr(frame))
    note_gone(store.writer, segment.id)
    (store.home.video / segment.name).unlink()
    return frame_id


def test_a_picture_that_was_let_go_is_written_small(store, tmp_path, capsys):
    """It says so, in one sentence."""
    frame_id, out = let_go(store), tmp_path / "out.png"
    assert main(["--home", str(store.home.root), "--json", "frame", "--id", str(frame_id), "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["id"] == str(frame_id)
    assert "its text is kept. Written was the small picture that is left (480x270)." in said.err
    assert load_picture(out).shape == (270, 480, 3)


def test_without_a_small_picture_the_error_is_told(store, tmp_path, capsys):
    """Nothing is written."""
    frame_id, out = let_go(store), Path(tmp_path, "out.png")
    store.home.thumbnails.unlink()
    assert main(["--home", str(store.home.root), "frame", "--id", str(frame_id), "--out", str(out)]) == 5
    assert "was removed to keep within storage.budget" in capsys.readouterr().err
    assert not out.exists()
