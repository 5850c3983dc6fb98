"""Passages to a full-text and a vector index, and search over both.  Imports timeline only."""
