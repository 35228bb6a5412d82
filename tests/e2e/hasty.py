"""The program with a closing time that is over as soon as it begins: `python -m tests.e2e.hasty goal …`."""

from datetime import timedelta

from actors import middleware
from director.cli import main

if __name__ == "__main__":
    middleware.CLOSING_TIME = timedelta(0)  # type: ignore[misc]  # final for everybody else
    main()
