"""What the pages show, and what their forms do."""

import itertools
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from falcon.testing import TestClient
from sqlalchemy import event

from director.access.roles import Right
from director.goals import cancel
from director.goals.submit import submit
from director.inbox import approvals
from director.mailbox.events import receive_all
from director.office import Office
from director.progress.questions import PERSON, ask
from director.upkeep.health import look
from director.views.titles import GOAL_STATES, WAITS_FOR
from director.words.alert import Finding, Rule
from director.words.errors import StoreError
from director.words.models import Approval, Goal, Told
from director.words.question import About, AboutFailure, AboutPause, AboutSpending
from director.words.states import Answer, ApprovalState, GoalState, SlotFate, TaskState, WaitFor, is_final
from tests.conftest import SetClock
from tests.web.pages.conftest import HERE, Browser, Html
from web.app import create_app
from web.pages.goals import GoalAction, GoalsPage
from web.pages.questions import QuestionPage

PAGES = ["/", "/questions", "/goals", "/business", "/money", "/team", "/clock", "/team/health"]


@pytest.fixture
def escalated(open_with: Callable[..., Office], drain: Callable[..., Goal]) -> tuple[Office, Approval]:
    """A question about a draft that was written several times and is not good enough."""
    office = open_with(rehearsal="send_back=9")
    goal = drain(office, submit(office, "Increase signup conversion by 20%"))
    with office.store.read() as tx:
        return office, tx.approvals.open(goal.id)[0]


@pytest.fixture
def agreed(office: Office, drain: Callable[..., Goal]) -> Goal:
    """A goal whose plan was made and waits for a yes."""
    return drain(office, submit(office, "Win back lapsed customers", confirm=True))


@pytest.mark.parametrize("path", PAGES)
def test_an_empty_page_says_what_would_be_here(browser: Browser, path: str) -> None:
    """A fresh installation has every page, and none is blank."""
    page = browser.read(path)

    assert len(page.all("h1")) == 1
    assert path == "/team" or re.search("stands? here|nothing to do|asks here", page.text)


def test_every_link_leads_to_a_page(browser: Browser, finished: Goal) -> None:
    """From Today on, whatever a finished goal has can be reached, its texts with one click."""
    seen: set[str] = set()
    follow = ["/"]
    while follow:
        path = follow.pop()
        if path in seen or path.startswith(("#", "http")):
            continue
        seen.add(path)
        follow += browser.read(path).links()

    assert seen >= {*PAGES, f"/goals/{finished.id}", f"/tasks/{finished.id}-1"}
    assert f"/tasks/{finished.id}-1" in browser.read("/").links()


def test_today_says_what_waits_was_finished_runs_and_is_wrong(
    office: Office, browser: Browser, finished: Goal, drain: Callable[..., Goal]
) -> None:
    """In that order, in titles and sentences; of rehearsed work it is said."""
    asked = drain(office, submit(office, "Win back lapsed customers", confirm=True))
    page = browser.read("/")

    heads = ["Waits for you", "Win back lapsed customers", "Finished since yesterday", finished.text, "Running now"]
    found = [page.text.index(head) for head in heads]
    assert found == sorted(found)
    assert any("mark" == (attrs.get("class")) for attrs in page.all("span"))
    assert f"/goals/{asked.id}" in page.links()
    assert asked.id not in page.text  # a title says it


def test_what_ended_before_yesterday_is_not_of_today(browser: Browser, finished: Goal, clock: SetClock) -> None:
    """The morning is about the night."""
    assert finished.text in browser.read("/").text

    clock.forward(timedelta(days=3))

    assert finished.text not in browser.read("/").text


def test_a_form_gives_a_goal_whose_plan_waits_for_a_yes(
    office: Office, browser: Browser, drain: Callable[..., Goal]
) -> None:
    """First the plan with its price; the work begins with the answer, and the page says so."""
    form = browser.read("/").hidden()
    answer = browser.send("/goals", **form, text="Win back lapsed customers", budget="5")
    path = answer.headers["location"]
    assert answer.status_code == 303
    with office.store.read() as tx:
        goal = drain(office, tx.goals.get(path.rpartition("/")[2]))
    page = browser.read(path)
    assert (goal.state, goal.cap_nano) == (GoalState.WAITING, 5 * 10**9)
    assert "May this plan run?" in page.text
    assert "never more than $5.00" in page.text

    card = next(attrs["action"] for attrs in page.all("form") if "/questions/" in (attrs["action"] or ""))
    agreed = browser.send(card or "", **{**page.hidden(), "answer": "approve"})

    assert agreed.headers["location"] == path
    with office.store.read() as tx:
        assert tx.goals.get(goal.id).state is GoalState.RUNNING
    assert drain(office, goal).state is GoalState.COMPLETED


def test_a_form_that_is_sent_twice_makes_one_goal(office: Office, browser: Browser) -> None:
    """The form's key is kept in the goal's own transaction, as the key of a request of `/api/v1`."""
    form = browser.read("/").hidden()

    sent = [browser.send("/goals", **form, text="Win back lapsed customers") for _ in range(2)]

    assert {answer.headers["location"] for answer in sent} == {"/goals/g1"}
    with office.store.read() as tx:
        assert tx.goals.count() == 1


def test_a_form_with_other_words_is_another_form(office: Office, browser: Browser) -> None:
    """Whatever its key: nobody is led to a goal that they did not give. The journal has who gave it."""
    form = browser.read("/").hidden()

    sent = [browser.send("/goals", **form, text=text) for text in ("Win back lapsed customers", "Sell gnomes")]

    assert [answer.headers["location"] for answer in sent] == ["/goals/g1", "/goals/g2"]
    with office.store.read() as tx:
        assert {line.by for line in tx.journal("g2")} == {PERSON}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": "  ", "budget": "7"}, "The goal is empty"),
        ({"text": "Win back lapsed customers", "budget": "a lot"}, "A budget has to be an amount"),
        ({"text": "Win back lapsed customers", "budget": "999999"}, "is more than a month may cost"),
    ],
)
def test_what_is_wrong_with_a_form_stands_beside_what_was_typed(
    browser: Browser, typed: dict[str, str], said: str
) -> None:
    """A sentence, the field that it is about, and nothing of what was typed is lost."""
    answer = browser.send("/goals", **browser.read("/").hidden(), **typed)
    page = Html(answer.text)

    assert answer.status_code == 422
    assert said in page.text
    assert typed["budget"] in [attrs.get("value") for attrs in page.all("input")]
    assert any(attrs.get("aria-describedby") == "problem" for attrs in (*page.all("input"), *page.all("textarea")))
    assert len(browser.read("/").all("textarea")) == 1


def test_all_goals_are_found_again(office: Office, browser: Browser) -> None:
    """A page at a time, by how they stand and by their words, whatever these are."""
    for number in range(27):
        submit(office, f"Sell {number} gnomes")
    last = submit(office, "Win back 100% of O'Brien's <customers>")
    cancel.cancel(office, last.id)

    first = browser.read("/goals")
    older = browser.read(next(link for link in first.links() if "cursor=" in link))
    assert len([link for link in first.links() if link.startswith("/goals/g")]) == 25
    assert [link for link in older.links() if link.startswith("/goals/g")] == ["/goals/g3", "/goals/g2", "/goals/g1"]
    for query, found in (
        ("q=gnomes+sell+26", ["/goals/g27"]),
        ("q=100%25", [f"/goals/{last.id}"]),
        ("q=o'brien", [f"/goals/{last.id}"]),
        ("q=_", []),
        ("state=over", [f"/goals/{last.id}"]),
        ("q=win&state=open", []),
    ):
        assert [link for link in browser.read(f"/goals?{query}").links() if link.startswith("/goals/g")] == found
    assert "No goal is so" in browser.read("/goals?q=_").text
    for wrong in ("state=gnome", "cursor=gnome"):
        assert browser.get(f"/goals?{wrong}").status_code == 400
    assert "/goals?state=open" in browser.read("/").links()


def test_a_goal_is_paused_resumed_and_stopped(office: Office, browser: Browser) -> None:
    """By the buttons of its page; what cannot be done is said there."""
    goal = submit(office, "Win back lapsed customers")

    for action, paused in (("pause", True), ("resume", False)):
        assert browser.send(f"/goals/{goal.id}/{action}").status_code == 303
        with office.store.read() as tx:
            assert (tx.goals.get(goal.id).paused_at is not None) is paused
    assert browser.send(f"/goals/{goal.id}/stop").status_code == 303
    again = browser.send(f"/goals/{goal.id}/stop")

    assert again.status_code == 409
    assert "was cancelled already" in again.text
    assert browser.send(f"/goals/{goal.id}/sing").status_code == 404
    assert browser.get(f"/goals/{goal.id}/stop").headers["location"] == f"/goals/{goal.id}"


def test_a_text_has_its_versions_with_what_changed(escalated: tuple[Office, Approval]) -> None:
    """The version that counts, and any against any other, word by word."""
    office, question = escalated
    browser = Browser(office)

    page = browser.read(f"/tasks/{question.task}")
    first = browser.read(f"/tasks/{question.task}?version=2&against=1")

    assert "What changed from version" in page.text
    assert page.all("mark")
    assert "beside the words" in page.text
    assert "What changed from version 1 to 2" in first.text
    assert first.all("ins")
    assert browser.get(f"/tasks/{question.task}?version=77").status_code == 404


def test_an_approved_text_has_its_receipt(browser: Browser, finished: Goal) -> None:
    """Who approved it, with which model it was written, what it cost, and where its facts are from."""
    text = browser.read(f"/tasks/{finished.id}-1").text

    assert "Approved by the reviewer" in text
    assert "Claude" not in text.partition("Fact From In")[2].partition("What was asked for")[0]  # the label states none
    assert "claude" in text
    assert "in a rehearsal" in text


def test_a_card_says_what_each_answer_does_and_costs(escalated: tuple[Office, Approval]) -> None:
    """With the text, what changed since the last version, what the reviewer found, and what was spent."""
    office, question = escalated
    page = Browser(office).read(f"/questions/{question.id}")

    for said in (
        "Why it was not approved",
        "What changed from version",
        "This version counts",
        "reviewed again",
        "cost",
    ):
        assert said in page.text
    assert {attrs.get("data-key") for attrs in (*page.all("button"), *page.all("textarea"))} >= {"a", "r", "x"}


def test_a_text_is_sent_back_with_words_and_not_without(escalated: tuple[Office, Approval]) -> None:
    """What was typed is kept where it cannot be taken."""
    office, question = escalated
    browser = Browser(office)
    form = browser.read(f"/questions/{question.id}").hidden()

    without = browser.send(f"/questions/{question.id}", **{**form, "answer": "revise"}, words="  ")
    taken = browser.send(f"/questions/{question.id}", **{**form, "answer": "revise"}, words="Shorter, and kinder")

    assert without.status_code == 422
    assert "Say what to change" in without.text
    assert taken.headers["location"] == f"/questions/{question.id}"
    assert "Shorter, and kinder" in browser.read(f"/questions/{question.id}").text
    with office.store.read() as tx:
        assert tx.tasks.get(question.task or "").state is TaskState.DRAFTING


def test_a_stale_card_is_refused_and_shows_what_happened(escalated: tuple[Office, Approval]) -> None:
    """Two browsers have it open; the second answer changes nothing."""
    office, question = escalated
    browser = Browser(office)
    form = browser.read(f"/questions/{question.id}").hidden()
    approvals.answer(office, question.id, Answer.APPROVE)

    late = browser.send(f"/questions/{question.id}", **{**form, "answer": "reject"})

    assert late.status_code == 409
    assert "Your answer was not taken" in late.text
    assert "approved" in Html(late.text).text
    with office.store.read() as tx:
        answered = tx.approvals.get(question.id)
        assert (answered.state, answered.answer) == (ApprovalState.ANSWERED, Answer.APPROVE)


def test_a_question_is_answered_where_it_stands_on_today(
    office: Office, escalated: tuple[Office, Approval], drain: Callable[..., Goal]
) -> None:
    """With its first lines, what each answer does, and one click to the whole; an answer to an older card is refused."""
    office, question = escalated
    plan = drain(office, submit(office, "Win back lapsed customers", confirm=True))
    browser = Browser(office)
    page = browser.read("/")
    assert "Nothing is known here yet" in page.text
    assert "Rehearsal: written by the built-in model" not in page.text
    assert "This version counts, and the work that needs it goes on." in page.text
    assert {f"/questions/{question.id}", f"/goals/{plan.id}"} <= set(page.links())
    sent = re.findall(
        rf'action="/questions/{question.id}"><input type="hidden" name="version" value="(\w+)"', page.source
    )
    assert len(sent) == 3

    answer = browser.send(f"/questions/{question.id}", version=sent[0], answer="approve", back="today")
    late = browser.send(f"/questions/{question.id}", version=sent[0], answer="reject", back="today")

    assert (answer.status_code, answer.headers["location"], late.status_code) == (303, "/", 409)
    assert f"/questions/{question.id}" not in browser.read("/").links()
    with office.store.write() as tx:
        for number in range(6):
            assert ask(tx, plan, AboutFailure(turn=number), f"Try {number} again?", version=f"{number}")
    assert "Try 5 again?" in browser.read("/").text  # its answers are on its card


def test_a_yes_to_a_plan_that_was_changed_meanwhile_is_not_taken(
    office: Office, browser: Browser, drain: Callable[..., Goal]
) -> None:
    """It was said to another plan."""
    goal = drain(office, submit(office, "Win back lapsed customers", confirm=True))
    form = browser.read(f"/goals/{goal.id}").hidden()
    with office.store.read() as tx:
        [question] = tx.approvals.open(goal.id)
    plan = dict(goal.plan or {})
    with office.store.write() as tx:
        tx.goals.change(goal.id, plan={**plan, "sizing": {"Reach": "Twice as many"}})

    late = browser.send(f"/questions/{question.id}", **{**form, "answer": "approve"})

    assert late.status_code == 409
    with office.store.read() as tx:
        assert tx.approvals.get(question.id).state is ApprovalState.OPEN


@pytest.mark.parametrize(
    "about",
    [
        AboutSpending("goal g1", rehearsal=True, cap_nano=7 * 10**9),
        AboutSpending("month 2026-11", rehearsal=True),
        AboutFailure(turn=1),
        AboutPause(),
        AboutPause(brand="default"),
    ],
)
def test_every_kind_of_question_has_a_card(office: Office, browser: Browser, about: About) -> None:
    """With what a yes and a no do; it stands on Today and among the questions."""
    goal = submit(office, "Win back lapsed customers")
    with office.store.write() as tx:
        asked = ask(tx, goal, about, "May it?", version="1")
    assert asked is not None

    page = browser.read(f"/questions/{asked.id}")

    assert "May it?" in page.text
    assert {attrs.get("data-key") for attrs in page.all("button")} >= {"a", "x"}
    for path in ("/", "/questions"):
        assert f"/questions/{asked.id}" in browser.read(path).links()


def test_every_state_has_its_words(office: Office, browser: Browser, agreed: Goal) -> None:
    """On Today, on the goal's page and on a task's; also paused, and whatever it waits for."""
    tasks = itertools.cycle(TaskState)
    for state in GoalState:
        finished_at = office.clock() if is_final(state) else None
        for wait in WaitFor if state is GoalState.WAITING else [None]:
            with office.store.write() as tx:
                tx.goals.change(agreed.id, state=state, wait_for=wait, reason="because", finished_at=finished_at)
                tx.tasks.change(f"{agreed.id}-1", state=next(tasks))
            said = f"waits for {WAITS_FOR[wait]}" if wait else GOAL_STATES[state]

            assert said in browser.read(f"/goals/{agreed.id}").text
            assert agreed.text in browser.read("/").text
            browser.read(f"/tasks/{agreed.id}-1")


def test_clock_and_health_show_what_there_is(office: Office, browser: Browser, clock: SetClock) -> None:
    """Schedules that are on with their next times, events with what came of them, alerts with what to do."""
    with office.store.write() as tx:
        tx.slots.enable(office.brand, "daily-social", enabled=True)
        tx.slots.add(office.brand, "daily-social", clock() - timedelta(hours=3), SlotFate.SKIPPED, "It was off.")
        receive_all(tx, brand=office.brand, told=[Told("shop", "1", "traffic_drop", {"percentageDrop": 30})])
        tx.alerts.add(
            office.brand, Finding(Rule.DISK, "disk", "The disk is full.", "Nothing is kept.", "Make room.", "df")
        )
    look(office, team=False)

    today, times, health = browser.read("/"), browser.read("/clock"), browser.read("/team/health")

    assert "The posts of one day" in today.text
    assert "The disk is full." in today.text
    assert "traffic drop" in times.text
    assert "It was off." in times.text
    assert "The disk is full." in health.text
    assert "database" in health.text


@pytest.mark.parametrize("path", ["/goals/g99", "/tasks/g99-1", "/questions/a99", "/nothing", "/goals/<script>"])
def test_what_is_not_there_is_a_page_for_people_and_a_document_for_programs(browser: Browser, path: str) -> None:
    """By what they ask for."""
    page = browser.get(path)
    document = browser.client.simulate_get(path, headers={"Accept": "application/json"}, **HERE)

    assert (page.status_code, document.status_code) == (404, 404)
    assert "There is nothing here" in page.text
    assert document.headers["content-type"] == "application/problem+json"


def test_another_brands_rows_are_not_there(office: Office, browser: Browser, finished: Goal) -> None:
    """As if they had never been."""
    with office.store.write() as tx:
        for table in ("goals", "tasks"):
            tx.conn.exec_driver_sql(f"update {table} set brand = 'another'")  # noqa: S608 - ours

    assert browser.get(f"/goals/{finished.id}").status_code == 404
    assert browser.get(f"/tasks/{finished.id}-1").status_code == 404
    assert browser.send(f"/goals/{finished.id}/stop").status_code == 404
    assert finished.text not in browser.read("/").text


def test_a_form_of_another_site_does_nothing(office: Office, browser: Browser) -> None:
    """Whatever it is sent to."""
    goal = submit(office, "Win back lapsed customers")
    for path in ("/goals", f"/goals/{goal.id}/stop", "/questions/a1"):
        assert browser.send(path, site="cross-site", text="x", key="y").status_code == 403

    with office.store.read() as tx:
        assert tx.goals.count() == 1
        assert tx.goals.get(goal.id).state is not GoalState.CANCELLED


def test_what_changes_something_needs_the_right_to_work() -> None:
    """Looking needs the right to read."""
    assert GoalsPage.rights == GoalAction.rights == QuestionPage.rights == {"GET": Right.READ, "POST": Right.WORK}


def test_a_page_may_load_only_what_is_ours_and_is_three_requests(browser: Browser, finished: Goal) -> None:
    """One style and one script besides itself, kept by the browser; all together at most 100 kB."""
    answer = browser.get("/")
    page = Html(answer.text)
    files = [attrs["href"] for attrs in page.all("link") if attrs["rel"] == "stylesheet"] + [
        attrs["src"] for attrs in page.all("script")
    ]
    loaded = [browser.get(path or "") for path in files]

    assert answer.headers["content-security-policy"].startswith(
        "default-src 'none'; script-src 'self'; style-src 'self'"
    )
    assert len(files) == 2
    assert all("immutable" in one.headers["cache-control"] for one in loaded)
    assert answer.headers["cache-control"] == "no-store"
    assert sum(len(one.content) for one in (answer, *loaded)) <= 100_000


def test_a_page_says_that_the_office_is_not_open() -> None:
    """And which command says why."""

    def broken() -> Office:
        raise StoreError("the database is away")

    answer = TestClient(create_app(broken)).simulate_get("/", headers={"Accept": "text/html"}, **HERE)

    assert answer.status_code == 503
    assert "doctor" in answer.text


@pytest.mark.parametrize("body", [b"\xff\xfe=%", b"text=" + b"x" * 200_000, b"&".join([b"a=b"] * 60)])
def test_what_is_no_form_is_refused(browser: Browser, body: bytes) -> None:
    """Too large, not UTF-8, too many fields; nothing is done."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}

    answer = browser.client.simulate_post("/goals", body=body, headers=headers, **HERE)

    assert answer.status_code in (400, 413)


def test_today_reads_few_rows_of_a_long_record(office: Office, browser: Browser, finished: Goal) -> None:
    """As many statements with many goals as with few."""
    statements: list[str] = []

    def count() -> int:
        statements.clear()

        def note(conn: object, cursor: object, statement: str, *more: object) -> None:
            statements.append(statement)

        event.listen(office.store.engine, "before_cursor_execute", note)
        browser.read("/")
        event.remove(office.store.engine, "before_cursor_execute", note)
        return len(statements)

    few = count()
    for number in range(30):
        submit(office, f"Goal number {number}")
    many = count()

    assert many <= few + 3
    assert "and 18 more" in browser.read("/").text
