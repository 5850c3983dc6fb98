"""Servers of language models on this machine, found on the ports they usually listen on.

Asks each for its models and nothing else; no text of the screen goes out here.  Called where the settings allow it
(`assistant.find_local`) and name no endpoint.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterable

from assistant.endpoint import Endpoint

PORTS = {11434: "Ollama", 1234: "LM Studio", 8080: "llama.cpp", 8000: "vLLM"}
WAIT_S = 0.5  # a server of this machine tells its models at once
_MOST_BYTES = 1_000_000


def local_endpoints(timeout_s: float, model: str | None = None, ports: Iterable[int] = PORTS) -> list[Endpoint]:
    """Return an endpoint for each server that answers, with a named model or else the first one that it tells."""
    found = []
    for port in ports:
        address = f"http://127.0.0.1:{port}/v1"
        models = _models(address)
        if models and (model is None or model in models):
            found.append(Endpoint(address, None, model or models[0], timeout_s))
    return found


def _models(address: str) -> list[str]:
    """Return the models that a server tells; none where there is no such server."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy must not hear of it
    try:
        with direct.open(f"{address}/models", timeout=WAIT_S) as reply:
            told = json.loads(reply.read(_MOST_BYTES))
        return [str(one["id"]) for one in told["data"]]
    except (urllib.error.URLError, OSError, ValueError, KeyError, TypeError):
        return []
