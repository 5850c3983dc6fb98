"""What dayreel has put on this machine for one user: listed, then removed.

Owns the list: the home, its demo, the key in the keyring, what starts dayreel at login, what a login remembers.  Never
removes the program, and never a folder that is not certainly a home.  Called by `dayreel uninstall`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from timeline.errors import KeyUnavailable, WrongUsage
from timeline.home import Home
from timeline.safekeeping import login, system_keyring
from timeline.safekeeping.belonging import Left, is_own
from timeline.safekeeping.key_file import InKeyring, read_key_file

AUTOSTART = (
    "autostart/dayreel.desktop",  # XDG autostart
    "systemd/user/dayreel.service",
    "systemd/user/default.target.wants/dayreel.service",
    "systemd/user/graphical-session.target.wants/dayreel.service",
)
"""Below XDG_CONFIG_HOME."""
KEY_IN_KEYRING = "key in the system's keyring"
LAUNCH_AGENT = "Library/LaunchAgents/dayreel.plist"
"""Below the user's folder, on macOS."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One thing to remove."""

    what: str
    place: str
    size_bytes: int = 0
    path: Path | None = None
    """None for a key in the keyring, whose name is the place."""
    is_home: bool = False
    """Whether it is a data folder, of which only what is dayreel's goes."""


def check(home: Home) -> None:
    """Raise WrongUsage unless a folder is certainly a home of dayreel's, and all of it may be removed."""
    root = home.root
    if root.is_symlink():
        raise WrongUsage(f"{root} is a link to another place: name that place itself with --home.")
    if not root.is_dir():
        raise WrongUsage(f"There is no {root}: name the data folder with --home.")
    if not _has_key(home) and not home.database.is_file():
        raise WrongUsage(f"{root} is no data folder of dayreel: nothing was removed.")
    if root.stat().st_uid != os.getuid():
        raise WrongUsage(f"{root} belongs to another user: nothing was removed.")
    if root.resolve() in (Path.home().resolve(), *Path.home().resolve().parents):
        raise WrongUsage(f"{root} holds your own folder: nothing was removed. Move dayreel's files elsewhere first.")


def traces(home: Home, *, usual: bool) -> Iterator[Trace]:
    """Yield what is to be removed, the home last: while it stands, an interrupted removal can be done again.

    `usual`: the home is where dayreel keeps it unless told otherwise; what the whole login has goes only with that one.
    """
    folder = login.runtime_folder() if usual else None
    if usual:
        yield from _autostart()
    if folder is not None and folder.is_dir():
        yield Trace("what this login remembers", str(folder), size_of(folder), folder)
    demo = _demo_of(home)
    for one in (demo, home):
        if one is demo and not _is_sound(demo):
            continue
        yield from _keys(one)
        own_bytes = sum(size_of(path) if path.is_dir() else path.lstat().st_size for path in one.own_files())
        yield Trace("recordings and settings", str(one.root), own_bytes, one.root, is_home=True)


def remove(trace: Trace) -> bool:
    """Remove one thing; False when it could not be."""
    if trace.path is None:
        return system_keyring.forget(trace.place)
    try:
        if trace.is_home:
            _remove_home(Home(trace.path))
        else:
            _remove(trace.path)
    except OSError:
        return False
    return True


def size_of(folder: Path) -> int:
    """Return the bytes of all files below a folder; links are counted themselves, never followed."""
    return sum(
        os.lstat(os.path.join(parent, name)).st_size  # noqa: PTH118 - os.walk gives texts, and there may be many
        for parent, _, names in os.walk(folder)
        for name in names
    )


def _demo_of(home: Home) -> Home:
    """Return the home of a home's demo."""
    return Home(home.root.with_name(f"{home.root.name}-demo"))


def _is_sound(home: Home) -> bool:
    try:
        check(home)
    except WrongUsage:
        return False
    return True


def _autostart() -> Iterator[Trace]:
    config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    for path in (*(config / name for name in AUTOSTART), Path.home() / LAUNCH_AGENT):
        if path.is_symlink() or path.is_file():
            yield Trace("start at login", str(path), path.lstat().st_size, path)


def _keys(home: Home) -> Iterator[Trace]:
    for entry in _entries(home):
        if is_own(home, entry):
            yield Trace(KEY_IN_KEYRING, entry.name)


def kept_keys(home: Home) -> list[Left]:
    """Return the keys in the keyring that stay: other data folders may need them."""
    homes = [one for one in (_demo_of(home), home) if one is home or _is_sound(one)]
    return [Left(entry.name, is_own=False) for one in homes for entry in _entries(one) if not is_own(one, entry)]


def _entries(home: Home) -> list[InKeyring]:
    """Return the entries of the keyring that a home's key file names, and those that were put aside."""
    found: list[InKeyring] = []
    for path in (home.key_file, *sorted(home.root.glob(f"{home.key_file.name}.before-*"))):
        with suppress(KeyUnavailable):
            content = read_key_file(home, path)
            found += [one for one in (content.entry, content.new) if isinstance(one, InKeyring) and one not in found]
    return found


def _has_key(home: Home) -> bool:
    """Tell whether the file `key` is one of dayreel's; others have files of that name too."""
    try:
        read_key_file(home)
    except KeyUnavailable:
        return False
    return True


def _remove_home(home: Home) -> None:
    """Remove a home, the database last: by it an interrupted removal is recognised.  What is not dayreel's stays."""
    for path in sorted(home.own_files(), key=lambda one: one == home.database):
        _remove(path)
    with suppress(OSError):  # the user keeps something of theirs there
        home.root.rmdir()


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
