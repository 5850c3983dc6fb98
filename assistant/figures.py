"""Numbers and times of a sentence, and whether its evidence bears them out.

Pure.  A model that invents a number is caught here: each one must stand in the evidence or in the question; a time may
also be that of the evidence on the screen.  Called by proof.py.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal, InvalidOperation

from assistant.evidence import Sighting
from assistant.folding import repaired_digits
from timeline.clock import SECOND_US, at_offset
from timeline.phrases import TimePhrase, parse_time
from timeline.phrases.numerals import NUMERAL_CHARS, number

MOST_TIMES = 6  # in one sentence
CLOCK_SLACK_US = 60 * SECOND_US  # 14:05 may be said of what began at 14:05:40

_WORD = re.compile(r"[a-z]+|\d+|[^\W\d_a-z]")  # of Chinese each character
_FIGURE = re.compile(r"\d[\d.,:]*")
_DAMAGED_FIGURE = re.compile(r"(?<![A-Za-z])(?=[\w|,.]*\d)[\dOolI|iSB][\dOolI|iSB,.:]*(?![A-Za-z])")
_NUMBER_WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90, "hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000,
}  # fmt: skip
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(_NUMBER_WORDS)})\b")
_COUNTED_NUMERAL = re.compile(
    rf"[{NUMERAL_CHARS}]{{1,9}}(?=[个次天周年月日号点分秒小元块美欧人份篇页条张行项封家台件名位度倍%])"
)
_PREPOSITIONS = frozenset("on in at from to the of during between for around about by since until and".split())  # noqa: SIM905


def borne_out(
    sentence: str, texts: Sequence[str], spans: Sequence[Sighting], now: datetime, zone: tzinfo | None
) -> bool:
    """Tell whether each number and time of a sentence stands in the texts, or is a time of the spans."""
    said = unicodedata.normalize("NFKC", sentence)
    known = unicodedata.normalize("NFKC", "\n".join(texts))
    for _ in range(MOST_TIMES):
        phrase = parse_time(said, now, zone)
        if phrase is None:
            break
        if not (_stands_in(phrase.matched, known) or _meets(said, spans, now, zone)):
            return False
        said = phrase.rest
    return _numbers(said) <= _numbers(known) | _repaired(known)


def _meets(said: str, spans: Sequence[Sighting], now: datetime, zone: tzinfo | None) -> bool:
    """Tell whether the first time of a text meets a span, said now ("yesterday") or on the span's own day ("14:05")."""
    for span in spans:
        evening = at_offset(span.start_us, span.offset_s).replace(hour=23, minute=59, second=59)
        readings = (parse_time(said, now, zone), parse_time(said, evening, evening.tzinfo))
        if any(reading is not None and _overlaps(reading, span) for reading in readings):
            return True
    return False


def _overlaps(phrase: TimePhrase, span: Sighting) -> bool:
    if phrase.at_us is not None:
        return span.start_us - CLOCK_SLACK_US <= phrase.at_us <= span.end_us + CLOCK_SLACK_US
    return phrase.interval.start_us < span.end_us and span.start_us < phrase.interval.end_us


def _stands_in(matched: str, known: str) -> bool:
    """Tell whether the words of a time stand in a text, whatever preposition goes before them."""
    words = [word for word in _WORD.findall(matched.lower()) if word not in _PREPOSITIONS]
    return bool(words) and set(words) <= set(_WORD.findall(known.lower())) | set(known)


def _numbers(text: str) -> set[Decimal | str]:
    lower = text.lower()
    found = {_value(figure) for figure in _FIGURE.findall(lower)}
    found |= {Decimal(_NUMBER_WORDS[word]) for word in _NUMBER_WORD.findall(lower)}
    return found | set(_numerals(lower))


def _numerals(text: str) -> Iterable[Decimal]:
    for numeral in _COUNTED_NUMERAL.findall(text):
        if numeral != "一":
            try:
                yield Decimal(str(number(numeral)))
            except ValueError:  # 万万, a numeral that counts nothing
                continue


def _repaired(text: str) -> set[Decimal | str]:
    return {_value(repaired_digits(token)) for token in _DAMAGED_FIGURE.findall(text)}


def _value(figure: str) -> Decimal | str:
    """Return the value of a figure; what is no plain number (3.11.7, 14:05) is compared as it is written."""
    bare = figure.rstrip(".,:")
    try:
        return Decimal(bare.replace(",", "")).normalize()
    except InvalidOperation:
        return bare
