"""A schedule that a person changes: in a file of theirs, which says what it said otherwise."""

from dataclasses import replace
from datetime import timedelta

import pytest

from director.office import Office
from director.triggers.change_schedule import change, version_of_schedule
from director.triggers.clock import next_slots
from director.triggers.schedules import Schedule, folder_of, load
from director.triggers.switch import switch
from director.words.amounts import NANO
from director.words.errors import ChangedSince, NotFound, WrongCall
from tests.conftest import SetClock

TEA = """\
# Ours, for the shop.
name: tea
cron: 0 9 * * 1   # Mondays
goal: >-
  Write the tea letter
  of {week}.
cap: 2.50
"""


def found(office: Office, name: str) -> Schedule:
    return load(office.settings, office.catalog).find(name)


@pytest.fixture
def tea(office: Office) -> Schedule:
    """A person's own schedule."""
    folder = folder_of(office.settings)
    folder.mkdir(parents=True)
    (folder / "tea.yaml").write_text(TEA)
    return found(office, "tea")


def test_one_of_ours_is_copied_and_ours_stays(office: Office) -> None:
    """What is not changed is as in ours; later it is the copy that changes."""
    ours = found(office, "weekly-seo")

    changed = change(office, "weekly-seo", cron="0 7 * * 1", cap="5")

    theirs = found(office, "weekly-seo")
    assert theirs == changed == replace(ours, cron=changed.cron, cap_nano=5 * NANO, file=theirs.file)
    assert theirs.file.parent == folder_of(office.settings)
    assert ours.file.exists()
    assert change(office, "weekly-seo", cap="none").cap_nano is None
    assert found(office, "weekly-seo").cron.line == "0 7 * * 1"


def test_a_persons_file_keeps_what_is_not_changed(office: Office, tea: Schedule) -> None:
    """Comments too; the file before stands beside it and is no schedule. The same again changes nothing."""
    change(office, "tea", cron="@daily")

    assert tea.file.read_text() == TEA.replace("cron: 0 9 * * 1   # Mondays", 'cron: "0 0 * * *"')
    assert tea.file.with_name("tea.yaml.before").read_text() == TEA
    assert load(office.settings, office.catalog).broken == {}
    was = tea.file.stat().st_mtime_ns
    change(office, "tea", cron="0 0 * * *", cap="2.5")
    assert tea.file.stat().st_mtime_ns == was


@pytest.mark.parametrize(
    ("said", "why"), [({"cron": "soon"}, "0 6"), ({"cron": "0 0 31 2 *"}, "day-of-month"), ({"cap": "lots"}, "amount")]
)
def test_what_it_cannot_be_changed_to_is_a_sentence(
    office: Office, tea: Schedule, said: dict[str, str], why: str
) -> None:
    """And the file stays."""
    with pytest.raises(WrongCall, match=why):
        change(office, "tea", **said)

    assert tea.file.read_text() == TEA


def test_whoever_saw_another_file_changes_nothing(office: Office, tea: Schedule) -> None:
    """Somebody edited it meanwhile."""
    seen = version_of_schedule(tea)
    tea.file.write_text(TEA.replace("0 9", "0 8"))

    with pytest.raises(ChangedSince):
        change(office, "tea", cap="9", version=seen)
    with pytest.raises(NotFound):
        change(office, "gnomes", cap="9")

    assert found(office, "tea").cron.line == "0 8 * * 1"


def test_no_time_is_made_up_for_that_it_did_not_have(office: Office, tea: Schedule, clock: SetClock) -> None:
    """Nobody looked for days, and then it is changed: it begins with the first slot after now."""
    switch(office, load(office.settings, office.catalog), ["tea"], on=True)
    clock.forward(timedelta(days=3))

    change(office, "tea", cron="0 0 * * *")

    with office.store.read() as tx:
        row = tx.slots.schedule(office.brand, "tea")
        assert row is not None
        assert row.looked_until == clock.now
        [(slot, _)] = next_slots(tx, office, load(office.settings, office.catalog), 1)
    assert timedelta() < slot - clock.now <= timedelta(days=1)


def test_what_cannot_be_changed_line_by_line_stays(office: Office, tea: Schedule) -> None:
    """YAML can be written otherwise than we do."""
    tea.file.write_text("{name: tea, cron: 0 9 * * 1, goal: Write the tea letter}")

    with pytest.raises(WrongCall, match="edit it"):
        change(office, "tea", cap="9")
