"""`watch`: following a goal that was given before."""

from director.cli import team_slot
from director.cli.branded import opened_for
from director.cli.consent import agree_to_kind
from director.cli.left_goals import say_before
from director.cli.run import to_the_end, worker_runs
from director.cli.terminal import say_workspace
from director.words.errors import WrongCall
from director.words.settings import from_env
from director.words.states import is_final


def watch(ident: str, *, json: bool, yes: bool, pay: bool, rehearse: bool) -> None:
    """Follow the goal; where no worker does its kind of work, it goes on in this process."""
    settings = from_env()
    if pay and rehearse:
        raise WrongCall("--pay and --rehearse say the opposite of each other: leave one of them out.")
    if pay and settings.rehearses:
        raise WrongCall("--pay needs a key, and there is none: set ANTHROPIC_API_KEY.")
    if rehearse and not settings.rehearses:
        raise WrongCall("--rehearse is for where there is no key: take ANTHROPIC_API_KEY and ANTHROPIC_BASE_URL out.")
    with opened_for(ident, settings) as office:
        with office.store.read() as tx:
            goal = tx.goals.get(ident)
        standing = is_final(goal.state) or worker_runs(office, rehearsal=goal.rehearsal)
        if standing and (pay or rehearse) and not is_final(goal.state) and goal.rehearsal is not rehearse:
            raise WrongCall(f"A worker does {ident} as it is; stop that before it goes on otherwise.")
        if not standing:
            goal = agree_to_kind(office, goal, wanted=rehearse if pay or rehearse else None, json=json)
            standing = worker_runs(office, rehearsal=goal.rehearsal)
        if not json:
            say_workspace(settings)
            if not is_final(goal.state):
                say_before(office, ident)
        if standing:
            to_the_end(office, ident, json=json, yes=yes, standing=True)
            return
    with team_slot.make(settings, ident) as office:
        to_the_end(office, ident, json=json, yes=yes, standing=False)
