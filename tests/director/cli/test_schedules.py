"""`schedules`: what is due and what became of it, switched on and off by a person's yes; who starts a goal is said with it."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from director.bootstrap import open_office
from director.cli.schedules import _row
from director.cli.status import _overview
from director.cli.tables import goal_view
from director.cli.terminal import fitted
from director.office import Office
from director.triggers.clock import run_now, tick
from director.triggers.schedules import folder_of, load
from director.views.schedules import standing
from director.words.command import program
from director.words.models import Goal
from director.words.states import GoalState, SlotFate
from tests.conftest import SetClock
from tests.director.cli.conftest import Said, drawn

Say = Callable[..., Said]


def a_file(office: Office, name: str, text: str) -> Path:
    """A person's schedule."""
    folder = folder_of(office.settings)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text(f"name: {name}\n{text}", encoding="utf-8")
    return folder / f"{name}.yaml"


def test_all_are_off_until_a_person_says_yes(say: Say) -> None:
    """`schedules` shows them, says how to switch them on, and has them on after that."""
    listed = say("schedules")
    assert "schedules enable NAME`" in listed.out
    assert 6 == listed.out.count(" off")
    done = say("schedules", "enable", "weekly-seo", "daily-social")
    assert 0 == done.code
    assert 2 == done.out.count(" is on, next at ")
    found = {each["name"]: each for each in json.loads(say("schedules", "--json").out)["schedules"]}
    assert {"weekly-seo", "daily-social"} == {name for name, each in found.items() if each["enabled"]}
    assert 3 == len(found["weekly-seo"]["next"])
    assert [] == found["monthly-cro"]["next"]


def test_all_are_switched_by_one_word(say: Say) -> None:
    """On, and off again."""
    assert 6 == say("schedules", "enable", "--all").out.count(" is on, next at ")
    assert 6 == say("schedules", "disable", "--all").out.count(" is off.")


def test_what_a_yes_may_cost_is_said_with_it(office: Office, say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a pipeline likely costs, and a goal whose plan nobody has made its cap; without a key nothing is paid."""
    a_file(office, "tea", "cron: 0 9 * * *\ngoal: Tea.\ncap: 3\n")
    rehearsed = " ".join(say("schedules", "enable", "weekly-seo", "tea").out.split())
    likely = r"likely cost \$\d+\.\d+ to \$\d+\.\d+, \$100\.00 at most\."
    assert re.search(rf"each of its goals is rehearsed, nothing is paid; with a key it will {likely}", rehearsed)
    assert "each of its goals is rehearsed, nothing is paid; with a key it may cost $3.00." in rehearsed
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-test")
    paid = " ".join(say("schedules", "enable", "weekly-content", "tea").out.split())
    assert re.search(rf"each of its goals will {likely}", paid)
    assert "each of its goals may cost $3.00." in paid


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("enable",), "Name the schedules, or say --all; there are: daily-review, "),
        (("enable", "weekly-seo", "--all"), "Name the schedules, or say --all"),
        (("enable", "weekly-seo", "wekly"), "There is no schedule 'wekly'; nearest: weekly-seo"),
        (("disable", "nothing-like-it"), "There is no schedule 'nothing-like-it'"),
        (("run", "wekly"), "There is no schedule 'wekly'"),
        (("explain", "wekly"), "There is no schedule 'wekly'"),
        (
            ("explain", "weekly-seo", "--from", "soon"),
            "--from has to be a day such as 2026-12-01 or today; it is 'soon'.",
        ),
        (("explain", "weekly-seo", "--to", "9999-12-31"), "--to has to be a day such as"),
        (("explain", "weekly-seo", "--from", "2026-12-02", "--to", "2026-12-01"), "--to 2026-12-01 is before --from"),
        (("enable", "tea"), "tea.yaml: cron: expected a line such as"),
    ],
)
def test_a_wrong_word_is_one_sentence_and_changes_nothing(
    office: Office, say: Say, words: tuple[str, ...], sentence: str
) -> None:
    """Nothing is switched where one of several names is wrong."""
    a_file(office, "tea", "goal: Tea.\n")
    said = say("schedules", *words)
    assert (2, "", 1) == (said.code, said.out, len(said.err.splitlines()))
    assert sentence in said.err
    with office.store.read() as tx:
        assert tx.slots.schedule(office.brand, "weekly-seo") is None


def test_a_broken_file_is_named_and_can_be_switched_off(office: Office, say: Say) -> None:
    """`schedules` and `status` tell of it; one that was on before it broke can be switched off."""
    a_file(office, "tea", "cron: 0 9 * * *\ngoal: Tea.\n")
    assert 0 == say("schedules", "enable", "tea").code
    a_file(office, "tea", "cron: 0 99 * * *\ngoal: Tea.\n")
    assert "Rests, because its file is broken: " in say("schedules").out
    assert "Schedules with a broken file rest: tea.yaml" in say("status").out
    document = json.loads(say("schedules", "--json").out)
    (broken,) = document["broken"]
    assert "cron: expected minute" in broken["reason"]
    assert 6 == len(document["schedules"])
    done = say("schedules", "disable", "tea")
    assert (0, True) == (done.code, "tea is off." in done.out)
    with office.store.read() as tx:
        row = tx.slots.schedule(office.brand, "tea")
    assert row is not None
    assert row.enabled is False


def test_a_schedule_is_changed_by_a_word(office: Office, say: Say) -> None:
    """In a file of the workspace, which is named; it says whether it is on."""
    said = say("schedules", "change", "weekly-seo", "--cron", "0 7 * * 1", "--cap", "5")
    words = " ".join(said.out.split())

    assert "weekly-seo starts every Monday at 07:00 (UTC), $5.00 a goal at most: " in words
    assert "schedules enable weekly-seo` switches it on." in words
    [one] = json.loads(say("schedules", "change", "weekly-seo", "--cap", "none", "--json").out)["schedules"]
    assert (one["when"], one["cap_usd"]) == ("every Monday at 07:00", None)
    assert say("schedules", "change", "weekly-seo").code == 2


def test_a_schedules_goal_can_be_given_now(office: Office, say: Say) -> None:
    """By a person: no due time of it is used up, and the schedule knows of the goal, its cost and that it is open."""
    say("schedules", "enable", "daily-social")
    done = say("schedules", "run", "daily-social", "--json")
    assert 0 == done.code
    document = json.loads(done.out)
    assert document["goal"]["text"].startswith("Write the social posts for one day, ")
    with office.store.read() as tx:
        assert tx.goals.get("g1").pipeline == "Social Week"
        (slot,) = tx.slots.of_schedule(office.brand, "daily-social")
        assert ["g1"] == tx.slots.open_goals(office.brand, "daily-social")
    assert (SlotFate.RUN, "A person ran it.", "g1") == (slot.fate, slot.why, slot.goal)
    assert 0 != slot.slot.microsecond
    cause = f"the schedule daily-social, which a person ran at {slot.slot:%Y-%m-%d %H:%M} UTC"
    assert cause == document["goal"]["started_by"]
    assert f"Started by {cause}." in " ".join(say("status", "g1").out.split())
    (listed,) = [
        each for each in json.loads(say("schedules", "--json").out)["schedules"] if each["name"] == "daily-social"
    ]
    assert (1, "g1") == (listed["goals"], listed["last"]["goal"])
    assert "A person ran it." in say("schedules", "explain", "daily-social").out


def test_two_runs_at_one_moment_are_two_goals(office: Office, clock: SetClock) -> None:
    """On a due time too, which stays the clock's; its goal waits for those that a person started."""
    a_file(office, "tea", "cron: 0 12 * * *\ngoal: Tea.\nenabled: true\n")
    tick(office)
    noon = clock.now = (clock.now + timedelta(days=1)).replace(hour=12, minute=0, second=0, microsecond=0)
    tea = load(office.settings, office.catalog).schedules["tea"]
    assert ["g1", "g2"] == [run_now(office, tea, rehearsal=True).id for _ in range(2)]
    assert 0 == tick(office)
    with office.store.read() as tx:
        due = tx.slots.get(office.brand, "tea", noon)
        assert ["g1", "g2"] == tx.slots.goals_of(office.brand, "tea")
    assert due is not None
    assert (SlotFate.SKIPPED, "The goal of an earlier slot, g2, is still open.") == (due.fate, due.why)


def test_a_schedules_goal_that_is_paid_needs_a_yes(office: Office, say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one whose file has a cap: nobody agreed to it here."""
    a_file(office, "tea", "cron: 0 9 * * *\ngoal: Tea.\ncap: 3\n")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-test")
    said = say("schedules", "run", "tea")
    assert (2, "The goal of tea is paid for, $3.00 at most, and nobody can be asked here: say --yes.\n") == (
        said.code, said.err,
    )  # fmt: skip
    assert 0 == say("schedules", "run", "tea", "--yes").code
    with office.store.read() as tx:
        assert (3 * 10**9, False) == (tx.goals.get("g1").cap_nano, tx.goals.get("g1").rehearsal)


@pytest.fixture
def fired(office: Office, clock: SetClock) -> Goal:
    """A goal that a schedule started at noon, beside one that was skipped and what is to come."""
    a_file(
        office,
        "tea",
        "cron: 0 12 * * *\nzone: Europe/Berlin\ngoal: Write posts.\npipeline: Social Week\nenabled: true\n",
    )
    tick(office)
    clock.now = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
    tick(office)
    clock.forward(timedelta(days=1))
    tick(office)
    with office.store.read() as tx:
        return tx.goals.get("g1")


def test_a_goal_says_what_started_it(
    office: Office, fired: Goal, drain: Callable[[Office, Goal], Goal], say: Say
) -> None:
    """On its status, in its document and in its report."""
    cause = "the schedule tea, slot of 2026-11-22 11:00 UTC"
    with office.store.read() as tx:
        assert f"Started by {cause}." in drawn(goal_view(tx, fired, 80), 80)
    assert cause == json.loads(say("status", "g1", "--json").out)["goal"]["started_by"]
    assert GoalState.COMPLETED is drain(office, fired).state
    report = (office.settings.workspace_dir / "reports" / "g1.md").read_text(encoding="utf-8")
    assert f"\n\nStarted by {cause}.\n" in report


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_table_fits_its_terminal(office: Office, fired: Goal, width: int) -> None:
    """Names and times stay whole, a line of three times is as wide as one."""
    with office.store.read() as tx:
        settled = [standing(tx, office, each) for each in load(office.settings, office.catalog).schedules.values()]
        now = tx.now
    columns = ("schedule", "when", "next", "last", "goals", "cost")
    lines = drawn(
        fitted([_row(each, now) for each in settled], columns, width, text="when", drop=("cost", "goals", "last")),
        width,
    )
    assert max(map(len, lines)) <= max(width, 46)
    assert any(line.startswith("weekly-content") for line in lines)
    assert any("Tue 24 Nov 12:00" in line for line in lines)


def test_status_says_what_starts_next(office: Office, fired: Goal, say: Say) -> None:
    """In the schedule's zone; nothing where all are off."""
    with office.store.read() as tx:
        said = " ".join(drawn(_overview(office, tx, [fired], 120), 120))
    assert f"Next: tea, Tue 24 November 12:00 (Europe/Berlin), when `{program()} up` runs." in said
    assert "tea" == json.loads(say("status", "--json").out)["next"]["schedule"]
    say("schedules", "disable", "tea")
    with office.store.read() as tx:
        assert not any("Next: " in line for line in drawn(_overview(office, tx, [], 80), 80))
    assert json.loads(say("status", "--json").out)["next"] is None


def test_every_slot_of_a_span_is_explained(office: Office, clock: SetClock, fired: Goal) -> None:
    """What was before it began, what became of each, and what will be."""
    from director.views.schedules import explained  # noqa: PLC0415 - beside what it explains

    with office.store.read() as tx:
        tea = load(office.settings, office.catalog).schedules["tea"]
        told = explained(tx, office, tea, clock.now - timedelta(days=2), clock.now + timedelta(days=1), most=9)
    assert [None, SlotFate.FIRED, SlotFate.SKIPPED, None] == [each.fate for each in told]
    assert told[0].why.startswith("Started nothing: it was off then")
    assert ("g1", "Will be.") == (told[1].goal, told[3].why)


def test_an_explanation_is_bounded(office: Office, say: Say) -> None:
    """As many lines as a day has minutes, and a word that there are more; the same in JSON."""
    a_file(office, "tea", "cron: '* * * * *'\ngoal: Tea.\n")
    said = say("schedules", "explain", "tea", "--from", "2026-01-01", "--to", "2026-12-31")
    assert "There are more; these are the first 1,500: name fewer days." in said.out
    document = json.loads(
        say("schedules", "explain", "tea", "--from", "2026-01-01", "--to", "2026-12-31", "--json").out
    )
    assert (1_500, True) == (len(document["slots"]), document["more"])
    assert "2026-01-01T00:00:00+00:00" == document["slots"][0]["slot"]


def test_without_days_the_slots_next_to_now_are_explained(office: Office, say: Say) -> None:
    """The newest of what was and the first of what comes; how many are left out, and how to ask for others, is said."""
    a_file(office, "tea", "cron: '* * * * *'\ngoal: Tea.\n")
    document = json.loads(say("schedules", "explain", "tea", "--json").out)
    slots = [datetime.fromisoformat(each["slot"]) for each in document["slots"]]
    assert (500, True) == (len(slots), document["more"])
    assert {timedelta(minutes=1)} == {after - before for before, after in pairwise(slots)}
    assert ["Will not be: it is off."] == list({each["why"] for each in document["slots"][250:]} - {
        each["why"] for each in document["slots"][:250]
    })  # fmt: skip
    out = " ".join(say("schedules", "explain", "tea").out.split())
    week = 7 * 24 * 60 - 250
    assert f"{week:,} earlier and {week:,} later ones; --from DATE --to DATE shows other days" in out


def test_a_day_is_asked_for_by_a_word(office: Office, say: Say) -> None:
    """Yesterday, today and tomorrow, in the schedule's zone."""
    a_file(office, "tea", "cron: 0 9 * * *\nzone: Asia/Tokyo\ngoal: Tea.\n")
    said = say("schedules", "explain", "tea", "--from", "yesterday", "--to", "tomorrow", "--json")
    slots = [datetime.fromisoformat(each["slot"]) for each in json.loads(said.out)["slots"]]
    assert [timedelta(days=1)] * 2 == [after - before for before, after in pairwise(slots)]


def test_only_looking_at_schedules_makes_nothing(say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder one was in by mistake stays as it was."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORKSPACE_DIR", str(tmp_path / "elsewhere"))
    assert [0, 0] == [say("schedules").code, say("schedules", "explain", "weekly-seo").code]
    assert not (tmp_path / "elsewhere").exists()


def test_a_yes_before_there_is_a_record_makes_one(say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a person said is kept for the clock that starts later."""
    monkeypatch.setenv("WORKSPACE_DIR", str(tmp_path / "new"))
    assert 0 == say("schedules", "enable", "--all").code
    assert 6 == sum(each["enabled"] for each in json.loads(say("schedules", "--json").out)["schedules"])


def test_an_office_of_another_process_sees_the_yes(office: Office, clock: SetClock, say: Say) -> None:
    """The command's record is the clock's: the next slot after the yes fires."""
    say("schedules", "enable", "daily-social")
    other = open_office(office.settings, clock=clock)
    try:
        with other.store.read() as tx:
            row = tx.slots.schedule(other.brand, "daily-social")
        assert row is not None
        clock.now = row.looked_until + timedelta(days=1)
        assert 1 == tick(other)
    finally:
        other.close()
