"""The kinds of secrets, by the names that stand in the settings.

Owns the names, what each means, and which are looked for by default.  The order counts where two overlap: the earlier,
more exact kind names the secret.  The figures of each kind are printed by bench/secret_kinds.py.
"""

from __future__ import annotations

from timeline.secrets.secret import Kind

KINDS: tuple[Kind, ...] = (
    Kind("private-key", "private keys: PEM, OpenSSH, PGP, PuTTY, age"),
    Kind("wallet-seed", "seed words of a crypto wallet beside their label"),
    Kind("wallet-private-key", "private keys of crypto wallets: WIF, xprv, 64 hexadecimal digits beside their label"),
    Kind("aws-access-key-id", "ids of AWS access keys (AKIA..., ASIA...)"),
    Kind("aws-secret-access-key", "secret access keys of AWS, beside their label or their id"),
    Kind("azure-key", "account keys, signatures and client secrets of Azure"),
    Kind("github-token", "tokens of GitHub (ghp_, gho_, github_pat_ ...)"),
    Kind("gitlab-token", "tokens of GitLab (glpat-, gldt-, glrt- ...)"),
    Kind("slack-token", "tokens and webhooks of Slack"),
    Kind("stripe-key", "secret keys of Stripe (sk_live_, rk_live_, whsec_ ...)"),
    Kind("ai-api-key", "keys of OpenAI, Anthropic, OpenRouter and others that begin with sk-"),
    Kind("google-key", "API keys, OAuth secrets and tokens, service accounts' key ids of Google"),
    Kind("telegram-bot-token", "tokens of Telegram bots"),
    Kind("discord-token", "tokens and webhooks of Discord bots"),
    Kind("npm-token", "tokens of npm"),
    Kind("pypi-token", "tokens of PyPI"),
    Kind("hugging-face-token", "tokens of Hugging Face"),
    Kind("sendgrid-key", "keys of SendGrid"),
    Kind("twilio-key", "API keys of Twilio (SK...)"),
    Kind("jwt", "JSON web tokens"),
    Kind("http-authorization", "what follows Authorization: and Bearer, and curl -u user:"),
    Kind("connection-string", "the password in an address (postgres://user:password@host)"),
    Kind("otp-secret", "secrets of authenticators: otpauth:// and setup keys"),
    Kind("one-time-code", "one-time codes beside the words that announce them"),
    Kind("recovery-code", "lists of recovery and backup codes below their heading"),
    Kind("payment-card", "numbers of payment cards"),
    Kind("iban", "international bank account numbers"),
    Kind("chinese-resident-id", "Chinese resident ids"),
    Kind("us-ssn", "American social security numbers"),
    Kind("uk-nino", "British national insurance numbers"),
    Kind("french-nir", "French social security numbers (NIR)"),
    Kind("spanish-dni", "Spanish identity numbers (DNI, NIE)"),
    Kind("german-tax-id", "German tax ids (IdNr)"),
    Kind("indian-aadhaar", "Indian Aadhaar numbers beside their label"),
    Kind("brazilian-cpf", "Brazilian taxpayer numbers (CPF)"),
    Kind("korean-rrn", "Korean resident registration numbers"),
    Kind("password", "passwords shown in clear beside a label, in twenty-five languages"),
    Kind("assigned-secret", "random values beside a label such as API_KEY=, secret:, token:"),
)
DEFAULT = frozenset(kind.name for kind in KINDS if kind.on)
