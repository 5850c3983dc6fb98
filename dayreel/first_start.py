"""What somebody is told before their screen is recorded for the first time: what, where, for whom, and how to say no.

Owns these six lines and when they are said: once, before a home has a key.  Called by `record` and `start`.
"""

from __future__ import annotations

from dayreel.context import Context

_LINES = (
    "dayreel is about to record this screen for the first time:",
    "  what     pictures of the screen whenever it changes, the text in them, and the names of windows",
    "  where    {root}, encrypted; the key is kept in {keeper}",
    "  who      nobody but you: nothing leaves this machine, except what `dayreel ask` sends to a model you name",
    "  exclude  applications and titles under [privacy] in {settings}; no password manager or private window",
    "  stop     `dayreel pause 30m` looks away, `dayreel forget --last 10m` removes for good, `dayreel stop` ends",
)


def tell_at_first_start(context: Context) -> None:
    """Say on stderr what will be recorded, unless something was before, or a program asks (--json)."""
    home = context.home
    if context.as_json or home.key_file.exists() or home.database.exists():
        return
    from timeline.safekeeping.system_keyring import trusted_keyring

    keeper = "a file there, readable by you alone" if trusted_keyring() is None else "the system's keyring"
    for line in _LINES:
        context.talk(line.format(root=home.root, keeper=keeper, settings=home.settings))
