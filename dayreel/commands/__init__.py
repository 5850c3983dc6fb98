"""One module for each command: `run(context, options)` returns the exit code."""
