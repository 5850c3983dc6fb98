"""The whole way of a screen with secrets on it: recorded and read, and in nothing that is kept or shown."""

from __future__ import annotations

import random
import signal
import string
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import av
import pytest

from ocr.engines import choose_engine
from ocr.picture_file import load_picture
from tests.leaks.searching import frames_of, pages
from tests.support.product import Product, wait_until
from tests.support.virtual_screen import VirtualScreen, open_virtual_screen
from timeline.home import Home
from timeline.keys import derive, load_key
from timeline.model import Picture

pytestmark = pytest.mark.journey

CARD = "4539 5787 6362 1486"
START_S, SETTLED_S = 60.0, 4.0
_MADE_UP = random.Random(20)
TOKEN = "ghp_" + "".join(_MADE_UP.choices(string.ascii_letters + string.digits, k=36))
KEY = ["".join(_MADE_UP.choices(string.ascii_letters + string.digits + "+/", k=64)) for _ in range(12)]
SCRIPT = "\n".join(
    f"echo '{text}'"
    for text in (
        "Minutes of the harbour meeting on Friday",
        f"The deposit was paid with card {CARD} by Ines",
        f"export GITHUB_TOKEN={TOKEN}",
        "-----BEGIN RSA PRIVATE KEY-----",
        *KEY,
        "-----END RSA PRIVATE KEY-----",
        "Next appointment: the lighthouse keeper, Tuesday",
    )
)
TYPED = "sleep 3; echo 'and a lantern'; sleep 3; echo 'and a tugboat'"  # each makes a new picture beside the secrets
TERMINAL = ("xterm", "-class", "Notes", "-T", "notes.txt", "-fa", "DejaVu Sans Mono", "-fs", "13", "-geometry", "90x26")
PIECES = ("57876362", "63621486", TOKEN[4:14], TOKEN[14:24], *(line[8:20] for line in KEY))


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left of the screen, and a result that was found on it."""

    product: Product
    folder: Path

    def result(self) -> dict[str, str]:
        """Return the first result of what stood beside the secrets."""
        found: dict[str, str] = self.product.data("search", "harbour meeting")[0]
        return found


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A terminal with a card, a token and a key, typed on beside them, recorded and read."""
    folder = tmp_path_factory.mktemp("secrets")
    with open_virtual_screen(folder) as screen:
        product = Product(folder / "home", screen.display)
        recorder = product.start("record")
        try:
            wait_until(lambda: product.frames() > 0, START_S, "the recorder kept no first frame")
            _show(screen, product)
        finally:
            recorder.send_signal(signal.SIGINT)
            recorder.wait(START_S)
    product.run("work", "--until-idle")
    return Kept(product, folder)


def test_what_stands_around_the_secrets_is_found(kept: Kept) -> None:
    """Before, between and after them, also what was typed later."""
    for words in ("harbour meeting", "deposit was paid", "lighthouse keeper", "tugboat"):
        assert kept.product.data("search", words), words


def test_no_secret_is_found(kept: Kept) -> None:
    """Neither whole nor in pieces."""
    for piece in ("6362", "4539", TOKEN, KEY[3], "PRIVATE"):
        assert kept.product.data("search", piece, "--mode", "text") == []


def test_no_secret_stands_in_the_text(kept: Kept) -> None:
    """Of any instant at which the terminal stood."""
    result = kept.result()
    for instant in (result["start"], result["end"][:19]):
        done = kept.product.run("text", instant)
        assert not _pieces_in(done.stdout)


def test_no_secret_is_in_any_database_or_file(kept: Kept) -> None:
    """Nor on their free pages, in their logs, or in what is written for people."""
    home = Home(kept.product.home)
    key = load_key(home)
    wanted = [
        piece.encode() for piece in (*(line[:24] for line in KEY), TOKEN[4:16], TOKEN[20:], "5787 6362", "63621486")
    ]
    kept_bytes = [page for path in home.root.glob("*.db") for page in pages(path, key)]
    kept_bytes += [path.read_bytes() for path in home.root.rglob("*") if path.is_file() and path.suffix != ".db"]
    assert any(b"harbour" in data for data in kept_bytes)
    assert [piece for piece in wanted for data in kept_bytes if piece in data] == []


def test_no_frame_shows_a_secret(kept: Kept, tmp_path: Path) -> None:
    """Every picture that is kept, as `dayreel frame` writes it."""
    product, shown = kept.product, []
    for number in range(1, product.frames() + 1):
        file = tmp_path / f"{number}.png"
        if product.run("frame", "--id", str(number), "--out", str(file)).returncode == 0:
            shown.append(_read(load_picture(file)))
    assert any("harbour" in text for text in shown)
    assert not any(map(_pieces_in, shown))


def test_no_export_shows_a_secret(kept: Kept, tmp_path: Path) -> None:
    """Though it is in the video still."""
    assert kept.product.run("export", str(tmp_path)).returncode == 0
    pictures = []
    for file in tmp_path.glob("*.mp4"):
        with av.open(str(file)) as video:
            pictures += [frame.to_ndarray(format="bgr24") for frame in video.decode(video=0)]
    shown = [_read(picture) for picture in pictures]
    assert any("harbour" in text for text in shown)
    assert not any(map(_pieces_in, shown))


def test_tidy_leaves_no_secret_in_the_video(kept: Kept) -> None:
    """Each frame of each file, decoded as it lies there; the text around it can still be read."""
    assert any(map(_pieces_in, _video(kept)))
    assert kept.product.run("work", "--tidy").returncode == 0
    shown = _video(kept)
    assert any("harbour" in text for text in shown)
    assert not any(map(_pieces_in, shown))


def _show(screen: VirtualScreen, product: Product) -> None:
    _and_kept(product, lambda: screen.start(*TERMINAL, "-e", "sh", "-c", f"{SCRIPT}\n{TYPED}\nexec sleep 3600"))
    time.sleep(6 + SETTLED_S)


def _and_kept(product: Product, act: Callable[[], object]) -> None:
    before = product.status()["newest_frame"]
    act()
    wait_until(lambda: bool(product.status()["newest_frame"] != before), START_S, "the recorder kept no new frame")


def _video(kept: Kept) -> list[str]:
    """Return what an engine reads on each frame of each video file, whatever a row says of it."""
    home = Home(kept.product.home)
    secret = derive(load_key(home), "video")
    files = sorted(home.video.rglob("*.mp4*"))
    return [_read(picture) for file in files for picture in frames_of(file, secret)]


def _read(picture: Picture) -> str:
    return "\n".join(line.text for line in choose_engine("auto").read(picture))


def _pieces_in(text: str) -> list[str]:
    """Return the pieces of secrets in a text, white space left out."""
    dense = "".join(text.split())
    return [piece for piece in PIECES if piece in dense]
