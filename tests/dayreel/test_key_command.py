"""`dayreel key` as a user meets it: a terminal that asks, a login that remembers, recovery files, a lost key."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dayreel.locks import hold
from tests.support.product import ROOT
from tests.support.stores import StoreUnderTest
from tests.support.terminal import run_on_terminal
from timeline.home import Home
from timeline.keys import load_key
from timeline.safekeeping.key_file import KeyFile, Raw, write_key_file

PASSPHRASE = "seven 条 purple ropes"
ASKED = "Passphrase: "


@dataclass(frozen=True, slots=True)
class Login:
    """A user's session: commands on one home, with or without a terminal."""

    home: Path
    runtime: Path | None
    path: str = os.environ["PATH"]
    display: str = ""

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command without a terminal."""
        return subprocess.run(
            self._command(arguments), env=self._environment(), cwd=ROOT, capture_output=True, text=True,
            timeout=120, check=False, start_new_session=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def type(self, *arguments: str, answers: tuple[str, ...] = (), question: str = ASKED) -> tuple[int, str]:
        """Run a command on a terminal and answer what it asks."""
        typed = [(question, answer) for answer in answers]
        return run_on_terminal(self._command(arguments), self._environment(), ROOT, typed)

    def status(self) -> Any:
        return json.loads(self.run("key", "status", "--json").stdout)

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "dayreel", "--home", str(self.home), *arguments]

    def _environment(self) -> dict[str, str]:
        environment = {name: value for name, value in os.environ.items() if name != "XDG_RUNTIME_DIR"}
        environment |= {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring", "PATH": self.path}
        environment |= {} if self.runtime is None else {"XDG_RUNTIME_DIR": str(self.runtime)}
        return environment | ({"DISPLAY": self.display} if self.display else {})


@pytest.fixture
def runtime() -> Iterator[Path]:
    """A login's runtime folder, in memory as the real one."""
    folder = Path(tempfile.mkdtemp(dir="/dev/shm"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home in which one text stood on the screen."""
    store = StoreUnderTest.make(tmp_path / "home")
    store.frame(0, ["harbour lights over the bay"])
    store.close()
    return store.home.root


def _guard(login: Login) -> None:
    code, shown = login.type("key", "passphrase", answers=(PASSPHRASE, PASSPHRASE))
    assert code == 0, shown


def test_a_key_in_a_file_is_labelled_as_what_it_is(home: Path) -> None:
    """Nobody takes it for more than it is."""
    login = Login(home, None)
    assert "not who reads your files" in login.run("key", "status").stdout
    assert (login.status()["kept_in"], login.status()["passphrase"]) == ("file", False)


def test_a_passphrase_is_asked_once_for_each_login(home: Path, runtime: Path) -> None:
    """The login that typed it reads on; after a lock, and in another login, it is asked for again."""
    login = Login(home, runtime)
    _guard(login)
    assert login.run("text", "2025-11-22T12:00:00Z").stdout != ""
    assert login.status()["remembered"] is True
    assert login.run("key", "lock").returncode == 0
    refused = login.run("text", "2025-11-22T12:00:00Z")
    assert (refused.returncode, refused.stdout) == (7, "")
    assert "dayreel key unlock" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert login.type("key", "unlock", answers=(PASSPHRASE,))[0] == 0
    assert "harbour" in login.run("text", "2025-11-22T12:00:00Z").stdout


def test_the_key_and_the_passphrase_are_nowhere_in_the_home(home: Path, runtime: Path) -> None:
    """What the disk has is wrapped; the terminal never showed what was typed."""
    raw = load_key(Home(home)).raw
    _, shown = Login(home, runtime).type("key", "passphrase", answers=(PASSPHRASE, PASSPHRASE))
    assert PASSPHRASE not in shown
    for path in home.rglob("*"):
        if path.is_file():
            assert raw.hex().encode() not in path.read_bytes()
            assert raw not in path.read_bytes()
    (kept,) = runtime.rglob("*.key")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_wrong_passphrase_is_asked_three_times(home: Path) -> None:
    """Then it is one sentence and the exit code of the key."""
    login = Login(home, None)
    _guard(login)
    code, shown = login.type("key", "unlock", answers=("a guess", "another", "a third"))
    assert code == 7
    assert "3 times" in shown


def test_a_runtime_folder_on_a_disk_is_not_trusted(home: Path, tmp_path: Path) -> None:
    """What is remembered must never reach a disk: each command asks."""
    folder = tmp_path / "runtime"
    folder.mkdir(mode=0o700)
    login = Login(home, folder)
    _guard(login)
    assert list(folder.rglob("*")) == []
    code, shown = login.type("text", "2025-11-22T12:00:00Z", answers=(PASSPHRASE,))
    assert code == 0
    assert "harbour" in shown


def test_a_passphrase_can_be_changed_and_removed(home: Path, runtime: Path) -> None:
    """The present one is asked for, whatever the login remembers."""
    login = Login(home, runtime)
    _guard(login)
    other = "another few words"
    assert login.type("key", "passphrase", answers=(PASSPHRASE, other, other))[0] == 0
    assert login.type("key", "passphrase", "--remove", answers=(other,))[0] == 0
    assert login.status()["passphrase"] is False
    assert "harbour" in login.run("text", "2025-11-22T12:00:00Z").stdout


def test_two_passphrases_that_differ_change_nothing(home: Path) -> None:
    """A slip of the finger must not lock anybody out."""
    login = Login(home, None)
    code, _ = login.type("key", "passphrase", answers=(PASSPHRASE, PASSPHRASE + "x"))
    assert (code, login.status()["passphrase"]) == (2, False)


def test_a_short_passphrase_is_refused(home: Path) -> None:
    """It would be guessed."""
    login = Login(home, None)
    assert login.type("key", "passphrase", answers=("short", "short"))[0] == 2
    assert login.status()["passphrase"] is False


def test_a_lost_key_is_explained_and_a_recovery_file_brings_it_back(home: Path, tmp_path: Path) -> None:
    """No traceback; what is lost and what to do."""
    login, file = Login(home, None), tmp_path / "recovery"
    assert login.type("key", "export", str(file), answers=(PASSPHRASE, PASSPHRASE))[0] == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    raw = load_key(Home(home)).raw
    assert raw.hex() not in file.read_text()
    (home / "key").unlink()
    lost = login.run("search", "harbour")
    assert lost.returncode == 7
    assert "dayreel key import" in lost.stderr
    assert login.run("key", "status").returncode == 7
    assert login.type("key", "import", str(file), answers=(PASSPHRASE,))[0] == 0
    assert load_key(Home(home)).raw == raw


def test_a_plain_recovery_file_is_made_only_when_named_so(home: Path, tmp_path: Path) -> None:
    """Without a terminal to ask on, and without --plain, there is none."""
    login = Login(home, None)
    assert login.run("key", "export", str(tmp_path / "a")).returncode == 7
    assert not (tmp_path / "a").exists()
    assert login.run("key", "export", str(tmp_path / "b"), "--plain").returncode == 0
    (home / "key").unlink()
    assert login.run("key", "import", str(tmp_path / "b")).returncode == 0
    assert "harbour" in login.run("text", "2025-11-22T12:00:00Z").stdout


def test_the_key_of_another_store_is_not_taken(home: Path, tmp_path: Path) -> None:
    """The key that opens the store stays."""
    other = StoreUnderTest.make(tmp_path / "other")
    other.close()
    Login(other.home.root, None).run("key", "export", str(tmp_path / "theirs"), "--plain")
    refused = Login(home, None).run("key", "import", str(tmp_path / "theirs"))
    assert refused.returncode == 6
    assert "harbour" in Login(home, None).run("text", "2025-11-22T12:00:00Z").stdout


def test_a_recovery_file_is_never_put_beside_the_data(home: Path) -> None:
    """It would be lost, copied and stolen with it."""
    assert Login(home, None).run("key", "export", str(home / "recovery"), "--plain").returncode == 2


def test_pinentry_asks_where_there_is_a_desktop_and_no_terminal(home: Path, tmp_path: Path) -> None:
    """A program that speaks pinentry's protocol is asked, and its answer decoded."""
    _guard(Login(home, None))
    program = tmp_path / "bin" / "pinentry"
    program.parent.mkdir()
    program.write_text(
        f"#!{sys.executable}\nimport sys\nfrom urllib.parse import quote\nprint('OK ready', flush=True)\n"
        "for line in sys.stdin:\n"
        f"    if line.startswith('GETPIN'): print('D ' + quote({PASSPHRASE!r}))\n"
        "    print('OK', flush=True)\n"
    )
    program.chmod(0o700)
    login = Login(home, None, path=f"{program.parent}:{os.environ['PATH']}", display=":none")
    assert "harbour" in login.run("text", "2025-11-22T12:00:00Z").stdout


@pytest.mark.parametrize(
    "arguments", [("export",), ("status", "file"), ("lock", "--plain"), ("export", "f", "--remove")]
)
def test_arguments_that_do_not_belong_together_are_refused(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Each is wrong usage."""
    assert Login(tmp_path / "home", None).run("key", *arguments).returncode == 2


def test_the_key_is_not_changed_under_a_recorder(home: Path) -> None:
    """What runs must end first; it is told what to do."""
    with hold(Home(home), "recorder"):
        refused = Login(home, None).run("key", "rotate")
    assert refused.returncode == 9
    assert "dayreel stop" in refused.stderr


def test_no_recovery_file_is_written_while_the_key_is_being_changed(home: Path, tmp_path: Path) -> None:
    """It would hold the key that is on its way out."""
    write_key_file(Home(home), KeyFile(Raw(load_key(Home(home)).raw), Raw(bytes(32))))
    login = Login(home, None)
    assert login.status()["state"] == "changing"
    assert login.run("key", "export", str(tmp_path / "file"), "--plain").returncode == 7
    assert not (tmp_path / "file").exists()


@pytest.mark.parametrize("arguments", [("--plain", "{}"), ("{}", "--plain")])
def test_a_plain_recovery_file_is_written_in_any_order(home: Path, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """The option may stand before the file."""
    file = tmp_path / "recovery"
    done = Login(home, None).run("key", "export", *(one.format(file) for one in arguments))
    assert (done.returncode, done.stderr) == (0, "")
    assert f"raw {load_key(Home(home)).raw.hex()}" in file.read_text()


def test_one_recovery_file_is_written_at_a_time(home: Path, tmp_path: Path) -> None:
    """Two names are wrong usage, and none is written."""
    assert Login(home, None).run("key", "export", "--plain", str(tmp_path / "a"), str(tmp_path / "b")).returncode == 2
    assert not (tmp_path / "a").exists()
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("import", "{}/none"), 2, "There is no {}/none"),
        (("import", "{}"), 7, "cannot be read: Is a directory"),
        (("export", "{}/none/file", "--plain"), 2, "There is no folder {}/none"),
        (("export", "{}", "--plain"), 2, "is there already"),
    ],
)
def test_a_file_that_cannot_be_is_one_sentence(
    home: Path, tmp_path: Path, arguments: tuple[str, ...], code: int, told: str
) -> None:
    """No traceback, and nothing is made."""
    refused = Login(home, None).run("key", *(one.format(tmp_path) for one in arguments))
    assert (refused.returncode, refused.stderr.count("\n")) == (code, 1)
    assert told.format(tmp_path) in refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_an_import_into_a_mistyped_home_makes_no_folders(home: Path, tmp_path: Path) -> None:
    """It is told that nothing is there."""
    Login(home, None).run("key", "export", str(tmp_path / "file"), "--plain")
    refused = Login(tmp_path / "hoem", None).run("key", "import", str(tmp_path / "file"))
    assert refused.returncode == 2
    assert "Nothing of dayreel's is recorded" in refused.stderr
    assert not (tmp_path / "hoem").exists()


def test_the_recovery_file_of_another_home_is_told_as_such(home: Path, tmp_path: Path) -> None:
    """Not as a damaged database."""
    other = StoreUnderTest.make(tmp_path / "other")
    other.close()
    Login(other.home.root, None).run("key", "export", str(tmp_path / "theirs"), "--plain")
    refused = Login(home, None).run("key", "import", str(tmp_path / "theirs"))
    assert (refused.returncode, "recovery file of another data folder" in refused.stderr) == (6, True)


def test_an_open_interface_refuses_a_change_and_nothing_is_changed(home: Path) -> None:
    """Every command goes on as before."""
    held = (
        "import sys; from pathlib import Path; from timeline.home import Home; from timeline.keys import load_key\n"
        "from timeline.reader import Reader; home = Home(Path(sys.argv[1]))\n"
        "reader = Reader.open(home, load_key(home)); print(reader.counts().frames, flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", held, str(home)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        process.stdout.readline()
        refused = Login(home, None).run("key", "rotate")
        assert refused.returncode == 9
        assert f"process {process.pid}" in refused.stderr
        assert "harbour" in Login(home, None).run("text", "2025-11-22T12:00:00Z").stdout
        process.terminate()
    assert Login(home, None).run("key", "rotate").returncode == 0
