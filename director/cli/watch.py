"""`watch`: following a goal that was given before."""

from director.bootstrap import opened
from director.cli import own_team
from director.cli.ending import finish
from director.cli.run import follow_here, follow_worker, worker_runs
from director.cli.terminal import say_workspace
from director.words.settings import from_env
from director.words.states import is_final


def watch(ident: str, *, json: bool) -> None:
    """Follow the goal; where no worker is running, its work goes on in this process."""
    settings = from_env()
    with opened(settings) as office:
        with office.store.read() as tx:
            over = is_final(tx.goals.get(ident).state)
        if over or worker_runs(office):
            if not json:
                say_workspace(settings)
            finish(office, follow_worker(office, ident, json=json), json=json, standing=True)
            return
    with own_team.make(settings) as office:
        if not json:
            say_workspace(settings)
        finish(office, follow_here(office, ident, json=json), json=json, standing=False)
