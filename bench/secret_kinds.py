"""Precision and recall of each kind of secret, false alarms in ordinary text, megabytes a second.

    python bench/secret_kinds.py [--examples 60] [--text-mb 2] [--seed 7] [--wrong KIND]

Printed for each kind, looked for alone: how many made-up secrets were covered whole (every character but spaces), how
many of those with nothing else covered; in how many texts without any something was found; precision (found and there,
of found) and recall.  Then the same made-up secrets with all kinds on, whatever kind covers them.

Then, over ordinary text (manuals under /usr/share/doc, their markup taken away, cut into screens of 4,000 characters):
alarms per megabyte of each kind and source, megabytes a second of CPU, and the slowest of one-megabyte strings made to
be slow.  A manual of cryptography holds keys, so an alarm there may be right: --wrong KIND prints what was found.
A kind without alarms in a source is left out of its line.
"""

from __future__ import annotations

import argparse
import gzip
import html
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.secret_contexts import examples
from bench.secret_examples import Example
from bench.secret_lookalikes import lookalikes
from timeline.secrets import KINDS, find_secrets

SCREEN = 4000  # characters of a full screen of text
ALL = tuple(kind.name for kind in KINDS)
DOC = Path("/usr/share/doc")
SOURCES = {
    "Python's manual": (DOC / "python3.11/html/library", "*.html"),
    "Node's manual": (DOC / "nodejs", "*.html"),
    "PostgreSQL's manual": (DOC / "postgresql-doc-15", "*.html"),
    "Git's manual": (DOC / "git-doc", "*.html"),
    "handbook, Chinese": (DOC / "debian-handbook/html/zh-CN", "*.html"),
    "handbook, German": (DOC / "debian-handbook/html/de-DE", "*.html"),
    "handbook, Spanish": (DOC / "debian-handbook/html/es-ES", "*.html"),
    "changelogs, licences": (DOC, "*/c*"),
    "Python's own code": (Path("/usr/lib/python3.11"), "*.py"),
}
SLOW = (
    "password: ", "-----BEGIN PRIVATE KEY-----\n", "-----END PRIVATE KEY-----\n", "eyJ", "eyJ.",
    "://a:", "sk-", "ghp_ ", "1 ", "4111 ",
    "1", "A", "a1", "MNO-", "DE89 ",
    "code is ", "your code ", "验证码", "token=", "seed ",
    "seed\nabc ", "recovery codes\n", "12-", "SG.", "Authorization: ",
    "curl -u a:", "secret key ", "private key ", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n", ":AA",
    "xprv", "AKIA", "- ", "\n", " ",
    "5K", "a@b://", "password\n", "BEGIN PRIVATE KEY", "otpauth://",
    "secret=", "12 345 ", "AB 12 ", "sig=", "=",
)  # fmt: skip


def main() -> None:
    """Print the three tables."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--examples", type=int, default=60)
    options.add_argument("--seed", type=int, default=7, help="another draw of the same kinds")
    options.add_argument("--text-mb", type=float, default=2.0, help="of each source of ordinary text")
    options.add_argument("--wrong", metavar="KIND", help="print what is missed and what is found wrongly")
    given = options.parse_args()
    _tell_kinds(given.examples, given.seed, given.wrong)
    _tell_text(given.text_mb, given.wrong)
    _tell_slowest()


def _tell_kinds(count: int, seed: int, wrong: str | None) -> None:
    print(
        f"{'kind':24}{'true':>6}{'found':>7}{'exact':>7}{'false':>7}{'alarms':>8}{'precision':>11}"
        f"{'recall':>8}{'all on':>8}"
    )
    for kind in ALL:
        true, false = examples(kind, count, seed), lookalikes(kind, count, seed)
        found = [each for each in true if covers(each, (kind,))]
        exact = sum(covers(each, (kind,), exactly=True) for each in found)
        alarms = [text for text in false if find_secrets(text, (kind,))]
        by_any = sum(covers(each, ALL) for each in true)
        precision = len(found) / max(len(found) + len(alarms), 1)
        print(f"{kind:24}{len(true):6}{len(found):7}{exact:7}{len(false):7}{len(alarms):8}{precision:11.3f}"
              f"{len(found) / len(true):8.3f}{by_any / len(true):8.3f}")  # fmt: skip
        if kind == wrong:
            for each in true:
                if not covers(each, (kind,), exactly=True):
                    print(
                        "  not exact:",
                        repr(each.text),
                        [each.text[hit.start : hit.end] for hit in find_secrets(each.text, (kind,))],
                    )
            for text in alarms:
                print("  alarm:", repr(text), [text[hit.start : hit.end] for hit in find_secrets(text, (kind,))])


def covers(example: Example, kinds: tuple[str, ...], *, exactly: bool = False) -> bool:
    """Tell whether every character of the secret but spaces is covered; exactly: and no other character."""
    covered: set[int] = set()
    for hit in find_secrets(example.text, kinds):
        covered.update(range(hit.start, hit.end))
    seen = {place for place, character in enumerate(example.text) if not character.isspace()}
    wanted = set(range(example.start, example.end)) & seen
    return wanted == covered & seen if exactly else wanted <= covered


def _tell_text(megabytes: float, wrong: str | None) -> None:
    print(f"\n{'ordinary text':24}{'MB':>6}{'MB/s':>7}  alarms per MB")
    total_mb = total_s = 0.0
    alarms_of_all: Counter[str] = Counter()
    for name, (folder, pattern) in SOURCES.items():
        alarms: Counter[str] = Counter()
        mb = cpu_s = 0.0
        for screen in screens(folder, pattern, megabytes):
            started = time.process_time()
            hits = find_secrets(screen, ALL)
            cpu_s += time.process_time() - started
            mb += len(screen.encode()) / 1e6
            alarms.update(hit.kind for hit in hits)
            for hit in hits:
                if hit.kind == wrong:
                    print(f"  {name}:", repr(screen[max(hit.start - 60, 0) : hit.end + 10]))
        if mb:
            rates = ", ".join(f"{kind} {count / mb:.2f}" for kind, count in alarms.most_common())
            print(f"{name:24}{mb:6.2f}{mb / cpu_s:7.2f}  {rates}")
        total_mb, total_s, alarms_of_all = total_mb + mb, total_s + cpu_s, alarms_of_all + alarms
    rates = ", ".join(f"{kind} {count / total_mb:.2f}" for kind, count in alarms_of_all.most_common())
    print(
        f"{'all':24}{total_mb:6.2f}{total_mb / total_s:7.2f}  {rates}; together {alarms_of_all.total() / total_mb:.2f}"
    )


def screens(folder: Path, pattern: str, megabytes: float) -> Iterator[str]:
    """Yield the text of a folder's files, without markup, in screens, until there are so many megabytes."""
    left = megabytes * 1e6
    for path in sorted(folder.rglob(pattern) if folder != DOC else folder.glob(pattern)):
        if not path.is_file() or left <= 0:
            continue
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode(errors="replace")
        if path.suffix == ".html":
            text = html.unescape(re.sub(r"<(?:style|script).*?</(?:style|script)>|<[^>]+>", "", text, flags=re.DOTALL))
        text = re.sub(r"\n\s*\n+", "\n", text)[:200_000]
        left -= len(text.encode())
        yield from (text[at : at + SCREEN] for at in range(0, len(text), SCREEN))


def _tell_slowest() -> None:
    took = []
    for piece in SLOW:
        text = piece * (1_000_000 // len(piece))
        started = time.process_time()
        find_secrets(text, ALL)
        took.append((time.process_time() - started, piece))
    took.sort(reverse=True)
    print(
        "\nslowest of",
        len(took),
        "made strings of 1 MB:",
        ", ".join(f"{seconds:.2f} s {piece!r}" for seconds, piece in took[:8]),
    )


if __name__ == "__main__":
    main()
