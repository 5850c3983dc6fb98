"""A short recorded day that comes with the program, and what is asked of it.  Imports nothing."""
