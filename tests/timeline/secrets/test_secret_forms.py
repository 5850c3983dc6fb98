"""What is taken for a secret, to the character: one fact for each form.

Secrets are put together at run time, so that no scanner of repositories takes this file for a leak.
"""

from __future__ import annotations

import pytest

from timeline.secrets import KINDS, Secret, find_secrets

RANDOM_36 = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5"
KEY_LINE = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"
DASHES = "-" * 5


def found(text: str, *kinds: str) -> list[tuple[str, str]]:
    secrets = find_secrets(text, kinds) if kinds else find_secrets(text)
    return [(secret.kind, text[secret.start : secret.end]) for secret in secrets]


@pytest.mark.parametrize(
    ("text", "kind", "secret"),
    [
        ("password: hunter2", "password", "hunter2"),
        ("密码：abc12345", "password", "abc12345"),
        ("Mot de passe : Soleil!42", "password", "Soleil!42"),
        ('"password": "p@ss word9",', "password", "p@ss word9"),
        ("Server=db;User Id=sa;Password=x9!kQ;Encrypt=yes", "password", "x9!kQ"),
        (f"Authorization: Bearer {RANDOM_36}", "http-authorization", RANDOM_36),
        ("postgres://shop:s3cr3t!@db.host.io/shop", "connection-string", "s3cr3t!"),
        (f"API_KEY={RANDOM_36}", "assigned-secret", RANDOM_36),
        ("token " + "gh" + "p_" + RANDOM_36 + ".", "github-token", "gh" + "p_" + RANDOM_36),
        ("Your verification code is 482913.", "one-time-code", "482913"),
        ("482913 is your Example verification code", "one-time-code", "482913"),
        ("【某某】您的验证码是583920，5分钟内有效", "one-time-code", "583920"),
        ("验证码：12 34 56", "one-time-code", "12 34 56"),
        ("otpauth://totp/a?secret=JBSWY3DPEHPK3PXP&issuer=b", "otp-secret", "JBSWY3DPEHPK3PXP"),
        ("VISA 4111 1111 1111 1111 05/27", "payment-card", "4111 1111 1111 1111"),
        ("IBAN DE89 3704 0044 0532 0130 00 BIC COBADEFF", "iban", "DE89 3704 0044 0532 0130 00"),
        ("IBAN DE89 3704 0044\n0532 0130 00 BIC COBADEFF", "iban", "DE89 3704 0044\n0532 0130 00"),
        ("Card number\n4539 1488\n0343 6467\n05/27", "payment-card", "4539 1488\n0343 6467"),
        ("card 4539 1488 0343\n6467 valid", "payment-card", "4539 1488 0343\n6467"),
        ("身份证 11010519491231002X", "chinese-resident-id", "11010519491231002X"),
        ("SSN: 536-90-4399", "us-ssn", "536-90-4399"),
        ("CPF 390.533.447-05", "brazilian-cpf", "390.533.447-05"),
        ("DNI 54362315K", "spanish-dni", "54362315K"),
        ("Steuer-ID 36 574 261 809", "german-tax-id", "36 574 261 809"),
        ("Aadhaar 2341 2341 2346", "indian-aadhaar", "2341 2341 2346"),
    ],
)
def test_only_the_secret_itself_is_covered(text: str, kind: str, secret: str) -> None:
    """The label, the scheme and what follows stay readable."""
    assert found(text) == [(kind, secret)]


@pytest.mark.parametrize(
    "text",
    [
        "password is required",
        "4539 1488\n0343 6467",
        "card 7 1234 4539 1488\n0343 6467 1111 2222",
        "Password: ••••••••",
        "password: str",
        "password = os.environ['DB_PASSWORD']",
        "密码：请输入",
        "Authorization: Bearer <token>",
        "postgres://user:password@localhost/db",
        "API_KEY=your_api_key_here_1234",
        "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
        "4111 1111 1111 1112",
        "error code: 404404",
        "2025-11-22T09:14:03.250+08:00",
        f"{DASHES}BEGIN PUBLIC KEY{DASHES}\n{KEY_LINE}\n{DASHES}END PUBLIC KEY{DASHES}",
        f"grep '{DASHES}BEGIN PRIVATE KEY{DASHES}' *.pem",
    ],
)
def test_what_only_looks_like_a_secret_is_left_alone(text: str) -> None:
    """Prose, code, masked fields and numbers with a wrong check digit hide nothing."""
    assert found(text) == []


def test_a_private_key_is_covered_from_begin_to_end_over_its_lines() -> None:
    """The block is one secret; the shell around it is none."""
    block = f"{DASHES}BEGIN PRIVATE KEY{DASHES}\n{KEY_LINE}\n{KEY_LINE}\nabc=\n{DASHES}END PRIVATE KEY{DASHES}"
    assert found(f"$ cat key.pem\n{block}\n$ ls") == [("private-key", block)]


def test_a_private_key_cut_off_below_ends_with_its_last_line() -> None:
    """Where END is scrolled away, the lines of the key are covered and the next line is not."""
    block = f"{DASHES}BEGIN RSA PRIVATE KEY{DASHES}\n{KEY_LINE}\n{KEY_LINE}"
    assert found(f"{block}\nLn 3, Col 1") == [("private-key", block)]


def test_a_private_key_cut_off_above_begins_with_its_first_line() -> None:
    """Where BEGIN is scrolled away, all lines above END that are a key's are covered."""
    block = f"{KEY_LINE}\n{KEY_LINE}\nabc=\n{DASHES}END PRIVATE KEY{DASHES}"
    assert found(f"key.pem\n{block}") == [("private-key", block)]


def test_a_token_broken_by_the_terminals_edge_is_covered_whole() -> None:
    """A token goes on in the next line when it is too short without it."""
    token = "gh" + "p_" + RANDOM_36[:20] + "\n" + RANDOM_36[20:]
    assert found(f"$ echo {token}\nDone") == [("github-token", token)]


def test_a_confused_character_in_a_prefix_hides_no_token() -> None:
    """OCR reads glpat as g1pat."""
    token = "g1" + "pat-" + RANDOM_36[:20]
    assert found(f"use {token}") == [("gitlab-token", token)]


def test_a_card_in_a_row_of_a_table_is_no_card() -> None:
    """Five numbers of four digits in a row are a table, even if four of them pass the check."""
    assert found("4111 1111 1111 1111 2048") == []


def test_seed_words_count_only_beside_their_label() -> None:
    """Twelve short words in a row are a seed behind the label, and prose without it."""
    words = "zoo jungle orbit tackle saddle yard nasty ladder cactus dawn eagle fabric"
    assert found(f"Recovery phrase\n{words}\nContinue") == [("wallet-seed", words)]
    assert found(f"My list\n{words}\nContinue") == []


def test_every_code_of_a_recovery_list_is_covered() -> None:
    """Codes of one shape below the heading are secrets, each by itself."""
    codes = ["1f2e3-9a8b7", "00c4d-5e6f1", "7b8a9-12cde", "f0e1d-2c3b4"]
    assert [secret for _kind, secret in found("Recovery codes\n" + "\n".join(codes) + "\nDownload")] == codes


def test_overlapping_secrets_are_one_named_by_the_exact_kind() -> None:
    """A token behind a label is named by its issuer and covered once."""
    token = "gh" + "p_" + RANDOM_36
    assert found(f"token: {token}") == [("github-token", token)]


def test_a_kind_that_is_not_asked_for_is_not_looked_for() -> None:
    """The setting of a kind switches it off."""
    text = "password: hunter2\nVISA 4111 1111 1111 1111"
    assert found(text, "payment-card") == [("payment-card", "4111 1111 1111 1111")]


def test_an_unknown_kind_is_refused() -> None:
    """A misspelled setting is an error, not a kind that finds nothing."""
    with pytest.raises(ValueError, match="no such kinds of secrets: pasword"):
        find_secrets("", ["pasword"])


def test_spans_are_places_in_the_text_that_was_given() -> None:
    """Characters whose lower case is longer shift nothing."""
    assert find_secrets("İİİ password: hunter2") == [Secret("password", 14, 21)]


def test_kinds_have_names_for_settings_and_a_meaning() -> None:
    """Each kind is named once, in lower case with dashes, and says what it is."""
    names = [kind.name for kind in KINDS]
    assert len(names) == len(set(names)) >= 22
    assert all(name == name.lower() and name.replace("-", "").isalpha() for name in names)
    assert all(kind.meaning for kind in KINDS)
