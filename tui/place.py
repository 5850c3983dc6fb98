"""Where to go: what a result of a search or a citation of an answer leads to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.marks import Marks, words_of_snippet

if TYPE_CHECKING:
    from assistant.answer import Citation
    from index.search import Hit


@dataclass(frozen=True, slots=True)
class Place:
    """A frame, when it stood, on which monitor (None when unknown), and what to mark there."""

    at_us: int
    frame_id: int
    monitor: int | None
    marks: Marks


def place_of_hit(hit: Hit) -> Place:
    """Return where a hit leads: its matched words are marked, or its lines when it was found by meaning."""
    marks = Marks(words_of_snippet(hit.snippet), hit.boxes, hit.frame_id)
    return Place(hit.start_us, hit.frame_id, hit.monitor, marks)


def place_of_citation(citation: Citation) -> Place:
    """Return where a citation leads: its quote is marked."""
    return Place(citation.start_us, citation.frame_id, None, Marks((citation.quote,)))
