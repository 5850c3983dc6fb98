"""Which windows belong to an excluded one, and which do not."""

from __future__ import annotations

from dataclasses import replace

from recorder.belonging import with_relatives
from recorder.desktop import ScreenWindow
from tests.support.painted_desktop import window
from timeline.model import Box, Window

VAULT = replace(window(1, "KeePassXC", "vault", Box(0, 0, 100, 100)), owners=frozenset({10}), pid=100)
BANK = replace(window(2, "Firefox", "bank", Box(0, 0, 100, 100)), owners=frozenset({20}), pid=200)
NEWS = replace(window(3, "Firefox", "news", Box(200, 0, 300, 100)), owners=frozenset({20}), pid=200)
EDITOR = replace(window(4, "Editor", "notes"), owners=frozenset({40}), pid=400)


FAR = Box(500, 500, 600, 600)


def popup(number: int, owner: int, box: Box = FAR, **about: object) -> ScreenWindow:
    """A menu or tooltip of a connection, far from every window unless said."""
    plain = ScreenWindow(number, Window(), box, popup=True, owners=frozenset({owner}))
    return replace(plain, **about)  # type: ignore[arg-type]  # fields of ScreenWindow


def test_a_menu_without_any_property_belongs_to_the_application_whose_connection_made_it() -> None:
    """The display knows who made a window, whatever the window says."""
    desktop = (VAULT, EDITOR, popup(9, 10), popup(8, 40))
    assert with_relatives(desktop, {1}, set()) == {1, 9}


def test_a_menu_on_another_connection_of_the_same_process_belongs_to_it() -> None:
    """Some programs open a connection for each kind of window."""
    desktop = (VAULT, popup(9, 11, pid=100))
    assert with_relatives(desktop, {1}, set()) == {1, 9}


def test_a_dialog_of_another_process_belongs_to_the_window_it_names() -> None:
    """A file dialog of the desktop's portal is such a one; and so is what belongs to the dialog."""
    dialog = replace(window(7, "Portal", "Open"), owners=frozenset({70}), pid=700, dialog_of=1)
    question = replace(window(6, "Portal", "Overwrite?"), owners=frozenset({70}), pid=700, dialog_of=7)
    assert with_relatives((VAULT, dialog, question), {1}, set()) == {1, 7, 6}


def test_a_dialog_whose_leader_is_the_application_belongs_to_it() -> None:
    """By the leader's connection, though it names no window."""
    dialog = replace(window(7, "Helper", "Unlock"), owners=frozenset({70, 10}), dialog_of=0)
    assert with_relatives((VAULT, dialog), {1}, set()) == {1, 7}


def test_another_application_of_the_same_process_is_its_own() -> None:
    """An office suite shows text and tables from one process; only one of them was excluded."""
    other = replace(window(5, "Writer", "letter"), owners=frozenset({10}), pid=100)
    assert with_relatives((VAULT, other), {1}, set()) == {1}


def test_one_excluded_window_of_a_browser_leaves_the_others() -> None:
    """Its pop-ups are hidden, those that say they are another window's are not."""
    own, others = popup(9, 20, dialog_of=2), popup(8, 20, dialog_of=3)
    assert with_relatives((BANK, NEWS, own, others), set(), {2}) == {2, 9}


def test_a_pop_up_that_does_not_say_whose_it_is_is_hidden() -> None:
    """It may be the excluded window's."""
    assert with_relatives((BANK, NEWS, popup(9, 20)), set(), {2}) == {2, 9}


def test_pop_ups_are_kept_when_the_excluded_window_is_not_on_the_screen() -> None:
    """A minimised window opens no menu."""
    assert with_relatives((NEWS, popup(9, 20)), set(), set()) == frozenset()


def test_the_menu_of_a_tray_icon_belongs_to_an_application_without_windows() -> None:
    """Its process is remembered from when it had one."""
    assert with_relatives((EDITOR, popup(9, 12, pid=100)), set(), set(), {100}) == {9}


def test_a_nameless_pop_up_that_touches_an_excluded_window_is_hidden() -> None:
    """It may be of a helper; far away it is anybody's."""
    near, far = popup(9, 90, Box(90, 90, 150, 150)), popup(8, 90)
    assert with_relatives((VAULT, near, far), {1}, set()) == {1, 9}


def test_a_sheet_over_the_whole_screen_belongs_to_nobody() -> None:
    """Compositors paint on such a one; hiding it would hide everything."""
    vault = replace(VAULT, box=Box(50, 50, 100, 100))
    assert with_relatives((vault, popup(9, 90, Box(0, 0, 1280, 800))), {1}, set()) == {1}
