"""
Who can do a turn: what each process that is here works for (`Reach`) and knows, and what the turn needs to be known.

A goal is paid for or rehearsed, and is done by who does the same; a command does its own goal only. `claim` holds to that.

Workers may differ (one has a SKILLS_PATH, another has not; one is of a newer version). A turn needs its specialist's folder, a
review that of whose work it judges, a named pipeline its file. A plan is made, and mended, by whoever knows most: Claude is
shown the folders of who asks, so another would offer fewer specialists, and would refuse, paid, what names one it does not
know.

A bell is rung where they hear it who can do the turn. Whoever hears one all the same looks
again before anything is asked: it passes the turn on, or, where nobody here can do it, puts it aside until somebody can.
"""

from collections.abc import Sequence

from director.catalog import SETTING, Knowledge
from director.mailbox.turns import Held
from director.office import DIRECTOR, REVIEWER, Office
from director.store.tx import Tx
from director.words.errors import NobodyCan, OthersCan
from director.words.models import Turn
from director.words.reach import Worker
from director.words.states import HeldWhy

#: What was read, by the hash of its text: there are as many as kinds of workers.
_kept: dict[str, Knowledge] = {}


def check(office: Office, held: Held) -> None:
    """
    See that this process can do the turn; asked before it does anything.

    Raises:
        OthersCan: it cannot, and a process that is here can.
        NobodyCan: it cannot, and nobody that is here can.
    """
    with office.store.read() as tx:
        needs = needs_of(tx, held.turn)
        unknown = sorted(name for name in needs if not office.catalog.knows(name))
        able = {worker.owner for worker in _able(tx, held.turn, needs, _working_for(tx, held.turn))}
        here = {worker.owner for worker in tx.presence.here()}
    if unknown and not able - {office.owner}:
        raise NobodyCan(unknown)
    # Who is not on record (a test, a process that was taken for dead) has nobody to compare it with.
    if unknown or (office.owner in here and able and office.owner not in able):
        raise OthersCan(unknown)


def held_that_can_be_done(tx: Tx, only: str | None = None) -> list[Turn]:
    """
    Turns of one goal or of all that are put aside until somebody can do them, which somebody who is here can; read by a
    statement a kind of row.
    """
    here, skills = _at_work(tx), tx.tasks.skills_of_held(HeldWhy.SKILL, only)
    goals = {goal.id: goal for goal in tx.goals.of_held(HeldWhy.SKILL, only)}
    able = []
    for turn in tx.turns.held(HeldWhy.SKILL, only):
        goal = goals.get(turn.goal or "")
        if goal is None and turn.goal is not None:
            continue  # put aside since the goals were read
        needs = _needs(turn, skills.get(turn.subject, set()), None if goal is None else goal.pipeline)
        if _able(tx, turn, needs, [worker for worker in here if worker.reach.works_for(goal)]):
            able.append(turn)
    return able


def queues(tx: Tx, turn: Turn) -> set[str]:
    """Where to ring for the turn: where they hear it who can do it, else those who work for it and will say that nobody can."""
    here = _working_for(tx, turn)
    able = _able(tx, turn, needs_of(tx, turn), here) if len({worker.knows for worker in here}) > 1 else here
    return {worker.queue for worker in able or here if worker.queue is not None}


def lacks(tx: Tx) -> dict[str, list[str]]:
    """Of each process that is here: what others here know and it does not."""
    known = {worker.owner: _known(tx, worker).known.keys() for worker in tx.presence.here() if worker.knows is not None}
    everything = set().union(*known.values()) if known else set()
    everything = {name for name in everything if not name.startswith(SETTING)}
    return {owner: sorted(everything - names) for owner, names in known.items() if everything - names}


def differs(tx: Tx) -> list[str]:
    """What those who are here know in different versions, and settings in which those who stay, and work for all, differ."""
    versions: dict[str, set[str]] = {}
    for worker in tx.presence.here():
        for name, digest in _known(tx, worker).known.items():
            if worker.standing or not name.startswith(SETTING):
                versions.setdefault(name, set()).add(digest)
    return sorted(name for name, found in versions.items() if len(found) > 1)


def needs_of(tx: Tx, turn: Turn) -> set[str]:
    """What whoever does the turn has to know: skills, and `pipeline NAME`."""
    plans = turn.verb == "plan" and turn.goal is not None
    skills = set() if turn.subject == turn.goal else tx.tasks.skills_about(turn.subject)
    return _needs(turn, skills, tx.goals.get(turn.goal or "").pipeline if plans else None)


def _needs(turn: Turn, skills: set[str], pipeline: str | None) -> set[str]:
    if turn.verb == "replan":
        return set()  # the skill it is about may be what is missing
    needs = {turn.actor, *skills} - {DIRECTOR, REVIEWER}
    if turn.verb == "plan" and pipeline is not None:
        needs.add(f"pipeline {pipeline}")
    return needs


def _able(tx: Tx, turn: Turn, needs: set[str], here: Sequence[Worker]) -> list[Worker]:
    able = [worker for worker in here if worker.knows is None or needs <= _known(tx, worker).known.keys()]
    if turn.verb not in ("plan", "replan"):
        return able
    most = max((len(_known(tx, worker).known) for worker in able), default=0)
    return [worker for worker in able if len(_known(tx, worker).known) == most]


def _working_for(tx: Tx, turn: Turn) -> list[Worker]:
    goal = None if turn.goal is None else tx.goals.get(turn.goal)
    return [worker for worker in _at_work(tx) if worker.reach.works_for(goal)]


def _at_work(tx: Tx) -> list[Worker]:
    return [worker for worker in tx.presence.here() if worker.threads > 0]


def _known(tx: Tx, worker: Worker) -> Knowledge:
    if worker.knows is None:
        return Knowledge({})
    if worker.knows not in _kept:
        _kept[worker.knows] = Knowledge.from_text(tx.text(worker.knows))
    return _kept[worker.knows]
