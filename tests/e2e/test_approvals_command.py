"""`approvals`, `show`, `approve`, `reject`, `revise`: a person decides, and what waited goes on."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from director.cli.terminal import quoted
from director.words.models import Approval, Task
from director.words.states import Answer, ApprovalState, GoalState, TaskState
from tests.e2e.installation import Done, Installation, at_once, lines

WORDS = ("pipeline", "Social Week", "Post about gnomes")


@dataclass(frozen=True, slots=True)
class Inbox:
    """Four goals whose drafts never get better, and one answer to each."""

    place: Installation
    goals: dict[int, str]  #: Which goal question a1, a2, … is about.
    followed: Done  #: Who gave the first goal, until it waited.
    listed: Done
    document: Done
    shown: Done
    approved: Done
    approved_again: Done
    rejected: Done
    revised: Done
    revised_without_words: Done
    unknown: Done
    cancelled: Done
    answered_cancelled: Done  #: An answer to a question that was withdrawn.
    watched_rejected: Done
    open_at_the_end: list[str]  #: The goals that still ask something.


@dataclass(frozen=True, slots=True)
class Money:
    """A goal that may spend nothing, without a worker: a person raises its cap and goes on with it."""

    place: Installation
    given: Done
    approved: Done
    watched: Done


@dataclass(frozen=True, slots=True)
class Stories:
    """Both."""

    inbox: Inbox
    money: Money


@pytest.fixture(scope="module")
def stories(install: Callable[..., Installation]) -> Stories:
    """Side by side."""
    inbox, money = install(rehearsal="stuck=1"), install()
    told = at_once(inbox=lambda: answer_all(inbox), money=lambda: raise_a_cap(money))
    return Stories(**told)  # type: ignore[arg-type]  # one story each, by name


@pytest.fixture
def inbox(stories: Stories) -> Inbox:
    """Questions about drafts."""
    return stories.inbox


def answer_all(place: Installation) -> Inbox:
    """Goals g1 to g4 ask a1 to a4; each gets another answer. What does not depend on the other is said side by side."""

    def say(*arguments: str) -> Callable[[], Done]:
        return lambda: place.run(*arguments)

    with place.working():
        followed = place.run(*WORDS)
        at_once(g2=say(*WORDS, "--detach"), g3=say(*WORDS, "--detach"), g4=say(*WORDS, "--detach"))
        place.until(lambda tx: len(tx.approvals.open()) == 4, "four questions are asked")
        looks = at_once(
            listed=say("approvals"),
            document=say("approvals", "--json"),
            shown=say("show", "a1"),
            revised_without_words=say("revise", "a3", " "),
            unknown=say("approve", "a99"),
        )
        questions = place.questions()
        goals = {number: questions[f"a{number}"].goal for number in (1, 2, 3, 4)}
        answers = at_once(
            approved=say("approve", "a1"),
            rejected=say("reject", "a2"),
            revised=say("revise", "a3", "Let the gnome sing in every line."),
            cancelled=say("cancel", goals[4]),
        )
        place.until_over(goals[1])
        place.until(lambda tx: _again(tx.approvals.open(goals[3])), "the revised draft is in the inbox again")
        afterwards = at_once(
            approved_again=say("approve", "a1"),
            answered_cancelled=say("approve", "a4"),
            watched_rejected=say("watch", goals[2]),
        )
        open_at_the_end = [question.goal for question in place.questions().values()]
    return Inbox(place, goals, followed, **looks, **answers, **afterwards, open_at_the_end=open_at_the_end)


def raise_a_cap(place: Installation) -> Money:
    """Give a goal nothing to spend; agree to more, with a figure of one's own; watch it."""
    given = place.run(*WORDS, "--budget", "0", "--json")
    approved = place.run("approve", "a1", "--cap", "20.0001")
    return Money(place, given, approved, place.run("watch", "g1"))


def test_a_goal_that_waits_for_a_person_says_whom_and_how_to_answer(inbox: Inbox) -> None:
    """Nobody waits in a process: `goal` ends with 1, and its last words are the question and the commands to answer it."""
    said = lines(inbox.followed.out)

    assert inbox.followed.code == 1
    assert inbox.followed.err.startswith("g1 is waiting: ")
    assert inbox.followed.err.count("\n") == 1
    assert any("waiting for you" in line for line in said)
    commands = [line.strip().partition("python -m director ")[2] for line in said if "python -m director" in line]
    assert commands == ["approve a1", "reject a1", 'revise a1 "…"']


def test_the_inbox_lists_every_open_question_once(inbox: Inbox) -> None:
    """`approvals` shows what waits, with its goal and its deadline; `--json` is one document of the same."""
    documents = inbox.document.document["approvals"]

    assert (inbox.listed.code, inbox.listed.err) == (0, "")
    assert [line.split()[:3] for line in lines(inbox.listed.out) if line.startswith("a")] == [
        [f"a{n}", goal, "draft"] for n, goal in inbox.goals.items()
    ]
    assert [(document["id"], document["goal"], document["state"]) for document in documents] == [
        (f"a{n}", goal, "open") for n, goal in inbox.goals.items()
    ]
    assert all(document["task"] and document["question"] and document["due_at"] for document in documents)


def test_show_puts_the_versions_and_the_reason_before_a_person(inbox: Inbox) -> None:
    """Whoever has to decide sees the best version and the last, and what was found about them."""
    _, question = _task_and_question(inbox, 1)
    with inbox.place.record() as tx:
        versions = [
            tx.text(tx.drafts.get(ident).text_hash).strip() for ident in (question.about.best, question.about.last)
        ]

    assert inbox.shown.code == 0
    assert "score did not rise" in inbox.shown.out
    assert [quoted(version) in inbox.shown.out for version in versions] == [True, True]
    # Before a hundred lines of draft, not behind them.
    notes, _, drafts = inbox.shown.out.partition("--- best version")
    assert "what the reviewer found" in notes
    assert "what the reviewer found" not in drafts


def test_approve_takes_the_best_version_and_the_goal_completes(inbox: Inbox) -> None:
    """With a worker running nothing else has to be done."""
    task, _ = _task_and_question(inbox, 1)

    assert (inbox.approved.code, inbox.approved.err) == (0, "")
    assert task.state is TaskState.APPROVED
    assert _state(inbox, 1) is GoalState.COMPLETED
    assert (inbox.place.workspace / (task.path or "")).is_file()


def test_answering_twice_is_a_sentence_and_changes_nothing(inbox: Inbox) -> None:
    """The first answer counts."""
    _, question = _task_and_question(inbox, 1)

    assert inbox.approved_again.code == 2
    assert len(lines(inbox.approved_again.err)) == 1
    assert "a1" in inbox.approved_again.err
    assert "nothing changed" in inbox.approved_again.err
    assert (question.state, question.answer) == (ApprovalState.ANSWERED, Answer.APPROVE)


def test_reject_ends_the_goal(inbox: Inbox) -> None:
    """What a person turned down fails the goal; watching it says so and exits with 1."""
    assert inbox.rejected.code == 0
    assert _state(inbox, 2) is GoalState.FAILED
    assert inbox.watched_rejected.code == 1
    assert "rejected" in inbox.watched_rejected.out


def test_revise_gives_the_author_the_persons_words(inbox: Inbox) -> None:
    """The task is written once more with the instructions; still not good enough, it is asked again, as another question."""
    _, question = _task_and_question(inbox, 3)
    with inbox.place.record() as tx:
        drafts = tx.drafts.of_task(f"{inbox.goals[3]}-1")
        calls = [call for call in tx.calls.of_goal(inbox.goals[3]) if call.purpose == "draft"]

    assert (inbox.revised.code, inbox.revised.err) == (0, "")
    assert (question.answer, question.said) == (Answer.REVISE, "Let the gnome sing in every line.")
    assert [draft.revision for draft in drafts] == [0, 1, 2]
    assert len(calls) == 3
    assert inbox.open_at_the_end == [inbox.goals[3]]


def test_revise_without_words_is_a_wrong_call(inbox: Inbox) -> None:
    """Nobody can revise to nothing; the question stays open."""
    assert inbox.revised_without_words.code == 2
    assert len(lines(inbox.revised_without_words.err)) == 1


def test_cancelling_a_goal_takes_its_questions_out_of_the_inbox(inbox: Inbox) -> None:
    """What is over asks nothing; a late answer is a sentence."""
    _, question = _task_and_question(inbox, 4)

    assert inbox.cancelled.code == 0
    assert question.state is ApprovalState.WITHDRAWN
    assert inbox.answered_cancelled.code == 2
    assert "withdrawn" in inbox.answered_cancelled.err


def test_an_answer_to_nothing_is_a_wrong_call(inbox: Inbox) -> None:
    """The complaint names what was asked for and where the open ones are listed."""
    assert inbox.unknown.code == 2
    assert len(lines(inbox.unknown.err)) == 1
    assert "'a99'" in inbox.unknown.err
    assert "python -m director approvals" in inbox.unknown.err


def test_a_budget_of_nothing_spends_nothing(stories: Stories) -> None:
    """0 means spend nothing: the goal waits for money, says so, and the exit code says that it is not completed."""
    given = stories.money.given
    document = given.document

    assert given.code == 1
    assert (document["goal"]["state"], document["goal"]["waits_for"]) == ("waiting", "money")
    assert (document["calls"], document["cost"]) == (
        0,
        {
            "spent_usd": 0,
            "rehearsed_usd": 0,
            "without_cache_usd": 0,
            "cap_usd": 0,
            "spent_nano": 0,
            "cap_nano": 0,
        },
    )
    assert [(approval["id"], approval["kind"]) for approval in document["approvals"]] == [("a1", "plan")]


def test_a_cap_is_raised_by_a_person_and_the_goal_goes_on(stories: Stories) -> None:
    """Money is asked for before it is spent; after a yes, `watch` completes the goal within what the person named."""
    money = stories.money
    with money.place.record() as tx:
        goal = tx.goals.get("g1")
        spent = sum(call.cost_nano for call in tx.calls.of_goal("g1"))

    assert (money.approved.code, money.watched.code) == (0, 0)
    assert goal.state is GoalState.COMPLETED
    assert 0 < spent <= goal.cap_nano == 20_000_100_000


def test_where_no_worker_runs_a_person_is_told_how_to_go_on(stories: Stories) -> None:
    """An answer alone moves nothing when nobody works; the program says so."""
    assert "watch g1" in stories.money.approved.out


def test_nothing_is_left_running(stories: Stories) -> None:
    """Worker and commands are over, their servers too."""
    assert (stories.inbox.place.left_running(), stories.money.place.left_running()) == ([], [])


def _task_and_question(inbox: Inbox, number: int) -> tuple[Task, Approval]:
    with inbox.place.record() as tx:
        return tx.tasks.get(f"{inbox.goals[number]}-1"), tx.approvals.get(f"a{number}")


def _state(inbox: Inbox, number: int) -> GoalState:
    with inbox.place.record() as tx:
        return tx.goals.get(inbox.goals[number]).state


def _again(questions: list[Approval]) -> bool:
    return any(question.id not in ("a1", "a2", "a3", "a4") for question in questions)
