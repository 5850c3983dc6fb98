"""Asking: the assistant over a store, with the endpoints that the settings name, or without any.

Owns the order in which endpoints are asked, and when the record alone answers: on request, when no endpoint is named or
may be asked, and when all fail or nothing of a reply can be proved.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence

from assistant.answer import Answer, Assistant
from assistant.endpoint import Endpoint
from assistant.local_servers import local_endpoints
from assistant.question import Question
from dayreel.agreed_hosts import AgreedHosts
from dayreel.settings import AssistantSettings
from dayreel.store import Store
from timeline.clock import Clock
from timeline.errors import EndpointFailed, SettingsWrong
from timeline.home import Home

DEFAULT_BASE_URL = "https://api.openai.com/v1"  # what the SDK takes when only a key is given
_FORM = 'must be "ADDRESS MODEL", with the name of the environment variable that holds its key behind it if it has one'

NOT_AGREED = (
    "Nobody has agreed that text of the screen goes to {host}: it is not asked."
    " `dayreel ask` in a terminal asks whether it may, `dayreel ask --yes` agrees."
)

log = logging.getLogger(__name__)


def endpoints_of(settings: AssistantSettings, model: str | None = None) -> list[Endpoint]:
    """Return the endpoints of the settings in the order in which they are asked; a named model is the first's.

    Where none is named and the settings allow it, a server on this machine is looked for.  Raises SettingsWrong for an
    entry of `assistant.endpoints` that cannot be understood.
    """
    found = []
    name = model or settings.model
    if name and (settings.base_url or settings.api_key):
        found.append(Endpoint(settings.base_url or DEFAULT_BASE_URL, settings.api_key, name, settings.timeout_s))
    found += [_endpoint(entry, settings.timeout_s) for entry in settings.endpoints]
    if not found and settings.find_local == "on":
        found = local_endpoints(settings.timeout_s, name or None)
    return found


def _endpoint(entry: str, timeout_s: float) -> Endpoint:
    """Return the endpoint of an entry "ADDRESS MODEL [VARIABLE]"; the key never stands in the settings."""
    parts = entry.split()
    if len(parts) not in (2, 3) or not parts[0].startswith(("http://", "https://")):
        raise SettingsWrong(f"assistant.endpoints: {parts[0] if parts else entry!r} {_FORM}.")
    key = os.environ.get(parts[2]) if len(parts) == 3 else None
    return Endpoint(parts[0], key, parts[1], timeout_s)


def why_no_endpoint(settings: AssistantSettings) -> str:
    """Return the sentence that says what is missing for a model to word the answers."""
    if settings.base_url or settings.api_key:
        return "No model is named (DAYREEL_MODEL): the record alone answers."
    return "No endpoint is named (OPENAI_BASE_URL, OPENAI_API_KEY, DAYREEL_MODEL): the record alone answers."


def that_may_be_asked(
    home: Home,
    endpoints: Sequence[Endpoint],
    talk: Callable[[str], None],
    agrees: Callable[[Endpoint], bool] = lambda _: False,
) -> list[Endpoint]:
    """Return the endpoints that may be sent text of the screen: on this machine, or agreed to before or now.

    `agrees` asks a person, once for each host; what stays unasked is said to `talk`.
    """
    hosts, allowed = AgreedHosts(home), []
    for endpoint in endpoints:
        if not hosts.may_have(endpoint):
            if not agrees(endpoint):
                talk(NOT_AGREED.format(host=endpoint.host))
                continue
            hosts.agree(endpoint)
        allowed.append(endpoint)
    return allowed


def ask(
    store: Store,
    clock: Clock,
    endpoints: Sequence[Endpoint],
    question: str,
    talk: Callable[[str], None],
    on_text: Callable[[str], None] | None = None,
    previous: Question | None = None,
) -> Answer:
    """Return the answer to a question, which may follow a previous one.

    An endpoint that fails, or of whose reply nothing could be proved, is said to `talk`, and the next is asked; after
    the last the record alone answers.
    """
    for place, endpoint in enumerate(endpoints, start=1):
        next_one = f"{endpoints[place].host} is asked." if place < len(endpoints) else "The record alone answers."
        try:
            answer = Assistant(store.reader, store.searcher, clock, endpoint).ask(question, on_text, previous)
            if not answer.unproved:
                return answer
            talk(f"Nothing of the model's reply could be proved. {next_one}")
        except EndpointFailed as error:
            log.info("%s", error)  # it names the host and what happened, no text of the screen
            talk(f"{error} {next_one}")
    return Assistant(store.reader, store.searcher, clock, None).ask(question, on_text, previous)
