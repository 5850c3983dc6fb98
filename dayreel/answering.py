"""Asking: the assistant over a store, with the endpoint that the settings name, or without one.

Owns when the record alone answers: on request, when no endpoint is named, and when the endpoint fails
or nothing of its reply can be proved.
"""

from __future__ import annotations

from collections.abc import Callable

from assistant.answer import Answer, Assistant
from assistant.endpoint import Endpoint
from dayreel.settings import AssistantSettings
from dayreel.store import Store
from timeline.clock import Clock
from timeline.errors import EndpointFailed

DEFAULT_BASE_URL = "https://api.openai.com/v1"  # what the SDK takes when only a key is given


def endpoint_of(settings: AssistantSettings, model: str | None = None) -> Endpoint | None:
    """Return the endpoint of the settings; None when none, or no model, is named."""
    name = model or settings.model
    if not name or not (settings.base_url or settings.api_key):
        return None
    return Endpoint(settings.base_url or DEFAULT_BASE_URL, settings.api_key, name, settings.timeout_s)


def why_no_endpoint(settings: AssistantSettings) -> str:
    """Return the sentence that says what is missing for a model to word the answers."""
    if settings.base_url or settings.api_key:
        return "No model is named (DAYREEL_MODEL): the record alone answers."
    return "No endpoint is named (OPENAI_BASE_URL, OPENAI_API_KEY, DAYREEL_MODEL): the record alone answers."


def ask(
    store: Store,
    clock: Clock,
    endpoint: Endpoint | None,
    question: str,
    talk: Callable[[str], None],
    on_text: Callable[[str], None] | None = None,
) -> Answer:
    """Return the answer to a question.

    An endpoint that fails, or of whose reply nothing could be proved, is said to `talk`, and the record alone answers.
    """
    if endpoint is not None:
        try:
            answer = Assistant(store.reader, store.searcher, clock, endpoint).ask(question, on_text)
            if not answer.unproved:
                return answer
            talk("Nothing of the model's reply could be proved. The record alone answers.")
        except EndpointFailed as error:
            talk(f"{error} The record alone answers.")
    return Assistant(store.reader, store.searcher, clock, None).ask(question, on_text)
