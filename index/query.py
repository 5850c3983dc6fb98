"""What a user typed, taken apart, and the FTS5 expressions made from it.  Pure; whatever is typed is safe.

    plain words         found in any order; those with all words first, then ranked by bm25
    "quoted phrase"     must stand there as it is, but for case, accents and the signs between its words
    one OR other        plain words: either counts as the word; with a quoted phrase among them one must stand there
    -word, -"a phrase"  must not stand there

How the text is cut is owned by `index.syntax`, what its filters mean by `index.fields`.  Only tokens of `index.tokens`
reach FTS5, each in double quotes, so no operator of its language can be typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, pairwise

from index.fields import filters_of
from index.filters import Filters
from index.syntax import NAMES, Group, Piece, groups, plain
from index.tokens import Token, is_cjk, scan, stem
from index.words import CHINESE_PARTICLES, CHINESE_QUESTIONS, ENGLISH
from timeline.clock import SystemClock, to_local
from timeline.errors import WrongUsage

Phrase = tuple[str, ...]
"""Tokens that follow each other."""

_EXACT_COLUMNS = "{body parts meta}"  # where words stand as written: stems are no proof of a phrase
_MOST_TERMS = 64  # of a text pasted in whole; FTS5 takes no expression of any length
LONGEST_IN_PAIRS = 6  # tokens: longer ones are questions, whose words stand in another order in the answer
PHRASE_TOKENS = range(3, 13)  # of a phrase that is remembered; one of two words is no phrase, a longer one a question
_LONGEST_NEARBY = 24  # tokens: what was pasted in whole need not stand there as one phrase


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that was asked for: any of its forms will do."""

    forms: tuple[Phrase, ...]
    word: str = ""
    """The token as it was typed; '' for several that were joined by OR."""

    @property
    def expression(self) -> str:
        """The term in the language of FTS5."""
        return _any(map(_quote, self.forms))


@dataclass(frozen=True, slots=True)
class Wish:
    """What passages are ranked by, in the language of FTS5: as one expression, and as the parts it is made of."""

    expression: str
    phrases: tuple[str, ...]
    """Of which each counts for itself."""
    musts: str
    """What must be there; '' for nothing."""
    unwanted: str
    """What must not; '' for nothing."""


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
    choices: tuple[tuple[Phrase, ...], ...] = ()
    """Of each, one must be there."""
    filters: Filters = Filters()
    """What the query says of time, application, title and address."""
    unfinished: Phrase = ()
    """A phrase that is being typed: what begins so must be there."""
    is_typed: bool = False
    """Whether it is still being typed."""
    open_word: str = ""
    """The word at its end of which more may come."""

    @property
    def has_words(self) -> bool:
        """Whether anything is looked for in the text; else the query only confines."""
        return bool(self.terms or self._musts)

    @property
    def every_word(self) -> str:
        """The FTS5 expression of what holds all that was asked for."""
        return self._but(_all([*self._musts, *(term.expression for term in self.terms)]))

    def wish(self, others: Iterable[Phrase] = ()) -> Wish:
        """Return what holds all phrases, and any word or one of the others."""
        forms = [form for term in self.terms for form in term.forms]
        wishes = _any([*(term.expression for term in self.terms), *map(_quote, [*self.nearby, *others])])
        if self._musts:
            must = _all(self._musts)
            wishes = _any([must, _all([must, wishes])]) if self.terms else must
        return self._wish(wishes, [*forms, *self.nearby, *others])

    def wish_alone(self, others: Sequence[Phrase]) -> Wish:
        """Return what holds all phrases and one of the others, whatever words it holds."""
        return self._wish(_all([*self._musts, _any(map(_quote, others))]), others)

    def _wish(self, expression: str, phrases: Iterable[Phrase]) -> Wish:
        every = [*map(_quote, phrases), *map(_exactly, [*self.phrases, *chain.from_iterable(self.choices)])]
        if self.unfinished:
            every.append(_exactly(self.unfinished, begins=True))
        unwanted = self.unwanted if self.without else ""
        return Wish(self._but(expression), tuple(dict.fromkeys(every)), self.musts, unwanted)

    @property
    def as_phrase(self) -> Phrase:
        """The plain words as they follow each other, when they may be a phrase that somebody remembers; else ()."""
        whole = self.nearby[0] if self.nearby else ()
        return whole if PHRASE_TOKENS.start <= len(whole) < PHRASE_TOKENS.stop else ()

    @property
    def without_phrase(self) -> Query:
        """The query that does not want its words as the one phrase that they are: it stands nowhere."""
        return replace(self, nearby=tuple(one for one in self.nearby if one != self.as_phrase))

    @property
    def by_pairs(self) -> Query:
        """The query that wants its words beside each other two by two too: what is left of a phrase that was misread.

        Two words that say nothing make no pair, they stand beside each other everywhere.
        """
        telling = {form for term in self.terms for (form, *more) in term.forms if not more}
        pairs = [pair for near in self.nearby[:1] for pair in pairwise(near) if telling.intersection(pair)]
        if not self.nearby or len(self.nearby[0]) > LONGEST_IN_PAIRS:
            return self
        return replace(self, nearby=tuple(dict.fromkeys([*self.nearby, *pairs])))

    @property
    def musts(self) -> str:
        """The FTS5 expression of all phrases and choices; '' when there is none."""
        return _all(self._musts) if self._musts else ""

    def completed(self, wholes: Iterable[str]) -> Query:
        """Return the query with its open word as any of the words that begin so."""
        begun = [term for term in self.terms if term.word == self.open_word]
        forms = [form for term in begun for form in term.forms] or [(self.open_word,)]
        term = Term(tuple(dict.fromkeys([*forms, *((whole,) for whole in wholes)])))
        return replace(self, terms=(*(one for one in self.terms if one not in begun), term), nearby=(), open_word="")

    @property
    def unwanted(self) -> str:
        """The FTS5 expression of what holds anything that was excluded."""
        return _any(map(_exactly, self.without))

    @property
    def _musts(self) -> list[str]:
        either = [_any(map(_exactly, choice)) for choice in self.choices]
        begun = [_exactly(self.unfinished, begins=True)] if self.unfinished else []
        return [*map(_exactly, self.phrases), *either, *begun]

    def _but(self, expression: str) -> str:
        return f"{expression} NOT {self.unwanted}" if self.without else expression


def parse(text: str, now: datetime | None = None, *, unfinished: bool = False) -> Query:
    """Return a query taken apart; its times are counted from `now`, by default the clock's.

    `unfinished`: it is being typed, so that nothing in it is an error yet, and it may hold no word.
    Raises WrongUsage for what cannot be understood, and when there is no word to look for and no filter either.
    """
    moment = now or to_local(SystemClock().now_us())
    cut = groups(text, unfinished=unfinished)
    confining = [group for group in cut if group[0].key is not None]
    asked = [group for group in cut if group[0].key is None]
    try:
        filters = filters_of(confining, moment)
    except WrongUsage:
        if not unfinished:
            raise
        filters = filters_of([one for one in confining if one[0].key in NAMES and one[0].text], moment)
    query = replace(_of_groups(asked), filters=filters)
    if unfinished:
        return replace(query, is_typed=True, open_word=_open_word(text, cut))
    if not query.has_words and not filters.confines:
        raise WrongUsage(_NOTHING_BUT_WITHOUT if query.without or filters.names else _NO_WORD)
    return query


def question(text: str) -> Query:
    """Return a text taken apart as words and closed quotes alone: for what is asked in sentences.

    Raises WrongUsage when it holds no word to look for.
    """
    query = _of_groups(plain(text))
    if not query.has_words:
        raise WrongUsage(_NO_WORD)
    return query


def _open_word(text: str, every: Sequence[Group]) -> str:
    """Return the token at the end of a text of which more may come; '' when there is none.

    A Chinese character at the end is held by the pair before it, and one alone is a beginning already.
    """
    last = every[-1][-1] if every and len(every[-1]) == 1 else Piece("")
    tokens = scan(text)
    if last != Piece(last.text) or not tokens or tokens[-1].end != len(text) or is_cjk(tokens[-1].text):
        return ""
    return tokens[-1].text


_NO_WORD = "The query holds no word to look for: type a word, a number or a Chinese character."
_NOTHING_BUT_WITHOUT = "The query holds no word to look for, only what to leave out: add what to find."


def _of_groups(every: Sequence[Group]) -> Query:
    """Return the query of groups of words and phrases."""
    single = [group[0] for group in every if len(group) == 1]
    wanted = [piece for piece in single if not piece.no]
    words = [piece.text for piece in wanted if not piece.quoted]
    phrases = _phrases(piece.text for piece in wanted if piece.quoted and not piece.unfinished)
    begun = [phrase(piece.text) for piece in wanted if piece.unfinished]
    soft, choices = _joined([group for group in every if len(group) > 1])
    terms = _terms(words, telling=True) + soft
    if not terms and not phrases and not choices:
        terms = _terms(words, telling=False)
    return Query(
        said=" ".join(piece.text for group in every for piece in group if not piece.no),
        terms=terms[:_MOST_TERMS],
        phrases=phrases,
        nearby=_nearby(words),
        without=_phrases(piece.text for piece in single if piece.no),
        choices=choices,
        unfinished=begun[-1] if begun else (),
    )


def _joined(every: Iterable[Group]) -> tuple[tuple[Term, ...], tuple[tuple[Phrase, ...], ...]]:
    """Return what OR joins: plain words as one term, and as choices those with a quoted phrase among them."""
    soft: list[Term] = []
    choices: list[tuple[Phrase, ...]] = []
    for group in every:
        either = _phrases(piece.text for piece in group)
        if any(piece.quoted for piece in group) and either:
            choices.append(either)
        elif either:
            stems = [(stem(one[0]),) for one in either if len(one) == 1]
            soft.append(Term(tuple(dict.fromkeys([*either, *stems]))))
    return tuple(soft), tuple(choices)


def _nearby(words: Sequence[str]) -> tuple[Phrase, ...]:
    return tuple(one for one in _phrases([" ".join(words), *words]) if 1 < len(one) <= _LONGEST_NEARBY)


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
    return Term(tuple(dict.fromkeys(form for form in forms if form)), token.text)


def _tells(token: Token) -> bool:
    return token.text not in ENGLISH and not set(token.text) <= CHINESE_PARTICLES


def _is_tail(token: Token, before: Token | None) -> bool:
    """Tell whether a token is the last character of a Chinese run, which the pair before it holds."""
    return before is not None and is_cjk(token.text) and len(token.text) == 1 and before.end == token.end


def _quote(tokens: Phrase, *, begins: bool = False) -> str:
    """Return a phrase in the language of FTS5.

    One Chinese character at its end is the beginning of a pair, wherever more of its run follows.
    """
    alone = len(tokens[-1]) == 1 and is_cjk(tokens[-1])
    return f'"{" ".join(tokens)}"' + (" *" if begins or alone else "")


def _exactly(tokens: Phrase, *, begins: bool = False) -> str:
    return f"{_EXACT_COLUMNS} : {_quote(tokens, begins=begins)}"


def _any(expressions: Iterable[str]) -> str:
    return f"({' OR '.join(expressions)})"


def _all(expressions: Iterable[str]) -> str:
    return f"({' AND '.join(expressions)})"
