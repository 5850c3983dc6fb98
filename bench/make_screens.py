"""Makes screens whose text is known: bench/make_screens.py --set development --out DIR [--score FILE].

Debian's documentation and highlighted source code in headless Chromium, light and dark, at scale 1 and 2, in several
fonts; NAME.png is what it painted, NAME.json where each word stands according to the DOM, in the form that
bench/reading.py compares with.  The set "held-out" has other pages than "development": settings are chosen on one and
shown on the other.

Needs Debian's chromium python3.11-doc git-doc postgresql-doc-15 debian-handbook debian-reference-zh-cn fonts-dejavu
fonts-liberation fonts-noto-cjk, and the dev dependencies.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_for_filename

WIDTH_PX, HEIGHT_PX = 1920, 1080
SETTLE_MS = 150  # until fonts and scrolling stand still
PYTHON = "/usr/share/doc/python3.11/html"
GIT = "/usr/share/doc/git-doc"
POSTGRES = "/usr/share/doc/postgresql-doc-15/html"
HANDBOOK = "/usr/share/doc/debian-handbook/html"
REFERENCE = "/usr/share/debian-reference"
DARK = """
html, body, body * { background-color: #16181d !important; color: #d5d8dd !important; border-color: #565b66 !important }
a, a * { color: #7fb4ff !important } code, pre, pre *, tt, .literal { color: #b9d99a !important }
"""
TRUTH = Path(__file__).with_name("screen_truth.js")


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen: a page, or a source file with the name of a pygments style as its look."""

    name: str
    path: str
    scroll_px: int = 0
    look: str = "light"
    scale: int = 1
    font: str = ""  # CSS font of the whole page; the page's own where empty


DEVELOPMENT = (
    Screen("en_py_re", f"{PYTHON}/library/re.html", 1500),
    Screen("en_py_logging_dark", f"{PYTHON}/howto/logging.html", 900, "dark"),
    Screen("en_py_pathlib_dejavu", f"{PYTHON}/library/pathlib.html", 2600, font="14px DejaVu Sans"),
    Screen("en_git_rebase", f"{GIT}/git-rebase.html", 3000),
    Screen("en_git_log_dark", f"{GIT}/git-log.html", 2500, "dark"),
    Screen("en_pg_createtable", f"{POSTGRES}/sql-createtable.html", 3500),
    Screen("en_pg_class_table", f"{POSTGRES}/catalog-pg-class.html", 300, "dark"),
    Screen("en_pg_string_table_x2", f"{POSTGRES}/functions-string.html", 900, scale=2),
    Screen("en_hb_backup_serif", f"{HANDBOOK}/en-US/sect.backup.html", 800, font="15px Liberation Serif"),
    Screen("en_py_small", f"{PYTHON}/library/string.html", 900, font="11px Liberation Sans"),
    Screen("code_argparse_monokai", "/usr/lib/python3.11/argparse.py", 9000, "monokai", font="14px DejaVu Sans Mono"),
    Screen("code_socket_light", "/usr/lib/python3.11/socket.py", 5000, "default", font="13px Liberation Mono"),
    Screen("code_shutil_dark", "/usr/lib/python3.11/shutil.py", 4000, "github-dark", font="12px DejaVu Sans Mono"),
    Screen("code_stdio_light", "/usr/include/stdio.h", 2400, "friendly", font="15px DejaVu Sans Mono"),
    Screen("code_elf_nord", "/usr/include/elf.h", 3000, "nord", font="13px Noto Sans Mono CJK SC"),
    Screen("code_heapq_x2", "/usr/lib/python3.11/heapq.py", 3500, "monokai", 2, "14px DejaVu Sans Mono"),
    Screen("code_uuid_x2", "/usr/lib/python3.11/uuid.py", 2500, "xcode", 2, "13px Liberation Mono"),
    Screen("zh_hb_master", f"{HANDBOOK}/zh-CN/sect.master-plan.html", 400),
    Screen("zh_hb_ldap_dark", f"{HANDBOOK}/zh-CN/sect.ldap-directory.html", 900, "dark"),
    Screen("zh_ref_02_table", f"{REFERENCE}/ch02.zh-cn.html", 9000),
    Screen("zh_ref_04_dark", f"{REFERENCE}/ch04.zh-cn.html", 3000, "dark"),
    Screen("zh_ref_08_x2", f"{REFERENCE}/ch08.zh-cn.html", 1800, scale=2),
    Screen("mix_ref_09", f"{REFERENCE}/ch09.zh-cn.html", 5000, font="14px Noto Sans CJK SC"),
    Screen("mix_ref_11_dark", f"{REFERENCE}/ch11.zh-cn.html", 3500, "dark"),
)
HELD_OUT = (
    Screen("en_py_subprocess", f"{PYTHON}/library/subprocess.html", 2200),
    Screen("en_git_bisect_dark", f"{GIT}/git-bisect.html", 1500, "dark"),
    Screen("en_pg_datetime_table", f"{POSTGRES}/functions-datetime.html", 1200, font="14px DejaVu Sans"),
    Screen("en_pg_config_x2", f"{POSTGRES}/runtime-config-wal.html", 1500, "dark", 2),
    Screen("en_hb_firewall_small", f"{HANDBOOK}/en-US/sect.firewall-packet-filtering.html", 1000, font="12px Arimo"),
    Screen("code_tempfile_dark", "/usr/lib/python3.11/tempfile.py", 5000, "one-dark", font="13px DejaVu Sans Mono"),
    Screen("code_pthread_light", "/usr/include/pthread.h", 6000, "vs", font="14px Liberation Mono"),
    Screen("code_copy_x2", "/usr/lib/python3.11/copy.py", 1500, "dracula", 2, "14px DejaVu Sans Mono"),
    Screen("zh_hb_packet", f"{HANDBOOK}/zh-CN/sect.manipulating-packages-with-dpkg.html", 1500),
    Screen("zh_ref_07_dark", f"{REFERENCE}/ch07.zh-cn.html", 2500, "dark"),
    Screen("zh_ref_09_x2", f"{REFERENCE}/ch09.zh-cn.html", 2500, scale=2),
    Screen("mix_ref_12", f"{REFERENCE}/ch12.zh-cn.html", 2000),
)
SETS = {"development": DEVELOPMENT, "held-out": HELD_OUT}


def main() -> None:
    """Paint every screen of a set and write down what stands on it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", choices=SETS, default="development")
    parser.add_argument("--out", type=Path, required=True, help="folder that the screens are written into")
    parser.add_argument("--score", type=Path, help="score.py, copied beside them for bench/reading.py")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.score is not None:
        shutil.copy(options.score, options.out / "score.py")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory(prefix="screens-") as folder:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        )
        for screen in SETS[options.set]:
            truth = _paint(browser, screen, Path(folder), options.out / f"{screen.name}.png")
            (options.out / f"{screen.name}.json").write_text(json.dumps(truth, ensure_ascii=False), encoding="utf-8")
            print(
                f"{screen.name}: {len(truth['words'])} words, {len(truth['cjk'])} Chinese, {len(truth['ignore'])} cut"
            )
        browser.close()


def _paint(browser: Browser, screen: Screen, folder: Path, picture: Path) -> dict[str, Any]:
    """Save a screen's picture and return its truth, in pixels of the picture."""
    size = {"width": WIDTH_PX // screen.scale, "height": HEIGHT_PX // screen.scale}
    page = browser.new_page(viewport=size, device_scale_factor=screen.scale)  # type: ignore[arg-type]  # a TypedDict
    page.goto(_address(screen, folder))
    _dress(page, screen)
    page.evaluate(f"window.scrollTo(0, {screen.scroll_px})")
    page.wait_for_timeout(SETTLE_MS)
    page.screenshot(path=picture, animations="disabled", caret="hide")
    truth: dict[str, Any] = page.evaluate(TRUTH.read_text("utf-8"), screen.scale)
    page.close()
    return truth | {"scale": screen.scale, "id": screen.name, "width": WIDTH_PX, "height": HEIGHT_PX}


def _address(screen: Screen, folder: Path) -> str:
    """Return the address of a page, or of a source file made into one."""
    path = Path(screen.path)
    if path.suffix == ".html":
        return path.as_uri()
    form: HtmlFormatter[str] = HtmlFormatter(full=True, style=screen.look, title="")
    made = folder / f"{screen.name}.html"
    text = path.read_text("utf-8", errors="replace")
    made.write_text(highlight(text, get_lexer_for_filename(path.name), form), encoding="utf-8")
    return made.as_uri()


def _dress(page: Page, screen: Screen) -> None:
    """Give a page its colours and its font."""
    if screen.look == "dark":
        page.add_style_tag(content=DARK)
    if screen.font:
        size, family = screen.font.split(" ", 1)
        only = "body, body *" if Path(screen.path).suffix != ".html" else "body, body :not(code):not(pre):not(pre *)"
        page.add_style_tag(content=f"{only} {{ font-family: '{family}' !important; font-size: {size} !important }}")


if __name__ == "__main__":
    main()
