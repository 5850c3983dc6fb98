"""`dayreel ask`: answer a question about what was on the screen, each statement with its proof."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from assistant.answer import Answer
from assistant.endpoint import Endpoint
from assistant.question import Question
from dayreel import answering, shapes
from dayreel.asking import agrees
from dayreel.context import Context
from dayreel.conversing import converse
from dayreel.store import Store
from timeline.clock import at_offset
from timeline.errors import NothingFound, WrongUsage


def run(context: Context, options: argparse.Namespace) -> int:
    """Answer, or say that the record holds no answer and why; without a question, converse."""
    if options.question is None and sys.stdin.isatty() and not context.as_json:
        return _converse(context, options)
    if not (options.question or "").strip():
        raise WrongUsage("Ask something: the question is empty.")
    try:
        with Store.open(context.home, context.settings) as store:
            endpoints = _endpoints(context, options)
            answer = answering.ask(store, context.clock, endpoints, options.question, _talk(context))
    except NothingFound as nothing:
        answer = Answer(str(nothing), (), None, None, None, 0, 0)
    if context.as_json:
        context.data(shapes.answer(answer))
    else:
        show(context, answer)
    return 0 if answer.citations else NothingFound.exit_code


def _converse(context: Context, options: argparse.Namespace) -> int:
    with Store.open(context.home, context.settings) as store:
        endpoints = _endpoints(context, options)

        def ask(question: str, on_text: Callable[[str], None], previous: Question | None) -> Answer:
            return answering.ask(store, context.clock, endpoints, question, _talk(context), on_text, previous)

        converse(ask, lambda answer: show_proof(context, answer))
    return 0


def _endpoints(context: Context, options: argparse.Namespace) -> list[Endpoint]:
    """Return the endpoints that may be asked; that there are none, or why not, is told."""
    if options.no_llm:
        return []
    endpoints = answering.endpoints_of(context.settings.assistant, options.model)
    talk = _talk(context)
    if not endpoints:
        talk(answering.why_no_endpoint(context.settings.assistant))
    return answering.that_may_be_asked(context.home, endpoints, talk, lambda one: options.yes or _agrees(one))


def _talk(context: Context) -> Callable[[str], None]:
    return lambda text: context.talk(f"dayreel: {text}")


def _agrees(endpoint: Endpoint) -> bool:
    """Ask whether text of the screen may go to a host that is not this machine; nobody there is no."""
    return sys.stdin.isatty() and agrees(
        f"To be answered, the question and text of your screen go to {endpoint.host}. Send them, now and later?"
    )


def show(context: Context, answer: Answer) -> None:
    """Print an answer and its citations for a person."""
    context.say(answer.answer)
    show_proof(context, answer)


def show_proof(context: Context, answer: Answer) -> None:
    """Print the citations of an answer for a person."""
    for number, one in enumerate(answer.citations, 1):
        when = at_offset(one.start_us, one.offset_s).strftime("%Y-%m-%d %H:%M:%S")
        where = " · ".join(part for part in (one.window.app, one.window.title) if part)
        context.say(f"  [{number}] {when}  {where}")
        quote = " ".join(one.quote.split())
        if quote.strip("•-* ") not in answer.answer:
            context.say(f"      “{quote}”")
