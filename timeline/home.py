"""Where everything of one store lies on the disk, and the rights of its folders.

Owns the names of files and folders below the home; knows nothing of what is in them.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from timeline.errors import DiskFull, StoreUnusable
from timeline.surroundings import refuse_unsafe

FOLDER_MODE = 0o700
FILE_MODE = 0o600
LEAST_FREE_BYTES = 1_000_000_000  # with less room on the disk, status and doctor warn
DISK_FULL = "disk full"  # the reason of a gap
DISK_FULL_WAIT_S = 10.0  # until recorder and worker try again whether there is room
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system says when a file cannot grow: no space, no quota, a limit of the process."""

_OWN_NAMES = (
    *("config.toml", "dayreel.log", "hosts.agreed", "import.lock", "index.db", "key", "pause", "recorder.absence"),
    *("recorder.lock", "retention.agreed", "spool", "start.log", "thumbnails.db", "timeline.db", "vectors.index"),
    *("video", "worker.lock"),
)


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
    def thumbnails(self) -> Path:
        return self.root / "thumbnails.db"

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

        Raises StoreUnusable when the place cannot be a folder of ours, or is not safe from others: what others keep
        there stays as it is.
        """
        if self._is_foreign():
            raise StoreUnusable(
                f"The folder {self.root} holds other files than dayreel's: name another or an empty one with --home."
            )
        refuse_unsafe(self.root)
        for folder in (self.root, self.video, self.spool):
            make_private_folder(folder)
        self.root.chmod(FOLDER_MODE)

    @property
    def begun(self) -> bool:
        """Whether this is a data folder already, by its key or its database."""
        return self.key_file.exists() or self.database.exists()

    def own_files(self) -> list[Path]:
        """Return what lies directly in the root and is dayreel's, by its name."""
        return [path for path in self.root.iterdir() if path.name.startswith(_OWN_NAMES)]

    def _is_foreign(self) -> bool:
        """Tell whether the root is in use by something else; settings may be written before the first recording."""
        if self.key_file.exists() or self.database.exists() or not self.root.is_dir():
            return False
        return any(not path.name.startswith(_OWN_NAMES) for path in self.root.iterdir())


def make_private_folder(folder: Path) -> None:
    """Make a folder with mode 0700, and its parents; one that is there already is left as it is."""
    try:
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnusable(
            f"The folder {folder} cannot be used: {error.strerror}. Name another with --home or DAYREEL_HOME."
        ) from error


def write_private(path: Path, data: bytes) -> None:
    """Replace a file whole: temporary file beside it with mode 0600, fsync, rename (the commit point).

    Raises DiskFull when there is no room; the old file stays then.
    """
    with _written_beside(path, data) as temporary:
        temporary.replace(path)


def create_private(path: Path, data: bytes) -> bool:
    """Make a file whole as write_private does, unless there is one already; tell whether it was made.

    Of several processes that try at the same time exactly one succeeds: the link is the commit point.
    """
    with _written_beside(path, data) as temporary:
        try:
            os.link(temporary, path)
        except FileExistsError:
            return False
    sync_folder(path.parent)  # a store without its key would be lost
    return True


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk: a new or renamed file survives a power cut only then."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _written_beside(path: Path, data: bytes) -> Iterator[Path]:
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield temporary
    except OSError as error:
        if error.errno in NO_ROOM:
            raise DiskFull(
                f"The disk of {path.parent} is full: {path.name} was not written. Free some space."
            ) from error
        raise
    finally:
        temporary.unlink(missing_ok=True)
