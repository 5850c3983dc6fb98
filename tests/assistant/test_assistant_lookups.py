"""Rounds of looking up over a real store: what a model may fetch, and that it stays within bounds."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

import pytest

from assistant.endpoint import Endpoint
from assistant.rounds import MOST_ROUNDS
from tests.assistant.conftest import Desk
from tests.support.endpoint import Behaviour, FakeEndpoint, Request
from timeline.errors import EndpointFailed

QUESTION = "what does finance want by Friday?"
WANTED = 'Finance wants it by Friday [E1 "quarterly churn report by Friday"].'


def _call(name: str, **arguments: object) -> Behaviour:
    return Behaviour(calls=((name, json.dumps(arguments)),))


def _found(desk: Desk, *calls: Behaviour) -> list[str]:
    """Return what the model was told after each of its calls."""
    replies: Iterator[Behaviour] = iter([*calls, Behaviour("NO ANSWER")])
    with FakeEndpoint(lambda _request: next(replies)) as fake:
        desk.ask(QUESTION, Endpoint(fake.base_url, None, "small", 10))
    return [each["content"] for each in fake.requests[-1]["messages"] if each["role"] == "tool"]


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (_call("search", query="fstab"), "| 文件系统的挂载点写在 fstab 里"),
        (_call("search", query="budget", when="today"), "| budget 41,900 EUR"),
        (_call("moments", when="today"), "| deploy finished in 93 seconds"),
        (_call("text_at", when="2025-11-22T12:45"), "| commit 4f2a9c1 by Nora"),
        (_call("usage", when="today"), "| 65 min in all, 6 windows"),
        (_call("neighbours", id="E1"), "| Connection.backup copies a database while others read it"),
    ],
)
def test_each_tool_finds_what_stood_on_the_screen(desk: Desk, call: Behaviour, told: str) -> None:
    """What is found is told in lines that are marked as copied."""
    [found] = _found(desk, call)
    assert told in found
    assert all(line.startswith(("| ", "Excerpt E")) or not line for line in found.splitlines())


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (_call("delete", query="all"), "There is no such tool"),
        (_call("search"), "The argument query is missing."),
        (_call("search", query=5), "must be a JSON object of texts"),
        (_call("search", query="x" * 500), "longer than 200 characters"),
        (_call("text_at", when="in a blue moon"), "This time was not understood."),
        (_call("neighbours", id="E99"), "No excerpt has this id."),
        (Behaviour(calls=(("search", '{"query": '),)), "must be a JSON object of texts"),
        (_call("text_at", when="1900-01-01"), "Nothing was found."),
    ],
)
def test_a_call_that_cannot_be_understood_is_told_back(desk: Desk, call: Behaviour, told: str) -> None:
    """Wrong names, arguments and times are sentences to the model, never errors."""
    assert told in _found(desk, call)[0]


def test_what_was_looked_up_proves_a_sentence(desk: Desk) -> None:
    """Evidence of a tool has an id of its own, and a citation of it is checked like all others."""

    def reply(request: Request) -> Behaviour:
        told = request["messages"][-1]
        if told["role"] != "tool":
            return _call("search", query="deploy finished seconds")
        lines = told["content"].splitlines()
        at = next(number for number, line in enumerate(lines) if "deploy finished" in line)
        name = next(line for line in reversed(lines[:at]) if line.startswith("Excerpt ")).split()[1].rstrip(",")
        return Behaviour(f'It took 93 seconds [{name} "deploy finished in 93 seconds"].')

    with FakeEndpoint(reply) as fake:
        answer = desk.ask(QUESTION, Endpoint(fake.base_url, None, "small", 10))
    assert answer.answer == "It took 93 seconds. [1]"
    assert answer.citations[0].window.title == "deploy log"
    assert (answer.prompt_tokens, answer.completion_tokens) == (200, 40)


def test_a_counted_total_may_be_said(desk: Desk) -> None:
    """The minutes that the record counted bear a number out; another number stays out."""
    for number, shown in (("65", True), ("66", False)):
        replies = iter([_call("usage", when="today"), Behaviour(WANTED.replace("it by", f"{number} min of it by"))])
        with FakeEndpoint(lambda _request, replies=replies: next(replies)) as fake:
            answer = desk.ask(QUESTION, Endpoint(fake.base_url, None, "small", 10))
        assert bool(answer.citations) is shown


def test_a_model_that_never_stops_calling_is_stopped(desk: Desk) -> None:
    """After the last round it is given no tools, and an answer is made of what is there."""
    with FakeEndpoint(lambda _request: _call("search", query="budget")) as fake:
        answer = desk.ask(QUESTION, Endpoint(fake.base_url, None, "small", 10))
    assert len(fake.requests) == MOST_ROUNDS + 1
    assert "tools" not in fake.requests[-1]
    assert answer.citations == ()


def test_a_server_that_refuses_tools_is_asked_without_from_then_on(desk: Desk) -> None:
    """The fixed plan's evidence is enough, and the refusal is remembered."""

    def plain_only(request: Request) -> Behaviour:
        return Behaviour(status=400) if "tools" in request else Behaviour(WANTED)

    with FakeEndpoint(plain_only) as fake:
        endpoint = Endpoint(fake.base_url, None, "small", 10)
        assert desk.ask(QUESTION, endpoint).citations
        assert desk.ask(QUESTION, endpoint).citations
    assert ["tools" in each for each in fake.requests] == [True, False, False]


@pytest.mark.parametrize(
    "error",
    [
        "This model's maximum context length is 1200 tokens. However, you requested 3000 tokens",
        "the request exceeds the available context size (1200 tokens), try increasing it",
        "prompt is too long",
    ],
)
def test_a_small_context_gets_less_evidence(desk: Desk, error: str) -> None:
    """What the server says of its context is learnt, and the evidence is cut until it fits."""

    def small(request: Request) -> Behaviour:
        fits = sum(len(each["content"]) for each in request["messages"]) < 2_100
        return Behaviour(WANTED) if fits else Behaviour(status=400, error=error)

    with FakeEndpoint(small) as fake:
        answer = desk.ask(QUESTION, Endpoint(fake.base_url, None, "small", 10))
    assert answer.answer == "Finance wants it by Friday. [1]"


def test_a_context_too_small_for_anything_is_said(desk: Desk) -> None:
    """A model that reads next to nothing is an endpoint that failed, in one sentence."""
    refused = Behaviour(status=400, error="maximum context length is 64 tokens")
    with FakeEndpoint(lambda _request: refused) as fake, pytest.raises(EndpointFailed, match="longer context"):
        desk.ask(QUESTION, Endpoint(fake.base_url, None, "small", 10))


def test_broken_calls_change_nothing(desk: Desk) -> None:
    """Whatever stands in the place of a call, the answer is made of proved sentences alone."""
    rng = random.Random(7)
    good = json.dumps({"query": "budget", "when": "today"})
    for _ in range(30):
        written = "".join(rng.choice('{}[]",:\\ \u202e0a预') if rng.random() < 0.2 else char for char in good)
        replies = iter([Behaviour(calls=((rng.choice(["search", "usage", "rm", ""]), written),)), Behaviour(WANTED)])
        with FakeEndpoint(lambda _request, replies=replies: next(replies)) as fake:
            answer = desk.ask(QUESTION, Endpoint(fake.base_url, None, "small", 10))
        assert answer.answer == "Finance wants it by Friday. [1]"
