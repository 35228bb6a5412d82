"""Several brands, one team: each goal has its own brand's context, caps, schedules, triggers and memory, and no other's."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from director.access import brands, tokens
from director.access.brands import brand_of
from director.access.roles import Role
from director.bootstrap import open_office
from director.cli.branded import for_brand_of
from director.files.context import context_file
from director.goals import pause
from director.goals.set_caps import set_caps
from director.goals.submit import submit
from director.mailbox import admission, handling
from director.mailbox.events import receive_all
from director.mailbox.restrictions import month_scope
from director.memory import change
from director.money.periods import month_of
from director.office import Office
from director.progress import performance_figures
from director.progress.on_turn_failure import after_failure
from director.store import schema
from director.tasks.prompt import look as prompt_of
from director.triggers.clock import tick
from director.triggers.schedules import load
from director.upkeep import alerts, daily_report, health, morning
from director.views.likely_change import likely_change
from director.views.month_forecast import month_forecasts, month_forecasts_document
from director.views.schedules import likely
from director.words.alert import Rule
from director.words.amounts import NANO
from director.words.errors import NotFound, WrongCall
from director.words.models import Goal, Told
from director.words.settings import Settings
from director.words.states import GoalState, Level, TurnState
from tests.conftest import VERBS, SetClock
from tests.director.conftest import add_goal, at_work

u = schema.turns

Drain = Callable[..., Goal]


@pytest.fixture
def acme(office: Office) -> Office:
    """The same office, for a second brand; both have a context."""
    brands.add(office, "acme")
    for own, product in ((office, "ambergris"), (office.of("acme"), "basalt")):
        file = context_file(own.settings)
        file.parent.mkdir(parents=True)
        file.write_text(f"# Gnomes of {product}\n\n## What we sell\n\nGnomes of {product}, 12 EUR each.\n")
    return office.of("acme")


def do_all(office: Office) -> None:
    """Do what is out, as a worker does that is no brand's, until nothing is."""
    for _ in range(200):
        admission.ring(office)
        with office.store.read() as tx:
            out = tx.conn.execute(u.select().where(u.c.state == TurnState.DISPATCHED)).all()
        if not out:
            return
        for turn in out:
            handling.handle(office, turn.id, VERBS, after_failure)
    raise AssertionError("there is no end of it")


class TestNames:
    """What a brand can be called."""

    @pytest.mark.parametrize("name", ["", "Acme", "acme!", "-acme", "a" * 33, "../acme", "ac me", "ac\nme"])
    def test_what_is_no_name_of_a_folder_is_refused(self, office: Office, name: str) -> None:
        """With what one is."""
        with pytest.raises(WrongCall, match="small letters, digits"):
            brands.add(office, name)

    def test_there_is_one_of_a_name(self, office: Office) -> None:
        """Nor is the first made again."""
        brands.add(office, "acme")
        for name in ("acme", "default"):
            with pytest.raises(WrongCall, match=f"a brand {name} already"):
                brands.add(office, name)
        with office.store.read() as tx:
            assert [one.name for one in tx.brands.all()] == ["default", "acme"]

    def test_nothing_is_done_for_one_that_is_not_there(self, settings: Settings, office: Office) -> None:
        """Whoever names it is told how it is made; the first brand does not stand in."""
        with pytest.raises(NotFound, match=r"no brand 'nobody'; .*brands add nobody"):
            open_office(replace(settings, brand="nobody"))

    def test_caps_of_the_first_make_no_second(self, office: Office) -> None:
        """What people said of it is not one more."""
        set_caps(office, monthly_nano=NANO, daily_nano=None)
        with office.store.read() as tx:
            [only] = tx.brands.all()
        assert (only.name, only.monthly_nano) == ("default", NANO)


class TestWork:
    """Goals of two brands, done by one worker."""

    def test_a_goal_is_written_by_its_own_brands_context(self, office: Office, acme: Office) -> None:
        """Whoever does its turns: no prompt has a word of the other's."""
        goals = {own.brand: submit(own, "Sell more", pipeline="Social Week") for own in (office, acme)}
        do_all(office)

        for brand, own, other in (("default", "ambergris", "basalt"), ("acme", "basalt", "ambergris")):
            with office.store.read() as tx:
                goal = tx.goals.get(goals[brand].id)
                assert (goal.brand, goal.state) == (brand, GoalState.COMPLETED)
                calls = tx.calls.of_goal(goal.id)
                assert {call.brand for call in calls} == {brand}
            shown = str(prompt_of(office, f"{goal.id}-1"))
            assert own in shown
            assert other not in shown

    def test_without_a_context_of_its_own_it_has_none(self, office: Office, acme: Office) -> None:
        """And not the first brand's."""
        context_file(acme.settings).unlink()

        assert submit(acme, "Sell more").context_hash is None
        assert submit(office, "Sell more").context_hash is not None

    def test_a_brand_without_money_keeps_no_other_back(self, office: Office, acme: Office, drain: Drain) -> None:
        """A cap is one brand's; what is spent is on its account."""
        set_caps(acme, monthly_nano=0, daily_nano=None)
        poor, rich = (submit(own, "Sell more", pipeline="Social Week") for own in (acme, office))
        do_all(office)

        with office.store.read() as tx:
            assert tx.goals.get(rich.id).state is GoalState.COMPLETED
            assert tx.goals.get(poor.id).state is not GoalState.COMPLETED
            spent = {account.scope: account.spent_nano for account in tx.accounts.all() if account.spent_nano}
        assert {scope.split()[1] for scope in spent if not scope.startswith("goal")} == {"default"}

    def test_of_caps_each_has_its_own(self, office: Office, acme: Office) -> None:
        """A tenth of its own month is a goal's."""
        set_caps(acme, monthly_nano=30 * NANO, daily_nano=None)

        assert submit(acme, "Sell more").cap_nano == 3 * NANO
        assert submit(office, "Sell more").cap_nano == 100 * NANO

    def test_the_team_goes_slower_only_where_all_brands_have_spent(self, office: Office, acme: Office) -> None:
        """The level of operation holds for everybody."""
        for own, level in ((acme, Level.NORMAL), (office, Level.EXHAUSTED)):
            with own.store.write() as tx:
                month = month_scope(own.brand, month_of(tx.now, own.settings.time_zone))
                assert tx.accounts.reserve(month, 1000 * NANO, rehearsal=True, cap_nano=None)
                tx.accounts.settle(month, rehearsal=True, reserved_nano=1000 * NANO, spent_nano=1000 * NANO)
            assert health.gather(office, team=True).month is level

    def test_a_pause_is_one_brands(self, office: Office, acme: Office) -> None:
        """All of its work, and nobody else's."""
        pause.pause_all(acme)
        held, goes_on = (submit(own, "Sell more", pipeline="Social Week") for own in (acme, office))
        do_all(office)

        with office.store.read() as tx:
            assert tx.goals.get(goes_on.id).state is GoalState.COMPLETED
            assert "resume --all --brand acme" in (tx.goals.get(held.id).reason or "")

    def test_what_is_remembered_is_one_brands(self, office: Office, acme: Office) -> None:
        """Shown to its specialists, and in the copy in its own folder."""
        change.add(office, "Always name ambergris.", "social-content")
        change.add(acme, "Always name basalt.", "social-content")
        goal = submit(acme, "Sell more", pipeline="Social Week")
        do_all(office)

        shown = str(prompt_of(acme, f"{goal.id}-1"))
        assert "Always name basalt." in shown
        assert "ambergris" not in shown
        for own, word in ((office, "ambergris"), (acme, "basalt")):
            text = (own.settings.brand_dir / "memory" / "learnings.md").read_text()
            assert re.findall("ambergris|basalt", text) == [word]

    def test_what_is_retired_is_gone_from_its_own_brands_copy(self, office: Office, acme: Office) -> None:
        """By its id, whoever's office it is retired in."""
        learning = change.add(acme, "Always name basalt.", "social-content")
        change.retire(office, learning.id)

        assert "## Retired" in (acme.settings.brand_dir / "memory" / "learnings.md").read_text()
        assert not (office.settings.brand_dir / "memory").exists()

    def test_a_report_on_the_work_counts_one_brands(self, office: Office, acme: Office) -> None:
        """What the Director writes about a period has no figure of another's."""
        for own in (office, acme, acme):
            submit(own, "Sell more")
        last = submit(office, "Review", pipeline="Performance Review")

        with office.store.read() as tx:
            now, _ = performance_figures.periods(tx, before=last)
        assert [goal.brand for goal in now.goals] == ["default"]


class TestWhatStartsByItself:
    """Schedules, triggers, mornings, alerts, pages of days."""

    def write(self, office: Office, folder: str, name: str, text: str) -> None:
        """A file of a brand's."""
        place = office.settings.brand_dir / folder
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{name}.yaml").write_text(text, encoding="utf-8")

    def test_a_schedule_starts_goals_of_its_own_brand(self, office: Office, acme: Office, clock: SetClock) -> None:
        """A file in a brand's folder is no other's, and one look starts what is due for all."""
        for own, word in ((office, "ambergris"), (acme, "basalt")):
            text = f"name: {word}\ncron: '0 10 * * *'\ngoal: Write about {word}.\nenabled: true\n"
            self.write(own, "schedules", word, text)
        tick(office)
        clock.forward(timedelta(hours=1))

        assert tick(office) == 2
        with office.store.read() as tx:
            given = {goal.brand: goal.text for goal in tx.goals.all()}
        assert given == {"default": "Write about ambergris.", "acme": "Write about basalt."}

    def test_an_event_starts_what_its_brands_triggers_say(self, office: Office, acme: Office) -> None:
        """Of the same type, at the same moment."""
        for own, word in ((office, "ambergris"), (acme, "basalt")):
            self.write(own, "triggers", "sold", f"event: gnome_sold\ngoal: Thank for {word}.\npipeline: Social Week\n")
        with office.store.write() as tx:
            for brand in ("default", "acme"):
                receive_all(tx, brand=brand, told=[Told("shop", "1", "gnome_sold", {}, said_at=None)])
        do_all(office)

        with office.store.read() as tx:
            given = {goal.brand: goal.text for goal in tx.goals.all()}
        assert given == {"default": "Thank for ambergris.", "acme": "Thank for basalt."}

    def test_each_brand_has_its_own_alerts_and_morning(self, open_with: Callable[..., Office], clock: SetClock) -> None:
        """A notice says whose it is, but for the first brand's, where nobody has to be told."""
        office = open_with(notify_slack_url="http://127.0.0.1:9/x", time_zone=None)
        brands.add(office, "acme")
        with office.store.write() as tx:
            for brand in ("default", "acme"):
                tx.goals.move(add_goal(tx, brand=brand), GoalState.FAILED, by="director", reason=f"Of {brand}.")
        watch = alerts.Watch(office)
        clock.now = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
        at_work(office)
        watch.look()

        with office.store.read() as tx:
            found = {
                brand: [one for one in tx.alerts.open(brand) if one.rule is Rule.GOAL] for brand in ("default", "acme")
            }
            notices = [tx.notices.get(way.notice) for way in tx.notices.on_their_way()]
        assert {brand: [one.what.rpartition("Of ")[2] for one in those] for brand, those in found.items()} == {
            "default": ["default."], "acme": ["acme."],
        }  # fmt: skip
        assert {notice.brand for notice in notices} == {"default", "acme"}

    def test_a_morning_tells_of_one_brand(self, office: Office, acme: Office) -> None:
        """What was done, asked and spent of it."""
        with office.store.write() as tx:
            tx.goals.move(add_goal(tx, brand="acme"), GoalState.FAILED, by="director", reason="None left.")
        with office.store.read() as tx:
            since, until = tx.now - timedelta(days=1), tx.now + timedelta(seconds=1)
            assert morning.told(tx, office, "2026-11-22", since, until) is None
            told = morning.told(tx, acme, "2026-11-22", since, until)
        assert told is not None
        assert [one["goal"] for one in told["done"]] == ["g1"]

    def test_each_brand_has_its_own_page_of_a_day(self, office: Office, acme: Office, clock: SetClock) -> None:
        """In its own folder."""
        for own in (office, acme):
            submit(own, "Sell more", pipeline="Social Week")
        do_all(office)
        clock.forward(timedelta(days=2))
        daily_report.write_missing(office)

        for own, mine, other in ((office, "g1", "g2"), (acme, "g2", "g1")):
            [page] = (own.settings.brand_dir / "metrics").glob("*.md")
            text = page.read_text()
            assert f"- {mine}, [Sell more]" in text
            assert other not in text
            [link] = re.findall(r"\]\(([^)]+)\)", text)
            assert (page.parent / link).resolve().is_file()


class TestWhoComes:
    """Tokens and commands."""

    def test_a_token_is_one_brands(self, office: Office, acme: Office) -> None:
        """Listed and revoked by nobody else."""
        made, _ = tokens.create(acme, "reader", Role.VIEWER)

        assert made.brand == "acme"
        assert tokens.listed(office) == []
        with pytest.raises(NotFound):
            tokens.revoke(office, made.id)

    def test_a_command_is_for_the_brand_of_what_it_names(self, office: Office, acme: Office) -> None:
        """Without --brand; with another's it is refused."""
        goal = submit(acme, "Sell more")

        assert for_brand_of(office, goal.id).brand == "acme"
        assert for_brand_of(acme, goal.id) is acme
        brands.add(office, "other")
        with pytest.raises(WrongCall, match=f"{goal.id} is of the brand acme, and other was named"):
            for_brand_of(office.of("other"), goal.id)

    def test_everything_that_has_an_id_is_of_a_brand(self, office: Office, acme: Office, drain: Drain) -> None:
        """Goals, tasks, verdicts, questions, calls, events; what is none is nobody's."""
        goal = drain(office, submit(acme, "Sell more", pipeline="Social Week"))
        learning = change.add(acme, "Always name basalt.", "social-content")
        with office.store.write() as tx:
            [(event, _)] = receive_all(tx, brand="acme", told=[Told("shop", "1", "sold", {}, said_at=None)])
        with office.store.read() as tx:
            call = tx.calls.of_goal(goal.id)[0]
            review = tx.reviews.of_task(f"{goal.id}-1")[0]
            for ident in (goal.id, f"{goal.id}-1", f"c{call.id}", f"r{review.id}", event, learning.id):
                assert brand_of(tx, ident) == "acme", ident
            for ident in ("g99", "a99", "e99", "c99", "r99", "m99", "g", "tea", "c1x", "al1", "tea@2026", "", "g1x"):
                assert brand_of(tx, ident) is None, ident


def test_a_forecast_rests_on_its_own_brands_past(office: Office, acme: Office, drain: Drain) -> None:
    """Of a plan, a schedule, a change and a month: whatever another brand's goals took, it is as it was before them."""
    done = drain(acme, submit(acme, "Sell gnomes", pipeline="Social Week"))

    def expected() -> list[object]:
        planned = drain(acme, submit(acme, "Sell gnomes", pipeline="Social Week", confirm=True))
        schedule = load(acme.settings, acme.catalog).find("weekly-content")
        with acme.store.read() as tx:
            change = likely_change(acme, tx, tx.tasks.of_goal(done.id)[0], itself=True, dependents=False)
            assert change is not None
            months = month_forecasts_document(month_forecasts(tx, acme))
            return [planned.forecast, likely(acme, schedule), change.expected, months]

    before = expected()
    for _ in range(3):
        drain(office, submit(office, "Sell gnomes", pipeline="Social Week"))

    assert expected()[:3] == before[:3]
    with office.store.read() as tx:
        assert {call.goal for call in tx.history.calls("acme", rehearsal=True, goals=9)} == {done.id}
        assert len({call.goal for call in tx.history.calls("default", rehearsal=True, goals=9)}) == 3
        assert month_forecasts_document(month_forecasts(tx, acme)) == before[3]
