"""Runs a program that ends when the launcher does, even by kill -9: `python -m director.launcher.child LAUNCHER PROGRAM …`."""

import os
import sys

from director.concurrency.parent import end_with


def main() -> None:
    """Takes the program's place; between fork and exec of a process with threads nothing of ours could run safely."""
    launcher, *command = sys.argv[1:]
    end_with(int(launcher))
    os.execv(command[0], command)  # noqa: S606 - the launcher's own


if __name__ == "__main__":
    main()
