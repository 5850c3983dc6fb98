"""When the record alone answers, though an endpoint is named."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from assistant.endpoint import Endpoint
from assistant.local_servers import local_endpoints
from dayreel.agreed_hosts import AgreedHosts, is_local
from dayreel.answering import ask, endpoints_of, that_may_be_asked, why_no_endpoint
from dayreel.settings import AssistantSettings, Settings
from dayreel.store import Store
from tests.support.endpoint import MODEL, Behaviour, FakeEndpoint
from tests.support.stores import NOON_US, SECOND_US, StoreUnderTest
from timeline.clock import FixedClock
from timeline.errors import SettingsWrong
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
        answer = ask(memory, FixedClock(NOON_US + 60 * SECOND_US), [endpoint], QUESTION, talk.append)
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
    assert endpoints_of(settings) == []
    assert "DAYREEL_MODEL" in why_no_endpoint(settings)


def test_the_next_endpoint_is_asked_when_one_fails(memory: Store) -> None:
    """What went wrong is told, with the host that is asked instead."""
    talk: list[str] = []
    good = Behaviour('It is due on Friday [E1 "due on Friday the 27th"].')
    with FakeEndpoint(lambda _: Behaviour(status=401)) as first, FakeEndpoint(lambda _: good) as second:
        endpoints = [Endpoint(one.base_url, None, name, 5.0) for one, name in ((first, "a"), (second, "b"))]
        answer = ask(memory, FixedClock(NOON_US + 60 * SECOND_US), endpoints, QUESTION, talk.append)
    assert (answer.model, answer.citations[0].quote) == ("b", "due on Friday the 27th")
    assert len(talk) == 1
    assert talk[0].endswith(f"{endpoints[1].host} is asked.")


def test_endpoints_are_read_from_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first by its own settings, others from the list, each with the key that its variable holds."""
    monkeypatch.setenv("OTHER_KEY", "sk-other")
    settings = AssistantSettings(
        base_url="http://127.0.0.1:1/v1", model="small", endpoints=("https://a.example/v1 big OTHER_KEY",)
    )
    with FakeEndpoint(lambda _: "NO ANSWER"):
        found = endpoints_of(settings, "named")
    assert [(one.host, one.model) for one in found] == [("127.0.0.1:1", "named"), ("a.example", "big")]
    assert [one.client().api_key for one in found] == ["none", "sk-other"]


@pytest.mark.parametrize("entry", ["", "gpt", "http://a.example/v1", "a.example/v1 model", "http://a/v1 b c d"])
def test_an_endpoint_that_is_none_is_refused(entry: str) -> None:
    """The sentence says what it must look like."""
    with pytest.raises(SettingsWrong, match='must be "ADDRESS MODEL"'):
        endpoints_of(AssistantSettings(endpoints=(entry,)))


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("http://127.0.0.1:8080/v1", True),
        ("http://localhost/v1", True),
        ("http://[::1]:11434/v1", True),
        ("http://192.168.1.5:8080/v1", False),
        ("https://api.openai.com/v1", False),
        ("https://localhost.example/v1", False),
        ("https://127.0.0.1.example/v1", False),
        ("http://localhost@evil.example/v1", False),
    ],
)
def test_only_this_machine_is_local(address: str, local: bool) -> None:
    """Whatever else a name may pretend."""
    assert is_local(Endpoint(address, None, "m")) is local


def test_a_host_is_asked_for_once(store: StoreUnderTest) -> None:
    """Agreed to, it stays so; refused, it is told how to agree."""
    endpoint, talk, asked = Endpoint("https://api.example/v1", None, "m"), list[str](), list[str]()

    def agrees(one: Endpoint) -> bool:
        asked.append(one.host)
        return len(asked) > 1

    assert that_may_be_asked(store.home, [endpoint], talk.append, agrees) == []
    assert "api.example" in talk[0]
    assert that_may_be_asked(store.home, [endpoint], talk.append, agrees) == [endpoint]
    assert that_may_be_asked(store.home, [endpoint], talk.append, agrees) == [endpoint]
    assert (len(asked), len(talk)) == (2, 1)
    assert AgreedHosts(store.home).may_have(endpoint)
    assert not AgreedHosts(store.home).may_have(Endpoint("https://api.example:444/v1", None, "m"))


def test_without_a_terminal_a_foreign_host_is_not_asked(memory: Store, store: StoreUnderTest) -> None:
    """The record alone answers, and nothing went out: the name resolves nowhere and nobody tried."""
    command = [sys.executable, "-m", "dayreel", "--home", str(store.home.root), "ask", QUESTION]
    environment = os.environ | {"OPENAI_BASE_URL": "http://nowhere.invalid/v1", "DAYREEL_MODEL": "m"}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, env=environment, check=False, stdin=subprocess.DEVNULL
    )
    assert "due on Friday" in done.stdout
    assert "Nobody has agreed that text of the screen goes to nowhere.invalid" in done.stderr
    assert "cannot be reached" not in done.stderr
    assert not (store.home.root / "hosts.agreed").exists()


def test_a_server_on_this_machine_is_found() -> None:
    """It is asked for its models, and the first is taken; what answers nothing of the kind is none."""
    with FakeEndpoint(lambda _: "NO ANSWER") as server:
        [found] = local_endpoints(5.0, ports=[server.bound_port, 1])
        assert (found.model, found.host) == (MODEL, f"127.0.0.1:{server.bound_port}")
        assert local_endpoints(5.0, "another", [server.bound_port]) == []
    assert server.requests == []
