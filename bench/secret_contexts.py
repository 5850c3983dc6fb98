# ruff: noqa: E501 - a table of examples, many in a line
"""The texts around made-up secrets, as screens show them, and what OCR does to both.

Owns the true examples of bench/secret_kinds.py: for each kind its contexts ({} is where the secret stands).
"""

from __future__ import annotations

import re
from random import Random

from bench.secret_examples import MAKERS, Example

_TOKENS = (
    "{}", "export TOKEN={}", "token: {}", '  "token": "{}",', "Your new key:\n{}\nCopy it now, you will not see it again.",
    "$ echo {}", "Authorization: Bearer {}", "密钥：{}", "| prod | {} | 2025-11-02 |", "key = '{}'  # rotate in May",
    "Schlüssel {} kopiert", "user@host:~$ login --with-token {}\nWelcome back", "curl -H 'X-Key: {}' https://api.host.io/v1",
)  # fmt: skip
_NUMBERED = {
    "payment-card": ("Card number {}", "{}", "卡号：{}", "VISA {} 09/27", "Pay with\n{}\nExpires 04/28  CVC", "Kartennummer: {}",
                     "card {} was charged 19.99", "银行卡号 {} 户名", "Carte bancaire : {}", "{}\nJOHN DOE\n12/29"),
    "iban": ("IBAN: {}", "{}", "IBAN {} BIC COBADEFFXXX", "Bitte überweisen Sie auf {}.", "Konto {}\nVerwendungszweck 2025-17",
             "transfer to {} by Friday"),
    "chinese-resident-id": ("身份证号：{}", "{}", "公民身份号码 {}", "证件号码：{}，姓名：张三", "ID card {} verified", "姓名 李四 {} 男"),
    "us-ssn": ("SSN: {}", "Social Security Number {}", "{}", "Employee 4711, SSN {}, hired 2019", "Taxpayer ID {}"),
    "uk-nino": ("National Insurance number: {}", "NI number {}", "NINO {}", "{}", "Your NI No. {} is on your payslip"),
    "french-nir": ("N° de sécurité sociale : {}", "NIR {}", "{}", "Assuré {} régime général", "Numéro {}\nNom Dupont"),
    "spanish-dni": ("DNI: {}", "NIE {}", "{}", "Don Juan Pérez, con DNI {}, domiciliado en Madrid", "Documento {}"),
    "german-tax-id": ("Steuer-ID: {}", "Steuerliche Identifikationsnummer {}", "IdNr. {}", "Identifikationsnummer\n{}", "{}",
                      "TIN: {}"),
    "indian-aadhaar": ("Aadhaar: {}", "Government of India\nAadhaar No. {}", "आधार {}", "Your Aadhaar number {} is linked",
                       "UIDAI {}"),
    "brazilian-cpf": ("CPF: {}", "CPF {} cadastrado", "Cadastro de Pessoas Físicas\n{}", "cliente João, CPF nº {}"),
    "korean-rrn": ("주민등록번호: {}", "주민번호 {}", "{}", "성명 홍길동 {}", "Resident registration number {}"),
}  # fmt: skip
CONTEXTS: dict[str, tuple[str, ...]] = {
    **_NUMBERED,
    "private-key": ("{}", "$ cat id_rsa\n{}\n$", "key.pem\n{}\nUTF-8  LF", "Paste your key below\n{}\nSave"),
    "wallet-seed": ("Recovery phrase\n{}\nContinue", "Seed phrase: {}", "Write down your secret recovery phrase:\n{}\nI wrote it down",
                    "助记词：\n{}\n下一步", "mnemonic = \"{}\"", "Your seed words\n{}"),
    "wallet-private-key": ("Private key: {}", "private key\n{}", "PRIVATE_KEY={}", "私钥：{}", "privateKey: '{}',"),
    "aws-access-key-id": ("aws_access_key_id = {}", "AWS_ACCESS_KEY_ID={}", "{}", "Access key ID\n{}\nCreated today", "| bob | {} | Active |"),
    "aws-secret-access-key": ("aws_secret_access_key = {}", "AWS_SECRET_ACCESS_KEY={}", "Secret access key\n{}\nShow",
                              "export AWS_SECRET_ACCESS_KEY=\"{}\"", "  \"SecretAccessKey\": \"{}\",", "secretAccessKey: '{}',"),
    "azure-key": ("AccountName=shop;AccountKey={};EndpointSuffix=core.windows.net", "AccountKey={}", "SharedAccessKeyName=root;SharedAccessKey={}",
                  "DefaultEndpointsProtocol=https;AccountName=a;AccountKey={}"),
    "http-authorization": ("Authorization: Bearer {}", "authorization: token {}", "-H 'Authorization: Bearer {}'", "Bearer {}",
                           "\"Authorization\": \"Bearer {}\",", "> Authorization: Bearer {}\n> Accept: */*", "Authorization: {}"),
    "connection-string": ("postgres://shop:{}@db.host.io:5432/shop", "DATABASE_URL=mysql://root:{}@127.0.0.1/app", "mongodb+srv://bob:{}@c0.mongodb.net",
                          "redis://:{}@cache:6379/0", "amqp://svc:{}@mq/vhost", "git clone https://bob:{}@git.host.io/a.git", "https://admin:{}@10.0.0.2/"),
    "otp-secret": ("otpauth://totp/Shop:bob?secret={}&issuer=Shop", "Setup key: {}", "Can't scan it? Enter this key:\n{}\nNext", "密钥：{}",
                   "Secret key\n{}\nTime based", "Manual entry key: {}"),
    "one-time-code": ("Your verification code is {}", "{} is your Example verification code.", "验证码：{}", "【淘宝】您的验证码是{}，5分钟内有效，请勿泄露。",
                      "【招商银行】验证码{}，用于登录", "Your security code: {}", "Use {} as your login code", "Ihr Bestätigungscode lautet {}",
                      "Votre code de vérification est {}", "Tu código de verificación es {}", "認証コード：{}", "인증번호 [{}]", "Your one-time password is {}.",
                      "您的动态密码为：{}", "OTP: {}", "Enter the verification code\n{}", "Your login code is: {}", "Use code {} to sign in",
                      "驗證碼為 {}，請於十分鐘內輸入", "<#> {} is your login code", "Код подтверждения: {}", "Your Acme Bank code is {}"),
    "recovery-code": ("Recovery codes\n{}\nDownload", "Save your backup codes\n{}\nPrint", "恢复码\n{}\n下载", "Two-factor recovery codes:\n{}"),
    "password": ("password: {}", "Password: {}", "密码：{}", "Passwort: {}", "Mot de passe : {}", "Contraseña: {}", "パスワード：{}", "비밀번호: {}",
                 "DB_PASSWORD={}", "password = \"{}\"", "\"password\": \"{}\",", "username: bob\npassword: {}\n", "用户名：admin 密码：{}", "Пароль: {}",
                 "Password\n{}\nSign in", "user=bob password={} host=db", "Server=db;User Id=sa;Password={};", "WLAN-Passwort: {}", "Your new password is {}",
                 "Wi-Fi password  {}", "初始密码是 {}", "senha: {}", "spring.datasource.password={}", "pwd={}", "passwd: '{}'"),
    "assigned-secret": ("API_KEY={}", "api_key: {}", "\"client_secret\": \"{}\",", "SECRET_KEY = '{}'", "token: {}", "export AUTH_TOKEN={}",
                        "apiKey: \"{}\",", "API key\n{}\nCopy", "access_token={}", "X-Api-Key: {}", "secret: {}", "API 密钥：{}", "session_token = {}"),
}  # fmt: skip
_SPLIT_WORDS = (
    "github-token gitlab-token slack-token stripe-key ai-api-key google-key npm-token pypi-token hugging-face-token"
)
_SPLIT = frozenset(_SPLIT_WORDS.split())
_WIDE = {": ": ("：", " : ", ":  ", ":"), "=": (" = ", "= ")}


def examples(kind: str, count: int, seed: int = 7) -> list[Example]:
    """Return so many true examples of a kind, every third as OCR would hand it over."""
    random = Random(f"{kind} {seed}")
    contexts = CONTEXTS.get(kind, _TOKENS)
    return [_placed(random, kind, contexts[each % len(contexts)], spoilt=each % 3 == 2) for each in range(count)]


def _placed(random: Random, kind: str, context: str, *, spoilt: bool) -> Example:
    secret = MAKERS[kind](random)
    if context.strip('"') == "{}" and kind == "wallet-seed":
        secret = secret.replace("\n", " ")
    before, after = context.split("{}")
    if before.endswith("secret="):
        secret = secret.replace(" ", "")
    if spoilt:
        before = _respaced(random, before)
        secret = _split(random, secret) if kind in _SPLIT else secret
    noise_before, noise_after = (line and line + "\n" for line in random.choices(_AROUND, k=2))
    noise_after = "\n" + noise_after
    start = len(noise_before) + len(before)
    return Example(noise_before + before + secret + after + noise_after, start, start + len(secret))


_AROUND = ("", "", "File Edit View", "Inbox (12)", "2025-11-22 09:14:03", "设置", "OK   Cancel", "Total 1,024 files")


def _respaced(random: Random, before: str) -> str:
    for written, read in _WIDE.items():
        if before.endswith(written) and "?" not in before:
            return before.removesuffix(written) + random.choice(read)
    return before


def _split(random: Random, secret: str) -> str:
    """Return a token with a space or the terminal's edge inside, or with one confused character."""
    at = random.randint(len(secret) // 2, len(secret) - 6)
    if random.random() < 0.4:
        return re.sub(r"[Il1]", random.choice("Il1"), secret)
    return secret[:at] + random.choice([" ", "\n"]) + secret[at:]
