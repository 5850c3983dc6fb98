"""`dayreel key`: where the store's key is kept, a passphrase for it, a recovery file, another key."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from dayreel.asking import ask_new_passphrase
from dayreel.context import Context
from dayreel.locks import Role, hold
from dayreel.progress import Advance, progress
from timeline.errors import AlreadyRunning, KeyUnavailable, WrongUsage
from timeline.home import Home
from timeline.keys import Key, load_key
from timeline.safekeeping import changing, custody, login, unlocking
from timeline.safekeeping.belonging import Left
from timeline.safekeeping.key_file import Entry, InKeyring, KeyFile, Raw, Wrapped, read_key_file

_IN_KEYRING = "kept by the system's keyring: whoever is logged in to your desktop can read it"
_IN_FILE = (
    "kept in {file}, a file beside the data: it keeps out who copies the databases alone, not who reads your files"
)
_WRAPPED = "kept in {file}, of no use without your passphrase"
_STATES = {
    "none": "nothing has been recorded yet: the first recording makes a key",
    "lost": "lost: {file} is gone, and nothing of the store can be read without it; `dayreel key import FILE` brings it"
    " back from a recovery file",
    "damaged": "damaged: {file} cannot be read; `dayreel key import FILE` brings the key back from a recovery file",
}


@dataclass(frozen=True, slots=True)
class _Status:
    """What can be told of a key without asking anybody."""

    state: str
    kept_in: str | None = None
    entry: Entry | None = None
    detail: str = ""

    @property
    def remembered(self) -> bool:
        return isinstance(self.entry, Wrapped) and login.recall(self.entry) is not None


def run(context: Context, options: argparse.Namespace) -> int:
    """Carry out one action."""
    _settle_file(options)
    takes_file = options.action in ("export", "import")
    if takes_file != (options.file is not None):
        raise WrongUsage(f"`dayreel key {options.action}` takes {'a' if takes_file else 'no'} FILE.")
    for name, action in (("plain", "export"), ("remove", "passphrase")):
        if getattr(options, name) and options.action != action:
            raise WrongUsage(f"--{name} belongs to `dayreel key {action}`.")
    actions: dict[str, Callable[[Context, argparse.Namespace], int]] = {
        "status": _status, "passphrase": _passphrase, "unlock": _unlock, "lock": _lock,
        "export": _export, "import": _import, "rotate": _rotate,
    }  # fmt: skip
    return actions[options.action](context, options)


def _settle_file(options: argparse.Namespace) -> None:
    """Take FILE from where it stands: `export --plain FILE` gives it to the option, `export FILE --plain` does not."""
    if isinstance(options.plain, str):
        if options.plain and options.file is not None:
            raise WrongUsage("`dayreel key export` takes one FILE.")
        options.file = options.plain or options.file
    options.plain = options.plain not in (None, False)


def _status(context: Context, options: argparse.Namespace) -> int:
    del options
    now = _look(context.home)
    guarded = isinstance(now.entry, Wrapped)
    if context.as_json:
        cost = now.entry.cost if isinstance(now.entry, Wrapped) else None
        context.data(
            {
                "state": now.state,
                "kept_in": now.kept_in,
                "passphrase": guarded,
                "remembered": now.remembered,
                "argon2id": cost and {"memory_kib": cost.memory_kib, "passes": cost.passes, "lanes": cost.lanes},
                "detail": now.detail,
            }
        )
    else:
        context.say(f"Key: {now.detail}.")
        if guarded:
            context.say("This login remembers it." if now.remembered else "It is asked for when it is needed.")
    return KeyUnavailable.exit_code if now.state in ("lost", "damaged") else 0


def _look(home: Home) -> _Status:
    if not home.key_file.exists():
        state = "lost" if home.database.exists() else "none"
        return _Status(state, detail=_STATES[state].format(file=home.key_file))
    try:
        content = read_key_file(home)
    except KeyUnavailable:
        return _Status("damaged", detail=_STATES["damaged"].format(file=home.key_file))
    kept_in, told = _kept(content.entry)
    if content.new is not None:
        return _Status("changing", kept_in, content.entry, changing.sentence(home).removesuffix("."))
    return _Status("kept", kept_in, content.entry, told.format(file=home.key_file))


def _kept(entry: Entry) -> tuple[str, str]:
    if isinstance(entry, InKeyring):
        return "keyring", _IN_KEYRING
    return "file", _IN_FILE if isinstance(entry, Raw) else _WRAPPED


def _passphrase(context: Context, options: argparse.Namespace) -> int:
    with _alone(context.home):
        return _change_passphrase(context, options)


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    """Keep other changes of the key away while somebody types: they would be undone by what is written then."""
    if not home.key_file.exists():
        load_key(home)  # says why there is none
    if not os.access(home.root, os.W_OK):  # a backup that cannot be written: nobody changes the key there
        yield
        return
    with hold(home, "key"):
        yield


def _change_passphrase(context: Context, options: argparse.Namespace) -> int:
    home = context.home
    key = _proved(home)
    if options.remove:
        if key.kept_in != "passphrase":
            raise WrongUsage("No passphrase guards the key.")
        moved = custody.remove_passphrase(home, key)
        _, told = _kept(moved.entry)
        return _done(context, f"No passphrase guards the key any more; it is {told.format(file=home.key_file)}.")
    moved = custody.set_passphrase(home, key, ask_new_passphrase(f"A new passphrase for the key of {home.root}."))
    _tell_left(context, moved.left)
    where = "This login remembers it." if login.runtime_folder() else "Each command will ask for it."
    return _done(
        context,
        f"A passphrase guards the key now. {where} Who forgets it loses all that is recorded: `dayreel key export FILE`"
        " writes a recovery file.",
    )


def _proved(home: Home) -> Key:
    """Return the key; where a passphrase guards it, that is asked for even when the login remembers the key."""
    content = read_key_file(home) if home.key_file.exists() else None
    if content is not None and content.new is None and isinstance(content.entry, Wrapped):
        return Key(unlocking.ask_for(content.entry, str(home.root))[0], "passphrase")
    return load_key(home)


def _unlock(context: Context, options: argparse.Namespace) -> int:
    del options
    home = context.home
    load_key(home, say=context.talk)
    entry = changing.settled(home)
    if not isinstance(entry, Wrapped):
        return _done(context, "No passphrase guards the key.")
    if login.recall(entry) is None and not login.remember(entry, unlocking.unlocked(entry, str(home.root))):
        raise KeyUnavailable(
            "This login has no private folder in memory (XDG_RUNTIME_DIR) to remember the key in: each command asks."
        )
    return _done(context, "The key is unlocked until you log out, or until `dayreel key lock`.")


def _lock(context: Context, options: argparse.Namespace) -> int:
    del options
    content = read_key_file(context.home) if context.home.key_file.exists() else KeyFile(Raw(b""))
    guarded = [entry for entry in (content.entry, content.new) if isinstance(entry, Wrapped)]
    if not guarded:
        return _done(context, "No passphrase guards the key: there is nothing to lock.")
    forgotten = [unlocking.forget(entry) for entry in guarded]
    told = "This login has forgotten the key." if any(forgotten) else "This login did not remember the key."
    return _done(context, f"{told} A recorder that runs keeps its own until `dayreel stop`.")


def _export(context: Context, options: argparse.Namespace) -> int:
    home, file = context.home, Path(options.file).absolute()
    if not file.parent.is_dir():
        raise WrongUsage(f"There is no folder {file.parent}: make it, or name another file.")
    if os.path.lexists(file):
        raise WrongUsage(f"{file} is there already: name another file.")
    with _alone(home):
        return _write_out(context, options, home, file)


def _write_out(context: Context, options: argparse.Namespace, home: Home, file: Path) -> int:
    key = _proved(home)
    passphrase = None if options.plain else ask_new_passphrase(f"A passphrase for the recovery file {file}.")
    custody.export_key(home, key, file, passphrase)
    kept = "whoever has it can read everything" if options.plain else "of no use without its passphrase"
    return _done(context, f"{file} holds the key, {kept}. Keep it away from this machine.")


def _import(context: Context, options: argparse.Namespace) -> int:
    home, file = context.home, Path(options.file).absolute()
    custody.check_import(home, file)  # before a role is held, which makes the folders of a home
    with ExitStack() as roles:
        _hold_all(home, roles)
        moved = custody.import_key(home, file)
    _, told = _kept(moved.entry)
    _tell_left(context, moved.left)
    if moved.put_aside is not None:
        context.talk(
            f"The key file that was there is kept as {moved.put_aside}: it may hold another key, which other files"
            " need. Remove it when everything can be read."
        )
    return _done(context, f"The key is back: {told.format(file=home.key_file)}. No passphrase guards it.")


def _rotate(context: Context, options: argparse.Namespace) -> int:
    del options
    from timeline.safekeeping.rotation import rotate

    home = context.home
    if not home.key_file.exists():
        load_key(home)  # says what is missing
    with _told_when_stopped(context), ExitStack() as roles:
        shown: list[Advance] = []

        def advance(done: int, total: int) -> None:
            if not shown:  # not before: a passphrase may be asked for, and the bar would draw over the question
                shown.append(roles.enter_context(progress("writing everything anew")))
            shown[0](done, total)

        _hold_all(home, roles)
        rotated = rotate(home, advance)
    if rotated.damaged:
        context.talk(f"{rotated.damaged} files were damaged before; what could be read of them is kept.")
    context.talk(f"The new key is {_kept(rotated.entry)[1].format(file=home.key_file)}.")
    _tell_left(context, rotated.left)
    if rotated.put_aside is not None:
        context.talk(
            f"Damaged segments are still of the old key, which {rotated.put_aside} keeps for them: remove that file"
            " when you do not hope to mend them."
        )
    context.talk(
        "Recovery files made before open only copies (backups) made before: `dayreel key export FILE` writes a new one."
    )
    if context.as_json:
        context.data({"files": rotated.files, "damaged": rotated.damaged})
    else:
        stays = rotated.left or rotated.put_aside
        context.say(
            f"Everything ({rotated.files} files) is encrypted with a new key; the old one is"
            f" {'still kept, as said above' if stays else 'gone'}."
        )
    return 0


@contextmanager
def _told_when_stopped(context: Context) -> Iterator[None]:
    """Say what has become of the store when somebody presses Ctrl-C."""
    try:
        yield
    except KeyboardInterrupt:
        with suppress(KeyUnavailable):  # it cannot be read: the next command says so
            if read_key_file(context.home).new is not None:
                context.talk(changing.sentence(context.home))
        raise


def _tell_left(context: Context, left: Left | None) -> None:
    if left is not None:
        context.talk(left.sentence())


def _hold_all(home: Home, roles: ExitStack) -> None:
    """Take every role of a home, so that nothing writes to it.  Raises AlreadyRunning."""
    try:
        for role in get_args(Role):
            roles.enter_context(hold(home, role))
    except AlreadyRunning as error:
        raise AlreadyRunning(f"{error} The key is changed while nothing runs: `dayreel stop`, then again.") from error


def _done(context: Context, sentence: str) -> int:
    if context.as_json:
        context.talk(sentence)
        context.data({"done": True})
    else:
        context.say(sentence)
    return 0
