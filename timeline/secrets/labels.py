"""Secrets and passwords that stand beside a label: password: ..., 密码：..., API_KEY=...

Owns the labels and what may stand there that is no secret: dots, a type, a variable, a call, a word of prose.  A plain
word is taken for a password only between quotes after a label: "Password: required" is seen on more screens.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from timeline.secrets.randomness import is_placeholder, is_random
from timeline.secrets.rule import Rule, Span, anchored
from timeline.secrets.screen import Screen

_PASSWORDS = (
    "password", "passwd", "passwort", "kennwort", "passphrase", "pwd", "passcode", "mot de passe",
    "contraseña", "contrasena", "senha", "wachtwoord", "hasło", "lösenord", "adgangskode", "salasana",
    "пароль", "heslo", "jelszó", "şifre", "parola", "密码", "密碼", "口令", "パスワード",
    "暗証番号", "비밀번호", "암호",
    "รหัสผ่าน", "mật khẩu", "kata sandi",
)  # fmt: skip
_SECRETS = (
    "api_key", "apikey", "api-key", "api key", "secret", "token", "access_key", "accesskey", "access-key",
    "access key", "auth_key", "authkey", "private_key", "privatekey", "encryption_key", "encryptionkey",
    "encryption key", "signing_key", "signing key", "license_key", "license key", "session_key", "master_key",
    "credential", "密钥", "令牌", "secret_key", "secretkey", "secret-key", "secret key", "client_secret",
    "account_key", "webhook_key", "deploy_key",
)  # fmt: skip

_SEPARATOR = re.compile(
    r"(?:s|s?\s?\([^()\n]{1,24}\)|\s(?:for|for user|of|von|pour|para)\s[\w.@'’-]{1,32})?"
    r"(?P<closed>[\"'`\])]{0,2})[ \t\u3000]{0,3}(?P<sep>:=|=>|==?|[:：＝](?!:)|->)[ \t\u3000\n]{0,6}"
)
_QUOTED = re.compile(r"[bru]?(?P<quote>[\"'`“‘])(?P<secret>[^\"'`“”‘’\n]{4,128})[\"'`”’]")
_BARE = re.compile(r"(?P<secret>[^\s\"'`“”,;，；。、（）]{4,128})(?P<after>[^\n]{0,24})")
_IS = re.compile(r"(?:\s(?:is|ist|est|es|now|will be)|\s?(?:是|为|為|は))(?:\s?[:：])?[ \t]{0,2}[\"'「“]?"
                 r"(?P<secret>[!-~]{6,64})")  # fmt: skip
_FORM = re.compile(
    r"[ ]{0,3}\n[ ]{0,8}(?P<secret>[!-~]{6,64})[ ]{0,8}(?=\n|$)|[ \t]{2,40}(?P<cell>[!-~]{6,64})(?=\s|$)"
)
_ASSIGNED = re.compile(r"(?:[bru]?[\"'`“])?(?P<secret>[A-Za-z0-9_\-.+/=~]{16,512})(?P<after>.?)")
_LABELLED_LINE = re.compile(r"[ ]{0,3}\n[ ]{0,8}(?P<secret>[A-Za-z0-9_\-.+/=~]{20,512})[ ]{0,8}(?=\n|$)")

_HIDDEN = re.compile(r"[•●∙·＊*…‧⚫◦○oO.\-_?xX#]+$|[•●∙＊⚫]{2,}|\*{3,}|\.{3,}|-{4,}|_{4,}|x{4,}|X{4,}")
_EXPRESSION = re.compile(
    r"[$%{<(\[&@]|!?[A-Za-z_][\w.:>-]{0,60}[(\[{]|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$|[A-Za-z]:\\|\.{0,2}/\S|[a-z]{2,8}://"
    r"|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$|[a-z]+(?:_[a-z]+)+$|[a-z]+(?:-[a-z]+)+$|.*(?:\$\{|\$\(|\}\}|\)\)|</|/>|\[\])"
    r"|\\[nrtux]|-{1,2}[a-z]|=|\|\||&&|!="
)
_WORD = re.compile(
    r"[A-Z]?[a-z]+[).:!?]*$|[A-Z]+[).:!?]*$|[a-z]+[A-Z][a-z]+(?:[A-Z][a-z]*)*$|[^\W\d_]+[-/'][^\W\d_]+$|[0-9.,]{1,3}$"
)
_LOGIN_BEFORE = re.compile(  # a pattern for skeletons: i reads l there
    r"(?:user|user ?name|logln|e-?mall|account|用户名?|账号|帐号|benutzer(?:name)?|usuarlo)"
    r"[ ]{0,2}[:：=][^\n]{1,40}\n?[^\n]{0,12}$"
)
_NUMBER = re.compile(r"[0-9][0-9.,:/%-]*$")
_STOPS_WORDS = (
    "password passwd passwort passphrase secret string text char varchar none null true false required optional"
    " undefined user username login admin empty default value field input hidden any unknown number integer int"
    " bool boolean kennwort invalid incorrect wrong forgot change reset enter confirm show hide new old current"
)
_STOPS = frozenset(_STOPS_WORDS.split())


def _password(screen: Screen, at: int, after: int) -> Iterable[Span]:
    text = screen.text
    separator = _SEPARATOR.match(text, after)
    if separator is not None:
        return _behind(screen, at, separator)
    said = _IS.match(text, after)
    if said is not None:
        return _strong(text, *said.span("secret"))
    form = _FORM.match(text, after)
    if form is None or _inside_word(text, at):
        return ()
    return _strong(text, *form.span("secret" if form["secret"] else "cell"))


def _behind(screen: Screen, at: int, separator: re.Match[str]) -> Iterable[Span]:
    """Look behind a colon or an equals sign."""
    quoted = _QUOTED.match(screen.text, separator.end())
    if quoted is not None:
        return (quoted.span("secret"),) if _is_quoted_password(quoted["secret"]) else ()
    bare = _BARE.match(screen.text, separator.end())
    if bare is None:
        return ()
    if "\n" in separator[0] and bare["after"].strip():  # the next line of the screen says something else
        return ()
    return _bare(bare, separator["sep"], plain=_takes_words(screen, at, separator, bare))


def _inside_word(text: str, at: int) -> bool:
    return at > 0 and (text[at - 1] == "_" or (text[at - 1].isascii() and text[at - 1].isalnum()))


def _takes_words(screen: Screen, at: int, separator: re.Match[str], bare: re.Match[str]) -> bool:
    """Tell whether a plain word behind the label is a password: an English one behind a Chinese label, or a login's."""
    text = screen.text
    if not text[at].isascii():
        return True
    if separator["sep"] == "=" and text[at].isupper() and not bare["after"].strip():
        return bare.start("secret") == separator.end("sep")
    return _LOGIN_BEFORE.search(screen.skeleton, max(at - 80, 0), at) is not None


def _bare(match: re.Match[str], sep: str, *, plain: bool) -> Iterable[Span]:
    """Return a password without quotes: no word of prose, no expression of a program."""
    start = match.start("secret")
    value = match["secret"].rstrip(").]}>" if not any(each in match["secret"] for each in "([{<") else "")
    if value.endswith(("\\n", "\\r")):
        value = value[:-2]
    if len(value) < 4 or not _is_password(value, plain=plain) or _PROSE_AFTER.match(match["after"]):
        return ()
    if sep in ("==", "->", "=>") and not any(each.isdigit() for each in value):
        return ()
    return ((start, start + len(value)),)


_PROSE_AFTER = re.compile(r"\s+(?:is|are|and|or|must|should|to|of|the|a|for|in|with|if|when|characters?)\b|\(")


def _is_password(value: str, *, plain: bool = False) -> bool:
    if value.lower().rstrip(".:,!?") in _STOPS or is_placeholder(value) or _HIDDEN.match(value):
        return False
    if not value.isascii() or _EXPRESSION.match(value):
        return False
    if _WORD.match(value):
        return plain and len(value) >= 6 and value.isalpha()
    return not _NUMBER.match(value) or (value.isdigit() and len(value) >= 6)


def _is_quoted_password(value: str) -> bool:
    if value.lower().rstrip(".:,!?") in _STOPS or is_placeholder(value) or _HIDDEN.match(value) or not value.isascii():
        return False
    if (
        value.startswith(("/", "./", "~/"))
        or re.search(r"[{}<>]|%[sdr(]|^\$|\$[{(]|\s{2}|^\s|\s$|:\s", value)
        or value.count(" ") > 4
    ):
        return False
    return " " not in value or not re.fullmatch(r"[A-Z]?[a-z' ]+[.?!:]?", value)


def _strong(text: str, start: int, end: int) -> Iterable[Span]:
    """Return a password that no colon announces: it must have letters, and digits or signs among them."""
    value = text[start:end].rstrip(".,;:)\"'」”")
    letters, digits = any(each.isalpha() for each in value), any(each.isdigit() for each in value)
    signs = any(not each.isalnum() for each in value)
    if len(value) < 6 or not letters or not digits or not _is_password(value):
        return ()
    if re.fullmatch(r"[A-Za-z]{1,5}[0-9]{1,3}-[a-z]+", value):  # MD5-encrypted
        return ()
    if not signs and not re.search(r"[0-9][A-Za-z]|[A-Za-z][0-9]", value):
        return ()
    return ((start, start + len(value)),)


def _assigned(screen: Screen, at: int, after: int) -> Iterable[Span]:
    text = screen.text
    separator = _SEPARATOR.match(text, after)
    if separator is None:
        line = None if _inside_word(text, at) else _LABELLED_LINE.match(text, after)
        return () if line is None else _random(line)
    match = _ASSIGNED.match(text, separator.end())
    return () if match is None or match["after"] in ("(", "[", "{") else _random(match)


def _random(match: re.Match[str]) -> Iterable[Span]:
    value = match["secret"].rstrip(".")
    if value.startswith(("/", "./", "../", "http")) or _EXPRESSION.match(value) or _FILE.search(value):
        return ()
    start = match.start("secret")
    return ((start, start + len(value)),) if is_random(value) and any(each.isdigit() for each in value) else ()


_FILE = re.compile(r"\.(?:py|js|ts|json|ya?ml|txt|pem|key|crt|html?|md|toml|cfg|ini|so|go|rs|c|h|java)$")

RULES = (
    Rule("password", anchored(_password, *_PASSWORDS)),
    Rule("assigned-secret", anchored(_assigned, *_SECRETS)),
)
