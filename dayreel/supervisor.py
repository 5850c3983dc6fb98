"""The supervisor: starts the recorder's and the worker's process, starts again the one that dies, ends both.

Owns the two processes and nothing else; it never grabs, reads or opens the store.  The recorder's process inherits the
home's recorder lock: should the supervisor be killed, the lock stands until that process has closed its segments.
"""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field

from dayreel.child import CRASHED, END
from timeline.errors import DayreelError
from timeline.home import Home
from timeline.safekeeping.handing import handing

log = logging.getLogger(__name__)

LOOK_S = 0.25  # between two looks at the children
RESTART_WAIT_S = 2.0  # before a child that died is started again
MOST_DEATHS = 5  # of one child within DEATHS_WITHIN_S: then it is given up
DEATHS_WITHIN_S = 300.0
CRASHES = (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL, signal.SIGFPE)
END_WAIT_S = 8.0  # for both children to end by themselves; then they are killed (recording promises 10 s)


@dataclass
class Child:
    """One process and its recent deaths (seconds of the monotonic clock)."""

    module: str
    process: subprocess.Popen[bytes] | None = None
    inherits: tuple[int, ...] = ()
    """The open files it is given."""
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_DEATHS))
    start_again_at: float = 0.0
    crashed: bool = False
    """Whether the last one died by a fault of its own."""

    def failed_too_often(self, now: float) -> bool:
        """Tell whether it died MOST_DEATHS times in a short while."""
        return len(self.deaths) == MOST_DEATHS and now - self.deaths[0] < DEATHS_WITHIN_S


class Supervisor:
    """Keeps a recorder and a worker running on one home."""

    def __init__(self, home: Home, lock: int | None = None) -> None:
        """`lock`: the descriptor of the recorder lock, held by the caller."""
        self._home = home
        self._recorder = Child("dayreel.recorder_process", inherits=() if lock is None else (lock,))
        self._worker = Child("dayreel.worker_process")

    def run(self, stop: threading.Event) -> int:
        """Run until `stop` is set or the recorder cannot go on; return the exit code.

        A recorder that ends with an error of ours (no screen, say) ends the recording; one that was killed is started
        again, but not for ever.  A worker that dies never ends the recording.
        """
        try:
            while not stop.wait(LOOK_S):
                code = self._look_after(self._recorder)
                if code is not None:
                    return code
                self._look_after(self._worker)
            return 0
        finally:
            self._end()

    def _look_after(self, child: Child) -> int | None:
        """Start a child when it does not run; return an exit code when it must not be started again."""
        now = time.monotonic()
        if child.process is None:
            if now >= child.start_again_at:
                child.process = self._start(child)
            return None
        code = child.process.poll()
        if code is None:
            return None
        _close_pipe(child.process)
        child.process, child.crashed = None, -code in CRASHES
        child.deaths.append(now)
        child.start_again_at = now + RESTART_WAIT_S
        log.warning("%s ended with %d", child.module, code)
        if child.failed_too_often(now):
            log.error("%s died %d times and is left alone for a while", child.module, MOST_DEATHS)
            child.start_again_at = now + DEATHS_WITHIN_S
            return max(code, DayreelError.exit_code)
        return code if code > DayreelError.exit_code else None

    def _start(self, child: Child) -> subprocess.Popen[bytes]:
        # The open pipe is what tells a child that its supervisor lives.
        with handing(self._home) as handed:
            return subprocess.Popen(
                [sys.executable, "-m", child.module, "--home", str(self._home.root)],
                stdin=subprocess.PIPE,
                env={**handed.environment, CRASHED: "1"} if child.crashed else handed.environment,
                pass_fds=(*child.inherits, *handed.descriptors),
            )

    def _end(self) -> None:
        running = [child.process for child in (self._recorder, self._worker) if child.process is not None]
        for process in running:
            _close_pipe(process)
        deadline = time.monotonic() + END_WAIT_S
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.warning("process %d did not end in time and was killed", process.pid)
                process.kill()
                process.wait()


def _close_pipe(process: subprocess.Popen[bytes]) -> None:
    """Tell a child that its supervisor has done with it."""
    if process.stdin is not None:
        with suppress(BrokenPipeError):  # it has ended before
            process.stdin.write(END)
            process.stdin.flush()
        with suppress(BrokenPipeError):
            process.stdin.close()
