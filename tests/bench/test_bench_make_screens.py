"""The screens that settings are shown on are other ones than those they were chosen on."""

from __future__ import annotations

from bench.make_screens import DEVELOPMENT, HELD_OUT


def test_the_sets_share_no_screen() -> None:
    """No part of a page stands in both sets, and no name twice."""
    screens = [*DEVELOPMENT, *HELD_OUT]
    assert len({(screen.path, screen.scroll_px) for screen in screens}) == len(screens)
    assert len({screen.name for screen in screens}) == len(screens)
