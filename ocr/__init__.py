"""Pictures to lines of text with boxes.  Imports timeline only."""
