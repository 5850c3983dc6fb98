"""Secrets in the text of a screen: where a password, a token, a card number or a one-time code stands.

    find.py         all kinds over one text: sorted spans that do not overlap                      (find_secrets)
    kinds.py        the kinds with their names for the settings, and which are looked for by default      (KINDS)
    secret.py       the values that cross over: Secret, Kind
    screen.py       one text made ready to be searched: the skeleton that forgives OCR, its long numbers
    rule.py         how a rule is built from literals that are cheap to look for
    randomness.py   what tells a token from a word, a name, a placeholder
    tokens.py       tokens with a prefix of their issuer; cloud.py those of the clouds, beside their labels
    private_keys.py blocks of private keys; wallets.py keys and seeds of crypto wallets
    logins.py       HTTP authorization, addresses with a password in them
    labels.py       secrets and passwords beside a label; codes.py one-time codes, their secrets, recovery codes
    cards.py        payment cards, bank accounts; identities.py national ids
    check_digits.py the arithmetic of their check digits, behind python-stdnum

Pure: text in, spans out.  Nothing here logs, stores or names what it has found.
"""

from timeline.secrets.find import find_secrets
from timeline.secrets.kinds import DEFAULT, KINDS
from timeline.secrets.secret import Kind, Secret

__all__ = ["DEFAULT", "KINDS", "Kind", "Secret", "find_secrets"]
