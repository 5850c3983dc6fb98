"""How search bears text that OCR damaged, and whether short Chinese words and parts of identifiers are found at all.

    python bench/search_damage.py [--data DIR] [--texts DIR ...] [--damage SHARE] [--queries N] [--seed S]

Texts are cut into rows of 60 English words or 120 Chinese characters, each of which stands on a screen of its own.
Without arguments English is the docstrings of Python's library, and Chinese what programs of this machine say in it
(and README.zh-CN.md).  --data adds the truth of rendered screens (JSON with `words` and `cjk`), --texts documents.

Printed: of phrases taken from the whole texts, five words or nine characters long, the share that finds its row among
the first five results when 4 in 100 characters of the rows were damaged; of Chinese words of two characters and parts
of identifiers in undamaged rows, the share that finds a row with it.  Beside dayreel's full text: FTS5 with
`unicode61`, asked for any of the words, and with `trigram`, asked for any three characters in a row, on the same rows.

The damage is not made from the tables that search uses: of ten characters six become a look-alike of the few below, or
any other letter where there is none, two are lost, one is followed by a space, and one becomes a sign.
"""

from __future__ import annotations

import argparse
import gettext
import json
import random
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.library_pages import docstring_lines
from bench.plausible_store import documents
from index.indexer import Indexer
from index.query import question
from index.search import Searcher
from tests.support.stores import StoreUnderTest
from timeline.model import Window

FIRST = 5
DAMAGE = 0.04
ENGLISH_WORDS, CHINESE_CHARACTERS = 60, 120  # of a row
PHRASE_WORDS, PHRASE_CHARACTERS = 5, 9
LINE_WORDS, LINE_CHARACTERS = 12, 40
MOST_ROWS = 1_000  # of each language
MESSAGES = Path("/usr/share/locale/zh_CN/LC_MESSAGES")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
LOOK_ALIKE = {
    "o": "0", "O": "0", "0": "O", "l": "1", "I": "l", "1": "l", "i": "l", "m": "rn", "d": "cl", "w": "vv", "e": "c",
    "c": "e", "s": "5", "S": "5", "b": "h", "B": "8", "g": "9", "q": "g", "a": "o", "t": "f", "n": "ri", "u": "v",
    "z": "2", "己": "已", "未": "末", "日": "曰", "土": "士", "人": "入", "大": "太", "天": "夭", "间": "问",
}  # fmt: skip
_CHINESE = re.compile("[\u4e00-\u9fff]+")
_JOINED = re.compile(r"\b[A-Za-z]+(?:[_.-][A-Za-z]+)+\b|\b[a-z]+(?:[A-Z][a-z]+)+\b")
_PART = re.compile(r"[A-Z]?[a-z]{2,}")

Find = Callable[[str], Sequence[int]]
"""From a phrase to the numbers of the first rows, best first."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Rows of one language, and how they are cut."""

    name: str
    rows: list[str]
    joint: str
    """Between two of its words."""
    phrase_size: int
    line_size: int

    def words(self, row: str) -> list[str]:
        return row.split() if self.joint else list(row)

    def lines(self, row: str) -> list[str]:
        words = self.words(row)
        return [self.joint.join(words[at : at + self.line_size]) for at in range(0, len(words), self.line_size)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a folder of rendered screens with their truth")
    parser.add_argument("--texts", type=Path, nargs="*", default=[], help="folders of documents")
    parser.add_argument("--damage", type=float, default=DAMAGE)
    parser.add_argument("--queries", type=int, default=300, help="of each kind")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for corpus in corpora(options.data, options.texts):
        chance = random.Random(options.seed)
        damaged = [damage(row, options.damage, chance) for row in corpus.rows]
        asked = list(phrases(corpus, options.queries, chance))
        print(f"{corpus.name}: {len(corpus.rows)} rows, {len(asked)} phrases, damage {options.damage:.0%}", flush=True)
        for name, find in engines(corpus, damaged):
            share = sum(row in find(phrase)[:FIRST] for row, phrase in asked) / len(asked)
            print(f"  {name:10} phrases of damaged rows in the first {FIRST}: {share:.3f}", flush=True)
        wanted = list(short_words(corpus, options.queries, chance))
        for name, find in engines(corpus, corpus.rows):
            found = sum(any(word.lower() in corpus.rows[row].lower() for row in find(word)[:FIRST]) for word in wanted)
            print(f"  {name:10} {len(wanted)} short words and parts: {found / len(wanted):.3f}", flush=True)


def corpora(data: Path | None, folders: Sequence[Path]) -> list[Corpus]:
    """Return the English and the Chinese rows."""
    texts = [paragraph for one in (documents(folders) if folders else []) for paragraph in one.paragraphs]
    texts += list(screens(data)) if data else []
    chinese = "".join(_CHINESE.findall(" ".join([*texts, *([] if texts else machine_chinese())])))
    words = " ".join(texts or docstring_lines())
    english = [word for word in words.split() if word.isascii()]
    return [
        Corpus("English", _cut(english, ENGLISH_WORDS, " "), " ", PHRASE_WORDS, LINE_WORDS),
        Corpus("Chinese", _cut(list(chinese), CHINESE_CHARACTERS, ""), "", PHRASE_CHARACTERS, LINE_CHARACTERS),
    ]


def screens(folder: Path) -> Iterator[str]:
    """Yield the words and the Chinese characters of each screen, row by row."""
    for path in sorted(folder.glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        for kind, joint in (("words", " "), ("cjk", "")):
            placed = sorted((round(one["b"][1] / 8), one["b"][0], one["t"]) for one in truth.get(kind, []))
            yield joint.join(text for _, _, text in placed)


def machine_chinese() -> Iterator[str]:
    """Yield the Chinese that is on this machine anyway."""
    yield (Path(__file__).parents[1] / "README.zh-CN.md").read_text(encoding="utf-8")
    for path in sorted(MESSAGES.glob("*.mo"))[:12]:
        with path.open("rb") as file:
            messages = vars(gettext.GNUTranslations(file))["_catalog"]
        yield from (text for text in messages.values() if isinstance(text, str))


def _cut(words: Sequence[str], size: int, joint: str) -> list[str]:
    rows = [joint.join(words[at : at + size]) for at in range(0, len(words) - size + 1, size)]
    return list(dict.fromkeys(rows))[:MOST_ROWS]


def damage(row: str, share: float, chance: random.Random) -> str:
    """Return a row with a share of its characters damaged."""
    others = _CHINESE.findall(row)
    return "".join(
        sign if sign.isspace() or chance.random() >= share else _damaged(sign, "".join(others), chance) for sign in row
    )


def _damaged(sign: str, others: str, chance: random.Random) -> str:
    kind = chance.randrange(10)
    if kind < 6:
        return LOOK_ALIKE.get(sign) or chance.choice(others if _CHINESE.match(sign) else LETTERS)
    return "" if kind < 8 else f"{sign} " if kind == 8 else chance.choice("|.:;'`")


def phrases(corpus: Corpus, count: int, chance: random.Random) -> Iterator[tuple[int, str]]:
    """Yield numbers of rows, each with some of its words that stand beside each other, there only."""
    whole = "\n".join(corpus.rows)
    while count:
        row = chance.randrange(len(corpus.rows))
        words = corpus.words(corpus.rows[row])
        at = chance.randrange(len(words) - corpus.phrase_size + 1)
        phrase = corpus.joint.join(words[at : at + corpus.phrase_size])
        if whole.count(phrase) == 1:
            count -= 1
            yield row, phrase


def short_words(corpus: Corpus, count: int, chance: random.Random) -> list[str]:
    """Return Chinese words of two characters, or parts of identifiers, that stand in the rows."""
    if corpus.joint:
        joined = {name for row in corpus.rows for name in _JOINED.findall(row)}
        words = sorted({part for name in joined for part in _PART.findall(name)})
    else:
        words = sorted({row[at : at + 2] for row in corpus.rows for at in range(len(row) - 1)})
    return chance.sample(words, min(count, len(words)))


def engines(corpus: Corpus, rows: Sequence[str]) -> Iterator[tuple[str, Find]]:
    """Yield the ways of searching, each over the same rows."""
    with tempfile.TemporaryDirectory(prefix="dayreel-damage-") as folder:
        store = StoreUnderTest.make(Path(folder) / "home")
        frames: dict[int, int] = {}
        for number, row in enumerate(rows):
            window, at_s = Window("reader", f"page {number}"), 60.0 * number
            frames[store.frame(at_s, corpus.lines(row), window, end_s=at_s + 60)] = number
        indexer = Indexer.open(store.home, store.key, None)
        indexer.catch_up(store.reader)
        indexer.close()
        with Searcher.open(store.home, store.key, None) as searcher:
            yield "dayreel", lambda text: [frames[hit.frame_id] for hit in searcher.search(question(text), mode="text")]
        store.close()
    yield "unicode61", _stock("unicode61", rows, lambda text: re.findall(r"\w+", text))
    yield "trigram", _stock("trigram", rows, lambda text: [text[at : at + 3] for at in range(len(text) - 2)])


def _stock(tokenizer: str, rows: Sequence[str], cut: Callable[[str], Iterable[str]]) -> Find:
    db = sqlite3.connect(":memory:")
    db.execute(f"CREATE VIRTUAL TABLE t USING fts5 (body, tokenize = '{tokenizer}')")
    db.executemany("INSERT INTO t (rowid, body) VALUES (?, ?)", enumerate(rows))

    def find(text: str) -> list[int]:
        asked = " OR ".join('"' + one.replace('"', '""') + '"' for one in cut(text))
        if not asked:
            return []
        found = db.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10", [asked])
        return [row for (row,) in found]

    return find


if __name__ == "__main__":
    main()
