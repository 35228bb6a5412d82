"""
How long `doctor` takes on each installation of the test of broken ones, as a person starts it, beyond Python's own start:

    python -m tests.bench.doctor
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import Final, NamedTuple

import pytest

from director.store.opening import open_store
from director.words.clock import Clock
from tests.director.doctor.test_broken_installations import CASES, SILENT, Case, Installation, nothing

#: How often each is measured; the median counts.
ROUNDS: Final = 3

#: What one may take, seconds.
MOST_S: Final = 1.0

#: Faults that are played within the test's own process; another does not see them.
PLAYED: Final = (
    "a full disk", "a disk that is nearly full", "no Redis of our own", "a PostgreSQL without its driver",
    "a clock an hour behind the record", "an .env that others may read", "a key in notes that others may read",
)  # fmt: skip


class Took(NamedTuple):
    """What a process took: by the clock on the wall, and of the processors, which others do not slow down."""

    wall_s: float
    cpu_s: float


def once(*words: str) -> Took:
    """One process, started where we are."""
    begun, before = time.perf_counter(), getrusage(RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *words], capture_output=True, check=False)
    after = getrusage(RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Took(time.perf_counter() - begun, cpu)


def median(*words: str) -> Took:
    """As `once`, several times."""
    walls, cpus = zip(*(once(*words) for _ in range(ROUNDS)), strict=True)
    return Took(statistics.median(walls), statistics.median(cpus))


def measured(case: Case, record: Path) -> Took:
    """How long `doctor` takes on one installation."""
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="doctor-")))
        patch.chdir(folder)
        patch.delenv("WORKSPACE_DIR", raising=False)
        patch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)  # else each start compiles all of it
        place = Installation(folder, patch, stack)
        place.record.parent.mkdir(parents=True)
        shutil.copyfile(record, place.record)
        for name, value in case.env.items():
            patch.setenv(name, value)
        case.broken(place)
        return median("-m", "director", "doctor")


def main() -> None:
    """Measure, and print what each took."""
    with tempfile.TemporaryDirectory(prefix="doctor-") as folder:
        open_store(None, Path(folder), Clock()).close()
        record = Path(folder) / "troupe.sqlite"
        measured(Case(nothing, ()), record)  # compiles
        python = median("-c", "pass")
        cases = {
            "all is well": Case(nothing, ()),
            **{n: case for n, case in (CASES | SILENT).items() if n not in PLAYED},
        }
        print(f"{'beyond Python itself':45} {'wall':>8} {'processor':>10}")
        over = 0
        for name, case in cases.items():
            took = measured(case, record)
            wall, cpu = took.wall_s - python.wall_s, took.cpu_s - python.cpu_s
            over += wall > MOST_S
            print(f"{name:45} {wall:6.2f} s {cpu:8.2f} s{'' if wall <= MOST_S else '  *'}", flush=True)
        print(f"{len(cases)} installations, {over} over {MOST_S:.0f} s on the wall; medians of {ROUNDS}.")


if __name__ == "__main__":
    main()
