"""A question and a model: rounds of looking up and replying, within bounds, until there is a proved text.

Owns how many rounds and tokens one question may cost, what is sent again when a model reads less than was sent, and
that nothing of a reply goes on unproved.  Called by answer.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from assistant import prompt
from assistant.endpoint import Endpoint, Message, PromptTooLong, Reply, ToolCall, estimate_tokens
from assistant.evidence import Evidence
from assistant.proof import Prover
from assistant.question import Question
from assistant.sentences import Sentence, Sentences
from assistant.tools import DESCRIPTIONS, Tools

MOST_ROUNDS = 3  # of looking up; the reply after them is the last
MOST_TOKENS = 20_000  # of all prompts of one question; near it nothing more is looked up
MOST_FOUND_CHARS = 3_000  # of what one call found
MOST_REPLY_CHARS = 20_000
MOST_SENTENCES = 40

OnText = Callable[[str], None]


@dataclass
class Told:
    """What became of a model's replies: the proved text, all that was heard, and the tokens of all rounds."""

    text: str = ""
    heard: list[str] = field(default_factory=list)
    prompt_tokens: int = 0
    completion_tokens: int = 0


@dataclass
class Rounds:
    """The rounds of one question; `prover` and `tools` share one list of evidence."""

    endpoint: Endpoint
    question: Question
    tools: Tools
    prover: Prover
    on_text: OnText | None = None
    told: Told = field(default_factory=Told)

    def __post_init__(self) -> None:
        self._room_chars = self.endpoint.most_chars or prompt.MOST_CHARS
        self._planned = len(self.tools.evidence)
        self._looked_up = 0

    def run(self) -> Told:
        """Return what was told.  Raises EndpointFailed."""
        messages = self._opening()
        while True:
            reply = self.endpoint.ask(messages, DESCRIPTIONS if self._may_look_up(messages) else ())
            try:
                said = self._listen(reply)
            except PromptTooLong as error:
                messages = self._shortened(error)
                continue
            if not reply.calls:
                return self.told
            self._looked_up += 1
            messages = [*messages, Message("assistant", said, reply.calls), *map(self._answered, reply.calls)]

    def _opening(self) -> list[Message]:
        """Return the first messages, with what was looked up before the evidence of the plan."""
        evidence = [*self.tools.evidence[self._planned :], *self.tools.evidence[: self._planned]]
        rules, asked = prompt.messages(self.question, evidence, self.tools.now, self._room_chars)
        may = self.endpoint.takes_tools and self._looked_up < MOST_ROUNDS
        return [Message("system", f"{rules.content}\n{prompt.MAY_LOOK_UP}") if may else rules, asked]

    def _may_look_up(self, messages: list[Message]) -> bool:
        size = sum(estimate_tokens(each.content) for each in messages)
        within = self.told.prompt_tokens + 2 * size + MOST_FOUND_CHARS < MOST_TOKENS
        return self.endpoint.takes_tools and self._looked_up < MOST_ROUNDS and within

    def _shortened(self, error: PromptTooLong) -> list[Message]:
        """Return the first messages with less evidence.  Raises the error when less would prove nothing."""
        room_chars = prompt.shorter(self._room_chars, error.context_tokens)
        if room_chars is None:
            raise error
        self._room_chars = self.endpoint.most_chars = room_chars
        self._looked_up = MOST_ROUNDS  # there is no room for more than was found
        return self._opening()

    def _listen(self, reply: Reply) -> str:
        """Return a reply's words, and add what is proved of them; it goes to `on_text` as soon as it is."""
        before = len(self.told.heard)
        for sentence in _sentences(reply, self.told.heard):
            proved = self.prover.prove(sentence)
            if proved is None:
                continue
            piece = proved if not self.told.text else ("\n" if sentence.new_line else " ") + proved
            self.told.text += piece
            if self.on_text is not None:
                self.on_text(piece)
        self.told.prompt_tokens += reply.prompt_tokens
        self.told.completion_tokens += reply.completion_tokens
        return "".join(self.told.heard[before:])

    def _answered(self, call: ToolCall) -> Message:
        found = self.tools.call(call)
        self.prover.computed = self.tools.computed
        if isinstance(found, str):
            return Message("tool", found, call_id=call.id)
        return Message("tool", prompt.found(*found, MOST_FOUND_CHARS), call_id=call.id)


def rounds(endpoint: Endpoint, question: Question, tools: Tools, on_text: OnText | None = None) -> tuple[Told, Prover]:
    """Return what a model told about a question, and the prover that holds its citations."""
    evidence: list[Evidence] = tools.evidence
    prover = Prover(question, evidence, tools.now, tools.zone)
    return Rounds(endpoint, question, tools, prover, on_text).run(), prover


def _sentences(reply: Reply, heard: list[str]) -> Iterator[Sentence]:
    """Yield the sentences of a reply as they are completed, and add to `heard`; one that does not end is left."""
    waiting, chars, count = Sentences(), 0, 0
    pieces = iter(reply)
    try:
        for piece in pieces:
            heard.append(piece)
            chars += len(piece)
            ready = waiting.feed(piece)
            count += len(ready)
            yield from ready
            if chars > MOST_REPLY_CHARS or count > MOST_SENTENCES:
                return
        yield from waiting.rest()
    finally:
        pieces.close()
