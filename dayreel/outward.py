"""What leaves the memory by the user's hand: a text to the clipboard, a picture to a viewer or a file.

Owns the private folder of pictures shown outside, which lies in memory where there is such a place (XDG_RUNTIME_DIR)
and goes with the interface.  Called by dayreel.services.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ocr.picture_file import png
from timeline.errors import DayreelError, PartMissing
from timeline.home import FILE_MODE
from timeline.model import Picture

_CLIPBOARDS = (  # the variable without which each of them cannot work, and how it is called
    ("WAYLAND_DISPLAY", ("wl-copy",)),
    ("DISPLAY", ("xclip", "-selection", "clipboard")),
    ("DISPLAY", ("xsel", "--clipboard", "--input")),
)
_COPY_WAIT_S = 3.0


def copy(text: str) -> bool:
    """Give a text to the system's clipboard; tell whether there is one that took it."""
    known = [command for name, command in _CLIPBOARDS if os.environ.get(name)]
    known += [("pbcopy",)] if sys.platform == "darwin" else []
    for command in known:
        if shutil.which(command[0]):
            try:
                done = subprocess.run(
                    command, input=text.encode(), timeout=_COPY_WAIT_S, check=False,
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                )  # fmt: skip
            except (OSError, subprocess.TimeoutExpired):
                continue
            if done.returncode == 0:
                return True
    return False


class Outward:
    """Pictures shown in the system's viewer, until `close`."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._count = 0

    def view(self, picture: Picture) -> None:
        """Open a picture in the system's viewer.  Raises PartMissing where there is none."""
        opener = shutil.which("open" if sys.platform == "darwin" else "xdg-open")
        if opener is None:
            raise PartMissing("There is no program that opens pictures (xdg-open): save it with `e` instead.")
        if self._folder is None:
            within = os.environ.get("XDG_RUNTIME_DIR")
            usable = within if within and Path(within).is_dir() else None
            self._folder = Path(tempfile.mkdtemp(prefix="dayreel-", dir=usable))  # for its owner only
        self._count += 1
        path = save(picture, self._folder / f"picture-{self._count}.png")
        try:
            subprocess.Popen(
                [opener, str(path)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            raise DayreelError(
                f"The viewer cannot be started ({error.strerror}): save the picture with `e`."
            ) from error

    def close(self) -> None:
        """Remove the pictures."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


def save(picture: Picture, path: Path) -> Path:
    """Write a picture as PNG to a new file that only its owner can read; return where it is."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), FILE_MODE)
        with os.fdopen(descriptor, "wb") as output:
            output.write(png(picture))
    except OSError as error:
        raise DayreelError(f"{path} cannot be written ({error.strerror}): choose another place.") from error
    return path
