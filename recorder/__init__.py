"""Screen to frames: grab, privacy gate, change map, segments.  Imports timeline only."""
