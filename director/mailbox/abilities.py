"""
Who can do a turn: what it needs to be known, and what each process that is here knows.

Workers may differ (one has a SKILLS_PATH, another has not; one is of a newer version). A turn needs its specialist's folder, a
review that of whose work it judges, a named pipeline its file. A plan is made by whoever knows most: Claude is shown the
folders of who asks, so another would offer fewer specialists, and would refuse, paid, what names one it does not know.

Where those who are here differ, a bell is rung where they listen who can do the turn. Whoever hears one all the same looks
again before anything is asked: it passes the turn on, or, where nobody here can do it, puts it aside until somebody can.
"""

from collections.abc import Sequence

from director.catalog import Knowledge
from director.mailbox.turns import Held
from director.office import DIRECTOR, REVIEWER, Office
from director.redis.bus import queue_of
from director.store.tx import Tx
from director.words.errors import NobodyCan, OthersCan
from director.words.models import Turn, Worker
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
        able = {worker.owner for worker in _able(tx, held.turn, needs, _at_work(tx))}
        here = {worker.owner for worker in tx.presence.here()}
    if unknown and not able - {office.owner}:
        raise NobodyCan(unknown)
    # Who is not on record (a test, a process that was taken for dead) has nobody to compare it with.
    if unknown or (office.owner in here and able and office.owner not in able):
        raise OthersCan(unknown)


def held_that_can_be_done(tx: Tx) -> list[Turn]:
    """Turns put aside until somebody can do them, which somebody who is here can; read by a statement a kind of row."""
    here, skills = _at_work(tx), tx.tasks.skills_of_held(HeldWhy.SKILL)
    pipelines = {goal.id: goal.pipeline for goal in tx.goals.of_held(HeldWhy.SKILL)}
    return [
        turn
        for turn in tx.turns.held(HeldWhy.SKILL)
        if _able(tx, turn, _needs(turn, skills.get(turn.subject, set()), pipelines.get(turn.goal or "")), here)
    ]


def queues(tx: Tx, turns: Sequence[Turn]) -> list[set[str]]:
    """Where to ring for each turn; nothing where all listen, unless those who are here differ and only some can do it."""
    here = _at_work(tx) if turns else []
    if len({worker.knows for worker in here}) < 2:
        return [set() for _ in turns]
    found = []
    for turn in turns:
        able = _able(tx, turn, needs_of(tx, turn), here)
        found.append(set() if len(able) in (0, len(here)) else {queue_of(_known(tx, worker).group) for worker in able})
    return found


def all_queues(tx: Tx) -> set[str]:
    """Where those who are here listen."""
    return {queue_of(_known(tx, worker).group) for worker in tx.presence.here()}


def lacks(tx: Tx) -> dict[str, list[str]]:
    """Of each process that is here: what others here know and it does not."""
    known = {worker.owner: _known(tx, worker).known.keys() for worker in tx.presence.here() if worker.knows is not None}
    everything = set().union(*known.values()) if known else set()
    return {owner: sorted(everything - names) for owner, names in known.items() if everything - names}


def differs(tx: Tx) -> list[str]:
    """What those who are here know in different versions."""
    versions: dict[str, set[str]] = {}
    for worker in tx.presence.here():
        for name, digest in _known(tx, worker).known.items():
            versions.setdefault(name, set()).add(digest)
    return sorted(name for name, found in versions.items() if len(found) > 1)


def needs_of(tx: Tx, turn: Turn) -> set[str]:
    """What whoever does the turn has to know: skills, and `pipeline NAME`."""
    plans = turn.verb == "plan" and turn.goal is not None
    return _needs(turn, tx.tasks.skills_about(turn.subject), tx.goals.get(turn.goal or "").pipeline if plans else None)


def _needs(turn: Turn, skills: set[str], pipeline: str | None) -> set[str]:
    needs = {turn.actor, *skills} - {DIRECTOR, REVIEWER}
    if turn.verb == "plan" and pipeline is not None:
        needs.add(f"pipeline {pipeline}")
    return needs


def _able(tx: Tx, turn: Turn, needs: set[str], here: Sequence[Worker]) -> list[Worker]:
    able = [worker for worker in here if worker.knows is None or needs <= _known(tx, worker).known.keys()]
    if turn.verb != "plan":
        return able
    most = max((len(_known(tx, worker).known) for worker in able), default=0)
    return [worker for worker in able if len(_known(tx, worker).known) == most]


def _at_work(tx: Tx) -> list[Worker]:
    return [worker for worker in tx.presence.here() if worker.hands > 0]


def _known(tx: Tx, worker: Worker) -> Knowledge:
    if worker.knows is None:
        return Knowledge({})
    if worker.knows not in _kept:
        _kept[worker.knows] = Knowledge.from_text(tx.text(worker.knows))
    return _kept[worker.knows]
