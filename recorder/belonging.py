"""Which windows belong to an excluded one: its menus, tooltips, dialogs and pop-ups.

Pure.  Two kinds of exclusion reach differently far.  An excluded *application* takes with it all that its process or
its connection shows without a name of its own.  An excluded *window* (one of a browser's, by title or address) takes
its dialogs, and those pop-ups of its process that do not say that they are another window's; the other windows of the
browser are kept.  Called by recorder.privacy.
"""

from __future__ import annotations

from collections.abc import Iterable, Set

from recorder.desktop import Desktop, ScreenWindow
from timeline.model import Box


def with_relatives(
    desktop: Desktop, applications: Set[int], windows: Set[int], pids: Set[int] = frozenset()
) -> frozenset[int]:
    """Return the ids of excluded windows with all that belongs to them.

    `applications`: windows whose whole application is excluded; `windows`: those excluded by themselves; `pids`:
    processes of excluded applications whose windows may all be closed or minimised now.
    """
    shown = [seen for seen in desktop if seen.id in applications]
    single = [seen for seen in desktop if seen.id in windows and seen.id not in applications]
    hidden = applications | windows
    whole = {seen.id for seen in desktop if _is_part(seen) and (seen.pid in pids or _related(seen, shown))}
    popups = {seen.id for seen in desktop if _may_be_of(seen, desktop, hidden) and _related(seen, single)}
    nameless = {seen.id for seen in desktop if _is_nameless(seen) and _touches(seen, (*shown, *single))}
    return _with_dialogs(desktop, hidden | whole | popups | nameless)


def _with_dialogs(desktop: Desktop, hidden: Set[int]) -> frozenset[int]:
    """Add what is a dialog or menu of a hidden window, and what is one of that."""
    found = frozenset(hidden)
    while True:
        more = found | {seen.id for seen in desktop if seen.dialog_of in found}
        if more == found:
            return found
        found = more


def _is_part(seen: ScreenWindow) -> bool:
    """Tell whether a window is no application of its own: programs like office suites show several from one process."""
    return seen.popup or seen.dialog_of is not None or seen.window.app is None


def _may_be_of(seen: ScreenWindow, desktop: Desktop, hidden: Set[int]) -> bool:
    """Tell whether a window may be a pop-up of a hidden one of its process: it does not say that it is another's."""
    of_another = {one.id for one in desktop} - hidden
    return (seen.popup or seen.dialog_of == 0) and seen.dialog_of not in of_another


def _related(seen: ScreenWindow, others: Iterable[ScreenWindow]) -> bool:
    return any(seen.owners & other.owners or (seen.pid is not None and seen.pid == other.pid) for other in others)


def _is_nameless(seen: ScreenWindow) -> bool:
    """Tell whether a pop-up says nothing of itself: it may be of a helper of the excluded application."""
    return seen.popup and seen.window.app is None and seen.dialog_of is None


def _touches(seen: ScreenWindow, others: Iterable[ScreenWindow]) -> bool:
    return any(seen.box is None or other.box is None or _near(seen.box, other.box) for other in others)


def _near(popup: Box, window: Box) -> bool:
    """Tell whether a pop-up touches a window; one that reaches beyond it on all sides is a compositor's sheet."""
    beyond = popup.x0 < window.x0 and popup.y0 < window.y0 and popup.x1 > window.x1 and popup.y1 > window.y1
    apart = popup.x0 > window.x1 or window.x0 > popup.x1 or popup.y0 > window.y1 or window.y0 > popup.y1
    return not beyond and not apart
