"""One setting changed in a file that somebody wrote."""

from __future__ import annotations

import stat

import pytest

from dayreel.outward import Outward, copy
from dayreel.settings import load_settings
from dayreel.settings_file import change_setting, with_setting
from timeline.errors import PartMissing, SettingsWrong

MINE = '# mine\n[storage]\nbudget = "20 GB"  # enough\n\n[tui]\n# small screen\n'


def test_a_value_is_changed_in_its_line():
    """All else stays, comments too."""
    assert with_setting(MINE, "storage", "budget", '"30 GB"') == MINE.replace('"20 GB"  # enough', '"30 GB"')


def test_a_new_value_stands_at_the_end_of_its_section():
    """A section that is not there is made."""
    assert with_setting(MINE, "tui", "picture", '"off"') == MINE + 'picture = "off"\n'
    assert with_setting("", "ocr", "least_battery", "5") == "[ocr]\nleast_battery = 5\n"


def test_what_was_typed_is_in_force_afterwards(tmp_path):
    """Texts, numbers and lists; the file is its owner's only."""
    path = tmp_path / "config.toml"
    path.write_text(MINE)
    change_setting(path, "recorder.interval_s", "1.5")
    change_setting(path, "privacy.apps", "signal, org.telegram.*")
    change_setting(path, "tui.picture", "sixel")
    settings = load_settings(path, {})
    assert settings.recorder.interval_s == 1.5
    assert settings.privacy.apps == ("signal", "org.telegram.*")
    assert (settings.tui.picture, settings.storage.budget) == ("sixel", "20 GB")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_cannot_be_used_is_not_written(tmp_path):
    """The sentence names the file that the user knows."""
    path = tmp_path / "config.toml"
    path.write_text(MINE)
    with pytest.raises(SettingsWrong, match=r"config\.toml: recorder\.interval_s must be a number"):
        change_setting(path, "recorder.interval_s", "99")
    assert path.read_text() == MINE
    assert [one.name for one in tmp_path.iterdir()] == ["config.toml"]


def test_without_a_display_there_is_no_clipboard(monkeypatch):
    """The terminal's own is left."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert not copy("text")


def test_without_a_viewer_a_sentence_says_what_to_do(monkeypatch, tmp_path):
    """And nothing is written."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PartMissing, match="save it with `e`"):
        Outward().view(None)
