"""The front door: command line, settings, the wiring of the stages.  May import every room."""

__version__ = "0.1.0"
