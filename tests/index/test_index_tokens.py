"""How text becomes search tokens."""

from __future__ import annotations

import pytest

from index.tokens import columns, flowing, scan


def body(text: str) -> str:
    return columns(text).body


def test_words_are_folded_to_lower_case_without_accents() -> None:
    """What is typed without accents finds what has them."""
    assert body("Café NAÏVE Straße") == "cafe naive strasse"


def test_full_width_text_is_folded_to_half_width() -> None:
    """Full-width letters, digits and half-width kana are the same words."""
    assert body("ＡＢＣ１２３　ｶﾞｲﾄﾞ") == "abc123 ガイ イド ド"


def test_chinese_runs_become_pairs_and_a_last_character() -> None:
    """Each pair of neighbours is a token, and each character begins one."""
    assert body("数据库") == "数据 据库 库"


def test_a_chinese_word_wrapped_at_the_end_of_a_line_stays_a_pair() -> None:
    """Chinese is wrapped anywhere, so the pair over the line's end counts."""
    assert body("重新部\n署") == "重新 新部 部署 署"


def test_kana_and_hangul_are_cut_like_chinese() -> None:
    """Japanese and Korean are found by pairs too, their marks untouched."""
    assert body("がく 한국어") == "がく く 한국 국어 어"


def test_mixed_strings_are_cut_where_the_script_changes() -> None:
    """Latin words inside Chinese stand by themselves."""
    assert body("部署到staging环境") == "部署 署到 到 staging 环境 境"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("user_profile", "user profile"),
        ("kebab-case", "kebab case"),
        ("/usr/local/bin", "usr local bin"),
        ("https://docs.example.org/a?b=1", "https docs example org a b 1"),
        ("me@host.org", "me host org"),
        ("3.11.7", "3 11 7"),
        ("getUserProfile", "getuserprofile"),
        ("E1042", "e1042"),
        ("C++ C#", "c++ c#"),
    ],
)
def test_identifiers_are_whole_in_the_body(text: str, expected: str) -> None:
    """What is joined by signs is a phrase, what is joined by letters one token."""
    assert body(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("getUserProfile", "get user profile"),
        ("HTTPServer2", "http server 2"),
        ("E1042", "e 1042"),
        ("C++", "c"),
        ("plain Words HERE 42", ""),
    ],
)
def test_words_made_of_parts_are_found_by_them(text: str, expected: str) -> None:
    """Humps and digits inside a word begin a part."""
    assert columns(text).parts == expected


def test_stems_are_kept_only_where_they_differ() -> None:
    """A word that is its own stem is not stored twice."""
    assert columns("running shoes fast").stems == "run shoe"


def test_offsets_point_into_the_text_as_given() -> None:
    """Folding changes lengths; offsets still name the original characters."""
    text = "ｶﾞ ﬁle x"
    assert [text[token.start : token.end] for token in scan(text)] == ["ｶﾞ", "ﬁle", "x"]


def test_emoji_are_tokens() -> None:
    """An emoji can be looked for."""
    assert body("done 🎉🎉") == "done 🎉 🎉"


def test_text_without_words_has_no_tokens() -> None:
    """Signs alone give nothing."""
    assert scan(" \n--- ... ") == []


def test_flowing_text_joins_wrapped_chinese() -> None:
    """For the encoder a wrapped line is one line, Chinese without a gap."""
    assert flowing("今天部\n署 the new\nversion") == "今天部署 the new version"


def test_a_very_long_line_is_cut_whole() -> None:
    """A line of 200,000 characters loses nothing."""
    assert len(scan("word " * 40_000)) == 40_000
