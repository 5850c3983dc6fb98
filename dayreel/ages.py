"""Ages as the settings say them: 12 hours, 30 days, 2 weeks, 6 months, 1 year."""

from __future__ import annotations

import re

_AGE = re.compile(r"(\d{1,4}) ?(hour|day|week|month|year)s?")
_DAY_S = 86_400
_UNITS_S = {"hour": 3600, "day": _DAY_S, "week": 7 * _DAY_S, "month": 30 * _DAY_S, "year": 365 * _DAY_S}


def age_s(text: str) -> int:
    """Return the seconds of an age.  Raises ValueError for what is none, and for no time at all."""
    found = _AGE.fullmatch(text.strip().casefold())
    if found is None or not int(found[1]):
        raise ValueError("an age is a number with hours, days, weeks, months or years")
    return int(found[1]) * _UNITS_S[found[2]]
