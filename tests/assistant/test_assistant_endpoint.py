"""The endpoint against a real HTTP server that behaves well and badly."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from assistant.endpoint import Endpoint, Message, estimate_tokens
from tests.support.endpoint import Behaviour, FakeEndpoint, Request
from timeline.errors import EndpointFailed

MESSAGES = [Message("system", "Answer."), Message("user", "The secret screen text?")]
KEY = "sk-very-secret"


def asked(fake: FakeEndpoint, timeout_s: float = 5.0, total_s: float | None = None) -> Endpoint:
    return Endpoint(fake.base_url, KEY, "small", timeout_s, total_s)


def failure(behaviour: Behaviour, timeout_s: float = 5.0, total_s: float | None = None) -> str:
    """Return the sentence of the error that a behaviour leads to."""
    with FakeEndpoint(lambda _request: behaviour) as fake:
        endpoint = asked(fake, timeout_s, total_s)
        with pytest.raises(EndpointFailed) as raised:
            list(endpoint.ask(MESSAGES))
        sentence = str(raised.value)
        assert endpoint.host in sentence
    assert KEY not in sentence
    assert "secret screen text" not in sentence
    return sentence


def test_the_pieces_of_a_stream_make_the_whole_reply() -> None:
    """A reply comes in several pieces, and nothing of it is lost."""
    with FakeEndpoint(lambda _request: "A reply, 有中文的回答, in pieces.") as fake:
        pieces = list(asked(fake).ask(MESSAGES))
    assert len(pieces) > 1
    assert "".join(pieces) == "A reply, 有中文的回答, in pieces."


def test_the_request_names_model_key_and_messages() -> None:
    """The server gets the model, the key and the messages as they were given."""
    with FakeEndpoint(lambda _request: "x") as fake:
        list(asked(fake).ask(MESSAGES))
    assert fake.requests[0]["model"] == "small"
    assert fake.keys == [f"Bearer {KEY}"]
    assert fake.requests[0]["messages"][1] == {"role": "user", "content": "The secret screen text?"}


def test_tokens_are_those_the_server_counted() -> None:
    """The usage of the server is taken over."""
    with FakeEndpoint(lambda _request: Behaviour("Well.", usage=(321, 12))) as fake:
        reply = asked(fake).ask(MESSAGES)
        list(reply)
    assert (reply.prompt_tokens, reply.completion_tokens) == (321, 12)


def test_tokens_are_estimated_when_the_server_counts_none() -> None:
    """A server without usage leaves an estimate from the characters."""
    with FakeEndpoint(lambda _request: Behaviour("12345678", usage=None)) as fake:
        reply = asked(fake).ask(MESSAGES)
        list(reply)
    assert (reply.prompt_tokens, reply.completion_tokens) == (8, 2)


def test_a_chinese_character_counts_as_a_token() -> None:
    """Four Latin letters make a token, a Chinese character is one."""
    assert estimate_tokens("预算abcd") == 3


def test_a_server_that_knows_no_stream_options_is_asked_without() -> None:
    """A 400 leads to a second, plainer request."""

    def plain_only(request: Request) -> str | Behaviour:
        return Behaviour(status=400) if "stream_options" in request else "plain"

    with FakeEndpoint(plain_only) as fake:
        assert "".join(asked(fake).ask(MESSAGES)) == "plain"


@pytest.mark.parametrize("status", [429, 500])
def test_a_passing_failure_is_tried_again(status: int) -> None:
    """After one 429 or 500 the second try is answered."""
    answers: Iterator[str | Behaviour] = iter([Behaviour(status=status), "at last"])
    with FakeEndpoint(lambda _request: next(answers)) as fake:
        assert "".join(asked(fake).ask(MESSAGES)) == "at last"
    assert len(fake.requests) == 2


def test_retries_are_bounded() -> None:
    """A server that always says 429 is asked three times."""
    always = FakeEndpoint(lambda _request: Behaviour(status=429))
    with always as fake, pytest.raises(EndpointFailed, match="takes no more requests"):
        list(asked(fake).ask(MESSAGES))
    assert len(fake.requests) == 3


def test_a_refused_key_is_not_tried_again() -> None:
    """A 401 ends the matter at once."""
    always = FakeEndpoint(lambda _request: Behaviour(status=401))
    with always as fake, pytest.raises(EndpointFailed, match="refused the key"):
        list(asked(fake).ask(MESSAGES))
    assert len(fake.requests) == 1


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        (Behaviour(status=401), "refused the key (401)"),
        (Behaviour(status=404), "does not know the model 'small'"),
        (Behaviour(status=500), "failed (500)"),
        (Behaviour(status=400), "rejected the request (400)"),
        (Behaviour("half an ans", breaks=True), "broke off"),
        (Behaviour("some", garbage=True), "no answer"),
    ],
)
def test_each_failure_has_its_sentence(behaviour: Behaviour, said: str) -> None:
    """A failure is one sentence that names the host and neither key nor prompt."""
    assert said in failure(behaviour)


def test_a_server_that_hangs_is_given_up() -> None:
    """Silence before the first byte ends with the time limit."""
    assert "did not answer within 0.3 s" in failure(Behaviour(hangs=True), timeout_s=0.3)


def test_a_server_that_hangs_in_the_middle_is_given_up() -> None:
    """Silence after some text ends with the time limit."""
    assert "did not answer within 0.3 s" in failure(Behaviour("some text", hangs=True), timeout_s=0.3)


def test_a_server_that_drips_is_given_up() -> None:
    """Bytes without text do not count as an answer."""
    assert "did not answer within 0.3 s" in failure(Behaviour("some text", drips=True), timeout_s=0.3)


def test_a_reply_has_a_total_limit() -> None:
    """A reply that takes longer than the whole limit is given up, however patient each wait would be."""
    assert "did not answer within 0.3 s" in failure(Behaviour("some text", drips=True), timeout_s=30, total_s=0.3)


def test_a_refused_connection_is_said() -> None:
    """A server that does not run is named."""
    with FakeEndpoint(lambda _request: "x") as fake:
        endpoint = asked(fake)
    with pytest.raises(EndpointFailed, match=r"127\.0\.0\.1:\d+ cannot be reached"):
        list(endpoint.ask(MESSAGES))


def test_a_reply_that_is_left_early_ends_the_request() -> None:
    """Leaving the loop closes the connection while the server still has text."""
    with FakeEndpoint(lambda _request: Behaviour("text " * 2000, drips=True)) as fake:
        for _piece in asked(fake).ask(MESSAGES):
            break


def test_a_password_in_the_address_is_not_part_of_the_host() -> None:
    """What is shown as the endpoint holds no credentials."""
    assert Endpoint("http://user:pass@box:8080/v1", None, "m").host == "box:8080"


def test_an_address_that_is_none_is_said() -> None:
    """A wrong setting is a failure of the endpoint, not a traceback."""
    with pytest.raises(EndpointFailed):
        list(Endpoint("not an address", None, "m", 0.5).ask(MESSAGES))


def test_the_sdk_is_loaded_only_when_asked() -> None:
    """Making an endpoint costs no import of the SDK."""
    code = (
        "import sys, assistant.answer, assistant.endpoint as e;"
        "e.Endpoint('http://h/v1', None, 'm'); assert 'openai' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
