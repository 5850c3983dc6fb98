"""`dayreel forget`: remove for good what was on the screen, by time, window or text, and look everywhere afterwards."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from dayreel import shapes
from dayreel.asking import agrees
from dayreel.context import Context
from dayreel.forgetting import check, finish, read_before, unread
from dayreel.sizes import size_text
from dayreel.times import interval_of
from dayreel.upgrading import open_reader
from timeline.clock import SECOND_US
from timeline.errors import NothingFound, UnreadablePicture, WrongUsage
from timeline.forgetting.applying import apply, segments_of
from timeline.forgetting.checking import tells_in_bytes
from timeline.forgetting.folding import fold
from timeline.forgetting.neighbours import Neighbours
from timeline.forgetting.plan import Plan, Preview, Selection, Thing
from timeline.forgetting.previewing import preview
from timeline.forgetting.sampling import samples
from timeline.forgetting.selection import select
from timeline.keys import Key, load_key
from timeline.model import ALL_TIME, Interval, Picture, Window
from timeline.phrases.duration import parse_duration
from timeline.pictures import Pictures
from timeline.reader import Reader
from timeline.writer import Writer

FAILED = 1
_KINDS = ("passage", "frame", "moment")
_MOST_DIGITS = 18  # of an id: SQLite's have no more
_ONE = "Say what to forget: --last, --between, --id, --app, --title, --text or --rule."


@dataclass(frozen=True, slots=True)
class _Done:
    """What was forgotten, in which segments it was, pieces of it to look for, and what was said of it before."""

    plan: Plan
    segments: frozenset[int]
    pieces: frozenset[str]
    seen: Preview


def run(context: Context, options: argparse.Namespace) -> int:
    """Show what would go, ask, forget, finish and check."""
    selection = _selection(context, options)
    if not context.home.database.exists():
        return _nothing(context)
    key = load_key(context.home)
    plan, seen = _found(context, key, selection)
    if plan.empty:
        _finish(context, key)
        return _nothing(context)
    _tell(context, seen)
    if not _agreed(options):
        context.talk("Nothing was forgotten.")
        return 0
    done = _forgotten(context, key, selection, plan, seen)
    if selection.text is not None:
        done = _again(context, key, selection, done)
    return _after(context, key, done, selection)


def _found(context: Context, key: Key, selection: Selection) -> tuple[Plan, Preview]:
    """Return what goes and what that comes to; for a text, all that waits is read before."""
    if selection.text is not None:
        open_reader(context.home, key).close()  # an older schema is brought up
        read_before(context.home, key, context.settings, context.talk)
    with open_reader(context.home, key) as reader:
        plan = _planned(context, key, reader, selection)
        return plan, preview(context.home, reader.db, plan)


def _forgotten(context: Context, key: Key, selection: Selection, plan: Plan, seen: Preview) -> _Done:
    with Writer.open(context.home, key, durable=True) as writer:
        segments, pieces = segments_of(writer.db, plan), samples(writer.db, plan)
        return _Done(apply(writer, selection, plan), segments, frozenset(pieces), seen)


def _again(context: Context, key: Key, selection: Selection, done: _Done) -> _Done:
    """Forget a text once more on the frames that were recorded while it was looked for, and then asked."""
    plan, _ = _found(context, key, selection)
    if plan.empty:
        return done
    more = _forgotten(context, key, selection, plan, done.seen)
    return replace(
        done,
        plan=done.plan.joined(more.plan),
        segments=done.segments | more.segments,
        pieces=done.pieces | more.pieces,
    )


def _selection(context: Context, options: argparse.Namespace) -> Selection:
    """Return what was asked for.  Raises WrongUsage for nothing, and for what cannot be combined."""
    what = [name for name in ("id", "app", "title", "text") if getattr(options, name) is not None]
    what += ["rule"] if options.rule else []
    times = [name for name in ("last", "between") if getattr(options, name) is not None]
    if len(what) > 1 or len(times) > 1 or not what + times:
        raise WrongUsage(f"{_ONE} One of them, or a time with --app, --title, --text or --rule.")
    if "id" in what:
        if times:
            raise WrongUsage("--id stands alone: it names one thing already.")
        return Selection(thing=_thing(options.id))
    within = _within(context, options)
    for name in ("app", "title"):
        if name in what and not getattr(options, name).strip():
            raise WrongUsage(f"--{name} is empty: that would be every window that has one.")
    if "text" in what:
        return Selection(within, text=options.text)
    return Selection(within, excludes=_predicate(context, options)) if what else Selection(within)


def _within(context: Context, options: argparse.Namespace) -> Interval:
    if options.last is not None:
        now_us = context.clock.now_us()
        return Interval(now_us - round(parse_duration(options.last) * SECOND_US), now_us + 1)
    if options.between is None:
        return ALL_TIME
    first, second = (interval_of(context, one, None).start_us for one in options.between)
    if first > second:
        raise WrongUsage("--between takes the earlier time first.")
    return interval_of(context, *options.between)


def _thing(name: str) -> Thing:
    """Return what an id names: `12` and `passage:12` what `search` calls so, `frame:12`, `moment:12`."""
    kind, _, number = name.rpartition(":")
    kind = kind or "passage"
    for known in _KINDS:
        if kind == known and number.isascii() and number.isdecimal() and len(number) <= _MOST_DIGITS:
            return Thing(known, int(number))  # type: ignore[arg-type]  # one of the three
    raise WrongUsage("--id takes the id of a search result, or frame:ID, or moment:ID.")


def _predicate(context: Context, options: argparse.Namespace) -> Callable[[Window], bool]:
    """Return which windows go, by the rules of the privacy settings.  Raises SettingsWrong for a bad pattern."""
    from dayreel.recorder_process import gate_of
    from recorder.addresses import Addresses
    from recorder.privacy import Gate

    if options.rule:
        gate, addresses = gate_of(context.settings), Addresses(context.settings.privacy.urls, None)
        return lambda window: gate.excludes(window) or (window.url is not None and addresses.excludes(window.url))
    apps, titles = (
        [options.app] if options.app is not None else [],
        [options.title] if options.title is not None else [],
    )
    return Gate(apps, titles).excludes


def _planned(context: Context, key: Key, reader: Reader, selection: Selection) -> Plan:
    plan = select(reader.db, selection)
    if selection.text is None and selection.thing is None:
        return plan
    with Pictures(context.home, key, reader) as pictures:

        def look(frame_id: int) -> Picture:
            frame = reader.frame(frame_id)
            if frame is None:
                raise UnreadablePicture("That frame was forgotten meanwhile.")
            return pictures.bgr(frame)

        return Neighbours(reader.db, look, selection.text).added(plan)


def _agreed(options: argparse.Namespace) -> bool:
    """Tell whether it may be done.  Raises WrongUsage where nobody can be asked."""
    if options.yes:
        return True
    if not sys.stdin.isatty():
        raise WrongUsage("There is no terminal to ask on: say --yes to forget without being asked.")
    return agrees("This cannot be undone. Forget it?")


def _after(context: Context, key: Key, done: _Done, selection: Selection) -> int:
    """Finish, look everywhere and tell what was found."""
    open_segments = _finish(context, key)
    context.talk("Everything is looked through.")
    if selection.text is not None and not tells_in_bytes(fold(selection.text)):
        context.talk("The text is too short to be told from chance in raw bytes: tables and words alone are searched.")
    found = check(context.home, key, done.plan, done.segments, selection.text, done.pieces)
    waiting = 0 if selection.text is None else unread(context.home, key)
    if context.as_json:
        shown = {"forgotten": _shape(done.seen), "left": found, "open_segments": open_segments}
        context.data({**shown, "unread_frames": waiting})
    elif found:
        context.say("Found: " + "; ".join(found) + ".")
    else:
        context.say("Checked: nothing found.")
    if waiting:
        context.talk(
            f"{waiting} frames were recorded since and are not read yet: what still stands on the screen is on them."
            " Close it, or pause, and forget it once more."
        )
    if open_segments:
        context.talk(f"{open_segments} segments are still being recorded: the worker finishes them; all else is gone.")
    return FAILED if found else 0


def _finish(context: Context, key: Key) -> int:
    """Finish this forgetting, and any that was begun before and killed."""
    with Writer.open(context.home, key, durable=True) as writer:
        return finish(context.home, key, context.settings, writer, context.talk).open_segments


def _nothing(context: Context) -> int:
    if context.as_json:
        context.data(None)
    context.talk("dayreel: There is nothing of that to forget.")
    return NothingFound.exit_code


def _tell(context: Context, seen: Preview) -> None:
    """Say what would go."""
    if seen.first_us is not None and seen.last_us is not None:
        context.talk(f"From {shapes.local(seen.first_us)} to {shapes.local(seen.last_us)}:")
    context.talk(
        f"  {seen.frames} frames go ({seen.minutes:g} minutes), parts of {seen.covered_frames} more are covered,"
        f" in {seen.moments} moments;"
    )
    context.talk(f"  {seen.lines} lines of {seen.passages} passages, {seen.thumbnails} thumbnails;")
    context.talk(f"  {seen.segments} segments of video ({size_text(seen.video_bytes)}) are written anew.")
    if seen.apps:
        context.talk(f"  Applications: {', '.join(seen.apps)}.")


def _shape(seen: Preview) -> dict[str, Any]:
    told = asdict(seen)
    first_us, last_us = told.pop("first_us"), told.pop("last_us")
    times = {"start": None if first_us is None else shapes.local(first_us),
             "end": None if last_us is None else shapes.local(last_us)}  # fmt: skip
    return {**told, **times, "apps": list(seen.apps)}
