"""Every word the interface shows, in one place, so that a catalogue can take it over.

Names and functions only; no widget, no markup.  Braces are filled by `str.format`.
"""

from __future__ import annotations

from datetime import date, timedelta

NAME = "dayreel"

# Keys: what the footer says of them, then what the help says.
FRAME_BACK, FRAME_FORWARD, FRAME = "Back", "Forward", "Frame"
SEARCH, ASK, PICTURE, TODAY, RECORD = "Search", "Ask", "Picture", "Now", "Record"
HELP, QUIT, CLOSE = "Help", "Quit", "Close"

HELP_ROWS = (
    ("← →", "one frame back, forward"),
    ("⇧← ⇧→  ↑ ↓", "one moment back, forward"),
    ("[ ]  d D", "one day back, forward"),
    ("home end", "first, last frame of the day"),
    ("t", "now: the newest frame of today"),
    ("/", "search everything that was ever on the screen"),
    ("a", "ask a question about your days"),
    ("p", "show or hide the picture"),
    ("pgup pgdn", "scroll the text"),
    ("v", "next monitor"),
    ("r", "start or stop recording"),
    ("esc", "clear the marks of a search"),
    ("ctrl+p", "commands and themes"),
    ("?", "these keys"),
    ("q", "quit"),
)
HELP_TITLE = "Keys"
HELP_MOUSE = "The mouse works too: click the band, a moment, a key."

RECORDING, PAUSED, NOT_RECORDING = "● recording", "‖ paused", "○ not recording"
CRASHED = "This is a mistake in dayreel ({kind}). Please report it."
WAITING = "{count} to read"

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

SEARCH_TITLE = "Search"
SEARCH_PROMPT = "a word, a phrase, or what it was about"
SEARCH_HINT = "Type to search everything that was on the screen."
SEARCHING = "Searching…"
FOUND = "{count} found"
FOUND_MOST = "the best {count}"
FOUND_NOTHING = "Nothing found. Other words, or fewer, may help."
SEARCH_KEYS = "↑↓ choose   enter go there   esc close"

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
ASK_KEYS = "enter ask / go there   tab sources   esc close"

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_text(day: date) -> str:
    """Return a date as the header shows it: `Sun 22 Nov 2026`."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def near_day_text(day: date, today: date) -> str:
    """Return a date as a result shows it: `today`, `yesterday`, `Fri 20 Nov`, or with its year when it is another."""
    if day == today:
        return "today"
    if day == today - timedelta(days=1):
        return "yesterday"
    text = day_text(day)
    return text if day.year != today.year else text.rsplit(" ", 1)[0]


def duration_text(duration_us: int) -> str:
    """Return a duration in the largest fitting unit: `12s`, `7m`, `1h 05m`."""
    seconds = round(duration_us / 1_000_000)
    if seconds < 60:
        return f"{seconds}s"
    minutes = round(seconds / 60)
    return f"{minutes}m" if minutes < 60 else f"{minutes // 60}h {minutes % 60:02d}m"
