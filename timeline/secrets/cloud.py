"""Keys of the clouds: AWS, Azure, service accounts of Google.

Owns their formats and their labels.  An AWS secret key has no prefix: it is found beside its label or its key id.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from timeline.secrets.randomness import is_placeholder, is_random, is_various
from timeline.secrets.rule import Rule, Span, anchored
from timeline.secrets.screen import Screen
from timeline.secrets.tokens import prefixed

_BESIDE = 240  # characters after a key id in which its secret key stands
_AWS_SECRET = re.compile(r"(?<![A-Za-z0-9/+_.-])[A-Za-z0-9/+]{20}[ ]?[A-Za-z0-9/+]{19,20}(?![A-Za-z0-9/+_-])")
_AWS_LABEL_END = re.compile(r"[\w ]{0,6}[\"']?\s{0,3}(?:[:=：]|=>)?\s{0,6}[\"']?")
_AZURE_KEY = re.compile(r"\s?=\s?[\"']?(?P<secret>[A-Za-z0-9+/]{40,86}(?:[ \n]?[A-Za-z0-9+/]{2,46})?={0,2})")
_AZURE_SIGNATURE = re.compile(r"=\s?(?P<secret>[A-Za-z0-9%+/]{40,70}(?:%3D|=)?)")
_AZURE_CLIENT = re.compile(r"(?P<secret>[A-Za-z0-9_~.]{3}[0-9OIl]Q~[A-Za-z0-9_~.-]{30,35})(?![A-Za-z0-9_~-])")
_SERVICE_ACCOUNT = re.compile(r"[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?P<secret>[0-9a-f]{38,40})(?![0-9a-f])")


def _aws_secret_at(screen: Screen, start: int, end: int) -> Iterable[Span]:
    for match in _AWS_SECRET.finditer(screen.text, start, end):
        value = match[0].replace(" ", "")
        if is_random(value) and value.lower() != value and value.upper() != value:
            return (match.span(),)
    return ()


def _aws_labelled(screen: Screen, _at: int, after: int) -> Iterable[Span]:
    label = _AWS_LABEL_END.match(screen.text, after)
    start = after if label is None else label.end()
    found = list(_aws_secret_at(screen, max(start - 1, after), start + 44))
    return found if found and found[0][0] <= start + 1 else ()


def _aws_beside_id(screen: Screen, at: int, after: int) -> Iterable[Span]:
    if at and screen.text[at - 1].isalnum():
        return ()
    return _aws_secret_at(screen, after + 12, after + _BESIDE)


def _azure_key(screen: Screen, _at: int, after: int) -> Iterable[Span]:
    return _checked(_AZURE_KEY.match(screen.text, after))


def _azure_signature(screen: Screen, _at: int, after: int) -> Iterable[Span]:
    return _checked(_AZURE_SIGNATURE.match(screen.text, after))


def _azure_client(screen: Screen, at: int, _after: int) -> Iterable[Span]:
    start = at - 4
    if start < 0 or (start and (screen.text[start - 1].isascii() and screen.text[start - 1].isalnum())):
        return ()
    return _checked(_AZURE_CLIENT.match(screen.text, start))


def _service_account(screen: Screen, _at: int, after: int) -> Iterable[Span]:
    return _checked(_SERVICE_ACCOUNT.match(screen.text, after))


def _checked(match: re.Match[str] | None) -> Iterable[Span]:
    if match is None or is_placeholder(match["secret"]) or len(set(match["secret"])) < 10:
        return ()
    return (match.span("secret"),)


_AWS_IDS = ("AKIA", "ASIA", "ABIA", "ACCA")

RULES = (
    Rule("aws-access-key-id", prefixed(*_AWS_IDS, body="[A-Z0-9]", length=16, least=15, most=17, looks=is_various)),
    Rule("aws-secret-access-key", anchored(_aws_labelled, "secret_access_key", "secretaccesskey", "secret access key",
                                           "aws_secret_key", "aws_secret", "secret-access-key")),
    Rule("aws-secret-access-key", anchored(_aws_beside_id, *_AWS_IDS)),
    Rule("azure-key", anchored(_azure_key, "AccountKey", "SharedAccessKey", "AccessKey")),
    Rule("azure-key", anchored(_azure_signature, "&sig", "?sig")),
    Rule("azure-key", anchored(_azure_client, "Q~")),
    Rule("google-key", anchored(_service_account, "private_key_id")),
)  # fmt: skip
