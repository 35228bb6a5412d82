"""What an owner does in a browser: gives a goal, agrees to its plan, watches it, reads the text, answers by keyboard."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from director.files.change_context import change_context, version_of_context
from director.goals.set_caps import set_caps
from director.goals.submit import submit
from director.office import Office
from director.triggers import change_schedule
from director.words.amounts import NANO
from director.words.models import Goal
from director.words.states import Answer, GoalState, TaskState
from tests.web.pages.test_hostile import HOSTILE

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: nothing was looked at")
expect = playwright.expect

#: What a thumb has to meet, where it is what one came for.
TARGETS = "button, .button, summary, nav a, .card h2 > a, .card h3 > a, .reads a, .plain a, .more"

LOW = f"""
[...document.querySelectorAll("{TARGETS}")]
  .filter((one) => one.offsetHeight > 0 && one.offsetHeight < 44)
  .map((one) => one.outerHTML)
"""

AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")

PATIENCE_MS = 20_000

SIZES = {"wide": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A page that complains of whatever its console complains of."""
    context = chromium.new_context(viewport=SIZES["wide"])
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda problem: complaints.append(str(problem)))
    page.complaints = complaints
    yield page
    context.close()


def test_from_a_goal_to_its_text(office: Office, site: str, page: Any, drain: Callable[..., Goal], shots: Path) -> None:
    """
    Give a goal, see its plan and price, agree, watch it finish without a reload, read a text: by clicks alone.
    """
    page.goto(site)
    expect(page.locator("#line")).to_have_text("Live", timeout=PATIENCE_MS)
    page.get_by_label("What should change").fill("Win back lapsed customers")
    page.get_by_label("It may cost at most").fill("5")
    page.get_by_role("button", name="Make a plan").click()
    expect(page.get_by_text("The Director is making a plan")).to_be_visible()
    loaded = page.evaluate("performance.timeOrigin")

    goal = drain(office, goal_of(office, page.url))
    agree = page.get_by_role("button", name="Agree, begin")
    expect(agree).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("never more than $5.00")).to_be_visible()
    assert page.evaluate("performance.timeOrigin") == loaded
    page.screenshot(path=shots / "story-plan.png", full_page=True)

    agree.click()
    expect(page.get_by_text("May this plan run?")).to_have_count(0)
    loaded = page.evaluate("performance.timeOrigin")
    page.evaluate("window.scrollTo(0, 300)")
    assert drain(office, goal).state is GoalState.COMPLETED
    expect(page.get_by_role("heading", name="The report")).to_be_visible(timeout=PATIENCE_MS)
    assert page.evaluate("performance.timeOrigin") == loaded

    page.locator("section[aria-labelledby=texts] a").first.click()
    expect(page.locator("article.piece").first).to_be_visible()
    expect(page.get_by_role("heading", name="Receipt")).to_be_visible()
    page.screenshot(path=shots / "story-text.png", full_page=True)
    expect(page.locator("details.notes .remark").first).to_be_visible()  # it is open, for something was found in it
    page.get_by_text("What stands behind it").click()
    something_happens(office, goal, page)
    expect(page.locator("details.notes .text")).to_be_hidden()  # what was closed stays closed
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("link", name="Copy").first.click()
    expect(page.get_by_role("link", name="Copied")).to_be_visible()
    assert "Rehearsal: written by the built-in model" in page.evaluate("navigator.clipboard.readText()")

    print_it(page)
    page.get_by_label("What should be different").fill("Shorter")
    page.get_by_role("button", name="Ask for this change").click()
    expect(page.get_by_text("It is being changed, as you asked: Shorter")).to_be_visible()
    drain(office, goal)
    expect(page.get_by_role("heading", name="What changed from version 1 to 2")).to_be_visible(timeout=PATIENCE_MS)
    compare(page, 2, 1)
    page.screenshot(path=shots / "story-versions.png", full_page=True)
    page.goto(f"{site}/tasks/{goal.id}-2")
    page.get_by_role("link", name="I have my own version").first.click()
    page.get_by_label("Change it here").fill("My **own** words.")
    page.get_by_role("button", name="This is my version").click()
    expect(page.locator("article.piece strong")).to_have_text("own")
    assert page.complaints == []


def test_a_phone_without_scripts_comes_as_far(
    open_with: Callable[..., Office], site: str, chromium: Any, drain: Callable[..., Goal], shots: Path
) -> None:
    """
    On a small dark screen where no script runs: give a goal, see plan and price, agree, read, compare. And of two browsers that
    have the same question open one answers: the other is told what happened, and its answer is refused.
    """
    office = open_with(rehearsal="send_back=1")
    phone = chromium.new_context(viewport=SIZES["phone"], color_scheme="dark", java_script_enabled=False).new_page()
    phone.goto(site)
    phone.get_by_label("What should change").fill("Win back lapsed customers")
    phone.get_by_label("It may cost at most").fill("5")
    phone.get_by_role("button", name="Make a plan").click()
    goal = drain(office, goal_of(office, phone.url))
    phone.reload()
    expect(phone.get_by_text("never more than $5.00")).to_be_visible()
    phone.screenshot(path=shots / "phone-plan.png", full_page=True)
    phone.get_by_role("button", name="Agree, begin").click()
    assert drain(office, goal).state is GoalState.COMPLETED
    phone.goto(f"{site}/goals/{goal.id}")
    expect(phone.get_by_role("heading", name="The report")).to_be_visible()
    phone.locator("section[aria-labelledby=texts] a").first.click()
    expect(phone.locator("article.piece").first).to_be_visible()
    compare(phone, 1, 2)
    phone.screenshot(path=shots / "phone-versions.png", full_page=True)

    stubborn = open_with(rehearsal="send_back=9")
    other = drain(stubborn, submit(stubborn, "Explain our prices to those who ask"))
    with office.store.read() as tx:
        asked = tx.approvals.open(other.id)[0].id
    wide = chromium.new_context(viewport=SIZES["wide"]).new_page()
    for each in (phone, wide):
        each.goto(f"{site}/questions/{asked}")
    wide.get_by_role("button", name="Approve it").click()
    expect(wide.get_by_text("See how the goal goes on")).to_be_visible()
    phone.get_by_role("button", name="Reject it").click()
    expect(phone.get_by_role("alert")).to_contain_text("was answered before (approve)")
    expect(phone.get_by_text("See how the goal goes on")).to_be_visible()
    phone.screenshot(path=shots / "phone-stale.png", full_page=True)
    with office.store.read() as tx:
        assert tx.approvals.get(asked).answer is Answer.APPROVE
    phone.context.close()
    wide.context.close()


def test_a_question_is_answered_from_the_keyboard(
    open_with: Callable[..., Office], site: str, page: Any, drain: Callable[..., Goal], shots: Path
) -> None:
    """
    A key leads to an answer, Enter gives it, and the next task starts. While somebody types, keys are letters, and what was
    typed stays while the page is read again.
    """
    office = open_with(rehearsal="send_back=9")
    goal = drain(office, submit(office, "Win back lapsed customers"))
    page.goto(f"{site}/questions")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your answer")).to_be_visible()
    page.screenshot(path=shots / "story-question.png", full_page=True)

    page.keyboard.press("r")
    page.keyboard.type("a rather x-rated text")
    words = page.get_by_label("What to change")
    expect(words).to_have_value("a rather x-rated text")
    something_happens(office, goal, page)
    expect(words).to_have_value("a rather x-rated text")
    expect(words).to_be_focused()

    page.keyboard.press("Escape")
    page.keyboard.press("x")
    expect(page.get_by_role("button", name="Reject it")).to_be_focused()
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Approve it")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("See how the goal goes on")).to_be_visible()
    page.get_by_text("See how the goal goes on").click()
    expect(page.locator(".steps li").nth(1)).to_contain_text("being written")
    with office.store.read() as tx:
        assert [task.state for task in tx.tasks.of_goal(goal.id)][:2] == [TaskState.APPROVED, TaskState.DRAFTING]

    drain(office, goal)
    page.goto(site)
    asked = page.locator("li.card.waits h3 a").first.get_attribute("href")
    page.get_by_role("button", name="Approve it").first.click()
    expect(page.locator(f'a[href="{asked}"]')).to_have_count(0)
    with office.store.read() as tx:
        assert TaskState.APPROVED in [task.state for task in tx.tasks.of_goal(goal.id)][1:]
    assert page.complaints == []


def test_every_page_can_be_read_by_everybody(
    open_with: Callable[..., Office], site: str, chromium: Any, drain: Callable[..., Goal], shots: Path
) -> None:
    """
    axe finds nothing, on a phone and on a wide screen, light and dark; nothing is wider than the screen; screenshots are kept.
    """
    office = open_with(rehearsal="send_back=2")
    done = drain(office, submit(office, "Increase signup conversion by 20%"))
    asked = drain(office, submit(office, "Win back customers who have not been in since spring", confirm=True))
    stubborn = open_with(rehearsal="send_back=9")
    drain(stubborn, submit(stubborn, "Explain our prices to those who ask"))
    set_caps(stubborn, monthly_nano=900 * NANO, daily_nano=None, by="Ada")
    change_schedule.change(stubborn, "weekly-seo", cron="0 7 * * 1", by="Ada")
    change_context(
        stubborn, "## Personas\n\n| Who | Why |\n|---|---|\n| Ann | Tea |", by="Ada", version=version_of_context(None)
    )
    with office.store.read() as tx:
        about_draft = [one.id for one in tx.approvals.open() if one.task][-1]
    paths = {
        "today": "/", "goal": f"/goals/{done.id}", "plan": f"/goals/{asked.id}", "text": f"/tasks/{done.id}-1",
        "own": f"/tasks/{done.id}-1/pieces/1/own",
        "questions": "/questions", "question": f"/questions/{about_draft}", "money": "/money", "team": "/team",
        "goals": "/goals", "business": "/business", "section": "/business/2", "clock": "/clock",
        "schedule": "/clock/weekly-seo", "health": "/team/health", "missing": "/nothing",
    }  # fmt: skip
    faults: list[str] = []
    context = chromium.new_context()
    page = context.new_page()
    for name, path in paths.items():
        answer = page.goto(site + path)
        assert answer.status == (404 if name == "missing" else 200), name
        page.evaluate(AXE)
        for size, viewport in SIZES.items():
            page.set_viewport_size(viewport)
            if page.evaluate("document.documentElement.scrollWidth") > viewport["width"]:
                faults.append(f"{name} is wider than a {size} screen")
            if size == "phone":
                faults += [f"{name} has what no thumb meets: {one[:200]}" for one in page.evaluate(LOW)]
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                page.screenshot(path=shots / f"{name}-{size}-{scheme}.png", full_page=True)
                found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
                faults += [f"{name} {size} {scheme}: {one['help']}: {one['nodes'][0]['html'][:200]}" for one in found]
    context.close()
    assert faults == []


def test_nothing_that_others_wrote_runs(office: Office, site: str, page: Any, drain: Callable[..., Goal]) -> None:
    """In a real browser, where a canary listens: goals, drafts, plans and the journal stay text."""
    goal = drain(
        office, submit(office, "<script>canary()</script><img src=x onerror=canary()> [x](javascript:canary())")
    )
    everything = "\n\n".join(HOSTILE)
    with office.store.write() as tx:
        kept = tx.keep(everything)
        tx.conn.exec_driver_sql("update drafts set text_hash = ?", (kept,))
        tx.conn.exec_driver_sql("update tasks set brief = ?", (everything,))
        tx.note(goal.id, goal.id, "<img src=x onerror=canary()>", by="<svg onload=canary()>", detail=everything)
    page.add_init_script("window.ran = 0; window.canary = () => { window.ran += 1; }")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    for path in ("/", f"/goals/{goal.id}", f"/tasks/{goal.id}-1"):
        page.goto(site + path)
        expect(page.locator("#line")).to_have_text("Live", timeout=PATIENCE_MS)
        assert page.evaluate("window.ran") == 0
        assert "canary" in page.locator("main").inner_text()
    assert [url for url in asked if not url.startswith(site) or "canary" in url] == []
    assert page.complaints == []


def test_a_lost_connection_is_seen(office: Office, site: str, page: Any) -> None:
    """A frozen page must not look live."""
    page.goto(site)
    expect(page.locator("#line")).to_have_text("Live", timeout=PATIENCE_MS)
    page.context.set_offline(True)
    with office.store.write() as tx:
        tx.note(None, office.brand, "something happened", by="troupe")

    expect(page.locator("#line")).to_contain_text("Connection lost", timeout=PATIENCE_MS)


def something_happens(office: Office, goal: Goal, page: Any) -> None:
    """A line in the journal, after which the page has been read again and its parts were put in place."""
    page.evaluate("document.addEventListener('htmx:after:swap', () => { document.body.dataset.again = 'yes'; })")
    page.evaluate("delete document.body.dataset.again")
    with office.store.write() as tx:
        tx.note(goal.id, goal.id, "something happened", by="troupe")
    expect(page.locator("body")).to_have_attribute("data-again", "yes", timeout=PATIENCE_MS)


def print_it(page: Any) -> None:
    """On paper stands the piece, and nothing around it."""
    page.evaluate(
        "window.print = () => { document.body.dataset.printed = document.querySelectorAll('.printed').length; }"
    )
    page.get_by_role("button", name="Print").first.click()
    expect(page.locator("body")).to_have_attribute("data-printed", "1")
    page.emulate_media(media="print")
    expect(page.locator("nav")).to_be_hidden()
    expect(page.locator("article.piece").first).to_be_visible()
    expect(page.get_by_role("heading", name="Receipt")).to_be_hidden()
    page.emulate_media(media="screen")


def compare(page: Any, one: int, other: int) -> None:
    """Choose two versions of the text whose page it is, and see what is different."""
    choice = page.locator("form.choose")
    choice.locator("[name=against]").select_option(str(one))
    choice.locator("[name=version]").select_option(str(other))
    choice.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", name=f"What changed from version {one} to {other}")).to_be_visible()
    assert page.locator("ins, del").count() > 0


def goal_of(office: Office, url: str) -> Goal:
    """The goal whose page it is."""
    with office.store.read() as tx:
        return tx.goals.get(url.rpartition("/")[2])
