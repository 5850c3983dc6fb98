"""What the user has said of categories: names given to them, and windows put into one as examples.

Owns the tables `categories` and `category_examples`.  An example names a window's row and holds no text of its own, so
that forgetting the window forgets it.  Knows no rules: assistant.categories decides with these.  Written by
`dayreel category` while anything else writes as well: each change is one short transaction.
"""

from __future__ import annotations

from dataclasses import dataclass

from timeline.database import Database, transaction
from timeline.model import Window


@dataclass(frozen=True, slots=True)
class Example:
    """A window that the user put into a category; with `whole_app` all windows of its application."""

    window: Window
    category: str
    whole_app: bool


@dataclass(frozen=True, slots=True)
class Labels:
    """All that the user said: `names` gives a category's key its name, `examples` are newest windows first."""

    names: dict[str, str]
    examples: tuple[Example, ...]


def read_labels(db: Database) -> Labels:
    """Return what the user has said of categories."""
    names = dict(db.conn.execute("SELECT key, name FROM categories ORDER BY key"))
    rows = db.conn.execute(
        "SELECT w.app, w.title, w.url, e.category, e.whole_app FROM category_examples e"
        " JOIN windows w ON w.id = e.window_id ORDER BY e.window_id DESC"
    )
    return Labels(names, tuple(Example(Window(*row[:3]), row[3], bool(row[4])) for row in rows))


def set_name(db: Database, key: str, name: str) -> None:
    """Name a category, or add one under its own name."""
    with transaction(db):
        db.conn.execute("INSERT OR REPLACE INTO categories (key, name) VALUES (?, ?)", [key, name])


def put(db: Database, window: Window, category: str, *, whole_app: bool) -> bool:
    """Put a window, or all of its application, into a category; tell whether the timeline knows that window."""
    with transaction(db):
        found = db.conn.execute(
            "SELECT id FROM windows WHERE app IS ? AND title IS ? AND url IS ?", [window.app, window.title, window.url]
        ).fetchone()
        if found is None:
            return False
        if whole_app:  # one word for an application: the newest
            db.conn.execute(
                "DELETE FROM category_examples WHERE whole_app = 1 AND window_id IN"
                " (SELECT id FROM windows WHERE app IS ?)",
                [window.app],
            )
        db.conn.execute("INSERT OR REPLACE INTO category_examples VALUES (?, ?, ?)", [found[0], whole_app, category])
    return True
