"""
One goal on the cheapest model against the real API: `make live`. Needs a key, says what it will cost at most, asks first.

Everything else under tests/ runs without the real API.
"""

import os
import subprocess
import sys
import tempfile

from director.words.errors import DirectorError
from director.words.settings import from_env

MODEL = "claude-haiku-5-5"

#: The goal's cap; no call is sent whose worst case does not fit under what is left of it.
MOST_USD = "0.75"

GOAL = "Write one page that explains why a small team should write down its product context"


def main() -> int:
    """Ask, run, say how it went."""
    try:
        settings = from_env()
    except DirectorError as problem:
        print(problem, file=sys.stderr)
        return 2
    if settings.anthropic_api_key is None:
        print("ANTHROPIC_API_KEY is not set: the live test talks to the real API and needs one.", file=sys.stderr)
        return 2
    where = settings.anthropic_base_url or "the Claude API"
    print(
        f"This runs one goal of one task on {MODEL} against {where}. It costs at most {MOST_USD} USD, likely a few cents."
    )
    if not sys.stdin.isatty() or input("Go on? [y/N] ").strip().lower() not in ("y", "yes"):
        print("Nothing was sent.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        environ = {
            **os.environ,
            "MODEL": MODEL,
            "WORKSPACE_DIR": folder,
            "ANTHROPIC_API_KEY": settings.anthropic_api_key,
        }
        command = [sys.executable, "-m", "director", "pipeline", "Social Week", GOAL, "--budget", MOST_USD, "--yes"]
        return subprocess.run(command, env=environ, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
