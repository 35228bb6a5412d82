"""What is known of reviewers: by kinds of faults, by dimensions, and beside people's answers."""

from collections.abc import Sequence
from typing import Any

from director.calibration.people import Agreement
from director.money.prices import without_date
from director.office import REVIEWER, Office
from director.store.tx import Tx
from director.tasks.known_error import CLEAN, ENOUGH_PAIRS, KINDS, Measured, OfKind, Share, measured
from director.words.models import Goal


def of_all(tx: Tx, office: Office, first: str) -> list[Measured]:
    """What is known of each model that judged any of the texts; of *first*, paid or rehearsed as here, in any case."""
    first = without_date(first)
    others = [found for found in tx.calibrations.models() if found != (first, office.claude.rehearses)]
    return [
        measured(tx, office.skills, model, rehearsal=rehearsal)
        for model, rehearsal in ((first, office.claude.rehearses), *others)
    ]


def beside(tx: Tx, office: Office, goal: Goal) -> Measured | None:
    """
    What is known of who reviewed for *goal* last, to be shown beside its verdicts; None where nobody did, or it was rehearsed:
    then nobody judged.
    """
    asked = [call for call in tx.calls.of_goal(goal.id) if call.purpose == "review"]
    if not asked or asked[-1].rehearsal:
        return None
    return measured(tx, office.skills, asked[-1].answered_by, rehearsal=False)


def calibration_document(found: Sequence[Measured], texts: int) -> dict[str, Any]:
    """Of each model what it found; *texts* is how many there are."""
    return {"texts": texts, "models": [_model(one) for one in found]}


def agreement_document(found: Sequence[Agreement], left_out: int) -> dict[str, Any]:
    """Skill by skill how often people said what the reviewer had said; "all" is all of them together."""
    return {
        "skills": [
            {
                "skill": one.skill,
                "answers": one.of,
                "agreed": one.agreed,
                "taken_though_sent_back": one.taken,
                "sent_back_though_approved": one.returned,
                "share": _share(one.share) if one.tells else None,
            }
            for one in found
        ],
        "left_out": left_out,
    }


def _model(one: Measured) -> dict[str, Any]:
    return {
        "model": one.model,
        "role": REVIEWER,
        "rehearsed": one.rehearsal,
        "judged_at": one.at.isoformat() if one.at else None,
        "prompt_changed_since": one.outdated,
        "kinds": {kind.kind: _kind(kind) for kind in one.kinds},
        "planted": _kind(one.planted),
        CLEAN: _kind(one.clean),
        "dimensions": {
            name: {**_share(share), "counts": name not in one.weightless, "measured": share.of >= ENOUGH_PAIRS}
            for name, share in one.dimensions.items()
        },
    }


def _kind(kind: OfKind) -> dict[str, Any]:
    said = KINDS[kind.kind].said if kind.kind in KINDS else None
    return {
        "what": said,
        "texts": kind.of,
        "sent_back": kind.sent_back,
        "by_checks": kind.by_checks,
        **_share(kind.share),
    }


def _share(share: Share) -> dict[str, Any]:
    low, high = share.interval
    return {
        "of": share.of,
        "share": round(share.found / share.of, 4) if share.of else None,
        "interval_95": [round(low, 4), round(high, 4)],
    }
