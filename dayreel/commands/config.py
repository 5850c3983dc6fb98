"""`dayreel config`: the settings in force and where each comes from."""

from __future__ import annotations

import argparse

from dayreel.context import Context
from dayreel.settings import explain_settings


def run(context: Context, options: argparse.Namespace) -> int:
    """Print every setting with its value, source and purpose."""
    del options
    rows = explain_settings(context.home.settings)
    if context.as_json:
        context.data(
            {
                "home": str(context.home.root),
                "file": str(context.home.settings),
                "settings": [
                    {"name": row.name, "value": row.value, "source": row.source, "help": row.help} for row in rows
                ],
            }
        )
        return 0
    context.say(f"home  {context.home.root}")
    context.say(f"file  {context.home.settings}")
    for row in rows:
        value = ", ".join(row.value) if isinstance(row.value, tuple) else row.value
        context.say(f"{row.name} = {value if value != '' else '(not set)'}  [{row.source}]  {row.help}")
    return 0
