"""Changing one setting in config.toml, the rest of the file as its owner wrote it.

Owns the finding of the line and the form of a value; what a value may be is dayreel.settings' to say: the changed file
is read by it before it takes the place of the old one.  Called by the terminal interface.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from pathlib import Path

from dayreel.settings import Settings, load_settings
from timeline.errors import SettingsWrong
from timeline.home import FILE_MODE

_SECTION = re.compile(r"\s*\[([^\[\]]+)\]\s*(?:#.*)?")


def change_setting(path: Path, name: str, said: str) -> None:
    """Write a setting, given as a person types it, into the file.

    Raises SettingsWrong, with nothing written, when it cannot be that or the file holds it in a form that is not one
    line.
    """
    section, _, key = name.partition(".")
    value = toml_value(said, getattr(getattr(Settings(), section), key))
    try:
        before = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        before = ""
    _replace(path, with_setting(before, section, key, value))


def toml_value(said: str, default: object) -> str:
    """Return what was typed as TOML: a number, a list (parted by commas) or a text, as its default is."""
    if isinstance(default, bool | int | float):
        return said.strip()
    if isinstance(default, tuple):
        return json.dumps([part.strip() for part in said.split(",") if part.strip()], ensure_ascii=False)
    return json.dumps(said, ensure_ascii=False)


def with_setting(text: str, section: str, key: str, value: str) -> str:
    """Return the text of a settings file with one value in it, in its line, else as a new one of its section."""
    lines = text.splitlines()
    inside, last = False, None
    wanted = re.compile(rf"(\s*{re.escape(key)}\s*=\s*)")
    for number, line in enumerate(lines):
        heading = _SECTION.fullmatch(line)
        if heading is not None:
            inside = heading[1].strip() == section
        if inside:
            found = wanted.match(line)
            if found is not None:
                lines[number] = f"{found[1]}{value}"
                return "\n".join(lines) + "\n"
            last = number if line.strip() else last
    if last is None:
        return "\n".join([*lines, *([""] if lines else []), f"[{section}]", f"{key} = {value}"]) + "\n"
    lines.insert(last + 1, f"{key} = {value}")
    return "\n".join(lines) + "\n"


def _replace(path: Path, text: str) -> None:
    """Put a text in place of the file once it proves to be settings that can be used."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".config-", suffix=".toml")
    fresh = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as output:
            os.fchmod(output.fileno(), FILE_MODE)
            output.write(text)
            output.flush()
            os.fsync(output.fileno())
        try:
            load_settings(fresh, {})
        except SettingsWrong as error:
            raise SettingsWrong(str(error).replace(str(fresh), str(path))) from None
        fresh.replace(path)  # COMMIT POINT
    finally:
        fresh.unlink(missing_ok=True)
