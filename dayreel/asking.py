"""Asking a person: a passphrase on the terminal or by pinentry, yes or no, a word to type.

Owns the terminal's prompts and the talk with pinentry (the Assuan protocol of GnuPG).  Never reads a passphrase from
arguments, the environment or standard input.  Installed by the command line; child processes never ask.
"""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import sys
from urllib.parse import unquote

from timeline.errors import KeyUnavailable, WrongUsage

PINENTRY = "pinentry"  # the system's choice among its kinds
PINENTRY_S = 300.0  # a window that nobody answers is given up


def ask_passphrase(why: str) -> str:
    """Return what somebody typed, unseen.  Raises KeyUnavailable when nobody can be asked, or does not want to."""
    if has_terminal():
        return _on_terminal(why, "Passphrase: ")
    if _has_desktop() and (program := shutil.which(PINENTRY)) is not None:
        return _by_pinentry(program, why)
    raise KeyUnavailable(
        f"{why} There is no terminal to ask for it: run this in one (`dayreel key unlock` serves the whole login)."
    )


def ask_new_passphrase(why: str) -> str:
    """Return a new passphrase, typed twice.  Raises WrongUsage when the two differ, KeyUnavailable as above."""
    passphrase = ask_passphrase(why)
    if ask_passphrase("Once more, to be sure.") != passphrase:
        raise WrongUsage("The two passphrases differ: nothing was changed.")
    return passphrase


def has_terminal() -> bool:
    """Tell whether this process has a terminal of its own, wherever its input and output go."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC))
    except OSError:
        return False
    return True


def typed(question: str) -> str:
    """Return what somebody answers on standard input, which is a terminal; '' at its end."""
    sys.stderr.write(question)
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def agrees(question: str) -> bool:
    """Ask for a yes or no on standard input, which is a terminal, and tell whether it was yes."""
    return typed(f"{question} [y/N] ").casefold() in ("y", "yes", "是", "好")


def _on_terminal(why: str, prompt: str) -> str:
    try:
        return getpass.getpass(f"{why}\n{prompt}")
    except EOFError as error:
        raise KeyUnavailable("No passphrase was typed.") from error


def _has_desktop() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _by_pinentry(program: str, why: str) -> str:
    """Return what pinentry was told.  It answers in lines: OK, ERR with a reason, D with data, percent-encoded."""
    commands = f"SETTITLE dayreel\nSETDESC {_escaped(why)}\nSETPROMPT Passphrase\nGETPIN\nBYE\n"
    try:
        done = subprocess.run(
            [program], input=commands.encode(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            timeout=PINENTRY_S, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise KeyUnavailable(f"{why} {PINENTRY} could not ask for it: `dayreel key unlock` in a terminal.") from error
    for line in done.stdout.splitlines():
        if line.startswith(b"D "):
            return unquote(line[2:].decode(errors="replace"))
    raise KeyUnavailable(f"{why} It was not given: `dayreel key unlock` in a terminal asks again.")


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
