"""Codes that are typed once: verification codes, the secrets that make them, recovery codes.

Owns the words by which such codes are announced in twelve languages.  A code counts only beside its words: six digits
alone are any number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from timeline.secrets.randomness import is_placeholder
from timeline.secrets.rule import Rule, Span, anchored
from timeline.secrets.screen import Screen

_CODE = r"(?P<secret>[0-9]{3}[ \-][0-9]{3}|[A-Z]-[0-9]{5,8}|[0-9](?:[ ]?[0-9]){3,7}|(?=[A-Z]*[0-9])[A-Z0-9]{6,8})"
_ENDS = r"(?![\w/]|[.,:\-][0-9]|[ ]?(?:%|€|\$|px|MB|GB|KB|ms|元|年|月|号|條|条|个|分钟|秒|次|GMT|UTC))"
_SAID = re.compile(
    r"(?:s|es)?[\"'」』】]?(?:\s{1,2}(?:for|from|to|pour|para|für)\s(?:[\w.@&+'-]{1,24}\s?){1,4})?"
    r"(?:\s{0,2}\([^)\n]{1,30}\))?(?P<sep>\s{0,2}(?:is|was|are|est|ist|lautet|es|é|è|is:|:|：|=|-|–|»|为|是|為|は|は、|은|는)"
    rf"(?:\s{{0,2}}[:：])?\s{{0,4}}[\"'「『【\[(（]?|\s{{1,4}}){_CODE}{_ENDS}"
)
_CHINESE_SAID = re.compile(
    rf"[^\n0-9A-Z]{{0,10}}?(?P<sep>[:：为是為は]|[【「\[(（]|[ ]|\n|(?=[0-9])|は|：)"
    rf"[\s\"'「『【\[(（]{{0,4}}{_CODE}{_ENDS}"
)
_IN_FRONT = (
    r"(?:^|[\s【】\]<>#：:\"'「（(，,。])(?P<secret>[0-9]{4,8}|[0-9]{3}[ \-][0-9]{3}|G-[0-9]{5,8})[\"'」）)]?[ ]?"
)
_BEFORE = re.compile(
    _IN_FRONT + r"(?:is|as|ist|est|es|is:)\s+(?:your|the|Ihr|dein|votre|tu|su)\s+(?:[\w.&+-]{1,20}\s+){0,4}$"
)
_CHINESE_BEFORE = re.compile(_IN_FRONT + r"[（(]?(?:是|为|為|は|이|가)?(?:您|你|あなた)?(?:的|の)?[\w ]{0,12}$")
_FOUR_DIGITS = re.compile(r"[0-9]{4}|[0-9]{3}[ \-][0-9]{3}")
_QUALIFIED = re.compile(
    r"(?:verification|security|log-?[ ]?in|sign-?[ ]?(?:in|on)|one[- ]?time|access|authentication|authenticator"
    r"|authorization|confirmation|confirm|2fa|mfa|otp|two[- ]factor|two[- ]step|identity|login|unlock|validation"
    r"|activation|your|(?<![a-z])(?:use|enter|with)|(?:your|the|this|use)\s[\w.&+'-]{1,20}(?:\s[\w.&+'-]{1,20})?)"
    r"[ \n]{1,2}(?:pass[ -]?)?$",
    re.IGNORECASE,
)
_NOT_ONE_TIME = re.compile(
    r"(?:error|status|exit|return|zip|postal|post|promo|discount|coupon|area|country|source|dress|bar|qr|qr-|product|item"
    r"|order|reference|tracking|currency|sort|swift|dial|dialling|voucher|invite|referral|gift)[ -]*$",
    re.IGNORECASE,
)
_WORDS = (
    "one-time password", "one time password", "one-time passcode", "one-time pin", "passcode", "verification pin",
    "bestätigungscode", "sicherheitscode", "verifizierungscode", "einmalpasswort", "freischaltcode", "mtan",
    "code de vérification", "code de verification", "code de sécurité", "code de confirmation",
    "código de verificación", "codigo de verificacion", "código de verificação", "código de seguridad",
    "código de acesso", "código de segurança", "código de confirmación", "codice di verifica", "codice di sicurezza",
    "код подтверждения", "код для входа", "verificatiecode", "kod weryfikacyjny", "doğrulama kodu",
)  # fmt: skip
_CHINESE_WORDS = (
    "验证码", "驗證碼", "校验码", "动态码", "动态密码", "动态口令", "短信码", "确认码", "確認碼",
    "一次性密码", "安全码",
    "認証コード", "確認コード",
    "ワンタイムパスワード", "인증번호", "인증 코드", "인증코드", "登录码", "动态验证码",
)  # fmt: skip
_OTPAUTH = re.compile(r"[^\s]{0,300}?[?&]secret\s?=\s?(?P<secret>[A-Za-z2-7]{8,128}(?:[ \n][A-Z2-7]{2,64})?=*)")
_SETUP = re.compile(
    r"[^\n:：]{0,40}[:：\n]\s{0,4}(?P<secret>[A-Z2-7]{16,64}|(?:[A-Z2-7]{4}[ \-]){3,15}[A-Z2-7]{1,4}"
    r"|(?:[a-z2-7]{4}[ \-]){3,15}[a-z2-7]{1,4}|[a-z2-7]{16,64})(?![\w])"
)
_RECOVERY_LINES = 24
_RECOVERY = re.compile(
    r"(?<![\w\-/.])(?P<secret>[A-Za-z0-9]{4,6}(?:[-–][A-Za-z0-9]{4,6}){1,5}|[0-9]{4}[ ][0-9]{4}|[0-9]{8,10}"
    r"|(?=[a-z]*[0-9])(?=[0-9]*[a-z])[a-z0-9]{8,16}|(?=[A-Z]*[0-9])(?=[0-9]*[A-Z])[A-Z0-9]{8,16})(?![\w\-/.])"
)
_LEAST_RECOVERY_CODES = 3


def _announced(screen: Screen, at: int, after: int) -> Iterable[Span]:
    """Look after the word "code": it must say which code, as an error code is none."""
    text = screen.text
    if at and text[at - 1].isalpha():
        return ()
    found = _after(text, after)
    if not found:
        return ()
    before = text[max(at - 50, 0) : at]
    return found if _QUALIFIED.search(before) and not _NOT_ONE_TIME.search(before) else ()


def _worded(screen: Screen, at: int, after: int) -> Iterable[Span]:
    return _after(screen.text, after) or _in_front(screen.text, at, _BEFORE)


def _after(text: str, after: int) -> Iterable[Span]:
    match = _SAID.match(text, after)
    if match is None:
        return ()
    digits = sum(character.isdigit() for character in match["secret"])
    if not match["sep"].strip() and "\n" not in match["sep"] and digits < 6:
        return ()
    return (match.span("secret"),) if _believable(match["secret"]) else ()


def _before_code(screen: Screen, at: int, _after: int) -> Iterable[Span]:
    """Look before the word: "123456 is your Example verification code"."""
    return _in_front(screen.text, at, _BEFORE)


def _in_front(text: str, at: int, form: re.Pattern[str]) -> Iterable[Span]:
    start = max(at - 90, 0)
    if _FOUR_DIGITS.search(text, start, at) is None:
        return ()
    match = form.search(text, start, at)
    return () if match is None or not _believable(match["secret"]) else (match.span("secret"),)


def _chinese(screen: Screen, at: int, after: int) -> Iterable[Span]:
    match = _CHINESE_SAID.match(screen.text, after)
    if match is not None and _believable(match["secret"]):
        return (match.span("secret"),)
    return _in_front(screen.text, at, _CHINESE_BEFORE)


def _believable(code: str) -> bool:
    """Tell whether a code is none of a manual's, and no year."""
    digits = "".join(character for character in code if character.isdigit())
    return len(set(code)) > 1 and not (len(digits) == 4 == len(code) and code[:2] in ("19", "20"))


def _otpauth(screen: Screen, _at: int, after: int) -> Iterable[Span]:
    match = _OTPAUTH.match(screen.text, after)
    return () if match is None or is_placeholder(match["secret"]) else (match.span("secret"),)


def _setup_key(screen: Screen, _at: int, after: int) -> Iterable[Span]:
    match = _SETUP.match(screen.text, after)
    if match is None or not any(character.isdigit() for character in match["secret"]):
        return ()
    return () if is_placeholder(match["secret"]) else (match.span("secret"),)


def _recovery(screen: Screen, _at: int, after: int) -> Iterator[Span]:
    """Return the codes of a list below its heading, when there are some of the same shape."""
    end = after
    for _ in range(_RECOVERY_LINES):
        line = screen.text.find("\n", end + 1, end + 120)
        if line < 0:
            end = min(len(screen.text), end + 120)
            break
        end = line
    found = [match.span("secret") for match in _RECOVERY.finditer(screen.text, after, end)]
    codes = [span for span in found if any(character.isdigit() for character in screen.text[slice(*span)])]
    shapes = [(end - start, screen.text[start:end].find("-")) for start, end in codes]
    for span, shape in zip(codes, shapes, strict=True):
        if shapes.count(shape) >= _LEAST_RECOVERY_CODES:
            yield span


RULES = (
    Rule("one-time-code", anchored(_announced, "code", "pin")),
    Rule("one-time-code", anchored(_before_code, "code")),
    Rule("one-time-code", anchored(_worded, *_WORDS)),
    Rule("one-time-code", anchored(_worded, "otp")),
    Rule("one-time-code", anchored(_chinese, *_CHINESE_WORDS)),
    Rule("otp-secret", anchored(_otpauth, "otpauth://")),
    Rule("otp-secret", anchored(_setup_key, "setup key", "secret key", "manual entry", "authenticator key",
                                "totp secret", "enter this key", "this code manually", "密钥", "秘钥",
                                "シークレットキー", "setup code",
                                "two-factor secret", "einrichtungsschlüssel", "clé de configuration")),
    Rule("recovery-code", anchored(_recovery, "recovery code", "backup code", "emergency code", "scratch code",
                                   "备用验证码", "恢复码", "恢复代码", "备用码", "wiederherstellungscode",
                                   "codes de récupération", "códigos de recuperación", "リカバリーコード", "복구 코드",
                                   "backup-code", "codes de secours", "救援代码", "備用碼")),
)  # fmt: skip
