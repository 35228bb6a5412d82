"""Whoever hears a bell does only what it knows how to do; else it passes the turn on, or puts it aside for who can."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from director.catalog import Knowledge
from director.mailbox import abilities, admission, turns
from director.mailbox.turns import LEASE, Held
from director.office import Office
from director.words.errors import NobodyCan, OthersCan
from director.words.models import Goal, Turn
from director.words.reach import Reach

GivenGoal = Callable[..., Goal]


@pytest.fixture
def held(office: Office, given_goal: GivenGoal) -> Held:
    """A turn of a specialist this process has no folder of, in its hand."""
    here(office, office.owner, "copywriting")
    goal = given_goal()
    with office.store.write() as tx:
        turn = turns.create(tx, goal, actor="gnome-care", verb="draft", subject="g1-1")
    return claim(office, turn)


def claim(office: Office, turn: Turn | None) -> Held:
    admission.ring(office)
    assert turn is not None
    held = turns.claim(office, turn.id)
    assert held is not None
    return held


def here(office: Office, owner: str, *known: str) -> None:
    """Another process is here that knows these."""
    with office.store.write() as tx:
        knows = tx.keep(Knowledge(dict.fromkeys(known, "0"), group=owner).to_text())
        until = tx.now + LEASE
        reach = Reach(office.reach.rehearsal)
        tx.presence.announce(owner, standing=True, reach=reach, until=until, queue=f"turns-{owner}", knows=knows)


def test_what_nobody_here_knows_is_for_nobody_here(office: Office, held: Held) -> None:
    """
    The reason names it; what another process does not know either helps nobody.
    """
    here(office, "another", "copywriting")

    with pytest.raises(NobodyCan, match="gnome-care"):
        abilities.check(office, held)


def test_what_somebody_else_here_knows_is_for_them(office: Office, held: Held) -> None:
    """
    And their bell is the one that is rung.
    """
    here(office, "another", "copywriting", "gnome-care")

    with pytest.raises(OthersCan):
        abilities.check(office, held)
    with office.store.read() as tx:
        assert abilities.queues(tx, held.turn) == {"turns-another"}


def test_who_works_for_other_goals_cannot_do_it_whatever_they_know(office: Office, held: Held) -> None:
    """
    One with a key is no help to a rehearsal.
    """
    here(replace(office, reach=Reach(not office.reach.rehearsal)), "another", "gnome-care")

    with pytest.raises(NobodyCan):
        abilities.check(office, held)


def test_what_this_process_knows_is_its_own(office: Office, given_goal: GivenGoal) -> None:
    """
    Nobody has to be here besides.
    """
    here(office, office.owner, "copywriting")
    goal = given_goal()
    with office.store.write() as tx:
        turn = turns.create(tx, goal, actor="copywriting", verb="draft", subject="g1-1")

    abilities.check(office, claim(office, turn))


def test_settings_by_which_workers_work_for_all_are_on_record(office: Office, open_with: Callable[..., Office]) -> None:
    """
    Two workers that differ in them are told of, for it depends on who comes first; a command goes by its own for its goal only.
    Who says nothing of them, a Troupe before this rule, lacks nothing.
    """
    another = open_with(model="claude-haiku-5-5", budget_monthly=1)
    here(office, "earlier", *office.catalog.roster.skills)

    def arrives(one: Office, *, standing: bool) -> None:
        with office.store.write() as tx:
            knows = tx.keep(one.catalog.knowledge.to_text())
            until = tx.now + LEASE
            tx.presence.announce(
                one.owner, standing=standing, reach=one.reach, until=until, queue=one.queue, knows=knows
            )

    def seen() -> tuple[list[str], set[str]]:
        with office.store.read() as tx:
            differing, lacks = abilities.differs(tx), abilities.lacks(tx).values()
        settings = {name for names in lacks for name in names if name.startswith("setting")}
        return [name for name in differing if name.startswith("setting")], settings

    arrives(office, standing=True)
    arrives(another, standing=False)
    command = seen()
    with office.store.write() as tx:
        tx.presence.leave(another.owner)
    arrives(another, standing=True)

    assert command == ([], set())
    assert seen() == (["setting BUDGET_MONTHLY", "setting MODEL"], set())
