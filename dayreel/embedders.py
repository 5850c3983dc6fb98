"""Which encoder of meaning the settings name.  Imports none until it is needed."""

from __future__ import annotations

from collections.abc import Callable

from index.embedder import Embedder
from timeline.errors import SettingsWrong

PREFIX = "sentence-transformers/"


def embedder_factory(name: str) -> Callable[[], Embedder] | None:
    """Return what makes the encoder of a setting; None when search by meaning is off.

    Raises SettingsWrong for a name that no encoder has.
    """
    if name == "none":
        return None
    if name == "use":
        from index.use import UniversalSentenceEncoder

        return UniversalSentenceEncoder
    if name.startswith(PREFIX):
        from index.sentence_transformers import SentenceTransformerEmbedder

        return lambda: SentenceTransformerEmbedder(name.removeprefix(PREFIX))
    raise SettingsWrong(f"index.embedder must be use, none or {PREFIX}NAME, not {name!r}.")
