"""Text to search tokens, the same way for what is indexed and for what is asked.  Pure; owns no state.

FTS5 cannot be given a tokenizer of ours through sqlcipher3, so the text is cut here and handed over as tokens joined by
spaces.  The table's own tokenizer (`TOKENIZER`) is the built-in `ascii` with every sign we use as a token character: it
splits at spaces only, and leaves all that is not ASCII as it is.

    body    what stands there, in order, so that phrases are exact: words folded (full-width to half-width, case,
            accents; traditional characters to simplified ones), split at every sign, so `user_profile`,
            `/usr/local/bin`, `3.11.7` and `me@host.org` are found whole as phrases and by each part; Chinese, kana
            and Hangul runs as overlapping pairs of characters, the last character once more alone, so that each
            character begins some token and is found by its prefix; a run goes on over the end of a line, since
            Chinese is wrapped anywhere
    parts   what a word hides: getUserProfile -> get user profile, E1042 -> e 1042, C++ -> c
    stems   English stems, where they differ from the word
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Protocol

from index.simplified import simplified

TOKENIZER = "ascii tokenchars '#+'"
"""The FTS5 tokenizer that keeps our tokens whole: beside letters and digits they hold only these two signs."""

_CJK = "々〇ぁ-ゖァ-ヺー\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff가-힣\U00020000-\U000323af"
_EMOJI = "\u2600-\u27bf\U0001f300-\U0001faff"
_TOKEN = re.compile(rf"[{_CJK}]+(?:\n[{_CJK}]+)*|[{_EMOJI}]|(?<![^\W_])[A-Za-z](?:\+\+|#)(?!\w)|[^\W_{_CJK}]+")
CJK_RUN = re.compile(f"[{_CJK}]+")
"""Chinese, kana or Hangul on one line."""
_CJK_CHARACTER = re.compile(f"[{_CJK}]")
_WRAPPED_CJK = re.compile(rf"(?<=[{_CJK}])\n(?=[{_CJK}])")
_CLUSTER = re.compile(".[\u0300-\u036f\u3099\u309a\uff9e\uff9f]*", re.DOTALL)  # a character and the marks put on it
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W_A-Za-z0-9]+")
_CACHED_WORDS = 32_768  # words of a language in daily use are some ten thousand; 25 MB of memory when full


@dataclass(frozen=True, slots=True)
class Token:
    """A folded word or pair of characters, and the stretch of the text it stands for."""

    text: str
    start: int
    end: int
    parts: tuple[str, ...] = ()

    @property
    def forms(self) -> tuple[str, ...]:
        """The token as it stands, its stem, and its parts with theirs: whatever it may be found by."""
        words = (self.text, *self.parts)
        return tuple(dict.fromkeys((*words, *map(stem, words))))


@dataclass(frozen=True, slots=True)
class Columns:
    """The token strings of one text, each for one column of the full-text table."""

    body: str
    parts: str
    stems: str


def scan(text: str) -> list[Token]:
    """Return the tokens of a text in order; `start` and `end` are offsets in the text as given."""
    normal, offsets = _normalise(text)
    tokens: list[Token] = []
    for match in _TOKEN.finditer(normal):
        run, start = match.group(), match.start()
        if is_cjk(run):
            tokens.extend(_pairs(simplified(run), start))
        else:
            word, parts = _fold(run)
            tokens.append(Token(word, start, match.end(), parts))
    return tokens if offsets is None else [_moved(token, offsets) for token in tokens]


@lru_cache(maxsize=1_024)
def token_set(text: str) -> frozenset[str]:
    """Return the texts of a text's tokens, each once; of few texts again and again while a query is typed."""
    normal = _normalise(text)[0]
    if normal.isascii():
        return frozenset(_TOKEN.findall(normal.casefold()))
    found: set[str] = set()
    for run in _TOKEN.findall(normal):
        if is_cjk(run):
            found.update(token.text for token in _pairs(simplified(run), 0))
        else:
            found.add(_fold(run)[0])
    return frozenset(found)


def columns(text: str) -> Columns:
    """Return what the full-text table stores of a text."""
    tokens = scan(text)
    parts = [part for token in tokens for part in token.parts]
    words = (word for token in tokens for word in (token.text, *token.parts))
    stems = (_stem_if_other(word) for word in words)
    return Columns(join(tokens), " ".join(parts), " ".join(found for found in stems if found))


def join(tokens: Iterable[Token]) -> str:
    """Return the tokens as FTS5 reads them."""
    return " ".join(token.text for token in tokens)


def flowing(text: str) -> str:
    """Return a text as one line; where Chinese was wrapped, nothing stands between the characters."""
    return " ".join(_WRAPPED_CJK.sub("", text).split())


def is_cjk(text: str) -> bool:
    """Tell whether a token or run is written in Chinese characters, kana or Hangul."""
    return _CJK_CHARACTER.match(text) is not None


def stem(word: str) -> str:
    """Return the English stem of a folded word, or the word itself if it is no English word."""
    return _stem_if_other(word) or word


@lru_cache(maxsize=_CACHED_WORDS)
def _stem_if_other(word: str) -> str:
    if len(word) < 3 or not (word.isascii() and word.isalpha()):
        return ""
    found = _stemmer().stemWord(word)
    return "" if found == word else found


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802  (the library's name)


@cache
def _stemmer() -> _Stemmer:
    import snowballstemmer

    stemmer: _Stemmer = snowballstemmer.stemmer("english")
    return stemmer


def _pairs(run: str, start: int) -> list[Token]:
    """Return the overlapping pairs of a run, and its last character alone."""
    places = [at for at, character in enumerate(run) if character != "\n"]
    pairs = [Token(run[a] + run[b], start + a, start + b + 1) for a, b in pairwise(places)]
    return [*pairs, Token(run[-1], start + len(run) - 1, start + len(run))]


@lru_cache(maxsize=_CACHED_WORDS)
def _fold(word: str) -> tuple[str, tuple[str, ...]]:
    """Return a word without case and accents, and the parts it is made of (none if it is made of one)."""
    plain = word if word.isascii() else _without_accents(word)
    parts = tuple(part.casefold() for part in _PART.findall(plain))
    folded = plain.casefold()
    return folded, () if parts == (folded,) else parts


def _without_accents(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", kept)


def _normalise(text: str) -> tuple[str, Sequence[int] | None]:
    """Return the text in NFKC and the offset that each character came from; None: the same offsets."""
    if text.isascii() or unicodedata.is_normalized("NFKC", text):
        return text, None
    normal: list[str] = []
    offsets: list[int] = []
    for match in _CLUSTER.finditer(text):
        replaced = _nfkc(match.group())
        normal.append(replaced)
        offsets.extend([match.start()] * len(replaced))
    return "".join(normal), [*offsets, len(text)]


@lru_cache(maxsize=_CACHED_WORDS)
def _nfkc(cluster: str) -> str:
    return unicodedata.normalize("NFKC", cluster)


def _moved(token: Token, offsets: Sequence[int]) -> Token:
    """Return the token with its offsets in the original text."""
    start = offsets[token.start]
    end = offsets[token.end]
    return Token(token.text, start, max(end, start + 1), token.parts)
