"""`dayreel category`: the categories that time is counted under; name them, add to them, say where one was wrong."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from assistant.categories import Categories
from assistant.category_rules import CATEGORIES
from dayreel import shapes
from dayreel.context import Context
from dayreel.upgrading import open_reader
from timeline.clock import to_local
from timeline.errors import NothingFound, WrongUsage
from timeline.keys import load_key
from timeline.labels import put, read_labels, set_name
from timeline.model import Window
from timeline.phrases import parse_instant
from timeline.reader import Reader
from timeline.writer import Writer

LONGEST_NAME = 40
_USAGE = {
    "list": "dayreel category list",
    "add": "dayreel category add NAME",
    "rename": "dayreel category rename NAME NEW",
    "correct": "dayreel category correct WHEN NAME",
}
_COUNTS = {"list": 0, "add": 1, "rename": 2, "correct": 2}


def run(context: Context, options: argparse.Namespace) -> int:
    """List the categories, after changing them when that is asked."""
    action, said = options.action, options.values
    if len(said) != _COUNTS[action]:
        raise WrongUsage(f"Say it so: `{_USAGE[action]}`.")
    if options.whole_app and action != "correct":
        raise WrongUsage("--whole-app belongs to `dayreel category correct`.")
    if not context.home.database.exists():
        context.talk("Nothing has been recorded yet: there is nothing to put into categories.")
        if context.as_json:
            context.data([])
        return NothingFound.exit_code
    key = load_key(context.home)
    with open_reader(context.home, key) as reader:
        known = Categories(read_labels(reader.db))
        window = _window_at(context, reader, said[0]) if action == "correct" else None
    if action != "list":
        with Writer.open(context.home, key) as writer:
            _change(writer, known, action, said, window, whole_app=options.whole_app)
            known = Categories(read_labels(writer.db))
    _show(context, known)
    return 0


def _change(
    writer: Writer, known: Categories, action: str, said: Sequence[str], window: Window | None, *, whole_app: bool
) -> None:
    if action == "add":
        set_name(writer.db, *[_new_name(known, said[0])] * 2)
    elif action == "rename":
        set_name(writer.db, _known_key(known, said[0]), _new_name(known, said[1], of=said[0]))
    elif window is not None and not put(writer.db, window, _known_key(known, said[1]), whole_app=whole_app):
        raise NothingFound("That window has been forgotten meanwhile: nothing was changed.")


def _window_at(context: Context, reader: Reader, when: str) -> Window:
    at_us = parse_instant(when, to_local(context.clock.now_us()))
    frame = reader.frame_at(at_us)
    if frame is None:
        raise NothingFound(f"Nothing was recorded at {shapes.local(at_us)}: nothing was changed.")
    return frame.window


def _known_key(known: Categories, said: str) -> str:
    key = known.key(said)
    if key is None:
        names = ", ".join(known.name(each) for each in known.keys)
        raise WrongUsage(f"There is no category of that name; there are {names}. `dayreel category add` makes one.")
    return key


def _new_name(known: Categories, said: str, of: str | None = None) -> str:
    name = " ".join(said.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise WrongUsage(f"A category's name has 1 to {LONGEST_NAME} printable characters.")
    key = known.key(name)
    if key is not None and (of is None or key != known.key(of)):
        raise WrongUsage("There is a category of that name already.")
    return name


def _show(context: Context, known: Categories) -> None:
    counts = {key: sum(each.category == key for each in known.labels.examples) for key in known.keys}
    if context.as_json:
        context.data(
            [
                {"category": key, "name": known.name(key), "built_in": key in CATEGORIES, "examples": count}
                for key, count in counts.items()
            ]
        )
        return
    for key, count in counts.items():
        renamed = f" (built in as {key})" if key in CATEGORIES and known.name(key) != key else ""
        examples = f", {count} corrected by you" if count else ""
        context.say(f"{known.name(key)}{renamed}{examples}")
