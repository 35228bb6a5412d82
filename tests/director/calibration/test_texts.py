"""The texts whose faults are known: clean ones that are clean, and twins in which only that is wrong that was planted."""

import re
from collections import Counter

import pytest

from director.calibration.judge import request_for
from director.calibration.texts import ONE_CLEAN_IN, Known, find, some, texts
from director.office import Office
from director.tasks import checks
from director.tasks.known_error import CLEAN, KINDS
from skills.loader import Roster

BASES = [known for known in texts() if known.name.endswith(f"/{CLEAN}")]


def test_there_are_enough_of_each_kind_over_enough_skills() -> None:
    """
    At least 12 kinds, each in a text of at least 8 skills; for each skill a clean text, and harmless twins of it.
    """
    counts = Counter(known.kind for known in texts())

    assert len(KINDS) >= 12
    assert len({known.skill for known in BASES}) == len(BASES) >= 8
    assert all(counts[kind] == len(BASES) for kind in KINDS)
    assert counts[CLEAN] >= 2 * len(BASES)
    assert len({known.text for known in texts()}) == len(texts()), "two texts are the same"


@pytest.mark.parametrize("known", [known for known in texts() if known.kind == CLEAN], ids=lambda known: known.name)
def test_a_clean_text_passes_the_certain_checks(known: Known, our_roster: Roster) -> None:
    """
    What the certain checks send back is not clean, and of a twin of it nobody could say what was planted.
    """
    assert checks.faults(known.text, our_roster.skills[known.skill], known.written.task, cut_off=False) == ()


@pytest.mark.parametrize("kind", ["missing-section", "placeholder"])
def test_what_can_be_seen_for_certain_is(kind: str, our_roster: Roster) -> None:
    """
    A missing section and a blank need no model; nor does most of what is cut off.
    """
    planted = [known for known in texts() if known.kind == kind]

    for known in planted:
        assert checks.faults(known.text, our_roster.skills[known.skill], known.written.task, cut_off=False), known.name


def test_the_certain_checks_see_most_that_is_cut_off(our_roster: Roster) -> None:
    """
    Also where the service did not say so: a piece that is not closed, sections that are missing or empty.
    """
    cut = [known for known in texts() if known.kind == "cut-off"]
    seen = [
        known
        for known in cut
        if checks.faults(known.text, our_roster.skills[known.skill], known.written.task, cut_off=False)
    ]

    assert len(seen) >= 6


@pytest.mark.parametrize("known", BASES, ids=lambda known: known.name)
def test_a_reviewer_is_not_told_what_was_planted(known: Known, office: Office) -> None:
    """
    The request holds what any review's does: neither a text's name, nor a kind's, nor that it is no real work.
    """
    for twin in (twin for twin in texts() if twin.skill == known.skill):
        body = str(request_for(office, twin).body())
        told = re.findall(rf"{'|'.join(KINDS)}|calibrat\w+|planted|{re.escape(twin.name)}", body)
        # Words of the rubrics and of the texts themselves.
        assert set(told) <= {"placeholder"}, twin.name


def test_a_part_of_them_has_clean_ones_and_all_kinds_in_turn() -> None:
    """
    Of 24 one in three is clean, and of the planted no kind is there twice before each is once. The same seed gives the same.
    """
    chosen = some(texts(), 24, 7)
    kinds = Counter(known.kind for known in chosen)

    assert len(chosen) == 24
    assert kinds[CLEAN] == 24 // ONE_CLEAN_IN
    assert all(kinds[kind] >= 1 for kind in KINDS)
    assert chosen == some(texts(), 24, 7) != some(texts(), 24, 8)
    assert [known.kind for known in chosen] != sorted(known.kind for known in chosen)


def test_more_than_there_are_is_all_of_them() -> None:
    """
    A limit that does not bind leaves nothing out.
    """
    assert len(some(texts(), 1_000, None)) == len(texts())
    assert find("no-such/text") is None
