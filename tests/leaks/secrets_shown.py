"""The secrets of the leak suite: words and colours that nothing else on the screen has.

Owns the list; each case has a secret of its own, so that one run of the recorder serves many cases.
"""

from __future__ import annotations

from dataclasses import dataclass

_WORDS = (
    *("MARZIPAN", "OSTRACOD", "PANGOLIN", "QUINCUNX", "RHIZOME", "SASQUATCH", "TARDIGRADE", "VERMOUTH", "WOMBAT"),
    *("XYLITOL", "ZEUGMA", "ALBATROSS", "BANDICOOT", "CHIHUAHUA", "DROMEDARY", "ECTOPLASM", "FLAMINGO", "GRIMOIRE"),
    *("HALIBUT", "JACKDAW", "KUMQUAT"),
)


@dataclass(frozen=True, slots=True)
class Secret:
    """A word in capitals and a colour (red, green, blue)."""

    word: str
    colour: tuple[int, int, int]

    @property
    def tk_colour(self) -> str:
        return "#{:02x}{:02x}{:02x}".format(*self.colour)


_CLASHING = {(20, 20, 230), (125, 125, 230)}  # the blue of xterm's icon, and of openbox's title bar in a thumbnail


def _colours() -> list[tuple[int, int, int]]:
    """Return colours far apart from each other, from black, white and grey, and not too strong for 4:2:0 video."""
    levels = (20, 125, 230)
    mixed = [(red, green, blue) for red in levels for green in levels for blue in levels]
    return [one for one in mixed if max(one) - min(one) >= 100 and one not in _CLASHING]


SECRETS = tuple(Secret(word, colour) for word, colour in zip(_WORDS, _colours(), strict=False))
