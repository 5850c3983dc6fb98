"""What a user typed, taken apart, and the FTS5 expressions made from it.  Pure; whatever is typed is safe.

    plain words         found in any order; those with all words first, then ranked by bm25
    "quoted phrase"     must stand there as it is, but for case, accents and the signs between its words
    -word, -"a phrase"  must not stand there

Only tokens of `index.tokens` reach FTS5, each in double quotes, so no operator of its language can be typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from index.tokens import Token, is_cjk, scan, stem
from index.words import CHINESE_PARTICLES, CHINESE_QUESTIONS, ENGLISH
from timeline.errors import WrongUsage

Phrase = tuple[str, ...]
"""Tokens that follow each other."""

# Straight, typographic and Chinese quotes; one that is never closed counts for nothing.
_PIECE = re.compile(r'(?P<no>(?<!\S)[-－](?=[^\s-]))?(?:["“”「](?P<quoted>[^"“”」]+)["“”」]|(?P<plain>[^\s"“”「」]+))')
_EXACT_COLUMNS = "{body parts meta}"  # where words stand as written: stems are no proof of a phrase
_MOST_TERMS = 64  # of a text pasted in whole; FTS5 takes no expression of any length
_LONGEST_NEARBY = 24  # tokens: what was pasted in whole need not stand there as one phrase


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that was asked for: any of its forms will do."""

    forms: tuple[Phrase, ...]

    @property
    def expression(self) -> str:
        """The term in the language of FTS5; one Chinese character is looked for as the beginning of a pair."""
        [first, *_] = self.forms[0]
        if len(first) == 1 and is_cjk(first):
            return f"{_quote((first,))} *"
        return _any(map(_quote, self.forms))


@dataclass(frozen=True, slots=True)
class Query:
    """A query taken apart."""

    said: str
    """What was asked without what was excluded: the text whose meaning is compared."""
    terms: tuple[Term, ...]
    phrases: tuple[Phrase, ...]
    """Each must be there."""
    nearby: tuple[Phrase, ...]
    """Plain words in the order they were typed: a text in which they stand so is better."""
    without: tuple[Phrase, ...]

    @property
    def every_word(self) -> str:
        """The FTS5 expression of what holds all that was asked for."""
        wanted = [*map(_exactly, self.phrases), *(term.expression for term in self.terms)]
        return self._but(_all(wanted))

    @property
    def any_word(self) -> str:
        """The FTS5 expression of what holds all phrases and any word; its bm25 is the rank."""
        wishes = _any([*(term.expression for term in self.terms), *map(_quote, self.nearby)])
        if not self.phrases:
            return self._but(wishes)
        must = _all(map(_exactly, self.phrases))
        return self._but(_any([must, _all([must, wishes])]) if self.terms else must)

    @property
    def unwanted(self) -> str:
        """The FTS5 expression of what holds anything that was excluded."""
        return _any(map(_exactly, self.without))

    def _but(self, expression: str) -> str:
        return f"{expression} NOT {self.unwanted}" if self.without else expression


def parse(text: str) -> Query:
    """Return a query taken apart.  Raises WrongUsage when it holds no word to look for."""
    pieces = list(_PIECE.finditer(text))
    wanted = [piece for piece in pieces if not piece["no"]]
    plain = [piece["plain"] for piece in wanted if piece["plain"]]
    phrases = _phrases(piece["quoted"] for piece in wanted if piece["quoted"])
    terms = _terms(plain, telling=True)
    if not terms and not phrases:
        terms = _terms(plain, telling=False)
    if not terms and not phrases:
        raise WrongUsage("The query holds no word to look for: type a word, a number or a Chinese character.")
    return Query(
        said=" ".join(piece["quoted"] or piece["plain"] for piece in wanted),
        terms=terms,
        phrases=phrases,
        nearby=tuple(one for one in _phrases([" ".join(plain), *plain]) if 1 < len(one) <= _LONGEST_NEARBY),
        without=_phrases(piece["quoted"] or piece["plain"] for piece in pieces if piece["no"]),
    )


def phrase(words: str) -> Phrase:
    """Return the tokens of a phrase; its last character is held by the last pair and may be followed by another."""
    tokens = scan(words)
    if len(tokens) > 1 and _is_tail(tokens[-1], tokens[-2]):
        tokens.pop()
    return tuple(token.text for token in tokens)


def _phrases(texts: Iterable[str]) -> tuple[Phrase, ...]:
    found = dict.fromkeys(map(phrase, texts))
    return tuple(one for one in found if one)


def _terms(texts: Iterable[str], *, telling: bool) -> tuple[Term, ...]:
    """Return what to look for in plain words; `telling` leaves out words that say nothing by themselves."""
    terms: list[Term] = []
    for text in texts:
        tokens = scan(CHINESE_QUESTIONS.sub(" ", text) if telling else text)
        whole = [token for token, before in zip(tokens, [None, *tokens], strict=False) if not _is_tail(token, before)]
        terms.extend(_term(token) for token in whole if not telling or _tells(token))
    return tuple(dict.fromkeys(terms))[:_MOST_TERMS]


def _term(token: Token) -> Term:
    forms = [(stem(token.text),), (token.text,), token.parts]
    return Term(tuple(dict.fromkeys(form for form in forms if form)))


def _tells(token: Token) -> bool:
    return token.text not in ENGLISH and not set(token.text) <= CHINESE_PARTICLES


def _is_tail(token: Token, before: Token | None) -> bool:
    """Tell whether a token is the last character of a Chinese run, which the pair before it holds."""
    return before is not None and is_cjk(token.text) and len(token.text) == 1 and before.end == token.end


def _quote(tokens: Phrase) -> str:
    return f'"{" ".join(tokens)}"'


def _exactly(tokens: Phrase) -> str:
    [first, *more] = tokens
    prefix = " *" if is_cjk(first) and len(first) == 1 and not more else ""
    return f"{_EXACT_COLUMNS} : {_quote(tokens)}{prefix}"


def _any(expressions: Iterable[str]) -> str:
    return f"({' OR '.join(expressions)})"


def _all(expressions: Iterable[str]) -> str:
    return f"({' AND '.join(expressions)})"
