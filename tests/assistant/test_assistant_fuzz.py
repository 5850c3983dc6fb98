"""Hundreds of corrupted replies: never an unverified citation, never an exception."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from assistant.evidence import Evidence, Sighting
from assistant.folding import fold
from assistant.proof import Prover
from assistant.question import understand
from assistant.sentences import Sentences
from timeline.clock import to_us
from timeline.model import Window

NOW = datetime(2026, 11, 25, 18, 0, tzinfo=UTC)
SEEN = Sighting(
    to_us(datetime(2026, 11, 24, 14, 5, tzinfo=UTC)), to_us(datetime(2026, 11, 24, 14, 40, tzinfo=UTC)), 0, 7
)
TEXTS = (
    "finance wants the churn report\nbudget 41,900 EUR",
    "营销预算定为12万元，发布推迟",
    "Connection.backup copies a database",
)
EVIDENCE = tuple(Evidence(f"E{n}", n, SEEN, Window("app", "title"), text) for n, text in enumerate(TEXTS, 1))
GOOD = (
    'Finance wants the churn report [E1 "wants the churn report"]. The budget is 41,900 EUR [E1 "budget 41,900 EUR"].\n'
    '营销预算是12万元 [E2 "营销预算定为12万元"]。It copies a database [E3 "copies a database"].'
)
NOISE = [
    *'[]【】"“”「」E0123456789.,;:!?。，\n\r\t\x00\x1b\u202e\u2028(){}<>|*_`#-—…\\/',
    *("[E", '[E1 "', '"]', "[E99", "https://evil.example/?q=", "\ud800", "<img src=x>", "```json\n{", "![a](b)"),
    *("一二三", "\ud7ff", "𝔘", "ﬃ"),
]

Corruption = Callable[[random.Random, str], str]


def _noise(rng: random.Random, text: str) -> str:
    for _ in range(rng.randint(1, 12)):
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice(NOISE) + text[at:]
    return text


def _cut(rng: random.Random, text: str) -> str:
    start = rng.randrange(len(text))
    return text[start : rng.randrange(start, len(text) + 1)]


def _shuffled(rng: random.Random, text: str) -> str:
    words = text.split(" ")
    rng.shuffle(words)
    return " ".join(words)


def _other_ids(rng: random.Random, text: str) -> str:
    return text.replace("[E1", f"[E{rng.choice([0, 2, 4, 10**30])}").replace("[E3", "[E 1")


def _other_numbers(rng: random.Random, text: str) -> str:
    return "".join(rng.choice("0123456789") if char.isdecimal() else char for char in text)


def _repeated(rng: random.Random, text: str) -> str:
    return text.replace(rng.choice(["report", "预算", "[", '"']), "again " * rng.randint(50, 500))


def _deleted(rng: random.Random, text: str) -> str:
    return "".join(char for char in text if rng.random() > 0.05)


CORRUPTIONS: tuple[Corruption, ...] = (_noise, _cut, _shuffled, _other_ids, _other_numbers, _repeated, _deleted)


@pytest.mark.parametrize("seed", range(500))
def test_a_corrupted_reply_shows_nothing_unproved(seed: int) -> None:
    """Every citation names evidence that was retrieved and quotes its words; links and control characters are gone."""
    rng = random.Random(seed)
    reply = GOOD
    for corrupt in rng.choices(CORRUPTIONS, k=rng.randint(1, 3)):
        reply = corrupt(rng, reply) or GOOD
    prover = Prover(understand("what is the budget?", NOW, UTC), EVIDENCE, NOW, UTC)
    sentences, ready = Sentences(), []
    size = rng.randint(1, 40)
    for at in range(0, len(reply), size):
        ready += sentences.feed(reply[at : at + size])
    shown = "\n".join(text for each in [*ready, *sentences.rest()] if (text := prover.prove(each)) is not None)
    for citation in prover.citations:
        text = TEXTS[citation.passage_id - 1]
        assert citation.quote in text
        assert len(fold(citation.quote).text) >= 2
    assert all(char.isprintable() or char == "\n" for char in shown)
    assert "evil.example" not in shown
    assert bool(shown) == bool(prover.citations)


def test_the_good_reply_stays_whole() -> None:
    """Without corruption all four sentences are shown: the fuzz does not pass by showing nothing."""
    prover = Prover(understand("what is the budget?", NOW, UTC), EVIDENCE, NOW, UTC)
    sentences = Sentences()
    shown = [prover.prove(each) for each in [*sentences.feed(GOOD), *sentences.rest()]]
    assert shown == [
        "Finance wants the churn report. [1]",
        "The budget is 41,900 EUR. [2]",
        "营销预算是12万元。 [3]",
        "It copies a database. [4]",
    ]
