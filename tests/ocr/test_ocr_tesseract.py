"""Tesseract, in process and as a program: its languages, and its table made into lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr import tesserocr_engine
from ocr.engine import Engine
from ocr.picture_file import load_picture
from ocr.tesseract import TesseractEngine
from ocr.tesseract_lines import Recognised, chosen_languages, lines_of
from ocr.tesserocr_engine import TesserocrEngine, language_folder
from timeline.errors import PartMissing
from timeline.model import Box, Picture

PICTURES = Path(__file__).parent / "pictures"
WIDE = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
TEXTS = {
    "deu": ["Die größten Häuser stehen am Fluß.", "Schöne Grüße aus Österreich und Öl"],
    "chi_tra": ["請攜帶簽字的許可證和兩張照片。", "檔案儲存在資料夾裡"],
    "jpn": ["東京の天気は晴れです。", "ファイルを開いてください", "日本語を一緒に読む"],
    "kor": ["오늘 서울의 날씨는 맑습니다.", "파일을 열어 주세요", "한국어를 함께 읽는다"],
}
BOTH = [TesserocrEngine, TesseractEngine]
Make = Callable[[Sequence[str]], Engine]

HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"


@pytest.mark.parametrize("make", BOTH)
@pytest.mark.parametrize("language", TEXTS)
def test_a_chosen_language_is_read(make: Make, language: str) -> None:
    """German, traditional Chinese, Japanese and Korean are read letter for letter by their own packs."""
    assert [line.text for line in make([language]).read(_drawn(TEXTS[language]))] == TEXTS[language]


@pytest.mark.parametrize("make", BOTH)
def test_a_missing_language_is_told_with_its_package(make: Make) -> None:
    """One sentence holds the line to run."""
    with pytest.raises(PartMissing) as told:
        make(["eng", "chi_sim_vert"])
    assert str(told.value) == (
        "Tesseract lacks the language chi_sim_vert; install it with: apt-get install tesseract-ocr-chi-sim-vert"
    )


def test_several_missing_languages_are_told_at_once() -> None:
    """All packages stand on one line."""
    with pytest.raises(PartMissing, match=r"languages fra, ita; install .* tesseract-ocr-fra tesseract-ocr-ita$"):
        chosen_languages(["fra", "eng", "ita"], ["eng"])


@pytest.mark.parametrize(
    ("installed", "chosen"),
    [(["deu", "eng", "chi_sim"], "chi_sim+eng"), (["deu", "eng"], "eng"), (["deu", "fra"], "deu")],
)
def test_unless_told_it_reads_chinese_and_english(installed: list[str], chosen: str) -> None:
    """As far as they are installed, else the first language there is."""
    assert chosen_languages((), installed) == chosen


@pytest.mark.parametrize("name", ["english", "chinese", "mixed", "code"])
def test_both_read_the_same(name: str) -> None:
    """In process and as a program Tesseract gives the same lines, with the same words."""
    picture = load_picture(PICTURES / f"{name}.png")
    first, second = ([[word.text for word in line.words] for line in make().read(picture)] for make in BOTH)
    assert first == second


def test_language_data_is_looked_for_where_the_user_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """TESSDATA_PREFIX names the folder, or the one above it."""
    (tmp_path / "tessdata").mkdir()
    (tmp_path / "tessdata" / "eng.traineddata").touch()
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    assert language_folder() == tmp_path / "tessdata"


def test_without_language_data_the_line_to_run_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The wheel brings none of its own."""
    monkeypatch.delenv("TESSDATA_PREFIX", raising=False)
    monkeypatch.setattr(tesserocr_engine, "FOLDERS", (tmp_path,))
    with pytest.raises(PartMissing, match="no language data in any of the usual folders; install it with: apt-get"):
        TesserocrEngine()


def test_damaged_language_data_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file that Tesseract cannot load is no crash."""
    (tmp_path / "eng.traineddata").write_bytes(b"no model")
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    with pytest.raises(PartMissing, match=r"could not load eng .*; reinstall"):
        TesserocrEngine()


def test_a_row_of_the_table_becomes_a_word_of_the_picture() -> None:
    """Boxes are scaled back, confidence is a share, rows that are no words are left out."""
    rows = [
        HEAD,
        "4\t1\t1\t1\t1\t0\t30\t60\t300\t30\t-1\t",
        "5\t1\t1\t1\t1\t1\t30\t60\t150\t30\t90.5\ttwo",
        "5\t1\t1\t1\t1\t2\t210\t60\t120\t30\t80.5\tboats",
        "5\t1\t1\t1\t1\t3\t340\t60\t9\t30\t95\t ",
    ]
    line = lines_of(Recognised("\n".join(rows), ""), 1.5, (100, 400, 3))[0]
    assert (line.text, line.box, round(line.confidence, 3)) == ("two boats", Box(20, 40, 220, 60), 0.855)


def test_syllables_are_joined_where_the_text_has_no_space() -> None:
    """Korean has spaces, but the table parts all syllables."""
    cells = [(0, "서"), (20, "울"), (50, "은")]
    rows = [f"5\t1\t1\t1\t1\t{x}\t{x}\t0\t18\t20\t90\t{text}" for x, text in cells]
    assert lines_of(Recognised("\n".join(rows), "서울 은\n"), 1.0, (40, 100, 3))[0].text == "서울 은"


def test_text_that_the_table_lacks_shifts_no_space() -> None:
    """After a word that only the text has, the next ones are found again."""
    cells = [(0, "서"), (20, "울"), (50, "은")]
    rows = [f"5\t1\t1\t1\t1\t{x}\t{x}\t0\t18\t20\t90\t{text}" for x, text in cells]
    assert lines_of(Recognised("\n".join(rows), "서 | 울은\n"), 1.0, (40, 100, 3))[0].text == "서 울은"


def _drawn(texts: list[str]) -> Picture:
    """Return a picture with each text on a line of its own, in letters as large as on most screens."""
    image = Image.new("RGB", (640, 20 + 50 * len(texts)), "white")
    font = ImageFont.truetype(WIDE, 14)
    for place, text in enumerate(texts):
        ImageDraw.Draw(image).text((20, 16 + 50 * place), text, fill="black", font=font)
    return np.ascontiguousarray(np.asarray(image)[:, :, ::-1])
