"""Numbers by which states name people.

Owns how each is written and how much it must show to be believed: a number whose check digits and form fit is taken
as it stands; one that could as well be a telephone number or a part number needs its label close by.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from timeline.secrets import check_digits
from timeline.secrets.rule import Find, Rule, Span
from timeline.secrets.screen import Screen, labels

_CHINESE = re.compile(r"[0-9]{6}[ ]?[0-9]{8}[ ]?[0-9]{3}[ ]?[0-9Xx]")
_SSN = re.compile(r"[0-9]{3}[ ]?[-–][ ]?[0-9]{2}[ ]?[-–][ ]?[0-9]{4}")
_SSN_BARE = re.compile(r"[0-9]{3}[ ]?[0-9]{2}[ ]?[0-9]{4}")
_SSN_LABELS = labels("ssn", "social security", "soc sec", "ss#", "taxpayer", "itin")
_NINO = re.compile(r"[A-Z]{2}[ ]?[0-9]{2}[ ]?[0-9]{2}[ ]?[0-9]{2}[ ]?[A-D]")
_NINO_PREFIX = re.compile(r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]")
_NINO_LABELS = labels("national insurance", "nino", "ni no", "ni number", "insurance number")
_NIR = re.compile(r"[1-8][ ]?[0-9]{2}[ ]?[0-9]{2}[ ]?[0-9]{2}[ ]?[0-9]{3}[ ]?[0-9]{3}[ ]?[0-9]{2}")
_NIR_LABELS = labels("sécurité sociale", "securite sociale", "n° sécu", "nir", "insee", "secu", "assuré", "vitale")
_DNI = re.compile(r"[0-9XYZ](?:[0-9]{7}|[0-9]\.[0-9]{3}\.[0-9]{3})[ \-]?[A-HJ-NP-TV-Z]")
_TAX_ID = re.compile(r"[1-9][0-9][ ]?[0-9]{3}[ ]?[0-9]{3}[ ]?[0-9]{3}")
_TAX_GROUPED = re.compile(r"[1-9][0-9][ ][0-9]{3}[ ][0-9]{3}[ ][0-9]{3}")
_TAX_LABELS = labels("steuer", "idnr", "id-nr", "identifikationsnummer", "tin", "tax id", "tax identification")
_AADHAAR = re.compile(r"[2-9][0-9]{3}[ \-]{0,2}[0-9]{4}[ \-]{0,2}[0-9]{4}")
_AADHAAR_LABELS = labels("aadhaar", "aadhar", "adhaar", "आधार", "uidai", "uid", "government of india")
_CPF = re.compile(r"[0-9]{3}[ ]?[. ][ ]?[0-9]{3}[ ]?[. ][ ]?[0-9]{3}[ ]?[-– ][ ]?[0-9]{2}")
_CPF_BARE = re.compile(r"[0-9]{11}")
_CPF_LABELS = labels("cpf", "cadastro de pessoas")
_RRN = re.compile(r"[0-9]{6}[ ]?[-–][ ]?[1-8][0-9]{6}")
_RRN_BARE = re.compile(r"[0-9]{6}[ ]?[1-8][0-9]{6}")
_RRN_LABELS = labels("주민등록번호", "주민번호", "주민등록", "주민", "외국인등록번호", "rrn", "resident registration")
_HANGUL = re.compile(r"[가-힣](?![^\n]*(?:주문|접수|송장|예약|전화|번호))")
_NOT_DIGITS = re.compile(r"[ .\-–]")
_RUNS_ON = re.compile(r"[ \-–.]{0,2}[0-9]{2,}")


def _compact(text: str) -> str:
    return _NOT_DIGITS.sub("", text)


def _number(form: re.Pattern[str], valid: Callable[[str], bool], wanted: re.Pattern[str] | None = None) -> Find:
    """Return the search for whole numbers of a form that are valid, beside one of the wanted labels if any."""

    def find(screen: Screen) -> Iterator[Span]:
        for start, end in screen.numbers:
            match = form.match(screen.text, start, end)
            if match is None or (match.end() != end and _RUNS_ON.match(screen.text, match.end(), end)):
                match = _last_of(form, screen.text, start, end)
            if match is None or not screen.stands_alone(*match.span()) or not valid(_compact(match[0])):
                continue
            if wanted is None or screen.near(*match.span(), wanted):
                yield match.span()

    return find


def _last_of(form: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    """Return the form at the end of a run of groups, behind a gap: a number before it is not part of it."""
    for gap in range(start, end):
        if text[gap] == " ":
            match = form.match(text, gap + 1, end)
            if match is not None and match.end() == end:
                return match
    return None


def _chinese(screen: Screen) -> Iterator[Span]:
    for start, end in screen.numbers:
        match = _CHINESE.match(screen.text, start) or _last_chinese(screen.text, start, end)
        if match is None or match.end() < end or not screen.stands_alone(*match.span()):
            continue
        if check_digits.chinese_resident(_compact(match[0])):
            yield match.span()


def _last_chinese(text: str, start: int, end: int) -> re.Match[str] | None:
    gap = text.find(" ", start, end)
    return _CHINESE.match(text, gap + 1) if gap > 0 else None


def _ninos(screen: Screen) -> Iterator[Span]:
    for match in _NINO.finditer(screen.text):
        if not (_NINO_PREFIX.match(match[0]) and screen.stands_alone(*match.span())):
            continue
        if match[0].count(" ") >= 3 or screen.near(*match.span(), _NINO_LABELS):
            yield match.span()


def _dnis(screen: Screen) -> Iterator[Span]:
    for match in _DNI.finditer(screen.text):
        if screen.stands_alone(*match.span()) and check_digits.dni(_compact(match[0])):
            yield match.span()


def _rrn_valid(number: str) -> bool:
    return check_digits.rrn_birth(number) and check_digits.rrn(number)


RULES = (
    Rule("chinese-resident-id", _chinese),
    Rule("us-ssn", _number(_SSN, check_digits.ssn)),
    Rule("us-ssn", _number(_SSN_BARE, check_digits.ssn, _SSN_LABELS)),
    Rule("uk-nino", _ninos),
    Rule("french-nir", _number(_NIR, check_digits.nir)),
    Rule("spanish-dni", _dnis),
    Rule("german-tax-id", _number(_TAX_ID, check_digits.german_tax_id, _TAX_LABELS)),
    Rule("german-tax-id", _number(_TAX_GROUPED, check_digits.german_tax_id)),
    Rule("indian-aadhaar", _number(_AADHAAR, check_digits.aadhaar, _AADHAAR_LABELS)),
    Rule("brazilian-cpf", _number(_CPF, check_digits.cpf)),
    Rule("brazilian-cpf", _number(_CPF_BARE, check_digits.cpf, _CPF_LABELS)),
    Rule("korean-rrn", _number(_RRN, _rrn_valid)),
    Rule("korean-rrn", _number(_RRN, check_digits.rrn_birth, _RRN_LABELS)),
    Rule("korean-rrn", _number(_RRN, check_digits.rrn_birth, _HANGUL)),
    Rule("korean-rrn", _number(_RRN_BARE, check_digits.rrn_birth, _RRN_LABELS)),
)
