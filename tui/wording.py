"""Every word the interface shows, in English; `use` puts those of another catalogue (tui.chinese) in their place.

Names and functions only; no widget, no markup.  Braces are filled by `str.format`.  Read a name when it is shown, as
`wording.NAME`, never at import: the language is chosen when the interface starts.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

from timeline.languages import language_named

Language = Literal["en", "zh"]

NAME = "dayreel"
LANGUAGE: Language = "en"

# Keys: what the footer and the palette say of them.
FRAME_BACK, FRAME_FORWARD, FRAME = "Back", "Forward", "Frame"
SEARCH, ASK, PICTURE, TODAY, RECORD, DAY = "Search", "Ask", "Picture", "Now", "Record", "Day"
GO_TO, PLAY, CALENDAR, ZOOM_IN, ZOOM_OUT = "Go to", "Play", "Calendar", "Zoom in", "Zoom out"
COPY, OPEN, EXPORT, DIFFERENCE, SEEN = "Copy", "Open", "Export", "Changes", "When seen"
PAUSE, FORGET, SETTINGS = "Pause", "Forget", "Settings"
HELP, QUIT, CLOSE = "Help", "Quit", "Close"

# The help: a heading and its rows, each the keys and what they do.
HELP_SECTIONS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Move",
        (
            ("← →", "one frame back, forward"),
            ("⇧← ⇧→  ↑ ↓", "one moment back, forward"),
            ("m M  h H  d D", "a minute, an hour, a day back, forward"),
            ("[ ]", "the end of the day before, the start of the day after"),
            ("home end", "first, last frame of the day"),
            ("g", "a time or a date, in words"),
            ("c", "the year as a calendar"),
            ("t", "now: the newest frame"),
            ("space  < >", "play the day as a film, slower, faster"),
            ("+ -", "zoom the band: 5 minutes to a month"),
        ),
    ),
    (
        "Find",
        (
            ("/", "search everything that was ever on the screen"),
            ("n N", "next, previous hit"),
            ("a", "ask a question about your days"),
            ("s", "what the day was spent on"),
            ("esc", "clear the marks of a search"),
        ),
    ),
    (
        "See",
        (
            ("p", "show or hide the picture"),
            ("z Z  ^← ^→ ^↑ ^↓", "zoom the picture in, out; move in it"),
            ("v V", "next monitor; all side by side"),
            ("o e", "open the picture in a viewer; save it"),
        ),
    ),
    (
        "Text",
        (
            ("tab  ↑ ↓  ⇧↑ ⇧↓", "go into the text, choose lines"),
            ("y Y", "copy the chosen lines, all of it"),
            ("x", "what changed: since before, until after, off"),
            ("w", "when this text was first and last seen"),
            ("pgup pgdn", "scroll the text"),
        ),
    ),
    (
        "Control",
        (
            ("r", "start or stop recording"),
            ("P", "pause or resume"),
            ("f", "forget this moment, this application, the last minutes"),
            (",", "settings"),
            ("^p", "commands and themes"),
            ("? q", "these keys; quit"),
        ),
    ),
)
HELP_TITLE = "Keys"
HELP_MOUSE = "The mouse works too: drag on the band, turn the wheel there to zoom, select text, click a key."

RECORDING, PAUSED, NOT_RECORDING = "● recording", "‖ paused", "○ not recording"
CRASHED = "This is a mistake in dayreel ({kind}). Please report it."
WAITING = "{count} to read"

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY_FORMAT = "{weekday} {day} {month} {year}"
NEAR_DAY_FORMAT = "{weekday} {day} {month}"
TODAY_WORD, YESTERDAY_WORD = "today", "yesterday"
GAP_REASONS: Mapping[str, str] = {}
BAND_SPANS = ("5 min", "30 min", "2 h", "day", "week", "month")
NOW = "now"

GO_TITLE = "Go to"
GO_PROMPT = "14:30, yesterday at 3pm, 昨天下午三点, 2026-03-10"
GO_HINT = "A time or a date, in figures or in words.   enter go   esc close"
GO_FUTURE = "That is still to come."
PLAYING = "▶ {speed:g}/s"
NO_HITS = "Search first: n and N go from hit to hit."
NO_MORE_HITS = "There is no further hit in this direction."
CALENDAR_TITLE = "Calendar {year}"
CALENDAR_KEYS = "←→ week   ↑↓ day   pgup pgdn year   enter go"
CALENDAR_DAY = "{day}   {active}"
CALENDAR_NOTHING = "nothing recorded"
CALENDAR_LESS, CALENDAR_MORE = "less", "more"

COPIED = "Copied {count} lines."
COPIED_ONE = "Copied one line."
NOTHING_TO_COPY = "There is no text to copy here."
NO_CLIPBOARD = "Sent to the terminal's clipboard."
OPENED = "Opened in the system's viewer; the file is removed when dayreel ends."
EXPORT_TITLE = "Save the picture"
EXPORT_PROMPT = "file.png"
EXPORT_HINT = "The file is readable by you only, and no longer encrypted.   enter save   esc close"
EXPORTED = "Saved {path}."
CHANGED_BEFORE = "changed since {when}"
CHANGED_AFTER = "changed until {when}"
NO_CHANGE_BEFORE = "This window showed nothing else before, on this day."
NO_CHANGE_AFTER = "This window showed nothing else afterwards, on this day."
SEEN_FROM_TO = "First seen {first}, last seen {last}."
SEEN_UNKNOWN = "It is not known when this line was seen; it may not be indexed yet."
ALL_MONITORS = "all monitors"
PAUSE_UNTIL_RESUMED = "Paused: nothing that is shown from now on is kept, until you resume with P."
RESUMED = "Recording goes on."
NOT_PAUSED_NOW = "Nothing records now; a recording that is started is paused until P."

FORGET_TITLE = "Forget"
FORGET_MOMENT = "this moment"
FORGET_APP = "all of {app} on this day"
FORGET_LAST = "the last {minutes} minutes"
FORGET_KEYS = "↑↓ choose   enter look what goes   esc close"
FORGET_LOOKING = "Looking at what goes…"
FORGET_WHAT = (
    "{frames} frames go ({minutes:g} minutes), parts of {covered} more are covered: their pictures, text and all that "
    "was made of them, for good. This cannot be undone."
)
FORGET_NOTHING = "There is nothing of that to forget."
FORGET_YES, FORGET_NO = "Forget for good", "Keep"
FORGETTING = "Forgetting; this may take a while…"
FORGOTTEN = "Forgotten, and looked for everywhere: nothing is left."
FORGOTTEN_BUT = "Forgotten, but something was left: run `dayreel doctor`."

SETTINGS_TITLE = "Settings"
SETTINGS_KEYS = "↑↓ choose   enter change   esc close"
SETTINGS_FROM = "from {source}"
SETTINGS_CHANGED = "Saved. What records now takes it over when it is started anew."
SETTINGS_LOCKED = "{name} comes from the environment, which is stronger than the file."
SETTINGS_HINT = "enter save   esc close"

DAY_TITLE = "{day}"
DAY_KEYS = "←→ day   w week   m month   enter go there   c correct   esc close"
DAY_ACTIVE = "{active} active"
DAY_NOTHING = "Nothing was recorded then."
DAY_LOADING = "Adding up…"
DAY_BY_APP, DAY_BY_CATEGORY, DAY_BY_PROJECT = "Applications", "Categories", "Projects"
DAY_SESSIONS, DAY_DOCUMENTS, DAY_PAGES = "Sessions", "Documents", "Pages"
DAY_DAYS = "Days"
DAY_WEEK, DAY_MONTH = "week of {day}", "{month} {year}"
CORRECT_TITLE = "This belongs to"
CORRECT_KEYS = "↑↓ choose   enter this window   esc close"
CORRECTED = "Noted; windows like it are counted so from now on."

MOMENTS = "Moments"
NO_TITLE = "untitled"
UNKNOWN_APP = "unknown window"
FRAME_OF = "frame {number} of {count}"
SMALL_PICTURE = "small picture, the large one is gone,"
MONITOR_NAME = "monitor {number}"
NOT_READ_YET = "This frame has not been read yet."
NO_TEXT = "There is no text on this frame."
NO_DAY = "Nothing was recorded on this day.\n\n[ goes to the day before, ] to the day after, t to now."
NO_PICTURE_MODE = "Pictures are switched off in the settings."
NOT_TODAY = "Nothing recorded today yet: this is the newest day."

EMPTY_TITLE = "Nothing is recorded yet"
EMPTY_TEXT = (
    "dayreel keeps what is on your screen, reads it, and lets you find any word of it again.\n"
    "Everything stays on this machine. Password managers and private windows are left out.\n\n"
    "Start now and work as usual; your day appears here as you go."
)
EMPTY_RECORDING = "Recording has begun. The first frame appears here in a moment."
ERROR_TITLE = "The timeline cannot be opened"
TRY_AGAIN = "Try again"

START_TITLE = "Start recording?"
START_TEXT = (
    "dayreel will keep what this screen shows, on this machine only, until you stop it. "
    "Password managers and private windows are left out."
)
FIRST_START_TEXT = "dayreel is about to record this screen for the first time:"
START_YES, START_NO = "Start recording", "Not now"
STOP_TITLE = "Stop recording?"
STOP_TEXT = "What was recorded stays. What has not been read yet is read the next time."
STOP_YES, STOP_NO = "Stop recording", "Keep recording"
STARTING, STOPPING = "Starting to record…", "Stopping…"
STOPPED = "Recording has stopped."

CHIP_APP, CHIP_TIME, CHIP_MONITOR, CHIP_MODE = "application", "time", "monitor", "mode"
CHIP_ANY = "any"
CHIP_TIMES = ("any", "today", "yesterday", "this week", "last week", "this month")
CHIP_MODES: Mapping[str, str] = {"hybrid": "words and meaning", "text": "words", "meaning": "meaning"}
INEXACT = "guessed"
SEARCH_TITLE = "Search"
SEARCH_PROMPT = "a word, a phrase, or what it was about"
SEARCH_HINT = "Type to search everything that was on the screen."
SEARCHING = "Searching…"
FOUND = "{count} found"
FOUND_MOST = "the best {count}"
FOUND_NOTHING = "Nothing found. Other words, or fewer, may help."
SEARCH_KEYS = "↑↓ choose   enter go   f2-f5 filters   ^↑ ^↓ history   esc close"

ASK_TITLE = "Ask"
ASK_PROMPT = "What did I work on this morning?"
ASK_HINT = "Ask in your own words. Each statement of an answer is proved by what was on the screen."
ASK_NO_MODEL = "No language model is set: answers come from the record alone."
ASK_MODEL = "Answers are worded by {model}."
ASKING = "Looking through the record…"
ANSWERED_BY = "Worded by {model}"
ANSWERED_ALONE = "From the record alone, no language model was asked"
LOOKED_AT = "looked at {start} to {end}"
SOURCES = "Sources"
ASK_KEYS = "enter ask / go there   tab sources   y copy   esc close"
ASK_COPIED = "The answer is copied as Markdown."
ASK_YOU = "You"

ENGLISH: Mapping[str, object] = {name: value for name, value in globals().items() if name.isupper()}


def use(language: Language) -> None:
    """Show all that is shown from now on in a language."""
    words = ENGLISH
    if language == "zh":
        from tui.chinese import CHINESE

        words = {**ENGLISH, **CHINESE}
    globals().update(words, LANGUAGE=language)


def language_of(setting: str, environment: Mapping[str, str] = os.environ) -> Language:
    """Return the language that a setting names; `auto` is that of the locale, English where it is another one."""
    return language_named(None if setting == "auto" else setting, environment)


def language() -> Language:
    """Return the language in use."""
    return LANGUAGE


def translated(english: str) -> str:
    """Return in the language in use what a binding, which is made at import, says in English."""
    name = _NAMES.get(english)
    return english if name is None else str(globals()[name])


_NAMES = {value: name for name, value in ENGLISH.items() if isinstance(value, str)}


def gap_text(reason: str) -> str:
    """Return why nothing was recorded, in the language in use."""
    return GAP_REASONS.get(reason, reason)


def day_text(day: date) -> str:
    """Return a date as the header shows it: `Sun 22 Nov 2026`."""
    return DAY_FORMAT.format(
        weekday=WEEKDAYS[day.weekday()], day=day.day, month=MONTHS[day.month - 1], month_number=day.month, year=day.year
    )


def near_day_text(day: date, today: date) -> str:
    """Return a date as a result shows it: `today`, `yesterday`, `Fri 20 Nov`, or with its year when it is another."""
    if day == today:
        return TODAY_WORD
    if day == today - timedelta(days=1):
        return YESTERDAY_WORD
    return (
        day_text(day)
        if day.year != today.year
        else NEAR_DAY_FORMAT.format(
            weekday=WEEKDAYS[day.weekday()], day=day.day, month=MONTHS[day.month - 1], month_number=day.month
        )
    )


def duration_text(duration_us: int) -> str:
    """Return a duration in the largest fitting unit: `12s`, `7m`, `1h 05m`."""
    seconds = round(duration_us / 1_000_000)
    if seconds < 60:
        return f"{seconds}s"
    minutes = round(seconds / 60)
    return f"{minutes}m" if minutes < 60 else f"{minutes // 60}h {minutes % 60:02d}m"
