"""Tokens and CPU seconds of a question through the command line, with a scripted endpoint.

    python -m bench.asking HOME [QUESTION...] [--now ISO]

The seconds are of the whole process from its start to its end, the endpoint's not counted; the baseline is the same
question answered from the record alone (--no-llm).  Promised: the first token within 2.5 s, a week within 20,000
prompt tokens.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys

from tests.support.endpoint import Behaviour, FakeEndpoint

QUESTIONS = ("what did I do yesterday?", "summarise my week", "where did I see the budget?", "我今天做了什么")


def asked(home: str, question: str, rest: list[str], base_url: str) -> tuple[float, int, int]:
    """Return the CPU seconds of one process and the tokens it tells."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "dayreel", "--home", home, *rest, "--json", question]
    environment = os.environ | {"OPENAI_BASE_URL": base_url, "OPENAI_API_KEY": "none", "DAYREEL_MODEL": "scripted"}
    done = subprocess.run(command, capture_output=True, env=environment, check=False, timeout=120)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    tokens = json.loads(done.stdout)["tokens"]
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu_s, tokens["prompt"], tokens["completion"]


def main() -> None:
    """Print a line for each question."""
    parser = argparse.ArgumentParser()
    parser.add_argument("home")
    parser.add_argument("--now")
    parser.add_argument("questions", nargs="*", default=QUESTIONS)
    given = parser.parse_args()
    rest = [*(("--now", given.now) if given.now else ()), "ask"]
    with FakeEndpoint(lambda _request: Behaviour("NO ANSWER", usage=None)) as fake:
        print(f"{'CPU s':>6} {'alone':>6} {'prompt':>7} {'reply':>6}  question")
        for question in given.questions:
            cpu_s, prompt, reply = asked(given.home, question, rest, fake.base_url)
            alone_s = asked(given.home, question, [*rest, "--no-llm"], fake.base_url)[0]
            print(f"{cpu_s:6.2f} {alone_s:6.2f} {prompt:7} {reply:6}  {question}")


if __name__ == "__main__":
    main()
