"""Text of X properties in the encodings that programs really use."""

from __future__ import annotations

import pytest

from recorder.x_text import class_part, property_text, still_title


@pytest.mark.parametrize(
    ("raw", "kind", "text"),
    [
        ("会议记录 – notes".encode(), "UTF8_STRING", "会议记录 – notes"),
        ("Übersicht".encode("latin-1"), "STRING", "Übersicht"),
        ("Übersicht 会议".encode(), "STRING", "Übersicht 会议"),
        ("Übersicht".encode("latin-1"), "COMPOUND_TEXT", "Übersicht"),
        (b"a \x1b%G\xe4\xb8\xad\xe6\x96\x87\x1b%@ b", "COMPOUND_TEXT", "a 中文 b"),
        (b"\x1b$(AVPND\x1b(B log", "COMPOUND_TEXT", "中文 log"),
        (b"\x1b-A\xdcber", "COMPOUND_TEXT", "Über"),
        (b"title\0", "UTF8_STRING", "title"),
        (b"cut \xe4\xb8", "UTF8_STRING", "cut \ufffd"),
        (b"", "UTF8_STRING", None),
        (b" \0", "STRING", None),
    ],
)
def test_a_title_is_decoded_as_its_type_says(raw: bytes, kind: str, text: str | None) -> None:
    """UTF-8, Latin-1 and ISO 2022 each give the text; what is empty is unknown."""
    assert property_text(raw, kind) == text


@pytest.mark.parametrize(
    ("raw", "app"),
    [
        (b"navigator\0firefox\0", "firefox"),
        (b"xterm\0XTerm\0", "XTerm"),
        (b"only-one\0", "only-one"),
        (b"\0\0", None),
        (b"", None),
    ],
)
def test_the_application_is_the_class_part(raw: bytes, app: str | None) -> None:
    """WM_CLASS names the instance first and the class last."""
    assert class_part(raw) == app


@pytest.mark.parametrize(
    ("title", "still"),
    [
        ("⠋ npm run build", "npm run build"),
        ("⠙ npm run build", "npm run build"),
        ("✳ Mend the uploader", "Mend the uploader"),
        ("◐ 正在编译", "正在编译"),
        ("⏳️ waiting", "waiting"),
        ("(3) Inbox", "(3) Inbox"),
        ("- notes", "- notes"),
        ("⠋", "⠋"),
        (None, None),
    ],
)
def test_a_turning_wheel_is_no_part_of_a_title(title: str | None, still: str | None) -> None:
    """One task is one title, however often its program turns a wheel before it."""
    assert still_title(title) == still
