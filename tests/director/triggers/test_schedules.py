"""Schedules are files: ours are all off, a person's may replace them, and a broken one stops only itself."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from director.goals.submit import check
from director.office import Office
from director.triggers.schedules import OWN, Missed, Schedules, folder_of, load
from director.words.amounts import NANO
from director.words.errors import WrongCall
from director.words.states import PlanBy, Priority

#: The least a file may say.
LEAST = "name: tea\ncron: 0 17 * * *\ngoal: Write about tea.\n"


def a_file(office: Office, text: str, name: str = "tea.yaml") -> Path:
    """A person's schedule."""
    folder = folder_of(office.settings)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def loaded(office: Office) -> Schedules:
    """All schedules of an installation."""
    return load(office.settings, office.catalog)


def test_ours_are_the_six_and_all_are_off(office: Office) -> None:
    """Nothing begins by surprise: what is shipped waits until a person says yes."""
    found = loaded(office).schedules
    assert {
        "daily-social": ("0 6 * * *", "Social Week", Priority.P2),
        "daily-review": ("0 9 * * *", "Performance Review", Priority.P1),
        "weekly-content": ("0 0 * * 1", "Content Production", Priority.P2),
        "weekly-seo": ("0 0 * * 3", "SEO Cycle", Priority.P2),
        "monthly-cro": ("0 0 1 * *", "Conversion Sprint", Priority.P1),
        "monthly-review": ("0 0 15 * *", "Performance Review", Priority.P1),
    } == {name: (schedule.cron.line, schedule.pipeline, schedule.priority) for name, schedule in found.items()}
    assert not any(schedule.enabled for schedule in found.values())
    of = {name: check(office.settings, office.catalog, each.text(office.clock()), pipeline=each.pipeline).category
          for name, each in found.items()}  # fmt: skip
    assert {
        "daily-social": "content", "weekly-content": "content", "monthly-cro": "optimization",
        "daily-review": "measurement", "weekly-seo": "measurement", "monthly-review": "measurement",
    } == of  # fmt: skip
    for schedule in found.values():
        assert office.library.find(str(schedule.pipeline)).name == schedule.pipeline
        assert schedule.file == OWN / f"{schedule.name}.yaml"


def test_what_a_file_leaves_out_follows(office: Office) -> None:
    """The newest missed slot within a week, the pipeline's priority, a tenth of the month, UTC, off."""
    a_file(office, LEAST)
    tea = loaded(office).schedules["tea"]
    assert (Missed.LATEST, timedelta(days=7), False) == (tea.missed, tea.within, tea.enabled)
    assert (None, None, None, "UTC") == (tea.pipeline, tea.priority, tea.cap_nano, tea.cron.zone.key)
    assert tea.wanted["plan_by"] is PlanBy.CLAUDE


def test_what_a_file_says_is_taken(office: Office) -> None:
    """Every field."""
    a_file(
        office,
        "name: tea\ndescription: Each day.\ncron: '@daily'\nzone: Asia/Tokyo\npipeline: social week\npriority: P0\ncap: 2.50\n"
        "missed: all\nwithin_days: 3\nmost: 5\nenabled: true\n",
    )
    tea = loaded(office).schedules["tea"]
    assert ("0 0 * * *", "Asia/Tokyo", "Social Week", PlanBy.TEMPLATE) == (
        tea.cron.line, tea.cron.zone.key, tea.pipeline, tea.wanted["plan_by"],
    )  # fmt: skip
    assert (Priority.P0, 2_500_000_000, Missed.ALL, 3, 5, True) == (
        tea.priority, tea.cap_nano, tea.missed, tea.within.days, tea.most, tea.enabled,
    )  # fmt: skip
    assert tea.text(datetime(2026, 1, 1, tzinfo=UTC)) == "Run the pipeline Social Week"


def test_the_brands_zone_is_the_usual_one(open_with: Callable[..., Office]) -> None:
    """TIME_ZONE says where the brand is, so six in the morning is six there."""
    office = open_with(time_zone=ZoneInfo("Europe/Berlin"))
    assert {"Europe/Berlin"} == {schedule.cron.zone.key for schedule in loaded(office).schedules.values()}


def test_a_goals_words_name_the_slots_day_and_week(office: Office) -> None:
    """Both as they are in the schedule's zone, where a year's last days may be in the first week of the next."""
    a_file(office, LEAST.replace("tea.", "{date}, {week}, for {{name}}.") + "zone: Asia/Tokyo\n")
    tea = loaded(office).schedules["tea"]
    assert tea.text(datetime(2024, 12, 29, 15, 0, tzinfo=UTC)) == "Write about 2024-12-30, 2025-W01, for {{name}}."


def test_the_readmes_schedule_is_one(office: Office) -> None:
    """Who copies it has a schedule."""
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    (text,) = (found for found in re.findall(r"(?s)```yaml\n(.*?)```", readme) if "cron:" in found)
    a_file(office, text)
    assert ({}, "Europe/London") == (loaded(office).broken, loaded(office).schedules["weekly-letter"].cron.zone.key)


def test_a_persons_file_replaces_ours_of_its_name(office: Office) -> None:
    """Whoever wants another hour copies the file and changes it."""
    file = a_file(office, LEAST.replace("name: tea", "name: weekly-seo"))
    assert file == loaded(office).schedules["weekly-seo"].file


def test_a_broken_file_stops_itself_and_what_it_was_to_replace(office: Office) -> None:
    """What a person wanted otherwise does not run as it was; all others do."""
    file = a_file(office, LEAST.replace("name: tea", "name: weekly-seo") + "colour: green\n", "mine.yaml")
    other = a_file(office, "name: [", "daily-social.yaml")
    a_file(office, LEAST)
    found = loaded(office)
    assert {"daily-review", "weekly-content", "monthly-cro", "monthly-review", "tea"} == set(found.schedules)
    assert {file, other} == set(found.broken)


def test_of_two_files_of_one_name_the_first_counts(office: Office) -> None:
    """The other is told of."""
    first = a_file(office, LEAST, "a.yaml")
    second = a_file(office, LEAST, "b.yaml")
    found = loaded(office)
    assert first == found.schedules["tea"].file
    assert {second: f"{second}: name: expected a name of its own, found tea again after a.yaml."} == found.broken


def test_a_folder_that_is_none_is_told_of(office: Office) -> None:
    """Ours go on."""
    folder = folder_of(office.settings)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("", encoding="utf-8")
    found = loaded(office)
    assert 6 == len(found.schedules)
    assert [f"{folder}: expected a folder that can be read (Not a directory)."] == list(found.broken.values())


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ("cron: 61 9 * * *", "cron: expected minute, hour, day of the month, month and day of the week"),
        ("cron: 0 9 * *", "found '0 9 * *' (4 fields)"),
        ("cron: 9", "cron: expected a line such as 0 6 * * 1, found 9"),
        ("cron: * * * * *", "(a cron line that begins with * stands in quotes)"),
        ("cron: '@reboot'", "found '@reboot' (1 field)"),
        ("cron: 0 0 31 2 *", "found '0 0 31 2 *'"),
        (
            "zone: Europe/Berln",
            "zone: expected the name of a time zone such as Europe/London, found 'Europe/Berln'; nearest",
        ),
        ("zone: Europe", "zone: expected the name of a time zone"),
        ("zone: ../etc/passwd", "zone: expected the name of a time zone"),
        ("zone: 'a\\0b'", "zone: expected the name of a time zone"),
        (f"zone: {'x' * 300}", "zone: expected the name of a time zone"),
        ("zone: 2", "zone: expected the name of a time zone such as Europe/London, found 2"),
        ("pipeline: Soical Week", "pipeline: There is no pipeline 'Soical Week'; nearest: Social Week"),
        ("pipeline: [Social Week]", "pipeline: expected a line of at most 500 characters, found ['Social Week']"),
        ("name: Tea time", "name: expected at most 63 letters from a to z, digits and '-', found 'Tea time'"),
        (f"name: {'t' * 64}", "name: expected at most 63"),
        ("name: 7", "name: expected at most 63 letters"),
        ("name: ../tea", "name: expected at most 63 letters"),
        ("goal: ''", "goal: expected a goal's words, found ''"),
        ("goal: [a]", "goal: expected a goal's words, found ['a']"),
        ("goal: Write about {day}.", "goal: expected no placeholders but {date} and {week}, found '{day}'"),
        (f"goal: {'x' * 4001}", "goal: The goal has 4,001 characters"),
        ("priority: P9", "priority: expected one of P0, P1, P2, P3, found 'P9'"),
        ("cap: lots", "cap: expected an amount in USD such as 25 or 2.50, found 'lots'"),
        ("cap: -1", "cap: expected an amount in USD"),
        ("cap: .nan", "cap: expected an amount in USD"),
        ("cap: true", "cap: expected an amount in USD such as 25 or 2.50, found True"),
        ("missed: some", "missed: expected one of latest, skip, all, found 'some'"),
        ("missed: {policy: latest}", "missed: expected one of latest, skip, all"),
        ("within_days: 32", "within_days: expected a whole number from 1 to 31, found 32"),
        ("within_days: 1.5", "within_days: expected a whole number from 1 to 31, found 1.5"),
        ("most: 0", "most: expected a whole number from 1 to 10, found 0"),
        ("most: true", "most: expected a whole number from 1 to 10, found True"),
        ("enabled: 1", "enabled: expected true or false, found 1"),
        ("description: [a]", "description: expected a line"),
        ("enabeld: true", "'enabeld': expected only name, description"),
    ],
)
def test_what_is_wrong_in_a_file_is_one_sentence(office: Office, changed: str, said: str) -> None:
    """The file, the field, what was expected and what came; the schedule rests."""
    key = changed.partition(":")[0]
    kept = [line for line in LEAST.splitlines() if not line.startswith(f"{key}:")]
    file = a_file(office, "\n".join([*kept, changed]))
    found = loaded(office)
    assert "tea" not in found.schedules
    sentence = found.broken[file]
    assert said in sentence
    assert sentence.startswith(f"{file}: ")
    assert sentence.endswith(".")
    assert "\n" not in sentence


@pytest.mark.parametrize("missing", ["name", "cron", "goal"])
def test_a_file_says_at_least_its_name_when_and_what(office: Office, missing: str) -> None:
    """What is needed is asked for."""
    kept = [line for line in LEAST.splitlines() if not line.startswith(f"{missing}:")]
    file = a_file(office, "\n".join(kept))
    assert f": {missing}: expected " in loaded(office).broken[file]


@pytest.mark.parametrize("text", ["", "- a", "7", "name: tea\nname: tea\n", "a: &a [*a]", "[" * 5000, "name: \0"])
def test_a_file_that_is_no_schedule_is_one_sentence(office: Office, text: str) -> None:
    """Whatever stands in it."""
    file = a_file(office, text)
    assert loaded(office).broken[file].startswith(f"{file}: ")


def test_a_schedule_is_found_by_its_name_or_the_nearest_is_named(office: Office) -> None:
    """One whose file is broken says what is wrong with it."""
    file = a_file(office, LEAST + "most: 0\n")
    found = loaded(office)
    assert found.find("weekly-seo").name == "weekly-seo"
    with pytest.raises(WrongCall, match="There is no schedule 'wekly-seo'; nearest: weekly-seo"):
        found.find("wekly-seo")
    with pytest.raises(WrongCall, match="most: expected"):
        found.find("tea")
    assert {file} == set(found.broken)


def test_a_cap_is_an_amount(office: Office) -> None:
    """With or without the currency, as a number or as text."""
    for written in ("25", "25 USD", "25.0", "'$25'", "'25'"):
        a_file(office, f"{LEAST}cap: {written}\n")
        assert 25 * NANO == loaded(office).schedules["tea"].cap_nano
