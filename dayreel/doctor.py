"""The checks of `dayreel doctor`: each part tried for real, with what to do when it does not work.

Owns the list of checks.  A check returns a finding and changes nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from dayreel.agreed_hosts import AgreedHosts
from dayreel.answering import endpoints_of, why_no_endpoint
from dayreel.embedders import embedder_factory
from dayreel.settings import Settings, load_settings
from dayreel.upgrading import is_older
from timeline.errors import DayreelError, NoScreen, SettingsWrong
from timeline.home import LEAST_FREE_BYTES, Home
from timeline.surroundings import faults, loose, synced_warning

State = Literal["ok", "warning", "broken"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, and what to do about it ('' when nothing)."""

    check: str
    state: State
    detail: str
    mend: str = ""


def examine(home: Home) -> Iterator[Finding]:
    """Yield one finding after the other."""
    try:
        settings = load_settings(home.settings)
        yield Finding("settings", "ok", str(home.settings) if home.settings.exists() else "defaults")
    except SettingsWrong as error:
        settings = Settings()
        yield Finding("settings", "broken", str(error), f"mend {home.settings}")
    checks: tuple[tuple[str, Callable[[Home, Settings], Finding]], ...] = (
        ("folder", _folder),
        ("key", _key),
        ("store", _store),
        ("index", _index),
        ("screen", _screen),
        ("windows", _windows),
        ("video", _video),
        ("reading", _reading),
        ("meaning", _meaning),
        ("endpoint", _endpoint),
    )
    for name, check in checks:
        try:
            yield check(home, settings)
        except DayreelError as error:
            yield Finding(name, "broken", str(error), "see the sentence before")


def _folder(home: Home, settings: Settings) -> Finding:
    del settings
    for fault in faults(home.root):
        return Finding("folder", "broken", fault, "nothing is recorded there until then")
    if not home.root.exists():
        return Finding("folder", "warning", f"{home.root} does not exist yet", "dayreel record makes it")
    for path in loose(home.root):
        mode = "700" if path.is_dir() else "600"
        return Finding("folder", "warning", f"{path} can be read or changed by others", f"chmod {mode} {path}")
    synced = synced_warning(home.root)
    if synced is not None:
        return Finding("folder", "warning", synced, "move it, or leave it out of what is copied")
    free = shutil.disk_usage(home.root).free
    if free < LEAST_FREE_BYTES:
        return Finding("folder", "warning", f"only {free // 1_000_000} MB are free", "free some space")
    return Finding("folder", "ok", f"{home.root}, {free // 1_000_000_000} GB free")


def _key(home: Home, settings: Settings) -> Finding:
    del settings
    from timeline.keys import load_key

    if not home.key_file.exists() and not home.database.exists():
        return Finding("key", "warning", "none yet", "dayreel record makes it")
    kept_in = load_key(home).kept_in
    if kept_in == "keyring":
        return Finding("key", "ok", "kept in the system's keyring")
    if kept_in == "passphrase":
        return Finding("key", "ok", f"kept in the file {home.key_file}, guarded by a passphrase")
    return Finding("key", "ok", f"kept in the file {home.key_file}, readable by its owner only; no keyring is used")


def _store(home: Home, settings: Settings) -> Finding:
    del settings
    from timeline.keys import load_key
    from timeline.reader import Reader

    if not home.database.exists():
        return Finding("store", "warning", "empty", "dayreel record, or dayreel import")
    key = load_key(home)
    if is_older(home, key):
        return Finding("store", "warning", "of an older version", "dayreel status brings it up to date")
    with Reader.open(home, key) as reader:
        (sound,) = reader.db.execute("PRAGMA quick_check").fetchone()
        counts = reader.counts()
    if sound != "ok":
        return Finding("store", "broken", f"{home.database} is damaged", "restore it from a backup")
    if counts.failed:
        return Finding("store", "warning", f"{counts.failed} frames could not be read", f"see {home.log}")
    return Finding("store", "ok", f"{counts.frames} frames, {counts.pending} waiting to be read")


def _index(home: Home, settings: Settings) -> Finding:
    del settings
    if home.database.exists() and not home.index_database.exists():
        return Finding("index", "warning", "missing", "dayreel work builds it anew")
    return Finding("index", "ok", "present" if home.index_database.exists() else "none yet")


def _screen(home: Home, settings: Settings) -> Finding:
    del home, settings
    from recorder.screen import Screen
    from timeline.clock import SystemClock

    try:
        with Screen(SystemClock()) as screen:
            monitors = screen.monitors()
            grabbed = [screen.grab(monitor) for monitor in monitors]
    except NoScreen as error:
        return Finding("screen", "warning", str(error), "run it inside a desktop session")
    if any(one is None for one in grabbed):
        return Finding("screen", "warning", "a monitor changed while it was grabbed", "run doctor again")
    return Finding("screen", "ok", ", ".join(f"{one.width}x{one.height}" for one in monitors))


def _windows(home: Home, settings: Settings) -> Finding:
    del home
    from dayreel.recorder_process import gate_of
    from recorder.documents.accessibility import Accessibility
    from recorder.windows import Windows

    gate_of(settings)
    try:
        with Windows() as windows:
            seen = len(windows.look())
    except NoScreen as error:
        return Finding("windows", "warning", str(error), "run it inside an X11 desktop session")
    with Accessibility() as accessibility:
        told = accessibility.answers()
    if settings.privacy.urls and not told:
        return Finding(
            "windows",
            "warning",
            "accessibility is off: a browser tells the address of a page only where its debugging port is open",
            "name the titles of pages in privacy.titles as well, or switch accessibility on",
        )
    return Finding("windows", "ok", f"{seen} windows can be told apart, and which has the focus")


def _video(home: Home, settings: Settings) -> Finding:
    del home, settings
    import secrets
    import tempfile
    from pathlib import Path

    import numpy as np

    from timeline.keys import KEY_BYTES
    from timeline.video import SegmentReader, SegmentWriter

    picture, secret = np.full((64, 64, 3), 200, dtype=np.uint8), secrets.token_bytes(KEY_BYTES)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "probe.mp4.sealed"
        with SegmentWriter.create(path, secret, 64, 64, 0) as writer:
            pts = writer.write(picture, 0)
        with SegmentReader(path, secret, 64, 64) as reader:
            level = float(reader.picture(pts).mean())
    if abs(level - 200) > 3:  # grey levels; a wrong colour range shifts by 8 and more
        return Finding("video", "broken", "what is decoded is not what was encoded", "reinstall the package av")
    return Finding("video", "ok", "H.264 is written, sealed and read")


def _reading(home: Home, settings: Settings) -> Finding:
    del home
    from ocr.engines import choose_engine, installed_engines, why

    chosen = settings.ocr.engine, settings.ocr.languages
    choose_engine(*chosen)
    engines = installed_engines(settings.ocr.languages)
    states = "; ".join(f"{one.name} {'ready' if one.available else one.reason}" for one in engines)
    return Finding("reading", "ok", f"{why(*chosen)} ({states})")


def _meaning(home: Home, settings: Settings) -> Finding:
    del home
    factory = embedder_factory(settings.index.embedder)
    if factory is None:
        return Finding("meaning", "warning", "search by meaning is switched off", "set index.embedder")
    embedder = factory()
    embedder.embed(["a short text"])
    return Finding("meaning", "ok", f"{embedder.name}, {embedder.dimension} dimensions")


def _endpoint(home: Home, settings: Settings) -> Finding:
    endpoints = endpoints_of(settings.assistant)
    if not endpoints:
        return Finding("endpoint", "warning", why_no_endpoint(settings.assistant), "set them to have answers worded")
    hosts = AgreedHosts(home)
    told = ", then ".join(f"{one.model} at {one.host}" for one in endpoints)
    if not any(map(hosts.may_have, endpoints)):
        mend = "run `dayreel ask` in a terminal, which asks whether it may"
        return Finding("endpoint", "warning", f"{told}: nobody has agreed that text of the screen goes there", mend)
    return Finding("endpoint", "ok", told)
