"""The settings: one typed tree, each value with where it comes from.  File < environment < command line.

Owns the names, the defaults and the checks; the file is `config.toml` in the home.  docs/settings.md lists every field.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from dayreel.ages import age_s
from dayreel.sizes import size_bytes
from timeline.errors import SettingsWrong


def _setting(
    default: Any,
    help_: str,
    env: str | None = None,
    choices: tuple[str, ...] = (),
    bounds: tuple[float, float] = (0, 0),
    *,
    size: str | None = None,
    pattern: bool = False,
    kinds: bool = False,
    age: bool = False,
) -> Any:
    """Return a dataclass field that knows its help, its environment variable and what it may be.

    `size`: it is a size, and the least one.  `pattern`: each text of the list is a regular expression.  `kinds`: the
    list names kinds of secrets.  `age`: it is how old something may become, and in a list whose.
    """
    about = {"help": help_, "env": env, "choices": choices, "bounds": bounds, "size": size, "pattern": pattern}
    return field(default=default, metadata={**about, "kinds": kinds, "age": age})


@dataclass(frozen=True, slots=True)
class RecorderSettings:
    """[recorder]"""

    interval_s: float = _setting(2.0, "seconds between two pictures of a region that keeps moving", bounds=(0.2, 60))
    trigger: str = _setting("auto", "what tells that the screen changed", choices=("auto", "damage", "poll"))
    poll_s: float = _setting(
        1.0, "seconds between two looks where the screen does not tell of changes", bounds=(0.2, 60)
    )
    idle_minutes: float = _setting(
        5.0, "minutes without input until nothing more is recorded; 0 is never", bounds=(0, 1440)
    )
    encoder: str = _setting("x264", "what encodes the video: auto tries the graphics card", choices=("x264", "auto"))


@dataclass(frozen=True, slots=True)
class StorageSettings:
    """[storage]"""

    budget: str = _setting(
        "50 GB", 'how much room the home may take, like "50 GB"; "" is as much as there is', size="100 kB"
    )
    spool: str = _setting("500 MB", 'how much room unread pictures may take; "" is no limit', size="1 MB")
    reencode: str = _setting("auto", "make older video smaller while the machine is idle", choices=("auto", "off"))

    @property
    def budget_bytes(self) -> int | None:
        """How many bytes the home may take; None where there is no limit."""
        return size_bytes(self.budget)

    @property
    def spool_bytes(self) -> int | None:
        """How many bytes the spool may take; None where there is no limit."""
        return size_bytes(self.spool)


@dataclass(frozen=True, slots=True)
class PrivacySettings:
    """[privacy]"""

    apps: tuple[str, ...] = _setting((), "applications never kept, beside password managers (names or globs)")
    titles: tuple[str, ...] = _setting(
        (), "regular expressions of titles never kept, beside private browser windows", pattern=True
    )
    urls: tuple[str, ...] = _setting((), "addresses of pages never kept, like *://*.bank.com/*")
    secrets: tuple[str, ...] = _setting(
        ("all",),
        'secrets hidden in what is recorded: "all", "none", or a list of kinds, -KIND leaving one out',
        kinds=True,
    )

    @property
    def secret_kinds(self) -> frozenset[str]:
        """The names of the kinds of secrets that are hidden."""
        from timeline.secrets.kinds import KINDS  # the rules behind it cost 60 ms, which few commands need

        kinds, known = set[str](), {kind.name for kind in KINDS}
        for number, name in enumerate(self.secrets):
            if name == "all" or (number == 0 and name.startswith("-")):
                kinds |= known
            kinds -= {name.removeprefix("-")} if name.startswith("-") else set()
            kinds |= {name} & known
        return frozenset(kinds)


@dataclass(frozen=True, slots=True)
class RetentionSettings:
    """[retention]"""

    pixels: str = _setting("", 'how old pictures may become, like "30 days"; "" is as old as there is room', age=True)
    text: str = _setting("", 'how old anything may become, like "1 year"; "" is for ever', age=True)
    apps: tuple[str, ...] = _setting((), 'how old single applications may become, like "Slack: 1 day"', age=True)


ENGINES = ("auto", "rapidocr", "rapidocr-small", "faster-paddle", "tesserocr", "tesseract", "vision", "windows")


@dataclass(frozen=True, slots=True)
class OcrSettings:
    """[ocr]"""

    engine: str = _setting("auto", "what reads the frames", choices=ENGINES)
    languages: tuple[str, ...] = _setting(
        (), 'languages on the screen, as Tesseract names them, like "deu" or "jpn"; none: English and Chinese'
    )
    least_battery: int = _setting(
        15, "percent of a battery that is being emptied, below which reading waits; 0 is never", bounds=(0, 100)
    )
    when_busy: str = _setting("read", "while other tasks wait for a processor: read, or wait", choices=("read", "wait"))


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """[index]"""

    embedder: str = _setting("use", "search by meaning: use, none, or sentence-transformers/NAME of a local model")


@dataclass(frozen=True, slots=True)
class AssistantSettings:
    """[assistant]"""

    base_url: str = _setting("", "the OpenAI-compatible endpoint", env="OPENAI_BASE_URL")
    api_key: str = _setting("", "the key of the endpoint", env="OPENAI_API_KEY")
    model: str = _setting("", "the model to ask", env="DAYREEL_MODEL")
    timeout_s: float = _setting(60.0, "seconds until an endpoint that does not answer is given up", bounds=(1, 3600))
    endpoints: tuple[str, ...] = _setting(
        (), 'others, asked in this order when the first fails, each "ADDRESS MODEL" or "ADDRESS MODEL KEY_VARIABLE"'
    )
    find_local: str = _setting(
        "off", "where none is named: a server found on this machine is asked (Ollama, LM Studio, llama.cpp, vLLM)",
        choices=("off", "on"),
    )  # fmt: skip


_THEMES = ("terminal", "textual-dark", "textual-light", "nord", "gruvbox", "dracula", "tokyo-night", "solarized-light")


@dataclass(frozen=True, slots=True)
class TuiSettings:
    """[tui]"""

    picture: str = _setting(
        "auto", "how frames are drawn in the terminal", choices=("auto", "kitty", "sixel", "halfblock", "off")
    )
    language: str = _setting("auto", "the interface's language; auto is the locale's", choices=("auto", "en", "zh"))
    theme: str = _setting(
        "dayreel",
        "the interface's colours; terminal takes the terminal's own",
        choices=("dayreel", "dayreel-light", *_THEMES),
    )
    motion: str = _setting("full", "whether anything in the interface moves by itself", choices=("full", "reduced"))
    link: str = _setting(
        "auto", "slow sends fewer and coarser pictures; auto measures the terminal", choices=("auto", "fast", "slow")
    )
    lists: str = _setting(
        "rich", "plain shows lists without borders, bars and pictures, for screen readers", choices=("rich", "plain")
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set."""

    recorder: RecorderSettings = RecorderSettings()
    storage: StorageSettings = StorageSettings()
    privacy: PrivacySettings = PrivacySettings()
    retention: RetentionSettings = RetentionSettings()
    ocr: OcrSettings = OcrSettings()
    index: IndexSettings = IndexSettings()
    assistant: AssistantSettings = AssistantSettings()
    tui: TuiSettings = TuiSettings()


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting in force: its dotted name, its value, where it comes from and what it is for."""

    name: str
    value: Any
    source: str
    help: str


SECRET = "assistant.api_key"  # noqa: S105 - the name of the setting, not its value


def load_settings(path: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings in force.

    Raises SettingsWrong for a file that is no TOML, an unknown key or a value that cannot be used, naming file and key.
    """
    return _load(path, environment)[0]


def explain_settings(path: Path, environment: Mapping[str, str] = os.environ) -> list[SettingRow]:
    """Return every setting with its value and source; the endpoint's key is shown as `***`."""
    settings, sources = _load(path, environment)
    rows = []
    for section in fields(settings):
        tree = getattr(settings, section.name)
        for one in fields(tree):
            name = f"{section.name}.{one.name}"
            value = getattr(tree, one.name)
            shown = "***" if name == SECRET and value else value
            rows.append(SettingRow(name, shown, sources.get(name, "default"), one.metadata["help"]))
    return rows


def _load(path: Path, environment: Mapping[str, str]) -> tuple[Settings, dict[str, str]]:
    settings, sources = Settings(), dict[str, str]()
    given = _file_values(path)
    given += [(name, value, env) for name, env in _environment_names() if (value := environment.get(env))]
    for name, value, source in given:
        settings = _with(settings, name, value, source)
        sources[name] = source
    return settings, sources


def _file_values(path: Path) -> list[tuple[str, Any, str]]:
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsWrong(f"The settings file {path} cannot be read: {error}. Mend or remove it.") from error
    values = []
    for section, content in tree.items():
        if not isinstance(content, dict):
            raise SettingsWrong(f"{path}: {section} stands outside a section; sections are {_sections()}.")
        values += [(f"{section}.{key}", value, str(path)) for key, value in content.items()]
    return values


def _environment_names() -> list[tuple[str, str]]:
    return [
        (f"{section.name}.{one.name}", one.metadata["env"])
        for section in fields(Settings)
        for one in fields(type(getattr(Settings(), section.name)))
        if one.metadata["env"]
    ]


def _with(settings: Settings, name: str, value: Any, source: str) -> Settings:
    section, _, key = name.partition(".")
    tree = getattr(settings, section, None)
    if tree is None:
        raise SettingsWrong(f"{source}: there is no section [{section}]; sections are {_sections()}.")
    known = {one.name: one for one in fields(tree)}
    if key not in known:
        raise SettingsWrong(f"{source}: [{section}] has no {key}; it has {', '.join(known)}.")
    usable = _checked(value, getattr(tree, key), known[key].metadata, f"{source}: {name}")
    return replace(settings, **{section: replace(tree, **{key: usable})})


def _checked(value: Any, default: Any, allowed: Mapping[str, Any], place: str) -> Any:
    if allowed["kinds"]:
        return _checked_kinds(value, place)
    if isinstance(default, tuple):
        return _checked_list(value, allowed, place)
    if isinstance(default, float):
        least, most = allowed["bounds"]
        if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most:
            return float(value)
        raise SettingsWrong(f"{place} must be a number from {least:g} to {most:g}.")
    if not isinstance(value, str):
        raise SettingsWrong(f"{place} must be a text.")
    _check_age(value, allowed, place)
    if allowed["size"]:
        _check_size(value, allowed["size"], place)
    if allowed["choices"] and value not in allowed["choices"]:
        raise SettingsWrong(f"{place} must be one of {', '.join(allowed['choices'])}, not {value!r}.")
    return value


def _checked_kinds(value: Any, place: str) -> tuple[str, ...]:
    from timeline.secrets.kinds import KINDS

    names = (value,) if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not names or not all(isinstance(one, str) for one in names):
        raise SettingsWrong(f'{place} must be "all", "none" or a list of kinds of secrets.')
    known = [kind.name for kind in KINDS]
    wrong = next((one for one in names if one != "all" and one.removeprefix("-") not in known), None)
    if wrong is not None and tuple(names) != ("none",):
        raise SettingsWrong(f'{place} holds {wrong!r}; it takes "all", "none", {", ".join(known)}.')
    return tuple(names)


def _check_size(value: str, least: str, place: str) -> None:
    try:
        given_bytes, least_bytes = size_bytes(value), size_bytes(least)
    except ValueError as error:
        raise SettingsWrong(f'{place} must be a size like "50 GB" (kB, MB, GB, TB), or "" for no limit.') from error
    if given_bytes is not None and least_bytes is not None and given_bytes < least_bytes:
        raise SettingsWrong(f'{place} must be at least "{least}", or "" for no limit.')


def _checked_list(value: Any, allowed: Mapping[str, Any], place: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise SettingsWrong(f"{place} must be a list of texts.")
    if allowed["pattern"]:
        _check_patterns(value, place)
    for one in value if allowed["age"] else ():
        whose, _, age = one.rpartition(":")
        _check_age(age if whose.strip() and age.strip() else "none", allowed, place)
    return tuple(value)


def _check_age(value: str, allowed: Mapping[str, Any], place: str) -> None:
    try:
        if allowed["age"] and value:
            age_s(value)
    except ValueError as error:
        raise SettingsWrong(f'{place} must be an age like "30 days" (hours, days, weeks, months, years).') from error


def _check_patterns(patterns: list[str], place: str) -> None:
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise SettingsWrong(f"{place} holds {pattern!r}, which is no regular expression: {error}.") from error


def _sections() -> str:
    return ", ".join(one.name for one in fields(Settings))
