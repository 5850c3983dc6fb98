"""What is excluded from the first start on: password managers, prompts for passwords, private windows of browsers.

Owns the default patterns only; the gate that applies them is recorder.privacy, the settings may replace them.  The
titles are those that the browsers put behind the page's own title: a page that merely speaks about private browsing
ends with the browser's plain name and is kept.
"""

from __future__ import annotations

DEFAULT_APPS: tuple[str, ...] = (
    # password managers, by the class of their windows (Linux) or their application's name (macOS, Windows)
    "*keepass*", "macpass", "strongbox", "bitwarden*", "goldwarden*", "1password*", "enpass*", "lastpass*", "dashlane*",
    "proton pass*", "proton-pass*", "protonpass*", "nordpass*", "*keeperpassword*", "keeper password manager",
    "roboform*", "buttercup*", "padloc*", "passbolt*", "psono*", "qtpass*", "*seahorse*", "kwalletmanager*",
    "*.kwalletmanager*", "kwalletd*", "secrets", "*.secrets", "org.gnome.passwordsafe", "gnome-passwordsafe",
    "password safe", "passwordsafe", "pwsafe", "password gorilla", "figaro's password manager*", "fpm2", "revelation",
    "rofi-pass", "*authenticator", "*authpass*", "otpclient*", "ente auth", "enteauth",
    "keychain access", "passwords", "credentialuibroker*", "consent.exe",
    # what asks for a password
    "gcr-prompter", "gcr-viewer", "pinentry*", "*polkit*", "*policykit*", "*askpass*", "gksu*", "kdesu*", "lxqt-sudo",
    "gnome-keyring*", "securityagent", "veracrypt", "nm-openconnect-auth-dialog",
    # browsers whose windows are all private
    "tor browser*", "torbrowser*", "tor-browser*", "mullvad browser*", "mullvadbrowser*", "mullvad-browser*",
)  # fmt: skip

_BROWSERS = (
    r"(?:mozilla firefox[\w ]*|firefox[\w ]*|librewolf|waterfox|floorp|zen browser|tor browser|mullvad browser"
    r"|google chrome(?: beta| dev| canary)?|chrome|chromium|microsoft\W{0,2} ?edge(?: beta| dev| canary)?|edge"
    r"|brave(?: browser)?|opera(?: gx)?|vivaldi|yandex browser|yandex|safari|web)"
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
    "tryb prywatny", "privénavigatie", "privé", "gizli gezinti", "gizli", "privat surfning", "privat browsing",
    "anonymní prohlížení", "anonymní", "приватний перегляд", "анонімний", "yksityinen selaus", "privát böngészés",
    "privat nettlesing", "ιδιωτική περιήγηση", "navigare privată", "navegació privada", "duyệt web riêng tư", "ẩn danh",
    "การเรียกดูแบบส่วนตัว", "ไม่ระบุตัวตน", "penjelajahan pribadi", "samaran", "تصفح خاص", "גלישה פרטית", "निजी ब्राउज़िंग",
    "prywatne", "incognita",
))  # fmt: skip
_MODE = r"(?:[ -]?(?:mode|modus|window|模式|窗口|视窗|視窗|モード|모드))?"
_FROM = r"(?: de| do| di| in| von| van)?"
_JOIN = r"(?:^|[-–—|] ?)"  # what stands before a mark or a browser's name: the title's start or a separator

_NEW_TAB = "|".join((
    "new (?:incognito|private|inprivate) tab(?: with tor)?", "neuer inkognito-?tab",
    "neuer? inprivate-(?:tab|registerkarte)",
    "nouvel onglet (?:de navigation privée|inprivate)", "nueva pestaña (?:de )?(?:incógnito|inprivate)",
    "nuova scheda (?:in incognito|di navigazione in incognito|inprivate)", "nova guia (?:anônima|inprivate)",
    "novo separador (?:de navegação anónima|inprivate)", "новая вкладка (?:в режиме )?(?:инкогнито|inprivate)",
    "新しいシークレット ?タブ", "新しい inprivate タブ", "새 시크릿 탭", "새 inprivate 탭",
    "nowa karta (?:w trybie )?(?:incognito|inprivate)",
    "nieuwe? (?:incognitotabblad|incognito-tabblad|inprivate-tabblad)", "yeni (?:gizli|inprivate) sekme(?:si)?",
    "ny (?:inkognitoflik|inprivate-flik)", "нова (?:анонімна вкладка|вкладка inprivate)", "nová anonymní karta",
    r"(?:打开)?新(?:的)?(?:无痕|隐身|隐私)\w*标签页", "新建 ?inprivate ?(?:标签页|窗口)",
    r"(?:開啟)?新(?:增)?(?:的)?無痕\w*分頁", "新增? ?inprivate ?索引標籤",
))  # fmt: skip

PRIVATE_TITLES: tuple[str, ...] = (
    # "Bank — Mozilla Firefox Private Browsing", "Bank - Google Chrome (Incognito)", "银行 — Mozilla Firefox 隐私浏览"
    rf"{_JOIN}{_BROWSERS}(?: [-–—]?)? ?[(（\[]?(?:{_MARKS}){_MODE}[)）\]]?$",
    # "Bank - [InPrivate] - Microsoft Edge", "银行（无痕） - Google Chrome"
    rf"[(（\[](?:{_MARKS}){_MODE}[)）\]] ?[-–—] ?{_BROWSERS}$",
    # "Navigation privée de Mozilla Firefox"
    rf"{_JOIN}(?:{_MARKS}){_FROM} {_BROWSERS}$",
    # the empty tab of a private window, which shows no mark behind its title
    rf"^(?:{_NEW_TAB}) [-–—] {_BROWSERS}$",
)

DEFAULT_TITLES: tuple[str, ...] = (
    *PRIVATE_TITLES,
    # password managers whose class is another one than expected
    r"(?:^|[-–—] )(?:keepass(?:xc|2)?|bitwarden|1password)$",
)

BROWSER_CLASS = (
    r"firefox|librewolf|waterfox|floorp|icecat|iceweasel|palemoon|pale moon|zen\b|navigator|chrom|brave|microsoft.?edge"
    r"|opera|vivaldi|yandex|thorium|epiphany|falkon|qutebrowser|midori|konqueror"
)
"""Part of the class of a browser's windows."""

BROWSER_PROGRAM = rf"^(?:{BROWSER_CLASS}|msedge|chrome)"
"""How the name of a browser's program begins."""

PRIVATE_OPTIONS = frozenset((
    "--incognito", "-incognito", "--inprivate", "-inprivate", "--private", "-private", "--guest", "--tor",
    "--private-browsing", "--private-instance", "--incognito-mode",
))  # fmt: skip
"""Options that make the windows of a browser private.  Not --private-window, which makes one, and Firefox names it."""

FIREFOX_CLASS = r"firefox|librewolf|waterfox|floorp|icecat|zen\b|navigator"
_FIREFOX = r"(?:mozilla firefox|firefox|librewolf|waterfox|floorp|zen browser)"
FIREFOX_NAME = rf"{_FIREFOX}(?: nightly| developer edition| beta| esr)?"
FIREFOX_NAMED = _FIREFOX
"""Firefox writes its name last, and in a private window something more, in each of its languages."""

PLAIN_END = rf"(?:^|\s[-–—] ){_BROWSERS}$"
"""How the title of any ordinary window of a browser ends."""

MARK_BEHIND = rf"(?:{_MARKS}|guest|gast|invité|invitado|ospite|convidado|гость|ゲスト|게스트|访客|訪客|misafir|gość)"
"""What Chromium adds to the title for assistive technology in a private window, in brackets."""
