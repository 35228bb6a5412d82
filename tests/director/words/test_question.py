"""Questions are kept as JSON for as long as a person may answer, over new versions of Troupe."""

import json
from typing import Any

import pytest

from director.words.question import (
    About,
    AboutDraft,
    AboutFailure,
    AboutPause,
    AboutPlan,
    AboutSpending,
    Kind,
    from_document,
    to_document,
)

#: As they stand in records that exist; these lines never change.
KEPT: dict[About, str] = {
    AboutPlan(3, "month default 2026-11", 5, 4, rehearsal=False): (
        '{"cap_nano": 3, "month": "month default 2026-11", "month_cap_nano": 5, "of_nano": 4, "rehearsal": false}'
    ),
    AboutDraft(best=7, last=9, reason="The score did not rise.", notes="- minor, Hooks: dull"): (
        '{"best": 7, "last": 9, "reason": "The score did not rise.", "notes": "- minor, Hooks: dull"}'
    ),
    AboutSpending("goal g1", rehearsal=True, cap_nano=3, of_nano=2): (
        '{"scope": "goal g1", "rehearsal": true, "cap_nano": 3, "of_nano": 2}'
    ),
    AboutFailure(turn=4): '{"turn": 4}',
    AboutPause("default"): '{"brand": "default"}',
    AboutPause("default", "month default 2026-11", rehearsal=False, worst_nano=5): (
        '{"brand": "default", "scope": "month default 2026-11", "rehearsal": false, "worst_nano": 5}'
    ),
}


@pytest.mark.parametrize(("about", "document"), KEPT.items(), ids=KEPT.values())
def test_what_is_kept_is_what_was_kept(about: About, document: str) -> None:
    """
    A question that is open when Troupe is renewed can be answered afterwards, and the other way round.
    """
    assert to_document(about) == json.loads(document)
    assert from_document(about.kind, json.loads(document)) == about


def test_every_kind_has_a_line_here() -> None:
    """
    Whoever adds a kind writes down how it is kept.
    """
    assert list(dict.fromkeys(about.kind for about in KEPT)) == list(Kind)


@pytest.mark.parametrize(
    ("kind", "document", "about"),
    [
        (
            Kind.SPENDING,
            {"scope": "goal g1", "rehearsal": False, "raise_by_nano": 7},
            AboutSpending("goal g1", rehearsal=False, cap_nano=None, of_nano=None),
        ),
        (Kind.PLAN, {}, AboutPlan()),
        (Kind.PLAN, {"of_a_later": "version"}, AboutPlan()),
    ],
    ids=["a field that came later and one that went", "fields that all came later", "a field nobody knows yet"],
)
def test_other_versions_are_read(kind: Kind, document: dict[str, Any], about: About) -> None:
    """
    What an earlier Troupe did not say has a default; what is not known is passed over.
    """
    assert from_document(kind, document) == about
