"""Proof: what of a reply may be shown, with which citations."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assistant.evidence import Evidence, Sighting
from assistant.proof import Prover
from assistant.question import understand
from assistant.sentences import Sentences
from timeline.clock import to_us
from timeline.model import Window

NOW = datetime(2026, 11, 25, 18, 0, tzinfo=UTC)
SEEN = Sighting(
    to_us(datetime(2026, 11, 24, 14, 5, tzinfo=UTC)), to_us(datetime(2026, 11, 24, 14, 40, tzinfo=UTC)), 0, 7
)
NOTES = Window("gedit", "notes.txt")
EVIDENCE = (
    Evidence("E1", 11, SEEN, NOTES, "finance wants the churn report by Friday\nbudget 41,900 EUR"),
    Evidence("E2", 12, SEEN, Window("Firefox", "Docs"), "Connection.backup copies\na database\nsee https://docs.example/a"),
    Evidence("E3", 13, SEEN, Window("Chat", "团队群"), "营销预算定为12万元\n发布推迟到3月25日，共三个版本"),
    Evidence("E4", 14, SEEN, Window("xterm", "log"), "tota1 4l,9OO rows, he11o wor1d, her name"),
)  # fmt: skip


def proved(reply: str, question: str = "what about the budget?") -> tuple[list[str], Prover]:
    """Return what may be shown of a reply, and the prover with its citations."""
    prover = Prover(understand(question, NOW, UTC), EVIDENCE, NOW, UTC)
    sentences = Sentences()
    ready = [*sentences.feed(reply), *sentences.rest()]
    return [text for each in ready if (text := prover.prove(each)) is not None], prover


def test_a_proved_sentence_stays_with_its_citation() -> None:
    """The citation becomes a number, and names passage, time, frame and the record's own words."""
    shown, prover = proved('Finance wants the churn report [E1 "wants the churn report"].')
    assert shown == ["Finance wants the churn report. [1]"]
    [citation] = prover.citations
    assert (citation.passage_id, citation.frame_id, citation.quote) == (11, 7, "wants the churn report")
    assert (citation.start_us, citation.window.title) == (SEEN.start_us, "notes.txt")


@pytest.mark.parametrize(
    "reply",
    [
        'Finance wants a report [E9 "wants the churn report"].',
        'Finance wants a report [E1 "wants the tax report"].',
        "Finance wants a report [E1].",
        "Finance wants a report.",
        'Finance wants a report [E1 ""].',
        'Finance wants a report [E1 "re"].',
        'The budget is 51,900 EUR [E1 "budget 41,900 EUR"].',
        'The budget is ninety EUR [E1 "budget 41,900 EUR"].',
        'It was on the screen at 09:00 [E1 "budget 41,900 EUR"].',
        'You read it on Sunday [E1 "budget 41,900 EUR"].',
        'You read it on 3 March [E1 "budget 41,900 EUR"].',
        '营销预算是13万元 [E3 "营销预算定为12万元"]。',
        '共有五个版本 [E3 "共三个版本"]。',
        '发布推迟到4月25日 [E3 "发布推迟到3月25日"]。',
        "NO ANSWER",
        "",
        '[E1 "budget 41,900 EUR"]',
    ],
)
def test_what_is_not_borne_out_goes(reply: str) -> None:
    """Unknown ids, invented quotes, missing or empty proof, changed numbers and times: nothing is shown."""
    shown, prover = proved(reply)
    assert shown == []
    assert prover.citations == []


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        ('The budget is 41,900 EUR [E1 "budget 41,900 EUR"].', "The budget is 41,900 EUR. [1]"),
        ('The budget is 41900 EUR. [E1 "Budget  41,900 eur"]', "The budget is 41900 EUR. [1]"),
        ('You saw it at 14:05 [E1 "budget 41,900 EUR"].', "You saw it at 14:05. [1]"),
        ('You saw it yesterday afternoon [E1 "budget 41,900 EUR"].', "You saw it yesterday afternoon. [1]"),
        ('It was Tuesday, 24 November 2026 [E1 "budget 41,900 EUR"].', "It was Tuesday, 24 November 2026. [1]"),
        ('They want it by Friday [E1 "report by Friday"].', "They want it by Friday. [1]"),
        ('营销预算是12万元 [E3 "营销预算定为１２万元"]。', "营销预算是12万元。 [1]"),
        ('发布推迟到3月25日【E3 “发布推迟到3月25日”】。', "发布推迟到3月25日。 [1]"),
        ('你昨天下午看到三个版本 [E3 "共三个版本"]。', "你昨天下午看到三个版本。 [1]"),
        ('There are 41,900 rows [E4 "total 41,900 rows"].', "There are 41,900 rows. [1]"),
        ('It says hello [E4 "hello world"].', "It says hello. [1]"),
        ('A name is there [E4 "name"].', "A name is there. [1]"),
        ('It copies a database [E2 "copies a database"].', "It copies a database. [1]"),
    ],
)  # fmt: skip
def test_what_is_borne_out_stays(reply: str, text: str) -> None:
    """White space, case, width and OCR look-alikes do not matter; times may be those of the span."""
    assert proved(reply)[0] == [text]


def test_the_quote_is_the_records_own_text() -> None:
    """What the model repaired is shown as it stands on the screen."""
    _, prover = proved('There are 41,900 rows [E4 "total 41,900 rows"].')
    assert prover.citations[0].quote == "tota1 4l,9OO rows"


def test_a_number_of_the_question_may_be_repeated() -> None:
    """What the user said needs no proof."""
    assert proved('For 2031 there is a budget [E1 "budget 41,900 EUR"].', "what budget for 2031?")[0] != []


def test_sentences_without_proof_go_and_the_others_stay() -> None:
    """Each sentence stands for itself."""
    shown, _ = proved('You were busy. The budget stood there [E1 "budget 41,900 EUR"]. You like it.')
    assert shown == ["The budget stood there. [1]"]


def test_words_after_the_last_citation_go() -> None:
    """A tail without proof is cut off."""
    shown, _ = proved('The budget stood there [E1 "budget 41,900 EUR"] and you paid it.')
    assert shown == ["The budget stood there [1]"]


def test_a_sentence_with_one_wrong_claim_goes_whole() -> None:
    """Half a sentence may say the opposite of the whole."""
    shown, _ = proved('It is wrong that [E1 "it is paid"] the budget stood there [E1 "budget 41,900 EUR"].')
    assert shown == []


def test_one_good_citation_of_two_is_enough() -> None:
    """Of citations side by side the good one stays."""
    shown, prover = proved('The budget stood there [E1 "budget 41,900 EUR"] [E2 "budget"].')
    assert shown == ["The budget stood there. [1]"]
    assert len(prover.citations) == 1


def test_two_citations_in_one_bracket_are_read() -> None:
    """[E1 "..."; E2 "..."] is two."""
    _, prover = proved('Both [E1 "budget 41,900 EUR"; E2 "copies a database"].')
    assert [each.passage_id for each in prover.citations] == [11, 12]


def test_a_citation_used_twice_has_one_number() -> None:
    """The list of citations holds each once."""
    shown, prover = proved('A budget [E1 "budget 41,900 EUR"]. The same budget [E1 "budget 41,900 EUR"].')
    assert shown == ["A budget. [1]", "The same budget. [1]"]
    assert len(prover.citations) == 1


def test_a_sentence_said_again_is_shown_once() -> None:
    """A model in a loop is not repeated."""
    assert len(proved('A budget [E1 "budget 41,900 EUR"].\n' * 5)[0]) == 1


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("See https://evil.example/?q=1 now", "See now"),
        ("See https://docs.example/a now", "See https://docs.example/a now"),
        ("See [this](https://evil.example) now", "See this now"),
        ("See ![x](https://evil.example/p.png) now", "See now"),
        ("See <b>bold</b> and **strong** words", "See bold and strong words"),
        ("A \x1b[31mred\x1b[0m \u202eword", "A red word"),
        ("- A point (E2)", "A point"),
    ],
)
def test_markup_and_foreign_links_are_taken_out(said: str, shown: str) -> None:
    """What is shown is plain text; a link stays only when it stands in the evidence."""
    assert proved(f'{said} [E2 "copies a database"].')[0] == [f"{shown}. [1]"]


def test_lines_and_bullets_make_sentences() -> None:
    """A list without full stops is one sentence a line."""
    shown, _ = proved('- A budget [E1 "budget 41,900 EUR"]\n- No proof\n- A database [E2 "copies a database"]')
    assert shown == ["A budget [1]", "A database [2]"]


def test_decimals_and_abbreviations_end_no_sentence() -> None:
    """The stop of 41.9 or "No." is none."""
    shown, _ = proved('Mr. Budget wants the report [E1 "wants the churn report"].')
    assert shown == ["Mr. Budget wants the report. [1]"]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
def test_pieces_of_any_size_give_the_same_sentences(size: int) -> None:
    """A stream cuts words and citations anywhere."""
    reply = 'One. A budget [E1 "budget 41,900 EUR"]. 有预算 [E3 "营销预算定为12万元"]。\nTwo [E2 "copies a database"]'
    sentences, ready = Sentences(), []
    for at in range(0, len(reply), size):
        ready += sentences.feed(reply[at : at + size])
    ready += sentences.rest()
    whole = Sentences()
    assert ready == [*whole.feed(reply), *whole.rest()]
