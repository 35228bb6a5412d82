"""How often the reviewer and people who answered about the same draft said the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from director.office import REVIEWER
from director.progress.questions import PERSON
from director.store.tx import Tx
from director.tasks.known_error import Share

#: Of fewer answers nothing is told.
ENOUGH_ANSWERS = 10

_APPROVED = "approve"


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of one skill, or of all together."""

    skill: str
    agreed: int
    taken: int  #: versions that the reviewer sent back, and a person took
    returned: int  #: versions that the reviewer approved, and a person did not
    of: int

    @property
    def share(self) -> Share:
        """How often they said the same."""
        return Share(self.agreed, self.of)

    @property
    def tells(self) -> bool:
        """Whether there are enough answers to tell anything."""
        return self.of >= ENOUGH_ANSWERS


def agreement(tx: Tx) -> tuple[list[Agreement], int]:
    """
    Skill by skill, the most answers first, and all together last; and how many answers are left out: about what was rehearsed,
    which nobody judged, and about what the certain checks sent back, which is no judgement.
    """
    answers = tx.calibrations.answered_by_people(REVIEWER, PERSON)
    counted = [one for one in answers if not one.rehearsal and not one.by_checks]
    pairs: dict[str, list[tuple[bool, bool]]] = {}
    for one in counted:
        pairs.setdefault(one.skill, []).append((one.reviewer == _APPROVED, one.person == _APPROVED))
    found = sorted((_of(skill, of) for skill, of in pairs.items()), key=lambda one: (-one.of, one.skill))
    whole = _of("all", [pair for of in pairs.values() for pair in of])
    return [*found, whole] if found else [], len(answers) - len(counted)


def _of(skill: str, pairs: Sequence[tuple[bool, bool]]) -> Agreement:
    return Agreement(
        skill,
        agreed=sum(reviewer is person for reviewer, person in pairs),
        taken=sum(person and not reviewer for reviewer, person in pairs),
        returned=sum(reviewer and not person for reviewer, person in pairs),
        of=len(pairs),
    )
