"""Every error that a user can meet, each with the exit code of its class.

    DayreelError                1   failed
    +-- WrongUsage              2   arguments that cannot be understood
    +-- NothingFound            3   nothing matches
    +-- NoScreen                4   no display, or one that cannot be grabbed
    +-- UnreadablePicture       5   a file that is no picture or video, or is damaged
    +-- StoreUnusable           6   a database that is not ours, is damaged or is of a newer version
    +-- KeyUnavailable          7   the key of the store is missing, locked or wrong
    +-- DiskFull                8   no room left for what had to be written
    +-- AlreadyRunning          9   another recorder or worker holds this home
    +-- PartMissing            10   an OCR engine, a model or a program that is not installed
    +-- EndpointFailed         11   the language model's endpoint did not answer
    +-- SettingsWrong          12   an unknown key or a bad value in the settings

A message is one sentence or two: what happened, to what, and what to do next.  It never holds text of the screen.
"""

from __future__ import annotations


class DayreelError(Exception):
    """The base of every error shown to a user."""

    exit_code = 1


class WrongUsage(DayreelError):
    """Arguments that cannot be understood."""

    exit_code = 2


class NothingFound(DayreelError):
    """Nothing matches what was asked for."""

    exit_code = 3


class NoScreen(DayreelError):
    """There is no display, or it cannot be grabbed."""

    exit_code = 4


class UnreadablePicture(DayreelError):
    """A file is no picture or video, or is damaged."""

    exit_code = 5


class UnreadableNow(UnreadablePicture):
    """A file cannot be read at the moment, for a reason that lies with the machine: it may be sound."""


class StoreUnusable(DayreelError):
    """The database is not ours, is damaged, or was written by a newer version."""

    exit_code = 6


class KeyUnavailable(DayreelError):
    """The key of the store is missing, locked or wrong."""

    exit_code = 7


class DiskFull(DayreelError):
    """There was no room left for what had to be written."""

    exit_code = 8


class AlreadyRunning(DayreelError):
    """Another recorder or worker holds this home."""

    exit_code = 9


class PartMissing(DayreelError):
    """An OCR engine, a model or a system program is not installed."""

    exit_code = 10


class EndpointFailed(DayreelError):
    """The language model's endpoint did not answer as it should."""

    exit_code = 11


class SettingsWrong(DayreelError):
    """The settings hold an unknown key or a value that cannot be used."""

    exit_code = 12
