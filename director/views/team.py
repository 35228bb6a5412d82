"""Each specialist's record: what was approved, how much of it at first try, how it was scored, what it cost."""

from collections import defaultdict
from typing import Any, Final

from director.money.periods import zone_of
from director.office import Office
from director.store import tallies
from director.store.ledger import By, Which
from director.store.tx import Tx
from director.views.titles import skill_title
from director.words.amounts import as_number
from director.words.characters import shortened
from director.words.states import TaskState

#: Characters of what a specialist does.
_LONGEST: Final = 140


def team_document(office: Office, tx: Tx) -> dict[str, Any]:
    """All specialists by squad, also those who have done nothing yet; what was rehearsed stands apart and has no score."""
    approved = tallies.approved(tx, office.brand)
    open_ = tx.tasks.still_open(office.brand, (TaskState.DRAFTING, TaskState.REVIEWING, TaskState.ESCALATED))
    spent = {
        (one.unit, one.rehearsal): one.cost_nano
        for one in tx.ledger.sums(By.SKILL, Which(office.brand), zone_of(office.settings))
    }
    squads: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for skill in office.catalog.roster.skills.values():
        row: dict[str, Any] = {
            "name": skill.name,
            "title": skill_title(skill.name),
            "does": shortened(skill.description.partition(". ")[0].partition(": ")[0].rstrip("."), _LONGEST),
            "at_work": open_.get(skill.name, 0),
        }
        for rehearsal, kind in ((False, "paid"), (True, "rehearsed")):
            one = approved.get((skill.name, rehearsal))
            row[kind] = {
                "approved": one.count if one else 0,
                "at_first": one.at_first / one.count if one and one.count else None,
                "score": one.mean_score if one and not rehearsal else None,
                "cost_usd": as_number(spent.get((skill.name, rehearsal), 0)),
            }
        squads[skill.squad].append(row)
    return {"squads": dict(squads)}
