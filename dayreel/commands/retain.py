"""`dayreel retain`: show what the retention settings let go of, agree to them, and do it."""

from __future__ import annotations

import argparse
import sys

from dayreel import shapes
from dayreel.asking import agrees
from dayreel.context import Context
from dayreel.forgetting import finish
from dayreel.retaining import TooOld, agree, believed_us, let_go, too_old
from dayreel.settings import RetentionSettings
from dayreel.sizes import size_text
from dayreel.trusted_time import look
from dayreel.upgrading import open_reader
from timeline.clock import SECOND_US
from timeline.errors import NothingFound, WrongUsage
from timeline.forgetting.plan import Preview
from timeline.forgetting.previewing import preview
from timeline.keys import load_key
from timeline.writer import Writer

DOUBT_US = 60 * SECOND_US  # a clock that is believed less than this ahead needs no word


def run(context: Context, options: argparse.Namespace) -> int:
    """Preview; unless it is a dry run, ask, note the consent, and let go of what is too old."""
    rules, now = context.settings.retention, look(context.clock)
    if rules == RetentionSettings():
        context.talk("Everything is kept: no age is set under [retention].")
        return _data(context, None, None)
    if not context.home.database.exists():
        context.talk("Nothing has been recorded yet.")
        return NothingFound.exit_code
    key, now_us = load_key(context.home), now.at_us
    if options.yes:  # nobody looks whether the clock is right
        now_us = believed_us(context.home, rules, now)
        if now_us < now.at_us - DOUBT_US:
            context.talk(
                f"The clock went forward: ages are counted as of {shapes.local(now_us)} until a day has passed."
            )
    with open_reader(context.home, key) as reader:
        old = too_old(context.home, reader.db, rules, now_us)
        seen = preview(context.home, reader.db, old.plan)
    context.talk(f"As of {shapes.local(now_us)}:")
    _tell(context, old, seen)
    if options.dry_run or not _agreed(options):
        return _data(context, old, seen)
    agree(context.home, rules, now, looked=not options.yes)
    with Writer.open(context.home, key, durable=True) as writer:
        let_go(context.home, key, writer, rules, now_us)
        finish(context.home, key, context.settings, writer, context.talk)
    context.talk("From now on the worker does this once a day, until the settings change.")
    return _data(context, old, seen)


def _agreed(options: argparse.Namespace) -> bool:
    """Tell whether it may be done.  Raises WrongUsage where nobody can be asked."""
    if options.yes:
        return True
    if not sys.stdin.isatty():
        raise WrongUsage("There is no terminal to ask on: say --yes to agree, or --dry-run to only look.")
    return agrees("Let go of this, now and each day?")


def _tell(context: Context, old: TooOld, seen: Preview) -> None:
    if old.empty:
        context.talk("Nothing is too old yet.")
        return
    if seen.first_us is not None:
        context.talk(f"The oldest is of {shapes.local(seen.first_us)}.")
    context.talk(f"{seen.frames} frames go with their text, parts of {seen.covered_frames} more are covered.")
    video = f"{len(old.segments)} segments of video ({size_text(old.video_bytes)})"
    context.talk(f"{video} go; the text of their other frames stays.")


def _data(context: Context, old: TooOld | None, seen: Preview | None) -> int:
    if context.as_json:
        context.data(
            {
                "frames": 0 if seen is None else seen.frames,
                "covered_frames": 0 if seen is None else seen.covered_frames,
                "segments": 0 if old is None else len(old.segments),
                "video_bytes": 0 if old is None else old.video_bytes,
            }
        )
    return 0
