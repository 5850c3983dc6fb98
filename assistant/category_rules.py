"""The rules by which a window gets its category: one table of application, title and address, and kinds of programs.

Data only: the first row that matches decides.  assistant.categories reads it; assistant.subjects uses the kinds of
programs to know which windows "the terminal" or 浏览器 means.
"""

from __future__ import annotations

import re
from typing import Literal

CATEGORIES = (
    "coding",
    "reading",
    "writing",
    "communication",
    "meetings",
    "design",
    "media",
    "admin",
    "browsing",
    "other",
)

CHINESE_NAMES = {
    "coding": "编程", "reading": "阅读", "writing": "写作", "communication": "沟通", "meetings": "会议",
    "design": "设计", "media": "影音", "admin": "事务", "browsing": "浏览网页", "other": "其他",
}  # fmt: skip

ProgramKind = Literal["terminal", "browser", "editor", "mail", "chat", "office", "viewer", "files"]

PROGRAMS: dict[ProgramKind, str] = {
    "terminal": r"[a-z]*term(inal)?(-server)?|gnome-terminal.*|konsole|alacritty|kitty|foot|wezterm.*|ghostty|iterm2?"
    r"|tilix|terminator|powershell|cmd|windowsterminal|tmux",
    "browser": r"chrom(e|ium)(-browser)?|google-chrome.*|firefox.*|navigator|librewolf|brave(-browser)?|opera|vivaldi.*"
    r"|safari|microsoft-edge.*|msedge|edge|epiphany|falkon|qutebrowser|tor browser|zen",
    "editor": r"code(-oss)?|vscodium|visual studio code|cursor|zed|sublime_text|gedit|org\.gnome\.texteditor|kate"
    r"|kwrite|mousepad|xed|pluma|leafpad|emacs|g?n?vim|neovide|gvim|notepad(\+\+)?|textedit|jetbrains-.*|pycharm.*|idea.*"
    r"|webstorm.*|goland.*|clion.*|rider.*|android studio|eclipse|obsidian|typora|logseq",
    "mail": r"thunderbird.*|evolution|geary|kmail|mailspring|outlook.*|apple mail|mail",
    "chat": r"slack|discord|telegram.*|signal|whatsapp.*|element|teams.*|wechat.*|weixin|微信|企业微信|qq|钉钉|dingtalk"
    r"|飞书|lark|feishu|mattermost|skype|line|chat",
    "office": r"libreoffice.*|soffice.*|winword|excel|powerpnt|onlyoffice.*|wps.*|word|pages|numbers|keynote|et|wpp",
    "viewer": r"evince|okular|zathura|xpdf|atril|sioyek|acrobat|preview|calibre.*|fbreader|foliate|sumatrapdf|papers",
    "files": r"nautilus|org\.gnome\.nautilus|thunar|dolphin|nemo|pcmanfm.*|caja|finder|explorer",
}

_PROSE = r"\.(txt|md|docx?|odt|rtf|tex|rst|wps)\b|\bnotes?\b|\bdraft\b|笔记|草稿|日记|随笔"
_MEETING = (
    r"zoom meeting|google meet|\bmeet - |microsoft teams meeting|\bin call\b|webex|jitsi|腾讯会议|视频会议|飞书会议"
)
_SITES_OF_CODE = r"github|gitlab|bitbucket|codeberg|stack overflow|localhost:\d|127\.0\.0\.1:\d|pull request|jupyter"
_TEXTS = (
    r"documentation|\bdocs?\b|manual|reference|tutorial|handbook|\bguide\b|wikipedia|wiki|arxiv|\.pdf\b|\bchapter\b"
    r"|文档|手册|教程|参考|百科|指南|论文|第\s*\d+\s*章"
)

_OFFICE_WORK = (
    rf"{PROGRAMS['files']}|libreoffice-calc|excel|gnome-(control-center|calendar|system-monitor|calculator)"
    r"|korganizer|systemsettings5?|pavucontrol|gnucash|synaptic|xfce4-.*"
)
_WORKSHOPS = (
    r"code(-oss)?|vscodium|visual studio code|cursor|zed|jetbrains-.*|pycharm.*|idea.*|webstorm.*|goland.*|clion.*"
    r"|rider.*|android studio|eclipse|gitk|meld|dbeaver.*|wireshark"
)

RULES: tuple[tuple[str, Literal["app", "title", "url"], str], ...] = (
    # category, what is looked at, the pattern: of an application all of its name, else any part
    ("meetings", "app", r"zoom|webex.*|jitsi.*|腾讯会议|wemeet.*|facetime"),
    ("meetings", "url", r"//(meet\.google\.com|[\w.-]*zoom\.us/j/|meet\.jit\.si|teams\.microsoft\.com/.*meeting)"),
    ("meetings", "title", _MEETING),
    ("communication", "app", rf"{PROGRAMS['mail']}|{PROGRAMS['chat']}"),
    ("communication", "url", r"//(mail\.|outlook\.|web\.whatsapp|app\.slack|discord\.com/channels|web\.telegram)"),
    ("communication", "title", r"\bgmail\b|\binbox\b|\bslack\b|whatsapp|telegram|收件箱|邮箱|微信"),
    ("design", "app", r"gimp.*|inkscape|krita|figma.*|blender|photoshop|illustrator|sketch|darktable|freecad|scribus"),
    ("design", "url", r"//(www\.)?(figma\.com|canva\.com|penpot)"),
    ("design", "title", r"– figma|\bfigma\b|\bcanva\b"),
    ("media", "app", r"mpv|vlc|totem|celluloid|spotify|rhythmbox|audacious|clementine|steam|kodi|smplayer|music"),
    ("media", "url", r"//(www\.|m\.)?(youtube|youtu|netflix|bilibili|twitch|spotify|vimeo)\.(com|be|tv)"),
    ("media", "title", r"youtube|netflix|bilibili|哔哩哔哩|twitch|spotify|爱奇艺|优酷"),
    ("writing", "app", r"libreoffice-writer|winword|word|obsidian|typora|logseq|focuswriter|ghostwriter|texstudio"),
    ("writing", "url", r"//docs\.google\.com/document|//(www\.)?(notion\.so|overleaf\.com|yuque\.com|shimo\.im)"),
    ("writing", "title", r"google docs|overleaf|libreoffice writer|\bnotion\b"),
    ("admin", "app", _OFFICE_WORK),
    ("admin", "url", r"//(calendar\.google|docs\.google\.com/spreadsheets|drive\.google)"),
    ("admin", "title", r"\bcalendar\b|spreadsheet|\binvoice|\bbank(ing)?\b|\bsettings\b|日历|表格|发票|设置|报销"),
    ("reading", "app", PROGRAMS["viewer"]),
    ("coding", "url", rf"//({_SITES_OF_CODE}|docs\.rs|pypi\.org|crates\.io)"),
    ("coding", "app", _WORKSHOPS),
)  # fmt: skip

BROWSER_RULES: tuple[tuple[str, str], ...] = (("coding", _SITES_OF_CODE), ("reading", _TEXTS))
"""Of a browser's window only: category and a pattern of its title."""

TYPED_RULES: tuple[tuple[str, str], ...] = (("writing", _PROSE),)
"""Of a terminal's or an editor's window only: what is typed there is code unless its title says otherwise."""


def program_kind(app: str | None) -> ProgramKind | None:
    """Return what sort of program an application is, None when it is of no known sort."""
    name = (app or "").strip()
    return next((kind for kind, pattern in PROGRAMS.items() if re.fullmatch(pattern, name, re.IGNORECASE)), None)
