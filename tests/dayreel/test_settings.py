"""The settings tree: defaults, file, environment, and what is said of mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from dayreel.settings import Settings, explain_settings, load_settings
from timeline.errors import SettingsWrong
from timeline.secrets import DEFAULT


def _file(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    """Nobody has to write a settings file."""
    assert load_settings(tmp_path / "config.toml", {}) == Settings()


def test_the_file_is_stronger_than_the_default(tmp_path: Path) -> None:
    """A number in the file is taken, an integer as well as a decimal."""
    path = _file(tmp_path, "[recorder]\ninterval_s = 3\n")
    assert load_settings(path, {}).recorder.interval_s == 3.0


def test_the_environment_is_stronger_than_the_file(tmp_path: Path) -> None:
    """The endpoint is named as the OpenAI SDK names it."""
    path = _file(tmp_path, '[assistant]\nbase_url = "http://one/v1"\n')
    assert load_settings(path, {"OPENAI_BASE_URL": "http://two/v1"}).assistant.base_url == "http://two/v1"


def test_excluded_applications_are_a_list(tmp_path: Path) -> None:
    """Lists of texts become tuples."""
    path = _file(tmp_path, '[privacy]\napps = ["signal"]\n')
    assert load_settings(path, {}).privacy.apps == ("signal",)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[recorder]\nspeed = 1\n", r"config.toml: \[recorder\] has no speed; it has interval_s"),
        ("[camera]\non = true\n", r"there is no section \[camera\]"),
        ("interval_s = 1\n", "stands outside a section"),
        ("[recorder]\ninterval_s = -1\n", "recorder.interval_s must be a number from 0.2 to 60"),
        ("[recorder]\ninterval_s = inf\n", "recorder.interval_s must be a number from 0.2 to 60"),
        ("[recorder]\ninterval_s = true\n", "recorder.interval_s must be a number from 0.2 to 60"),
        ('[privacy]\napps = "signal"\n', "privacy.apps must be a list of texts"),
        ('[ocr]\nengine = "eyes"\n', "ocr.engine must be one of auto, rapidocr, rapidocr-small, faster-paddle"),
        ("[ocr\n", "cannot be read"),
        ('[privacy]\ntitles = ["bank", "("]\n', r"privacy.titles holds '\(', which is no regular expression: missing"),
        ('[storage]\nspool = "0 MB"\n', 'storage.spool must be at least "1 MB", or "" for no limit'),
        ('[storage]\nbudget = "0 MB"\n', 'storage.budget must be at least "100 kB"'),
    ],
)
def test_a_mistake_names_file_and_key(tmp_path: Path, text: str, sentence: str) -> None:
    """One sentence says where and what."""
    with pytest.raises(SettingsWrong, match=sentence) as caught:
        load_settings(_file(tmp_path, text), {})
    assert "config.toml" in str(caught.value)


def test_every_setting_says_where_it_comes_from(tmp_path: Path) -> None:
    """`dayreel config` shows value and source."""
    path = _file(tmp_path, '[ocr]\nengine = "tesseract"\n')
    rows = {row.name: (row.value, row.source) for row in explain_settings(path, {"DAYREEL_MODEL": "small"})}
    assert rows["ocr.engine"] == ("tesseract", str(path))
    assert rows["assistant.model"] == ("small", "DAYREEL_MODEL")
    assert rows["recorder.interval_s"] == (2.0, "default")


def test_the_key_of_the_endpoint_is_not_shown(tmp_path: Path) -> None:
    """It is a secret: `config` shows that it is set, not what it is."""
    rows = {row.name: row.value for row in explain_settings(tmp_path / "none", {"OPENAI_API_KEY": "sk-secret"})}
    assert rows["assistant.api_key"] == "***"


@pytest.mark.parametrize(
    ("text", "limit_bytes"),
    [("50 GB", 50_000_000_000), ("1.5 TB", 1_500_000_000_000), ("800kB", 800_000), ("20 MB", 20_000_000), ("", None)],
)
def test_a_size_is_a_number_with_a_decimal_unit(tmp_path: Path, text: str, limit_bytes: int | None) -> None:
    """With or without a space; no text is no limit."""
    path = _file(tmp_path, f'[storage]\nbudget = "{text}"\n')
    assert load_settings(path, {}).storage.budget_bytes == limit_bytes


@pytest.mark.parametrize("text", ["50", "GB", "50 GiB", "-1 GB", "50 gb", "lots"])
def test_a_size_that_cannot_be_understood_names_file_and_key(tmp_path: Path, text: str) -> None:
    """One sentence shows how a size is written."""
    with pytest.raises(SettingsWrong, match=r'config.toml: storage.budget must be a size like "50 GB"'):
        load_settings(_file(tmp_path, f'[storage]\nbudget = "{text}"\n'), {})


def test_sizes_are_shown_as_they_were_written(tmp_path: Path) -> None:
    """`dayreel config` shows the text."""
    rows = {row.name: row.value for row in explain_settings(tmp_path / "none", {})}
    assert (rows["storage.budget"], rows["storage.spool"]) == ("50 GB", "500 MB")


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ('"all"', DEFAULT),
        ('"none"', set()),
        ('["payment-card", "jwt"]', {"payment-card", "jwt"}),
        ('["-jwt"]', DEFAULT - {"jwt"}),
        ('["all", "-jwt", "-iban"]', DEFAULT - {"jwt", "iban"}),
    ],
)
def test_kinds_of_secrets_are_switched_on_and_off(tmp_path: Path, text: str, kinds: set[str]) -> None:
    """By a word, by a list, by leaving some out."""
    assert load_settings(_file(tmp_path, f"[privacy]\nsecrets = {text}\n"), {}).privacy.secret_kinds == kinds


@pytest.mark.parametrize("text", ['"some"', '["jwt", "none"]', "[]", "3", '["-card"]', "[3]"])
def test_a_kind_of_secret_that_is_none_is_told_with_those_that_are(tmp_path: Path, text: str) -> None:
    """In one sentence that names the file and the key."""
    path = _file(tmp_path, f"[privacy]\nsecrets = {text}\n")
    with pytest.raises(SettingsWrong, match=r"privacy\.secrets .*(payment-card|list of kinds)"):
        load_settings(path, {})
