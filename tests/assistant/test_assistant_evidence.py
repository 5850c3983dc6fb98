"""What speaks for a stretch of time: what was worked in, not the menu around it."""

from __future__ import annotations

from assistant.evidence import gather
from assistant.question import Question
from index.furniture import LEAST_WINDOWS
from index.search import Searcher
from tests.support.stores import NOON_US, SECOND_US, StoreUnderTest, line
from timeline.model import Interval, Window

MENU = "Home Billing Deployments Incidents Settings Reports Members Groups Invoices Projects Archive Help Sign out"
PAGE = "The outage of March was a full disk."


def test_a_menu_speaks_for_no_page(store: StoreUnderTest) -> None:
    """It is longer than what the page says, and stands beside every page."""
    for number in range(LEAST_WINDOWS):
        page = PAGE if number == LEAST_WINDOWS - 1 else f"Page {number} is about something."
        shown = store.new_frame(60 * number, Window("Chromium", f"page {number}"))
        frame_id = store.writer.add_frame(shown, NOON_US + 60 * (number + 1) * SECOND_US)
        store.read(frame_id, [line(MENU), line(page, row=20)])
    store.index_text()
    last = Interval(NOON_US + 60 * (LEAST_WINDOWS - 1) * SECOND_US, NOON_US + 60 * LEAST_WINDOWS * SECOND_US)
    with Searcher.open(store.home, store.key, None) as searcher:
        [evidence] = gather(Question("What did I do?", "en", "did", None, last, ()), store.reader, searcher)
    assert evidence.text == PAGE
