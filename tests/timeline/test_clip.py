"""Foreign video files: every common kind is read, what cannot be is refused in a sentence."""

from __future__ import annotations

import struct
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from tests.support.clips import Making, page, write_clip, write_frames
from timeline.clip import LAST_STANDS_US, Clip, moves
from timeline.errors import UnreadablePicture
from timeline.model import Picture

QUIET_265 = {"preset": "ultrafast", "x265-params": "log-level=none"}
KINDS = {
    "h264.mp4": Making(),
    "h264.mkv": Making(),
    "sound.mov": Making(sound=True),
    "hevc.mp4": Making(codec="libx265", options=QUIET_265),
    "ten_bits.mkv": Making(codec="libx265", options=QUIET_265, pix_fmt="yuv420p10le"),
    "vp8.webm": Making(codec="libvpx", options={"deadline": "realtime", "cpu-used": "8", "b": "500k"}),
    "vp9.webm": Making(codec="libvpx-vp9", options={"deadline": "realtime", "cpu-used": "8"}),
    "av1.mp4": Making(codec="libsvtav1", options={"preset": "11"}),
    "full_colour.mp4": Making(pix_fmt="yuv444p"),
    "rgb.mkv": Making(codec="libx264rgb", pix_fmt="bgr24"),
    "mpeg4.avi": Making(codec="mpeg4", options={"b": "800k"}),
    "animation.mov": Making(codec="qtrle", options={}, pix_fmt="rgb24"),
    "moving.gif": Making(codec="gif", options={}, pix_fmt="rgb8", rate=10),
}


def pictures(path: Path, from_us: int = 0) -> list[tuple[float, Picture]]:
    """Return what is handed out of a clip: seconds and pictures."""
    with Clip.open(path) as clip:
        return [(shot.at_us / 1e6, shot.bgr()) for shot in clip.shots(from_us)]


def error(one: Picture, other: Picture) -> float:
    """Return the mean difference of two pictures in levels."""
    return float(np.abs(one.astype(np.int16) - other).mean())


@pytest.mark.parametrize("name", KINDS)
def test_every_common_kind_is_read(tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Its pages come out upright, in their colours, within what the codec loses (mean of 4 levels of 256)."""
    path = write_clip(tmp_path / name, [(page(1), 1.0), (page(2), 1.0)], KINDS[name])
    found = pictures(path)
    assert error(found[5][1], page(1)) < 4
    assert error(found[-1][1], page(2)) < 4
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("degrees", [90, 180, -90])
def test_a_turned_video_is_set_upright(tmp_path: Path, degrees: int) -> None:
    """As a player does, by the angle the file states counter-clockwise."""
    path = write_clip(tmp_path / "phone.mp4", [(page(1), 0.5)], Making(rotation=degrees))
    assert error(pictures(path)[-1][1], np.rot90(page(1), degrees // 90)) < 4


@pytest.mark.parametrize(("transfer", "paper"), [(16, 148), (18, 191)])
def test_white_paper_of_an_hdr_video_is_white(tmp_path: Path, transfer: int, paper: int) -> None:
    """BT.2408's reference white is 58 % of a PQ signal and 75 % of an HLG one."""
    grey = np.full((64, 64, 3), paper, np.uint8)
    making = Making(codec="libx265", options=QUIET_265, pix_fmt="yuv420p10le", transfer=transfer)
    assert pictures(write_clip(tmp_path / "hdr.mkv", [(grey, 0.5)], making))[-1][1].mean() > 248


def test_odd_sizes_are_read_whole(tmp_path: Path) -> None:
    """A window of 321 by 193 pixels was recorded without loss of a row."""
    odd = page(1, (321, 193))
    path = write_clip(tmp_path / "odd.mkv", [(odd, 0.5)], Making(codec="libx264rgb", pix_fmt="bgr24"))
    assert pictures(path)[-1][1].shape == odd.shape


def test_a_picture_that_stands_is_found_between_brief_ones(tmp_path: Path) -> None:
    """At a variable frame rate any picture may stand, also one on which no other builds."""
    shown = [(page(1), 0), (page(2), 0.03), (page(3), 0.06), (page(4), 0.09), (page(5), 9), (page(6), 9.03)]
    path = write_frames(tmp_path / "brief.mp4", shown, Making(options={"preset": "medium", "bf": "3"}))
    assert [error(shot, page(4)) < 4 for _, shot in pictures(path)] == [True, False]


def test_looks_are_a_tenth_of_a_second_apart(tmp_path: Path) -> None:
    """At 60 pictures a second only each sixth is handed out."""
    path = write_clip(tmp_path / "fast.mp4", [(page(1), 2.0)], Making(rate=60))
    assert len(pictures(path)) == pytest.approx(20, abs=1)


def test_brief_pictures_on_which_none_builds_are_not_decoded(tmp_path: Path) -> None:
    """At 60 pictures a second with B frames fewer than two thirds are, and all at four a second."""
    b_frames = {"preset": "medium", "bf": "3", "b-adapt": "0"}
    fast = write_clip(tmp_path / "fast.mp4", [(page(1), 2.0)], Making(options=b_frames, rate=60))
    slow = write_clip(tmp_path / "slow.mp4", [(page(1), 5.0)], Making(options=b_frames, rate=4))
    with Clip.open(fast) as clip:
        assert len(list(clip._decoded())) < 80
    with Clip.open(slow) as clip:
        assert len(list(clip._decoded())) == 20


def test_reading_from_an_instant_begins_with_what_it_shows(tmp_path: Path) -> None:
    """The picture of that instant, then the later ones."""
    path = write_clip(tmp_path / "long.mp4", [(page(number), 2.0) for number in range(4)])
    found = pictures(path, 3_000_000)
    assert found[0][0] == 3.0
    assert error(found[0][1], page(1)) < 4
    assert error(found[-1][1], page(3)) < 4


@pytest.mark.parametrize("stated", ["2026-11-22T01:14:03.000000Z", "1970-01-01T00:00:00.000000Z"])
def test_a_containers_time_is_told(tmp_path: Path, stated: str) -> None:
    """Unless it stands for "not set"."""
    path = write_clip(tmp_path / "a.mkv", [(page(1), 0.5)], Making(notes={"creation_time": stated}))
    with Clip.open(path) as clip:
        expected = None if stated.startswith("1970") else datetime(2026, 11, 22, 1, 14, 3)  # noqa: DTZ001 - not certain
        assert clip.facts.created == expected


def test_apples_note_keeps_its_offset(tmp_path: Path) -> None:
    """It states local time with the offset."""
    notes = {"com.apple.quicktime.creationdate": "2026-11-22T09:14:03+0800"}
    path = write_clip(
        tmp_path / "a.mov", [(page(1), 0.5)], Making(notes=notes, container={"movflags": "use_metadata_tags"})
    )
    with Clip.open(path) as clip:
        assert clip.facts.created == datetime.fromisoformat("2026-11-22T09:14:03+08:00")


def test_a_length_that_is_not_stated_is_found(tmp_path: Path) -> None:
    """Browsers and killed recorders leave it out."""
    path = write_clip(
        tmp_path / "live.webm",
        [(page(1), 2.0)],
        Making(KINDS["vp8.webm"].codec, container={"live": "1"}, options=KINDS["vp8.webm"].options),
    )
    with Clip.open(path) as clip:
        assert clip.facts.length_us is None
        assert clip.length_us() == pytest.approx(2_000_000, abs=100_000)


@pytest.mark.parametrize("name", ["cut.mkv", "cut.webm", "cut.mp4", "cut.ts"])
def test_a_file_that_was_cut_off_gives_what_is_left(tmp_path: Path, name: str) -> None:
    """Half of the bytes are about half of the pictures."""
    making = Making(
        container={"movflags": "faststart"} if name.endswith("mp4") else {}, options={"crf": "18", "g": "5"}
    )
    if name.endswith("webm"):
        making = Making("libvpx", {"deadline": "realtime", "cpu-used": "8", "g": "5"})
    whole = write_clip(tmp_path / name, [(page(number), 0.5) for number in range(16)], making)
    data = whole.read_bytes()
    whole.write_bytes(data[: len(data) // 2])
    with Clip.open(whole) as clip:
        times_s = [shot.at_us / 1e6 for shot in clip.shots()]
    assert 1.5 < times_s[-1] < 6.5


def test_damage_in_the_middle_costs_only_its_place(tmp_path: Path) -> None:
    """The pictures after it are read again."""
    path = write_clip(
        tmp_path / "hit.mkv", [(page(n), 0.5) for n in range(16)], Making(options={"crf": "18", "g": "5"})
    )
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 3000] = bytes(3000)
    path.write_bytes(data)
    found = pictures(path)
    assert error(found[0][1], page(0)) < 6
    assert error(found[-1][1], page(15)) < 6


def test_the_last_picture_stands_until_the_stated_end(tmp_path: Path) -> None:
    """Sound goes on for two seconds after the last change of the picture."""
    path = write_frames(tmp_path / "still.mkv", [(page(1), 0), (page(2), 1), (page(2), 3)], Making())
    with Clip.open(path) as clip:
        list(clip.shots())
        assert 3_000_000 < clip.end_us < 3_000_000 + LAST_STANDS_US


def _refusal(path: Path) -> str:
    with pytest.raises(UnreadablePicture) as refused, Clip.open(path) as clip:
        list(clip.shots())
    return str(refused.value)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    """A recorder that was killed at its start leaves one."""
    (tmp_path / "empty.mp4").touch()
    assert "is empty" in _refusal(tmp_path / "empty.mp4")


def test_a_file_that_is_no_video_is_refused(tmp_path: Path) -> None:
    """Whatever its suffix."""
    (tmp_path / "text.mp4").write_text("no video" * 100)
    assert "no video" in _refusal(tmp_path / "text.mp4")


def test_an_mp4_without_its_index_is_refused(tmp_path: Path) -> None:
    """It is written last; nothing can be decoded without it."""
    path = write_clip(tmp_path / "killed.mp4", [(page(1), 2.0)])
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert "cut off before its index" in _refusal(path)


def test_a_play_list_is_refused(tmp_path: Path) -> None:
    """It could name other files, or addresses in the network."""
    write_clip(tmp_path / "real.ts", [(page(1), 0.5)])
    listed = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nreal.ts\n#EXT-X-ENDLIST\n"
    (tmp_path / "list.mp4").write_text(listed)
    assert "no video" in _refusal(tmp_path / "list.mp4")


def test_sound_alone_is_refused(tmp_path: Path) -> None:
    """There is nothing to see in it."""
    import av

    with av.open(str(tmp_path / "voice.mp4"), "w") as container:
        stream = container.add_stream("aac", rate=48_000)
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        silence.sample_rate = 48_000
        container.mux(stream.encode(silence))
        container.mux(stream.encode(None))
    assert "no moving picture" in _refusal(tmp_path / "voice.mp4")


def test_an_encrypted_video_is_refused(tmp_path: Path) -> None:
    """Its sample entry says so; decoding it would give noise."""
    keys = {"encryption_scheme": "cenc-aes-ctr", "encryption_key": "76a6c65c5ea762046bd749a2e632ccbb"}
    making = Making(container={**keys, "encryption_kid": "a7e61c373e219033c21091fa607bf3b8"})
    path = write_clip(tmp_path / "bought.mp4", [(page(1), 0.5)], making)
    assert struct.pack("4s", b"encv") in path.read_bytes()
    assert "is encrypted" in _refusal(path)


def test_a_gif_of_one_picture_does_not_move(tmp_path: Path) -> None:
    """It is a screenshot like any other; two pictures are a video."""
    still = write_frames(tmp_path / "still.gif", [(page(1), 0)], KINDS["moving.gif"])
    moving = write_frames(tmp_path / "moving.gif", [(page(1), 0), (page(2), 1)], KINDS["moving.gif"])
    assert (moves(still), moves(moving)) == (False, True)
