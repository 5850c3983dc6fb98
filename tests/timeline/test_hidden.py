"""Hidden boxes, counted by kind."""

from __future__ import annotations

from timeline.hidden import FORGOTTEN, HiddenBox, frames_hiding, hide
from timeline.model import Box


def test_frames_are_counted_by_what_they_hide(store):
    """A frame once for each kind, however many boxes it has."""
    assert frames_hiding(store.writer.db) == {}
    first, second = store.frame(0, ["one"]), store.frame(1, ["two"])
    cards = [HiddenBox(Box(0, y, 9, y + 9), "payment-card") for y in (0, 20)]
    hide(store.writer.db, first, [*cards, HiddenBox(Box(50, 0, 59, 9), FORGOTTEN)], urgent=False)
    hide(store.writer.db, second, cards, urgent=False)
    assert frames_hiding(store.writer.db) == {FORGOTTEN: 1, "payment-card": 2}
