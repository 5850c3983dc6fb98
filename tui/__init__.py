"""The timeline in the terminal.  Imports assistant, index and timeline."""
