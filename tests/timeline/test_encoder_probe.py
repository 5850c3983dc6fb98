"""The probe of encoders: good ones pass, each way of being bad is found out.  No graphics card is needed for that."""

from __future__ import annotations

import logging

import pytest

from timeline.encoder_probe import choose_codec, flaw_of
from timeline.encoders import CARDS, X264, Codec

FAST = ("preset", "veryfast")
AT_ONCE = ("tune", "zerolatency")
QUALITY = ("crf", "{crf}")
KEYS_AT_GOP = ("x265-params", "log-level=none:keyint=10:min-keyint=10:scenecut=0:qcomp=1")


@pytest.mark.parametrize(
    "codec",
    [X264, Codec("libx265", (FAST, AT_ONCE, ("crf", "21"), KEYS_AT_GOP), stream="hevc")],
    ids=lambda codec: codec.name,
)
def test_a_good_encoder_passes(codec: Codec) -> None:
    """libx264 as it is set here, and another that is as legible in about as many bytes."""
    assert flaw_of(codec) == ""


@pytest.mark.parametrize(
    ("codec", "flaw"),
    [
        (Codec("libx264", (FAST, QUALITY)), "does not leave at once"),
        (Codec("libx264", (FAST, AT_ONCE, ("crf", "30"))), "dB worse"),
        (Codec("libx264", (FAST, AT_ONCE, ("crf", "2"))), "times the bytes"),
        (Codec("libx264", (FAST, AT_ONCE, QUALITY, ("x264-params", "keyint=250:scenecut=0"))), "no key frame at every"),
        (Codec("libx264", (FAST, AT_ONCE, QUALITY), "yuv410p"), "does not encode"),
        (Codec("libx264", (FAST, AT_ONCE, QUALITY), device="vaapi"), "does not encode"),
        (Codec("h264_of_no_card", ()), "does not encode"),
    ],
    ids=("looks ahead", "illegible", "wasteful", "no key frames", "other pixels", "no device", "not built in"),
)
def test_a_bad_encoder_is_found_out(codec: Codec, flaw: str) -> None:
    """Each fails for its own reason."""
    assert flaw in flaw_of(codec)


def test_x264_needs_no_probe(caplog: pytest.LogCaptureFixture) -> None:
    """The default is taken as it is."""
    with caplog.at_level(logging.INFO):
        assert choose_codec("x264") is X264
    assert caplog.records == []


def test_cards_that_do_not_encode_leave_x264(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Tried in a process of its own, an encoder that is not there ends the choice with libx264, said once."""
    (absent,) = (card for card in CARDS if card.name == "h264_videotoolbox")
    monkeypatch.setattr("timeline.encoder_probe.CARDS", (absent,))
    with caplog.at_level(logging.INFO):
        assert choose_codec("auto") is X264
    assert caplog.messages == ["no encoder of a graphics card was found good: libx264 encodes"]


def test_an_encoder_that_kills_its_process_leaves_x264(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that tries it dies, not the recorder."""
    monkeypatch.setattr("timeline.encoder_probe.CARDS", (Codec("a name that the other process does not know", ()),))
    assert choose_codec("auto") is X264
