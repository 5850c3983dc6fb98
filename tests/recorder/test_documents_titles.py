"""Titles as programs really set them, in English and Chinese: which name a page or a file in full, and which do not."""

from __future__ import annotations

import pytest

from recorder.documents.titles import Who, told_by

WHO = Who("/home/mei", "mei", "studio")

NAMED = [
    # editors
    ("Gvim", "main.py (~/src/app) - GVIM1", "/home/mei/src/app/main.py"),
    ("Gvim", "main.py + (~/src/app) - GVIM", "/home/mei/src/app/main.py"),
    ("XTerm", "fstab = (/etc) - VIM", "/etc/fstab"),
    ("XTerm", "预算 2026.md (~/文档) - NVIM", "/home/mei/文档/预算 2026.md"),
    ("Gedit", "*notes.txt (~/Documents) - gedit", "/home/mei/Documents/notes.txt"),
    ("gedit", "会议记录.txt (~/文档) - 文本编辑器", "/home/mei/文档/会议记录.txt"),
    ("Pluma", "plan.txt (/srv/share) - Pluma", "/srv/share/plan.txt"),
    ("Mousepad", "~/Documents/notes.txt - Mousepad", "/home/mei/Documents/notes.txt"),
    ("Mousepad", "*/srv/share/list.csv - Mousepad", "/srv/share/list.csv"),
    ("kate", "~/Documents/notes.txt — Kate", "/home/mei/Documents/notes.txt"),
    ("Geany", "main.c - ~/src/app - Geany", "/home/mei/src/app/main.c"),
    ("Code", "/home/mei/src/app/main.py - Visual Studio Code", "/home/mei/src/app/main.py"),
    ("Code", "● /home/mei/src/app/main.py - Visual Studio Code", "/home/mei/src/app/main.py"),
    ("Sublime_text", "~/src/app/main.py • (app) - Sublime Text", "/home/mei/src/app/main.py"),
    (
        "jetbrains-idea",
        "app [~/src/app] – .../src/main/App.java [app.main] – IntelliJ IDEA",
        "/home/mei/src/app/src/main/App.java",
    ),
    ("jetbrains-pycharm", "app [~/src/app] - .../tests/test_app.py - PyCharm", "/home/mei/src/app/tests/test_app.py"),
    # terminals and file managers
    ("XTerm", "mei@studio: ~/src/app", "/home/mei/src/app"),
    ("kitty", "mei@studio:/etc/apt", "/etc/apt"),
    ("Gnome-terminal", "mei@studio.local: ~", "/home/mei"),
    ("XTerm", "mei@studio: ~/文档/二〇二六年", "/home/mei/文档/二〇二六年"),
    ("XTerm", "mc [mei@studio]:~/src", "/home/mei/src"),
    ("Alacritty", "ranger:~/src", "/home/mei/src"),
    ("Thunar", "/home/mei/Documents - Thunar", "/home/mei/Documents"),
    ("Thunar", "/home/mei/文档 - 文件管理器", "/home/mei/文档"),
    # viewers
    ("Zathura", "/home/mei/papers/plan.pdf [3/10]", "/home/mei/papers/plan.pdf"),
    ("Xpdf", "Xpdf: /srv/share/plan.pdf", "/srv/share/plan.pdf"),
    # addresses
    ("Alacritty", "https://lwn.net/Articles/1/ - w3m", "https://lwn.net/Articles/1/"),
    ("firefox", "Weekly edition - https://lwn.net/current/ - Mozilla Firefox", "https://lwn.net/current/"),
    ("firefox", "预算 - https://example.cn/预算?页=2 — Mozilla Firefox", "https://example.cn/预算?页=2"),
]

BARE = [
    ("Code", "main.py - app - Visual Studio Code"),
    ("Code", "● main.py - app - Visual Studio Code"),
    ("jetbrains-idea", "app – App.java"),
    ("emacs", "notes.org - GNU Emacs at studio"),
    ("libreoffice-writer", "report.odt - LibreOffice Writer"),
    ("libreoffice-calc", "预算.ods - LibreOffice Calc"),
    ("Evince", "plan.pdf — Deep learning"),
    ("okular", "plan.pdf — Okular"),
    ("Org.gnome.Nautilus", "Documents"),
    ("Org.gnome.Nautilus", "文档"),
    ("mpv", "film.mkv - mpv"),
    ("XTerm", "root@studio: /etc/apt"),
    ("XTerm", "mei@server: ~/src"),
    ("XTerm", "xterm"),
    ("XTerm", "make -j2 (50%)"),
    ("Slack", "general (Channel) - Team - Slack"),
    ("Signal", "Li Wei (2) - Signal"),
    ("Gvim", "[No Name] - GVIM"),
    ("Gvim", "main.py (src/app) - GVIM"),
    ("firefox", "/etc/passwd - Wikipedia — Mozilla Firefox"),
    ("firefox", "https://lwn.net at DuckDuckGo — Mozilla Firefox"),
    ("Chromium", "main.py (~/src/app) - VIM - Chromium"),
    ("Google-chrome", "mei@studio: ~/src - Google Chrome"),
    (None, ""),
    (None, "~nothing"),
]


@pytest.mark.parametrize(("app", "title", "expected"), NAMED)
def test_a_title_that_names_all_of_it(app: str, title: str, expected: str) -> None:
    """A page's address or a file's whole path."""
    assert told_by(app, title, WHO) == expected


@pytest.mark.parametrize(("app", "title"), BARE)
def test_a_title_that_names_only_a_part(app: str | None, title: str) -> None:
    """No folder is guessed, another host's path is not this one's, and a page's own title says nothing."""
    assert told_by(app, title, WHO) is None


@pytest.mark.parametrize(("app", "told"), [("XTerm", "/home/mei/"), ("firefox", None)])
def test_a_long_title_comes_to_an_end(app: str, told: str | None) -> None:
    """A title of 4,000 characters made to be ambiguous: with an exponential pattern this would not return."""
    assert told_by(app, "~/" + " - a (b" * 600, WHO) == told
