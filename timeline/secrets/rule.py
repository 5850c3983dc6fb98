"""How a rule is built: cheap literals first, the exact look only where one stands.

Owns the search for literals.  A rule is a function from a screen to spans.  What a rule looks at from a literal is
bounded, so that no text, however made, costs more than its length.  Called by the modules of kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from timeline.secrets.screen import Screen, skeleton

Span = tuple[int, int]
Find = Callable[[Screen], Iterable[Span]]
Look = Callable[[Screen, int, int], Iterable[Span]]


@dataclass(frozen=True, slots=True)
class Rule:
    """How one kind is found; a kind may have several rules."""

    kind: str
    find: Find


def anchored(look: Look, *anchors: str) -> Find:
    """Return the search that calls `look` with the place of each anchor, wherever one stands in the skeleton."""
    bones = tuple(dict.fromkeys(skeleton(anchor) for anchor in anchors))

    def find(screen: Screen) -> Iterator[Span]:
        for anchor in bones:
            at = screen.skeleton.find(anchor)
            while at >= 0:
                after = at + len(anchor)
                for span in look(screen, at, after):
                    yield span
                    after = max(after, span[1])
                at = screen.skeleton.find(anchor, after)

    return find
