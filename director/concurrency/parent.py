"""A process that ends with the one that started it, and one that adopts orphans. On Linux; elsewhere nothing happens."""

import ctypes
import os
import signal
import sys
from collections.abc import Collection
from contextlib import suppress
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_CHILD_SUBREAPER: Final = 36


def end_with(parent: int) -> None:
    """
    Let SIGTERM come to this process when its *parent* ends, however that ends; at once where it is its parent no more.

    To Linux the thread that started this process is the parent: a process is only started by a thread that stays.
    """
    if not _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM):
        return
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)


def adopt_orphans() -> None:
    """Be the parent of every process below this one whose own parent ended, so that it can be waited for."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def reap_orphans(but_of: Collection[int]) -> None:
    """Take note of adopted processes that ended; not of those of these process groups, which somebody else waits for."""
    with suppress(ChildProcessError, ProcessLookupError):
        while ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            if os.getpgid(ended.si_pid) in but_of:
                return  # once it was waited for, there is another look
            os.waitpid(ended.si_pid, os.WNOHANG)


def _prctl(option: int, value: int) -> bool:
    return sys.platform == "linux" and bool(ctypes.CDLL(None).prctl(option, value, 0, 0, 0) == 0)
