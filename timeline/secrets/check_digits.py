"""Whether the check digits of a number fit, asked of python-stdnum.

The only module that knows python-stdnum.  Takes numbers without separators; knows nothing of text.  Called by cards.py,
identities.py and wallets.py.
"""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from stdnum import iban as _iban
from stdnum import luhn as _luhn
from stdnum import verhoeff as _verhoeff
from stdnum.br import cpf as _cpf
from stdnum.cn import ric as _ric
from stdnum.de import idnr as _idnr
from stdnum.es import dni as _dni
from stdnum.es import nie as _nie
from stdnum.fr import nir as _nir
from stdnum.kr import rrn as _rrn
from stdnum.us import ssn as _ssn

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_OLDEST_YEAR, _NEWEST_YEAR = 1890, 2100
_CHINESE_PROVINCES = {"11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41",
                      "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71",
                      "81", "82", "83", "91"}  # fmt: skip


def luhn(number: str) -> bool:
    """Tell whether a payment card's number could have been issued."""
    return _luhn.is_valid(number)


def iban(number: str) -> bool:
    """Tell whether an IBAN's length, structure and check digits fit its country's."""
    return _iban.is_valid(number, check_country=False)


def aadhaar(number: str) -> bool:
    """Tell whether twelve digits are an Indian Aadhaar number."""
    return number[0] not in "01" and number != number[::-1] and _verhoeff.is_valid(number)


def chinese_resident(number: str) -> bool:
    """Tell whether 18 characters are a Chinese resident id: province, date of birth, check digit (ISO 7064 11-2).

    Not the list of counties: it changes every year, and a wrong one costs a miss.
    """
    born = _date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    return number[:2] in _CHINESE_PROVINCES and born and _ric.calc_check_digit(number) == number[-1].upper()


def cpf(number: str) -> bool:
    """Tell whether eleven digits are a Brazilian CPF."""
    return len(set(number)) > 1 and _cpf.is_valid(number)


def dni(number: str) -> bool:
    """Tell whether eight digits (or a letter and seven) and a letter are a Spanish DNI or NIE."""
    return _nie.is_valid(number) if number[0].isalpha() else _dni.is_valid(number)


def german_tax_id(number: str) -> bool:
    """Tell whether eleven digits are a German tax id."""
    return _idnr.is_valid(number)


def nir(number: str) -> bool:
    """Tell whether fifteen characters are a French NIR."""
    return _nir.is_valid(number)


def rrn(number: str) -> bool:
    """Tell whether thirteen digits are a Korean RRN with a check digit; those given out since 2020 have none."""
    return _rrn.is_valid(number)


def rrn_birth(number: str) -> bool:
    """Tell whether the date of birth in thirteen digits exists."""
    century = {"1": 1900, "2": 1900, "5": 1900, "6": 1900, "3": 2000, "4": 2000, "7": 2000, "8": 2000}.get(number[6])
    return century is not None and _date(century + int(number[:2]), int(number[2:4]), int(number[4:6]))


def ssn(number: str) -> bool:
    """Tell whether an American SSN of nine digits could have been issued."""
    return _ssn.is_valid(number) and len(set(number)) > 1


def base58(value: str) -> bool:
    """Tell whether a value is Base58Check: its last four bytes are those of the doubled SHA-256 of the others."""
    number = 0
    for character in value:
        place = _BASE58.find(character)
        if place < 0:
            return False
        number = number * 58 + place
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return len(raw) > 8 and sha256(sha256(raw[:-4]).digest()).digest()[:4] == raw[-4:]


def _date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return _OLDEST_YEAR < year < _NEWEST_YEAR
