"""What a minute's tick does in a worker."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from director.access import tokens
from director.access.roles import Role
from director.bootstrap import open_office
from director.goals.cancel import cancel
from director.goals.submit import submit
from director.words.clock import Clock
from director.words.models import TokenUse
from director.words.settings import Settings

ROOT = Path(__file__).parents[2]


class Yesterday(Clock):
    """The moment a day ago."""

    def __call__(self) -> datetime:
        """Now, less a day."""
        return super().__call__() - timedelta(days=1)


def test_a_tick_writes_the_page_of_a_day_that_is_over(tmp_path: Path) -> None:
    """In the workspace, next to what else the team writes; what was done with tokens long ago is forgotten."""
    settings = Settings(workspace_dir=tmp_path, redis_url=f"unix://{tmp_path}/nobody.sock")
    office = open_office(settings, clock=Yesterday())
    before = datetime.now(UTC) - timedelta(days=1)
    cancel(office, submit(office, "Sell gnomes").id)
    token, _ = tokens.create(office, "gnome", Role.VIEWER)
    long_ago = before - tokens.USES_KEPT
    with office.store.write() as tx:
        tx.tokens.record(TokenUse(token.id, at, "::1", "GET", "/", 200, 1, at) for at in (long_ago, before))
    office.close()
    done = subprocess.run(
        [sys.executable, "-c", "from actors.clock import clock; clock.fn()"],
        cwd=ROOT,
        env={**os.environ, "WORKSPACE_DIR": str(tmp_path), "REDIS_URL": f"unix://{tmp_path}/nobody.sock"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "") == (done.returncode, done.stderr)
    # Midnight may have passed since.
    pages = {f"{day:%Y-%m-%d}.md" for day in (before, before + timedelta(minutes=5))}
    assert 1 == len(pages & {file.name for file in (tmp_path / "metrics").iterdir()})
    office = open_office(settings)
    assert [use.at for use in tokens.uses(office, token.id, most=9)] == [before]
    office.close()
