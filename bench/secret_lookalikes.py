# ruff: noqa: E501 - a table of examples, many in a line
"""What looks like a secret and is none: texts in which the recogniser must find nothing.

Owns the false examples of bench/secret_kinds.py: texts that every kind must leave alone, and for each kind its near
misses (a wrong check digit, a manual's placeholder, code that reads a password, prose that talks of codes).
"""

from __future__ import annotations

import string
import uuid
from random import Random

from bench.secret_examples import MAKERS, drawn

COMMON = (
    "commit 9fceb02d0ae598e95dc970b74767f19372d61af8", "Merge 4b825dc642cb6eb9a060e54bf8d69288fbee4904 into main",
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "123e4567-e89b-12d3-a456-426614174000",
    "ISBN 978-3-16-148410-0", "ISBN 9780306406157", "EAN 4006381333931", "Order no. 4532-8812-7719", "Bestellnummer 302-4471920-8812345",
    "order 112-3456789-9876543 shipped", "订单号：2025112214301234567", "运单号 SF1023456789012", "Tracking 1Z999AA10123456784",
    "Tel. +49 30 12345678", "call +1 (415) 555-0132", "电话 13812345678", "手机：+86 138 1234 5678", "0571-87654321", "+33 1 42 68 53 00",
    "1700000000000", "1700000000123456", "2025-11-22T09:14:03.250+08:00", "20251122143012", "09:14:03.250123 UTC 1763773943",
    "[ 12345.678901] usb 1-1: new high-speed device", "192.168.100.101:8443", "2001:0db8:85a3:0000:0000:8a2e:0370:7334", "v3.11.4-rc1+build.20251122",
    "background: #4a90e2; color: rgba(17, 24, 39, 0.85)", "#ffd700 #00ff7f #1e90ff", "EUR 1.234.567,89", "¥ 12,345,678.00", "$4,532.88 of $12,000.00",
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "<img src='data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'>", "4096 8192 16384 32768 65536",
    "2019 2020 2021 2022 2023 2024", "1024 2048 4096 8192", "3.141592653589793238462643", "6.02214076e23", "x = 0.4111111111111111",
    "password is required", "Forgot your password?", "Password: ••••••••", "Password: ********", "password: str", "password = os.environ['DB_PASSWORD']",
    "def login(user: str, password: str = '') -> Token:", "密码不能为空", "请输入密码", "Passwort vergessen?", "Mot de passe oublié ?", "Enter password:",
    "Passwords must have at least 8 characters, one digit and one sign.", "API_KEY=your_api_key_here", "token = request.headers['X-Token']",
    "Bearer <token>", "Authorization: Bearer $TOKEN", "postgres://user:password@localhost/db", "The code 404 means not found.", "Zip code: 94103",
    "error code: 404404", "integrity sha512-" + "o0Zy" * 3 + "Kk9tWlZ8mQ2vYx7bN4cR1dF6gH5jL3pS0aE8uIoPqWeRtYzXcVbNmAsDfGhJkL9876543210==",
    "https://example.org/a/b?id=8f14e45fceea167a5a36dedd4bea2543&page=2", "lib/python3.11/site-packages/numpy-2.1.0.dist-info", "3a:4f:00:1b:9c:d2",
    "SELECT * FROM t WHERE id = 4111111111111112;", "GET /v1/items/6011000000000000 200 13ms", "p = 12345678901234567890123456789012345678901",
)  # fmt: skip
NEAR: dict[str, tuple[str, ...]] = {
    "private-key": (
        "-----BEGIN PRIVATE KEY-----", "grep -r 'BEGIN RSA PRIVATE KEY' .", "A file that starts with -----BEGIN OPENSSH PRIVATE KEY----- is a private key.",
        "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1SU1LfVLPHCozMxH2Mo\n-----END PUBLIC KEY-----",
        "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\n-----END CERTIFICATE-----",
        "-----BEGIN RSA PRIVATE KEY-----\n... (key data) ...\n-----END RSA PRIVATE KEY-----", "Private-Lines: 14", "END PRIVATE KEY", "the private key is in ~/.ssh",
    ),
    "wallet-seed": (
        "seed the generator with a value that comes from the clock of the machine and nothing else", "random.seed(42)", "Seed: 12345",
        "Never share your recovery phrase. It is the only way to restore your wallet.", "mnemonic: MOV, ADD, SUB, JMP, CALL, RET, PUSH, POP, NOP, INT, HLT, CMP",
        "seed round led by several investors last month", "Enter your seed phrase\nword 1 word 2 word 3", "助记词请妥善保管", "seed: int = 0",
        "plant the seed in warm soil and water it every morning until green leaves appear above ground",
    ),
    "wallet-private-key": ("private key: none", "private_key = load_key(path)", "public key: 02" + "ab12cd34" * 8, "K1 L2 5K run", "private key of the server"),
    "aws-access-key-id": ("AKIA" + "IOSFODNN7EXAMPLE", "the prefix AKIA means a long-term key", "AKIA", "aws_access_key_id = ", "MAKIAVELLI", "ASIA PACIFIC REGION"),
    "aws-secret-access-key": ("aws_secret_access_key = ", "AWS_SECRET_ACCESS_KEY=${SECRET}", "secret_access_key: str", "Secret access key: hidden",
                              "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "EXAMPLEKEY"),
    "azure-key": ("AccountKey=<your-account-key>", "AccountKey=...", "the AccountKey= part of the string", "&sig=abc", "SharedAccessKey=xxxx"),
    "github-token": ("gh" + "p_" + "x" * 36, "Tokens begin with ghp_ and have 40 characters.", "if token.startswith('ghp_'):", "ghp_yourTokenHere", "github_pat_", "ghs_token"),
    "gitlab-token": ("glpat-", "glpat-<token>", "glpat-xxxxxxxxxxxxxxxxxxxx", "tokens like glpat-something", "glrt-your-runner-token-here"),
    "slack-token": ("xoxb-your-token", "xoxb-", "https://hooks.slack.com/services/T000/B000/XXXX", "xoxp-xxxxxxxxxxxx-xxxxxxxxxxxx-xxxxxxxx"),
    "stripe-key": ("sk_live_", "sk_test_...", "pk_live_" + "a1B2c3D4" * 3, "sk_test_your_key_here", "the sk_live_ prefix"),
    "ai-api-key": ("sk-...", "sk-your-api-key", "sk-learn", "task-force-of-the-european-union-for-energy", "pip install sk-dist", "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
                   "risk-management-and-compliance-2025-report", "desk-4-chair-12-lamp-7-window-3-floor-2-building-9", "sk-SK.UTF-8", "sk-button--primary-large-disabled-state"),
    "google-key": ("AIza...", "AIzaYOUR_API_KEY", "the keys start with AIza", "GOCSPX-", "ya29.", "private_key_id: your-key-id"),
    "telegram-bot-token": ("<bot id>:AA<secret>", "bot123:AA", "00:AA:BB:CC:DD:EE", "12345678:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
    "discord-token": ("Manager.config.settings_for_every_window_of_the_desk", "https://discord.com/api/webhooks/123/abc", "Network.manager.connection"),
    "npm-token": ("npm_config_registry", "npm_package_version", "npm_lifecycle_event", "npm_" + "x" * 36, "npm_config_cache_lock_retries_maximum_v2"),
    "pypi-token": ("pypi-AgE...", "pypi-agent", "__token__ / pypi-", "pypi-AgEIcHlwaS5vcmc" + "x" * 60),
    "hugging-face-token": ("hf_hub_download", "hf_transfer", "hf_" + "x" * 34, "from hf_olmo import something_very_long_named", "HF_HUB_ENABLE_HF_TRANSFER=1"),
    "sendgrid-key": ("SG.", "SG.xxxx.yyyy", "SG.your-key", "MSG.SG.Component.render"),
    "twilio-key": ("SK" + "x" * 32, "TASK0123456789", "SKU 8812-33", "SK-2025", "AC" + "0123456789abcdef" * 2),
    "jwt": ("eyJ...", "eyJhbGciOi", "A JWT has three parts: header.payload.signature", "eyJ.eyJ.x", "eyJhbGciOiJIUzI1NiJ9"),
    "http-authorization": ("Authorization: Bearer <token>", "Authorization: Basic", "'Authorization': `Bearer ${token}`", "headers['Authorization'] = 'Bearer ' + token",
                           "Authorization: Bearer YOUR_ACCESS_TOKEN", "standard bearer of the organisation", "curl -u user:password https://host", "curl -u $USER:$PASS x",
                           "authorization: requires administrator", "Authorization and authentication differ.", "bearer certificates_and_registrations"),
    "connection-string": ("postgres://user:pass@host", "mysql://$USER:$PASSWORD@host/db", "https://example.org:8080/@bob", "http://host:8080/x@y", "redis://localhost:6379",
                          "postgresql://{user}:{password}@{host}", "mongodb://<user>:<password>@host", "ftp://ftp.debian.org/", "ssh://git@github.com:22/a.git",
                          "https://medium.com/@someone/a-story", "sip:bob@example.org", "https://joe:password@proxy.example.com:3128/", "amqp://guest:****@mq"),
    "otp-secret": ("otpauth://totp/Label?secret=...", "secret key encryption", "Setup key: required", "密钥管理", "secret key: see manual", "AES uses a secret key of 128 bits."),
    "one-time-code": (
        "Your code is clean and readable.", "verification code expired", "验证码已过期", "请输入验证码", "验证码将于5分钟后失效", "The verification code has 6 digits.",
        "Enter the 6-digit code", "access code of 1999", "country code +49", "Postal code 100084", "邮编 100084", "status code 200 or 404", "error code is 100045",
        "code review 123456", "Exit code: 1", "promo code SAVE2025", "discount code WINTER25", "QR code 300x300", "code point 128512", "source code 4.2 MB",
        "code page 1252", "in 2024 the code was rewritten", "活动代码 202511", "股票代码：600519", "代码 300750", "区号 0571", "Area code 415", "SWIFT code DEUTDEFF",
        "security code review in 2025", "Your verification code expires in 10 minutes", "the login code was moved to auth.py in 2023", "opcode 1234", "barcode 4006381333931",
        "LOC: 123456 lines of code", "decode 123456", "验证码 5 分钟内有效", "Your order 583920 is your third", "Pin code of Delhi: 110001", "code: 0x8007000E",
    ),
    "recovery-code": ("Recovery codes let you sign in without your phone.", "Store your backup codes safely.\nDone", "backup codes: 10 remaining", "error recovery code path",
                      "Recovery codes\nGenerated 2025-11-22\nUsed 2025-11-23"),
    "payment-card": ("card ending in 4242", "**** **** **** 4242", "Gift card 1234 5678", "Visa •••• 1881", "4111 1111 1111 1112", "card no. 4000 0000 0000 0001", "卡号尾号 8812"),
    "iban": ("IBAN", "DE00 0000 0000 0000 0000 00", "GB82 WEST 1234 5698 7654 33", "IBAN of the receiver", "DE12 ABC", "Flight LH45 6789 1234 5678 9012", "SE35 Model 5000 0000 054"),
    "chinese-resident-id": ("110105194912310020", "999999199001011234", "身份证号码为18位", "11010519491331002X", "流水号 202511221430123456"),
    "us-ssn": ("000-12-3456", "666-12-3456", "900-12-3456", "123-00-6789", "123-45-0000", "2025-11-22", "10-12-2024", "555-0132", "SSN is required", "part 123-456-7890", "1123-45-67890"),
    "uk-nino": ("BG123456A", "AB123456E", "Model SR123456B in stock", "AB 12 34", "GB123456789", "part no. CE102030D", "NINO is required", "QQ 12 34 56 C"),
    "french-nir": ("1 84 12 76 451 089 47", "184127645108900", "2 2025 11 22 14 30", "NIR camera 850 nm", "numéro 123456789012345"),
    "spanish-dni": ("12345678A", "X1234567A", "00000000", "DNI obligatorio", "12345678-B", "Y0000000A", "part 12345678K"),
    "german-tax-id": ("Steuer-ID: 12345678901", "Steuer-ID erforderlich", "Steuernummer 12/345/67890", "IdNr. 00000000000", "Tel. 01761234567", "12 345 678 900"),
    "indian-aadhaar": ("Aadhaar: 1234 5678 9012", "Aadhaar is required", "2345 6789 0123", "Aadhaar 0000 0000 0000", "2010 2011 2012", "4096 8192 1024"),
    "brazilian-cpf": ("123.456.789-00", "111.111.111-11", "CPF: obrigatório", "000.000.000-01", "192.168.100-200", "CPF 12345678900"),
    "korean-rrn": ("991332-1234567", "주민등록번호 필수", "900101-9234567", "2025-1122-143012", "123456-1234", "010-1234-5678", "000000-0000000"),
    "password": (
        "password: required", "Password: string", "password: String?", "password = getpass.getpass()", "password=$DB_PASS", "password=${{ secrets.DB_PASSWORD }}",
        "password: process.env.DB_PASSWORD,", "self.password = password", "args.password", "password = input('Password: ')", "PASSWORD = None", "if password == '':",
        "password: <your password>", "Password: (hidden)", "Password must not be empty", "password length: 12 characters", "password_hash = hash(password)", "mypassword.txt",
        "密码强度：中", "密码：请输入", "忘记密码？", "修改密码", "密码长度为8-20位", "Passwort: erforderlich", "Mot de passe : obligatoire", "パスワードを入力してください", "Password: ●●●●●●",
        "Password: ......", "Password: [REDACTED]", "password: {password}", "password: %s", "password='%s'", "Password: Show", "Password: Change", "New password\nConfirm password\nSave",
        "Password\nForgot?\nSign in", "Password protection: 7z and zip", "password: z.string().min(8),", "password VARCHAR(255) NOT NULL", "The password is stored encrypted.",
        "Password is incorrect, try again", "password manager: KeePassXC 2.7", "password: true", "const password = ref('')", "cin >> password;", "password && password.length > 8",
        "<input type=\"password\" name=\"password\" id=\"pw1\">", "label: 'Password',", "password=password", "--password-file /run/secrets/db", "passwd: files systemd", "pwd: /home/bob",
        "Password for bob:", "Last password change: 2025-11-02", "[sudo] password for bob:", "password :=", '"password": "string?"', "密码：******", "密码是必填项", "Password authentication: yes", "Password: Required. 8 to 64.",
    ),
    "assigned-secret": (
        "API_KEY=", "api_key: str | None = None", "api_key = os.getenv('OPENAI_API_KEY')", "API_KEY=${API_KEY}", "token: string;", "const token = await getToken(user)",
        "secret: my-kubernetes-secret-name", "secretName: tls-certificate-for-ingress", "token = tokenizer.next_token(position)", "SECRET_KEY = 'changeme'", "api-key: <key>",
        "access_key: AWS_ACCESS_KEY_ID", "token_type: bearer", "expires_in token: 3600", "secrets.token_urlsafe(32)", "primary key: user_id", "cache_key = f'{user}:{page}'",
        "token: IDENTIFIER_OR_KEYWORD_TOKEN", "the secret: never give up", "Token: EndOfFileTokenKind", "secret = /run/secrets/database-2-password", "api key: contact support",
        "token 4096 of 8192", "max_tokens: 4096", "API key\nManage your keys in the dashboard", "key: 9fceb02d0ae598e95dc970b74767f193", "KEY=VALUE",
        "credential: UsernamePasswordCredential", "token: 'your-token-goes-here-123456'", "public_key: ssh-ed25519",
    ),
}  # fmt: skip
_CHECKED = (
    "payment-card", "iban", "chinese-resident-id", "german-tax-id", "french-nir", "brazilian-cpf", "indian-aadhaar", "spanish-dni",
)  # fmt: skip


def lookalikes(kind: str, count: int, seed: int = 11) -> list[str]:
    """Return at least so many texts in which nothing of the kind stands: near misses, drawn ones, and the common ones."""
    random = Random(f"{kind} {seed}")
    drawn_ones = [make(random) for make in (_hash, _uuid, _order, _phone, _log, _price) for _ in range(4)]
    if kind in _CHECKED:
        drawn_ones += [_mistaken(random, MAKERS[kind](random)) for _ in range(20)]
    texts = [*NEAR[kind], *COMMON, *drawn_ones]
    return texts if len(texts) >= count else texts + [_hash(random) for _ in range(count - len(texts))]


def _mistaken(random: Random, number: str) -> str:
    """Return a number with one digit changed by one: every check digit of ours sees that."""
    places = [place for place, each in enumerate(number) if each.isdigit() and place > 3]
    at = random.choice(places)
    return number[:at] + str((int(number[at]) + 1) % 10) + number[at + 1 :]


def _hash(random: Random) -> str:
    return random.choice(["commit ", "md5 ", "etag: ", "blob "]) + drawn(
        random, "0123456789abcdef", random.choice([32, 40, 64])
    )


def _uuid(random: Random) -> str:
    return "request " + str(uuid.UUID(int=random.getrandbits(128), version=4))


def _order(random: Random) -> str:
    return "Order " + drawn(random, string.ascii_uppercase + string.digits, random.choice([8, 10, 12]))


def _phone(random: Random) -> str:
    return random.choice(["+49 1{} {}", "1{}{}", "+1 {} {}"]).format(
        random.randint(30, 99), random.randint(10**7, 10**8 - 1)
    )


def _log(random: Random) -> str:
    return f"2025-11-22 09:{random.randint(10, 59)}:03,{random.randint(100, 999)} INFO worker[{random.randint(100, 9999)}] took {random.random():.6f} s"


def _price(random: Random) -> str:
    return f"Total {random.randint(1, 9999):,}.{random.randint(10, 99)} EUR, invoice {random.randint(10**9, 10**10)}"
