"""What a person asks of a text on its page: a change, their own version in its place, a copy of a piece."""

from collections.abc import Callable

import pytest

from director.goals.submit import submit
from director.inbox import revise_approved
from director.office import Office
from director.prompting.drafting import LONGEST_DRAFT
from director.prompting.pieces import take_apart
from director.words.models import Approval, Goal, Task
from director.words.states import GoalState, TaskState
from tests.director.cli.conftest import do
from tests.web.pages.conftest import Browser, Html


@pytest.fixture
def text(office: Office, finished: Goal) -> Task:
    """An approved text on which others rest."""
    with office.store.read() as tx:
        return tx.tasks.get(f"{finished.id}-1")


@pytest.fixture
def asked(open_with: Callable[..., Office], drain: Callable[..., Goal]) -> tuple[Office, Approval]:
    """A draft that a person is asked about."""
    office = open_with(rehearsal="send_back=9")
    goal = drain(office, submit(office, "Increase signup conversion by 20%"))
    with office.store.read() as tx:
        return office, tx.approvals.open(goal.id)[0]


def test_a_change_is_asked_for_on_the_texts_page(
    office: Office, browser: Browser, text: Task, drain: Callable[..., Goal]
) -> None:
    """With what it will likely cost; the version before stands until the new one is approved, and the goal goes on for it."""
    page = browser.read(f"/tasks/{text.id}")
    assert "with Claude it would likely cost $" in page.text
    assert "Then look again at what was built on it" in page.text
    without = browser.send(f"/tasks/{text.id}/change", **page.hidden(), words="  ")
    assert (without.status_code, "Say what to change" in without.text) == (422, True)

    answer = browser.send(f"/tasks/{text.id}/change", **page.hidden(), words="Shorter, and kinder", resting="yes")

    assert (answer.status_code, answer.headers["location"]) == (303, f"/tasks/{text.id}")
    said = browser.read(f"/tasks/{text.id}")
    assert "It is being changed, as you asked: Shorter, and kinder" in said.text
    assert "Ask for a change" not in said.text
    with office.store.read() as tx:
        goal = tx.goals.get(text.goal)
        changed = [task.id for task in tx.tasks.of_goal(goal.id) if task.state is not TaskState.APPROVED]
    assert goal.state is GoalState.RUNNING
    assert text.id in changed
    assert len(changed) > 1
    assert drain(office, goal).state is GoalState.COMPLETED
    assert "Ask for a change" in browser.read(f"/tasks/{text.id}").text


def test_who_watches_a_change_sees_the_new_version_once_it_counts(
    office: Office, browser: Browser, text: Task, finished: Goal
) -> None:
    """While the next one is written, and not approved, the page goes on to follow what counts; a version one chose stays."""
    revise_approved.revise(office, text.id, "Shorter")
    do(office, finished)
    with office.store.read() as tx:
        assert len(tx.drafts.of_task(text.id)) == 2

    followed = {
        path: browser.read(path).all("main")[0]["hx-get"]
        for path in (f"/tasks/{text.id}", f"/tasks/{text.id}?version=1&against=2")
    }

    assert {path: path for path in followed} == followed


def test_a_change_of_a_text_that_changed_meanwhile_is_not_begun(office: Office, browser: Browser, text: Task) -> None:
    """It was asked of another text; what was typed is kept. The same words sent twice are one change."""
    form = browser.read(f"/tasks/{text.id}").hidden()
    revise_approved.revise(office, text.id, "Longer")

    late = browser.send(f"/tasks/{text.id}/change", **form, words="Shorter")
    again = browser.send(f"/tasks/{text.id}/change", **form, words="Longer")

    assert late.status_code == 409
    assert "changed since you saw it" in late.text
    assert again.status_code == 303
    with office.store.read() as tx:
        assert [change.words for change in tx.changes.of_goal(text.goal)] == ["Longer"]
    assert browser.send(f"/tasks/{text.id}/sing").status_code == 404
    assert browser.send("/tasks/g99-1/change", words="Shorter").status_code == 404
    assert browser.get(f"/tasks/{text.id}/change").headers["location"] == f"/tasks/{text.id}"


def test_a_persons_own_version_of_a_piece_counts_at_once(office: Office, browser: Browser, text: Task) -> None:
    """The form holds the piece as it is; only that piece becomes another, and what rests on it is told apart."""
    form = browser.read(f"/tasks/{text.id}/pieces/1/own")
    assert len(form.all("textarea")) == 1

    answer = browser.send(f"/tasks/{text.id}/pieces/1/own", **form.hidden(), words="Come back.\r\n\r\nWe miss you.\r\n")

    assert (answer.status_code, answer.headers["location"]) == (303, f"/tasks/{text.id}#piece-1")
    with office.store.read() as tx:
        task = tx.tasks.get(text.id)
        made = take_apart(tx.text(tx.drafts.get(task.deliverable or 0).text_hash))
    assert made.pieces[0].text == "Come back.\n\nWe miss you."
    assert made.notes
    assert (task.revision, task.state) == (text.revision + 1, TaskState.APPROVED)
    assert "Come back." in browser.read(f"/tasks/{text.id}").text


def test_an_own_version_of_a_text_that_changed_meanwhile_is_not_taken(
    office: Office, browser: Browser, text: Task
) -> None:
    """What was written is kept, beside the text as it is now; sent again, by who saw that, it is taken."""
    form = browser.read(f"/tasks/{text.id}/pieces/1/own").hidden()
    browser.send(f"/tasks/{text.id}/pieces/1/own", **form, words="Somebody else's words.")

    late = browser.send(f"/tasks/{text.id}/pieces/1/own", **form, words="My words.")
    page = Html(late.text)

    assert late.status_code == 409
    for said in ("changed since you saw it", "My words.", "Somebody else's words."):
        assert said in page.text
    assert browser.send(f"/tasks/{text.id}/pieces/1/own", **page.hidden(), words="My words.").status_code == 303


def test_what_is_no_version_is_refused_with_a_sentence(office: Office, browser: Browser, text: Task) -> None:
    """Nothing, what would break the text's form, what is longer than one can be."""
    form = browser.read(f"/tasks/{text.id}/pieces/1/own").hidden()

    for words, said in (
        (" ", "is empty"),
        ('<piece title="Another">', "begins or ends a piece"),
        ("x" * (LONGEST_DRAFT + 1), "at most"),
    ):
        answer = browser.send(f"/tasks/{text.id}/pieces/1/own", **form, words=words)
        assert answer.status_code == 409
        assert said in answer.text
    with office.store.read() as tx:
        assert tx.tasks.get(text.id) == text


def test_an_own_version_answers_the_question_about_a_draft(asked: tuple[Office, Approval]) -> None:
    """Who is asked whether a text is good enough may give theirs in its place."""
    office, question = asked
    browser = Browser(office)
    assert f"/tasks/{question.task}/pieces/1/own" in browser.read(f"/tasks/{question.task}").links()

    form = browser.read(f"/tasks/{question.task}/pieces/1/own").hidden()
    answer = browser.send(f"/tasks/{question.task}/pieces/1/own", **form, words="My own words.")

    assert answer.status_code == 303
    with office.store.read() as tx:
        assert tx.tasks.get(question.task or "").state is TaskState.APPROVED
        assert question.id not in [one.id for one in tx.approvals.open()]


def test_a_text_that_rests_on_a_changed_one_can_be_said_to_be_fine(
    office: Office, browser: Browser, text: Task, finished: Goal
) -> None:
    """By the button that stands where it says so."""
    form = browser.read(f"/tasks/{text.id}/pieces/1/own").hidden()
    browser.send(f"/tasks/{text.id}/pieces/1/own", **form, words="My own words.")
    with office.store.read() as tx:
        tasks = tx.tasks.of_goal(finished.id)
    older = [task for task in tasks if "It is fine as it is" in browser.read(f"/tasks/{task.id}").text]
    assert older

    for task in older:
        assert browser.send(f"/tasks/{task.id}/fine").status_code == 303
        assert "It is fine as it is" not in browser.read(f"/tasks/{task.id}").text
    assert "Nothing that" in browser.send(f"/tasks/{older[0].id}/fine").text


def test_a_piece_is_plain_text_at_an_address_of_its_own(browser: Browser, text: Task) -> None:
    """What is copied, also without a script; the button leads there."""
    copied = [link for link in browser.read(f"/tasks/{text.id}").links() if ".txt" in link]

    answer = browser.get(copied[0])

    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "**" not in answer.text
    assert "<" not in answer.text
    for missing in ("99.txt", "0.txt", "1", "x.txt", "1.txt?version=99", "99/own", "x/own"):
        assert browser.get(f"/tasks/{text.id}/pieces/{missing}").status_code == 404
