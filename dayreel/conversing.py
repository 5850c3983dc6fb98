"""A conversation in the terminal: `dayreel ask` without a question.

Owns the prompt and what each question follows.  What was typed is kept in memory only, for the arrow keys, and is gone
at the end: it tells as much as the record does.  Called by `dayreel.commands.ask`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from assistant.answer import Answer
from assistant.question import Question
from timeline.errors import DayreelError

PROMPT = "? "
GREETING = "Ask what was on the screen; what follows may be short (“and the day before?”, “那前天呢”). Ctrl-D ends."
GIVEN_UP = "Given up."

Ask = Callable[[str, Callable[[str], None], Question | None], Answer]
"""From a question, what gets each sentence, and the question before, to the answer."""
Show = Callable[[Answer], None]


def converse(ask: Ask, show_proof: Show) -> int:
    """Answer questions until the input ends; return how many were asked.

    Ctrl-C gives up the answer that is being waited for, or the line that is being typed.
    """
    _arrow_keys()
    _tell(GREETING)
    previous: Question | None = None
    count = 0
    while True:
        try:
            question = input(PROMPT).strip()
            if question:
                count += 1
                previous = _answered(question, previous, ask, show_proof) or previous
        except EOFError:
            _tell("")
            return count
        except KeyboardInterrupt:
            _tell("")


def _answered(question: str, previous: Question | None, ask: Ask, show_proof: Show) -> Question | None:
    """Answer one question and return it as it was understood; what goes wrong is told."""
    try:
        answer = ask(question, _say, previous)
    except KeyboardInterrupt:
        _tell(f"\n{GIVEN_UP}")
        return None
    except DayreelError as error:
        _tell(str(error))
        return None
    _say("\n")
    show_proof(answer)
    return answer.asked


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _arrow_keys() -> None:
    """Give the prompt its history and editing; where Python came without readline it has none."""
    try:
        import readline
    except ImportError:
        return
    readline.clear_history()
