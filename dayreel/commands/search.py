"""`dayreel search`: find what was on the screen."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from dayreel import shapes
from dayreel.context import Context
from dayreel.store import Store
from dayreel.times import interval_of
from dayreel.upgrading import bring_index_up, index_is_older
from dayreel.watching import watch
from index.query import Query, parse, question
from index.search import Filters, Hit, Searcher
from timeline.clock import at_offset, to_local
from timeline.errors import NothingFound, WrongUsage

TOO_BROAD = (
    "More passages match than can be ranked in time, so the newest of them went first: "
    'a rarer word, a "phrase", app: or on: narrows it down.'
)


def run(context: Context, options: argparse.Namespace) -> int:
    """Search once, or once for each line of --queries."""
    if (options.query is None) == (options.queries is None):
        raise WrongUsage("Say what to search: one QUERY, or --queries FILE.")
    if options.watch and options.queries is not None:
        raise WrongUsage("--watch waits for one QUERY: leave out --queries, or start one search for each.")
    bounded = options.since is not None or options.until is not None
    interval = interval_of(context, options.since, options.until) if bounded else None
    filters = Filters(interval, options.app, options.title)
    if options.queries is not None:
        return _run_all(context, options, filters)
    query = parse(options.query, _now(context))
    if options.watch:
        return watch(context, query, filters)
    try:
        with Store.open(context.home, context.settings) as store:
            searcher = _searcher(store)
            hits = searcher.search(query, filters, options.limit, options.mode)
        if searcher.was_bounded:
            context.talk(TOO_BROAD)
        if not hits:
            context.talk("Nothing was found.")
    except NothingFound as nothing:
        hits = []
        context.talk(f"dayreel: {nothing}")
    if context.as_json:
        context.data([shapes.hit(hit) for hit in hits])
    elif hits:
        show_hits(context, hits)
    return 0 if hits else NothingFound.exit_code


def _searcher(store: Store) -> Searcher:
    """Return the searcher of a store, an index that an older version has left being brought up before."""
    searcher = store.searcher
    if index_is_older(store.home, store.key):
        bring_index_up(store.home, store.key)
    return searcher


def _run_all(context: Context, options: argparse.Namespace, filters: Filters) -> int:
    queries = _queries(options.queries)
    with ExitStack() as stack:
        searcher: Searcher | None = None
        try:
            searcher = _searcher(stack.enter_context(Store.open(context.home, context.settings)))
        except NothingFound as nothing:
            context.talk(f"dayreel: {nothing}")
        for query in queries:
            hits = _found(context, searcher, query, filters, options)
            sys.stdout.write(json.dumps([shapes.hit(hit) for hit in hits], ensure_ascii=False) + "\n")
            sys.stdout.flush()
    return 0


def _found(
    context: Context, searcher: Searcher | None, query: str, filters: Filters, options: argparse.Namespace
) -> list[Hit]:
    if searcher is None:
        return []
    try:
        return searcher.search(_read(context, query), filters, options.limit, options.mode)
    except (NothingFound, WrongUsage):  # one line that asks for nothing must not end the others
        return []


def _read(context: Context, query: str) -> Query:
    """Return one of many queries taken apart; one that is no proper query is read as a text."""
    try:
        return parse(query, _now(context))
    except WrongUsage:
        return question(query)


def _now(context: Context) -> datetime:
    return to_local(context.clock.now_us())


def _queries(name: str) -> Iterable[str]:
    if name == "-":
        return (line.rstrip("\n") for line in sys.stdin)
    try:
        return Path(name).read_text(encoding="utf-8").removesuffix("\n").split("\n")
    except UnicodeDecodeError as error:
        raise WrongUsage(f"The queries in {name} cannot be read: the file is not UTF-8.") from error
    except OSError as error:
        raise WrongUsage(f"The queries in {name} cannot be read: {error.strerror}.") from error


def show_hits(context: Context, hits: list[Hit]) -> None:
    """Print results for a person."""
    for hit in hits:
        start = at_offset(hit.start_us, hit.offset_s).strftime("%Y-%m-%d %H:%M:%S")
        end = at_offset(hit.end_us, hit.offset_s).strftime("%H:%M:%S")
        where = " · ".join(part for part in (hit.window.app, hit.window.title) if part)
        context.say(f"{start} - {end}  {where}")
        context.say("    " + " ".join(hit.snippet.split()))
