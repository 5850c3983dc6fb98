"""What every command is given: the home, the clock, the settings, and where it talks.

Owns the opening of the home's key and the two streams: stdout is data, stderr is talk.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from dayreel.settings import Settings, load_settings
from timeline.clock import Clock
from timeline.home import Home


@dataclass
class Context:
    """One run of the command line."""

    home: Home
    clock: Clock
    as_json: bool

    @cached_property
    def settings(self) -> Settings:
        """The settings in force, read when a command first asks."""
        return load_settings(self.home.settings, os.environ)

    def data(self, value: Any) -> None:
        """Write the command's JSON value."""
        sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")

    def say(self, sentence: str) -> None:
        """Write a line of the command's result for a person."""
        sys.stdout.write(sentence + "\n")

    def talk(self, sentence: str) -> None:
        """Write a line beside the result."""
        sys.stderr.write(sentence + "\n")


def default_home() -> Path:
    """Return DAYREEL_HOME, else the platform's user data folder."""
    named = os.environ.get("DAYREEL_HOME")
    if named:
        return Path(named)
    import platformdirs

    return Path(platformdirs.user_data_dir("dayreel", appauthor=False))
