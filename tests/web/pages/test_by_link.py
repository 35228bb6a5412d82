"""The page of a link in a mail: what it shows, that following it changes nothing, and what its one answer does."""

import asyncio
import logging
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from falcon.testing import ASGIConductor, Result, TestClient
from gunicorn.config import Config
from sqlalchemy import update

from director.goals.submit import submit
from director.inbox import approvals
from director.inbox.version import version_of_question
from director.notices.links import GOOD_FOR, Link, sign
from director.office import Office
from director.progress.questions import ask
from director.store import schema
from director.upkeep import alerts
from director.upkeep.alerts import LOOK_EVERY, Watch
from director.words.alert import Channel
from director.words.amounts import NANO
from director.words.errors import NotFound
from director.words.models import Approval, Goal
from director.words.question import AboutPlan
from director.words.states import Answer, ApprovalState, GoalState
from tests.conftest import SetClock
from tests.director.conftest import at_work
from tests.director.receivers import MailReceiver, mail_receiver
from tests.web.pages.conftest import Html
from web.app import create_app
from web.logs import Logger

KEY = "k" * 32
PUBLIC = "https://troupe.example.com"

#: From outside, by a proxy: nobody who is known.
THERE: Any = {"remote_addr": "203.0.113.9", "host": "troupe.example.com", "protocol": "https"}


def _headers(site: str | None) -> dict[str, str]:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
    return headers | ({"Sec-Fetch-Site": site} if site else {})


class Mailed:
    """A question about a draft, its link, and a browser that has nothing but the link."""

    def __init__(self, office: Office, question: Approval, link: str) -> None:
        self.office, self.question = office, question
        self.path = link.removeprefix(PUBLIC)
        self.client = TestClient(create_app(lambda: office))

    def get(self, path: str | None = None) -> Result:
        """Follow the link, or another address."""
        return self.client.simulate_get(path or self.path, headers={"Accept": "text/html"}, **THERE)

    def post(self, path: str | None = None, site: str | None = "same-origin", **fields: str) -> Result:
        """Send the form of the page."""
        return self.client.simulate_post(path or self.path, body=urlencode(fields), headers=_headers(site), **THERE)

    def at_once(self, *asked: tuple[str, dict[str, str]]) -> list[Result]:
        """Ask several things at the same time."""

        async def ask() -> list[Result]:
            async with ASGIConductor(create_app(lambda: self.office)) as conductor:
                return await asyncio.gather(
                    *[
                        conductor.simulate_request(
                            method, self.path, body=urlencode(fields), headers=_headers("same-origin"), **THERE
                        )
                        for method, fields in asked
                    ]
                )

        return asyncio.run(ask())

    def now(self) -> Approval:
        """The question as it is."""
        with self.office.store.read() as tx:
            return tx.approvals.get(self.question.id)

    def record(self) -> list[Any]:
        """What is written down: the journal, the inbox."""
        with self.office.store.read() as tx:
            return [tx.journal(self.question.goal), tx.approvals.of_goal(self.question.goal)]


@pytest.fixture
def mailbox() -> Iterator[MailReceiver]:
    """A mail server."""
    with mail_receiver() as receiver:
        yield receiver


@pytest.fixture
def team(open_with: Callable[..., Office], mailbox: MailReceiver) -> Office:
    """An office that mails, and whose drafts are never good enough."""
    return open_with(
        rehearsal="send_back=9",
        public_url=PUBLIC,
        link_secret=KEY,
        notify_email="owner@example.com",
        smtp_url=f"smtp://127.0.0.1:{mailbox.port}",
        morning_note=None,
    )


@pytest.fixture
def asked(team: Office, drain: Callable[..., Goal]) -> Approval:
    """A question about a draft."""
    goal = drain(team, submit(team, "Sell singing gnomes", pipeline="Social Week"))
    with team.store.read() as tx:
        return tx.approvals.open(goal.id)[0]


@pytest.fixture
def mailed(team: Office, asked: Approval, clock: SetClock) -> Mailed:
    """That question, and the link it is mailed with."""
    return Mailed(team, asked, link_to(team, asked, clock))


def link_to(office: Office, asked: Approval, clock: SetClock, **other: Any) -> str:
    """The link that a notice has now."""
    with office.store.read() as tx:
        version = version_of_question(tx, asked)
    said = {
        "question": asked.id, "version": version, "until": clock.now + GOOD_FOR, "channel": Channel.EMAIL,
        "mailbox": "owner@example.com", **other,
    }  # fmt: skip
    return f"{PUBLIC}/answer/{sign(KEY, Link(**said))}"


def test_the_link_in_a_mail_leads_to_the_question(
    team: Office, asked: Approval, mailbox: MailReceiver, clock: SetClock
) -> None:
    """From an alert about a question that waits: what is asked, the text, what each answer does; and then the answer."""
    watch = Watch(team)
    clock.forward(timedelta(days=1))
    for _ in range(12):
        clock.forward(LOOK_EVERY)
        at_work(team)
        watch.look()
    [text] = [said for mail in mailbox.got if f"Question {asked.id} of" in (said := mail.get_content())]  # type: ignore[attr-defined]
    [link] = re.findall(rf"^In a browser: ({PUBLIC}/answer/[\w.-]+)", text, re.MULTILINE)
    mailed = Mailed(team, asked, link)

    answer = mailed.get()
    page = Html(answer.text)
    assert answer.status_code == 200
    assert "Is this good enough?" in page.text
    assert "The text, version" in page.text
    assert "This version counts, and the work that needs it goes on." in page.text
    assert "No more is written of it" in page.text

    assert mailed.post(answer="approve").status_code == 303
    assert (mailed.now().state, mailed.now().answer) == (ApprovalState.ANSWERED, Answer.APPROVE)
    with team.store.read() as tx:
        [line] = [line for line in tx.journal(asked.goal) if line.subject == asked.id and line.what == "approve"]
    assert line.by == "the link in the mail to owner@example.com"


def test_the_page_leads_nowhere_else(mailed: Mailed) -> None:
    """Nothing on it needs a session, is a script, or is another page of the team's; and it tells nobody its address."""
    answer = mailed.get()
    page = Html(answer.text)

    assert [link for link in page.links() if link.startswith("/")] == []
    assert page.all("script") == []
    assert [form.get("action") for form in page.all("form")] == [None] * 3
    assert answer.headers["referrer-policy"] == "strict-origin"
    assert answer.headers["cache-control"] == "no-store"
    for path in (
        "/",
        "/questions",
        f"/questions/{mailed.question.id}",
        f"/goals/{mailed.question.goal}",
        "/api/v1/goals",
    ):
        assert mailed.get(path).status_code == 403


def test_a_program_that_follows_links_changes_nothing(mailed: Mailed) -> None:
    """A scanner of mails: GET, twice, also at once, HEAD, and forms that it sends from no page."""
    before = mailed.record()

    seen = mailed.at_once(*[("GET", {})] * 8)
    head = mailed.client.simulate_head(mailed.path, **THERE)
    sent = [mailed.post(site=site, answer="approve") for site in (None, "cross-site", "same-site")]
    other = [mailed.client.simulate_request(method, mailed.path, **THERE) for method in ("PUT", "DELETE", "OPTIONS")]

    assert {answer.status_code for answer in seen} == {200}
    assert len({answer.text for answer in seen}) == 1
    assert (head.status_code, head.text) == (200, "")
    assert [answer.status_code for answer in sent] == [403] * 3
    assert [answer.status_code for answer in other] == [405, 405, 200]
    assert mailed.record() == before


def test_a_link_takes_one_answer(mailed: Mailed) -> None:
    """The second is told what happened, and so is who follows it again."""
    assert mailed.post(answer="revise", words="Shorter, and with gnomes.").headers["location"] == mailed.path
    once = mailed.record()

    again = mailed.post(answer="reject")
    assert again.status_code == 412
    assert "Your answer was not taken." in Html(again.text).text
    assert "It was answered: sent back with a change." in Html(again.text).text
    assert "gnomes" not in again.text
    followed = mailed.get()
    assert followed.status_code == 200
    assert "It was answered: sent back with a change." in Html(followed.text).text
    assert Html(followed.text).all("form") == []
    assert mailed.record() == once


def test_of_two_answers_at_once_one_counts(mailed: Mailed) -> None:
    """Of eight as well."""
    said = ["approve", "reject"] * 4
    answers = mailed.at_once(*[("POST", {"answer": way}) for way in said])

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [303, *[412] * 7]
    [kept] = [way for way, answer in zip(said, answers, strict=True) if answer.status_code == 303]
    assert mailed.now().answer == kept


def test_what_was_answered_meanwhile_is_said(mailed: Mailed) -> None:
    """By somebody else: what it was is shown, not their words, and nothing changes."""
    approvals.answer(mailed.office, mailed.question.id, Answer.REVISE, "Say elves.")

    answer = mailed.post(answer="approve")
    assert answer.status_code == 412
    assert "It was answered: sent back with a change." in Html(answer.text).text
    assert "elves" not in answer.text
    assert mailed.now().answer == Answer.REVISE


def test_a_question_that_became_another_is_not_answered(
    team: Office, clock: SetClock, drain: Callable[..., Goal]
) -> None:
    """A plan that was changed since the mail was sent: neither shown nor agreed to."""
    goal = drain(team, submit(team, "Win back lapsed customers", confirm=True))
    with team.store.read() as tx:
        [question] = tx.approvals.open(goal.id)
    mailed = Mailed(team, question, link_to(team, question, clock))
    shown = Html(mailed.get().text).text
    assert "May this plan run?" in shown
    assert re.search(r"Nothing is paid .* It is \d+ tasks? ", shown)
    with team.store.write() as tx:
        tx.conn.execute(update(schema.goals).where(schema.goals.c.id == goal.id).values(cap_nano=goal.cap_nano + 1))

    followed, answer = mailed.get(), mailed.post(answer="approve")
    assert (followed.status_code, answer.status_code) == (200, 412)
    for page in (followed, answer):
        assert f"{question.id} changed since you saw it" in Html(page.text).text
        assert "It is" not in Html(page.text).text
    with team.store.read() as tx:
        assert tx.goals.get(goal.id).state is GoalState.WAITING


def test_a_link_answers_a_question_about_the_month_with_a_figure_of_ones_own(
    team: Office, asked: Approval, clock: SetClock
) -> None:
    """Whom the installation mails it to may say so, without a role; the price stands as it is agreed to."""
    about = AboutPlan(None, "month default 2026-11", 300 * NANO, 250 * NANO, rehearsal=True)
    with team.store.write() as tx:
        more = ask(tx, tx.goals.get(asked.goal), about, "May it cost more?", version="more")
    assert more is not None
    mailed = Mailed(team, more, link_to(team, more, clock))
    page = Html(mailed.get().text)
    assert "The month may then cost up to $300.00." in page.text
    form = {**page.hidden(), "answer": "approve"}
    wrong = mailed.post(**form, at_most="1")
    assert wrong.status_code == 422
    assert "already: name more" in Html(wrong.text).text
    assert "1" in [a.get("value") for a in Html(wrong.text).all("input") if a.get("name") == "at_most"]

    assert mailed.post(**form, at_most="275.25").status_code == 303

    with team.store.read() as tx:
        assert tx.accounts.get("month default 2026-11", rehearsal=True).added_nano == 25_250_000_000
    assert "It was answered: approved." in Html(mailed.get().text).text


@pytest.mark.parametrize("way", ["cancel", "gnome", ""])
def test_a_link_answers_with_what_is_asked_only(mailed: Mailed, way: str) -> None:
    """It stops no goal, and a form that says nothing does nothing."""
    before = mailed.record()

    assert mailed.post(answer=way).status_code == 422
    assert mailed.record() == before


def test_a_change_needs_words(mailed: Mailed) -> None:
    """The page says so, and is as it was."""
    answer = mailed.post(answer="revise", words="  ")

    assert answer.status_code == 422
    assert "Say what to change" in Html(answer.text).text
    assert mailed.now().state is ApprovalState.OPEN


def test_a_link_that_expired_opens_nothing(mailed: Mailed, clock: SetClock) -> None:
    """Neither shown nor answered: 410, with the time."""
    clock.forward(GOOD_FOR)

    for answer in (mailed.get(), mailed.post(answer="approve")):
        assert answer.status_code == 410
        assert "This link expired 2026-11-25 09:00 UTC." in Html(answer.text).text
        assert "goal" not in Html(answer.text).text
    assert mailed.now().state is ApprovalState.OPEN


def test_a_link_that_is_none_of_ours_opens_nothing(mailed: Mailed, open_with: Callable[..., Office]) -> None:
    """With another signature, of another record, or after LINK_SECRET was changed; who guesses is slowed down."""
    wrong = mailed.path[:-3] + ("AAA" if mailed.path[-3:] != "AAA" else "BBB")
    for answer in (mailed.get(wrong), mailed.post(wrong, answer="approve"), mailed.get("/answer/gnome")):
        assert answer.status_code == 410
        assert "not made here" in Html(answer.text).text
    assert [mailed.get("/answer/gnome").status_code for _ in range(10)][-1] == 429

    changed = Mailed(open_with(link_secret="l" * 32), mailed.question, mailed.path)
    assert changed.get().status_code == 410
    assert changed.post(answer="approve").status_code == 410
    assert mailed.now().state is ApprovalState.OPEN


def test_a_link_into_another_record_opens_nothing(mailed: Mailed, asked: Approval, clock: SetClock) -> None:
    """As after a restore: there is no such question."""
    link = link_to(mailed.office, asked, clock, question="a999").removeprefix(PUBLIC)

    assert mailed.get(link).status_code == 410
    with pytest.raises(NotFound), mailed.office.store.read() as tx:
        tx.approvals.get("a999")


def test_no_log_has_a_link(mailed: Mailed, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where something fails that should not: the line is written without it."""
    from director.words import log  # noqa: PLC0415 - the form of our lines

    monkeypatch.setattr("web.pages.by_link._seen", None)
    caplog.set_level(logging.DEBUG)
    mailed.get()

    [line] = [record.getMessage() for record in caplog.records if "failed" in record.getMessage()]
    redacted = log._redacting(())(None, "", {"event": line})
    assert redacted["event"] == "Answering GET /answer/[removed: a Troupe token] failed"


def test_an_alert_of_many_has_no_link(team: Office) -> None:
    """It is about no question."""
    finding = alerts._at_most(1, alerts.Rule.QUESTION, [alerts.Finding(alerts.Rule.QUESTION, "a1", "", "", "", "")] * 2)
    with team.store.write() as tx:
        [alert] = [tx.alerts.add("default", one) for one in finding]
        assert alert is not None
        alerts._tell(tx, team, alerts.News.RAISED, alert)
        [notice] = [tx.notices.get(way.notice) for way in tx.notices.on_their_way()]
    assert "version" not in notice.data


def test_no_line_of_an_access_log_has_a_link(mailed: Mailed) -> None:
    """Where somebody has gunicorn write one: neither what was asked nor where it came from."""
    asked = SimpleNamespace(headers=[("REFERER", f"{PUBLIC}{mailed.path}")])
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": mailed.path,
        "PATH_INFO": mailed.path,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": f"{PUBLIC}{mailed.path}",
    }
    found = Logger(Config()).atoms(SimpleNamespace(status="200 OK", headers=[]), asked, environ, timedelta(0))

    assert found["r"] == "GET /answer/[removed: a Troupe token] HTTP/1.1"
    assert [name for name, value in found.items() if mailed.path.rpartition("/")[2] in str(value)] == []
