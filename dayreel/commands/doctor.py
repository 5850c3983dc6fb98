"""`dayreel doctor`: check every part, and say what to mend."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from dayreel.context import Context
from dayreel.doctor import examine

_SIGNS = {"ok": "ok     ", "warning": "warning", "broken": "BROKEN "}


def run(context: Context, options: argparse.Namespace) -> int:
    """Print the findings; 1 when anything is broken."""
    del options
    findings = []
    for finding in examine(context.home):
        findings.append(finding)
        if not context.as_json:
            mend = f"  -> {finding.mend}" if finding.mend else ""
            context.say(f"{_SIGNS[finding.state]}  {finding.check:9} {finding.detail}{mend}")
    if context.as_json:
        context.data([asdict(finding) for finding in findings])
    return 1 if any(finding.state == "broken" for finding in findings) else 0
