"""What is excluded from the first start on: password managers, prompts for passwords, private windows of browsers.

Owns the default patterns only; the gate that applies them is recorder.privacy, the settings may replace them.  The
titles are those that the browsers put behind the page's own title: a page that merely speaks about private browsing
ends with the browser's plain name and is kept.
"""

from __future__ import annotations

DEFAULT_APPS: tuple[str, ...] = (
    "*keepass*", "bitwarden*", "1password*", "*seahorse*", "enpass*", "lastpass*", "proton pass*", "proton-pass*",
    "dashlane*", "kwalletmanager*", "kwalletd*", "*.secrets", "qtpass*", "buttercup*", "nordpass*", "*keeperpassword*",
    "gcr-prompter", "pinentry*", "*polkit*", "*policykit*", "*askpass*",
)  # fmt: skip

_BROWSERS = (
    r"(?:mozilla firefox|firefox[\w ]*|librewolf|tor browser|google chrome|chrome|chromium|microsoft\W{0,2} ?edge|edge"
    r"|brave|opera|vivaldi|safari|web)"
)
_MARKS = "|".join((
    "private browsing", "private window", "private", "incognito", "inprivate",
    "隐私浏览", "隐私窗口", "隐身", "无痕", "隱私瀏覽", "無痕",
    "privater modus", "privates fenster", "privat", "inkognito",
    "navigation privée", "privée",
    "navegación privada", "incógnito", "privada",
    "navigazione anonima", "in incognito", "anonima",
    "navegação privativa", "navegação privada", "anônima",
    "приватный просмотр", "инкогнито", "приватное окно",
    "プライベートブラウジング", "シークレット",
    "사생활 보호 모드", "시크릿",
    "tryb prywatny", "privénavigatie", "gizli",
))  # fmt: skip
_MODE = r"(?:[ -]?(?:mode|modus|window|模式|窗口|视窗|視窗|モード|모드))?"
_FROM = r"(?: de| do| di| in| von| van)?"
_JOIN = r"(?:^|[-–—|] ?)"  # what stands before a mark or a browser's name: the title's start or a separator

DEFAULT_TITLES: tuple[str, ...] = (
    # "Bank — Mozilla Firefox Private Browsing", "Bank - Google Chrome (Incognito)", "银行 — Mozilla Firefox 隐私浏览"
    rf"{_JOIN}{_BROWSERS}(?: [-–—]?)? ?[(（\[]?(?:{_MARKS}){_MODE}[)）\]]?$",
    # "Bank - [InPrivate] - Microsoft Edge", "银行（无痕） - Google Chrome"
    rf"[(（\[](?:{_MARKS}){_MODE}[)）\]] ?[-–—] ?{_BROWSERS}$",
    # "Navigation privée de Mozilla Firefox"
    rf"{_JOIN}(?:{_MARKS}){_FROM} {_BROWSERS}$",
    # the empty tab of a private window, which shows no mark behind its title
    rf"^(?:new (?:incognito|private|inprivate) tab|(?:打开)?新(?:的)?(?:无痕|隐身)\w*标签页) [-–—] {_BROWSERS}$",
    # password managers whose class is another one than expected
    r"(?:^|[-–—] )(?:keepass(?:xc|2)?|bitwarden|1password)$",
)
