"""`dayreel day`: what a day was spent on."""

from __future__ import annotations

import argparse

from dayreel import digesting, shapes
from dayreel.context import Context


def run(context: Context, options: argparse.Namespace) -> int:
    """Tell sessions, totals, documents and gaps of one day."""
    day = digesting.day_of(context, options.date)
    return digesting.tell(
        context,
        options,
        digesting.whole_days(day, 1),
        lambda found, categories, language: {"date": day.isoformat(), **shapes.digest(found, categories, language)},
    )
