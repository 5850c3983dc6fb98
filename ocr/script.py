"""Which script a character belongs to, and how a line of text falls into words.

Pure functions on text.  Called by everything in this room that builds words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Ideographs, their radicals and kana: scripts written without spaces between words.
CHINESE = re.compile(
    "[\u2e80-\u2fdf\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_RUNS = re.compile(rf"(?P<chinese>{CHINESE.pattern}+)|(?P<other>[^\s]+?(?={CHINESE.pattern}|\s|$))")


def is_chinese(character: str) -> bool:
    """Tell whether a character is an ideograph or kana."""
    return CHINESE.match(character) is not None


def is_wide(character: str) -> bool:
    """Tell whether a character fills a full-width cell: Chinese, or Chinese punctuation."""
    return is_chinese(character) or "\u3000" <= character <= "\u303f" or "\uff01" <= character <= "\uff60"


def word_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each word of a text.

    Words end at white space and between Chinese and Latin runs.  Punctuation stays on the Latin word it touches, and
    inside a Chinese run where it touches none: "你好，世界。" is one word, "使用“ls -l”列出" is four.
    """
    start = end = -1
    chinese_word = False
    for run in _RUNS.finditer(text):
        chinese = run["chinese"] is not None or not any(map(str.isalnum, run.group()))
        if start >= 0 and run.start() == end and (chinese_word and chinese):
            end = run.end()
            continue
        if start >= 0:
            yield start, end
        start, end = run.span()
        chinese_word = chinese
    if start >= 0:
        yield start, end
