"""Forgetting for good: what was on the screen is taken out of everything that was made from it.

    folding.py      when a text holds another: case, width and white space do not count
    plan.py         what is asked to be forgotten, and what that comes to: frames, boxes, lines, names
    selection.py    from the one to the other, as a pure read: by time, by id, by window
    wording.py      the same by text
    sightings.py    which lines and passages stood on which frames
    previewing.py   what a plan comes to, counted
    neighbours.py   frames beside those, which show the same pixels or a half-typed word
    applying.py     the one transaction that changes the timeline (renaming.py, severing.py: parts of it)
    finishing.py    what is left to do then, step by step, whoever does it: spool, thumbnails, pages of the databases
    leftovers.py    files that nothing needs, as a kill leaves them
    sampling.py     pieces of what goes, by which raw pages are searched afterwards
    checking.py     looks into everything afterwards

Segments are written anew by timeline.rewriting, the index is cleaned by index.forgetting; dayreel.forgetting puts all
in order.  Nothing of what is forgotten goes into a log, a message or the table of what is left to do.
"""
