"""Tokens that begin with a prefix of their issuer: GitHub, GitLab, Slack, Stripe, Google and others.

Owns the prefixes, alphabets and lengths (each as its issuer publishes them) and how a token is put together again that
OCR split by spaces or the terminal by its edge.  A token a few characters short still counts: OCR drops some.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from timeline.secrets.randomness import is_mixed, is_odd, is_placeholder, is_random
from timeline.secrets.rule import Find, Rule, Span, anchored
from timeline.secrets.screen import Screen

Looks = Callable[[str], bool]

_GAP = re.compile(r"[ ]{1,2}|[ ]{0,40}\n[ ]{0,40}")
_MOST_GAPS = 3
_LEAST_PIECE = 5  # characters; "v2" or "x86" behind a token is no part of it
_BASE62 = r"[A-Za-z0-9]"
_URLSAFE = r"[A-Za-z0-9_\-]"
_HEX = r"[0-9a-fA-FOIl]"
_SLACK_HOOK = re.compile(r"[ ]?(?P<secret>[TB][A-Za-z0-9]{6,12}/[A-Za-z0-9]{6,14}/[A-Za-z0-9]{16,32})")
_DISCORD_HOOK = re.compile(r"(?P<secret>\d{16,20}/[\w-]{50,90})")
_DISCORD_BOT = re.compile(r"[MNO][A-Za-z0-9_-]{22,28}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{26,45}")
_TELEGRAM_ID = re.compile(r"(?<![0-9A-Za-z])[0-9]{8,10}$")
_TELEGRAM_REST = re.compile(r"[A-Za-z0-9_-]{31,35}(?![A-Za-z0-9_-])")
_JWT_RUN = re.compile(r"[A-Za-z0-9_\-.]+")
_JWT = re.compile(r"[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]*)?")
_LONGEST_JWT = 8192


def prefixed(
    *prefixes: str, body: str = _BASE62, length: int, least: int = 0, most: int = 0, looks: Looks = is_mixed
) -> Find:
    """Return the search for tokens of a prefix and `length` characters of `body`; OCR and its kin may miss a tenth."""
    run = re.compile(body + "+")
    few = least or length - max(length // 10, 1)
    many = most or length + max(length // 10, 1)

    def look(screen: Screen, at: int, after: int) -> Iterable[Span]:
        if _continues(screen.text, at):
            return ()
        token, end = _glued(screen.text, after, run, length, many)
        if not few <= len(token) <= many or not looks(token):
            return ()
        return ((at, end),)

    return anchored(look, *prefixes)


def _continues(text: str, at: int) -> bool:
    """Tell whether the place is inside a word."""
    return at > 0 and text[at - 1].isascii() and text[at - 1].isalnum()


def _glued(text: str, start: int, run: re.Pattern[str], length: int, most: int) -> tuple[str, int]:
    """Return the token from a place on, pieces behind gaps added while they look like its own, and where it ends."""
    start += text[start : start + 1] == " "
    first = run.match(text, start, start + most + 1)
    if first is None:
        return "", start
    token, end = first[0], first.end()
    for _ in range(_MOST_GAPS):
        gap = _GAP.match(text, end)
        piece = run.match(text, gap.end(), gap.end() + most + 1) if gap and len(token) < length else None
        if piece is None or len(token) + len(piece[0]) > most:
            break
        if len(token) + len(piece[0]) != length and (len(piece[0]) < _LEAST_PIECE or not is_odd(piece[0])):
            break
        token, end = token + piece[0], piece.end()
    return token, end


def _matched(pattern: re.Pattern[str], *anchors: str) -> Find:
    def look(screen: Screen, _at: int, after: int) -> Iterable[Span]:
        match = pattern.match(screen.text, after)
        return () if match is None or is_placeholder(match["secret"]) else (match.span("secret"),)

    return anchored(look, *anchors)


def _telegram(screen: Screen, at: int, after: int) -> Iterable[Span]:
    before = _TELEGRAM_ID.search(screen.text[max(at - 12, 0) : at])
    rest = _TELEGRAM_REST.match(screen.text, after)
    if before is None or rest is None or not is_random(rest[0]):
        return ()
    return ((at - len(before[0]), rest.end()),)


def _jwt(screen: Screen, at: int, after: int) -> Iterable[Span]:
    if _continues(screen.text, at):
        return ()
    token, end = _glued(screen.text, after, _JWT_RUN, _LONGEST_JWT, _LONGEST_JWT)
    if _JWT.match(token) is None or not is_random(token[:60].replace(".", "")):
        return ()
    return ((at, end - len(token) + len(token.rstrip("."))),)


def _discord(screen: Screen) -> Iterable[Span]:
    return (
        match.span()
        for match in _DISCORD_BOT.finditer(screen.text)
        if not _continues(screen.text, match.start()) and is_random(match[0])
    )


RULES = (
    Rule("github-token", prefixed("ghp_", "gho_", "ghu_", "ghs_", "ghr_", length=36, most=80)),
    Rule("github-token", prefixed("github_pat_", body=r"[A-Za-z0-9_]", length=82, least=60)),
    Rule("gitlab-token", prefixed("glpat-", "gldt-", "glrt-", "glsoat-", "glft-", "glimt-", body=_URLSAFE, length=20,
                                  least=17, most=64)),
    Rule("gitlab-token", prefixed("glptt-", "glcbt-", body=_URLSAFE, length=40, least=20, most=60)),
    Rule("slack-token", prefixed("xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxe-", "xoxc-", "xoxd-", "xapp-",
                                 body=_URLSAFE, length=50, least=22, most=200)),
    Rule("slack-token", _matched(_SLACK_HOOK, "hooks.slack.com/services/", "hooks.slack.com/workflows/")),
    Rule("stripe-key", prefixed("sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_", length=99, least=20,
                                most=110)),
    Rule("ai-api-key", prefixed("sk-ant-", "sk-proj-", "sk-svcacct-", "sk-admin-", "sk-or-v1-", body=_URLSAFE,
                                length=120, least=36, most=200)),
    Rule("ai-api-key", prefixed("sk-", length=48, least=30, most=64, looks=is_random)),
    Rule("google-key", prefixed("AIza", body=_URLSAFE, length=35, least=32)),
    Rule("google-key", prefixed("GOCSPX-", body=_URLSAFE, length=28, least=24)),
    Rule("google-key", prefixed("ya29.", body=_URLSAFE, length=140, least=30, most=400)),
    Rule("telegram-bot-token", anchored(_telegram, ":AA")),
    Rule("discord-token", _discord),
    Rule("discord-token", _matched(_DISCORD_HOOK, "discord.com/api/webhooks/", "discordapp.com/api/webhooks/")),
    Rule("npm-token", prefixed("npm_", length=36)),
    Rule("pypi-token", prefixed("pypi-AgE", body=_URLSAFE, length=180, least=50, most=400)),
    Rule("hugging-face-token", prefixed("hf_", "api_org_", length=34)),
    Rule("sendgrid-key", prefixed("SG.", body=r"[A-Za-z0-9_\-.]", length=66, least=60)),
    Rule("twilio-key", prefixed("SK", body=_HEX, length=32, least=31, most=33, looks=is_random)),
    Rule("jwt", anchored(_jwt, "eyJ")),
)  # fmt: skip
