"""Any sentence-transformers model by name, as an embedder.  The only file that imports that package (and torch)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from index.embedder import Vectors
from timeline.errors import PartMissing


class SentenceTransformerEmbedder:
    """A model of the sentence-transformers package; it is loaded when it is first asked for anything but its name."""

    def __init__(self, model: str) -> None:
        """Take a model's name, or the path of a folder that holds one."""
        self.name = f"sentence-transformers/{model}"
        self._model_name = model

    @property
    def dimension(self) -> int:
        """The length of its vectors.  Raises PartMissing when the package is not installed."""
        return int(self._model.get_embedding_dimension())

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one vector a text.  Raises PartMissing when the package is not installed."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        vectors = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)

    @cached_property
    def _model(self) -> Any:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise PartMissing(
                "The model needs the package sentence-transformers: run `pip install sentence-transformers`."
            ) from error
        return SentenceTransformer(self._model_name, device="cpu")
