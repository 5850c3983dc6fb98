"""One recorder and one worker for each home."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from dayreel.locks import hold, holder
from timeline.errors import AlreadyRunning
from timeline.home import Home


def test_the_holder_of_a_role_is_known(tmp_path: Path) -> None:
    """The lock file names the process."""
    home = Home(tmp_path / "home")
    with hold(home, "recorder"):
        assert holder(home, "recorder") == os.getpid()


def test_a_role_is_free_after_its_holder(tmp_path: Path) -> None:
    """The file stays, the lock does not."""
    home = Home(tmp_path / "home")
    with hold(home, "recorder"):
        pass
    assert holder(home, "recorder") is None


def test_a_second_holder_is_refused(tmp_path: Path) -> None:
    """The sentence names the role and the home."""
    home = Home(tmp_path / "home")
    with hold(home, "worker"), pytest.raises(AlreadyRunning, match="Another worker"), hold(home, "worker"):
        pass


def test_somebody_who_asks_does_not_refuse_somebody_who_takes(tmp_path: Path) -> None:
    """Status, interface and `start` look all the time."""
    home, done = Home(tmp_path / "home"), threading.Event()

    def ask() -> None:
        while not done.is_set():
            holder(home, "recorder")

    with hold(home, "recorder"):
        asking = threading.Thread(target=ask)
    asking.start()
    try:
        for _ in range(50):
            with hold(home, "recorder"):
                pass
    finally:
        done.set()
        asking.join()


def test_the_two_roles_do_not_hinder_each_other(tmp_path: Path) -> None:
    """A recorder and a worker run side by side."""
    home = Home(tmp_path / "home")
    with hold(home, "recorder"), hold(home, "worker"):
        assert holder(home, "recorder") == holder(home, "worker") == os.getpid()


def test_a_killed_holder_frees_its_role(tmp_path: Path) -> None:
    """kill -9 leaves no lock behind."""
    script = (
        "import sys, time; from pathlib import Path; from dayreel.locks import hold; from timeline.home import Home\n"
        "with hold(Home(Path(sys.argv[1])), 'recorder'): print('held', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "home")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        assert holder(Home(tmp_path / "home"), "recorder") == process.pid
        process.kill()
        process.wait()
    assert holder(Home(tmp_path / "home"), "recorder") is None


def test_a_child_that_inherited_a_role_keeps_it_until_it_ends(tmp_path: Path) -> None:
    """So nobody closes the segments of a recorder whose supervisor was killed; who wants the role waits for it."""
    home = Home(tmp_path / "home")
    script = (
        "import os, subprocess, sys; from pathlib import Path; from dayreel.locks import hold;"
        " from timeline.home import Home\n"
        "with hold(Home(Path(sys.argv[1])), 'recorder') as lock:\n"
        "    subprocess.Popen([sys.executable, '-c', 'input()'], pass_fds=[lock])\n"
        "    print('held', flush=True)\n"
        "    os.kill(os.getpid(), 9)"
    )
    command = [sys.executable, "-c", script, str(home.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        process.stdout.readline()
        process.wait()
        assert holder(home, "recorder") == process.pid
        threading.Timer(1.0, process.stdin.close).start()
        with hold(home, "recorder"):
            assert holder(home, "recorder") == os.getpid()
