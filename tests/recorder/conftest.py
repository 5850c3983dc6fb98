"""Fixtures of the recorder's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desk import Desk, open_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """One grey monitor with an editor on it, polled, not looked at yet."""
    with open_desk(tmp_path) as desk:
        yield desk
