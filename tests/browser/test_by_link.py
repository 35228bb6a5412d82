"""A link from a mail in a real browser: by plain HTTP and a name, as within a company, where browsers say least."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from director.goals.submit import submit
from director.inbox.version import version_of_question
from director.notices.links import GOOD_FOR, Link, sign
from director.office import Office
from director.words.alert import Channel
from director.words.models import Goal
from director.words.states import Answer
from tests.browser.conftest import CHROMIUM, QUIET

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: nothing was looked at")
expect = playwright.expect

AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
KEY = "k" * 32
NAME = "troupe.example"


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the web app reads links with."""
    monkeypatch.setenv("LINK_SECRET", KEY)


@pytest.fixture
def browser(chromium: Any) -> Iterator[Any]:
    """A browser that finds this machine by a name that it does not trust as it trusts localhost."""
    args = [*QUIET, f"--host-resolver-rules=MAP {NAME} 127.0.0.1"]
    browser = chromium.browser_type.launch(executable_path=str(CHROMIUM), args=args)
    yield browser
    browser.close()


def test_a_question_is_answered_from_a_mail(
    open_with: Callable[..., Office], secret: None, site: str, browser: Any, drain: Callable[..., Goal], shots: Path
) -> None:
    """
    Read, answered with a click, and said to be so; the address, which is the secret, is told to nobody, not even to ourselves.
    On a phone and on a wide screen axe finds nothing.
    """
    office = open_with(rehearsal="send_back=9")
    goal = drain(office, submit(office, "Sell singing gnomes", pipeline="Social Week"))
    with office.store.read() as tx:
        [question] = tx.approvals.open(goal.id)
        version, until = version_of_question(tx, question), tx.now + GOOD_FOR
    link = sign(KEY, Link(question.id, version, until, Channel.EMAIL, "owner@example.com"))
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    told: list[tuple[str, str | None]] = []
    page.on("request", lambda request: told.append((request.url, request.all_headers().get("referer"))))

    page.goto(f"http://{NAME}:{urlsplit(site).port}/answer/{link}")
    page.evaluate(AXE)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.screenshot(path=shots / f"link-{width}-{scheme}.png", full_page=True)
            assert page.evaluate("axe.run({resultTypes: ['violations']})")["violations"] == []
    page.get_by_label("What to change").fill("Shorter.")
    page.get_by_role("button", name="Send it back").click()
    expect(page.get_by_text("It was answered: sent back with a change.")).to_be_visible()

    with office.store.read() as tx:
        answered = tx.approvals.get(question.id)
    assert (answered.answer, answered.said) == (Answer.REVISE, "Shorter.")
    assert [referer for _, referer in told if referer and link in referer] == []
    assert len(told) > 3
    assert complaints == []
