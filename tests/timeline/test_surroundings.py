"""What lies around a home: files of others, links, network shares, synced folders."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from timeline.errors import StoreUnusable
from timeline.home import Home
from timeline.surroundings import faults, loose, network_share, synced_by, synced_warning, unsafe

OTHER_USER = 12345


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with a key."""
    made = Home(tmp_path / "home")
    made.create()
    made.key_file.touch(mode=0o600)
    return made


def test_a_home_of_ones_own_is_safe(home: Home) -> None:
    """Nothing to say, and using it again changes nothing."""
    assert list(faults(home.root)) == []
    assert loose(home.root) == []
    home.create()


def test_a_home_that_is_not_there_has_no_faults(tmp_path: Path) -> None:
    """It is made privately."""
    assert list(faults(tmp_path / "none")) == []
    assert loose(tmp_path / "none") == []


@pytest.mark.parametrize("name", ["video", "spool", "timeline.db", "key", "dayreel.log", "recorder.lock", "pause"])
def test_a_link_in_place_of_a_file_is_refused(home: Home, tmp_path: Path, name: str) -> None:
    """Where it leads others may read along; what it leads to stays as it is."""
    place, elsewhere = home.root / name, tmp_path / "elsewhere"
    if place.is_dir():
        place.rename(elsewhere)
    else:
        place.unlink(missing_ok=True)
        elsewhere.write_bytes(b"theirs")
    place.symlink_to(elsewhere)
    with pytest.raises(StoreUnusable, match=f"{name} is a link.*put what it leads to in its place"):
        home.create()
    assert place.is_symlink()


def test_settings_may_be_a_link(home: Home, tmp_path: Path) -> None:
    """Many keep them with their other settings."""
    (tmp_path / "settings.toml").touch()
    home.settings.symlink_to(tmp_path / "settings.toml")
    home.create()


def test_a_home_that_is_a_link_to_a_folder_of_ones_own_is_used(home: Home, tmp_path: Path) -> None:
    """A larger disk, say."""
    (tmp_path / "linked").symlink_to(home.root)
    Home(tmp_path / "linked").create()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
@pytest.mark.parametrize("name", [".", "key", "timeline.db"])
def test_what_belongs_to_another_user_is_refused(home: Home, name: str) -> None:
    """The folder, the key or a database; the sentence says what to do."""
    (home.root / name).touch()
    os.chown(home.root / name, OTHER_USER, OTHER_USER)
    with pytest.raises(StoreUnusable, match=r"belongs to another user: (run dayreel as that user|remove it)"):
        home.create()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_key_that_others_may_read_is_refused(home: Home, mode: int) -> None:
    """It is not mended silently: somebody may have it by now."""
    home.key_file.chmod(mode)
    with pytest.raises(StoreUnusable, match=r"chmod 600 .*dayreel key rotate"):
        home.create()


def test_a_home_that_others_may_read_is_closed(home: Home) -> None:
    """`mkdir` makes folders that everybody may read; what else is open is told."""
    home.root.chmod(0o755)
    (home.root / "timeline.db").touch(mode=0o644)
    assert loose(home.root) == [home.root, home.root / "timeline.db"]
    [sentence] = unsafe(home.root)
    assert f"`chmod 700 {home.root}`" in sentence
    home.create()
    assert home.root.stat().st_mode & 0o777 == 0o700


MOUNTS = r"""22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /home/me/work rw,nosuid - nfs4 server:/work rw,vers=4.2
31 22 0:41 / /home/me/my\040files rw - fuse.sshfs me@server: rw
32 22 0:42 / /mnt/office rw shared:5 master:2 - cifs //server/office rw
33 22 8:2 / /home/me/work/local rw - ext4 /dev/sdb1 rw
34 22 0:43 / /mnt/twice rw - nfs server:/old rw
35 22 8:3 / /mnt/twice rw - xfs /dev/sdc1 rw
short line
"""


@pytest.mark.parametrize(
    ("path", "share"),
    [
        ("/home/me/.local/share/dayreel", None),
        ("/home/me/work/dayreel", "nfs4"),
        ("/home/me/workshop/dayreel", None),
        ("/home/me/my files/dayreel", "fuse.sshfs"),
        ("/mnt/office", "cifs"),
        ("/home/me/work/local/dayreel", None),
        ("/mnt/twice/dayreel", None),
    ],
)
def test_a_network_share_is_known_by_its_mount(path: str, share: str | None) -> None:
    """The innermost mount counts, and of two on one place the later one."""
    assert network_share(Path(path), MOUNTS) == share


def test_this_machines_own_disk_is_no_network_share(tmp_path: Path) -> None:
    """As the system tells of it."""
    assert network_share(tmp_path) is None


def test_a_home_on_a_network_share_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Before anything is made there."""
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"30 22 0:40 / {home.root} rw - nfs4 server:/work rw\n")
    monkeypatch.setattr("timeline.surroundings._MOUNTS", mounts)
    with pytest.raises(StoreUnusable, match=r"network share \(nfs4\).*name one on a disk of this machine"):
        Home(home.root / "new").create()
    assert not (home.root / "new").exists()


@pytest.mark.parametrize(
    ("folder", "mark", "service"),
    [
        ("Dropbox", None, "Dropbox"),
        ("Dropbox (Private)", None, "Dropbox"),
        ("OneDrive - Company", None, "OneDrive"),
        ("Nextcloud/deep/down", None, "Nextcloud"),
        ("Library/Mobile Documents", None, "iCloud"),
        ("files", ".stfolder", "Syncthing"),
        ("files", ".sync_0a1b.db", "Nextcloud"),
        ("dropboxes", None, None),
        ("work", "notes.txt", None),
    ],
)
def test_a_synced_folder_is_known_by_its_name_or_mark(
    tmp_path: Path, folder: str, mark: str | None, service: str | None
) -> None:
    """At any depth; used all the same, with a warning."""
    place = tmp_path / folder
    place.mkdir(parents=True)
    if mark is not None:
        (place / mark).touch()
    home = Home(place / "dayreel")
    home.create()
    assert synced_by(home.root) == service
    told = synced_warning(home.root)
    assert (told is None) == (service is None)
    assert told is None or f"a folder that {service} copies" in told
