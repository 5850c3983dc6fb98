"""`dayreel week`: what a calendar week was spent on, for a review or a stand-up."""

from __future__ import annotations

import argparse
from datetime import timedelta

from dayreel import digesting, shapes
from dayreel.context import Context


def run(context: Context, options: argparse.Namespace) -> int:
    """Tell the same as `dayreel day` of the seven days from Monday on, and each day's total."""
    day = digesting.day_of(context, options.date)
    monday = day - timedelta(days=day.weekday())
    every = [monday + timedelta(days=number) for number in range(7)]
    return digesting.tell(
        context,
        options,
        digesting.whole_days(monday, 7),
        lambda found, categories, language: {
            "week": f"{monday:%G-W%V}",
            "from": monday.isoformat(),
            "to": every[-1].isoformat(),
            "days": shapes.days_of(found, [(one, digesting.whole_days(one, 1)) for one in every]),
            **shapes.digest(found, categories, language),
        },
    )
