"""Keys and seeds of crypto wallets.

Owns what makes words a seed: a label, and then 12, 15, 18, 21 or 24 short words with none of those that join English
sentences (they are not in the list of BIP 39).  A key is Base58Check, or 64 hexadecimal digits beside its label.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from timeline.secrets import check_digits
from timeline.secrets.rule import Rule, Span, anchored
from timeline.secrets.screen import Screen
from timeline.secrets.tokens import prefixed

_LENGTHS = (24, 21, 18, 15, 12)
_COLON = re.compile(r"[\w \t'’()-]{0,60}[:：=]")
_WORD = re.compile(r"[\s\"',;|]{0,12}(?:#?[0-9]{1,2}[.):]?[ \t]{0,4})?([A-Za-z]{3,8})(?![A-Za-z0-9_(/@'’])")
_NEVER_WORDS = (
    "the and for from are was were has had not but his her its our your their with which been these does should"
    " would could may each into null none true false int def str let var const import export return class self"
)
_NEVER = frozenset(_NEVER_WORDS.split())
_WIF = re.compile(r"[5KLc9][1-9A-HJ-NP-Za-km-z]{50,51}")
_HEX = re.compile(r"[ \"'()\w]{0,16}?[:：=]?[ \n\"']{0,6}(?:0[xX])?(?P<secret>[0-9a-fA-F]{64})(?![0-9a-zA-Z])")


def _seed(screen: Screen, _at: int, after: int) -> Iterable[Span]:
    for lead in _leads(screen.text, after):
        words = _words(screen.text, lead)
        for length in _LENGTHS:
            if len(words) == length or (len(words) > length and _breaks(screen.text, words, length)):
                return ((words[0][0], words[length - 1][1]),)
    return ()


def _leads(text: str, after: int) -> Iterator[int]:
    """Return where the words may begin: after a colon, on the next line, on the one after it."""
    colon = _COLON.match(text, after)
    if colon is not None:
        yield colon.end()
    line = text.find("\n", after, after + 120)
    if line >= 0:
        yield line + 1
        below = text.find("\n", line + 1, line + 200)
        if below >= 0:
            yield below + 1
    yield after


def _words(text: str, at: int) -> list[Span]:
    """Return where the words that could be a seed's stand, up to the first that could not."""
    words: list[Span] = []
    while len(words) < 26:
        match = _WORD.match(text, at)
        if match is None or match[1] != match[1].lower() or match[1] in _NEVER:
            break
        words.append(match.span(1))
        at = match.end()
    return words


def _breaks(text: str, words: list[Span], length: int) -> bool:
    """Tell whether a line ends after so many words: what follows is another line of the screen."""
    return "\n" in text[words[length - 1][1] : words[length][0]]


def _wif(screen: Screen) -> Iterator[Span]:
    for match in _WIF.finditer(screen.text):
        if screen.stands_alone(*match.span()) and check_digits.base58(match[0]):
            yield match.span()


def _hex(screen: Screen, _at: int, after: int) -> Iterable[Span]:
    match = _HEX.match(screen.text, after)
    if match is None or len(set(match["secret"])) < 8:
        return ()
    return (match.span("secret"),)


RULES = (
    Rule("wallet-seed", anchored(_seed, "seed", "mnemonic", "recovery phrase", "secret phrase", "backup phrase",
                                 "recovery words", "助记词", "助記詞", "恢复短语")),
    Rule("wallet-private-key", _wif),
    Rule("wallet-private-key", anchored(_hex, "private key", "private_key", "privatekey", "private-key", "privkey",
                                        "私钥", "secret key")),
    Rule("wallet-private-key", prefixed("xprv", "yprv", "zprv", "tprv", body=r"[1-9A-HJ-NP-Za-km-z]", length=107)),
)  # fmt: skip
