"""Logins inside requests and addresses: HTTP authorization, user:password@host, curl -u.

Owns their forms.  A placeholder of a manual (user:password@host, Bearer <token>) is no secret.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterable

from timeline.secrets.randomness import is_placeholder, is_random
from timeline.secrets.rule import Rule, Span, anchored
from timeline.secrets.screen import Screen

_HEADER = re.compile(
    r"[\"']?\s{0,2}[:=：,]\s{0,3}[\"'`]?(?:(?P<scheme>Bearer|Basic|Token|ApiKey|Api-Key|Key|AWS)\s{1,3})?"
    r"(?P<secret>[A-Za-z0-9_\-.+/=~:]{8,4096})",
    re.IGNORECASE,
)
_BEARER = re.compile(r"\s{1,3}(?P<secret>[A-Za-z0-9_\-.+/=~]{16,4096})")
_CURL = re.compile(r"[^\n]{0,200}?\s(?:-u|--user)[ =][\"']?[\w.@+-]{1,64}:(?P<secret>[^\s\"'@]{4,128})")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,24}$")
_USERINFO = re.compile(
    r"[^\s:/@?#\"'<>()\[\]{}]{0,80}:(?P<secret>[^\s@\"'<>]{3,128})@[ ]?"
    r"(?!example\.(?:com|org|net))[\w\[-]"
)
_WORDS = re.compile(
    r"(?:my|your|the|db|user|some)?[_-]?(?:pass(?:word|wd|phrase)?|pwd|pw|secret|token|mot_?de_?passe|passwort|senha"
    r"|contraseña|密码|x+|\*+|\.+|•+)[0-9]?",
    re.IGNORECASE,
)
_VARIABLE = re.compile(r"[$%{<\[(]|[^{}()]{0,128}[{}()]|[A-Z][A-Z_]{3,}$")
_PORT = re.compile(r"[0-9]{1,5}(?:/|$)")


def _authorization(screen: Screen, _at: int, after: int) -> Iterable[Span]:
    match = _HEADER.match(screen.text, after)
    if match is None or _is_variable(match["secret"]) or screen.text[match.end() : match.end() + 1] in ("(", "["):
        return ()
    scheme, value = (match["scheme"] or "").lower(), match["secret"]
    if is_random(value) or (scheme == "basic" and _is_pair(value)):
        return (match.span("secret"),)
    return ()


def _bearer(screen: Screen, at: int, after: int) -> Iterable[Span]:
    match = _BEARER.match(screen.text, after)
    if match is None or (at and screen.text[at - 1].isalnum()) or not is_random(match["secret"]):
        return ()
    return (match.span("secret"),)


def _curl(screen: Screen, _at: int, after: int) -> Iterable[Span]:
    match = _CURL.match(screen.text, after)
    if match is None or _is_variable(match["secret"]) or is_placeholder(match["secret"]):
        return ()
    return (match.span("secret"),)


def _address(screen: Screen, at: int, after: int) -> Iterable[Span]:
    if _SCHEME.search(screen.text[max(at - 26, 0) : at]) is None:
        return ()
    match = _USERINFO.match(screen.text, after)
    if match is None or _is_variable(match["secret"]) or is_placeholder(match["secret"]):
        return ()
    if _PORT.match(match["secret"]):  # host:8080/@name
        return ()
    return (match.span("secret"),)


def _is_variable(value: str) -> bool:
    return _WORDS.fullmatch(value) is not None or _VARIABLE.match(value) is not None


def _is_pair(value: str) -> bool:
    """Tell whether a value is Base64 of "user:password"."""
    try:
        pair = b64decode(value + "=" * (-len(value) % 4), validate=True)
    except (NotBase64, ValueError):
        return False
    return b":" in pair and pair.isascii()


RULES = (
    Rule("http-authorization", anchored(_authorization, "authorization")),
    Rule("http-authorization", anchored(_bearer, "bearer")),
    Rule("http-authorization", anchored(_curl, "curl ")),
    Rule("connection-string", anchored(_address, "://")),
)
