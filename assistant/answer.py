"""Questions to answers with proof: the one entrance to this room.

Owns the order of things: understand, gather, ask the model if there is one, prove, and say honestly when nothing is
left.  Never shows a word of a model that was not proved.  Called by the command line and the terminal interface.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from assistant import prompt, record
from assistant.conversation import follow_up
from assistant.endpoint import Endpoint
from assistant.evidence import Evidence, gather
from assistant.proof import Citation
from assistant.question import Question
from assistant.rounds import OnText, rounds
from assistant.tools import Tools
from index.search import Searcher
from timeline.clock import Clock, to_local
from timeline.errors import WrongUsage
from timeline.model import Interval
from timeline.reader import Reader

__all__ = ["Answer", "Assistant", "Citation"]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; `[1]` in its text stands for the first citation.  Without citations the record holds none.

    `interval` is what a time phrase was understood as; `model` and `endpoint` are None when the record alone answered.
    `unproved` when a model replied with more than that there is no answer, or with nothing, and none of it could be
    proved: then the record alone may still answer, and nothing was given to `on_text`.
    """

    answer: str
    citations: tuple[Citation, ...]
    interval: Interval | None
    model: str | None
    endpoint: str | None
    prompt_tokens: int
    completion_tokens: int
    unproved: bool = False
    asked: Question | None = None
    """The question as it was understood, which a next one may follow."""


class Assistant:
    """Answers questions about one timeline; one thread at a time, as its reader and searcher."""

    def __init__(
        self,
        reader: Reader,
        searcher: Searcher,
        clock: Clock,
        endpoint: Endpoint | None = None,
        zone: tzinfo | None = None,
        week_start: int = 0,
    ) -> None:
        self._reader = reader
        self._searcher = searcher
        self._clock = clock
        self._endpoint = endpoint
        self._zone = zone
        self._week_start = week_start

    def ask(self, question: str, on_text: OnText | None = None, previous: Question | None = None) -> Answer:
        """Return the answer to a question; `on_text` gets each sentence once it is proved, and may raise to give up.

        After a `previous` one it keeps the time and the subject that it does not name itself.
        Raises WrongUsage when the question has no words, EndpointFailed when the model does not answer; an Assistant
        without endpoint always does.
        """
        if not re.search(r"[^\W_]", question):
            raise WrongUsage("The question has no words; ask for example: what did I do yesterday afternoon?")
        now = to_local(self._clock.now_us(), self._zone)
        asked = follow_up(question, previous, now, self._zone, self._week_start)
        if self._endpoint is None:
            # Only passages that hold the question's words count there: no model of meanings need be loaded for them.
            return self._from_record(asked, gather(asked, self._reader, self._searcher, "text"), on_text)
        evidence = gather(asked, self._reader, self._searcher)
        if not evidence:
            return self._from_record(asked, evidence, on_text)
        return self._from_model(self._endpoint, asked, evidence, on_text)

    def _from_record(self, question: Question, evidence: Sequence[Evidence], on_text: OnText | None) -> Answer:
        made = record.answer(question, evidence, self._reader, self._zone)
        if on_text is not None:
            on_text(made.text)
        return Answer(made.text, tuple(made.citations), _interval(question), None, None, 0, 0, asked=question)

    def _from_model(
        self, endpoint: Endpoint, question: Question, evidence: Sequence[Evidence], on_text: OnText | None
    ) -> Answer:
        now = to_local(self._clock.now_us(), self._zone)
        tools = Tools(self._reader, self._searcher, list(evidence), now, self._zone)
        told, prover = rounds(endpoint, question, tools, on_text)
        text = told.text
        unproved = not text and not prompt.says_no_answer("".join(told.heard))
        if not text:
            text = record.no_answer(question, self._reader, self._zone)
            if on_text is not None and not unproved:
                on_text(text)
        return Answer(
            text,
            tuple(prover.citations),
            _interval(question),
            endpoint.model,
            endpoint.host,
            told.prompt_tokens,
            told.completion_tokens,
            unproved,
            question,
        )


def _interval(question: Question) -> Interval | None:
    return question.phrase.interval if question.phrase is not None else None
