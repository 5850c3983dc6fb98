"""`dayreel read`: read pictures without storing them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from dayreel import shapes
from dayreel.context import Context
from ocr.engines import choose_engine
from ocr.picture_file import load_picture
from timeline.errors import UnreadablePicture


def run(context: Context, options: argparse.Namespace) -> int:
    """Print the text of each picture; one that cannot be read is named, and the others are still read."""
    engine = choose_engine(context.settings.ocr.engine, context.settings.ocr.languages)
    results: list[dict[str, Any]] = []
    code = 0
    for name in options.images:
        try:
            picture = load_picture(Path(name))
        except UnreadablePicture as error:
            context.talk(f"dayreel: {error}")
            code = error.exit_code
            continue
        lines = engine.read(picture)
        if context.as_json:
            height, width = picture.shape[:2]
            results.append(
                {
                    "image": name,
                    "width": width,
                    "height": height,
                    "engine": engine.name,
                    "lines": [shapes.read_line(line) for line in lines],
                }
            )
        else:
            for line in lines:
                context.say(line.text)
    if context.as_json:
        context.data(results)
    return code
