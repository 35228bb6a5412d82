"""The first word to a person at a terminal, before what the work needs is loaded."""

import sys


def say_it_starts() -> None:
    """Say that it has begun: loading and starting the team takes seconds, on a busy machine ten, with nothing to be seen."""
    if sys.stdout.isatty() and sys.stderr.isatty():
        print("Getting the team ready; that takes some seconds.", file=sys.stderr, flush=True)  # noqa: T201
