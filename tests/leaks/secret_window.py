"""A window that shows a secret: one rare word in large letters on one rare colour.  A program of its own.

    python -m tests.leaks.secret_window CLASS TITLE WORD COLOUR WIDTHxHEIGHT+X+Y

Takes one command a line from its standard input and answers each with a line once the display has done it.  Commands:
title TEXT, move X Y, sweep X0 Y0 X1 Y1 SECONDS, fling SECONDS, menu X Y, tip X Y, bare X Y, dialog X Y, calm,
cover, uncover, iconify, deiconify, raise, close.
"""

from __future__ import annotations

import sys
import time
import tkinter
from collections.abc import Callable

FONT = ("DejaVu Sans", 30, "bold")
STEP_S = 0.02


class SecretWindow:
    """One secret and what belongs to it."""

    def __init__(self, class_name: str, title: str, word: str, colour: str, geometry: str) -> None:
        self.root = tkinter.Tk(className=class_name)
        self._word, self._colour = word, colour
        self.root.title(title)
        self.root.geometry(geometry)
        self._label = self._fill(self.root)
        self._extras: list[tkinter.Toplevel] = []

    def obey(self, line: str) -> None:
        """Do what a line says, and return when the display has been told."""
        name, *words = line.split()
        commands: dict[str, Callable[..., None]] = {
            "title": lambda *text: self.root.title(" ".join(text)),
            "move": self._move,
            "sweep": self._sweep,
            "fling": self._fling,
            "menu": lambda x, y: self._popup(x, y, self.root),
            "tip": lambda x, y: self._popup(x, y, None),
            "dialog": self._dialog,
            "calm": self._calm,
            "cover": lambda: self._label.configure(text="sunny", bg="grey"),
            "uncover": lambda: self._label.configure(text=self._word, bg=self._colour),
            "iconify": self.root.iconify,
            "deiconify": self.root.deiconify,
            "raise": self.root.lift,
        }
        commands[name](*words)
        self.root.update()

    def _fill(self, window: tkinter.Misc) -> tkinter.Label:
        label = tkinter.Label(window, text=self._word, bg=self._colour, fg="black", font=FONT)
        label.pack(fill="both", expand=True)
        return label

    def _move(self, x: str, y: str) -> None:
        self.root.geometry(f"+{x}+{y}")  # Tk takes +-40 as 40 px beyond the left edge

    def _sweep(self, x0: str, y0: str, x1: str, y1: str, seconds: str) -> None:
        """Drag the window from one place to another, as a hand does."""
        begun = time.monotonic()
        while (share := (time.monotonic() - begun) / float(seconds)) < 1:
            x, y = (round(float(a) + share * (float(b) - float(a))) for a, b in ((x0, x1), (y0, y1)))
            self._at(x, y)
        self._at(int(x1), int(y1))

    def _fling(self, seconds: str) -> None:
        """Throw the window to and fro, faster than any hand."""
        until, number = time.monotonic() + float(seconds), 0
        while time.monotonic() < until:
            number += 1
            self._at(100 + 397 * number % 900, 80 + 211 * number % 400)

    def _at(self, x: int, y: int) -> None:
        self.root.geometry(f"+{x}+{y}")
        self.root.update()
        time.sleep(STEP_S)

    def _popup(self, x: str, y: str, parent: tkinter.Misc | None) -> None:
        """Show the secret once more, in a window that passes by the window manager."""
        window = tkinter.Toplevel(self.root)
        window.overrideredirect(boolean=True)
        window.title("popup")  # else Tk gives it the title of its window
        if parent is not None:
            window.wm_transient(self.root)
        window.geometry(f"260x90+{x}+{y}")
        self._fill(window)
        self._extras.append(window)

    def _dialog(self, x: str, y: str) -> None:
        window = tkinter.Toplevel(self.root, class_="Question")
        window.title("Question")
        window.wm_transient(self.root)
        window.geometry(f"260x90+{x}+{y}")
        self._fill(window)
        self._extras.append(window)

    def _calm(self) -> None:
        for window in self._extras:
            window.destroy()
        self._extras.clear()


def main() -> None:
    """Obey until told to close."""
    shown = SecretWindow(*sys.argv[1:])
    tell = sys.stdout.write

    def listen(*_: object) -> None:
        line = sys.stdin.readline()
        if not line or line.strip() == "close":
            shown.root.destroy()
            return
        shown.obey(line)
        tell("done\n")
        sys.stdout.flush()

    shown.root.tk.createfilehandler(sys.stdin, tkinter.READABLE, listen)
    shown.root.update()
    tell("shown\n")
    sys.stdout.flush()
    shown.root.mainloop()


if __name__ == "__main__":
    main()
