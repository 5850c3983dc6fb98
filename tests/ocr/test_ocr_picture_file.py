"""Picture files: formats, turning, transparency, and the files that are none."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ocr.picture_file import load_picture
from timeline.errors import UnreadablePicture

BLUE_GREEN_RED = (30, 120, 220)


@pytest.mark.parametrize("suffix", ["png", "bmp", "gif", "tiff", "webp", "jpg"])
def test_formats_are_read_as_bgr(tmp_path: Path, suffix: str) -> None:
    """Each format gives the picture's size and its colour, blue first."""
    path = tmp_path / f"screen.{suffix}"
    Image.new("RGB", (40, 20), BLUE_GREEN_RED[::-1]).save(path)
    picture = load_picture(path)
    assert picture.shape == (20, 40, 3)
    assert picture.flags.c_contiguous
    assert np.abs(picture.astype(int) - BLUE_GREEN_RED).max() <= 12


def test_a_turned_photograph_is_set_upright(tmp_path: Path) -> None:
    """EXIF orientation 6 is a quarter turn."""
    path = tmp_path / "turned.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 20)).save(path, exif=exif)
    assert load_picture(path).shape == (40, 20, 3)


def test_transparency_lies_over_white(tmp_path: Path) -> None:
    """A fully transparent pixel is white, whatever colour it hides."""
    path = tmp_path / "clear.png"
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(path)
    assert (load_picture(path) == 255).all()


def test_sixteen_bits_become_eight(tmp_path: Path) -> None:
    """The upper half of 16 bits is kept."""
    path = tmp_path / "deep.png"
    Image.fromarray(np.full((8, 8), 0x8000, np.uint16)).save(path)
    Image.fromarray(np.array([[0, 0x8000, 0xFFFF]], np.uint16)).save(path)
    assert load_picture(path)[0, :, 0].tolist() == [0, 127, 255]


def test_the_first_frame_of_an_animation_is_read(tmp_path: Path) -> None:
    """A GIF is read as it starts."""
    path = tmp_path / "moving.gif"
    first, second = Image.new("L", (8, 8), 0), Image.new("L", (8, 8), 255)
    first.save(path, save_all=True, append_images=[second])
    assert (load_picture(path) == 0).all()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The message says which file is not there."""
    with pytest.raises(UnreadablePicture, match=r"There is no file .*gone\.png; check the name\."):
        load_picture(tmp_path / "gone.png")


def test_a_folder_is_no_picture(tmp_path: Path) -> None:
    """The message says that it is a folder."""
    with pytest.raises(UnreadablePicture, match="is a folder, not a picture"):
        load_picture(tmp_path)


@pytest.mark.parametrize("content", [b"", b"not a picture at all", b"%PDF-1.7\n"])
def test_a_file_of_another_kind_is_no_picture(tmp_path: Path, content: bytes) -> None:
    """The content decides, not the name."""
    path = tmp_path / "named.png"
    path.write_bytes(content)
    with pytest.raises(UnreadablePicture, match="is no picture that can be read; use one of: PNG, JPEG"):
        load_picture(path)


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp"])
def test_a_file_cut_off_is_damaged(tmp_path: Path, suffix: str) -> None:
    """Half a file is not read as half a picture."""
    path = tmp_path / f"half.{suffix}"
    noise = np.random.default_rng(7).integers(0, 256, (64, 64, 3), np.uint8)
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(UnreadablePicture, match="is damaged or cut off"):
        load_picture(path)


def test_a_picture_of_too_many_pixels_is_refused(tmp_path: Path) -> None:
    """A small file that claims 40,000 x 40,000 pixels is not opened."""
    path = tmp_path / "bomb.png"
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + header + _chunk(b"IDAT", zlib.compress(bytes(64))))
    with pytest.raises(UnreadablePicture, match="larger than 200 million pixels"):
        load_picture(path)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
