"""`python -m dayreel`: the same as the command `dayreel`."""

from dayreel.cli import main

raise SystemExit(main())
