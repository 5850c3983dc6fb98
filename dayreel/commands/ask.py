"""`dayreel ask`: answer a question about what was on the screen, each statement with its proof."""

from __future__ import annotations

import argparse

from assistant.answer import Answer
from dayreel import answering, shapes
from dayreel.context import Context
from dayreel.store import Store
from timeline.clock import at_offset
from timeline.errors import NothingFound, WrongUsage


def run(context: Context, options: argparse.Namespace) -> int:
    """Answer, or say that the record holds no answer and why."""
    if not options.question.strip():
        raise WrongUsage("Ask something: the question is empty.")
    try:
        with Store.open(context.home, context.settings) as store:
            answer = _ask(context, options, store)
    except NothingFound as nothing:
        answer = Answer(str(nothing), (), None, None, None, 0, 0)
    if context.as_json:
        context.data(shapes.answer(answer))
    else:
        show(context, answer)
    return 0 if answer.citations else NothingFound.exit_code


def _ask(context: Context, options: argparse.Namespace, store: Store) -> Answer:
    endpoint = None
    if not options.no_llm:
        endpoint = answering.endpoint_of(context.settings.assistant, options.model)
        if endpoint is None:
            context.talk(f"dayreel: {answering.why_no_endpoint(context.settings.assistant)}")
    return answering.ask(
        store, context.clock, endpoint, options.question, lambda text: context.talk(f"dayreel: {text}")
    )


def show(context: Context, answer: Answer) -> None:
    """Print an answer and its citations for a person."""
    context.say(answer.answer)
    for number, one in enumerate(answer.citations, 1):
        when = at_offset(one.start_us, one.offset_s).strftime("%Y-%m-%d %H:%M:%S")
        where = " · ".join(part for part in (one.window.app, one.window.title) if part)
        context.say(f"  [{number}] {when}  {where}")
        quote = " ".join(one.quote.split())
        if quote.strip("•-* ") not in answer.answer:
            context.say(f"      “{quote}”")
