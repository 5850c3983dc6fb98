"""How many of 500 corrupted replies of a model show something unproved, through a real server: must be none.

    python -m bench.corrupted_replies [N]

Baseline: the same reply uncorrupted, which is shown whole.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from datetime import UTC
from pathlib import Path

from assistant.answer import Answer, Assistant
from assistant.endpoint import Endpoint
from index.indexer import Indexer
from index.search import Searcher
from tests.assistant.conftest import AFTERNOON, EVENING_US
from tests.assistant.test_assistant_fuzz import CORRUPTIONS
from tests.support.endpoint import Behaviour, FakeEndpoint
from tests.support.stores import StoreUnderTest
from timeline.clock import FixedClock

REPLIES = int(sys.argv[1]) if len(sys.argv) > 1 else 500
QUESTION = "what does finance want by Friday?"
GOOD = (
    'Finance wants the churn report by Friday [E1 "quarterly churn report by Friday"].\n'
    '其预算为 41,900 EUR [E1 "budget 41,900 EUR"]。'
)
ENDLESS = "and then the invoice was paid " * 800
OTHER = "Финансовый отдел хочет отчёт к пятнице. 財務部門は報告書を求めています。"


def corrupted(seed: int) -> Behaviour:
    """Return one corrupted reply: text of all kinds, and sometimes a broken call of a tool before it."""
    rng = random.Random(seed)
    text = GOOD
    for corrupt in rng.choices(CORRUPTIONS, k=rng.randint(1, 3)):
        text = corrupt(rng, text) or GOOD
    text = rng.choice([text, text, text, text + ENDLESS, OTHER + text, '{"answer": "' + text])
    text = text.encode("utf-8", "replace").decode()
    calls = ((rng.choice(["search", "rm", ""]), rng.choice(['{"query": ', '{"query": "budget"}', "[]", text[:80]])),)
    return Behaviour(text, calls=calls if rng.random() < 0.3 else (), garbage=rng.random() < 0.05)


def unproved(answer: Answer, texts: str) -> bool:
    """Tell whether something is shown that the record does not bear out."""
    quotes = all(each.quote in texts for each in answer.citations)
    return not quotes or "evil.example" in answer.answer or "invoice was paid" in answer.answer


def main() -> int:
    """Print the counts; 1 when anything unproved was shown or anything but an endpoint's failure was raised."""
    from timeline.errors import EndpointFailed

    texts = "\n".join("\n".join(lines) for _, _, _, lines in AFTERNOON)
    shown, wrong, failed, began_s = 0, 0, 0, time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        store = StoreUnderTest.make(Path(folder) / "home")
        for start_s, end_s, window, lines in AFTERNOON:
            store.frame(start_s, lines, window, end_s=end_s)
        indexer = Indexer.open(store.home, store.key, None)
        indexer.catch_up(store.reader)
        indexer.close()
        queue = [Behaviour(GOOD)]
        with (
            Searcher.open(store.home, store.key, None) as searcher,
            FakeEndpoint(lambda _: queue.pop(0) if queue else Behaviour("NO ANSWER")) as fake,
        ):
            endpoint = Endpoint(fake.base_url, None, "small", 20)
            assistant = Assistant(store.reader, searcher, FixedClock(EVENING_US), endpoint, UTC)
            print(f"uncorrupted: {len(assistant.ask(QUESTION).citations)} citations (of 2)")
            for seed in range(REPLIES):
                queue[:] = [corrupted(seed)]
                try:
                    answer = assistant.ask(QUESTION)
                except EndpointFailed:
                    failed += 1
                    continue
                shown += bool(answer.citations)
                wrong += unproved(answer, texts)
        store.close()
    print(f"{REPLIES} corrupted replies: {wrong} with anything unproved, {shown} partly proved, {failed} broken off")
    print(f"{time.process_time() - began_s:.1f} s of CPU, the server's included")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
