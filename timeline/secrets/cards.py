"""Payment cards and bank accounts.

Owns the prefixes and lengths of the issuers and how cards are grouped.  A run of groups may carry more than the card
(its expiry, its code behind it), so the card is looked for from every group on; a row of a table is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from timeline.secrets import check_digits
from timeline.secrets.rule import Rule, Span
from timeline.secrets.screen import Screen, labels

_ISSUERS = re.compile(
    r"4[0-9]{15}(?:[0-9]{3})?"  # Visa
    r"|(?:5[1-5][0-9]{2}|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]{12}"  # Mastercard
    r"|3[47][0-9]{13}"  # American Express
    r"|3(?:0[0-5]|[689][0-9])[0-9]{11}"  # Diners Club
    r"|(?:6011|65[0-9]{2}|64[4-9][0-9])[0-9]{12}"  # Discover
    r"|62[0-9]{14,17}"  # UnionPay
    r"|35(?:2[89]|[3-8][0-9])[0-9]{12}"  # JCB
    r"|(?:5018|5020|5038|5893|6304|6759|676[1-3])[0-9]{12}(?:[0-9]{2,3})?"  # Maestro
    r"|220[0-4][0-9]{12}"  # Mir
    r"|(?:508|60|81|82)[0-9]{14}"  # RuPay
)
_LAYOUTS = {(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (6, 13), (6, 10), (4, 4, 4, 4, 2), (4, 4, 4, 4, 1),
            (8, 8), (4, 12)}  # fmt: skip
_DIGITS = re.compile(r"[0-9]+")
_CARD_LABELS = labels("card", "visa", "mastercard", "amex", "karte", "carte", "tarjeta", "cartão", "银行卡", "卡号",
                      "信用卡", "储蓄卡", "カード", "카드", "kreditkort", "pan")  # fmt: skip
_IBAN_START = re.compile(r"[A-Z]{2}[0-9]{2}(?=[ \-\n]?[A-Z0-9])")
_COUNTRIES_OF_LENGTH = {
    15: "NO",
    16: "BE",
    18: "DK FI FK FO GL NL SD",
    19: "MK SI",
    20: "AT BA EE KZ LT LU MN XK",
    21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA",
    23: "AE GI IL IQ OM SO TL",
    24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "LY PT ST",
    26: "IS TR",
    27: "BI DJ FR GR IT MC MR SM",
    28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
    29: "BR EG PS QA UA",
    30: "JO KW MU YE",
    31: "MT SC",
    32: "LC",
    33: "RU",
}  # fmt: skip
_IBAN_LENGTHS = {country: length for length, names in _COUNTRIES_OF_LENGTH.items() for country in names.split()}
_IBAN_REST = {
    length: re.compile(rf"(?:[ \-\n]{{0,2}}[A-Z0-9]){{{length - 4}}}(?![A-Za-z0-9])") for length in _COUNTRIES_OF_LENGTH
}
_GAPS = re.compile(r"[ \-\n]")
_BROKEN = re.compile(
    r"(?<![0-9] )(?<![\w\-])(?=[3-6])[0-9]{4}(?:[ \-]?[0-9]{4}){0,2}\n[0-9]{4}(?:[ \-]?[0-9]{4}){0,2}(?![\w\-])"
)


def _cards(screen: Screen) -> Iterator[Span]:
    for start, end in screen.numbers:
        groups = [match.span() for match in _DIGITS.finditer(screen.text, start, end)]
        span = _card_in(screen, groups)
        if span is not None:
            yield span


def _card_in(screen: Screen, groups: list[Span]) -> Span | None:
    """Return the card that begins at one of the groups; the first that fits."""
    text = screen.text
    for first in range(len(groups)):
        for last in range(first, min(first + 6, len(groups))):
            layout = tuple(end - start for start, end in groups[first : last + 1])
            number = "".join(text[start:end] for start, end in groups[first : last + 1])
            if len(number) > 19:
                break
            if len(number) < 14 or not _ISSUERS.fullmatch(number) or not check_digits.luhn(number):
                continue
            span = (groups[first][0], groups[last][1])
            if (
                len(set(number)) > 1
                and screen.stands_alone(*span)
                and _laid_out(screen, span, layout, groups, first, last)
            ):
                return span
    return None


def _laid_out(screen: Screen, span: Span, layout: tuple[int, ...], groups: list[Span], first: int, last: int) -> bool:
    """Tell whether groups stand as on a card: known groups, the same gaps, no row of a table around them."""
    text = screen.text
    gaps = {text[groups[each][1] : groups[each + 1][0]].strip(" ") for each in range(first, last)}
    if not gaps <= {"", "-", "–"} or len(gaps) > 1:
        return False
    labelled = screen.near(*span, _CARD_LABELS)
    if first == last or layout in _LAYOUTS:
        sides = [*groups[max(first - 1, 0) : first], *groups[last + 1 : last + 2]]
        return labelled or not any(end - start >= 4 for start, end in sides)
    return labelled and len(layout) <= 6


def _broken_cards(screen: Screen) -> Iterator[Span]:
    """Yield cards of four groups that go over two lines, beside a label: two rows of a table look the same."""
    if not screen.says(_CARD_LABELS):
        return
    for match in _BROKEN.finditer(screen.text):
        number = _GAPS.sub("", match[0])
        is_card = len(number) == 16 and _ISSUERS.fullmatch(number) and check_digits.luhn(number)
        if is_card and len(set(number)) > 1 and screen.near(*match.span(), _CARD_LABELS):
            yield match.span()


def _ibans(screen: Screen) -> Iterator[Span]:
    text = screen.text
    for match in _IBAN_START.finditer(text):
        length = _IBAN_LENGTHS.get(match[0][:2])
        rest = None if length is None else _IBAN_REST[length].match(text, match.end())
        if rest is None or _inside_word(text, match.start()):
            continue
        if check_digits.iban(_GAPS.sub("", match[0] + rest[0])):
            yield match.start(), rest.end()


def _inside_word(text: str, at: int) -> bool:
    return at > 0 and text[at - 1].isascii() and text[at - 1].isalnum()


RULES = (Rule("payment-card", _cards), Rule("payment-card", _broken_cards), Rule("iban", _ibans))
