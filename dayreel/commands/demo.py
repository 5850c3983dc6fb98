"""`dayreel demo`: take a short recorded day into a home of its own and show what can be found in it."""

from __future__ import annotations

import argparse
from dataclasses import replace

from dayreel import answering, shapes
from dayreel.commands.ask import show as show_answer
from dayreel.commands.search import show_hits
from dayreel.context import Context
from dayreel.demo.tour import TOUR
from dayreel.progress import progress
from dayreel.store import Store
from dayreel.taking_in import read_what_waits, take_in
from timeline.clock import FixedClock, to_us
from timeline.home import Home

SHOWN_HITS = 2  # of each search: enough to see the shape of an answer


def run(context: Context, options: argparse.Namespace) -> int:
    """Take the bundled recording in (once), then search it and ask it; asks no model."""
    named = getattr(options, "home", None) is not None  # never mixed into the user's own memory
    home = context.home if named else Home(context.home.root.with_name(context.home.root.name + "-demo"))
    tour = replace(context, home=home, clock=FixedClock(to_us(TOUR.now)))
    context.talk(f"A short recorded day of two days in March 2026 is taken into {home.root}.")
    with progress("taking in") as advance:
        take_in(home, [TOUR.recording], advance)
    with progress("reading") as advance:
        read_what_waits(home, context.settings, advance)
    with Store.open(home, context.settings) as store:
        results = [_search(tour, store, query) for query in TOUR.searches]
        results += [_ask(tour, store, question) for question in TOUR.questions]
    if context.as_json:
        context.data(results)
    else:
        now = TOUR.now.isoformat(timespec="minutes")
        context.say(f"\nLook around yourself: dayreel --home {home.root} --now {now}")
    return 0


def _search(context: Context, store: Store, query: str) -> shapes.Json:
    hits = store.searcher.search(query, limit=SHOWN_HITS)
    if not context.as_json:
        context.say(f'\n$ dayreel search "{query}"')
        show_hits(context, hits)
    return {"search": query, "hits": [shapes.hit(hit) for hit in hits]}


def _ask(context: Context, store: Store, question: str) -> shapes.Json:
    answer = answering.ask(store, context.clock, [], question, context.talk)
    if not context.as_json:
        context.say(f'\n$ dayreel ask "{question}"')
        show_answer(context, answer)
    return {"ask": question, "answer": shapes.answer(answer)}
