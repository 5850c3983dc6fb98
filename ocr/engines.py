"""Which engines there are, which of them are installed, and which one to use.

Owns the order of preference and the figures behind it.  Importing it costs nothing: an engine's module is imported when
the engine is chosen.  Called by the worker, `dayreel read` and `dayreel doctor`.

The figures are of bench/reading.py over 18 pages of 1080p (English, code, Chinese, mixed), all engines on one thread in
one run; the CPU seconds are those of its machine:

| engine | Latin words found | of those read, right | exact | Chinese characters | highlightable | CPU s a page |
| --- | --- | --- | --- | --- | --- | --- |
| rapidocr | 99.2 % | 98.5 % | 94.9 % | 99.9 % | 98.1 % | 1.18 |
| rapidocr-small | 99.5 % | 98.6 % | 95.7 % | 99.5 % | 97.2 % | 3.87 |
| faster-paddle | 96.2 % | 94.1 % | 91.8 % | 98.2 % | 94.1 % | 2.24 |
| tesserocr | 96.3 % | 95.2 % | 88.0 % | 94.0 % | 93.7 % | 2.20 |
| tesseract | 96.6 % | 94.8 % | 87.9 % | 92.0 % | 94.0 % | 2.90 |

Vision and Windows' OCR were never measured.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ocr.engine import Engine
from timeline.errors import PartMissing, SettingsWrong


@dataclass(frozen=True, slots=True)
class Figures:
    """How an engine did on the measured pages."""

    words: float  # share of the Latin words that it found
    chinese: float  # share of the Chinese characters that it found
    cpu_s: float  # for a page


FIGURES = {
    "rapidocr": Figures(words=0.992, chinese=0.999, cpu_s=1.18),
    "rapidocr-small": Figures(words=0.995, chinese=0.995, cpu_s=3.87),
    "faster-paddle": Figures(words=0.962, chinese=0.982, cpu_s=2.24),
    "tesserocr": Figures(words=0.963, chinese=0.940, cpu_s=2.20),
    "tesseract": Figures(words=0.966, chinese=0.920, cpu_s=2.90),
}
NAMES = (*FIGURES, "vision", "windows")
"""In order of preference: by words and Chinese characters found together, those that were never measured last."""

PADDLE_READS = frozenset(
    ("chi_sim", "eng", "ces", "dan", "deu", "fin", "fra", "ita", "nld", "nor", "pol", "por", "spa", "swe")
)
"""What PP-OCRv6 tiny reads, by Tesseract's names: no kana, Hangul or Cyrillic, and not all traditional characters."""

SMALL_READS = PADDLE_READS | {"chi_tra", "jpn", "ron", "tur"}
"""What PP-OCRv6 small reads: kana, traditional characters, Romanian and Turkish as well."""


@dataclass(frozen=True, slots=True)
class EngineState:
    """One engine, whether it can be used here, and if not, why not and what to do."""

    name: str
    available: bool
    reason: str | None


def choose_engine(name: str = "auto", languages: Sequence[str] = ()) -> Engine:
    """Return the named engine, ready to read; "auto" is the best one installed that reads the languages.

    Languages are named as Tesseract names them ("eng", "chi_sim"); none is what the engine usually reads, Chinese and
    English.  Raises PartMissing when something is not installed, SettingsWrong for a name that is none.
    """
    if name == "auto":
        name = _best(languages)
    elif name not in NAMES:
        raise SettingsWrong(f'There is no OCR engine "{name}"; use one of: auto, {", ".join(NAMES)}.')
    _CHECKS[name](languages)
    return _MAKERS[name](languages)


def installed_engines(languages: Sequence[str] = ()) -> list[EngineState]:
    """Return every engine with its state, best first; loads no model."""
    return [_state(name, languages) for name in NAMES]


def why(name: str = "auto", languages: Sequence[str] = ()) -> str:
    """Return in one sentence which engine the settings lead to and for what reason, for a user to read.

    Raises PartMissing when there is none.
    """
    chosen = _best(languages) if name == "auto" else name
    reads = f"{chosen} reads, "
    others = [state.name for state in installed_engines(languages) if state.available and state.name != chosen]
    if name != "auto":
        reads += "because the settings name it"
    elif others:
        reads += f"the best of what is installed ({', '.join([chosen, *others])})"
    else:
        reads += "the only engine that is installed"
    if languages:
        reads += f", for {', '.join(languages)}"
    return f"{reads}: {_figures(chosen)}."


def _figures(name: str) -> str:
    figures = FIGURES.get(name)
    if figures is None:
        return "it was never measured"
    return (
        f"on 18 measured pages it found {figures.words:.1%} of the Latin words and {figures.chinese:.1%} of the "
        f"Chinese characters at {figures.cpu_s:.1f} CPU seconds a page"
    )


def _best(languages: Sequence[str]) -> str:
    states = installed_engines(languages)
    for state in states:
        if state.available:
            return state.name
    what = (
        f"No OCR engine that reads {', '.join(languages)} is installed" if languages else "No OCR engine is installed"
    )
    raise PartMissing(f"{what}. " + " ".join(state.reason or "" for state in states))


def _state(name: str, languages: Sequence[str]) -> EngineState:
    try:
        _CHECKS[name](languages)
    except PartMissing as missing:
        return EngineState(name, available=False, reason=str(missing))
    return EngineState(name, available=True, reason=None)


def _check_paddle_reads(name: str, languages: Sequence[str], reads: frozenset[str] = PADDLE_READS) -> None:
    unread = [language for language in languages if language not in reads]
    if unread:
        raise PartMissing(f"{name} does not read {', '.join(unread)}; tesserocr and tesseract do.")


def _check_rapidocr(languages: Sequence[str]) -> None:
    from ocr.rapid import models_folder

    models_folder()
    _check_paddle_reads("rapidocr", languages)


def _check_rapidocr_small(languages: Sequence[str]) -> None:
    from ocr.rapid import models_folder

    models_folder()
    _check_paddle_reads("rapidocr-small", languages, SMALL_READS)


def _check_faster_paddle(languages: Sequence[str]) -> None:
    from ocr.faster_paddle import check_installed

    check_installed()
    _check_paddle_reads("faster-paddle", languages)


def _check_tesserocr(languages: Sequence[str]) -> None:
    from ocr.tesseract_lines import chosen_languages
    from ocr.tesserocr_engine import installed_languages

    chosen_languages(languages, installed_languages())


def _check_tesseract(languages: Sequence[str]) -> None:
    from ocr.tesseract import installed_languages
    from ocr.tesseract_lines import chosen_languages

    chosen_languages(languages, installed_languages())


def _check_vision(languages: Sequence[str]) -> None:
    from ocr.vision import check_installed

    check_installed(languages)


def _check_windows(languages: Sequence[str]) -> None:
    from ocr.windows_ocr import check_installed

    check_installed(languages)


def _rapidocr(languages: Sequence[str]) -> Engine:
    del languages  # one model reads all of its languages at once
    from ocr.rapid import RapidEngine

    return RapidEngine()


def _rapidocr_small(languages: Sequence[str]) -> Engine:
    del languages
    from ocr.rapid import RapidEngine

    return RapidEngine("small")


def _faster_paddle(languages: Sequence[str]) -> Engine:
    del languages
    from ocr.faster_paddle import FasterPaddleEngine

    return FasterPaddleEngine()


def _tesserocr(languages: Sequence[str]) -> Engine:
    from ocr.tesserocr_engine import TesserocrEngine

    return TesserocrEngine(languages)


def _tesseract(languages: Sequence[str]) -> Engine:
    from ocr.tesseract import TesseractEngine

    return TesseractEngine(languages)


def _vision(languages: Sequence[str]) -> Engine:
    from ocr.vision import VisionEngine

    return VisionEngine(languages)


def _windows(languages: Sequence[str]) -> Engine:
    from ocr.windows_ocr import WindowsEngine

    return WindowsEngine(languages)


_CHECKS: dict[str, Callable[[Sequence[str]], None]] = {
    "rapidocr": _check_rapidocr,
    "rapidocr-small": _check_rapidocr_small,
    "faster-paddle": _check_faster_paddle,
    "tesserocr": _check_tesserocr,
    "tesseract": _check_tesseract,
    "vision": _check_vision,
    "windows": _check_windows,
}
_MAKERS: dict[str, Callable[[Sequence[str]], Engine]] = {
    "rapidocr": _rapidocr,
    "rapidocr-small": _rapidocr_small,
    "faster-paddle": _faster_paddle,
    "tesserocr": _tesserocr,
    "tesseract": _tesseract,
    "vision": _vision,
    "windows": _windows,
}
