"""The windows of imported pictures."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from recorder.sidecar import read_sidecar, sidecar_of
from timeline.errors import WrongUsage
from timeline.model import Window

FOUR_US = 1_674_230_640_000_000  # 2023-01-20 16:04:00 UTC
GOOD = '{"start": "2023-01-20T16:00:00Z", "end": "2023-01-20T16:10:00Z", "app": "XTerm", "title": "部署日志"}'


def test_the_sidecar_stands_beside_its_folder() -> None:
    """A dot in the folder's name is part of the name."""
    assert sidecar_of(Path("/pictures/v1.2")) == Path("/pictures/v1.2.windows.jsonl")


def test_a_stretch_names_the_window_of_its_instants(tmp_path: Path) -> None:
    """Chinese titles are kept as they are."""
    assert read_sidecar(_file(tmp_path, GOOD)).window_at(FOUR_US) == Window("XTerm", "部署日志")


def test_a_stretch_ends_before_its_end(tmp_path: Path) -> None:
    """The stretch is half-open: six minutes after four it is over."""
    assert read_sidecar(_file(tmp_path, GOOD)).window_at(FOUR_US + 360_000_000) == Window()


def test_of_overlapping_stretches_the_later_begun_counts(tmp_path: Path) -> None:
    """A dialog over a long page has the focus while it lasts; the order of lines does not matter."""
    dialog = '{"start": "2023-01-20T16:03:00Z", "end": "2023-01-20T16:05:00Z", "app": "Dialog"}'
    sidecar = read_sidecar(_file(tmp_path, dialog, GOOD))
    assert (sidecar.window_at(FOUR_US).app, sidecar.window_at(FOUR_US + 60_000_000).app) == ("Dialog", "XTerm")


def test_a_time_without_an_offset_is_local(tmp_path: Path) -> None:
    """Five in the morning UTC is one in the afternoon in Shanghai."""
    line = '{"start": "2023-01-21T00:04:00", "end": "2023-01-21T00:05:00", "app": "XTerm"}'
    assert read_sidecar(_file(tmp_path, line), ZoneInfo("Asia/Shanghai")).window_at(FOUR_US).app == "XTerm"


def test_a_title_may_hold_a_line_separator(tmp_path: Path) -> None:
    """U+2028 is a line break to Python but not to JSON lines."""
    line = GOOD.replace("部署日志", "a\u2028b")
    assert read_sidecar(_file(tmp_path, line)).window_at(FOUR_US).title == "a\u2028b"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "line 2 is not JSON"),
        ("[1, 2]", "line 2 is not an object"),
        ('{"end": "2023-01-20T16:10:00Z"}', 'line 2 has no usable "start"'),
        ('{"start": "four", "end": "2023-01-20T16:10:00Z"}', 'line 2 has no usable "start"'),
        ('{"start": "2023-01-20T16:00:00Z", "end": 5}', 'line 2 has no usable "end"'),
        ('{"start": "2023-01-20T16:10:00Z", "end": "2023-01-20T16:10:00Z"}', "line 2 ends before it starts"),
        (GOOD.replace('"XTerm"', "7"), 'line 2 has a "app" that is no text'),
    ],
)
def test_a_bad_line_is_named_by_file_and_number(tmp_path: Path, line: str, complaint: str) -> None:
    """One sentence says where the mistake is."""
    path = _file(tmp_path, GOOD, line)
    with pytest.raises(WrongUsage, match=complaint) as raised:
        read_sidecar(path)
    assert str(path) in str(raised.value)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """A picture by the name of a sidecar is not read line by line."""
    path = tmp_path / "day.windows.jsonl"
    path.write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(WrongUsage, match="UTF-8"):
        read_sidecar(path)


def _file(folder: Path, *lines: str) -> Path:
    path = folder / "day.windows.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
