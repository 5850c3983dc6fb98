"""Changes of the key killed before each thing they do to a file: the key that the data needs is always there."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.secret_service import SecretService, desktop_keyring
from tests.support.stores import StoreUnderTest
from timeline.home import Home
from timeline.keys import derive, load_key
from timeline.reader import Reader
from timeline.safekeeping import custody, unlocking
from timeline.safekeeping.key_file import Cost, KeyFile, Wrapped, read_key_file, write_key_file
from timeline.safekeeping.passphrase import wrap
from timeline.safekeeping.rotation import rotate
from timeline.sealed_file import SealedReader, SealedWriter

# The package keyring lets go of its connection without closing it.
pytestmark = [
    pytest.mark.crash,
    pytest.mark.filterwarnings(
        "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
    ),
]
ROOT = Path(__file__).parents[2]
PASSPHRASE = "eight characters"
CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
MOST_STEPS = 200
DONE = 0
_RUN = f"""
import os, signal, sys
from pathlib import Path
from timeline.home import Home
from timeline.keys import load_key
from timeline.safekeeping import custody, passphrase, rotation, unlocking
home, action, last = Home(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
unlocking.ask_with(lambda why: {PASSPHRASE!r})
actions = {{
    "rotate": lambda: rotation.rotate(home, lambda done, total: None),
    "passphrase": lambda: custody.set_passphrase(home, load_key(home), {PASSPHRASE!r}),
    "remove": lambda: custody.remove_passphrase(home, load_key(home)),
    "import": lambda: custody.import_key(home, home.root.parent / "recovery"),
}}
steps = 0
def look(event, arguments):
    global steps
    if event not in ("open", "os.rename", "os.remove", "os.link") or str(home.root) not in str(arguments[0]):
        return
    steps += 1
    if steps == last:
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(look)
actions[action]()
"""


@pytest.fixture(autouse=True)
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretService]:
    """A desktop's keyring, unlocked; the one who is asked knows the passphrase; no login remembers it."""
    monkeypatch.setattr(unlocking, "_asks", [lambda why: PASSPHRASE])
    monkeypatch.setattr(unlocking, "_known", {})
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    with desktop_keyring(tmp_path, monkeypatch) as found:
        yield found


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with a text and a segment, whose key the keyring keeps."""
    store = StoreUnderTest.make(tmp_path / "home")
    store.frame(0, ["harbour lights"])
    segment = store.home.video / "2025-11-22" / "a.sealed"
    segment.parent.mkdir(mode=0o700)
    with SealedWriter.create(segment, derive(store.key, "video")) as writer:
        writer.append(b"pixels")
    store.close()
    return store.home


def _assert_whole(home: Home) -> None:
    key = load_key(home)
    with Reader.open(home, key) as reader:
        assert reader.counts().frames == 1
    (segment,) = home.video.rglob("*.sealed")
    with SealedReader(segment, derive(key, "video")) as sealed:
        assert sealed.record(0) == b"pixels"


def _kill_at(step: int, action: str, home: Home) -> int:
    command = [sys.executable, "-c", _RUN, str(home.root), action, str(step)]
    return subprocess.run(command, cwd=ROOT, timeout=60, check=False).returncode


def test_another_key(home: Home) -> None:
    """Killed at a step, and what goes on killed as well, the next run finishes it."""
    for step in range(1, MOST_STEPS):
        code = _kill_at(step, "rotate", home)
        if read_key_file(home).new is not None:
            _kill_at(step // 2 + 1, "rotate", home)
        if read_key_file(home).new is not None:
            rotate(home, lambda done, total: None)
        _assert_whole(home)
        if code == DONE:
            break
    else:
        pytest.fail("it never ended")
    assert [path.name for path in home.root.rglob("*") if path.name.endswith((".new", "-journal"))] == []


def test_a_passphrase_set(home: Home) -> None:
    """Before or after, never between: the store can be read, and its key stays the same."""
    raw = load_key(home).raw
    for step in range(1, MOST_STEPS):
        code = _kill_at(step, "passphrase", home)
        assert load_key(home).raw == raw
        _assert_whole(home)
        if code == DONE:
            break
        if isinstance(read_key_file(home).entry, Wrapped):
            custody.remove_passphrase(home, load_key(home))
    assert isinstance(read_key_file(home).entry, Wrapped)


def test_a_passphrase_removed(home: Home, service: SecretService) -> None:
    """The same; the keyring has the key in the end."""
    raw = load_key(home).raw
    wrapped = wrap(raw, PASSPHRASE, CHEAP)
    for step in range(1, MOST_STEPS):
        service.items.clear()
        write_key_file(home, KeyFile(wrapped))
        code = _kill_at(step, "remove", home)
        assert load_key(home).raw == raw
        if code == DONE:
            break
    _assert_whole(home)
    assert service.secrets() == [raw.hex().encode()]


def test_a_key_taken_back(home: Home) -> None:
    """A lost key is either back or lost still, and can be taken back again."""
    raw = load_key(home).raw
    custody.export_key(home, load_key(home), home.root.parent / "recovery", None)
    for step in range(1, MOST_STEPS):
        home.key_file.unlink(missing_ok=True)
        if _kill_at(step, "import", home) == DONE:
            break
        assert not home.key_file.exists() or load_key(home).raw == raw
    assert load_key(home).raw == raw
    _assert_whole(home)
