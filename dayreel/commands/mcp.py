"""`dayreel mcp`: the memory as read-only tools for a desktop agent, on standard input and output."""

from __future__ import annotations

import argparse

from dayreel.context import Context
from timeline.errors import PartMissing


def run(context: Context, options: argparse.Namespace) -> int:
    """Answer until the agent closes standard input.  Raises PartMissing when the SDK is not installed."""
    del options
    try:
        from dayreel.mcp_server import serve
    except ImportError as error:
        raise PartMissing("The server for agents needs the package mcp: run `pip install 'dayreel[mcp]'`.") from error
    serve(context)
    return 0
