"""What somebody is told before their screen is recorded for the first time: what, where, for whom, and how to say no.

Owns these six lines and when they are said: once, before a home has a key.  Called by `record` and `start`, which say
them, and by dayreel.services, which hands them to the interface.
"""

from __future__ import annotations

from dayreel.context import Context
from timeline.home import Home

_HEAD = "dayreel is about to record this screen for the first time:"
_ROWS = (
    ("what", "pictures of the screen whenever it changes, the text in them, and the names of windows"),
    ("where", "{root}, encrypted; the key is kept in {keeper}"),
    ("who", "nobody but you: nothing leaves this machine, except what `dayreel ask` sends to a model you name"),
    ("exclude", "applications and titles under [privacy] in {settings}; no password manager or private window"),
    ("stop", "`dayreel pause 30m` looks away, `dayreel forget --last 10m` removes for good, `dayreel stop` ends"),
)


def tell_at_first_start(context: Context) -> None:
    """Say on stderr what will be recorded, unless something was before, or a program asks (--json)."""
    if context.as_json or context.home.begun:
        return
    context.talk(_HEAD)
    for word, meaning in first_start_rows(context.home):
        context.talk(f"  {word:<9}{meaning}")


def first_start_rows(home: Home) -> tuple[tuple[str, str], ...]:
    """Return what is to be told, each row a word and what it means; none when something was recorded before."""
    if home.begun:
        return ()
    from timeline.safekeeping.system_keyring import trusted_keyring

    keeper = "a file there, readable by you alone" if trusted_keyring() is None else "the system's keyring"
    return tuple(
        (word, meaning.format(root=home.root, keeper=keeper, settings=home.settings)) for word, meaning in _ROWS
    )
