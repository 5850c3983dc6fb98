"""When the record alone answers, though an endpoint is named."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from assistant.endpoint import Endpoint
from dayreel.answering import ask, endpoint_of, why_no_endpoint
from dayreel.settings import AssistantSettings, Settings
from dayreel.store import Store
from tests.support.endpoint import Behaviour, FakeEndpoint
from tests.support.stores import NOON_US, SECOND_US, StoreUnderTest
from timeline.clock import FixedClock
from timeline.model import Window

QUESTION = "when is the churn report due?"


@pytest.fixture
def memory(store: StoreUnderTest) -> Iterator[Store]:
    """A searchable noon with one fact in it."""
    store.frame(0, ["The churn report is due on Friday the 27th"], Window("Chromium", "Reports"))
    command = [sys.executable, "-m", "dayreel", "--home", str(store.home.root), "work", "--until-idle"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    with Store.open(store.home, Settings()) as memory:
        yield memory


def _ask(memory: Store, behaviour: Behaviour) -> tuple[str, list[str], str | None]:
    talk: list[str] = []
    with FakeEndpoint(lambda _request: behaviour) as server:
        endpoint = Endpoint(server.base_url, "sk-test", "small", 5.0)
        answer = ask(memory, FixedClock(NOON_US + 60 * SECOND_US), endpoint, QUESTION, talk.append)
    return answer.citations[0].quote if answer.citations else "", talk, answer.model


def test_a_proved_reply_is_the_models(memory: Store) -> None:
    """Its quote stands in the passage it cites."""
    reply = 'It is due on Friday [E1 "due on Friday the 27th"].'
    assert _ask(memory, Behaviour(reply)) == ("due on Friday the 27th", [], "small")


def test_a_reply_without_proof_is_replaced_by_the_record(memory: Store) -> None:
    """A model that misses the form is no worse than none, and the user is told."""
    quote, talk, model = _ask(memory, Behaviour("It is due some day soon."))
    assert "due on Friday" in quote
    assert talk == ["Nothing of the model's reply could be proved. The record alone answers."]
    assert model is None


def test_a_failing_endpoint_is_replaced_by_the_record(memory: Store) -> None:
    """The sentence names the host, and the record answers."""
    quote, talk, model = _ask(memory, Behaviour(status=401))
    assert "due on Friday" in quote
    assert len(talk) == 1
    assert "127.0.0.1" in talk[0]
    assert model is None


def test_an_endpoint_needs_a_model() -> None:
    """A key alone is not enough, and what is missing is said."""
    settings = AssistantSettings(api_key="sk-test")
    assert endpoint_of(settings) is None
    assert "DAYREEL_MODEL" in why_no_endpoint(settings)
