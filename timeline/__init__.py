"""The store: what was on the screen, when, and how to get it back.  Imports no other room."""
