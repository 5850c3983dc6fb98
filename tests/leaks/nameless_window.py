"""A pop-up that says nothing of itself: no class, no title, no process.  A program of its own.

    python -m tests.leaks.nameless_window RED GREEN BLUE X Y SECONDS CLASS

With CLASS the program shows a window of that class first, at the same place but 200 px higher, as the excluded one that
the pop-up belongs to; the pop-up of the same connection bears no property at all.
"""

from __future__ import annotations

import sys
import time

import xcffib
import xcffib.xproto

_WM_CLASS, _STRING = 67, 31  # atoms that every display has
_BACKGROUND, _PASSES_BY = 2, 512  # bits of CreateWindow
_SIZE = (240, 80)


def main() -> None:
    """Show the windows for so long."""
    red, green, blue, x, y = map(int, sys.argv[1:6])
    seconds, name = float(sys.argv[6]), sys.argv[7].encode()
    display = xcffib.connect()
    screen = display.get_setup().roots[0]
    pixel = red << 16 | green << 8 | blue

    def show(top: int, *, passes_by: bool) -> None:
        window = display.generate_id()
        values = [pixel, int(passes_by)]
        fields = _BACKGROUND | _PASSES_BY
        place = (x, top, *_SIZE)
        display.core.CreateWindow(24, window, screen.root, *place, 0, 1, screen.root_visual, fields, values)
        if not passes_by:
            both = name + b"\0" + name + b"\0"
            display.core.ChangeProperty(0, window, _WM_CLASS, _STRING, 8, len(both), both)
        display.core.MapWindow(window)
        display.core.ConfigureWindow(window, 1 | 2, [x, top])
        display.flush()

    show(y - 200, passes_by=False)
    time.sleep(0.6)
    show(y, passes_by=True)
    time.sleep(seconds)


if __name__ == "__main__":
    main()
