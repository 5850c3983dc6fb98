"""Time phrases: what "yesterday afternoon" or 上周三下午 means, in UTC microseconds.

    parse.py     questions: the phrase found anywhere in a text, and the words left   (parse_time)
    when.py      arguments: a text that must be a time, ISO 8601 or a phrase        (parse_when, parse_instant)
    english.py, chinese.py         days and spans of each language, as rules
    clock.py, chinese_clock.py     times of the day of each language, as rules
    parts_of_year.py               quarters and halves of a year in both languages, as rules
    numerals.py  numbers as Chinese writes them
    rules.py     how rules are found in a text
    calendar.py  days, weeks and clock times of one zone, safe on the nights when the clocks change

Pure: values in, values out.  Called by the assistant, by search filters and by every command that takes a time.
"""

from timeline.phrases.parse import TimePhrase, parse_time
from timeline.phrases.when import parse_instant, parse_when

__all__ = ["TimePhrase", "parse_instant", "parse_time", "parse_when"]
