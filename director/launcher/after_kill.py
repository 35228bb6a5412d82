"""
Ends the workspace's Redis once the launcher was killed (`kill -9`) and nobody else uses it, as before a worker had joined it.

A shell waits for that, in little memory: the launcher holds the other end of its standard input, whatever happens to it. Then
`python -m director.launcher.after_kill STATE_DIR` takes the shell's place.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from director.redis.embedded import EmbeddedServer

#: Reads to the end of what nobody writes, then runs its arguments.
_ONCE_ALONE: Final = 'read -r _; exec "$@"'


def watch(state_dir: Path, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """
    Start the shell, in a session of its own: no signal to the launcher's group reaches it. Who has ended the server, kills it.
    """
    return subprocess.Popen(  # noqa: S603 - our own program
        ["/bin/sh", "-c", _ONCE_ALONE, "sh", sys.executable, "-P", "-m", __name__, str(state_dir)],
        env={**os.environ, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


if __name__ == "__main__":
    EmbeddedServer(Path(sys.argv[1])).end_unless_used()
