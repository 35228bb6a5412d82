"""How many connections there is room for: fewer than this process may have files open, so that the record finds one too."""

import resource
from typing import Final

#: Connections there are at once, where the system lets us have so many.
_CONNECTIONS: Final = 2_000

#: Files and sockets besides: the record's, Redis's, a log's, what is read meanwhile; and connections that the event loop
#: accepts before it tells anybody, and that are closed but not yet gone, a hundred of each.
_OTHERS: Final = 400

#: Of the connections, how many may be streams, which are there for long.
_STREAMS: Final = 1_000


def make_room() -> None:
    """Let this process, and whom it starts, have as many files open as are needed, as far as the system lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _CONNECTIONS + _OTHERS
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def connections() -> int:
    """How many connections one process has at most."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return _CONNECTIONS
    return min(_CONNECTIONS, max(soft - _OTHERS, soft // 4))


def streams() -> int:
    """How many of them may be streams: the rest is for who asks and goes."""
    return min(_STREAMS, connections() // 2)
