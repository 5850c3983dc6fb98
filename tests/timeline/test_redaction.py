"""What was read, without its secrets: text, words and boxes stay true for all the rest."""

from __future__ import annotations

import random
import string

import pytest

from tests.support.stores import line, lines
from timeline.hidden import HiddenBox
from timeline.model import Box, Line, Word
from timeline.packing import pack_words, unpack_words
from timeline.redaction import MARK, redact, redacted_text

TOKEN = "ghp_" + "".join(random.Random(4).choices(string.ascii_letters + string.digits, k=36))
CARD = "4539 5787 6362 1486"
CHINESE_ID = "11010519491231002X"


def key_lines(rows: int = 20) -> list[str]:
    """Return a made-up private key as it is shown."""
    body = random.Random(7)
    inner = ["".join(body.choices(string.ascii_letters + string.digits + "+/", k=64)) for _ in range(rows)]
    return ["-----BEGIN RSA PRIVATE KEY-----", *inner, "-----END RSA PRIVATE KEY-----"]


def texts(what: list[Line]) -> list[str]:
    """Return the texts of lines without their secrets."""
    return [one.text for one in redact(what).lines]


def test_lines_without_secrets_are_the_same() -> None:
    """Not even copied."""
    read = lines("the report goes to finance", "部署到staging 服务器", "")
    done = redact(read)
    assert all(one is other for one, other in zip(done.lines, read, strict=True))
    assert done.hidden == ()


def test_a_picture_without_text_has_none() -> None:
    """No lines in, no lines out."""
    assert redact([]).lines == ()


def test_a_card_of_four_words_becomes_one_mark() -> None:
    """One word with the box of all four; those beside it keep their places."""
    [kept] = redact([line(f"pay {CARD} until Friday")]).lines
    assert kept.text == f"pay {MARK} until Friday"
    assert [word.text for word in kept.words] == ["pay", MARK, "until", "Friday"]
    assert kept.words[1].box == Box(140, 40, 330, 60)
    assert kept.words[2].box == Box(340, 40, 390, 60)


def test_the_box_of_the_touched_words_is_hidden() -> None:
    """With the name of the kind."""
    assert redact([line(f"pay {CARD} until Friday")]).hidden == (HiddenBox(Box(140, 40, 330, 60), "payment-card"),)


def test_what_stands_on_the_same_word_stays_in_the_text() -> None:
    """Its box is hidden as a whole."""
    done = redact([line(f'token="{TOKEN}", next')])
    [kept] = done.lines
    assert kept.text == f'token="{MARK}", next'
    assert [word.text for word in kept.words] == [f'token="{MARK}",', "next"]
    assert [one.box for one in done.hidden] == [line(f'token="{TOKEN}", next').words[0].box]


def test_a_private_key_goes_line_by_line() -> None:
    """Its twenty lines and both frames stay as marks, so that the layout is kept."""
    done = redact(lines("$ cat key.pem", *key_lines(), "$ exit"))
    assert [one.text for one in done.lines] == ["$ cat key.pem", *[MARK] * 22, "$ exit"]
    assert [one.box for one in done.hidden] == [one.box for one in lines("$ cat key.pem", *key_lines())[1:]]
    assert {one.kind for one in done.hidden} == {"private-key"}


def test_a_secret_over_two_lines_is_marked_on_both() -> None:
    """A token that was wrapped at the edge of a terminal."""
    secret = (
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
    )
    done = redact(lines(f"bearer {secret[:70]}", f"{secret[70:]} end"))
    assert secret[:20] not in "\n".join(one.text for one in done.lines)
    assert len(done.hidden) >= 1


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"身份证号：{CHINESE_ID}，请核对", f"身份证号：{MARK}，请核对"),
        ("您的验证码是 482913，五分钟内有效", f"您的验证码是 {MARK}，五分钟内有效"),
        ("密码：Xk29vQ7m!", f"密码：{MARK}"),
    ],
)
def test_chinese_text_around_a_secret_stays(text: str, kept: str) -> None:
    """Text and secret may be one word."""
    done = redact([line(text)])
    assert done.lines[0].text == kept
    assert len(done.hidden) == 1


def test_the_spaces_that_an_engine_puts_into_a_number_do_not_matter() -> None:
    """A card that was read in other groups, or with two spaces."""
    for read in ("4539  5787  6362  1486", "45395787 63621486", "4539 5787 6362 1486"):
        [kept] = redact([line(f"card {read} ok")]).lines
        assert kept.text == f"card {MARK} ok"


def test_two_secrets_on_a_line_are_two_marks() -> None:
    """Each with its own box; two on one word share it."""
    apart = redact([line(f"{TOKEN} and {CARD}")])
    assert apart.lines[0].text == f"{MARK} and {MARK}"
    assert [one.kind for one in apart.hidden] == ["github-token", "payment-card"]
    joined = redact([line(f"a={TOKEN};b={TOKEN[:-1]}Z")])
    assert TOKEN[4:20] not in joined.lines[0].text
    assert len(joined.hidden) == 1


def test_words_that_do_not_stand_in_the_text_are_dropped() -> None:
    """The whole line is hidden then: where the secret stands in it is not known."""
    read = Line(f"pay {CARD} now", Box(10, 10, 300, 30), 0.9, (Word("else", Box(10, 10, 60, 30)),))
    done = redact([read])
    assert (done.lines[0].text, done.lines[0].words) == (f"pay {MARK} now", ())
    assert done.hidden == (HiddenBox(read.box, "payment-card"),)


def test_a_line_without_words_is_hidden_whole() -> None:
    """Its text keeps what is no secret."""
    read = Line(f"pay {CARD} now", Box(10, 10, 300, 30), 0.9)
    done = redact([read])
    assert done.lines[0].text == f"pay {MARK} now"
    assert [one.box for one in done.hidden] == [read.box]


@pytest.mark.parametrize(
    "text", [f"pay {CARD} until", f"{TOKEN}", f"x={TOKEN};y={CARD} z", f"身份证号：{CHINESE_ID}。"]
)
def test_what_is_left_is_stored_and_read_as_it_is(text: str) -> None:
    """Each word stands in the line's text."""
    [kept] = redact([line(text)]).lines
    assert unpack_words(kept.text, kept.box, pack_words(kept)) == kept.words
    assert redact([kept]).lines == (kept,)


def test_kinds_that_are_switched_off_stay() -> None:
    """In text and picture."""
    done = redact([line(f"{TOKEN} {CARD}")], {"github-token"})
    assert done.lines[0].text == f"{MARK} {CARD}"


def test_what_is_known_to_be_secret_is_hidden_though_it_was_misread() -> None:
    """The words below a box are marked, whatever they say; those beside it stay."""
    was = redact([line(f"pay {CARD} until Friday")])
    now = redact([line("pay 4539 S787 6362 1486 until Friday")], again=was.hidden)
    assert now.lines[0].text == f"pay {MARK} until Friday"
    assert now.hidden == was.hidden


def test_what_is_known_to_be_secret_is_hidden_though_nothing_was_read() -> None:
    """The box stays hidden."""
    known = HiddenBox(Box(10, 10, 80, 30), "password")
    assert redact(lines("elsewhere"), again=[known]).hidden == (known,)


def test_a_known_secret_that_is_read_well_is_hidden_once() -> None:
    """A box that moved by a pixel is not noted again and again."""
    moved = HiddenBox(Box(141, 41, 330, 60), "payment-card")
    assert len(redact([line(f"pay {CARD} until Friday")], again=[moved]).hidden) == 1


def test_what_stands_beside_a_secret_that_is_found_again_stays() -> None:
    """Though its whole word is hidden: the text is the same on both pictures."""
    read = [line(f"export NAME={TOKEN}")]
    assert redact(read, again=redact(read).hidden).lines == redact(read).lines


def test_a_line_without_words_below_a_known_secret_goes_whole() -> None:
    """Where its words stand is not known."""
    read = Line("pay 4539 S787 6362 1486", Box(10, 10, 300, 30), 0.9)
    done = redact([read], again=[HiddenBox(Box(60, 11, 290, 29), "payment-card")])
    assert done.lines[0].text == MARK


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Your code is 482913 - Gmail", f"Your code is {MARK} - Gmail"),
        ("https://joe:hunter22xy@host.example/", f"https://joe:{MARK}@host.example/"),
        (f"https://x.example/?a=1&access_token={TOKEN}", f"https://x.example/?a=1&access_token={MARK}"),
        ("三月发布计划", "三月发布计划"),
        ("", ""),
    ],
)
def test_titles_and_addresses_are_marked_alike(text: str, kept: str) -> None:
    """A text that stands for itself."""
    assert redacted_text(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://shop.io/pay?card=4539+1488+0343+6467&ok=1", "https://shop.io/pay?card=•••&ok=1"),
        ("https://shop.io/pay?card=4539%201488%200343%206467", "https://shop.io/pay?card=•••"),
        ("https://find.io/?q=password%3A%20hunter2Xy9", "https://find.io/?q=password%3A%20•••"),
        ("https://find.io/?q=%E5%AF%86+%C3%A9", "https://find.io/?q=%E5%AF%86+%C3%A9"),
        ("https://find.io/a+b?q=100%", "https://find.io/a+b?q=100%"),
    ],
)
def test_what_an_address_writes_in_numbers_is_read_as_a_person_would(text: str, kept: str) -> None:
    """Percent signs and plus signs hide nothing; what is no secret stays as it was written."""
    assert redacted_text(text) == kept
