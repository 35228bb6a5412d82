"""
A launcher of small programs, in a process of its own: it adopts orphans, and signals are sent to it.

    python -m tests.director.launcher.launched FOLDER '[{"name": "web", "program": "…", "ready_after_s": 0.1}]'

prints each status as a line of JSON; what the parts do they write into the file FOLDER/told.
"""

import json
import sys
from datetime import timedelta
from pathlib import Path

from director.launcher import state
from director.launcher.lines import Lines
from director.launcher.process import Process, Program
from director.launcher.state import Status
from director.launcher.supervisor import SPEAKER, Supervisor
from director.words.clock import Clock

#: Before what a part runs: `tell` writes a word behind its name, `until_told` waits for SIGTERM and says that it came.
BEFORE = """
import os, signal, subprocess, sys, time
def tell(word):
    with open("told", "a") as file:
        file.write(f"{name} {word}\\n")
def until_told(times=1):
    came = []
    signal.signal(signal.SIGTERM, lambda *_: came.append(1))
    tell(f"is up {os.getpid()}")
    told = 0
    while told < times:
        signal.pause() if len(came) <= told else None
        if len(came) > told:
            told += 1
            tell("was told")
"""


def main() -> int:
    """Run the parts until a signal comes."""
    folder, parts = Path(sys.argv[1]), json.loads(sys.argv[2])
    lines = Lines(sys.stderr, (SPEAKER, *(part["name"] for part in parts)), ("a-secret-of-ours",))

    def program(part: dict[str, object]) -> Program:
        text = f"name = {part['name']!r}\n{BEFORE}\n{part['program']}"
        after_s = float(str(part.get("ready_after_s", 0)))
        return Program(
            str(part["name"]),
            (sys.executable, "-c", text),
            lambda _session, up_s: up_s >= after_s,
            timedelta(seconds=float(str(part.get("grace_s", 30)))),
            knows_second=bool(part.get("knows_second")),
        )

    def told(status: Status) -> None:
        print(status.written().replace("\n", ""), flush=True)

    ours = [Process(program(part), lines) for part in parts]
    supervisor = Supervisor(ours, lines, Clock(), told, pause=timedelta(seconds=0.01))
    with state.held(folder / "state", Clock()()) as status:
        return 0 if supervisor.run(status) else 1


if __name__ == "__main__":
    sys.exit(main())
