"""A year of schedules: no slot fires twice, none is without a fate. The full one, in ten zones, is `make chaos`."""

import random
from pathlib import Path

from director.words.states import SlotFate
from tests.chaos.year import ZONES, live


def test_a_year_of_restarts_loses_no_slot_and_fires_none_twice(tmp_path: Path) -> None:
    """
    02:30 on each day, Sundays, the 31st and February 29th in two zones, two clocks of which one dies again and again: what a
    calendar on the wall has is on record, once.
    """
    found = live(tmp_path, random.Random(12), ZONES[:2], restarts=15, kept=0.06)
    assert [] == found.broken
    assert found.slots > 2 * (366 + 52 + 7)
    # A person makes the one, not the clock, and each goal can be given.
    assert found.fates.keys() == set(SlotFate) - {SlotFate.RUN, SlotFate.NOT_STARTED}
    assert found.restarts == 15
