"""What `dayreel day` and `dayreel week` share: the days that are meant, the digest, its language, the ways to print it.

Owns no adding up (assistant.digest) and no words of a digest (assistant.digest_text).
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray

from assistant.categories import Categories, Embed, categories_of
from assistant.digest import Digest, digest
from assistant.digest_text import lines_of, markdown_of
from assistant.question import Language
from dayreel.context import Context
from dayreel.embedders import embedder_factory
from dayreel.shapes import Json
from dayreel.store import Store
from timeline.clock import to_local, to_us
from timeline.errors import NothingFound, WrongUsage
from timeline.languages import language_named
from timeline.model import Interval
from timeline.phrases import parse_when

Shape = Callable[[Digest, Categories, Language], Json]


def tell(context: Context, options: argparse.Namespace, interval: Interval, shape: Shape) -> int:
    """Print what an interval was spent on, as JSON, Markdown or lines; 3 when nothing was recorded then."""
    if context.as_json and options.markdown:
        raise WrongUsage("--json and --markdown exclude each other: say one of them.")
    language = language_of(options.language)
    try:
        with Store.open(context.home, context.settings) as store:
            categories = categories_of(store.reader, _embed(context))
            found = digest(store.reader, interval, categories)
            _print(context, options, found, categories, language, shape)
    except NothingFound as nothing:
        context.talk(f"dayreel: {nothing}")
        found = Digest(interval, 0, (), {}, {}, {}, (), (), ())
        if context.as_json:
            context.data(shape(found, Categories(), language))
    return 0 if found.active_us else NothingFound.exit_code


def _print(
    context: Context,
    options: argparse.Namespace,
    found: Digest,
    categories: Categories,
    language: Language,
    shape: Shape,
) -> None:
    if context.as_json:
        context.data(shape(found, categories, language))
    elif options.markdown:
        context.say(markdown_of(found, categories, language).rstrip("\n"))
    else:
        for line in lines_of(found, categories, language):
            context.say(line)


def language_of(asked: str | None, environment: Mapping[str, str] = os.environ) -> Language:
    """Return the language that was asked for, else that of the locale."""
    return language_named(asked, environment)


def day_of(context: Context, said: str | None) -> date:
    """Return the local day that DATE names, today without one.  Raises WrongUsage when it is no time."""
    now = to_local(context.clock.now_us())
    return now.date() if said is None else to_local(parse_when(said, now).start_us).date()


def whole_days(first: date, count: int) -> Interval:
    """Return whole local days."""
    start, end = (datetime.combine(day, datetime.min.time()) for day in (first, first + timedelta(days=count)))
    return Interval(to_us(start), to_us(end))


def _embed(context: Context) -> Embed | None:
    """Return what compares titles by meaning; it is loaded when an example of the user's may decide by it."""
    factory = embedder_factory(context.settings.index.embedder)
    if factory is None:
        return None
    loaded = cache(factory)

    def embed(texts: Sequence[str]) -> NDArray[np.float32]:
        return loaded().embed(texts)

    return embed
