"""The page or file that a window shows, where it can be had without an extension of the browser."""
