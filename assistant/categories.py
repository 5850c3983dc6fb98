"""Which category a window belongs to: what the user said, then the rules, then the nearest example of the user's.

Owns the decision and its order; the rules are data in category_rules.py, the user's words come from timeline.labels.
Never writes.  Called by digest.py, the answers and `dayreel category`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.category_rules import BROWSER_RULES, CATEGORIES, CHINESE_NAMES, RULES, TYPED_RULES, program_kind
from index.tokens import scan
from timeline.labels import Example, Labels, read_labels
from timeline.model import Window
from timeline.reader import Reader

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
"""Texts to vectors of length 1, one a text."""

ALIKE = 0.6  # of the words of two titles shared: the same page of another day, the same file changed
NEAR = 0.33  # cosine of two titles: unrelated ones reach 0.25, those of one interest begin at 0.35 (0021)
NO_LABELS = Labels({}, ())


def categories_of(reader: Reader, embed: Embed | None = None) -> Categories:
    """Return the categories of a timeline as they are now."""
    return Categories(read_labels(reader.db), embed)


def category_by_rules(window: Window) -> str | None:
    """Return the category that the rules give a window, None when none matches."""
    fields = {"app": window.app or "", "title": window.title or "", "url": window.url or ""}
    for category, name, pattern in RULES:
        if _matches(pattern, fields[name], whole=name == "app"):
            return category
    kind = program_kind(window.app)
    titled = BROWSER_RULES if kind == "browser" else TYPED_RULES if kind in ("terminal", "editor") else ()
    for category, pattern in titled:
        if _matches(pattern, fields["title"], whole=False):
            return category
    return "coding" if kind in ("terminal", "editor") else None


def _matches(pattern: str, text: str, *, whole: bool) -> bool:
    match = re.fullmatch if whole else re.search
    return bool(text) and match(pattern, text, re.IGNORECASE) is not None


@dataclass
class Categories:
    """The categories of one timeline; `embed` compares titles by meaning and is only called where no rule matches."""

    labels: Labels = NO_LABELS
    embed: Embed | None = None
    _known: dict[Window, str] = field(default_factory=dict)
    _vectors: NDArray[np.float32] | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """All categories: those built in, then those of the user."""
        return (*CATEGORIES, *(key for key in self.labels.names if key not in CATEGORIES))

    def name(self, key: str, language: Literal["en", "zh"] = "en") -> str:
        """Return what a category is called: by the user, else in a language."""
        return self.labels.names.get(key) or (CHINESE_NAMES.get(key, key) if language == "zh" else key)

    def key(self, said: str) -> str | None:
        """Return the category that a name means, in any language; None when there is none."""
        wanted = said.strip().casefold()
        for key in self.keys:
            if wanted in {key.casefold(), self.name(key).casefold(), CHINESE_NAMES.get(key, key)}:
                return key
        return None

    def of(self, window: Window) -> str:
        """Return the category of a window."""
        if window not in self._known:
            self._known[window] = self._decided(window)
        return self._known[window]

    def _decided(self, window: Window) -> str:
        return (
            self._said(window)
            or category_by_rules(window)
            or self._nearest(window)
            or ("browsing" if program_kind(window.app) == "browser" else "other")
        )

    def _said(self, window: Window) -> str | None:
        """Return what the user said of this window, of one with nearly its title, or of its application."""
        single = [each for each in self.labels.examples if not each.whole_app]
        same = next((each for each in single if each.window == window), None)
        alike = [(_shared(each.window.title, window.title), each) for each in single if each.window.app == window.app]
        best = max(alike, key=lambda pair: pair[0], default=(0.0, None))
        if same is None and best[0] >= ALIKE:
            same = best[1]
        whole = (each for each in self.labels.examples if each.whole_app and each.window.app == window.app)
        found = same or next(whole, None)
        return None if found is None else found.category

    def _nearest(self, window: Window) -> str | None:
        """Return the category of the example whose title is nearest in meaning."""
        single = [each for each in self.labels.examples if not each.whole_app and each.window.title]
        if self.embed is None or not single or not window.title:
            return None
        if self._vectors is None:
            self._vectors = self.embed([_title(each) for each in single])
        near = self._vectors @ self.embed([window.title])[0]
        at = int(near.argmax())
        return single[at].category if near[at] >= NEAR else None


def _title(example: Example) -> str:
    return example.window.title or ""


def _shared(one: str | None, other: str | None) -> float:
    """Return the share of their words that two titles have in common, 0 to 1."""
    a, b = _words(one), _words(other)
    return len(a & b) / len(a | b) if a and b else 0.0


def _words(title: str | None) -> set[str]:
    return {form for token in scan(title or "") for form in token.forms[:1]}
