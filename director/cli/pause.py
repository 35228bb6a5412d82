"""`pause` and `resume`: a person keeps a goal, or everything, from going on, and lets it."""

from director.cli.branded import opened_for
from director.cli.documents import print_document
from director.cli.terminal import say_workspace
from director.goals import pause as use_case
from director.office import Office
from director.views.goal import goal_document
from director.words.errors import WrongCall
from director.words.settings import from_env


def pause(ident: str | None, *, every: bool, json: bool) -> None:
    """Pause the goal, or all of them."""
    _one_or_all(ident, every=every, verb="pause")
    with opened_for(ident, begins=every) as office:
        if ident is not None:
            goal = use_case.pause(office, ident)
            _say(
                office,
                goal.id,
                f"{goal.id} is paused: it begins nothing new, and what is on the wire is finished.",
                json=json,
            )
            return
        done = use_case.pause_all(office)
    _say_all(
        "paused",
        done=done,
        said="Everything is paused: nothing new begins, and what is on the wire is finished.",
        json=json,
    )


def resume(ident: str | None, *, every: bool, json: bool) -> None:
    """Let the goal, or all of them, go on."""
    _one_or_all(ident, every=every, verb="resume")
    with opened_for(ident, begins=every) as office:
        if ident is not None:
            goal = use_case.resume(office, ident)
            still = f", but waits: {goal.reason}" if goal.reason and goal.wait_for else "."
            _say(office, goal.id, f"{goal.id} goes on{still}", json=json)
            return
        done = use_case.resume_all(office)
    _say_all("resumed", done=done, said="Work goes on; goals that were paused by themselves stay paused.", json=json)


def _one_or_all(ident: str | None, *, every: bool, verb: str) -> None:
    if (ident is None) is not every:
        raise WrongCall(f"Say which goal to {verb}, as in `{verb} g1`, or `{verb} --all` for everything, and not both.")


def _say(office: Office, ident: str, said: str, *, json: bool) -> None:
    with office.store.read() as tx:
        document = goal_document(office, tx, tx.goals.get(ident)) if json else None
    if document is not None:
        print_document(document)
        return
    say_workspace(office.settings)
    print(said)  # noqa: T201


def _say_all(what: str, *, done: bool, said: str, json: bool) -> None:
    if json:
        print_document({what: True, "changed": done})
        return
    say_workspace(from_env())
    print(said if done else f"It was {what} before; nothing changed.")  # noqa: T201
