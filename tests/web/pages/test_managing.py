"""What is changed on the pages of money and of the clock: by who manages, as it was seen, and kept in the journal."""

import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest

from director.access import tokens
from director.access.roles import Role
from director.calls.caps import month_scope
from director.goals.set_caps import set_caps
from director.goals.submit import submit
from director.office import Office
from director.progress.questions import PERSON, ask
from director.views.money import SHORT
from director.words.amounts import NANO
from director.words.models import Approval, Goal
from director.words.question import About, AboutPlan
from director.words.states import Answer, ApprovalState, Level
from tests.web.api.asked import who
from tests.web.pages.conftest import HERE, Browser, Html


def caps(office: Office) -> tuple[int | None, int | None]:
    with office.store.read() as tx:
        brand = tx.brands.get(office.brand)
    return brand.monthly_nano, brand.daily_nano


def test_what_a_month_may_cost_is_set_on_its_page(office: Office, browser: Browser) -> None:
    """Both at once, for whoever saw what they were; what was typed stands beside what is wrong with it."""
    form = browser.read("/money").hidden()

    for typed, said in (
        ({"monthly": "5", "daily": "6"}, "name less for a day"),
        ({"monthly": "a lot", "daily": ""}, "has to be an amount"),
        ({"monthly": "", "daily": ""}, "has to be an amount"),
    ):
        refused = browser.send("/money", **form, **typed)
        assert (refused.status_code, said in refused.text) == (422, True)
        assert typed["monthly"] in [attrs.get("value") for attrs in Html(refused.text).all("input")]
    assert caps(office) == (None, None)

    answer = browser.send("/money", **form, monthly="250", daily="25.50")

    assert (answer.status_code, answer.headers["location"]) == (303, "/money")
    assert caps(office) == (250 * NANO, 25_500_000_000)
    assert "of $250.00" in browser.get("/money").text
    assert "Caps set: a month $250.00, a day $25.50 (you)" in browser.read("/money").text
    assert (
        browser.send("/money", **form, monthly="250", daily="25.50").status_code == 303
    )  # as a form that is sent twice
    late = browser.send("/money", **form, monthly="9", daily="")
    assert (late.status_code, "changed since you saw them" in late.text) == (409, True)
    assert browser.send("/money", **browser.read("/money").hidden(), monthly="9", daily="").status_code == 303
    assert caps(office) == (9 * NANO, None)


@pytest.mark.parametrize("cap", [12_345_600_000, 250 * NANO, 1])
def test_what_a_form_about_money_shows_changes_nothing_as_it_was(office: Office, browser: Browser, cap: int) -> None:
    """Caps are shown with all their digits; what a month was given besides stays that month's."""
    set_caps(office, monthly_nano=cap, daily_nano=cap)
    with office.store.write() as tx:
        tx.accounts.allow(month_scope(office.brand, f"{tx.now:%Y-%m}"), 7, rehearsal=True)
    page = browser.read("/money")
    said = {name: value for a in page.all("input") if (name := a.get("name")) and (value := a.get("value")) is not None}

    assert browser.send("/money", **said).status_code == 303

    assert caps(office) == (cap, cap)
    with office.store.read() as tx:
        assert tx.accounts.get(month_scope(office.brand, f"{tx.now:%Y-%m}"), rehearsal=True).added_nano == 7
    assert browser.send("/money", **{**said, "daily": ""}).status_code == 303
    assert caps(office) == (cap + 7, None)


@pytest.mark.parametrize("cap", ["12.3456", "5", "0.000000001"])
def test_what_a_form_about_a_schedule_shows_changes_nothing_as_it_was(
    office: Office, browser: Browser, cap: str
) -> None:
    """Neither its cap nor the line by which somebody wrote the same time; its file is as it was."""
    folder = office.settings.workspace_dir / "schedules"
    folder.mkdir(parents=True)
    file = folder / "weekly-seo.yaml"
    file.write_text(f"name: weekly-seo\ncron: 00 07 * * 1 # early\ngoal: Look at our pages\ncap: {cap} USD\n")
    form = browser.read("/clock/weekly-seo")
    said = {name: value for a in form.all("input") if (name := a.get("name")) and (value := a.get("value")) is not None}
    before = file.read_text()

    assert browser.send("/clock/weekly-seo", **said, days="* * 1").status_code == 303

    assert file.read_text() == before
    assert not who(office, "schedule changed")


def test_a_month_that_is_short_says_what_waits(office: Office, browser: Browser) -> None:
    """In words of who owns the work, at every level there is."""
    assert set(SHORT) == set(Level) - {Level.NORMAL}
    goal = submit(office, "Win back lapsed customers")
    with office.store.write() as tx:
        scope = month_scope(office.brand, f"{tx.now:%Y-%m}")
        assert tx.accounts.reserve(scope, 96 * NANO, rehearsal=True, cap_nano=100 * NANO)
        tx.accounts.settle(scope, rehearsal=True, reserved_nano=96 * NANO, spent_nano=96 * NANO)
    set_caps(office, monthly_nano=100 * NANO, daily_nano=None)

    assert "Nearly all that this month may cost is spent" in browser.read("/money").text
    assert goal.text in browser.read("/").text


def test_a_schedule_is_switched_by_who_saw_what_it_costs(office: Office, browser: Browser) -> None:
    """When it starts is said in words; on, it says when next; whoever did it stands in the journal."""
    assert "Every Monday at 00:00" in browser.read("/clock").text
    page = browser.read("/clock/weekly-content")
    assert "its goals will likely cost $" in page.text
    assert "0 0 * * 1" in page.text

    answer = browser.send("/clock/weekly-content/on")

    assert (answer.status_code, answer.headers["location"]) == (303, "/clock/weekly-content")
    assert "Will be." in browser.read("/clock/weekly-content").text
    assert "Next" in browser.read("/clock").text
    assert browser.send("/clock/weekly-content/off").status_code == 303
    assert who(office, "schedule switched on") == who(office, "schedule switched off") == [(PERSON, "weekly-content")]
    for path in ("/clock/gnomes", "/clock/<b>"):
        assert browser.get(path).status_code == 404
    assert browser.send("/clock/gnomes/on").status_code == 404
    assert browser.send("/clock/weekly-content/sing").status_code == 404
    assert browser.get("/clock/weekly-content/on").headers["location"] == "/clock"


def test_a_schedule_is_changed_by_who_saw_it(office: Office, browser: Browser) -> None:
    """By days and a time of day, or as a line of cron; what was typed stands beside what is wrong with it."""
    page = browser.read("/clock/weekly-seo")
    form = page.hidden()

    for typed, said in (
        ({"days": "* * 1", "time": "noon", "cap": ""}, "has to be such as 07:00"),
        ({"days": "", "cron": "soon", "cap": ""}, "0 6 * * 1"),
        ({"days": "* * 1", "time": "07:00", "cap": "lots"}, "has to be an amount"),
    ):
        refused = browser.send("/clock/weekly-seo", **form, **typed)
        assert (refused.status_code, said in Html(refused.text).text) == (422, True)
    answer = browser.send("/clock/weekly-seo", **form, days="* * 1", time="07:00", cap="5", cron="")

    assert (answer.status_code, answer.headers["location"]) == (303, "/clock/weekly-seo")
    text = browser.read("/clock/weekly-seo").text
    assert "Every Monday at 07:00" in text
    assert "may cost $5.00 at most" in text
    assert "Schedule changed: every Monday at 07:00, $5.00 a goal at most (you)" in text
    assert browser.send("/clock/weekly-seo", **form, days="* * 1", time="07:00", cap="5").status_code == 303
    late = browser.send("/clock/weekly-seo", **form, days="* * 2", time="07:00", cap="5")
    assert (late.status_code, "changed since you saw it" in late.text) == (409, True)
    assert browser.send("/clock/gnomes", **form, days="* * 2", time="07:00").status_code == 404
    [(by, detail)] = who(office, "schedule changed")
    assert (by, detail) == (PERSON, "weekly-seo: every Monday at 07:00, $5.00 a goal at most")


def test_a_schedule_whose_file_is_broken_has_no_page(office: Office, browser: Browser) -> None:
    """But a sentence."""
    folder = office.settings.workspace_dir / "schedules"
    folder.mkdir(parents=True)
    (folder / "weekly-content.yaml").write_text("name: weekly-content\ncron: soon\n")

    answer = browser.get("/clock/weekly-content")

    assert answer.status_code == 409
    assert "expected" in Html(answer.text).text


def test_who_does_not_manage_reads_who_does(office: Office, browser: Browser) -> None:
    """A marketer sees no form for it, and what they send is refused."""
    set_caps(office, monthly_nano=9 * NANO, daily_nano=None)
    _, secret = tokens.create(office, "Mia", Role.MARKETER)
    _, admins = tokens.create(office, "Ada", Role.ADMIN)
    headers = {"Accept": "text/html", "Authorization": f"Bearer {secret}"}
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    for path in ("/money", "/clock/weekly-content"):
        text = browser.client.simulate_get(path, headers=headers, **HERE).text
        assert "needs the role admin" in text
        assert 'method="post"' not in text
    for path in ("/money", "/clock/weekly-content/on"):
        assert browser.client.simulate_post(path, headers=headers | form, body="monthly=5", **HERE).status_code == 403

    headers["Authorization"] = f"Bearer {admins}"
    page = browser.client.simulate_get("/money", headers=headers, **HERE).text
    [version] = re.findall(r'name="version" value="(\w+)"', page)
    body = f"version={version}&monthly=5&daily="
    assert browser.client.simulate_post("/money", headers=headers | form, body=body, **HERE).status_code == 303
    assert ("Ada", "a month $5.00, a day none") in who(office, "caps set")


MONTH = "month default 2026-11"


def raising(office: Office, goal: Goal, about: About) -> Approval:
    """A question about the goal whose yes raises a cap, in place of the one that is open."""
    with office.store.write() as tx:
        for question in tx.approvals.open(goal.id):
            tx.approvals.close(question, ApprovalState.WITHDRAWN)
        asked = ask(tx, tx.goals.get(goal.id), about, "May it cost more?", version="more")
    assert asked is not None
    return asked


@pytest.fixture
def planned(office: Office, drain: Callable[..., Goal]) -> Goal:
    """A goal whose plan waits for a yes."""
    return drain(office, submit(office, "Win back lapsed customers", confirm=True))


def test_who_does_not_manage_has_no_yes_that_raises_the_month(office: Office, browser: Browser, planned: Goal) -> None:
    """On each page with the question the role stands where the button was; what is sent all the same is refused."""
    asked = raising(office, planned, AboutPlan(None, MONTH, 300 * NANO, 250 * NANO, rehearsal=True))
    _, secret = tokens.create(office, "Mia", Role.MARKETER)
    headers = {"Accept": "text/html", "Authorization": f"Bearer {secret}"}
    form = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
    pages = [
        Html(browser.client.simulate_get(path, headers=headers, **HERE).text)
        for path in ("/", f"/goals/{planned.id}", f"/questions/{asked.id}")
    ]
    for page in pages:
        assert "A yes raises what the month may cost, which needs the role admin." in page.text
        assert [a["value"] for a in page.all("input") if a.get("name") == "answer"] == ["reject"]

    body = urlencode({**pages[-1].hidden(), "answer": "approve"})
    refused = browser.client.simulate_post(f"/questions/{asked.id}", headers=form, body=body, **HERE)

    assert (refused.status_code, "which a marketer may not" in Html(refused.text).text) == (403, True)
    body = urlencode(pages[-1].hidden())
    assert browser.client.simulate_post(f"/questions/{asked.id}", headers=form, body=body, **HERE).status_code == 303
    with office.store.read() as tx:
        assert tx.approvals.get(asked.id).answer is Answer.REJECT
        assert tx.accounts.get(MONTH, rehearsal=True).added_nano == 0


@pytest.mark.parametrize(("figure", "becomes"), [("300.00", 300), ("280.5", 280.5), ("400", 400)])
def test_a_question_about_money_takes_a_figure_of_ones_own(
    office: Office, browser: Browser, planned: Goal, figure: str, becomes: float
) -> None:
    """It stands on the card as it is proposed, and can be another; what cannot be is told, and was typed."""
    asked = raising(office, planned, AboutPlan(None, MONTH, 300 * NANO, 250 * NANO, rehearsal=True))
    card = browser.read(f"/questions/{asked.id}")
    assert "The month may then cost up to $300.00." in card.text
    assert [a["value"] for a in card.all("input") if a.get("name") == "at_most"] == ["300.00"]
    form = {**card.hidden(), "answer": "approve"}
    for wrong in ("lots", "", "0.01"):
        refused = browser.send(f"/questions/{asked.id}", **form, at_most=wrong)
        assert refused.status_code == 422
        assert wrong in [a.get("value") for a in Html(refused.text).all("input") if a.get("name") == "at_most"]

    assert browser.send(f"/questions/{asked.id}", **form, at_most=figure).status_code == 303

    with office.store.read() as tx:
        assert tx.accounts.get(MONTH, rehearsal=True).added_nano == round((becomes - 250) * NANO)


def test_a_plan_is_never_said_to_cost_less_than_a_yes_allows(office: Office, browser: Browser, planned: Goal) -> None:
    """Where a yes raises the goal's cap, what it may cost at most is that, wherever its price stands."""
    asked = raising(office, planned, AboutPlan(163 * NANO, rehearsal=True))

    assert "never more than $163.00" in browser.read(f"/goals/{planned.id}").text
    for path in ("/", f"/goals/{planned.id}", f"/questions/{asked.id}"):
        assert "at most $163.00" in browser.read(path).text
