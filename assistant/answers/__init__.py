"""Answers from the record alone, one module for each kind of question.

    making.py      an answer in the making: its lines, and the citation that opens a moment
    finding.py     where something stood; when it did for the first or last time
    telling.py     what was done in a time
    measuring.py   how long, how often, how many; which pages, documents, applications
    ordering.py    what came right before or after something
    comparing.py   what changed in a document between two times

No model is asked; times, counts and totals are computed from the timeline.  record.py chooses among them.
"""
