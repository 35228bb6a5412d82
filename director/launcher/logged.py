"""
Runs another's program so that it logs as ours do: `python -m director.launcher.logged MODULE:FUNCTION …`.

By themselves Dramatiq's first process and periodiq log in formats of their own, before anything of ours is imported.
"""

import sys
from importlib import import_module

from director.words import log
from director.words.errors import DirectorError
from director.words.own_secrets import own_secrets
from director.words.settings import from_env
from director.words.streams import guard


def main() -> None:
    """Calls that function with the words that follow as its command line."""
    guard()
    try:
        settings = from_env()
    except DirectorError as problem:
        sys.stderr.write(f"{problem}\n")
        raise SystemExit(problem.exit_code) from None
    log.configure(settings.log_level, settings.log_format, own_secrets(settings))
    # By name: Dramatiq and periodiq are imported by the actors only.
    module, _, function = sys.argv[1].partition(":")
    sys.argv = [module.partition(".")[0], *sys.argv[2:]]
    raise SystemExit(getattr(import_module(module), function)())


if __name__ == "__main__":
    main()
