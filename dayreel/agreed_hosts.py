"""Which hosts, other than this machine, may be sent text of the screen: those that somebody has agreed to.

Owns the file `hosts.agreed` of a home, a host a line.  This machine needs no agreement.  Asked by `dayreel.answering`
before a question goes out, written by `dayreel ask`.
"""

from __future__ import annotations

import ipaddress

from assistant.endpoint import Endpoint
from timeline.home import Home, write_private

AGREED = "hosts.agreed"


def is_local(endpoint: Endpoint) -> bool:
    """Tell whether an endpoint runs on this machine: its address is the loopback."""
    name = endpoint.hostname
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


class AgreedHosts:
    """The hosts of one home."""

    def __init__(self, home: Home) -> None:
        self._path = home.root / AGREED

    def may_have(self, endpoint: Endpoint) -> bool:
        """Tell whether an endpoint may be sent text of the screen."""
        return is_local(endpoint) or endpoint.host in self._known()

    def agree(self, endpoint: Endpoint) -> None:
        """Note that somebody has agreed to an endpoint's host, for good."""
        hosts = dict.fromkeys([*self._known(), endpoint.host])
        write_private(self._path, "".join(f"{host}\n" for host in hosts).encode())

    def _known(self) -> list[str]:
        try:
            return self._path.read_text("utf-8").split()
        except FileNotFoundError:
            return []
