"""`why`: the chain behind each kind of thing, from who asked to what it cost, oldest first, by short looks at the record."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, update

from director.goals.submit import submit
from director.inbox.approvals import answer
from director.mailbox import admission, handling
from director.office import Office
from director.progress.on_turn_failure import after_failure
from director.store import schema
from director.store.tx import Tx
from director.triggers import clock as schedules
from director.triggers.schedules import load
from director.views.why import Why, why, why_document
from director.words.errors import NotFound, WrongCall
from director.words.models import Goal
from director.words.states import Answer, CallState, TurnState
from tests.conftest import VERBS, SetClock
from tests.director.conftest import add_call, add_goal
from tests.director.triggers.conftest import happened, look_at

Drain = Callable[[Office, Goal], Goal]

#: Tables that grow with every goal.
GROWING = (
    "goals",
    "tasks",
    "edges",
    "drafts",
    "reviews",
    "turns",
    "calls",
    "approvals",
    "journal",
    "events",
    "outcomes",
    "slots",
)


@pytest.fixture
def work(drain: Drain, clock: SetClock) -> Drain:
    """As `drain`, and each turn is a second later than the one before."""

    def do(office: Office, goal: Goal) -> Goal:
        for _ in range(200):
            admission.ring(office)
            clock.forward(timedelta(seconds=1))
            with office.store.read() as tx:
                waiting = [turn for turn in tx.turns.of_goal(goal.id) if turn.state is TurnState.DISPATCHED]
            if not waiting:
                break
            handling.handle(office, waiting[0].id, VERBS, after_failure)
        return drain(office, goal)

    return do


def asked(office: Office, ident: str) -> Why:
    with office.store.read() as tx:
        return why(tx, office, ident)


def said(found: Why) -> list[str]:
    return [f"{fact.about}: {fact.said}" for fact in found.facts]


def spent(tx: Tx, goal: str, *, rehearsal: bool) -> int:
    return tx.accounts.get(f"goal {goal}", rehearsal=rehearsal).spent_nano


@pytest.fixture
def sent_back(open_with: Callable[..., Office], work: Drain) -> tuple[Office, Goal]:
    """A rehearsed goal, each of whose drafts was sent back once."""
    office = open_with(rehearsal="send_back=1")
    return office, work(office, submit(office, "Sell gnomes", pipeline="Copywriting Review Chain"))


def test_a_goal_is_told_from_who_asked_to_its_end(sent_back: tuple[Office, Goal]) -> None:
    """In the order of time; each task in a line, the Director's own calls with them; the money is the account's."""
    office, goal = sent_back
    found = asked(office, goal.id)
    lines = said(found)
    with office.store.read() as tx:
        tasks = tx.tasks.of_goal(goal.id)
        expected = spent(tx, goal.id, rehearsal=True)

    assert lines[0].startswith(
        "g1: A person gave the goal: “Sell gnomes” (strategic, P1, at most $100.00, the pipeline"
    )
    assert sorted(fact.at for fact in found.facts) == [fact.at for fact in found.facts]
    assert all(any(line.startswith(f"{task.id}: {task.skill}: approved") for line in lines) for task in tasks)
    assert lines[-1].startswith("g1: Completed, by director")
    assert (0, expected) == (found.paid_nano, found.rehearsed_nano)


def test_a_task_is_told_with_its_prompts_versions_and_verdicts(sent_back: tuple[Office, Goal]) -> None:
    """Both versions, both verdicts, what sent it back, and of what the prompts were made."""
    office, goal = sent_back
    found = asked(office, f"{goal.id}-1")
    lines = "\n".join(said(found))

    steps = (
        "The plan has it: copywriting writes", "c1: draft, asked of", "Revision 0 was kept", "c2: review, asked of",
        "Verdict on revision 0 by reviewer: revise", "Drafting, by reviewer: sent back", "Revision 1 was kept",
        "Verdict on revision 1 by reviewer: approve", "Approved, by reviewer",
    )  # fmt: skip
    places = [lines.index(step) for step in steps]
    assert sorted(places) == places
    assert any("House rules" in line for fact in found.facts for line in fact.more)


@pytest.mark.parametrize("kind", ["c", "call "])
def test_a_call_says_what_it_was_for_and_what_came_of_it(sent_back: tuple[Office, Goal], kind: str) -> None:
    """Its turn, its prompt part by part as it was sent, its request, the version it wrote and the verdict on that."""
    office, goal = sent_back
    with office.store.read() as tx:
        call = next(call for call in tx.calls.of_goal(goal.id) if call.key.startswith("draft:g1-1:1"))
    found = asked(office, f"{kind}{call.id}")
    (fact,) = [fact for fact in found.facts if fact.about == f"c{call.id}"]
    text = "\n".join(said(found))

    assert found.headline.endswith("rehearsed: draft of g1-1 (copywriting, revision 1) for g1 “Sell gnomes”")
    assert call.cost_nano == found.rehearsed_nano
    assert call.request_id is not None
    assert call.request_id in fact.said
    assert "copywriting was to draft g1-1: turn" in text
    assert "Revision 1 was kept" in text
    assert "Verdict on revision 1 by reviewer: approve" in text
    assert "revision 0" not in text
    names = [part["name"] for part in fact.data["parts"]]
    assert names[0] == "House rules"
    assert "earlier_draft" in names
    assert all(part["tokens"] > 0 and re.fullmatch("[0-9a-f]{64}", part["sha256"]) for part in fact.data["parts"])


def test_the_parts_of_the_prompts_of_every_purpose_are_kept(sent_back: tuple[Office, Goal]) -> None:
    """Also of those that `show --prompt` cannot build anew: plans, reviews, edits, conclusions."""
    office, goal = sent_back
    with office.store.read() as tx:
        calls = tx.calls.of_goal(goal.id)
        found = {call.purpose: why(tx, office, f"c{call.id}") for call in calls}

    assert {"draft", "review", "conclude"} <= set(found)
    assert all(any(fact.more for fact in each.facts if fact.about.startswith("c")) for each in found.values())


def test_a_call_of_an_earlier_troupe_has_no_parts_and_is_told(office: Office) -> None:
    """What was not kept then cannot be told; the rest is."""
    with office.store.write() as tx:
        call = add_call(tx)
    found = asked(office, f"c{call.id}")

    assert any("at worst, may have been paid without an answer. no answer came in time" in line for line in said(found))
    assert f"{call.goal}: Call lost, by ledger: call {call.id} (plan): no answer came in time" in said(found)


@pytest.mark.parametrize("state", CallState)
def test_every_state_of_a_call_is_told(office: Office, state: CallState) -> None:
    """In words of its own."""
    with office.store.write() as tx:
        call = add_call(tx)
        tx.conn.execute(update(schema.calls).values(state=state))

    assert said(asked(office, f"c{call.id}"))


def test_a_verdict_is_told_with_what_it_is_about(sent_back: tuple[Office, Goal]) -> None:
    """The call that wrote the version and the one that judged it, no other; a colleague's own for what a colleague found."""
    office, goal = sent_back
    with office.store.read() as tx:
        of_first = tx.reviews.of_task(f"{goal.id}-1")
        calls = tx.calls.of_goal(goal.id)
    ours = next(review for review in of_first if review.by == "reviewer")
    theirs = next(review for review in of_first if review.by == f"{goal.id}-2")
    first, second = asked(office, f"r{ours.id}"), asked(office, f"verdict {theirs.id}")

    assert f"r{ours.id}, reviewer on revision 0 of g1-1: revise" == first.headline
    assert (
        sum(c.cost_nano for c in calls if c.key.startswith(("draft:g1-1:0", "review:g1-1:0"))) == first.rehearsed_nano
    )
    assert any(line.startswith("g1-1: Drafting, by reviewer: sent back") for line in said(first))
    judging = [fact for fact in second.facts if fact.data.get("purpose") == "review"]
    assert [f"{goal.id}-2"] == [next(c.task for c in calls if c.id == fact.data["call"]) for fact in judging]


def test_a_question_is_told_with_its_answer_and_who_gave_it(office: Office, work: Drain) -> None:
    """And what it was about."""
    goal = work(office, submit(office, "Sell gnomes", plan_by="template", confirm=True))
    still_open = said(asked(office, "a1"))
    answer(office, "a1", Answer.REJECT)
    lines = said(asked(office, "a1"))

    assert any(line.startswith("a1: Asked: Run this plan of") for line in still_open)
    assert "a1: Answered: reject, by person." in lines
    assert any(line.startswith(f"{goal.id}: A person gave the goal") for line in lines)
    assert any(line.startswith("a1: Answered: reject") for line in said(asked(office, goal.id)))


def test_what_an_event_started_is_told_from_either_end(office: Office, work: Drain) -> None:
    """The event, the trigger and the goal, with what it cost."""
    came = happened(office, "new_blog_post", {"title": "Ten gnomes"})
    look_at(office, came)
    with office.store.read() as tx:
        (goal,) = tx.goals.all()
    work(office, goal)
    from_the_event, from_the_goal = asked(office, came.id), asked(office, goal.id)
    with office.store.read() as tx:
        expected = spent(tx, goal.id, rehearsal=True)

    assert said(from_the_event)[0].startswith(f"{came.id}: The event new_blog_post came from ")
    assert '{"title": "Ten gnomes"}' in said(from_the_event)[0]
    assert said(from_the_event)[1].startswith(f"{came.id}: The trigger new-blog-post: started.")
    assert said(from_the_event)[2].startswith(f"{goal.id}: So the goal was given")
    assert said(from_the_event)[:3] == said(from_the_goal)[:3]
    assert expected == from_the_event.rehearsed_nano == from_the_goal.rehearsed_nano > 0


def test_a_due_time_is_told_by_name_and_moment(office: Office, clock: SetClock) -> None:
    """In UTC, or in the zone that is typed; one that has no fate is a sentence."""
    schedule = load(office.settings, office.catalog).find("daily-social")
    with office.store.write() as tx:
        tx.slots.enable(office.brand, "daily-social", enabled=True)
    clock.forward(timedelta(days=1))
    assert 1 == schedules.tick(office)
    slot = next(schedule.cron.between(clock.now - timedelta(days=1), clock.now))
    typed = [f"daily-social@{slot:%Y-%m-%dT%H:%M}", f"daily-social@{slot + timedelta(hours=1):%Y-%m-%dT%H:%M}+01:00"]
    first, second = (asked(office, each) for each in typed)

    assert first == second
    assert said(first)[0].startswith(
        f"{typed[0]}Z: Was due: the schedule daily-social, {slot:%Y-%m-%d %H:%M:%S} UTC: fired."
    )
    assert said(asked(office, first.ident)) == said(first)
    assert said(asked(office, "g1"))[:2] == said(first)[:2]
    with pytest.raises(NotFound, match="schedules explain daily-social"):
        asked(office, "daily-social@2026-11-22T09:00")


def test_paid_and_rehearsed_money_of_one_goal_stay_apart(office: Office) -> None:
    """Also in the line of a task."""
    with office.store.write() as tx:
        goal = add_goal(tx)
        add_call(tx, goal=goal, cost_nano=3)
        add_call(tx, goal=goal, cost_nano=5, rehearsal=True)
    found = asked(office, goal.id)

    assert (3, 5) == (found.paid_nano, found.rehearsed_nano)


@pytest.mark.parametrize("ident", ["", "x", "17", "g1-", "c", "daily-social@noon", "g1-1-1", "r-1"])
def test_what_names_nothing_is_a_sentence(office: Office, ident: str) -> None:
    """It says what can be named."""
    with pytest.raises(WrongCall):
        asked(office, ident)


@pytest.mark.parametrize("ident", ["g1", "g1-1", "r1", "a1", "c1", "e1", "nobody@2026-11-22T09:00"])
def test_what_is_not_there_is_a_sentence(office: Office, ident: str) -> None:
    """It says how to find what is."""
    with pytest.raises(NotFound, match=r"`.*`"):
        asked(office, ident)


@pytest.fixture
def statements(office: Office) -> Iterator[list[tuple[str, Any]]]:
    """What is asked of the database."""
    seen: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.lower().startswith("select"):
            seen.append((statement, parameters))

    event.listen(office.store.engine, "before_cursor_execute", note)
    yield seen
    event.remove(office.store.engine, "before_cursor_execute", note)


def test_no_look_reads_a_whole_table(office: Office, work: Drain, statements: list[tuple[str, Any]]) -> None:
    """Each is by an index, so that a store of years is looked at as fast as a new one."""
    came = happened(office, "new_blog_post", {"title": "Ten gnomes"})
    look_at(office, came)
    with office.store.read() as tx:
        (goal,) = tx.goals.all()
    work(office, goal)
    work(office, submit(office, "Sell gnomes", plan_by="template", confirm=True))
    statements.clear()
    idents = (goal.id, f"{goal.id}-1", "r1", "a1", "c1", came.id)
    for each in idents:
        why_document(asked(office, each))
    asked_for = list(statements)

    with office.store.read() as tx:
        plans = {
            statement: [str(row[-1]) for row in tx.conn.exec_driver_sql(f"explain query plan {statement}", parameters)]
            for statement, parameters in asked_for
        }
    whole = re.compile(rf"SCAN ({'|'.join(GROWING)})$")
    assert len(plans) > 10
    assert [(statement, line) for statement, plan in plans.items() for line in plan if whole.match(line)] == []
