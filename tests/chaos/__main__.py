"""
Pull every plug and look what is lost: `make chaos`.

    python -m tests.chaos [--seed N] [--scale 1] [--only NAME …]

Real workers, a real Redis, a real database; the model service is the rehearsal over HTTP, in this process, so that what was
bought is counted outside the processes that die. Exit code 1 when a bar is missed.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from textwrap import wrap
from typing import Final

from tests.chaos import away, deliveries, kills, launcher, levels, limits, machine, service, year
from tests.chaos.bench import Bench, Row

SCENARIOS: Final[dict[str, Callable[[Bench], list[Row]]]] = {
    "kills": kills.worker_killed,
    "stopped": kills.worker_stopped,
    "poison": kills.turn_that_kills,
    "launcher": launcher.everything_killed,
    "redis": away.redis_killed,
    "gone": away.redis_gone,
    "flush": away.redis_flushed,
    "embedded": away.embedded_redis_killed,
    "postgresql": away.postgresql_restarted,
    "locked": away.sqlite_locked,
    "troubles": service.troubles,
    "away": service.away,
    "storm": limits.storm,
    "rate": limits.rate,
    "outage": limits.outage,
    "disk": machine.disk_full,
    "clock": machine.clock_set,
    "levels": levels.levels,
    "year": year.year,
    "deliveries": deliveries.deliveries,
}

#: How wide each column of the table is.
WIDTHS: Final = (38, 52, 42, 7)


def main() -> int:
    """Run, print the table, say whether every bar was kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description="Pull every plug and look what is lost.")
    parser.add_argument(
        "--seed", type=int, default=random.randrange(10**6), help="the same seed draws the same chances"
    )
    parser.add_argument("--scale", type=float, default=1.0, help="0.1 is a tenth of the kills, goals and minutes")
    parser.add_argument("--only", nargs="+", choices=SCENARIOS, default=list(SCENARIOS), metavar="NAME")
    given = parser.parse_args()
    print(f"seed {given.seed}, scale {given.scale:g}: {', '.join(given.only)}", flush=True)
    began = time.monotonic()

    def tell(text: str) -> None:
        print(f"{time.monotonic() - began:7.1f} s  {text}", file=sys.stderr, flush=True)

    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        for name in given.only:
            # One that cannot even be told is a row too: the others still run.
            try:
                found = SCENARIOS[name](Bench(Path(folder), given.seed, given.scale, tell))
            except Exception as problem:  # noqa: BLE001 - as said above
                said = f"{type(problem).__name__}: {problem}".splitlines()[0][:200]
                found = [Row(name, said, "comes to an end", kept=False)]
            for row in found:
                tell(f"{row.verdict}: {row.fault}: {row.measured}")
                for sentence in row.broken:
                    tell(f"broken: {sentence}")
            rows += found
    print()
    for line in table(rows):
        print(line)
    return 1 if any(row.verdict == "MISSED" for row in rows) else 0


def table(rows: list[Row]) -> list[str]:
    """fault | what was measured | bar | verdict, and under each what was broken."""
    printed = _cells("fault", "what was measured", "bar", "verdict")
    printed.append("-+-".join("-" * width for width in WIDTHS))
    for row in rows:
        printed += _cells(row.fault, row.measured, row.bar, row.verdict)
        printed += [f"    broken: {sentence}" for sentence in row.broken]
    return printed


def _cells(*texts: str) -> list[str]:
    columns = [wrap(text, width, drop_whitespace=True) or [""] for text, width in zip(texts, WIDTHS, strict=True)]
    tall = max(len(column) for column in columns)
    padded = [[*column, *[""] * (tall - len(column))] for column in columns]
    return [
        " | ".join(part.ljust(width) for part, width in zip(line, WIDTHS, strict=True)).rstrip()
        for line in zip(*padded, strict=True)
    ]


if __name__ == "__main__":
    sys.exit(main())
