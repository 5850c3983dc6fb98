"""Where everything of one store lies on the disk, and the rights of its folders.

Owns the names of files and folders below the home; knows nothing of what is in them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from timeline.errors import StoreUnusable

FOLDER_MODE = 0o700
FILE_MODE = 0o600


@dataclass(frozen=True, slots=True)
class Home:
    """One data folder: `--home`, `DAYREEL_HOME` or the platform's user data folder."""

    root: Path

    @property
    def database(self) -> Path:
        return self.root / "timeline.db"

    @property
    def index_database(self) -> Path:
        return self.root / "index.db"

    @property
    def vectors(self) -> Path:
        return self.root / "vectors.index"

    @property
    def video(self) -> Path:
        return self.root / "video"

    @property
    def spool(self) -> Path:
        return self.root / "spool"

    @property
    def key_file(self) -> Path:
        return self.root / "key"

    @property
    def settings(self) -> Path:
        return self.root / "config.toml"

    @property
    def log(self) -> Path:
        return self.root / "dayreel.log"

    def lock(self, name: str) -> Path:
        """Return the path of a named lock file."""
        return self.root / f"{name}.lock"

    def create(self) -> None:
        """Make the folders, readable by their owner only.

        Raises StoreUnusable when the place cannot be a folder of ours.
        """
        for folder in (self.root, self.video, self.spool):
            make_private_folder(folder)


def make_private_folder(folder: Path) -> None:
    """Make a folder with mode 0700, and its parents; one that exists keeps its contents and gets the mode."""
    try:
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        folder.chmod(FOLDER_MODE)
    except OSError as error:
        raise StoreUnusable(
            f"The folder {folder} cannot be used: {error.strerror}. Name another with --home or DAYREEL_HOME."
        ) from error


def write_private(path: Path, data: bytes) -> None:
    """Replace a file whole: temporary file beside it with mode 0600, fsync, rename (the commit point)."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
