"""All kinds over one text.

Owns the order of the kinds and what happens where two overlap: the secret covers both, and the earlier kind names it.
Called by who stores text and by who shows pictures; asks nothing and stores nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from timeline.secrets import cards, cloud, codes, identities, labels, logins, private_keys, tokens, wallets
from timeline.secrets.kinds import DEFAULT, KINDS
from timeline.secrets.screen import Screen
from timeline.secrets.secret import Secret

RULES = (
    *private_keys.RULES, *wallets.RULES, *cloud.RULES, *tokens.RULES, *logins.RULES, *codes.RULES, *cards.RULES,
    *identities.RULES, *labels.RULES,
)  # fmt: skip
_ORDER = {kind.name: place for place, kind in enumerate(KINDS)}


def find_secrets(text: str, kinds: Collection[str] = DEFAULT) -> list[Secret]:
    """Return the secrets of these kinds in the text of one screen, sorted, none touching another's characters.

    `text` is the lines in reading order joined by line breaks.  Raises ValueError for a kind that is none.
    """
    unknown = set(kinds) - _ORDER.keys()
    if unknown:
        raise ValueError(f"no such kinds of secrets: {', '.join(sorted(unknown))}")
    screen = Screen(text)
    found = (Secret(rule.kind, *span) for rule in RULES if rule.kind in kinds for span in rule.find(screen))
    return _apart(found)


def _apart(found: Iterable[Secret]) -> list[Secret]:
    """Return the secrets sorted, overlapping ones as one."""
    apart: list[Secret] = []
    for secret in sorted(found, key=lambda secret: (secret.start, -secret.end)):
        last = apart[-1] if apart else None
        if last is None or secret.start >= last.end:
            apart.append(secret)
            continue
        kind = min(last.kind, secret.kind, key=_ORDER.__getitem__)
        apart[-1] = Secret(kind, last.start, max(last.end, secret.end))
    return apart
