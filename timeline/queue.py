"""The reading jobs: one for each frame, from `waiting` over `leased` and `read` to `done`, or `failed`.

Owns the states of jobs.  One worker at a time takes jobs (it holds the home's worker lock), so a lease that is found
when a worker starts was left by one that was killed.
"""

from __future__ import annotations

from dataclasses import dataclass

from timeline.database import transaction
from timeline.writer import Writer

MOST_FAILURES = 3  # a frame that cannot be read this often is set aside
MOST_CRASHES = 3  # so is one whose reader crashed, having taken it this often
MOST_KILLS = 6  # and one whose reader was killed this often: most are killed by something else than the frame
CRASHED = "the reader was killed by it"
_OPEN = "state != 'done'"  # said in each statement, since only then SQLite takes the small index of open jobs


@dataclass(frozen=True, slots=True)
class Job:
    """A frame to be read."""

    frame_id: int


class Queue:
    """Hands out the oldest frame that is still to be read."""

    def __init__(self, writer: Writer) -> None:
        self._db = writer.db

    def recover(self, *, crashed: bool = False) -> None:
        """Give back what a worker that died had taken; set aside what was being read at too many deaths.

        `crashed`: the last one died by a fault of its own, as far as its supervisor could see.
        """
        with transaction(self._db):
            self._db.conn.execute(
                f"UPDATE jobs SET state = 'failed', error = '{CRASHED}'"
                f" WHERE state = 'leased' AND {_OPEN} AND attempts >= ?",
                [MOST_CRASHES if crashed else MOST_KILLS],
            )
            self._db.conn.execute(f"UPDATE jobs SET state = 'waiting' WHERE state = 'leased' AND {_OPEN}")

    def take(self) -> Job | None:
        """Lease the oldest waiting frame; None when nothing waits."""
        with transaction(self._db):
            row = self._db.conn.execute(
                "UPDATE jobs SET state = 'leased', attempts = attempts + 1 WHERE frame_id ="
                f" (SELECT frame_id FROM jobs WHERE state = 'waiting' AND {_OPEN} ORDER BY frame_id LIMIT 1)"
                " RETURNING frame_id"
            ).fetchall()
        return Job(*row[0]) if row else None

    def give_back(self, job: Job) -> None:
        """Let a job wait again, as if it had not been taken: what stopped it has nothing to do with the frame."""
        with transaction(self._db):
            self._db.conn.execute(
                "UPDATE jobs SET state = 'waiting', attempts = max(0, attempts - 1) WHERE frame_id = ?", [job.frame_id]
            )

    def fail(self, job: Job, error: str) -> None:
        """Let a job be tried again, or set it aside with the kind of the error when it failed too often."""
        with transaction(self._db):
            self._db.conn.execute(
                "UPDATE jobs SET failures = failures + 1, attempts = max(0, attempts - 1), error = ?,"
                " state = CASE WHEN failures + 1 >= ? THEN 'failed' ELSE 'waiting' END WHERE frame_id = ?",
                [error, MOST_FAILURES, job.frame_id],
            )

    def finish_read(self) -> int:
        """Mark all frames whose text is kept as searchable, once the indexes have caught up; return how many."""
        with transaction(self._db):
            return int(
                self._db.conn.execute(f"UPDATE jobs SET state = 'done' WHERE state = 'read' AND {_OPEN}").rowcount
            )

    def release_spooled(self) -> list[str]:
        """Forget the spool entries of frames that are read, and return their names for removal."""
        with transaction(self._db):
            rows = self._db.conn.execute(
                "SELECT f.id, f.spool_name FROM frames f JOIN jobs j ON j.frame_id = f.id"
                " WHERE f.spool_name IS NOT NULL AND j.state IN ('read', 'done')"
            ).fetchall()
            self._db.conn.executemany("UPDATE frames SET spool_name = NULL WHERE id = ?", [row[:1] for row in rows])
        return [name for _, name in rows]

    def spooled(self) -> set[str]:
        """Return the names of all spool entries that a frame still needs."""
        return {name for (name,) in self._db.conn.execute("SELECT spool_name FROM frames WHERE spool_name IS NOT NULL")}
