"""`dayreel import`: take in screenshots, screen recordings and folders of them, through the stages of a recording."""

from __future__ import annotations

import argparse
from pathlib import Path

from dayreel.context import Context
from dayreel.progress import progress
from dayreel.taking_in import read_what_waits, take_in
from recorder.intake import ImportReport
from timeline.errors import UnreadablePicture


def run(context: Context, options: argparse.Namespace) -> int:
    """Take files in and, unless told not to wait, return when all is searchable.

    Raises UnreadablePicture for named files that were refused, after all else is done and said.
    """
    paths = [Path(name).expanduser() for name in options.paths]
    with progress("taking in") as advance:
        report = take_in(context.home, paths, advance, context.settings)
    for sentence in report.left_out:
        context.talk(f"dayreel: {sentence}")
    _say(context, report)
    if not options.no_wait:
        with progress("reading") as advance:
            read_what_waits(context.home, context.settings, advance)
    if report.refused:
        names = ", ".join(str(path) for path in report.refused)
        raise UnreadablePicture(f"Not taken in: {names}; name pictures and videos that can be read.")
    return 0


def _say(context: Context, report: ImportReport) -> None:
    if context.as_json:
        context.data({"added": report.added, "extended": report.extended, "known": report.known})
        return
    known = f"{report.known} were known already"
    if report.known:
        known += " (what was forgotten of them stays forgotten)"
    context.say(f"{report.files} files were taken in as {report.added} frames; {known}.")
