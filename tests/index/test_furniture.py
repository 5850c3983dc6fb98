"""What stands on every page comes after what stands on one, and is found all the same."""

from __future__ import annotations

from index.furniture import LEAST_WINDOWS
from tests.index.conftest import SearchedStore
from timeline.model import Window

MENU = "Home Billing Deployments Incidents Settings"
PAGE = "The incidents of March were caused by a full disk on the billing host, see the report on deployments."


def show_everywhere(searched: SearchedStore, pages: int) -> None:
    """Show a menu beside so many pages."""
    for number in range(pages):
        searched.show(MENU, window=Window("Chromium", f"page {number}"))


def test_a_page_comes_before_the_menu_of_all_pages(searched: SearchedStore) -> None:
    """The words of both are the same; the menu is shorter, which full text would prefer."""
    searched.show(PAGE, window=Window("Chromium", "Incidents in March"))
    show_everywhere(searched, 2 * LEAST_WINDOWS)
    assert searched.texts("incidents billing deployments")[0] == PAGE


def test_furniture_is_still_found(searched: SearchedStore) -> None:
    """A word that stands in the menu only finds the menu, once."""
    searched.show(PAGE, window=Window("Chromium", "Incidents in March"))
    show_everywhere(searched, 2 * LEAST_WINDOWS)
    assert searched.texts("settings") == [MENU]


def test_a_page_seen_often_is_no_furniture(searched: SearchedStore) -> None:
    """The same page in the same window, however often it comes back."""
    for _ in range(2 * LEAST_WINDOWS):
        searched.show(MENU, window=Window("Chromium", "The menu"))
        searched.show("something else between", window=Window("Chromium", "Other"))
    searched.show(PAGE, window=Window("Chromium", "Incidents in March"))
    assert searched.texts("incidents billing deployments")[0] == MENU
