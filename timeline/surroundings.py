"""What lies around a home that could make it unsafe: whose its files are, links, network shares, synced folders.

Owns these rules and their sentences; changes nothing and reads no file of the store.  Called by timeline.home before
anything is written into a home, by `dayreel doctor` and by `dayreel status`.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from timeline.errors import StoreUnusable

OTHERS = 0o077  # the rights of everybody but the owner
_MOUNTS = Path("/proc/self/mountinfo")
_ESCAPED = re.compile(r"\\(\d{3})")  # blanks in names stand as \040 there
_MAY_BE_A_LINK = frozenset({"config.toml"})  # as those who keep their settings together have it; it holds no secret
_NETWORK = frozenset({
    *("nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "ncpfs", "afs", "coda", "ceph", "davfs", "beegfs", "lustre"),
    *("glusterfs", "gpfs", "ocfs2", "gfs2", "orangefs", "fuse.sshfs", "fuse.rclone", "fuse.glusterfs", "fuse.ceph"),
    *("fuse.s3fs", "fuse.gcsfuse", "fuse.davfs", "fuse.davfs2", "fuse.curlftpfs", "fuse.gvfsd-fuse", "fuse.onedriver"),
    *("fuse.google-drive-ocamlfuse", "fuse.kio-fuse", "fuse.juicefs", "fuse.smbnetfs"),
})  # fmt: skip
"""Types of mounts whose files lie on another machine, as /proc/self/mountinfo names them."""

_SYNCED_NAMES = {
    "dropbox": "Dropbox",
    "onedrive": "OneDrive",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "icloud drive": "iCloud",
    "iclouddrive": "iCloud",
    "mobile documents": "iCloud",
    "pclouddrive": "pCloud",
    "megasync": "MEGA",
    "seafile": "Seafile",
    "yandex.disk": "Yandex Disk",
}
"""Folders as the services name them, in small letters; "OneDrive - Company" and "Dropbox (Private)" count as well."""
_SYNCED_MARKS = {
    ".stfolder": "Syncthing",
    ".dropbox.cache": "Dropbox",
    ".nextcloudsync.log": "Nextcloud",
    ".owncloudsync.log": "ownCloud",
    ".sync_*.db": "Nextcloud",
    ".seafile-data": "Seafile",
    ".tmp.drivedownload": "Google Drive",
}
"""What the services leave in the folder they copy."""


def refuse_unsafe(root: Path) -> None:
    """Refuse a home that others could read or change, or that its files cannot bear.  Raises StoreUnusable."""
    for fault in faults(root):
        raise StoreUnusable(fault)


def faults(root: Path) -> Iterator[str]:
    """Yield why nothing may be written into a home, each in a sentence or two that says what to do."""
    share = network_share(root)
    if share is not None:
        yield (
            f"The folder {root} lies on a network share ({share}), where databases break and others may read along: "
            "name one on a disk of this machine with --home or DAYREEL_HOME."
        )
    if os.name != "posix" or not root.is_dir():
        return
    if root.stat().st_uid != os.geteuid():
        yield (
            f"The folder {root} belongs to another user: run dayreel as that user, "
            "or name a folder of your own with --home or DAYREEL_HOME."
        )
        return
    with os.scandir(root) as entries:
        for entry in sorted(entries, key=lambda one: one.name):
            yield from _fault_of(Path(entry.path))


def _fault_of(path: Path) -> Iterator[str]:
    """Yield what is wrong with something in a home; nothing of what has gone meanwhile."""
    if path.name in _MAY_BE_A_LINK:
        return
    try:
        state = path.lstat()
    except FileNotFoundError:
        return
    if stat.S_ISLNK(state.st_mode):
        yield (
            f"{path} is a link, and where it leads may be read or changed by others: put what it leads to in its "
            "place, or name another home with --home."
        )
    elif state.st_uid != os.geteuid():
        yield f"{path} belongs to another user: remove it, or `chown` it if it is yours."
    elif path.name == "key" and state.st_mode & OTHERS:
        yield (
            f"The key {path} can be read or changed by other users of this machine: `chmod 600 {path}`, "
            "and if others may have read it, `dayreel key rotate`."
        )


def unsafe(root: Path) -> Iterator[str]:
    """Yield why others may read or change a home that is there, each in a sentence or two that says what to do."""
    found = list(faults(root))
    yield from found
    for path in () if found else loose(root)[:1]:
        mode = "700" if path.is_dir() else "600"
        yield f"{path} can be read or changed by other users of this machine: `chmod {mode} {path}`."


def loose(root: Path) -> list[Path]:
    """Return what other users of this machine may read or change, itself or, for the home, all of it."""
    if os.name != "posix" or not root.exists():
        return []
    inside = [path for path in sorted(root.iterdir()) if path.name not in _MAY_BE_A_LINK]
    return [path for path in (root, *inside) if _is_loose(path)]


def _is_loose(path: Path) -> bool:
    try:
        state = path.lstat()
    except FileNotFoundError:
        return False
    return not stat.S_ISLNK(state.st_mode) and bool(state.st_mode & OTHERS)


def network_share(path: Path, mounts: str | None = None) -> str | None:
    """Return the type of the network share that a path lies on; None when it lies on none.

    `mounts`: the text of /proc/self/mountinfo (proc(5)), read from there unless given.
    """
    kind = _mount_type(_resolved(path), _read_mounts() if mounts is None else mounts)
    return kind if kind in _NETWORK else None


def synced_by(path: Path) -> str | None:
    """Return the service that copies the folder a path lies in to other machines; None without a sign of one."""
    whole = _resolved(path)
    for folder in (whole, *whole.parents):
        for mark, service in _SYNCED_MARKS.items():
            if next(folder.glob(mark), None) is not None:
                return service
        for name, service in _SYNCED_NAMES.items():
            if folder.name.lower() == name or folder.name.lower().startswith((f"{name} -", f"{name} (")):
                return service
    return None


def synced_warning(root: Path) -> str | None:
    """Return what to know of a home in a synced folder, None when it lies in none that can be told."""
    service = synced_by(root)
    if service is None:
        return None
    return (
        f"The folder {root} lies in a folder that {service} copies to other machines: what is forgotten here may stay "
        "there, and copies made while a database is written are damaged. Leave it out there, or move it (--home)."
    )


def _resolved(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _read_mounts() -> str:
    try:
        return _MOUNTS.read_text(errors="surrogateescape")
    except OSError:  # no Linux: nothing is known
        return ""


def _mount_type(path: Path, mounts: str) -> str | None:
    """Return the type of the innermost mount around a path; of several on one place the last covers the others."""
    best: tuple[int, str] | None = None
    for line in mounts.splitlines():
        fields, _, rest = line.partition(" - ")
        words = fields.split()
        if len(words) < 5 or not rest:
            continue
        point = Path(_ESCAPED.sub(lambda octal: chr(int(octal[1], 8)), words[4]))
        depth = len(point.parts)
        if path.is_relative_to(point) and (best is None or depth >= best[0]):
            best = (depth, rest.split()[0])
    return None if best is None else best[1]
