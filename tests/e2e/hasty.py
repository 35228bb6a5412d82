"""The program with a closing time that is over as soon as it begins: `python -m tests.e2e.hasty goal …`."""

import runpy
from datetime import timedelta

from director.concurrency import stopping

if __name__ == "__main__":
    stopping.CLOSING_TIME = timedelta(0)  # type: ignore[misc]  # final for everybody else
    runpy.run_module("director", run_name="__main__", alter_sys=True)
