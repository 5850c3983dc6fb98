"""The keys of the main screen, and the screen that shows a binding in the language in use.

Bindings are made at import, in English; what is shown of them is translated when it is shown.
"""

from __future__ import annotations

from dataclasses import replace

from textual.binding import ActiveBinding, Binding, BindingType
from textual.screen import Screen

from tui import wording

_ROOMY = 110  # columns, from which the footer has room for all
_WITH_ROOM = ("play", "today", "calendar", "app.record")
_STEPS = Binding.Group(wording.FRAME, compact=True)

KEYS: list[BindingType] = [
    Binding("left", "step(-1)", wording.FRAME_BACK, group=_STEPS),
    Binding("right", "step(1)", wording.FRAME_FORWARD, group=_STEPS),
    Binding("shift+left", "moment(-1)", show=False),
    Binding("shift+right", "moment(1)", show=False),
    Binding("m", "move(-60)", show=False),
    Binding("M", "move(60)", show=False),
    Binding("h", "move(-3600)", show=False),
    Binding("H", "move(3600)", show=False),
    Binding("d", "same_time(-1)", show=False),
    Binding("D", "same_time(1)", show=False),
    Binding("home", "edge(-1)", show=False),
    Binding("end", "edge(1)", show=False),
    Binding("left_square_bracket", "day(-1)", show=False),
    Binding("right_square_bracket", "day(1)", show=False),
    Binding("slash", "search", wording.SEARCH),
    Binding("a", "ask", wording.ASK),
    Binding("s", "digest", wording.DAY),
    Binding("g", "go_to", wording.GO_TO),
    Binding("p", "picture", wording.PICTURE),
    Binding("question_mark", "help", wording.HELP),
    Binding("q", "app.quit", wording.QUIT),
    Binding("space", "play", wording.PLAY),
    Binding("t", "today", wording.TODAY),
    Binding("c", "calendar", wording.CALENDAR),
    Binding("r", "app.record", wording.RECORD),
    Binding("less_than_sign", "speed(-1)", show=False),
    Binding("greater_than_sign", "speed(1)", show=False),
    Binding("plus,equals_sign", "zoom_band(-1)", wording.ZOOM_IN, show=False),
    Binding("minus", "zoom_band(1)", wording.ZOOM_OUT, show=False),
    Binding("n", "hit(1)", show=False),
    Binding("N", "hit(-1)", show=False),
    Binding("z", "zoom(1)", show=False),
    Binding("Z", "zoom(-1)", show=False),
    Binding("ctrl+left", "pan(-0.25, 0)", show=False),
    Binding("ctrl+right", "pan(0.25, 0)", show=False),
    Binding("ctrl+up", "pan(0, -0.25)", show=False),
    Binding("ctrl+down", "pan(0, 0.25)", show=False),
    Binding("v", "monitor", show=False),
    Binding("V", "all_monitors", show=False),
    Binding("o", "open", wording.OPEN, show=False),
    Binding("e", "export", wording.EXPORT, show=False),
    Binding("y", "copy", wording.COPY, show=False),
    Binding("Y", "copy(True)", show=False),
    Binding("x", "compare", wording.DIFFERENCE, show=False),
    Binding("w", "seen", wording.SEEN, show=False),
    Binding("P", "app.pause", wording.PAUSE, show=False),
    Binding("f", "forget", wording.FORGET, show=False),
    Binding("comma", "app.settings", wording.SETTINGS, show=False),
    Binding("pageup", "scroll_text(-1)", show=False),
    Binding("pagedown", "scroll_text(1)", show=False),
    Binding("escape", "clear_marks", show=False),
]


class WordedScreen(Screen[None]):
    """A screen whose bindings are shown in the language in use."""

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """Return the bindings in force, their words in the language in use."""
        roomy = self.size.width >= _ROOMY
        return {
            key: _worded(active, shown=roomy or active.binding.action not in _WITH_ROOM)
            for key, active in super().active_bindings.items()
        }


def _worded(active: ActiveBinding, *, shown: bool) -> ActiveBinding:
    binding = active.binding
    group = binding.group
    if group is not None:
        group = replace(group, description=wording.translated(group.description))
    return active._replace(
        binding=replace(
            binding, description=wording.translated(binding.description), group=group, show=binding.show and shown
        )
    )
