"""Words that carry no meaning in a question: English stop words, Chinese question words and particles.  Constants only.

`index.query` leaves them out of the ranking unless nothing else was asked.
"""

from __future__ import annotations

import re

ENGLISH = frozenset(
    """
    a about after all also am an and any are as at be because been before being but by can could d did do does doing
    don during for from had has have having he her hers him his how i if in into is it its just ll m me my no nor not
    of off on or our ours out over re s she should so some such t than that the their theirs them then there these
    they this those through to too under until up ve very was we were what when where which while who whom whose why
    will with would you your yours
    """.split()  # noqa: SIM905  (a list of quoted words cannot be read)
)

CHINESE_QUESTIONS = re.compile(
    "什么时候|为什么|是什么|有什么|什么|怎么样|怎么|怎样|如何|哪里|哪儿|哪个|哪些|哪天|多少|是不是|有没有|是否|请问|"
    "吗|呢"
)
"""Question words, cut out of a run of Chinese before it is taken apart."""

CHINESE_PARTICLES = frozenset("的了是我你他她它们在有和与或也都就不吗呢吧啊把被这那个之")
"""A pair made of two of these says nothing."""
