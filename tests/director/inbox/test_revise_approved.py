"""A person asks for another version of what was approved: once, and until that is approved the one before stands."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from director.claude.rehearsal.asked import Purpose
from director.goals.cancel import cancel
from director.goals.submit import submit
from director.inbox import approvals
from director.inbox.accept import say_fine
from director.inbox.approvals import answer
from director.inbox.kinds import rule_of
from director.inbox.revise_approved import likely, look_again, revise
from director.office import Office
from director.progress import changes
from director.progress.questions import DEADLINE
from director.upkeep.daily_report import page
from director.views.goal import goal_document, took
from director.words.errors import AnsweredBefore, CannotChange, NotFound, WrongCall
from director.words.models import Change, Draft, Goal, Task
from director.words.states import Answer, ApprovalState, GoalState, TaskState
from tests.conftest import SetClock
from tests.director.claude_double import ClaudeDouble

Drain = Callable[[Office, Goal], Goal]
Pipeline = Callable[..., str]

GNOMES = "Sell singing gnomes"
WORDS = "Shorter, and call it a letter."


def task_of(office: Office, ident: str) -> Task:
    with office.store.read() as tx:
        return tx.tasks.get(ident)


def goal_of(office: Office, ident: str = "g1") -> Goal:
    with office.store.read() as tx:
        return tx.goals.get(ident)


def changes_of(office: Office, ident: str = "g1") -> list[Change]:
    with office.store.read() as tx:
        return tx.changes.of_goal(ident)


def drafts_of(office: Office, ident: str) -> list[Draft]:
    with office.store.read() as tx:
        return tx.drafts.of_task(ident)


def outdated(office: Office, ident: str = "g1") -> dict[str, tuple[str, ...]]:
    with office.store.read() as tx:
        return changes.outdated(tx, ident)


def report_of(office: Office) -> str:
    return (office.settings.workspace_dir / "reports" / "g1.md").read_text(encoding="utf-8")


@pytest.fixture
def done(office: Office, drain: Drain) -> Goal:
    """A completed goal of three tasks, each of which builds on the one before."""
    goal = drain(office, submit(office, GNOMES, pipeline="Outreach Campaign"))
    assert goal.state is GoalState.COMPLETED
    return goal


@pytest.fixture
def never_good(
    asking: Office, claude: ClaudeDouble, drain: Drain, a_review: Callable[..., str]
) -> Callable[[], tuple[Goal, Task]]:
    """A completed goal whose first deliverable is to be changed, and whose new version the reviewer puts to a person."""

    def make() -> tuple[Goal, Task]:
        drain(asking, submit(asking, GNOMES, pipeline="Outreach Campaign"))
        before = task_of(asking, "g1-1")
        claude.says(Purpose.REVIEW, a_review(2))
        revise(asking, "g1-1", WORDS)
        return drain(asking, goal_of(asking)), before

    return make


def test_a_goal_that_was_over_goes_on_for_the_change_and_is_over_again(
    office: Office, drain: Drain, done: Goal
) -> None:
    """The author of that task writes, the reviewer reviews, the Director concludes anew; nobody else works."""
    asked = revise(office, "g1-1", WORDS)

    assert asked.goal.state is GoalState.RUNNING
    assert asked.goal.finished_at is None
    assert [task.id for task in asked.tasks] == ["g1-1"]
    goal = drain(office, done)
    assert (goal.state, goal.reopened_at) == (GoalState.COMPLETED, None)
    assert goal.finished_at is not None
    with office.store.read() as tx:
        calls = [(call.task, call.purpose) for call in tx.calls.of_goal("g1")]
    assert [len(drafts_of(office, ident)) for ident in ("g1-1", "g1-2", "g1-3")] == [2, 1, 1]
    assert calls.count((None, "conclude")) == 2
    assert task_of(office, "g1-1").deliverable == drafts_of(office, "g1-1")[1].id


def test_the_time_in_which_the_goal_was_over_is_not_what_it_took(
    office: Office, drain: Drain, clock: SetClock, done: Goal
) -> None:
    """Also while it is at work again, and after its second change; the day on which it ended again says that it did."""
    for _ in range(2):
        clock.forward(timedelta(days=2))
        revise(office, "g1-1", WORDS)
        clock.forward(timedelta(minutes=3))
        goal = drain(office, done)
    clock.forward(timedelta(days=1))
    with office.store.read() as tx:
        assert timedelta(minutes=6) <= took(tx, goal) < timedelta(minutes=7)
        assert goal_document(office, tx, goal)["seconds"] < 420
        days = [page(tx, office, (done.created_at + timedelta(days=n)).date()) for n in (0, 4)]
    assert "g1," not in days[0]
    assert "completed once more, after a change, $" in days[1]


def test_until_the_new_version_is_approved_the_one_before_stands(office: Office, drain: Drain, done: Goal) -> None:
    """Its files stay, and whoever builds on it is given it."""
    before = task_of(office, "g1-1")
    files = sorted((office.settings.workspace_dir / "outputs" / "g1").iterdir())
    revise(office, "g1-1", WORDS)

    asked = task_of(office, "g1-1")
    assert asked.state is TaskState.DRAFTING
    assert (asked.deliverable, asked.path) == (before.deliverable, before.path)
    assert sorted((office.settings.workspace_dir / "outputs" / "g1").iterdir()) == files


def test_the_author_is_asked_for_edits_with_the_persons_words(
    asking: Office, claude: ClaudeDouble, drain: Drain
) -> None:
    """What was approved is good but for them: it is mended in its places, and what no edit touches stays byte for byte."""
    drain(asking, submit(asking, GNOMES, pipeline="Social Week"))
    with asking.store.read() as tx:
        before = tx.text(drafts_of(asking, "g1-1")[-1].text_hash)
    line = next(line for line in before.splitlines() if before.count(line) == 1 and len(line) > 40)
    claude.says(Purpose.EDITS, json.dumps({"edits": [{"finding": 1, "old": line, "new": f"{line} Sing!"}]}))
    revise(asking, "g1-1", WORDS)
    drain(asking, goal_of(asking))

    asked = next(one for one in claude.asked(Purpose.EDITS) if "earlier_draft" in {fenced.tag for fenced in one.fences})
    assert asked.text("notes") == f"A person asks for this:\n- {WORDS}"
    with asking.store.read() as tx:
        after = tx.text(tx.drafts.get(task_of(asking, "g1-1").deliverable or 0).text_hash)
    assert after == before.replace(line, f"{line} Sing!")


def test_the_same_words_about_the_same_version_are_one_change(office: Office, drain: Drain, done: Goal) -> None:
    """However often they come; other words have to wait, and the same about the next version are another change."""
    revise(office, "g1-1", WORDS)

    assert not revise(office, "g1-1", WORDS).is_new
    with pytest.raises(CannotChange, match="is being changed already"):
        revise(office, "g1-1", "Longer.")
    drain(office, done)
    assert len(drafts_of(office, "g1-1")) == 2
    assert revise(office, "g1-1", WORDS).is_new
    assert len(changes_of(office)) == 2


def test_of_many_who_ask_at_once_for_the_same_one_is_heard(
    office: Office, another: Callable[[str], Office], drain: Drain, done: Goal
) -> None:
    """Threads stand for processes here, each with connections of its own."""
    offices = [another(f"asker-{number}") for number in range(4)]
    heard: list[bool] = []
    start = threading.Barrier(len(offices))

    def ask(mine: Office) -> None:
        start.wait()
        heard.extend(revise(mine, "g1-1", WORDS).is_new for _ in range(10))

    threads = [threading.Thread(target=ask, args=(mine,)) for mine in offices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (heard.count(True), len(heard)) == (1, 40)
    drain(office, done)
    assert len(drafts_of(office, "g1-1")) == 2


def test_what_rests_on_the_version_before_is_named_and_marked_until_somebody_looked(
    office: Office, drain: Drain, done: Goal
) -> None:
    """Directly or through another. Marked once the new version is approved; a look again, or a word, takes the mark away."""
    asked = revise(office, "g1-1", WORDS)
    assert [task.id for task in asked.rest_on_it] == ["g1-2", "g1-3"]
    assert outdated(office) == {}

    drain(office, done)
    assert outdated(office) == {"g1-2": ("g1-1",), "g1-3": ("g1-1",)}
    assert report_of(office).count("rests on an earlier version of “Cold email”") == 2
    say_fine(office, "g1-3")
    assert outdated(office) == {"g1-2": ("g1-1",)}
    assert report_of(office).count("rests on an earlier version") == 1
    assert look_again(office, "g1-1").is_new
    assert not look_again(office, "g1-1").is_new
    assert outdated(office) == {}
    drain(office, done)
    # What came of that look is new to who was said to be fine beside the version before it.
    assert outdated(office) == {"g1-3": ("g1-2",)}
    with pytest.raises(CannotChange, match="Nothing that is approved rests"):
        look_again(office, "g1-1")
    with pytest.raises(CannotChange, match="Nothing that g1-2 rests on was changed"):
        say_fine(office, "g1-2")


def test_dependents_are_looked_at_again_in_the_plans_order(office: Office, drain: Drain, done: Goal) -> None:
    """Each begins once what it builds on is approved anew, so none rests on an earlier version afterwards."""
    asked = revise(office, "g1-1", WORDS, dependents=True)

    assert [(task.id, task.state) for task in asked.tasks] == [
        ("g1-1", TaskState.DRAFTING), ("g1-2", TaskState.PLANNED), ("g1-3", TaskState.PLANNED),
    ]  # fmt: skip
    assert drain(office, done).state is GoalState.COMPLETED
    assert outdated(office) == {}
    latest = {ident: drafts_of(office, ident)[-1] for ident in ("g1-1", "g1-2", "g1-3")}
    assert latest["g1-3"].inputs == {"g1-1": latest["g1-1"].id, "g1-2": latest["g1-2"].id}


def test_what_builds_on_reviewed_work_waits_for_its_new_version(
    office: Office, drain: Drain, pipeline: Pipeline
) -> None:
    """The review in between is not done again; begun beside the change, it would rest on the version before."""
    name = pipeline("copywriting", {"review": "page-cro"}, "cold-email")
    goal = drain(office, submit(office, GNOMES, pipeline=name))
    revise(office, "g1-1", WORDS, dependents=True)
    assert drain(office, goal).state is GoalState.COMPLETED

    assert outdated(office) == {}
    assert drafts_of(office, "g1-3")[-1].inputs == {"g1-1": drafts_of(office, "g1-1")[-1].id}


def test_dependents_can_be_asked_for_behind_a_change_that_is_under_way(office: Office, done: Goal) -> None:
    """The change itself stays one; the same again asks nobody."""
    revise(office, "g1-1", WORDS)
    asked = revise(office, "g1-1", WORDS, dependents=True)

    assert ([task.id for task in asked.tasks], asked.is_new) == (["g1-2", "g1-3"], True)
    assert not revise(office, "g1-1", WORDS, dependents=True).is_new
    assert len(changes_of(office)) == 3


def test_a_new_version_that_is_turned_down_leaves_the_one_before_and_no_conclusion(
    asking: Office, claude: ClaudeDouble, drain: Drain, never_good: Callable[[], tuple[Goal, Task]]
) -> None:
    """The goal ends as it had ended, and no call is made for it; the same may be asked anew."""
    goal, before = never_good()
    assert goal.state is GoalState.WAITING
    with asking.store.read() as tx:
        (question,) = tx.approvals.open("g1")
    assert "reject it, which keeps the version that was approved?" in question.question

    answer(asking, question.id, Answer.REJECT)
    goal = drain(asking, goal)
    assert (goal.state, goal.reason) == (GoalState.COMPLETED, None)
    task = task_of(asking, "g1-1")
    assert (task.state, task.deliverable, task.score) == (TaskState.APPROVED, before.deliverable, before.score)
    assert len(claude.asked(Purpose.CONCLUSION)) == 1
    assert outdated(asking) == {}
    assert revise(asking, "g1-1", WORDS).is_new


def test_a_new_version_nobody_decides_about_leaves_the_one_before(
    asking: Office, clock: SetClock, never_good: Callable[[], tuple[Goal, Task]]
) -> None:
    """Silence is no yes, and takes nothing away."""
    _, before = never_good()
    clock.forward(2 * DEADLINE)

    assert approvals.apply_defaults(asking) == 1
    assert task_of(asking, "g1-1").deliverable == before.deliverable
    assert goal_of(asking).state is GoalState.COMPLETED


@pytest.mark.parametrize("said", [Answer.REJECT, None, Answer.APPROVE])
def test_a_change_that_fails_for_good_is_asked_about_and_takes_nothing_away(
    open_with: Callable[..., Office], drain: Drain, clock: SetClock, said: Answer | None
) -> None:
    """
    The Director puts no other task in the place of what is approved. Who wants it tried again has it written; else, said or
    not, the version before stands, the goal goes on as it was, and the question says so.
    """
    drain(open_with(), submit(open_with(), GNOMES, pipeline="Outreach Campaign"))
    fails = open_with(rehearsal="declines=cold-email")
    before = task_of(fails, "g1-1")
    revise(fails, "g1-1", WORDS)
    goal = drain(fails, goal_of(fails))

    assert goal.state is GoalState.WAITING
    with fails.store.read() as tx:
        (question,) = tx.approvals.open("g1")
        assert [task.id for task in tx.tasks.of_goal("g1")] == ["g1-1", "g1-2", "g1-3"]
    assert question.question.endswith("Try again? If not, the version that was approved is kept.")
    assert rule_of(question.about).unanswered == "the version that was approved is kept"
    if said is None:
        clock.forward(2 * DEADLINE)
        assert approvals.apply_defaults(fails) == 1
    else:
        answer(fails, question.id, said)
    goal = drain(open_with(), goal_of(fails))

    assert (goal.state, goal.reason) == (GoalState.COMPLETED, None)
    task = task_of(fails, "g1-1")
    assert task.state is TaskState.APPROVED
    assert (task.deliverable == before.deliverable) is (said is not Answer.APPROVE)


def test_a_change_that_fails_ends_no_goal_that_is_not_over(
    open_with: Callable[..., Office], drain: Drain, do_until_approved: Callable[[], Goal]
) -> None:
    """What is approved stands, and all else goes on."""
    do_until_approved()
    fails = open_with(rehearsal="declines=cold-email")
    revise(fails, "g1-1", WORDS)
    drain(fails, goal_of(fails))
    with fails.store.read() as tx:
        question = next(one for one in tx.approvals.open("g1") if one.task == "g1-1")
    answer(fails, question.id, Answer.REJECT)

    assert task_of(fails, "g1-1").state is TaskState.APPROVED
    assert drain(open_with(), goal_of(fails)).state is GoalState.COMPLETED


def test_revisions_are_counted_anew(
    asking: Office, claude: ClaudeDouble, drain: Drain, a_review: Callable[..., str]
) -> None:
    """A task that took all its revisions before has as many for the change."""
    claude.says(Purpose.REVIEW, a_review(5), a_review(5.5), a_review(6), a_review(9))
    drain(asking, submit(asking, GNOMES, pipeline="Social Week"))
    assert task_of(asking, "g1-1").revision == 3
    claude.says(Purpose.REVIEW, a_review(5), a_review(9))
    revise(asking, "g1-1", WORDS)
    goal = drain(asking, goal_of(asking))

    assert goal.state is GoalState.COMPLETED
    assert task_of(asking, "g1-1").revision == 5


def test_stopping_the_goal_gives_up_the_change(office: Office, done: Goal) -> None:
    """It is over as it was; what waited for the change is as it was, too."""
    before = [task_of(office, ident).deliverable for ident in ("g1-1", "g1-2", "g1-3")]
    revise(office, "g1-1", WORDS, dependents=True)

    assert cancel(office, "g1").state is GoalState.COMPLETED
    assert [task_of(office, ident).deliverable for ident in ("g1-1", "g1-2", "g1-3")] == before
    assert {task_of(office, ident).state for ident in ("g1-1", "g1-2", "g1-3")} == {TaskState.APPROVED}
    with office.store.read() as tx:
        assert tx.turns.open_of_goal("g1") == []
    assert all(change.given_up_at for change in changes_of(office))


def test_what_was_given_up_can_be_asked_for_again(office: Office, drain: Drain, done: Goal) -> None:
    """Its author had begun; it is another turn for the same version."""
    revise(office, "g1-1", WORDS)
    cancel(office, "g1")
    assert revise(office, "g1-1", WORDS).is_new

    assert drain(office, done).state is GoalState.COMPLETED
    assert len(drafts_of(office, "g1-1")) == 2


def test_what_nobody_can_change_is_refused_and_said_why(office: Office, drain: Drain, pipeline: Pipeline) -> None:
    """A task that is not there, not approved, or a review; words without any; a goal nobody works on."""
    with pytest.raises(NotFound):
        revise(office, "g1-1", WORDS)
    name = pipeline("copywriting", {"review": "page-cro"})
    goal = drain(office, submit(office, GNOMES, pipeline=name))
    with pytest.raises(WrongCall, match="Say what to change"):
        revise(office, "g1-1", " ")
    with pytest.raises(CannotChange, match="g1-2 reviews g1-1"):
        revise(office, "g1-2", WORDS)
    stopped = cancel(office, submit(office, GNOMES, pipeline="Social Week").id)
    assert stopped.state is GoalState.CANCELLED
    assert goal == goal_of(office)


def test_while_the_director_writes_the_report_nothing_is_changed(
    office: Office, do_until: Callable[[GoalState], Goal]
) -> None:
    """It is about what is approved now."""
    do_until(GoalState.CONCLUDING)

    with pytest.raises(CannotChange, match="writes its report"):
        revise(office, "g1-1", WORDS)


def test_a_conclusion_that_failed_is_made_once_the_change_is_there(
    asking: Office, claude: ClaudeDouble, drain: Drain
) -> None:
    """The question whether it is tried again is withdrawn: a yes would conclude the goal without what is being changed."""
    claude.says(Purpose.CONCLUSION, 403)
    goal = drain(asking, submit(asking, GNOMES, pipeline="Social Week"))
    with asking.store.read() as tx:
        (question,) = tx.approvals.open("g1")
    assert question.question.startswith("The conclude of g1 failed")
    revise(asking, "g1-1", WORDS)

    with pytest.raises(AnsweredBefore):
        answer(asking, question.id, Answer.APPROVE)
    assert drain(asking, goal).state is GoalState.COMPLETED
    assert len(drafts_of(asking, "g1-1")) == 2


def test_a_running_goal_is_changed_as_well(office: Office, drain: Drain, do_until_approved: Callable[[], Goal]) -> None:
    """What has not begun waits for the new version, and is given it."""
    goal = do_until_approved()
    revise(office, "g1-1", WORDS)
    drain(office, goal)

    assert goal_of(office).state is GoalState.COMPLETED
    first = drafts_of(office, "g1-1")
    assert len(first) == 2
    assert outdated(office).keys() <= {"g1-2"}


def test_what_it_likely_costs_is_less_than_the_goal(office: Office, done: Goal) -> None:
    """One task and the conclusion; with its dependents more."""
    with office.store.read() as tx:
        one = likely(office, tx, "g1-1", itself=True, dependents=False)
        all_of_them = likely(office, tx, "g1-1", itself=True, dependents=True)

    assert 0 < one.low_nano < one.likely_nano < all_of_them.likely_nano
    assert one.likely_nano < (done.forecast or {})["likely_nano"]


def test_a_question_about_an_earlier_version_is_closed(
    asking: Office, never_good: Callable[[], tuple[Goal, Task]]
) -> None:
    """While one is open its answer is what is asked for; stopping the change withdraws it."""
    never_good()
    with asking.store.read() as tx:
        (question,) = tx.approvals.open("g1")
    with pytest.raises(CannotChange, match=f"revise {question.id}"):
        revise(asking, "g1-1", "Longer.")
    cancel(asking, "g1")

    with asking.store.read() as tx:
        assert tx.approvals.get(question.id).state is ApprovalState.WITHDRAWN


@pytest.fixture
def do_until(office: Office) -> Callable[[GoalState], Goal]:
    """Do a goal's turns one by one until it is in that state."""
    from tests.director.cli.conftest import do  # noqa: PLC0415

    def work(state: GoalState) -> Goal:
        goal = submit(office, GNOMES, pipeline="Social Week")
        for _ in range(20):
            if goal.state is state:
                return goal
            goal = do(office, goal)
        raise AssertionError(goal.state)

    return work


@pytest.fixture
def do_until_approved(office: Office) -> Callable[[], Goal]:
    """Do a goal's turns one by one until its first task is approved."""
    from tests.director.cli.conftest import do  # noqa: PLC0415

    def work() -> Goal:
        goal = submit(office, GNOMES, pipeline="Outreach Campaign")
        for _ in range(20):
            goal = do(office, goal)
            with office.store.read() as tx:
                if any(task.state is TaskState.APPROVED for task in tx.tasks.of_goal(goal.id)):
                    return goal
        raise AssertionError(goal.state)

    return work
