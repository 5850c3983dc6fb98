"""Where the background processes write their log: a private file in the home, bounded in size.

Never holds text of the screen, titles or keys: modules log counts, durations and classes of errors only.
"""

from __future__ import annotations

import logging
import os
from logging.handlers import RotatingFileHandler

from timeline.home import FILE_MODE, Home

MOST_BYTES = 1_000_000  # a file; one older one is kept beside it
FORMAT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"


def log_to_home(home: Home, level: int = logging.INFO) -> None:
    """Send this process's log to the home's log file."""
    home.create()
    os.close(os.open(home.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, FILE_MODE))
    handler = RotatingFileHandler(home.log, maxBytes=MOST_BYTES, backupCount=1, encoding="utf-8")
    logging.basicConfig(level=level, format=FORMAT, handlers=[handler], force=True)
