"""Who does what with which model: a specialist's skill, the Director, the reviewer."""

from director.office import REVIEWER, TIERS, Office
from director.words.errors import NotFound
from skills.loader import Skill


def skill_of(office: Office, name: str) -> Skill:
    """
    The skill, as this process read its folder when it first needed one.

    Raises:
        NotFound: the folder went away, or got a fault, after the plan was made and before that.
    """
    try:
        return office.skills[name]
    except KeyError:
        why = office.catalog.left_out.get(name)
        hint = f"it was left out: {why}" if why else "its folder was there when the plan was made; put it back"
        raise NotFound("skill", name, hint) from None


def model_of(office: Office, name: str) -> str:
    """The model a specialist, the Director or the reviewer works with."""
    tier = TIERS.get(name) or skill_of(office, name).tier
    return office.prices.model_for(tier, office.settings.model)


def reviewing_model(office: Office) -> str:
    """The model the reviewer works with."""
    return model_of(office, REVIEWER)
