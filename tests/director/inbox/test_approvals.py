"""Questions only a person may answer: each kind, each answer, each deadline."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from director.calls import ceilings
from director.catalog import catalog_of
from director.claude.rehearsal.asked import Purpose
from director.files.places import notes_path
from director.goals.submit import submit
from director.inbox import approvals
from director.inbox.approvals import answer, apply_defaults
from director.inbox.kinds import rule_of
from director.inbox.version import version_of_question
from director.office import Office
from director.progress import questions
from director.progress.advance import cancel_goal
from director.progress.questions import DEADLINE
from director.upkeep.sweep import sweep
from director.words.amounts import NANO
from director.words.errors import ChangedSince, NotFound, WrongCall
from director.words.models import Approval, Goal
from director.words.question import AboutPlan, Kind
from director.words.settings import Settings
from director.words.states import Answer, ApprovalState, GoalState, TaskState, TurnState, WaitFor
from tests.conftest import SetClock
from tests.director.claude_double import ClaudeDouble

Drain = Callable[[Office, Goal], Goal]
Raised = Callable[[Kind], tuple[Goal, Approval]]

GNOMES = "Sell singing gnomes to people without gardens"

SECTIONS = catalog_of(Settings()).roster.skills["social-content"].required_sections

#: What passes the certain checks of social-content.
DRAFT = '<piece title="Post">\nSing.\n</piece>\n\n' + "\n\n".join(
    f"## {title}\n\n{'Gnomes sing. ' * 60}" for title in SECTIONS
)

#: Less than one draft could cost, more than nothing.
SMALL = NANO // 100


def goal_of(office: Office, goal: Goal) -> Goal:
    with office.store.read() as tx:
        return tx.goals.get(goal.id)


def question_of(office: Office, goal: Goal) -> Approval:
    with office.store.read() as tx:
        (question,) = tx.approvals.open(goal.id)
    return question


def approval(office: Office, ident: str) -> Approval:
    with office.store.read() as tx:
        return tx.approvals.get(ident)


def states(office: Office, goal: Goal) -> list[TaskState]:
    with office.store.read() as tx:
        return [task.state for task in tx.tasks.of_goal(goal.id)]


def nothing_is_left_to_do(office: Office, goal: Goal) -> bool:
    with office.store.read() as tx:
        return not tx.turns.open_of_goal(goal.id) and not tx.approvals.open(goal.id)


def with_little_money(office: Office, goal: Goal) -> Goal:
    """The goal, its plan agreed to and its cap lowered since: a plan that does not fit is asked about as it is made."""
    with office.store.write() as tx:
        tx.goals.change(goal.id, cap_nano=SMALL)
    answer(office, question_of(office, goal).id, Answer.APPROVE)
    return goal_of(office, goal)


@pytest.fixture
def raised(
    asking: Office, claude: ClaudeDouble, drain: Drain, a_review: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> Callable[[Kind], tuple[Goal, Approval]]:
    """A goal that waits for the answer to a question of that kind; after it Claude is at its best again."""

    def make(kind: Kind) -> tuple[Goal, Approval]:
        given: dict[str, Any] = {"pipeline": "Social Week"}
        if kind is Kind.PLAN:
            given["confirm"] = True
        elif kind is Kind.DRAFT:
            claude.says(Purpose.REVIEW, a_review(2))
        elif kind is Kind.SPENDING:
            given["confirm"] = True
        elif kind is Kind.PAUSE:
            monkeypatch.setattr(ceilings, "MOST_CALLS", 2)
        else:
            claude.says(Purpose.DRAFT, 400)
        goal = drain(asking, submit(asking, GNOMES, **given))
        if kind is Kind.SPENDING:
            goal = drain(asking, with_little_money(asking, goal))
        assert goal.state is GoalState.WAITING
        question = question_of(asking, goal)
        assert question.kind == kind
        monkeypatch.undo()
        return goal, question

    return make


@pytest.mark.parametrize("kind", Kind)
def test_a_question_is_complete(asking: Office, raised: Raised, kind: Kind) -> None:
    """
    It asks something, names a deadline of 72 hours, and the goal says whom it waits for, why and until when. Nobody
    waits in a worker meanwhile.
    """
    goal, question = raised(kind)

    assert question.question.rstrip().endswith(("?", "."))
    assert "?" in question.question
    assert question.state is ApprovalState.OPEN
    assert timedelta(hours=72) == DEADLINE
    assert question.due_at == question.created_at + DEADLINE
    assert goal.wait_for is (WaitFor.MONEY if kind is Kind.SPENDING else WaitFor.PERSON)
    assert goal.wait_until == question.due_at
    assert question.id in (goal.reason or "")
    with asking.store.read() as tx:
        assert tx.turns.in_hand() == 0


@pytest.mark.parametrize("kind", Kind)
def test_yes_lets_the_goal_go_on_to_its_end(asking: Office, raised: Raised, drain: Drain, kind: Kind) -> None:
    """
    Whatever was asked, with a yes the goal completes.
    """
    goal, question = raised(kind)
    answer(asking, question.id, Answer.APPROVE)

    assert drain(asking, goal).state is GoalState.COMPLETED
    closed = approval(asking, question.id)
    assert (closed.state, closed.answer) == (ApprovalState.ANSWERED, Answer.APPROVE)
    assert closed.answered_at is not None


@pytest.mark.parametrize("kind", Kind)
def test_no_ends_the_goal_and_says_why(asking: Office, raised: Raised, kind: Kind) -> None:
    """
    A plan that is not agreed to is cancelled; a draft, money or another try that is refused fails the goal.
    """
    goal, question = raised(kind)
    answer(asking, question.id, Answer.REJECT)

    now = goal_of(asking, goal)
    assert now.state is (GoalState.CANCELLED if kind is Kind.PLAN else GoalState.FAILED)
    assert now.reason
    assert nothing_is_left_to_do(asking, goal)
    assert not {TaskState.DRAFTING, TaskState.REVIEWING, TaskState.PLANNED, TaskState.ESCALATED} & set(
        states(asking, goal)
    )


@pytest.mark.parametrize("kind", Kind)
def test_cancel_ends_the_goal(asking: Office, raised: Raised, kind: Kind) -> None:
    """
    A person may stop the goal in answer to any question.
    """
    goal, question = raised(kind)
    answer(asking, question.id, Answer.CANCEL)

    assert goal_of(asking, goal).state is GoalState.CANCELLED
    assert nothing_is_left_to_do(asking, goal)


def test_a_persons_instructions_are_a_revision(
    asking: Office, claude: ClaudeDouble, raised: Raised, drain: Drain
) -> None:
    """
    Revise sends the draft back with the person's words as notes; what comes of it is reviewed like any draft.
    """
    goal, question = raised(Kind.DRAFT)
    answer(asking, question.id, Answer.REVISE, "Fewer adjectives, more gnomes.")
    goal = drain(asking, goal)

    assert goal.state is GoalState.COMPLETED
    assert "A person asks for this: Fewer adjectives, more gnomes." in claude.asked(Purpose.DRAFT)[1].text("notes")
    assert len(claude.asked(Purpose.REVIEW)) == 2
    assert approval(asking, question.id).said == "Fewer adjectives, more gnomes."


def test_instructions_have_a_length(asking: Office, raised: Raised) -> None:
    """
    Every call of the task is shown them, so a book is refused before it costs anything, and the question stays open.
    """
    _, question = raised(Kind.DRAFT)
    with pytest.raises(WrongCall, match=r"can have 4,000 characters; these have 4,001\."):
        answer(asking, question.id, Answer.REVISE, "x" * 4_001)

    assert approval(asking, question.id) == question


def test_what_a_person_decides_about_the_best_version_is_done_to_that_one(
    asking: Office, claude: ClaudeDouble, drain: Drain, a_review: Callable[..., str]
) -> None:
    """
    The second draft was worse than the first. Revise changes the first; take it, and its notes say which version it is.
    """
    claude.says(Purpose.DRAFT, f"# First\n\n{DRAFT}", f"# Second\n\n{DRAFT}")
    claude.says(Purpose.REVIEW, a_review(6.5), a_review(5))
    goal = drain(asking, submit(asking, GNOMES, pipeline="Social Week"))
    first = question_of(asking, goal)
    assert "best version (revision 0)" in first.question
    claude.says(Purpose.REVIEW, a_review(2))
    answer(asking, first.id, Answer.REVISE, "More gnomes.")
    goal = drain(asking, goal)
    assert claude.asked(Purpose.DRAFT)[-1].text("earlier_draft").startswith("# First")
    answer(asking, question_of(asking, goal).id, Answer.APPROVE)
    drain(asking, goal)
    with asking.store.read() as tx:
        (task,) = tx.tasks.of_goal(goal.id)

    notes = (asking.settings.workspace_dir / notes_path(task)).read_text()
    assert "\nrevision: 0\n" in notes
    assert "# Notes: First" in notes


@pytest.mark.parametrize("words", [None, "", "  \n", "\u200b"])
def test_a_revision_needs_words(asking: Office, raised: Raised, words: str | None) -> None:
    """
    Revise without saying what to change is refused, and the question stays open.
    """
    _, question = raised(Kind.DRAFT)

    with pytest.raises(WrongCall, match="Say what to change"):
        answer(asking, question.id, Answer.REVISE, words)
    assert approval(asking, question.id) == question


@pytest.mark.parametrize("kind", [Kind.PLAN, Kind.SPENDING, Kind.FAILURE])
def test_what_cannot_be_said_is_refused(asking: Office, raised: Raised, kind: Kind) -> None:
    """
    Only a draft can be revised; the sentence says what can be said, and the question stays open.
    """
    _, question = raised(kind)

    assert Answer.REVISE not in rule_of(question.about).answers
    with pytest.raises(WrongCall, match="approve, reject, cancel"):
        answer(asking, question.id, Answer.REVISE, "Sing louder.")
    assert approval(asking, question.id) == question


def test_an_approval_nobody_asked_for_is_not_found(asking: Office) -> None:
    """
    A mistyped id is answered with where to look.
    """
    with pytest.raises(NotFound, match="a7"):
        answer(asking, "a7", Answer.APPROVE)


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (Kind.PLAN, GoalState.CANCELLED),
        (Kind.DRAFT, GoalState.PARTIAL),
        (Kind.SPENDING, GoalState.FAILED),
        (Kind.FAILURE, GoalState.FAILED),
    ],
)
def test_after_the_deadline_the_default_applies(
    asking: Office, raised: Raised, drain: Drain, clock: SetClock, kind: Kind, state: GoalState
) -> None:
    """
    No draft is taken, no plan is run, no money given, nothing tried again without a person; and nobody is made to have
    answered. The deadline itself is still the person's.
    """
    goal, question = raised(kind)
    clock.forward(DEADLINE)
    assert apply_defaults(asking) == 0
    assert approval(asking, question.id) == question
    clock.forward(timedelta(seconds=1))

    told = {GoalState.PARTIAL: "stays a draft", GoalState.CANCELLED: "not run", GoalState.FAILED: "goal ends"}
    assert told[state] in rule_of(question.about).unanswered
    assert apply_defaults(asking) == 1
    assert apply_defaults(asking) == 0
    assert drain(asking, goal).state is state
    closed = approval(asking, question.id)
    assert (closed.state, closed.answer) == (ApprovalState.LAPSED, None)
    with asking.store.read() as tx:
        lines = [line for line in tx.journal(goal.id) if line.subject == question.id]
    assert [(line.what, line.by) for line in lines] == [("lapsed", "deadline")]
    assert told[state] in (lines[0].detail or "")
    with pytest.raises(WrongCall, match=f"Nobody answered {question.id} in time: .*{told[state]}"):
        answer(asking, question.id, Answer.APPROVE)
    if kind is Kind.SPENDING:
        assert goal_of(asking, goal).cap_nano == SMALL


@pytest.mark.parametrize("kind", [Kind.PLAN, Kind.SPENDING])
def test_a_question_is_answered_once(asking: Office, raised: Raised, kind: Kind) -> None:
    """
    A second answer is refused with what the first one was, and changes nothing.
    """
    goal, question = raised(kind)
    answer(asking, question.id, Answer.APPROVE)
    before = goal_of(asking, goal), approval(asking, question.id)

    for said in (Answer.APPROVE, Answer.REJECT):
        with pytest.raises(WrongCall, match=r"answered before \(approve\)"):
            answer(asking, question.id, said)
    assert (goal_of(asking, goal), approval(asking, question.id)) == before


def test_of_two_answers_at_once_one_counts(asking: Office, open_with: Callable[..., Office], raised: Raised) -> None:
    """
    Two people in two processes: one is heard, the other is told.
    """
    goal, question = raised(Kind.DRAFT)
    offices = [asking, open_with(), open_with(), open_with()]
    said = [Answer.APPROVE, Answer.REJECT, Answer.APPROVE, Answer.REJECT]
    together = threading.Barrier(len(offices))
    heard: list[Answer] = []
    refused: list[WrongCall] = []

    def say(office: Office, what: Answer) -> None:
        together.wait(30)
        try:
            answer(office, question.id, what)
        except WrongCall as problem:
            refused.append(problem)
        else:
            heard.append(what)

    threads = [threading.Thread(target=say, args=pair) for pair in zip(offices, said, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(heard) == 1
    assert len(refused) == 3
    assert approval(asking, question.id).answer is heard[0]
    failed = goal_of(asking, goal).state is GoalState.FAILED
    assert failed == (heard[0] is Answer.REJECT)


def test_the_same_question_is_asked_once(asking: Office, raised: Raised) -> None:
    """
    One question for a subject, a kind and a version; another version is another question.
    """
    goal, question = raised(Kind.DRAFT)
    with asking.store.write() as tx:
        task = tx.tasks.get(question.task or "")
        version = question.key.rpartition(":")[2]
        assert questions.ask(tx, goal, question.about, "Again?", version=version, task=task) is None
        assert questions.ask(tx, goal, question.about, "A new one?", version="new", task=task) is not None
        assert questions.ask(tx, goal, AboutPlan(), "Another kind?", version=version) is not None


@pytest.mark.parametrize("kind", [Kind.DRAFT, Kind.SPENDING])
def test_a_question_is_withdrawn_when_its_goal_ends(
    asking: Office, raised: Raised, clock: SetClock, kind: Kind
) -> None:
    """
    Nobody is asked about a goal that is over: not in the inbox, not by answering late, not by the deadline.
    """
    goal, question = raised(kind)
    with asking.store.write() as tx:
        cancel_goal(tx, goal.id, "no gnomes", by="person")

    assert approval(asking, question.id).state is ApprovalState.WITHDRAWN
    with pytest.raises(WrongCall, match="withdrawn"):
        answer(asking, question.id, Answer.APPROVE)
    clock.forward(DEADLINE * 2)
    assert apply_defaults(asking) == 0
    assert goal_of(asking, goal).state is GoalState.CANCELLED


def test_more_money_is_what_was_asked_for(asking: Office, raised: Raised, drain: Drain) -> None:
    """
    Yes raises the goal's cap to the amount in the question and lets the held turn go on; that cap then holds.
    """
    goal, question = raised(Kind.SPENDING)
    with asking.store.read() as tx:
        (held,) = tx.turns.open_of_goal(goal.id)
    assert held.state is TurnState.HELD
    cap = question.about.cap_nano
    assert f"Raise that cap to ${cap / NANO:.2f}, " in question.question
    answer(asking, question.id, Answer.APPROVE)
    with asking.store.read() as tx:
        assert tx.turns.get(held.id).state is TurnState.DISPATCHED
    drain(asking, goal)

    with asking.store.read() as tx:
        account = tx.accounts.get(f"goal {goal.id}", rehearsal=False)
    assert goal_of(asking, goal).cap_nano == cap
    assert account is not None
    assert 0 < account.spent_nano <= cap
    assert account.left_nano(cap) == cap - account.spent_nano


def test_more_money_for_the_month_is_for_the_month(open_with: Callable[..., Office], drain: Drain) -> None:
    """
    When the month is what is short, its account is raised, the goal's cap stays, and the goal completes.
    """
    office = open_with(budget_monthly=NANO * 9 // 10)
    goal = drain(office, submit(office, GNOMES, pipeline="Outreach Campaign", cap_nano=NANO * 9 // 10))
    for _ in range(10):
        if goal.state is not GoalState.WAITING:
            break
        answer(office, question_of(office, goal).id, Answer.APPROVE)
        goal = drain(office, goal)

    assert goal.state is GoalState.COMPLETED


def test_a_month_without_room_for_one_call_can_be_given_more(open_with: Callable[..., Office], drain: Drain) -> None:
    """
    Yes makes room for the call that was asked about; nobody is asked the same for ever.
    """
    office = open_with(budget_monthly=NANO // 20)
    goal = drain(office, submit(office, GNOMES, pipeline="Social Week", cap_nano=NANO // 20))
    asked = 0
    while goal.state is GoalState.WAITING and asked < 8:
        answer(office, question_of(office, goal).id, Answer.APPROVE)
        goal = drain(office, goal)
        asked += 1

    assert goal.state is GoalState.COMPLETED, goal.reason


def test_tasks_short_of_the_same_money_ask_once(asking: Office, drain: Drain, pipeline: Callable[..., str]) -> None:
    """
    Side by side under one cap they wait for one answer, and a yes lets all of them go on.
    """
    line = pipeline(["social-content", "cold-email", "copy-editing"])
    goal = drain(asking, submit(asking, GNOMES, pipeline=line, confirm=True))
    goal = drain(asking, with_little_money(asking, goal))
    assert goal.wait_for is WaitFor.MONEY
    answer(asking, question_of(asking, goal).id, Answer.APPROVE)

    assert drain(asking, goal).state is GoalState.COMPLETED


def test_work_held_for_the_month_goes_on_when_the_month_turns(
    open_with: Callable[..., Office], drain: Drain, clock: SetClock
) -> None:
    """
    With room again nobody has to answer, also when the question's deadline has passed meanwhile: the goal is not given up.
    """
    rich, office = open_with(), open_with(budget_monthly=NANO // 10)
    # Less is allowed since it was agreed to: a plan that does not fit is asked about as it is made.
    first = drain(rich, submit(rich, GNOMES, pipeline="Social Week", confirm=True))
    answer(rich, question_of(rich, first).id, Answer.APPROVE)
    first = drain(office, first)
    assert first.wait_for is WaitFor.MONEY
    question = question_of(office, first)
    assert question.about.scope.startswith("month ")
    clock.forward(timedelta(days=9))
    sweep(office)

    assert approval(office, question.id).state is ApprovalState.WITHDRAWN
    assert drain(office, first).state is not GoalState.FAILED


def test_a_failure_that_comes_again_is_asked_again(
    asking: Office, claude: ClaudeDouble, raised: Raised, drain: Drain
) -> None:
    """
    Another try is another chance to fail: a new question, which can be answered like the first.
    """
    goal, question = raised(Kind.FAILURE)
    claude.says(Purpose.DRAFT, 400)
    answer(asking, question.id, Answer.APPROVE)
    goal = drain(asking, goal)

    second = question_of(asking, goal)
    assert second.id != question.id
    assert second.kind == Kind.FAILURE
    answer(asking, second.id, Answer.APPROVE)
    assert drain(asking, goal).state is GoalState.COMPLETED


def test_two_tasks_may_wait_for_a_person_at_once(
    asking: Office, claude: ClaudeDouble, drain: Drain, a_review: Callable[..., str], pipeline: Callable[..., str]
) -> None:
    """
    Each task has its own question; the goal waits until the last is answered.
    """
    claude.says(Purpose.REVIEW, a_review(2), a_review(2))
    line = pipeline(["social-content", "cold-email"], "copy-editing")
    goal = drain(asking, submit(asking, GNOMES, pipeline=line))
    with asking.store.read() as tx:
        first, second = tx.approvals.open(goal.id)
    assert {first.task, second.task} == {f"{goal.id}-1", f"{goal.id}-2"}

    answer(asking, second.id, Answer.APPROVE)
    goal = drain(asking, goal)
    assert (goal.state, goal.wait_for) == (GoalState.WAITING, WaitFor.PERSON)
    answer(asking, first.id, Answer.APPROVE)
    assert drain(asking, goal).state is GoalState.COMPLETED


def test_an_approved_draft_is_written_where_people_look(asking: Office, raised: Raised) -> None:
    """
    A person's yes mirrors the deliverable as the reviewer's would.
    """
    _, question = raised(Kind.DRAFT)
    answer(asking, question.id, Answer.APPROVE)

    with asking.store.read() as tx:
        task = tx.tasks.get(question.task or "")
    assert (asking.settings.workspace_dir / (task.path or "")).is_file()


def test_the_journal_says_who_decided(asking: Office, raised: Raised) -> None:
    """
    What a person said stands in the record, with their words.
    """
    goal, question = raised(Kind.DRAFT)
    approvals.answer(asking, question.id, Answer.REVISE, "Sing louder.", by="Rumpelstilz")

    with asking.store.read() as tx:
        lines = [line for line in tx.journal(goal.id) if line.subject == question.id]
    assert [(line.what, line.by, line.detail) for line in lines] == [("revise", "Rumpelstilz", "Sing louder.")]


class TestTheVersionSomebodySaw:
    """An answer that names the question it is meant for."""

    def test_an_answer_to_what_somebody_saw_is_taken_once(self, office: Office, drain: Drain) -> None:
        """The second with the same version is told what happened, and changes nothing."""
        goal = drain(office, submit(office, GNOMES, confirm=True))
        question = question_of(office, goal)
        with office.store.read() as tx:
            version = version_of_question(tx, question)

        answer(office, question.id, Answer.APPROVE, by="anna", version=version)

        with pytest.raises(ChangedSince, match=r"was answered before \(approve\).*not taken"):
            answer(office, question.id, Answer.CANCEL, by="bert", version=version)
        with office.store.read() as tx:
            assert tx.goals.get(goal.id).state is GoalState.RUNNING
            assert ["anna"] == [line.by for line in tx.journal(goal.id) if line.subject == question.id]

    def test_a_yes_to_a_plan_that_was_changed_meanwhile_is_not_taken(self, office: Office, drain: Drain) -> None:
        """The question is the same, and what would run is another plan."""
        goal = drain(office, submit(office, GNOMES, confirm=True))
        question = question_of(office, goal)
        with office.store.write() as tx:
            version = version_of_question(tx, question)
            tx.goals.change(goal.id, plan={**(goal.plan or {}), "source": "somebody"})

        with pytest.raises(ChangedSince, match="changed since you saw it"):
            answer(office, question.id, Answer.APPROVE, version=version)

        assert approval(office, question.id).state is ApprovalState.OPEN

    def test_a_deadline_that_was_put_off_changes_no_version(self, office: Office, drain: Drain) -> None:
        """It is the same question, with more time."""
        question = question_of(office, drain(office, submit(office, GNOMES, confirm=True)))
        with office.store.write() as tx:
            version = version_of_question(tx, question)
            tx.approvals.put_off(question, question.due_at + DEADLINE)

        answer(office, question.id, Answer.APPROVE, version=version)

        assert approval(office, question.id).state is ApprovalState.ANSWERED
