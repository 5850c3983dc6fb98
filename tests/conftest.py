"""Fixtures that several rooms share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.stores import StoreUnderTest
from tests.support.virtual_screen import VirtualScreen, open_virtual_screen


@pytest.fixture
def virtual_screen(tmp_path: Path) -> Iterator[VirtualScreen]:
    """A fresh X display of 1280x800 with openbox on it."""
    home = tmp_path / "screen_home"
    home.mkdir()
    with open_virtual_screen(home) as screen:
        yield screen


@pytest.fixture(autouse=True)
def _no_real_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the user's keyring, home, endpoint or screen unless it makes one."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    for name in ("DAYREEL_HOME", "DAYREEL_MODEL", "OPENAI_BASE_URL", "OPENAI_API_KEY", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreUnderTest]:
    """An empty encrypted store, written through the real writer."""
    made = StoreUnderTest.make(tmp_path / "home")
    yield made
    made.close()
