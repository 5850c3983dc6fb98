"""Picture files to pictures: PNG, JPEG, WebP, BMP, GIF (its first frame) and TIFF; and pictures to PNG files.

The only file that imports Pillow for files.  Turns a picture as its EXIF data say, lays transparency
over white, brings 16 bits to 8.  Called by `dayreel read`, the import of screenshots and the benchmarks.
"""

from __future__ import annotations

import warnings
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from timeline.errors import UnreadablePicture, WrongUsage
from timeline.home import write_private
from timeline.model import Picture

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 200_000_000  # 14,000 x 14,000; a file of some kB may claim more, and opening it would fill the memory
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")


def load_picture(path: Path) -> Picture:
    """Return the picture of a file.

    Raises UnreadablePicture for a file that is missing, no picture, damaged or of more than MOST_PIXELS.
    """
    if not path.exists():
        raise UnreadablePicture(f"There is no file {path}; check the name.")
    if path.is_dir():
        raise UnreadablePicture(f"{path} is a folder, not a picture; name the pictures in it.")
    if not path.is_file():
        raise UnreadablePicture(f"{path} is a device or a pipe, not a picture file.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of odd metadata and of sizes; the sizes are checked here
        return _load(path)


def _load(path: Path) -> Picture:
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow refuses pictures of more than twice as many
    try:
        with Image.open(path, formats=FORMATS) as opened:
            opened.load()
            return _bgr(ImageOps.exif_transpose(opened))
    except UnidentifiedImageError as failed:
        raise UnreadablePicture(f"{path} is no picture that can be read; use one of: {', '.join(FORMATS)}.") from failed
    except Image.DecompressionBombError as failed:
        raise UnreadablePicture(
            f"{path} is larger than {MOST_PIXELS // 1_000_000} million pixels; cut it up."
        ) from failed
    except PermissionError as failed:
        raise UnreadablePicture(f"{path} may not be read; check its permissions.") from failed
    except (OSError, SyntaxError, ValueError, EOFError) as failed:  # what Pillow's decoders raise on damaged files
        raise UnreadablePicture(f"{path} is damaged or cut off; it could not be decoded.") from failed


def _bgr(image: Image) -> Picture:
    """Return BGR uint8 (height, width, 3)."""
    from PIL import Image as Images

    if image.mode.startswith("I") or image.mode == "F":
        return _from_deep(np.asarray(image, np.float64))
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        white = Images.new("RGBA", rgba.size, "white")
        image = Images.alpha_composite(white, rgba)
    return np.ascontiguousarray(np.asarray(image.convert("RGB"), np.uint8)[:, :, ::-1])


def _from_deep(grey: np.typing.NDArray[np.float64]) -> Picture:
    """Return a grey picture of more than 8 bits in 8; one that uses few of its bits keeps them."""
    largest = float(grey.max(initial=0.0))
    full = 65535.0 if largest > 255 else 255.0 if largest > 1 else 1.0
    levels = np.clip(grey * (255.0 / full), 0, 255).astype(np.uint8)
    return np.ascontiguousarray(np.repeat(levels[:, :, None], 3, axis=2))


def png(picture: Picture) -> bytes:
    """Return a picture as a PNG file."""
    from PIL import Image

    packed = BytesIO()
    Image.fromarray(np.ascontiguousarray(picture[:, :, ::-1])).save(packed, "PNG")
    return packed.getvalue()


def save_picture(picture: Picture, path: Path) -> None:
    """Write a picture as a PNG file, whole or not at all; a link is followed to the file it names.

    Raises WrongUsage when the file cannot be written there or is a folder or a device, DiskFull when there is no room.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        raise WrongUsage(f"{path} is no file that can be replaced: name another.")

    try:
        write_private(path, png(picture))
    except OSError as error:
        raise WrongUsage(f"{path} cannot be written: {error.strerror}.") from error
