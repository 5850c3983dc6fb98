"""Made-up secrets of every kind in the texts in which they are seen on screens, drawn by lot from a seed.

Owns the true examples of bench/secret_kinds.py.  Nothing here was ever issued: tokens are random characters behind
their issuer's prefix (written in pieces, so that no scanner of repositories takes this file for a leak), numbers get
their check digits computed.  About a third of the examples carry what OCR does to them: odd spaces, a line broken
inside a token, one confused character.
"""

from __future__ import annotations

import base64
import hashlib
import string
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from stdnum import luhn, verhoeff
from stdnum.br import cpf
from stdnum.cn import ric
from stdnum.iso7064 import mod_11_10

BASE62 = string.ascii_letters + string.digits
URLSAFE = BASE62 + "_-"
BASE64 = BASE62 + "+/"
BASE32 = string.ascii_uppercase + "234567"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_SEED_WORDS = (
    "abandon ability absent acoustic balance bamboo cactus camera danger dawn eagle earth fabric faith"
    " galaxy garlic habit harvest icon idle jacket jungle kidney knife ladder laptop machine magnet"
    " napkin nasty oak obey paddle palace quantum rabbit radar saddle sail table tackle umbrella"
    " uncle vacant valley wage walnut yard zebra zoo ridge ribbon orbit"
)
SEED_WORDS = _SEED_WORDS.split()
PASSWORDS = (
    "hunter2", "Tr0ub4dor&3", "S0mmer2024!", "p@ssw0rd99", "kX9#mQ2v", "Winter-2025", "MyDog$Rex7", "qazWSX12",
    "letme1n!", "Zx!8vB_3", "blue42Horse", "correct-horse-9", "7hGt%kL0", "Passw0rt!23", "G4rten#Haus", "pa55w0rd",
    "N3tzw3rk", "8charsOK", "iloveU2!", "Ab12345678", "Qwe!2#rT", "u7Yp-94xx1", "R3d.Panda!", "m0nKey_99",
)  # fmt: skip
PLAIN_PASSWORDS = ("dragonfly", "sunshine", "trustno", "letmein", "correcthorsebatterystaple")


@dataclass(frozen=True, slots=True)
class Example:
    """A text and where its secret stands; a text without any has an empty span."""

    text: str
    start: int = 0
    end: int = 0


def drawn(random: Random, alphabet: str, length: int) -> str:
    """Return so many characters drawn by lot."""
    return "".join(random.choice(alphabet) for _ in range(length))


def _token(prefix: str, alphabet: str, *lengths: int) -> Callable[[Random], str]:
    return lambda random: prefix + drawn(random, alphabet, random.choice(lengths))


def _one_of(*makers: Callable[[Random], str]) -> Callable[[Random], str]:
    return lambda random: random.choice(makers)(random)


def _digits(random: Random, count: int) -> str:
    return drawn(random, string.digits, count)


def _grouped(number: str, sizes: tuple[int, ...], gap: str) -> str:
    pieces, at = [], 0
    for size in sizes:
        pieces.append(number[at : at + size])
        at += size
    return gap.join(piece for piece in pieces if piece)


def card(random: Random) -> str:
    """Return a card's number, as cards are written."""
    prefix, length = random.choice(
        [
            ("4", 16),
            ("51", 16),
            ("2221", 16),
            ("37", 15),
            ("34", 15),
            ("6011", 16),
            ("62", 16),
            ("62", 19),
            ("3528", 16),
        ]
    )
    body = prefix + _digits(random, length - len(prefix) - 1)
    number = body + luhn.calc_check_digit(body)
    if random.random() < 0.3:
        return number
    sizes = {15: (4, 6, 5), 16: (4, 4, 4, 4), 19: (4, 4, 4, 4, 3)}[length]
    return _grouped(number, sizes, random.choice([" ", " ", "-", "  "]))


def iban(random: Random) -> str:
    """Return an IBAN of one of six countries, grouped or not."""
    country, body = random.choice(
        [("DE", _digits(random, 18)), ("NL", "ABNA" + _digits(random, 10)), ("GB", "WEST" + _digits(random, 14)),
         ("AT", _digits(random, 16)), ("LU", "010" + _digits(random, 13)), ("SA", "80" + _digits(random, 18))]
    )  # fmt: skip
    numeric = "".join(str(int(each, 36)) for each in body + country + "00")
    number = f"{country}{98 - int(numeric) % 97:02}{body}"
    return number if random.random() < 0.4 else _grouped(number, (4,) * 9, " ")


def resident(random: Random) -> str:
    """Return a Chinese resident id."""
    day = f"{random.randint(1950, 2009)}{random.randint(1, 12):02}{random.randint(1, 28):02}"
    body = random.choice(["110105", "310101", "440304", "510107", "330106"]) + day + f"{random.randint(1, 999):03}"
    number = body + ric.calc_check_digit(body + "0")
    return number if random.random() < 0.8 else f"{number[:6]} {number[6:14]} {number[14:]}"


def ssn(random: Random) -> str:
    """Return an American social security number."""
    area = random.choice([each for each in range(1, 900) if each != 666])
    return f"{area:03}-{random.randint(1, 99):02}-{random.randint(1, 9999):04}"


def nino(random: Random) -> str:
    """Return a British national insurance number."""
    number = random.choice(["AB", "CE", "JG", "PW", "SR", "HS"]) + _digits(random, 6) + random.choice("ABCD")
    return number if random.random() < 0.4 else _grouped(number, (2, 2, 2, 2, 1), " ")


def nir(random: Random) -> str:
    """Return a French NIR."""
    body = f"{random.choice('12')}{random.randint(40, 99)}{random.randint(1, 12):02}{random.randint(1, 95):02}"
    body += f"{random.randint(1, 900):03}{random.randint(1, 999):03}"
    number = body + f"{97 - int(body) % 97:02}"
    return number if random.random() < 0.4 else _grouped(number, (1, 2, 2, 2, 3, 3, 2), " ")


def dni(random: Random) -> str:
    """Return a Spanish DNI or NIE."""
    if random.random() < 0.3:
        body = random.choice("XYZ") + _digits(random, 7)
        return body + "TRWAGMYFPDXBNJZSQVHLCKE"[int(str("XYZ".index(body[0])) + body[1:]) % 23]
    body = _digits(random, 8)
    return body + random.choice(["", "", "-"]) + "TRWAGMYFPDXBNJZSQVHLCKE"[int(body) % 23]


def tax_id(random: Random) -> str:
    """Return a German tax id: ten digits of which one stands twice, and a check digit."""
    digits = random.sample(string.digits, 9)
    while digits[0] == "0":
        digits = random.sample(string.digits, 9)
    body = "".join(digits)
    body = body[:4] + body[1] + body[4:]
    number = body + mod_11_10.calc_check_digit(body)
    return number if random.random() < 0.4 else _grouped(number, (2, 3, 3, 3), " ")


def aadhaar(random: Random) -> str:
    """Return an Indian Aadhaar number."""
    body = random.choice("23456789") + _digits(random, 10)
    number = body + verhoeff.calc_check_digit(body)
    return number if random.random() < 0.3 else _grouped(number, (4, 4, 4), " ")


def cpf_number(random: Random) -> str:
    """Return a Brazilian CPF."""
    body = _digits(random, 9)
    number = next(body + f"{each:02}" for each in range(100) if cpf.is_valid(body + f"{each:02}"))
    return number if random.random() < 0.2 else cpf.format(number)


def rrn(random: Random) -> str:
    """Return a Korean RRN; half of them as they are given out since 2020, without a check digit."""
    body = f"{random.randint(40, 99):02}{random.randint(1, 12):02}{random.randint(1, 28):02}{random.choice('12')}"
    body += f"{random.randint(0, 90):02}" + _digits(random, 3)
    check = (
        11
        - sum(int(each) * weight for each, weight in zip(body, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5], strict=True)) % 11
    ) % 10
    last = str(check) if random.random() < 0.5 else _digits(random, 1)
    return f"{body[:6]}-{body[6:]}{last}"


def jwt(random: Random) -> str:
    """Return a JSON web token."""
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').decode().rstrip("=")
    claims = f'{{"sub":"{_digits(random, 10)}","iat":{random.randint(10**9, 2 * 10**9)}}}'.encode()
    return f"{head}.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}.{drawn(random, URLSAFE, 43)}"


def private_key(random: Random) -> str:
    """Return a block of a private key: whole, without its end, without its begin, or on one line of JSON."""
    kind = random.choice(
        ["RSA PRIVATE KEY", "PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK"]
    )
    begin, end = f"-----BEGIN {kind}-----", f"-----END {kind}-----"
    lines = [drawn(random, BASE64, 64) for _ in range(random.randint(3, 26))]
    lines.append(drawn(random, BASE64, random.randint(6, 60)) + random.choice(["", "=", "=="]))
    if "PGP" in kind:
        lines = ["", *lines, "=" + drawn(random, BASE64, 4)]
    if kind == "RSA PRIVATE KEY" and random.random() < 0.4:
        lines = ["Proc-Type: 4,ENCRYPTED", "DEK-Info: AES-128-CBC," + drawn(random, "0123456789ABCDEF", 32), "", *lines]
    shape = random.random()
    if shape < 0.15:
        return "\n".join([begin, *lines[:-1]])
    if shape < 0.3:
        return "\n".join([*[line for line in lines if line and ":" not in line], end])
    if shape < 0.4:
        return "\\n".join([begin, *[line for line in lines if line and ":" not in line], end])
    return "\n".join([begin, *lines, end])


def wif(random: Random) -> str:
    """Return the private key of a wallet in Base58Check."""
    raw = b"\x80" + random.randbytes(32) + random.choice([b"", b"\x01"])
    raw += hashlib.sha256(hashlib.sha256(raw).digest()).digest()[:4]
    number, text = int.from_bytes(raw, "big"), ""
    while number:
        number, place = divmod(number, 58)
        text = BASE58[place] + text
    return text


def seed(random: Random) -> str:
    """Return the words of a wallet, numbered or not, in one line or more."""
    words = [random.choice(SEED_WORDS) for _ in range(random.choice([12, 12, 24]))]
    shape = random.randrange(3)
    if shape == 0:
        return " ".join(words)
    if shape == 1:
        return "\n".join(" ".join(words[each : each + 6]) for each in range(0, len(words), 6))
    return words[0] + "".join(f"\n{place}. {word}" for place, word in enumerate(words[1:], 2))


def basic(random: Random) -> str:
    """Return user and password as HTTP's Basic has them."""
    return base64.b64encode(f"user{_digits(random, 2)}:{random.choice(PASSWORDS)}".encode()).decode()


def telegram(random: Random) -> str:
    """Return the token of a Telegram bot."""
    return str(random.randint(10**8, 10**10 - 1)) + ":AA" + drawn(random, URLSAFE, 33)


def discord(random: Random) -> str:
    """Return the token of a Discord bot: its id in Base64, a time, a signature."""
    name = base64.b64encode(str(random.randint(10**17, 10**18 - 1)).encode()).decode().rstrip("=")
    return f"{name}.{drawn(random, URLSAFE, 6)}.{drawn(random, URLSAFE, random.choice([27, 38]))}"


def one_time(random: Random) -> str:
    """Return a code of four to eight digits."""
    return random.choice(
        [_digits(random, 6)] * 6
        + [_digits(random, 4), _digits(random, 8), f"{_digits(random, 3)} {_digits(random, 3)}"]
    )


def password(random: Random) -> str:
    """Return a password; one of eleven is a plain word, which the recogniser is known to miss."""
    return random.choice(PASSWORDS if random.random() < 0.91 else PLAIN_PASSWORDS)


def setup_key(random: Random) -> str:
    """Return the secret of an authenticator as it is shown for typing."""
    number = drawn(random, BASE32, random.choice([16, 32]))
    return (
        number
        if random.random() < 0.5
        else _grouped(number.lower() if random.random() < 0.5 else number, (4,) * 8, " ")
    )


MAKERS: dict[str, Callable[[Random], str]] = {
    "private-key": private_key,
    "wallet-seed": seed,
    "wallet-private-key": _one_of(wif, wif, _token("", "0123456789abcdef", 64), _token("xp" + "rv", BASE58, 107)),
    "aws-access-key-id": _one_of(_token("AK" + "IA", BASE32, 16), _token("AS" + "IA", BASE32, 16)),
    "aws-secret-access-key": _token("", BASE64, 40),
    "azure-key": lambda random: drawn(random, BASE64, 86) + "==",
    "github-token": _one_of(
        *(_token(f"gh{each}_", BASE62, 36) for each in "pousr"), _token("github" + "_pat_11", BASE62 + "_", 80)
    ),
    "gitlab-token": _one_of(
        _token("gl" + "pat-", URLSAFE, 20), _token("gl" + "dt-", URLSAFE, 20), _token("gl" + "rt-", URLSAFE, 20)
    ),
    "slack-token": lambda random: (
        f"xox{random.choice('bp')}-{_digits(random, 12)}-{_digits(random, 12)}-{drawn(random, BASE62, 24)}"
    ),
    "stripe-key": _one_of(
        *(_token(f"{each}_", BASE62, 24, 99) for each in ("sk_" + "live", "sk_" + "test", "rk_" + "live"))
    ),
    "ai-api-key": _one_of(
        lambda random: "sk-" + drawn(random, BASE62, 20) + "T3Blbk" + "FJ" + drawn(random, BASE62, 20),
        _token("sk-" + "proj-", URLSAFE, 120),
        _token("sk-" + "ant-api03-", URLSAFE, 95),
        _token("sk-" + "or-v1-", "0123456789abcdef", 64),
    ),
    "google-key": _one_of(
        _token("AI" + "za", URLSAFE, 35), _token("GOC" + "SPX-", URLSAFE, 28), _token("ya" + "29.", URLSAFE, 140)
    ),
    "telegram-bot-token": telegram,
    "discord-token": discord,
    "npm-token": _token("np" + "m_", BASE62, 36),
    "pypi-token": _token("py" + "pi-AgEIcHlwaS5vcmc", URLSAFE, 140, 160),
    "hugging-face-token": _token("h" + "f_", string.ascii_letters, 34),
    "sendgrid-key": lambda random: f"SG.{drawn(random, URLSAFE, 22)}.{drawn(random, URLSAFE, 43)}",
    "twilio-key": _token("S" + "K", "0123456789abcdef", 32),
    "jwt": jwt,
    "http-authorization": _one_of(_token("", BASE62, 32, 40, 64), _token("", "0123456789abcdef", 40)),
    "connection-string": lambda random: random.choice(PASSWORDS).replace("#", "").replace("@", "").replace("%", ""),
    "otp-secret": setup_key,
    "one-time-code": one_time,
    "recovery-code": lambda random: "\n".join(
        f"{drawn(random, '0123456789abcdef', 5)}-{drawn(random, '0123456789abcdef', 5)}" for _ in range(8)
    ),
    "payment-card": card,
    "iban": iban,
    "chinese-resident-id": resident,
    "us-ssn": ssn,
    "uk-nino": nino,
    "french-nir": nir,
    "spanish-dni": dni,
    "german-tax-id": tax_id,
    "indian-aadhaar": aadhaar,
    "brazilian-cpf": cpf_number,
    "korean-rrn": rrn,
    "password": password,
    "assigned-secret": _one_of(
        _token("", BASE62, 24, 32, 40), _token("", "0123456789abcdef", 32, 64), _token("", URLSAFE, 43)
    ),
}
