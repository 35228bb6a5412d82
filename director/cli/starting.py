"""The first word to a person at a terminal, before what the work needs is loaded."""

import sys


def say_it_starts() -> None:
    """Say that it has begun: loading and starting the team takes seconds, on a busy machine ten, with nothing to be seen."""
    _say("Getting the team ready; that takes some seconds.")


def say_it_starts_or_is_up() -> None:
    """As `say_it_starts`, where nothing is up in this workspace; else that it is."""
    # What these load is little.
    from director.launcher import state  # noqa: PLC0415
    from director.words.settings import from_env  # noqa: PLC0415

    if state.find(from_env().state_dir) is None:
        say_it_starts()
    else:
        _say("The team is up.")


def _say(sentence: str) -> None:
    if sys.stdout.isatty() and sys.stderr.isatty():
        print(sentence, file=sys.stderr, flush=True)  # noqa: T201
